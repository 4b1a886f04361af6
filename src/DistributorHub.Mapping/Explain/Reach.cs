using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Explain;

/// <summary>
/// What one path of a map takes of the segments of a message, one at a time: the segments it may read, and in them the values it reads or tests.
/// What a path asks of a group is asked of the group's first segment; whether a group has or lacks a child is not known yet, and counts as fulfilled.
/// </summary>
sealed class Reach
{
    readonly PredicateTest[] tests;
    readonly ValueSlot[] tested, slots;
    readonly byte[][] qualifiers;
    readonly (int Group, PredicateTest[] Tests)[] groups;
    readonly bool ofPair;

    /// <param name="nodes">Segments it may be of.</param>
    /// <param name="predicates">What is asked of them.</param>
    /// <param name="around">What is asked of the groups around them.</param>
    /// <param name="message">The message.</param>
    /// <param name="path">The path, when values are read.</param>
    public Reach(IReadOnlyList<int> nodes, IEnumerable<Predicate> predicates, IEnumerable<GroupStep> around, MessageDefinition message, BoundPath? path = null)
    {
        Nodes = nodes;
        var own = predicates.OfType<Predicate.Element>().ToList();
        tests = [.. own.Select(p => new PredicateTest(p, message))];
        tested = [.. own.SelectMany(p => p.Slots)];
        slots = [.. path?.Slots ?? []];
        ofPair = path?.OfPair ?? false;
        qualifiers = PredicateTest.Codes(path?.Qualifiers ?? []);
        groups =
        [
            .. from step in around
               let asked = step.Predicates.OfType<Predicate.Element>().Select(p => new PredicateTest(p, message)).ToArray()
               where asked.Length > 0
               from @group in step.Groups
               where nodes.Any(n => n >= @group && n < message.Nodes[@group].End)
               select (@group, asked),
        ];
    }

    /// <summary>Every reach of a path: its own, and those of the conditions on its way.</summary>
    public static IEnumerable<Reach> Of(BoundPath path, IReadOnlyList<GroupStep> around, MessageDefinition message)
    {
        List<GroupStep> steps = [.. around, .. path.OpenGroups, .. path.Groups];
        // Another level than the row's: its conditions are asked of that one, which need not be the last.
        if (path.Level is { } level)
            steps.Add(level);
        yield return new(path.Segments, path.Predicates, steps, message, path);
        foreach (var step in steps)
            yield return OfStep(step, message);
    }

    /// <summary>The conditions on a group, as they read its first segment.</summary>
    public static Reach OfStep(GroupStep step, MessageDefinition message) =>
        new([.. step.Groups.Select(g => message.Nodes[g].IsGroup ? g + 1 : g)], step.Predicates, [], message);

    public IReadOnlyList<int> Nodes { get; }

    /// <summary>True when the segment as a whole is meant.</summary>
    public bool IsSegment => slots.Length == 0;

    /// <summary>True when the segment in the frame is one that the path may read.</summary>
    /// <param name="frame">Holds the segment alone.</param>
    /// <param name="triggers">The last first segment of each group, or null.</param>
    public bool Holds(Frame frame, Frame?[] triggers)
    {
        foreach (var (group, asked) in groups)
            foreach (var test in asked)
                if (triggers[group] is not { Count: > 0 } trigger || !test.Holds(trigger, 0, 1))
                    return false;
        foreach (var test in tests)
            if (!test.Holds(frame, 0, 1))
                return false;
        return true;
    }

    /// <summary>Marks the values of the segment that are read or tested.</summary>
    public void Mark(Frame frame, SegmentDefinition definition, bool[] read)
    {
        foreach (var slot in tested)
            Mark(frame, slot.Value, slot.Repetition, read);
        foreach (var slot in slots)
        {
            // The slots of the row's own pair are those of the first pair; every pair may be a row.
            var pair = ofPair ? definition.Pairs.FirstOrDefault(p => slot.Value.Element - p.First is 0 or 1) : null;
            var last = pair is null ? 0 : pair.Last - pair.First - 1;
            for (var shift = 0; shift <= last; shift += 2)
                MarkSlot(frame, slot, shift, read);
        }
    }

    void MarkSlot(Frame frame, ValueSlot slot, int shift, bool[] read)
    {
        var last = slot.Repetition == 0 ? frame.Repetitions(0, slot.Value.Element) : slot.Repetition;
        for (var repetition = Math.Max(slot.Repetition, 1); repetition <= last; repetition++)
        {
            if (qualifiers.Length > 0 && slot.Qualifier is { } at)
            {
                var mark = frame.Find(0, at.Element, at.Component, repetition);
                if (mark < 0 || !PredicateTest.IsOneOf(qualifiers, frame.Text(0, mark)))
                    continue;
                read[mark] = true;
            }
            Mark(frame, slot.Value with { Element = slot.Value.Element + shift }, repetition, read);
            if (slot.Format is { } format)
                Mark(frame, format, repetition, read);
        }
    }

    static void Mark(Frame frame, ElementAddress at, int repetition, bool[] read)
    {
        var last = repetition == 0 ? frame.Repetitions(0, at.Element) : repetition;
        for (var r = Math.Max(repetition, 1); r <= last; r++)
            if (frame.Find(0, at.Element, at.Component, r) is >= 0 and var mark)
                read[mark] = true;
    }
}
