using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Explain;

/// <summary>Makes nodes that record what they evaluate, around the same nodes that run without a trace.</summary>
sealed class TracedNodes(Layout layout, MapTrace trace) : NodeBuilder(layout)
{
    public override Node Build(BoundExpr expression) => expression switch
    {
        // Nobody wrote a conversion, and a constant explains itself.
        BoundExpr.Literal or BoundExpr.Convert => base.Build(expression),
        // The sides stand for it: what was looked for on the left, and what was taken on the right.
        BoundExpr.Coalesce e => new CoalesceNode(e, Build(e.Left), BuildChosen(e.Right)),
        BoundExpr.If e => Traced(e, new IfNode(e, Build(e.Condition), BuildChosen(e.Then), BuildChosen(e.Else))),
        BoundExpr.CodeLookup e => Traced(e, new CodeNode(e, new OperandNode(trace, Build(e.Operand)))),
        _ => Traced(expression, base.Build(expression)),
    };

    // A constant that was taken is a step.
    Node BuildChosen(BoundExpr expression) =>
        expression is BoundExpr.Literal or BoundExpr.Convert { Operand: BoundExpr.Literal } ? Traced(expression, base.Build(expression)) : Build(expression);

    StepNode Traced(BoundExpr expression, Node plain) => new(trace, plain, [.. PathsOf(expression).Select(path => new PathReader(path, Layout))]);

    static IEnumerable<BoundPath> PathsOf(BoundExpr expression) => expression switch
    {
        BoundExpr.Read e => [e.Path],
        BoundExpr.Exists e => [e.Path],
        BoundExpr.Aggregate { Fold: < 0 } e => [e.Path],
        BoundExpr.Join e => e.Items.Select(i => i.Path).OfType<BoundPath>(),
        _ => [],
    };

    public override Node BuildColumn(RowBlock block, PlannedColumn column, string table) =>
        new RootNode(trace, base.BuildColumn(block, column, table), new(block.Id, column.Index, table, NameOf(block.Table!, column), column.NeededByOthers));

    public override Node BuildWhere(RowBlock block, BoundExpr where, string table) =>
        new RootNode(trace, base.BuildWhere(block, where, table), new(block.Id, Root.Where, table, "where", false));

    public override Node BuildCheck(RowBlock block, PlannedCheck check, string table) =>
        new RootNode(trace, base.BuildCheck(block, check, table), new(block.Id, Root.Check, table, $"check.{check.Name}", false));

    static string NameOf(TableDefinition table, PlannedColumn column) =>
        column.Index < table.Columns.Count ? column.Definition.Name : $"{column.Definition.Name} (xref key)";
}

/// <summary>What a rule is of.</summary>
sealed record Root(int Block, int Column, string Table, string Name, bool IsReferred)
{
    public const int Where = -1;
    public const int Check = int.MaxValue;
}

/// <summary>A column or a condition: starts and ends the recording.</summary>
sealed class RootNode(MapTrace trace, Node plain, Root root) : Node(plain.Source)
{
    public override Node Plain => plain.Plain;

    public override void Evaluate(MapRun run, ref Value value)
    {
        if (root.Column != Root.Where)
            trace.Made(root.Table, run.Row.Number);
        if (!trace.Recording && !root.IsReferred && !trace.Wants(root.Table, root.Name, run.Row.Number))
        {
            plain.Evaluate(run, ref value);
            return;
        }
        trace.Open();
        plain.Evaluate(run, ref value);
        var explained = new ExplainedValue
        {
            Table = root.Table,
            Row = run.Row.Number,
            Column = root.Name,
            At = Faults.RowStart(run),
            Block = root.Block,
            Order = root.Column,
            Rule = Rule(value) with { Steps = trace.End() },
        };
        if (root.Column == Root.Where)
        {
            if (value.Kind != ValueKind.Bool || !value.Bool)
                trace.Skip(explained);
            return;
        }
        if (root.IsReferred)
            trace.Refer(root.Block, root.Column, explained);
        trace.Keep(explained);
    }

    // A rule stands where it was written; a macro's body is a step of it.
    ExplainedStep Rule(in Value value)
    {
        var step = StepNode.Step(plain.Source, value);
        var written = (plain.Source is BoundExpr.Convert convert ? convert.Operand : plain.Source).Macro;
        return written is null ? step : step with { Text = written.Text, Place = written.Place.ToString() };
    }
}

/// <summary>Notes the text of an operand that a lookup replaces.</summary>
sealed class OperandNode(MapTrace trace, Node plain) : Node(plain.Source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        plain.Evaluate(run, ref value);
        trace.Operand = StepNode.Shown(value);
    }
}
