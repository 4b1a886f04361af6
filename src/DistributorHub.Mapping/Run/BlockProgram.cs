using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run.Nodes;
using DistributorHub.Mapping.Targets;
using Node = DistributorHub.Mapping.Run.Nodes.Node;

namespace DistributorHub.Mapping.Run;

/// <summary>A column that a block sets.</summary>
/// <param name="Rule">Name for findings, such as <c>orders.currency</c>.</param>
sealed record ColumnProgram(ColumnDefinition Definition, Node Value, string Rule);

sealed record CheckProgram(string Name, Node Condition, string Rule);

/// <summary>A group with what is asked of its instance.</summary>
readonly record struct GroupProgram(int Group, PredicateTest[] Tests)
{
    public bool Holds(Frame frame, int start, int end)
    {
        foreach (var test in Tests)
            if (!test.Holds(frame, start, end))
                return false;
        return true;
    }
}

/// <summary>A row block ready to run.</summary>
sealed class BlockProgram
{
    public BlockProgram(RowBlock block, BlockProgram? outer, Layout layout, NodeBuilder nodes, int table)
    {
        Id = block.Id;
        Outer = block.Outer;
        Parent = block.ParentBlock;
        Group = block.Group;
        Table = table;
        Place = block.Place;
        Nested = [.. block.Nested];
        Holder = layout.HolderOfGroup(block.Group);
        Name = block.Table?.Name ?? layout.Message.Nodes[block.Group].Tag;
        Pair = block.Pair;
        pairCodes = PredicateTest.Codes(block.PairCodes);
        IsLevel = layout.Levels >= 0 && block.Group == layout.Groups[layout.Levels];
        Below = block.Below;
        SharesInstance = block.For.Count == 0 && outer is not null;
        IsFrame = layout.IsFrame(block.Group);
        InOuterFrame = outer is not null && outer.Holder == Holder && !Below;
        var from = SharesInstance ? block.Group : InOuterFrame ? outer!.Group : layout.Groups[Holder];
        var levels = new List<GroupProgram>();
        for (var group = block.Group; group != from; group = layout.Message.Nodes[group].Parent)
            levels.Insert(0, new(group, TestsOf(block, group, layout)));
        Levels = [.. levels];
        FrameTests =
        [
            .. layout.Groups.ToArray().Where(g => g != 0 && layout.Encloses(g, block.Group)).Select(g => new GroupProgram(g, TestsOf(block, g, layout)))
                .Where(g => g.Tests.Length > 0),
        ];
        WhereRule = $"{Name}.where";
        Where = block.Where is null ? null : nodes.BuildWhere(block, block.Where, Name);
        Columns = new ColumnProgram?[block.Table?.Carried.Count() ?? 0];
        foreach (var column in block.Columns)
            Columns[column.Index] = new(column.Definition, nodes.BuildColumn(block, column, Name), $"{Name}.{column.Definition.Name}");
        Checks = [.. block.Checks.Select(c => new CheckProgram(c.Name, nodes.BuildCheck(block, c, Name), $"{Name}.check.{c.Name}"))];
    }

    readonly byte[][] pairCodes;

    public int Id { get; }

    public int Outer { get; }

    /// <summary>Block whose current row is the parent of this one's rows, or -1.</summary>
    public int Parent { get; }

    public int Group { get; }

    /// <summary>Index of the table among the map's tables, or -1.</summary>
    public int Table { get; }

    /// <summary>Name for findings: the table, or the group's tag.</summary>
    public string Name { get; }

    public Place Place { get; }

    public int[] Nested { get; }

    /// <summary>Frame whose closing makes this block's rows.</summary>
    public int Holder { get; }

    /// <summary>True when each instance is a whole frame.</summary>
    public bool IsFrame { get; }

    /// <summary>True for a block without <c>for:</c> inside another: it opens and closes with that one.</summary>
    public bool SharesInstance { get; }

    /// <summary>True when the outer block's rows are made of the same frame, and this one's together with them.</summary>
    public bool InOuterFrame { get; }

    /// <summary>Set when each pair of a segment makes a row.</summary>
    public PairDefinition? Pair { get; }

    /// <summary>True when a pair makes a row: it is there, and has one of the codes when there are any.</summary>
    public bool IsRow(Frame frame, int segment, int position)
    {
        var mark = frame.Find(segment, position, 0, 1);
        return pairCodes.Length == 0
            ? mark >= 0 || frame.Find(segment, position + 1, 0, 1) >= 0
            : mark >= 0 && PredicateTest.IsOneOf(pairCodes, frame.Text(segment, mark));
    }

    /// <summary>True when each instance is a level (HL, CPS).</summary>
    public bool IsLevel { get; }

    /// <summary>True when the instances are levels below the outer block's, or lie in such.</summary>
    public bool Below { get; }

    /// <summary>Groups to walk down inside the frame, from the outer block's instance to this block's; empty when the instance is open already.</summary>
    public GroupProgram[] Levels { get; }

    /// <summary>What is asked of groups that have frames of their own.</summary>
    public GroupProgram[] FrameTests { get; }

    public Node? Where { get; }

    /// <summary>Name of the condition for findings.</summary>
    public string WhereRule { get; }

    /// <summary>By index in the table's columns; null where the map sets nothing.</summary>
    public ColumnProgram?[] Columns { get; }

    public CheckProgram[] Checks { get; }

    /// <summary>True when a row with a fault is left out, and the message goes on without it.</summary>
    public bool MayLeaveOut { get; init; }

    /// <summary>Blocks that have rows only where this one has.</summary>
    public int[] Dependents { get; init; } = [];

    static PredicateTest[] TestsOf(RowBlock block, int group, Layout layout) =>
    [
        .. block.For.Where(s => s.Groups.Contains(group) || (group == block.Group && s == block.For[^1]))
            .SelectMany(s => s.Predicates).Select(p => new PredicateTest(p, layout.Message)),
    ];
}

/// <summary>The current row of a block while its instance is open.</summary>
sealed class RowState(BlockProgram block)
{
    public BlockProgram Block { get; } = block;

    public Value[] Values { get; } = new Value[block.Columns.Length];

    readonly bool[] known = new bool[block.Columns.Length];

    public Scratch Scratch { get; } = new();

    /// <summary>Whether the row is made; null = not decided yet.</summary>
    public bool? Included { get; set; }

    /// <summary>True when a fault was found that is the row's own.</summary>
    public bool IsAtFault { get; set; }

    /// <summary>True when the row is left out for its faults; <see cref="Included"/> is then false.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>Number of the row in its table and message, from 1.</summary>
    public long Number { get; set; }

    /// <summary>Number of the row in the open instance of the outer block, from 1.</summary>
    public long Ordinal { get; set; }

    /// <summary>For every nested block of levels below this one, the rows it has made under this row.</summary>
    public long[] MadeBelow { get; } = new long[block.Nested.Length];

    public bool IsKnown(int column) => known[column];

    public void SetKnown(int column) => known[column] = true;

    /// <summary>Starts the next instance.</summary>
    public void Open()
    {
        Included = null;
        IsAtFault = IsLeftOut = false;
        Number = 0;
        Scratch.Reset();
        MadeBelow.AsSpan().Clear();
        known.AsSpan().Clear();
    }
}
