using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Validate;

/// <summary>What a rule of a guide looks at.</summary>
public enum GuideRuleKind
{
    /// <summary>How often a segment or group stands in the group around it; at most 0 = it is not used.</summary>
    Times,

    /// <summary>An element that has to be filled.</summary>
    Filled,

    /// <summary>An element that is not used.</summary>
    Empty,

    /// <summary>The codes an element takes.</summary>
    Codes,

    /// <summary>How long a value is, in characters; of a number, in digits.</summary>
    Length,
}

/// <summary>Codes as they are written in a guide, and as a table.</summary>
public sealed class GuideCodes(IReadOnlyList<string> values)
{
    readonly CodeSet set = new(values);

    /// <summary>The codes, as written.</summary>
    public IReadOnlyList<string> Values { get; } = values;

    /// <summary>True when the UTF-8 value is one of them; blanks at its end are no part of it.</summary>
    public bool Contains(ReadOnlySpan<byte> value) => set.Contains(value.TrimEnd((byte)' '));
}

/// <summary>Where a value stands; component 0 of a composite is any of its components.</summary>
/// <param name="Value">The value.</param>
/// <param name="Qualifier">Where the qualifier of the value stands (PIA C212 7143, X12 PO1 06); null when it has none.</param>
public readonly record struct GuideSlot(ElementAddress Value, ElementAddress? Qualifier = null);

/// <summary>The values of a segment that a rule is about: at one of these places and, where they have qualifiers, with one of these codes.</summary>
public sealed record GuideElement(IReadOnlyList<GuideSlot> Slots, GuideCodes? Qualifiers = null);

/// <summary>What a segment must hold for a rule to be about it: one of the codes at one of the places.</summary>
public sealed record GuideTest(IReadOnlyList<GuideSlot> Slots, GuideCodes Codes);

/// <summary>A condition of a rule: a segment, or a value in it, is there or is not.</summary>
/// <param name="Exists">False for <c>not exists</c>.</param>
/// <param name="Node">The segment's node.</param>
/// <param name="Where">What the segment must hold to count.</param>
/// <param name="Element">The value, or null when the segment is enough.</param>
public sealed record GuideCondition(bool Exists, int Node, IReadOnlyList<GuideTest> Where, GuideElement? Element);

/// <summary>Where a rule is written.</summary>
/// <param name="Guide">Id of the guide.</param>
/// <param name="File">Its file, as people find it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct GuideSource(string Guide, string File, int Line, int Column)
{
    /// <summary>File and line.</summary>
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>One rule of a guide. It only narrows: what it allows, the definition allows too.</summary>
public sealed record GuideRule
{
    /// <summary>What it looks at.</summary>
    public required GuideRuleKind Kind { get; init; }

    /// <summary>Id of the segment or group in <see cref="MessageDefinition.Nodes"/>. Of a group, elements are those of its first segment.</summary>
    public required int Node { get; init; }

    /// <summary>The rule is about segments (groups, by their first segment) that pass all of these.</summary>
    public IReadOnlyList<GuideTest> Where { get; init; } = [];

    /// <summary>The values it is about; null for <see cref="GuideRuleKind.Times"/>.</summary>
    public GuideElement? Element { get; init; }

    /// <summary>Fewest times, or characters.</summary>
    public int Min { get; init; }

    /// <summary>Most times, or characters.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>The codes taken, with <see cref="GuideRuleKind.Codes"/>.</summary>
    public GuideCodes? Codes { get; init; }

    /// <summary>True when the value is a number, whose length is that of its digits.</summary>
    public bool Numeric { get; init; }

    /// <summary>How bad it is when the rule does not hold; null = off, it is only written down.</summary>
    public required Severity? Severity { get; init; }

    /// <summary>The rule holds where all of these are true; empty = always.</summary>
    public IReadOnlyList<GuideCondition> When { get; init; } = [];

    /// <summary>The conditions as written, or null.</summary>
    public string? WhenText { get; init; }

    /// <summary>What it is about, as written: <c>LIN/QTY.C186.6411</c>, <c>NAD[BY]</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is written.</summary>
    public required GuideSource Source { get; init; }
}

/// <summary>A segment the message's definition does not have, and that is taken all the same. Nothing reads it.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Group">Group it stands in; 0 = the message.</param>
/// <param name="After">Node it follows, with others in between or not; 0 = anywhere in the group.</param>
/// <param name="Max">Most of them in one instance of the group.</param>
/// <param name="Source">Where it is written.</param>
public sealed record GuideExtension(string Tag, int Group, int After, int Max, GuideSource Source);

/// <summary>
/// What a partner really sends or may send: a message definition made narrower. Immutable, shared by all threads.
/// Its rules are those of the guides it extends and its own, the narrowest of each kind.
/// </summary>
public sealed class Guide
{
    /// <param name="id">Name of the guide, such as <c>guides/nordlicht-orders</c>.</param>
    /// <param name="definition">What it narrows.</param>
    /// <param name="rules">Its rules; later ones have been checked to be narrower than earlier ones.</param>
    /// <param name="extensions">Segments it takes beyond the definition.</param>
    public Guide(string id, MessageDefinition definition, IReadOnlyList<GuideRule> rules, IReadOnlyList<GuideExtension> extensions)
    {
        (Id, Definition, Rules, Extensions) = (id, definition, rules, extensions);
        Enforced = [.. rules.Where(r => r.Severity is not null)];
        var count = definition.Nodes.Count;
        (Here, Counted, Decided, Watched) = (new int[count][], new int[count][], new int[count][], new (int, int)[count][]);
        for (var i = 0; i < Enforced.Length; i++)
        {
            var rule = Enforced[i];
            Append(Here, SegmentOf(rule.Node), i);
            if (rule.Kind == GuideRuleKind.Times)
                Append(Counted, definition.Nodes[rule.Node].Parent, i);
            if (rule.When.Count > 0)
                Append(Decided, ScopeOf(rule), i);
            for (var c = 0; c < rule.When.Count; c++)
                Append(Watched, SegmentOf(rule.When[c].Node), (i, c));
        }
        // In the order in which segments pass them.
        foreach (var counted in Counted)
            Array.Sort(counted ?? [], (a, b) => (Enforced[a].Node, a).CompareTo((Enforced[b].Node, b)));
    }

    /// <summary>Name of the guide.</summary>
    public string Id { get; }

    /// <summary>What it narrows.</summary>
    public MessageDefinition Definition { get; }

    /// <summary>Its rules, those that are off among them.</summary>
    public IReadOnlyList<GuideRule> Rules { get; }

    /// <summary>Segments it takes beyond the definition.</summary>
    public IReadOnlyList<GuideExtension> Extensions { get; }

    /// <summary>The rules that are not off.</summary>
    internal GuideRule[] Enforced { get; }

    /// <summary>By segment: rules that look at it; null for none, as in the others.</summary>
    internal int[]?[] Here { get; }

    /// <summary>By group: rules that count something in an instance of it.</summary>
    internal int[]?[] Counted { get; }

    /// <summary>By group: rules whose conditions are known at the end of an instance of it.</summary>
    internal int[]?[] Decided { get; }

    /// <summary>By segment: conditions it may make true, as rule and index in <see cref="GuideRule.When"/>.</summary>
    internal (int Rule, int Condition)[]?[] Watched { get; }

    /// <summary>A group is seen by its first segment.</summary>
    int SegmentOf(int node) => Definition.Nodes[node].IsGroup ? node + 1 : node;

    /// <summary>The innermost group that holds what the rule is about and all its conditions.</summary>
    int ScopeOf(GuideRule rule)
    {
        var nodes = Definition.Nodes;
        var scope = nodes[rule.Node].Parent;
        // An element of a group's first segment, and what depends on the group's other segments, is one instance's own affair.
        if (nodes[rule.Node].IsGroup && rule.Kind != GuideRuleKind.Times)
            scope = rule.Node;
        foreach (var condition in rule.When)
            while (scope > 0 && !(condition.Node >= scope && condition.Node < nodes[scope].End))
                scope = nodes[scope].Parent;
        return scope;
    }

    static void Append<T>(T[]?[] lists, int at, T item) => lists[at] = [.. lists[at] ?? [], item];
}
