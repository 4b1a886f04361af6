using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

/// <summary>Makes nodes of bound expressions, once per map.</summary>
class NodeBuilder(Layout layout)
{
    protected Layout Layout { get; } = layout;

    readonly List<BoundExpr.Variable> variables = [];
    readonly Dictionary<int, Accumulator> folds = [];

    /// <summary>Variables the map reads; index = the node's slot.</summary>
    public IReadOnlyList<BoundExpr.Variable> Variables => variables;

    /// <summary>The accumulator of a fold, the same one for its node and for the run that feeds it.</summary>
    public Accumulator Fold(int index, BoundExpr.Aggregate fold)
    {
        if (!folds.TryGetValue(index, out var accumulator))
            folds.Add(index, accumulator = new(fold, new(fold.Path, Layout)));
        return accumulator;
    }

    /// <summary>The rule of a column.</summary>
    public virtual Node BuildColumn(RowBlock block, PlannedColumn column, string table) => Build(column.Value);

    /// <summary>The condition of a block.</summary>
    public virtual Node BuildWhere(RowBlock block, BoundExpr where, string table) => Build(where);

    /// <summary>A promise of a block.</summary>
    public virtual Node BuildCheck(RowBlock block, PlannedCheck check, string table) => Build(check.Condition);

    public virtual Node Build(BoundExpr expression) => expression switch
    {
        BoundExpr.Literal e => new LiteralNode(e, e.Value),
        BoundExpr.Read e => new ReadNode(e, new(e.Path, Layout)),
        BoundExpr.Variable { Source: VariableSource.Ordinal } e => new OrdinalNode(e),
        BoundExpr.Variable e => new VariableNode(e, SlotOf(e)),
        BoundExpr.ColumnRef e => new ColumnRefNode(e),
        BoundExpr.Call e => new CallNode(e, Build(e.Arguments[0])),
        BoundExpr.Own e => new FunctionNode(e, [.. e.Arguments.Select(Build)]),
        BoundExpr.If e => new IfNode(e, Build(e.Condition), Build(e.Then), Build(e.Else)),
        BoundExpr.Coalesce e => new CoalesceNode(e, Build(e.Left), Build(e.Right)),
        BoundExpr.Arithmetic e => new ArithmeticNode(e, Build(e.Left), Build(e.Right)),
        BoundExpr.Compare e => new CompareNode(e, Build(e.Left), Build(e.Right)),
        BoundExpr.Logical e => new LogicalNode(e, Build(e.Left), Build(e.Right)),
        BoundExpr.Not e => new NotNode(e, Build(e.Operand)),
        BoundExpr.In e => new InNode(e, Build(e.Operand), [.. e.Items.Select(Build)]),
        BoundExpr.Convert e => new ConvertNode(e, Build(e.Operand)),
        BoundExpr.CodeLookup e => new CodeNode(e, Build(e.Operand)),
        BoundExpr.Aggregate { Fold: >= 0 } e => new FoldNode(e, Fold(e.Fold, e)),
        BoundExpr.Aggregate e => new AggregateNode(e, new(e.Path, Layout)),
        BoundExpr.Join e => new JoinNode(e, [.. e.Items.Select(i =>
            new JoinPart(i.Path is null ? null : new(i.Path, Layout), i.Required, i.Value is null ? null : Build(i.Value)))]),
        BoundExpr.Exists e => new ExistsNode(e, new(e.Path, Layout)),
        _ => throw new System.Diagnostics.UnreachableException($"No node for {expression.GetType().Name}."),
    };

    int SlotOf(BoundExpr.Variable variable)
    {
        var slot = variables.FindIndex(v => v.Source == variable.Source && v.Name == variable.Name);
        if (slot >= 0)
            return slot;
        variables.Add(variable);
        return variables.Count - 1;
    }
}
