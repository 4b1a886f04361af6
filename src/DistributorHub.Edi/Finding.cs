namespace DistributorHub.Edi;

/// <summary>How bad a finding is. <see cref="Error"/> rejects the message it stands in; <see cref="Fatal"/> ends the reading of the file.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Information,
    /// <summary>Wrong, but the meaning is clear; the message is accepted.</summary>
    Warning,
    /// <summary>The message it stands in is rejected.</summary>
    Error,
    /// <summary>The reading of the file ends here.</summary>
    Fatal,
}

/// <summary>Where in a file something is. Ordinals count from 1; 0 means "not inside one".</summary>
/// <param name="Offset">Byte offset in the file as received, from 0. <see cref="Excerpts"/> finds line and column of it.</param>
/// <param name="Interchange">Ordinal of the interchange in the file.</param>
/// <param name="Group">Ordinal of the functional group in the interchange.</param>
/// <param name="Message">Ordinal of the message in the file.</param>
/// <param name="Segment">Ordinal of the segment in its message, UNH or ST being 1; 0 outside messages.</param>
/// <param name="Element">Position of the data element in its segment, the first after the tag being 1.</param>
/// <param name="Component">Position of the component in its composite.</param>
/// <param name="Repetition">Ordinal of the repetition of the element.</param>
public readonly record struct Position(
    long Offset, int Interchange = 0, int Group = 0, int Message = 0, int Segment = 0,
    int Element = 0, int Component = 0, int Repetition = 0);

/// <summary>
/// One fault of a partner's file, as data: what, where, found, expected and what to do.
/// The codes and their meaning are listed in the README of this folder.
/// </summary>
public sealed record Finding
{
    /// <summary>Stable code, for example <c>ENV2004</c>; see <see cref="Codes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>What stands in place of a value that few may see.</summary>
    public const string Masked = "***";

    /// <summary>True for what rejects the message it stands in.</summary>
    internal bool IsError => Severity >= Severity.Error;

    /// <summary>The beginning of a text: at most so many characters, none of them cut in two.</summary>
    internal static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>Where it is.</summary>
    public required Position At { get; init; }

    /// <summary>Tag of the segment the finding is about, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Path in the message structure, for example <c>ORDERS/LIN[12]/QTY/C186.6060</c>, or null.</summary>
    public string? Path { get; init; }

    /// <summary>What stands in the file, shortened to <see cref="Limits.QuotedCharsMax"/> characters, or null.</summary>
    public string? Found { get; init; }

    /// <summary>What should stand there, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>One sentence a clerk understands.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it, or null when the message says enough.</summary>
    public string? Advice { get; init; }

    /// <summary>
    /// Code of the fault in the standard's own acknowledgement, or null:
    /// data element 0085 for EDIFACT; <c>AK304:8</c>, <c>AK403:1</c>, <c>AK502:4</c>, <c>AK905:5</c> or <c>TA105:021</c> for X12.
    /// </summary>
    public string? Acknowledgement { get; init; }
}

/// <summary>Collects findings: keeps the first <see cref="Limits.FindingsPerFileMax"/>, counts all.</summary>
public sealed class Findings
{
    readonly List<Finding> kept = [];

    /// <summary>The findings kept, in the order they were made.</summary>
    public IReadOnlyList<Finding> Kept => kept;

    /// <summary>All findings made, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>All findings of severity <see cref="Severity.Error"/> or worse.</summary>
    public long Errors { get; private set; }

    /// <summary>True once the reading of the file had to stop.</summary>
    public bool Fatal { get; private set; }

    /// <summary>
    /// True once the text turned out to be cut off, or could not be read further: what is missing after that is no fault of its own,
    /// and is not reported.
    /// </summary>
    public bool CutOff { get; private set; }

    /// <summary>Called for every finding, kept or not; lets a caller follow one message's findings.</summary>
    public Action<Finding>? Added { get; set; }

    /// <summary>What becomes of a finding before anybody sees it, or null: values that few may see are masked with <see cref="Finding.Masked"/>.</summary>
    public Func<Finding, Finding>? Masking { get; set; }

    /// <summary>Counts a finding, keeps it if there is room, and hands it to <see cref="Added"/>.</summary>
    public void Add(Finding finding)
    {
        Count++;
        if (finding.IsError)
            Errors++;
        Fatal |= finding.Severity == Severity.Fatal;
        if (Masking is not null)
            finding = Masking(finding);
        CutOff |= Fatal || finding.Code is Codes.SegmentCutOff or Codes.FileEndsEarly;
        if (kept.Count < Limits.FindingsPerFileMax)
            kept.Add(finding);
        Added?.Invoke(finding);
    }
}
