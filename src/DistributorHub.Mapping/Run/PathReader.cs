using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run;

/// <summary>A <see cref="BoundPath"/> ready to run: finds its matches in the frames of a <see cref="MapRun"/>, without allocation.</summary>
sealed class PathReader
{
    readonly record struct GroupTest(int Group, PredicateTest[] Tests);

    readonly Layout layout;
    readonly int[] nodes;
    readonly int[] holders;
    readonly bool linear, ofPair, isUsual;
    readonly GroupTest[] openGroups, heldGroups;

    /// <summary>For every node, the held groups that must have passed.</summary>
    readonly ulong[] required;

    readonly PredicateTest[] tests;

    /// <summary>What is asked of the level to read; null when the path stays in the row's own.</summary>
    readonly PredicateTest[]? level;
    readonly ValueSlot[] slots;
    readonly byte[][] qualifiers;

    public PathReader(BoundPath path, Layout layout)
    {
        Path = path;
        this.layout = layout;
        nodes = [.. path.Segments];
        holders = [.. nodes.Select(layout.HolderOf).Distinct().Order()];
        var inner = TestsOf(path.Groups, group => nodes.Any(n => layout.Encloses(group, n)));
        // A group with a frame of its own has one open instance; the others are ranges of segments inside a frame.
        openGroups = [.. TestsOf(path.OpenGroups, group => layout.Encloses(group, path.Scope)), .. inner.Where(g => layout.IsFrame(g.Group))];
        heldGroups = [.. inner.Where(g => !layout.IsFrame(g.Group))];
        required = [.. nodes.Select(RequiredOf)];
        tests = [.. path.Predicates.Select(p => new PredicateTest(p, layout.Message))];
        level = path.Level is { } asked ? [.. asked.Predicates.Select(p => new PredicateTest(p, layout.Message))] : null;
        slots = [.. path.Slots];
        ofPair = path.OfPair;
        qualifiers = PredicateTest.Codes(path.Qualifiers);
        linear = nodes.Length > 1 || heldGroups.Length > 0;
        isUsual = !linear && !ofPair && level is null && openGroups.Length == 0 && slots.Length > 0 && slots.All(slot => slot.Repetition > 0);
    }

    public BoundPath Path { get; }

    /// <summary>Frames its segments may be held in, outermost first.</summary>
    public IReadOnlyList<int> Holders => holders;

    public ref readonly ValueSlot SlotAt(int index) => ref slots[index];

    List<GroupTest> TestsOf(IReadOnlyList<GroupStep> steps, Func<int, bool> concerned) =>
    [
        .. from step in steps
           where step.Predicates.Count > 0
           from candidate in step.Groups
           where concerned(candidate)
           select new GroupTest(candidate, [.. step.Predicates.Select(p => new PredicateTest(p, layout.Message))]),
    ];

    ulong RequiredOf(int node)
    {
        var mask = 0ul;
        for (var g = 0; g < heldGroups.Length; g++)
            if (layout.Encloses(heldGroups[g].Group, node))
                mask |= 1ul << g;
        return mask;
    }

    /// <summary>Where a search stands.</summary>
    public struct Cursor
    {
        internal int Holder, HolderEnd, Index, End, NextSlot, NextRepetition, Shift;
        internal bool Chained, InSegment;
        internal ulong Passed;

        public Frame Frame { get; internal set; }

        public int Segment { get; internal set; }

        /// <summary>The mark of the value; 0 when the segment itself is the match.</summary>
        public int Mark { get; internal set; }

        /// <summary>Index of the slot the value stands in.</summary>
        public int Slot { get; internal set; }

        /// <summary>Repetition the value stands in.</summary>
        public int Repetition { get; internal set; }
    }

    /// <summary>Starts a search; with a holder, in that frame only (folds).</summary>
    public Cursor Start(MapRun run, int onlyHolder = -1)
    {
        var cursor = new Cursor { Holder = -1, HolderEnd = holders.Length, Shift = ofPair ? run.PairShift : 0 };
        if (onlyHolder >= 0)
        {
            cursor.Holder = Array.IndexOf(holders, onlyHolder) - 1;
            cursor.HolderEnd = cursor.Holder + 2;
        }
        if (OpenGroupsPass(run))
            NextHolder(run, ref cursor);
        else
            cursor.Holder = cursor.HolderEnd;
        return cursor;
    }

    /// <summary>The segments that are searched, all in one frame; empty when no level passes.</summary>
    public (Frame Frame, int Start, int End) Scope(MapRun run)
    {
        if (level is null)
            return run.RangeOf(Path.Scope);
        return run.LevelOf(level) is { } frame ? (frame, 0, frame.Count) : (run.FrameOf(0), 0, 0);
    }

    bool OpenGroupsPass(MapRun run)
    {
        foreach (var group in openGroups)
        {
            var (frame, start, end) = run.RangeOf(group.Group);
            if (start >= end || !AllHold(group.Tests, frame, start, end))
                return false;
        }
        return true;
    }

    static bool AllHold(PredicateTest[] tests, Frame frame, int segment, int end)
    {
        foreach (var test in tests)
            if (!test.Holds(frame, segment, end))
                return false;
        return true;
    }

    bool NextHolder(MapRun run, ref Cursor cursor)
    {
        if (++cursor.Holder >= cursor.HolderEnd)
            return false;
        var frame = run.FrameOf(holders[cursor.Holder]);
        var (start, end) = run.RangeIn(Path.Scope, holders[cursor.Holder]);
        if (level is not null)
            (frame, start, end) = Scope(run);
        cursor.Frame = frame;
        cursor.End = end;
        cursor.Passed = 0;
        // The chain of a node runs over the whole frame: right for the frame's own scope, too long for a small instance inside it.
        cursor.Chained = !linear && start == 0 && end == frame.Count;
        cursor.Index = cursor.Chained ? frame.FirstOf(nodes[0]) : start;
        return true;
    }

    /// <summary>
    /// Looks for the only value without a search that can be gone on with; false when there may be several, or the path is not one of the usual: then
    /// <see cref="Start"/> finds out. With true, mark 0 = there is none.
    /// </summary>
    public bool TryOnly(MapRun run, ref Cursor cursor)
    {
        if (!isUsual)
            return false;
        var node = nodes[0];
        var frame = run.FrameOf(holders[0]);
        cursor.Mark = 0;
        var first = frame.FirstOf(node);
        if (first < 0)
            return true;
        var (start, end) = run.RangeIn(Path.Scope, holders[0]);
        var chained = start == 0 && end == frame.Count;
        for (var at = chained ? first : start; chained ? at >= 0 : at < end; at = chained ? frame.NextOf(at) : at + 1)
        {
            if (!chained && frame[at].Node != node || !AllHold(tests, frame, at, end))
                continue;
            for (var s = 0; s < slots.Length; s++)
            {
                ref readonly var slot = ref slots[s];
                var mark = frame.Find(at, slot.Value.Element, slot.Value.Component, slot.Repetition);
                if (mark < 0 || qualifiers.Length > 0 && !IsQualified(frame, at, slot, slot.Repetition))
                    continue;
                if (cursor.Mark != 0)
                    return false;
                (cursor.Frame, cursor.Segment, cursor.Mark, cursor.Slot, cursor.Repetition) = (frame, at, mark, s, slot.Repetition);
            }
        }
        return true;
    }

    /// <summary>Moves to the next value (or segment, when the path means segments); false when there are no more.</summary>
    public bool Next(MapRun run, ref Cursor cursor)
    {
        while (true)
        {
            if (cursor.InSegment && NextInSegment(ref cursor))
                return true;
            if (!NextSegment(run, ref cursor))
                return false;
            if (slots.Length == 0)
                return true;
            cursor.InSegment = true;
            cursor.NextSlot = cursor.NextRepetition = 0;
        }
    }

    /// <summary>Moves to the next segment that passes, whatever values it has.</summary>
    public bool NextSegment(MapRun run, ref Cursor cursor)
    {
        cursor.Mark = 0;
        if (cursor.Holder >= cursor.HolderEnd)
            return false;
        do
        {
            while (cursor.Chained ? cursor.Index >= 0 : cursor.Index < cursor.End)
            {
                var at = cursor.Index;
                cursor.Index = cursor.Chained ? cursor.Frame.NextOf(at) : at + 1;
                if (!cursor.Chained && !IsWanted(ref cursor, at, cursor.Frame[at].Node))
                    continue;
                if (!AllHold(tests, cursor.Frame, at, cursor.End))
                    continue;
                cursor.Segment = at;
                return true;
            }
        } while (NextHolder(run, ref cursor));
        return false;
    }

    bool IsWanted(ref Cursor cursor, int at, int node)
    {
        for (var g = 0; g < heldGroups.Length; g++)
        {
            if (node != layout.TriggerOf(heldGroups[g].Group))
                continue;
            var end = layout.EndOf(cursor.Frame, at, heldGroups[g].Group, cursor.End);
            if (AllHold(heldGroups[g].Tests, cursor.Frame, at, end))
                cursor.Passed |= 1ul << g;
            else
                cursor.Passed &= ~(1ul << g);
        }
        for (var n = 0; n < nodes.Length; n++)
            if (nodes[n] == node)
                return (cursor.Passed & required[n]) == required[n];
        return false;
    }

    bool NextInSegment(ref Cursor cursor)
    {
        while (cursor.NextSlot < slots.Length)
        {
            ref readonly var slot = ref slots[cursor.NextSlot];
            var repetition = slot.Repetition;
            if (repetition == 0)
            {
                repetition = ++cursor.NextRepetition;
                if (repetition > cursor.Frame.Repetitions(cursor.Segment, slot.Value.Element))
                {
                    cursor.NextSlot++;
                    cursor.NextRepetition = 0;
                    continue;
                }
            }
            cursor.Slot = cursor.NextSlot;
            if (slot.Repetition != 0)
                cursor.NextSlot++;
            var mark = cursor.Frame.Find(cursor.Segment, slot.Value.Element + cursor.Shift, slot.Value.Component, repetition);
            if (mark < 0 || !IsQualified(cursor.Frame, cursor.Segment, slot, repetition))
                continue;
            cursor.Mark = mark;
            cursor.Repetition = repetition;
            return true;
        }
        cursor.InSegment = false;
        return false;
    }

    bool IsQualified(Frame frame, int segment, in ValueSlot slot, int repetition)
    {
        if (qualifiers.Length == 0 || slot.Qualifier is not { } at)
            return true;
        var mark = frame.Find(segment, at.Element, at.Component, repetition);
        return mark >= 0 && PredicateTest.IsOneOf(qualifiers, frame.Text(segment, mark));
    }

    /// <summary>
    /// The value the cursor stands at, in the path's type; false when the text is not of it, and then it is left as text.
    /// </summary>
    public bool Get(MapRun run, in Cursor cursor, ref Value value)
    {
        cursor.Frame.Get(cursor.Segment, cursor.Mark, ref value);
        switch (Path.Type)
        {
            case Language.ValueType.Text:
                return true;
            case Language.ValueType.Decimal:
                return Path.ImpliedDecimals is { } decimals ? Conversions.ToImplied(ref value, decimals) : Conversions.ToDecimal(ref value, run.Numbers);
            case Language.ValueType.Int:
                return Conversions.ToInt(ref value);
            case Language.ValueType.Moment:
                if (!MomentFormats.TryParse(value.Text, FormatOf(cursor), out var moment))
                    return false;
                value.SetMoment(moment);
                return true;
            case Language.ValueType.Date when Path.Pattern is { } pattern:
                if (!DatePattern.TryParseDate(value.Text, pattern, out var date))
                    return false;
                value.SetDate(date.Date.DayNumber);
                return true;
            case Language.ValueType.Date:
                if (!MomentFormats.TryX12Date(value.Text, out var day))
                    return false;
                value.SetDate(day.Date.DayNumber);
                return true;
            case Language.ValueType.Time:
                if (!MomentFormats.TryX12Time(value.Text, out var ticks))
                    return false;
                value.SetTime(ticks);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException($"An element has no type {Path.Type}.");
        }
    }

    /// <summary>The format code beside a moment, or empty.</summary>
    public ReadOnlySpan<byte> FormatOf(in Cursor cursor)
    {
        if (slots[cursor.Slot].Format is not { } at)
            return default;
        var mark = cursor.Frame.Find(cursor.Segment, at.Element, at.Component, cursor.Repetition);
        return mark < 0 ? default : cursor.Frame.Text(cursor.Segment, mark);
    }
}
