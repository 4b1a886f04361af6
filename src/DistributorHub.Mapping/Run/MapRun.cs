using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Rows;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// Everything that changes while one message is mapped: frames, current rows, totals, batches. Reused for the next message of the same map.
/// </summary>
sealed partial class MapRun
{
    readonly RunProgram program;
    readonly Layout layout;
    readonly Frame[] frames;
    readonly bool[] open;

    /// <summary>Segments of the open instance of a group that has no frame of its own, by group.</summary>
    readonly int[] rangeStart, rangeEnd;

    readonly RowState[] rows;
    readonly LevelChain? levels;

    /// <summary>Rows a block has made in the open instance of the outer block.</summary>
    readonly long[] made;
    readonly TableWriter[] writers;
    readonly Value[] variables;
    readonly Nodes.Total[] totals;
    readonly byte[][] totalTexts;
    readonly Position[] totalPlaces;
    int segmentsHeld;

    /// <summary>True after a limit was reached: what is held is incomplete, so nothing more is made of it.</summary>
    bool overflowed;

    public MapRun(RunProgram program)
    {
        this.program = program;
        layout = program.Layout;
        var nodes = layout.Message.Nodes.Count;
        frames = [.. Enumerable.Range(0, layout.Frames).Select(f => new Frame(nodes, f == 0 || f < layout.Frames - 1 ? program.Plan.FrameBytesMax : program.Plan.UnitBytesMax))];
        open = new bool[frames.Length];
        rangeStart = new int[nodes];
        rangeEnd = new int[nodes];
        rows = [.. program.Blocks.Select(b => new RowState(b))];
        made = new long[rows.Length];
        levels = layout.Levels < 0 ? null : new(program, layout.Levels == layout.Frames - 1 ? program.Plan.UnitBytesMax : program.Plan.FrameBytesMax);
        writers = [.. program.Tables.Select(t => new TableWriter(t))];
        variables = new Value[program.Variables.Count];
        totals = new Nodes.Total[program.Folds.Length];
        totalTexts = new byte[program.Folds.Length][];
        totalPlaces = new Position[program.Folds.Length];
        Row = null!;
        Faults = null!;
    }

    public Layout Layout => layout;

    /// <summary>All that holds segments.</summary>
    public IEnumerable<Frame> Frames => frames.Concat(levels?.Frames ?? []);

    /// <summary>How the message writes decimals.</summary>
    public NumberFormat Numbers { get; private set; }

    public Faults Faults { get; private set; }

    /// <summary>The row that is being evaluated.</summary>
    public RowState Row { get; private set; }

    /// <summary>Name of the rule that is being evaluated, such as <c>orders.currency</c>.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>True while values of rows are added up for a row outside them: a fault there is one of that row.</summary>
    public bool Feeds { get; private set; }

    public Scratch Scratch => Row.Scratch;

    /// <summary>Elements from a segment's first pair to the one that is the row.</summary>
    public int PairShift { get; private set; }

    public JoinBuffer Joins { get; } = new();

    public Frame FrameOf(int holder) => frames[holder];

    public ref readonly Value Variable(int slot) => ref variables[slot];

    public ref readonly Nodes.Total FoldTotal(int fold) => ref totals[fold];

    /// <summary>Where the value stands that a fold has chosen, when it chooses one.</summary>
    public Position FoldPlace(int fold) => totalPlaces[fold];

    /// <summary>The segments of a scope inside a frame.</summary>
    public (int Start, int End) RangeIn(int scope, int holder) =>
        layout.IsFrame(scope) ? (0, frames[holder].Count) : (rangeStart[scope], rangeEnd[scope]);

    /// <summary>The frame of the nearest level that passes, the row's own or one around it; null when there is none.</summary>
    public Frame? LevelOf(PredicateTest[] tests) => levels!.Nearest(tests);

    /// <summary>The segments of the open instance of a group.</summary>
    public (Frame Frame, int Start, int End) RangeOf(int group)
    {
        var holder = layout.HolderOfGroup(group);
        var (start, end) = RangeIn(group, holder);
        return (frames[holder], start, end);
    }

    public void Start(MapContext context, IRowSink sink, Findings findings)
    {
        Faults = new(findings, context, program.Plan.RowsLeftOutMax);
        Numbers = NumberFormat.Of(context.Interchange);
        segmentsHeld = 0;
        overflowed = false;
        foreach (var writer in writers)
            writer.Start(sink);
        made.AsSpan().Clear();
        levels?.Clear();
        ContextValues.Fill(variables, program.Variables, context);
        open.AsSpan().Clear();
        OpenFrame(0, default, default, isTrigger: false);
    }

    public void Accept(Segment segment, Position at, int node)
    {
        var holder = layout.HolderOf(node);
        var opens = layout.Opens(node);
        CloseFrom(opens >= 0 ? opens : holder + 1);
        // A detail group without the group around it (an implied PGI) still has a frame for it, an empty one.
        for (var h = 1; h <= holder; h++)
            if (!open[h])
                OpenFrame(h, segment, at, isTrigger: h == opens);
        if (overflowed)
            return;
        segmentsHeld++;
        var tooMany = program.Plan.MaxSegments is { } max && frames.Length == 1 && segmentsHeld > max;
        if (!tooMany && frames[holder].Add(segment, node, at))
            return;
        overflowed = true;
        Faults.LimitReached(segment, at, tooMany ? MapCodes.TooManySegments : holder > 0 && holder == frames.Length - 1
            ? MapCodes.UnitTooLarge : MapCodes.FrameTooLarge, program.Plan, layout.Message.Nodes[layout.Groups[holder]].Tag);
    }

    /// <summary>Closes what is open, gives the last rows to the sink, and answers the document number.</summary>
    public string? End()
    {
        CloseFrom(1);
        CloseFrame(0, out var number);
        Faults.End(table => writers[table].Written);
        foreach (var writer in writers)
            writer.Flush();
        return number;
    }

    void OpenFrame(int holder, Segment segment, Position at, bool isTrigger)
    {
        open[holder] = true;
        if (holder == layout.Levels)
            OpenLevel(segment, at, isTrigger);
        frames[holder].Clear();
        foreach (var fold in program.FoldsOf[holder])
            totals[fold] = default;
        foreach (var block in program.Blocks)
            if (block.Holder == holder && block is { IsFrame: true, SharesInstance: false })
                Open(block);
    }

    // A level without a segment of its own (an implied CPS) is a first one.
    void OpenLevel(Segment segment, Position at, bool isTrigger)
    {
        if (!levels!.Open(isTrigger ? segment.Value(layout.Tree!.Parent) : default, rows) && !overflowed)
        {
            overflowed = true;
            Faults.LimitReached(segment, at, MapCodes.LevelsTooDeep, program.Plan, layout.Message.Nodes[layout.Groups[layout.Levels]].Tag);
        }
        frames[layout.Levels] = levels.Current;
    }

    void CloseFrom(int holder)
    {
        for (var h = frames.Length - 1; h >= holder; h--)
            if (open[h])
                CloseFrame(h, out _);
    }

    void CloseFrame(int holder, out string? documentNumber)
    {
        documentNumber = null;
        if (!overflowed)
        {
            foreach (var fold in program.FoldsFed[holder])
                Feed(fold, holder);
            foreach (var block in program.Tops[holder])
                if (levels is null || levels.Enclose(block, rows))
                    Make(block, 0, frames[holder].Count);
            if (holder == 0)
                documentNumber = program.DocumentNumber(rows);
        }
        // Levels below this one still read it.
        if (holder != layout.Levels)
            frames[holder].Clear();
        open[holder] = false;
    }

    void Feed(int fold, int holder)
    {
        var accumulator = program.Folds[fold];
        ref var total = ref totals[fold];
        // A fold belongs to the row outside, but what it reads is at fault here.
        Row = rows[0];
        Rule = accumulator.Path.Path.Text;
        Feeds = true;
        var cursor = accumulator.Path.Start(this, holder);
        while (!total.Done && accumulator.Path.Next(this, ref cursor))
            accumulator.Add(this, cursor, ref total);
        Feeds = false;
        if (total.Best.Source.Frame is null)
            return;
        if (total.Best.Kind == ValueKind.Text)
        {
            // The frame's buffer is reused for the next unit.
            if (!(totalTexts[fold] is { } kept && kept.Length >= total.Best.Length))
                totalTexts[fold] = new byte[Math.Max(64, total.Best.Length)];
            total.Best.Text.CopyTo(totalTexts[fold]);
            total.Best.SetText(totalTexts[fold], 0, total.Best.Length);
        }
        totalPlaces[fold] = total.Best.Source.Frame![total.Best.Source.Segment].At;
        total.Best.Source = Source.None;
    }

    /// <summary>Makes the rows of a block from the instances in a range of its frame.</summary>
    void Make(BlockProgram block, int start, int end)
    {
        if (block.Levels.Length > 0)
            Walk(block, 0, start, end);
        else if (block.Pair is not null)
            MakePairs(block, start);
        else
            MakeRow(block);
    }

    void Walk(BlockProgram block, int level, int start, int end)
    {
        var frame = frames[block.Holder];
        ref readonly var step = ref block.Levels[level];
        var trigger = layout.TriggerOf(step.Group);
        for (var i = start; i < end;)
        {
            if (frame[i].Node != trigger)
            {
                i++;
                continue;
            }
            var last = layout.EndOf(frame, i, step.Group, end);
            if (step.Holds(frame, i, last))
            {
                rangeStart[step.Group] = i;
                rangeEnd[step.Group] = last;
                if (level < block.Levels.Length - 1)
                {
                    Walk(block, level + 1, i, last);
                }
                else if (block.Pair is not null)
                {
                    MakePairs(block, i);
                }
                else
                {
                    Open(block);
                    MakeRow(block);
                }
            }
            i = last;
        }
    }

    void MakePairs(BlockProgram block, int segment)
    {
        var frame = frames[block.Holder];
        for (var position = block.Pair!.First; position < block.Pair.Last; position += 2)
        {
            if (!block.IsRow(frame, segment, position))
                continue;
            PairShift = position - block.Pair.First;
            Open(block);
            MakeRow(block);
        }
        PairShift = 0;
    }

    void Open(BlockProgram block)
    {
        rows[block.Id].Open();
        foreach (var nested in block.Nested)
        {
            made[nested] = 0;
            if (program.Blocks[nested].SharesInstance)
                Open(program.Blocks[nested]);
        }
    }

    void MakeRow(BlockProgram block)
    {
        if (!IsIncluded(block))
            return;
        var row = rows[block.Id];
        if (block.Table >= 0)
            Write(row);
        if (row.IsLeftOut)
            return;
        foreach (var nested in block.Nested)
        {
            var inner = program.Blocks[nested];
            if (!inner.InOuterFrame)
                continue;
            var (start, end) = RangeIn(block.Group, block.Holder);
            Make(inner, start, end);
        }
    }
}
