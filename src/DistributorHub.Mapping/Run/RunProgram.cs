using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run.Nodes;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Run;

/// <summary>A compiled map ready to run: made once, shared by all threads, with the runs that are at rest.</summary>
sealed class RunProgram
{
    static readonly ConditionalWeakTable<CompiledMap, RunProgram> Programs = [];

    readonly ConcurrentBag<MapRun> atRest = [];

    RunProgram(MapPlan plan, Func<Layout, NodeBuilder> builder)
    {
        Plan = plan;
        Layout = new(plan.Message, plan.Unit);
        var nodes = builder(Layout);
        var tables = new List<TableDefinition>();
        Blocks = new BlockProgram[plan.Blocks.Count];
        var mayLeaveOut = RowErrors.MayLeaveOut(plan, Layout);
        foreach (var block in plan.Blocks)
        {
            var table = -1;
            if (block.Table is not null && (table = tables.IndexOf(block.Table)) < 0)
            {
                table = tables.Count;
                tables.Add(block.Table);
            }
            Blocks[block.Id] = new(block, block.Outer < 0 ? null : Blocks[block.Outer], Layout, nodes, table)
            {
                MayLeaveOut = mayLeaveOut[block.Id],
                Dependents = mayLeaveOut[block.Id] ? RowErrors.Dependents(block, plan) : [],
            };
        }
        Tables = [.. tables];
        Folds = [.. plan.Folds.Select((f, i) => nodes.Fold(i, f))];
        Variables = nodes.Variables;
        Tops = [.. Enumerable.Range(0, Layout.Frames).Select(f => Blocks.Where(b => b.Holder == f && !b.InOuterFrame).ToArray())];
        FoldsFed = [.. Enumerable.Range(0, Layout.Frames).Select(f => Indexes(Folds, a => a.Path.Holders.Contains(f)))];
        FoldsOf = [.. Enumerable.Range(0, Layout.Frames).Select(f => Indexes(Folds, a => a.Path.Path.Scope == Layout.Groups[f]))];
        KeyColumns = FindKeyColumns(plan);
    }

    public MapPlan Plan { get; }

    public Layout Layout { get; }

    public BlockProgram[] Blocks { get; }

    public TableDefinition[] Tables { get; }

    public Accumulator[] Folds { get; }

    public IReadOnlyList<BoundExpr.Variable> Variables { get; }

    /// <summary>For every frame, the blocks whose rows are made when it closes, without those that an outer block makes.</summary>
    public BlockProgram[][] Tops { get; }

    /// <summary>For every frame, the folds that are fed when it closes.</summary>
    public int[][] FoldsFed { get; }

    /// <summary>For every frame, the folds that start again when it opens.</summary>
    public int[][] FoldsOf { get; }

    /// <summary>The block and columns that make the document number.</summary>
    public (int Block, int[] Columns) KeyColumns { get; }

    /// <summary>The message's business key, once the rows are made; null when nothing was mapped.</summary>
    public string? DocumentNumber(RowState[] rows)
    {
        var (block, columns) = KeyColumns;
        if (block < 0)
            return null;
        var row = rows[block];
        string? number = null;
        foreach (var column in columns)
            if (row.IsKnown(column) && ContextValues.TextOf(row.Values[column], row.Scratch) is { } part)
                number = number is null ? part : $"{number}/{part}";
        return number;
    }

    public static RunProgram Of(CompiledMap map) => Programs.GetValue(map, static m => new(m.Plan, layout => new(layout)));

    /// <summary>A program whose nodes are not only those of rows.</summary>
    public static RunProgram Of(MapPlan plan, Func<Layout, NodeBuilder> builder) => new(plan, builder);

    /// <summary>The same program, of nodes that somebody watches.</summary>
    public static RunProgram Watched(CompiledMap map, Func<Layout, NodeBuilder> builder) => new(map.Plan, builder);

    public MapRun Rent() => atRest.TryTake(out var run) ? run : new(this);

    public void Return(MapRun run) => atRest.Add(run);

    static int[] Indexes(Accumulator[] folds, Func<Accumulator, bool> match) =>
        [.. Enumerable.Range(0, folds.Length).Where(i => match(folds[i]))];

    static (int Block, int[] Columns) FindKeyColumns(MapPlan plan)
    {
        var block = plan.Blocks.FirstOrDefault(b => b is { Group: 0, Table: not null });
        if (block is null)
            return (-1, []);
        var keys = block.Columns.Where(c => block.Table!.Key.Contains(c.Definition.Name)
            && c.Value is not BoundExpr.Variable { Source: VariableSource.Partner, Name: "id" });
        return (block.Id, [.. keys.OrderBy(c => block.Table!.Key.ToList().IndexOf(c.Definition.Name)).Select(c => c.Index)]);
    }
}
