using DistributorHub.Edi;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// The open levels of a message that writes a tree with segment ids (HL, CPS): the level being read and those around it, outermost first.
/// A level is held, with its rows, until one comes that is not below it; its place is then reused.
/// </summary>
sealed class LevelChain(RunProgram program, int frameBytesMax)
{
    readonly List<Level> levels = [];

    /// <summary>For every block made of levels, itself and the blocks that share its instance.</summary>
    readonly int[][] together = [.. program.Blocks.Select(b => program.Blocks.Where(o => o.IsLevel && Shares(program, o, b)).Select(o => o.Id).ToArray())];
    int open;

    /// <summary>Frame of the level being read.</summary>
    public Frame Current => levels[open - 1].Frame;

    /// <summary>Frames of the open levels.</summary>
    public IEnumerable<Frame> Frames => levels.Take(open).Select(level => level.Frame);

    public void Clear() => open = 0;

    /// <summary>
    /// Opens a level under the one whose id is given, and closes the others; without such a one it is a first level (the check of the structure
    /// says so when an id was given). The rows of blocks made of levels become those of the new level.
    /// False when it lies too deep; it then takes the place of the deepest.
    /// </summary>
    public bool Open(ReadOnlySpan<byte> parent, RowState[] rows)
    {
        parent = parent.TrimEnd((byte)' ');
        var at = parent.IsEmpty ? -1 : open - 1;
        while (at >= 0 && !levels[at].Id(program.Layout.Tree!.Id).SequenceEqual(parent))
            at--;
        var fits = at + 1 < Limits.LevelsMax;
        open = fits ? at + 2 : Limits.LevelsMax;
        if (open > levels.Count)
            levels.Add(new(program, frameBytesMax));
        levels[open - 1].Frame.Clear();
        foreach (var block in program.Blocks)
            if (block.IsLevel)
                rows[block.Id] = levels[open - 1].Rows[block.Id];
        return fits;
    }

    /// <summary>
    /// Makes the rows around a block current: those of the level being read, and for blocks of levels below others those of the nearest
    /// level above that has a row. False when there is none: the block then makes no row here.
    /// </summary>
    public bool Enclose(BlockProgram of, RowState[] rows)
    {
        var depth = open - 1;
        for (var inner = of; depth >= 0; inner = program.Blocks[inner.Outer])
        {
            if (inner.IsLevel)
                foreach (var block in together[inner.Id])
                    rows[block] = levels[depth].Rows[block];
            if (inner.Below)
                do
                    depth--;
                while (depth >= 0 && levels[depth].Rows[inner.Outer] is { Included: not true, IsLeftOut: false });
            // What is below a row that was left out goes with it, and not to another row further up.
            if (inner.Below && depth >= 0 && levels[depth].Rows[inner.Outer].IsLeftOut)
                return false;
            if (inner.Outer < 0)
                break;
        }
        return depth >= 0 || open == 0;
    }

    /// <summary>The frame of the nearest level that passes.</summary>
    public Frame? Nearest(PredicateTest[] tests)
    {
        for (var depth = open - 1; depth >= 0; depth--)
            if (levels[depth].Frame is { Count: > 0 } frame && new GroupProgram(0, tests).Holds(frame, 0, frame.Count))
                return frame;
        return null;
    }

    static bool Shares(RunProgram program, BlockProgram block, BlockProgram with) =>
        block == with || (block.SharesInstance && Shares(program, program.Blocks[block.Outer], with));

    sealed class Level(RunProgram program, int frameBytesMax)
    {
        public Frame Frame { get; } = new(program.Layout.Message.Nodes.Count, frameBytesMax);

        /// <summary>Rows of the blocks made of levels, by block; null for the others.</summary>
        public RowState[] Rows { get; } = [.. program.Blocks.Select(b => b.IsLevel ? new RowState(b) : null!)];

        public ReadOnlySpan<byte> Id(int element)
        {
            var mark = Frame.Count == 0 ? -1 : Frame.Find(0, element, 0, 1);
            return mark < 0 ? default : Frame.Text(0, mark);
        }
    }
}
