using System.Collections.Frozen;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// A fault of form that the reader or the check of messages mends, so that a file with it can be read. The list is closed; what is lost, skipped or
/// has two meanings is no fix-up. How bad each is, a <see cref="Leniency"/> says.
/// </summary>
public sealed class FixUp
{
    static readonly List<FixUp> all = [];

    /// <summary>Bytes before, between and after interchanges are skipped.</summary>
    public static FixUp ForeignBytes { get; } = new("foreign_bytes", Severity.Warning, ("33", "TA105:022"), Edi.Codes.BytesSkipped);

    /// <summary>A byte order mark overrules the declared character set.</summary>
    public static FixUp ByteOrderMark { get; } = new("byte_order_mark", Severity.Warning, default, Edi.Codes.ByteOrderMark);

    /// <summary>Line breaks are taken as terminators without a UNA that says so.</summary>
    public static FixUp LineEndTerminators { get; } = new("line_end_terminators", Severity.Warning, default, Edi.Codes.TerminatorGuessed);

    /// <summary>ISA is read by its separators where its elements are short.</summary>
    public static FixUp ShortIsa { get; } = new("short_isa", Severity.Warning, default, Edi.Codes.InterchangeHeaderLayout);

    /// <summary>ISA is read by its separators where an element is too long.</summary>
    public static FixUp LongIsa { get; } = new("long_isa", Severity.Warning, default, Edi.Codes.InterchangeHeaderTooLong);

    /// <summary>Blanks before the terminator of ISA are skipped.</summary>
    public static FixUp BlankBeforeTerminator { get; } = new("blank_before_terminator", Severity.Warning, default, Edi.Codes.BlankBeforeTerminator);

    /// <summary>A repetition separator that cannot be one is not used.</summary>
    public static FixUp RepetitionSeparator { get; } = new("repetition_separator", Severity.Warning, (null, "TA105:016"), Edi.Codes.RepetitionUnusable);

    /// <summary>The missing terminator of the last segment is taken as there.</summary>
    public static FixUp LastTerminator { get; } = new("last_terminator", Severity.Warning, ("13", "TA105:023"), Edi.Codes.LastTerminatorMissing);

    /// <summary>Segment tags in lower case are read in upper case.</summary>
    public static FixUp LowerCaseTags { get; } = new("lower_case_tags", Severity.Warning, default, Edi.Codes.TagLowerCase);

    /// <summary>Terminators with nothing before them are skipped.</summary>
    public static FixUp EmptySegments { get; } = new("empty_segments", Severity.Warning, ("22", "AK304:1"), Edi.Codes.SegmentEmpty);

    /// <summary>Line breaks inside segments are removed.</summary>
    public static FixUp LineBreaks { get; } = new("line_breaks", Severity.Warning, (null, "AK304:8"), Edi.Codes.LineBreakInSegment);

    /// <summary>Release characters that protect nothing are removed.</summary>
    public static FixUp NeedlessRelease { get; } = new("needless_release", Severity.Warning, (null, "AK304:8"), Edi.Codes.ReleaseNeedless);

    /// <summary>Separators at the end of a segment are ignored.</summary>
    public static FixUp TrailingSeparators { get; } = new("trailing_separators", Severity.Warning, (null, "AK304:8"), Edi.Codes.TrailingSeparator);

    /// <summary>Control characters between segments are skipped.</summary>
    public static FixUp ControlsBetween { get; } = new("controls_between", Severity.Warning, ("21", "AK304:8"), Edi.Codes.BlankBeforeTag);

    /// <summary>Control characters in data are kept.</summary>
    public static FixUp ControlsInData { get; } = new("controls_in_data", Severity.Warning, default, Edi.Codes.ControlCharacter);

    /// <summary>Characters outside the declared set or level are kept, and above ASCII read as UTF-8 or ISO 8859-1.</summary>
    public static FixUp UndeclaredCharacters { get; } = new("undeclared_characters", Severity.Warning, default, Edi.Codes.CharacterOutsideSet);

    /// <summary>Bytes that are no character are replaced by U+FFFD.</summary>
    public static FixUp BrokenCharacters { get; } = new("broken_characters", Severity.Error, default, Edi.Codes.CharacterInvalid);

    /// <summary>A character set that is not known, or seems not to be that of the text.</summary>
    public static FixUp CharsetLabel { get; } = new("charset_label", Severity.Warning, ("46", "AK403:6"), Edi.Codes.LooksLikeUtf8, Edi.Codes.CharsetUnknown);

    /// <summary>Trailers that did not come are taken as there, but never that of a message in which the file ends.</summary>
    public static FixUp MissingTrailers { get; } = new(
        "missing_trailers", Severity.Error, default, Edi.Codes.InterchangeTrailerMissing, Edi.Codes.GroupTrailerMissing, Edi.Codes.MessageTrailerMissing, Edi.Codes.FileEndsEarly);

    /// <summary>What came counts, and not what trailers say.</summary>
    public static FixUp WrongCounts { get; } = new(
        "wrong_counts", Severity.Error, default, Edi.Codes.InterchangeCount, Edi.Codes.GroupCount, Edi.Codes.MessageCount);

    /// <summary>The references of headers hold, and not those of trailers. That of IEA is a warning without a setting.</summary>
    public static FixUp WrongReferences { get; } = new(
        "wrong_references", Severity.Error, default, Edi.Codes.InterchangeReference, Edi.Codes.GroupReference, Edi.Codes.MessageReference);

    /// <summary>A control number with other leading zeros than in the header is the same number.</summary>
    public static FixUp ControlNumberZeros { get; } = new("control_number_zeros", Severity.Warning, default, Edi.Codes.ReferencePadding);

    /// <summary>Groups and messages with a reference that one before them has are told apart by their order.</summary>
    public static FixUp RepeatedReferences { get; } = new("repeated_references", Severity.Error, default, Edi.Codes.GroupDuplicate, Edi.Codes.MessageDuplicate);

    /// <summary>The group around a detail group counts as begun (PRICAT lines without PGI).</summary>
    public static FixUp ImpliedGroup { get; } = new("implied_group", Severity.Warning, default, Edi.Codes.GroupImplied);

    /// <summary>A missing UNS counts as there, where no segment could belong to either side of it.</summary>
    public static FixUp MissingUns { get; } = new("missing_uns", Severity.Warning, default, Edi.Codes.SectionControlMissing);

    static readonly FrozenDictionary<string, FixUp> byCode = all.SelectMany(fixUp => fixUp.Codes.Select(code => (code, fixUp)))
        .ToFrozenDictionary(pair => pair.code, pair => pair.fixUp, StringComparer.Ordinal);

    readonly (string? Edifact, string? X12) acknowledgement;

    FixUp(string name, Severity severity, (string? Edifact, string? X12) acknowledgement, params IReadOnlyList<string> codes)
    {
        (Name, Severity, this.acknowledgement, Codes) = (name, severity, acknowledgement, codes);
        Index = all.Count;
        all.Add(this);
    }

    /// <summary>Every fix-up there is.</summary>
    public static IReadOnlyList<FixUp> All => all;

    /// <summary>As settings name it, such as <c>line_breaks</c>.</summary>
    public string Name { get; }

    /// <summary>How bad it is without a setting.</summary>
    public Severity Severity { get; }

    /// <summary>The findings that tell of it.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal int Index { get; }

    /// <summary>The fix-up a finding tells of, or null.</summary>
    internal static FixUp? Of(string code) => byCode.GetValueOrDefault(code);

    /// <summary>What an acknowledgement says of a refused one whose finding has no code as long as it is a warning.</summary>
    internal string? Acknowledgement(Standard standard) => standard == Standard.X12 ? acknowledgement.X12 : acknowledgement.Edifact;
}
