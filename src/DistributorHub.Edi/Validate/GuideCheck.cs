using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>
/// Checks one message after the other against a partner's guide, behind the check against the definition. It follows the groups that are open
/// as the cursor does; one cause gives one finding, be it the definition's or the guide's.
/// </summary>
sealed class GuideCheck
{
    readonly Guide guide;
    readonly StructureCursor cursor;
    readonly StructureTable table;
    readonly Findings findings;
    readonly GuideWriter writer;
    readonly int[] counts;
    readonly bool[][] seen;
    readonly List<Finding>?[] held;
    readonly int[] extensionCounts;
    readonly HashSet<(object Rule, string Value)> told = [];
    readonly OpenGroup[] open = new OpenGroup[Limits.GroupDepthMax + 1];
    int depth;

    public GuideCheck(Guide guide, StructureCursor cursor, FindingWriter words, Findings findings)
    {
        (this.guide, this.cursor, this.findings) = (guide, cursor, findings);
        table = guide.Definition.Structure;
        writer = new GuideWriter(guide, words);
        counts = new int[guide.Enforced.Length];
        seen = [.. guide.Enforced.Select(rule => new bool[rule.When.Count])];
        held = [.. guide.Enforced.Select(rule => rule.When.Count > 0 ? new List<Finding>() : null)];
        extensionCounts = new int[guide.Extensions.Count];
    }

    public void Start()
    {
        told.Clear();
        depth = 0;
        Open(0);
    }

    /// <summary>
    /// Takes a segment that has a place. Of <paramref name="faults"/>, which the definition's check found in it, those are removed that the
    /// guide has more to say about.
    /// </summary>
    public void Accept(EdiReader reader, int node, SegmentRules rules, List<ValueFinding> faults)
    {
        // What came out of its order is counted where it belongs and moves nothing.
        if (cursor.Place == node)
            Move(reader, node);
        var segment = reader.Segment;
        foreach (var (rule, condition) in guide.Watched[node] ?? [])
            seen[rule][condition] |= IsMet(segment, guide.Enforced[rule].When[condition]);
        foreach (var index in guide.Here[node] ?? [])
        {
            var rule = guide.Enforced[index];
            if (IsRuledOut(index) || !Passes(segment, rule.Where))
                continue;
            if (rule.Kind != GuideRuleKind.Times)
                Values(reader, node, index, rules, faults);
            else if (++counts[index] == rule.Max + 1L)
                Report(index, writer.TooOften(reader, node, rule));
        }
    }

    /// <summary>
    /// True when a segment the definition does not have is one the guide takes here; then there is nothing more to say about it. One too many
    /// is a finding, and so is, as information, the first one.
    /// </summary>
    public bool TakesUnknown(EdiReader reader)
    {
        var tag = Encoding.UTF8.GetString(reader.Segment.Tag);
        for (var i = 0; i < guide.Extensions.Count; i++)
        {
            var extension = guide.Extensions[i];
            var (place, end) = (cursor.Place, guide.Definition.Nodes[extension.Group].End);
            if (extension.Tag != tag || place < extension.After || place < extension.Group || place >= end)
                continue;
            if (++extensionCounts[i] == extension.Max + 1L)
                findings.Add(writer.ExtensionTooOften(reader, extension));
            else if (told.Add((extension, "")))
                findings.Add(writer.Extension(reader, extension));
            return true;
        }
        return false;
    }

    /// <summary>Ends the message: what is still open is complete.</summary>
    public void End(EdiReader reader)
    {
        while (depth > 0)
            Close(reader);
    }

    void Move(EdiReader reader, int node)
    {
        var group = guide.Definition.Nodes[node].Parent;
        var begins = table.Opens[node] >= 0;
        while (open[depth - 1].Group is > 0 and var inner && (node >= table.Ends[inner] || node <= inner))
            Close(reader);
        if (begins && open[depth - 1].Group == group)
            Close(reader);
        for (var level = 0; level < depth; level++)
            Count(reader, level, node);
        if (open[depth - 1].Group != group)
            OpenChain(group);
    }

    /// <summary>Tells what came too rarely in an open group, of what has its place before a node.</summary>
    void Count(EdiReader reader, int level, int node)
    {
        ref var group = ref open[level];
        var rules = guide.Counted[group.Group] ?? [];
        for (; group.Told < rules.Length && table.Ends[guide.Enforced[rules[group.Told]].Node] <= node; group.Told++)
            if (rules[group.Told] is var index && counts[index] < guide.Enforced[index].Min && !IsRuledOut(index))
                Report(index, writer.Missing(reader, Path(level), guide.Enforced[index], counts[index]));
    }

    /// <summary>Opens a group and those around it that are not open: the first of them may have been taken as begun.</summary>
    void OpenChain(int group)
    {
        var around = guide.Definition.Nodes[group].Parent;
        if (around != open[depth - 1].Group)
            OpenChain(around);
        Open(group);
    }

    void Open(int group)
    {
        open[depth++] = new() { Group = group, Ordinal = cursor.Count(group) };
        foreach (var rule in guide.Counted[group] ?? [])
            counts[rule] = 0;
        foreach (var rule in guide.Decided[group] ?? [])
        {
            Array.Clear(seen[rule]);
            held[rule]!.Clear();
        }
        for (var i = 0; i < extensionCounts.Length; i++)
            if (guide.Extensions[i].Group == group)
                extensionCounts[i] = 0;
    }

    void Close(EdiReader reader)
    {
        var group = open[depth - 1].Group;
        Count(reader, depth - 1, table.Ends[group]);
        foreach (var index in guide.Decided[group] ?? [])
            if (held[index] is { Count: > 0 } waiting && Holds(index))
                waiting.ForEach(findings.Add);
        depth--;
    }

    /// <summary>True when something is there already that the rule's condition wants absent: whatever comes, it will not hold.</summary>
    bool IsRuledOut(int index)
    {
        for (var i = 0; i < seen[index].Length; i++)
            if (seen[index][i] && !guide.Enforced[index].When[i].Exists)
                return true;
        return false;
    }

    bool Holds(int index)
    {
        var conditions = guide.Enforced[index].When;
        for (var i = 0; i < conditions.Count; i++)
            if (seen[index][i] != conditions[i].Exists)
                return false;
        return true;
    }

    /// <summary>Path of an open group, which the cursor may have left by now.</summary>
    string Path(int level)
    {
        var path = new StringBuilder(guide.Definition.Type);
        for (var i = 1; i <= level; i++)
        {
            var node = guide.Definition.Nodes[open[i].Group];
            path.Append('/').Append(node.Tag);
            if (node.Max > 1)
                path.Append('[').Append(open[i].Ordinal).Append(']');
        }
        return path.ToString();
    }

    void Report(int index, Finding finding)
    {
        if (held[index] is not { } waiting)
            findings.Add(finding);
        else if (waiting.Count < Limits.GuideFindingsHeldMax)
            waiting.Add(finding);
    }

    void Values(EdiReader reader, int node, int index, SegmentRules rules, List<ValueFinding> faults)
    {
        var rule = guide.Enforced[index];
        var segment = reader.Segment;
        var filled = false;
        foreach (var value in new SegmentValues(segment))
        {
            if (!IsOf(segment, value, rule.Element!))
                continue;
            // A simple element has no components; the walk over the segment cannot know. What a composite does not have is told already.
            var components = rules.Elements[value.Element - 1].Components.Length;
            var at = components > 0 ? value : value with { Component = 0 };
            if (at.Component > components)
                continue;
            filled = true;
            var text = segment.Text.Slice(value.Start, value.Length);
            if (IsRight(text, rule))
                continue;
            if (rule.When.Count == 0)
                Supersede(faults, at);
            if (rule is not { Kind: GuideRuleKind.Codes, When.Count: 0 } || IsNew(rule, text))
                Report(index, writer.Value(reader, node, rules, rule, at));
        }
        if (filled || rule.Kind != GuideRuleKind.Filled)
            return;
        var first = rule.Element!.Slots[0].Value;
        if (!IsToldMissing(faults, first))
            Report(index, writer.Value(reader, node, rules, rule, new(first.Element, first.Component, 1, segment.Text.Length, 0)));
    }

    /// <summary>Removes what the definition says of a value that the guide has more to say about.</summary>
    static void Supersede(List<ValueFinding> faults, SegmentValue at) => faults.RemoveAll(fault =>
        fault.Fault is ValueFault.CodeUnknown or ValueFault.TooLong or ValueFault.TooShort
        && (fault.Element, fault.Component, fault.Repetition) == (at.Element, at.Component, at.Repetition));

    /// <summary>True when the definition's check has said that the value is missing.</summary>
    static bool IsToldMissing(List<ValueFinding> faults, ElementAddress at) => faults.Exists(fault =>
        fault.Fault is ValueFault.ElementMissing or ValueFault.ComponentMissing && fault.Element == at.Element && (fault.Component == 0 || fault.Component == at.Component));

    /// <summary>A code that is not taken is so on every line: one cause is one finding.</summary>
    bool IsNew(GuideRule rule, ReadOnlySpan<byte> value) =>
        told.Count < Limits.UnknownCodesMax && told.Add((rule, Encoding.UTF8.GetString(value)));

    static bool IsRight(ReadOnlySpan<byte> value, GuideRule rule)
    {
        switch (rule.Kind)
        {
            case GuideRuleKind.Codes:
                return rule.Codes!.Contains(value);
            case GuideRuleKind.Length:
                var length = Length(value, rule);
                return length >= rule.Min && length <= rule.Max;
            default:
                return rule.Kind != GuideRuleKind.Empty;
        }
    }

    internal static int Length(ReadOnlySpan<byte> value, GuideRule rule)
    {
        if (!rule.Numeric)
            return Encoding.UTF8.GetCharCount(value);
        var digits = 0;
        foreach (var sign in value)
            if (sign is >= (byte)'0' and <= (byte)'9')
                digits++;
        return digits;
    }

    static bool IsMet(Segment segment, GuideCondition condition)
    {
        if (!Passes(segment, condition.Where))
            return false;
        if (condition.Element is not { } element)
            return true;
        foreach (var value in new SegmentValues(segment))
            if (IsOf(segment, value, element))
                return true;
        return false;
    }

    static bool Passes(Segment segment, IReadOnlyList<GuideTest> tests)
    {
        // By index here and below: the enumerator of an interface costs an allocation.
        for (var i = 0; i < tests.Count; i++)
            if (!Passes(segment, tests[i]))
                return false;
        return true;
    }

    static bool Passes(Segment segment, GuideTest test)
    {
        for (var i = 0; i < test.Slots.Count; i++)
            if (test.Codes.Contains(segment.Value(test.Slots[i].Value.Element, Math.Max(test.Slots[i].Value.Component, 1))))
                return true;
        return false;
    }

    static bool IsOf(Segment segment, in SegmentValue value, GuideElement element)
    {
        for (var i = 0; i < element.Slots.Count; i++)
        {
            var (at, qualifier) = element.Slots[i];
            if (at.Element == value.Element && (at.Component == 0 || at.Component == value.Component)
                && (qualifier is not { } q || element.Qualifiers is null
                    || element.Qualifiers.Contains(segment.Value(q.Element, Math.Max(q.Component, 1), q.Element == at.Element ? value.Repetition : 1))))
                return true;
        }
        return false;
    }
}

/// <summary>An instance of a group that is open.</summary>
struct OpenGroup
{
    public int Group;
    public int Ordinal;

    /// <summary>How many of the rules that count in it were looked at, since what they count can come no more.</summary>
    public int Told;
}
