namespace DistributorHub.Edi.Definitions;

/// <summary>The type of a data element's value.</summary>
public enum ElementType
{
    /// <summary>EDIFACT a, an; X12 AN.</summary>
    Text,

    /// <summary>X12 ID: a coded value. EDIFACT codes are <see cref="Text"/> with a code list.</summary>
    Code,

    /// <summary>EDIFACT n; X12 R: decimal with an explicit mark.</summary>
    Decimal,

    /// <summary>X12 N0..N9: whole digits with <see cref="ElementDefinition.ImpliedDecimals"/>.</summary>
    Implied,

    /// <summary>X12 DT: CCYYMMDD or YYMMDD.</summary>
    Date,

    /// <summary>X12 TM: HHMM, HHMMSS or with decimals.</summary>
    Time,

    /// <summary>X12 B: bytes, never decoded.</summary>
    Binary,

    /// <summary>A composite: see <see cref="ElementDefinition.Components"/>.</summary>
    Composite,
}

/// <summary>A data element of a segment, or a component of a composite.</summary>
public sealed class ElementDefinition
{
    /// <summary>EDIFACT: four-digit id (<c>1004</c>) or composite id (<c>C507</c>, <c>S009</c>). X12: element id (<c>324</c>) or composite id (<c>C001</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Position in its segment or composite, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>What its value is.</summary>
    public required ElementType Type { get; init; }

    /// <summary>True when the segment or composite around it cannot do without.</summary>
    public bool Mandatory { get; init; }

    /// <summary>Shortest value in characters; 0 = no bound.</summary>
    public int Min { get; init; }

    /// <summary>Longest value in characters; <see cref="int.MaxValue"/> = no bound.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>EDIFACT a: letters only (no digits).</summary>
    public bool AlphabeticOnly { get; init; }

    /// <summary>Decimals of <see cref="ElementType.Implied"/>.</summary>
    public int ImpliedDecimals { get; init; }

    /// <summary>
    /// Most occurrences. EDIFACT before syntax 4 writes them as that many elements in a row (PIA C212 five times): each has its own position;
    /// X12 and syntax 4 use the repetition separator.
    /// </summary>
    public int Repeats { get; init; } = 1;

    /// <summary>How a date is written where the standard does not say it, such as <c>dd.MM.yyyy</c>; otherwise null.</summary>
    public string? Pattern { get; init; }

    /// <summary>Components of a composite, in order; empty otherwise.</summary>
    public IReadOnlyList<ElementDefinition> Components { get; init; } = [];
}

/// <summary>Address of a value inside a segment: element position and, in a composite, component position (0 = the element itself).</summary>
public readonly record struct ElementAddress(int Element, int Component = 0);

/// <summary>A virtual composite over qualifier/value pairs by position, such as X12 PO1 06/07 … 24/25 or PER 03/04 … 07/08.</summary>
/// <param name="Name">Name in paths: <c>ID</c>, <c>COM</c>, <c>LOC</c>.</param>
/// <param name="First">Position of the first qualifier.</param>
/// <param name="Last">Position of the last value.</param>
public sealed record PairDefinition(string Name, int First, int Last);

/// <summary>A composite whose occurrences are told apart by a component: PIA C212 by 7143 with value 7140.</summary>
/// <param name="Composite">Composite id.</param>
/// <param name="Qualifier">Component position of the qualifier.</param>
/// <param name="Value">Component position of the value.</param>
public sealed record CompositeQualifier(string Composite, int Qualifier, int Value);

/// <summary>The three components of a date/time/period: where the value stands and where its format code (2379, X12 1250) does.</summary>
public sealed record MomentDefinition(ElementAddress Value, ElementAddress Format);

/// <summary>A tree written with segment ids: X12 HL, EDIFACT CPS.</summary>
public sealed record TreeDefinition(int Id, int Parent, int Level);

/// <summary>One segment of a directory: its elements, and which of them qualifies it and which is its value.</summary>
public sealed class SegmentDefinition
{
    /// <summary>Tag, such as <c>LIN</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>Elements in order of position; an EDIFACT element that repeats takes one entry per position.</summary>
    public required IReadOnlyList<ElementDefinition> Elements { get; init; }

    /// <summary>Where the qualifier of <c>SEG[q]</c> stands; null when the segment has none.</summary>
    public ElementAddress? Qualifier { get; init; }

    /// <summary>Where the value of a bare <c>SEG</c> or <c>SEG[q]</c> stands; null when it has none or is a <see cref="Moment"/>.</summary>
    public ElementAddress? Value { get; init; }

    /// <summary>Set when the segment's value is a moment (DTM).</summary>
    public MomentDefinition? Moment { get; init; }

    /// <summary>Composites that stand several times and are told apart by a component.</summary>
    public IReadOnlyList<CompositeQualifier> CompositeQualifiers { get; init; } = [];

    /// <summary>Pairs of qualifier and value by position.</summary>
    public IReadOnlyList<PairDefinition> Pairs { get; init; } = [];

    /// <summary>Set when the segment opens a level of a tree (HL, CPS).</summary>
    public TreeDefinition? Tree { get; init; }

    /// <summary>Which elements depend on each other (X12).</summary>
    public IReadOnlyList<ConditionDefinition> Conditions { get; init; } = [];

    /// <summary>The element or component at a place of the segment.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ElementDefinition At(ElementAddress address)
    {
        var element = Elements.First(e => e.Position == address.Element);
        return address.Component == 0 ? element : element.Components.First(c => c.Position == address.Component);
    }
}

/// <summary>How the elements of a <see cref="ConditionDefinition"/> depend on each other; the letters are those of the standard.</summary>
public enum ConditionKind
{
    /// <summary>P: if one is there, all are.</summary>
    Paired,

    /// <summary>R: at least one is there.</summary>
    Required,

    /// <summary>E: at most one is there.</summary>
    Exclusive,

    /// <summary>C: if the first is there, all others are.</summary>
    Conditional,

    /// <summary>L: if the first is there, at least one of the others is.</summary>
    ListConditional,
}

/// <summary>A dependency between elements of a segment, such as X12's <c>P0304</c>.</summary>
/// <param name="Kind">How they depend.</param>
/// <param name="Elements">Positions of the elements, in the order of the condition.</param>
/// <param name="Text">As the standard writes it: <c>P0304</c>.</param>
public sealed record ConditionDefinition(ConditionKind Kind, IReadOnlyList<int> Elements, string Text);

/// <summary>The segments of one directory, by tag, and the code lists of their elements.</summary>
public sealed class SegmentDictionary
{
    readonly Dictionary<string, Lazy<SegmentDefinition>> segments;
    readonly Lazy<IReadOnlyDictionary<string, SegmentDefinition>> all;

    internal SegmentDictionary(Dictionary<string, Lazy<SegmentDefinition>> segments, CodeLists codes)
    {
        (this.segments, Codes) = (segments, codes);
        all = new(() => segments.ToDictionary(s => s.Key, s => s.Value.Value, StringComparer.Ordinal));
    }

    /// <summary>A dictionary of these segments, without code lists: of what is no EDI, but is read as segments too.</summary>
    public static SegmentDictionary Of(IEnumerable<SegmentDefinition> segments) =>
        new(segments.ToDictionary(s => s.Tag, s => new Lazy<SegmentDefinition>(s), StringComparer.Ordinal), CodeLists.None);

    /// <summary>Code lists of the directory's elements.</summary>
    public CodeLists Codes { get; }

    /// <summary>Every segment by its tag.</summary>
    /// <exception cref="DefinitionTextException">The text of a segment is wrong.</exception>
    public IReadOnlyDictionary<string, SegmentDefinition> All => all.Value;

    /// <summary>The segment, or null when the directory has none of this tag.</summary>
    /// <exception cref="DefinitionTextException">The text of the segment is wrong.</exception>
    public SegmentDefinition? Find(string tag) => segments.GetValueOrDefault(tag)?.Value;

    /// <summary>True when the directory has the segment; it is not read.</summary>
    public bool Has(string tag) => segments.ContainsKey(tag);
}
