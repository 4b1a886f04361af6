using System.Text;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;

namespace DistributorHub.Mapping.Explain;

/// <summary>Makes nodes that count for a <see cref="MapCoverage"/>, around the same nodes that run without one.</summary>
sealed class CountingNodes(Layout layout, MapCoverage coverage) : NodeBuilder(layout)
{
    string rule = "";

    public override Node BuildColumn(RowBlock block, PlannedColumn column, string table)
    {
        rule = $"{table}.{column.Definition.Name}";
        return new RuleNode(base.BuildColumn(block, column, table), coverage.Rule(block.Id, table, column.Definition.Name, column.Value));
    }

    public override Node BuildWhere(RowBlock block, BoundExpr where, string table)
    {
        rule = $"{table}.where";
        return base.BuildWhere(block, where, table);
    }

    public override Node BuildCheck(RowBlock block, PlannedCheck check, string table)
    {
        rule = $"{table}.check.{check.Name}";
        return new RuleNode(base.BuildCheck(block, check, table), coverage.Rule(block.Id, table, $"check.{check.Name}", check.Condition));
    }

    public override Node Build(BoundExpr expression)
    {
        if (expression is BoundExpr.CodeLookup lookup)
            return new CodeNode(lookup, new SeenNode(Build(lookup.Operand), coverage.Seen(lookup.List)));
        var node = base.Build(expression);
        foreach (var path in OptionalPaths(expression))
            node = new OptionalNode(node, new(path, Layout), coverage.Optional(rule, path));
        return node;
    }

    // What was written with a question mark; left of ?? a path may be absent without one.
    static IEnumerable<BoundPath> OptionalPaths(BoundExpr expression) => expression switch
    {
        BoundExpr.Read { Nullable: true } e when e.Text.EndsWith('?') => [e.Path],
        BoundExpr.Aggregate { Nullable: true, Fold: < 0 } e when e.Text.Contains(e.Path.Text + "?", StringComparison.Ordinal) => [e.Path],
        BoundExpr.Join e => e.Items.Where(i => i is { Path: not null, Required: false } && e.Text.Contains(i.Path.Text + "?", StringComparison.Ordinal)).Select(i => i.Path!),
        _ => [],
    };
}

sealed class RuleNode(Node plain, RuleCount count) : Node(plain.Source)
{
    public override Node Plain => plain.Plain;

    public override void Evaluate(MapRun run, ref Value value)
    {
        plain.Evaluate(run, ref value);
        count.Rows++;
        // A fault is a finding: the rule was needed.
        if (!value.IsNull)
            count.Fired++;
    }
}

sealed class OptionalNode(Node plain, PathReader path, PathCount count) : Node(plain.Source)
{
    public override Node Plain => plain.Plain;

    public override void Evaluate(MapRun run, ref Value value)
    {
        var cursor = path.Start(run);
        count.Evaluated++;
        if (path.Next(run, ref cursor))
            count.Found++;
        plain.Evaluate(run, ref value);
    }
}

sealed class SeenNode(Node plain, HashSet<string> seen) : Node(plain.Source)
{
    const int CodesMax = 100_000;

    public override void Evaluate(MapRun run, ref Value value)
    {
        plain.Evaluate(run, ref value);
        if (value.Kind == ValueKind.Text && seen.Count < CodesMax)
            seen.Add(Encoding.UTF8.GetString(value.Text));
    }
}
