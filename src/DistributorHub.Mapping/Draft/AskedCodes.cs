using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Draft;

/// <summary>Codes that a map asks a value for: by qualifiers, conditions, comparisons and code lists.</summary>
/// <param name="Tag">The segment.</param>
/// <param name="At">The value.</param>
/// <param name="Codes">The codes.</param>
/// <param name="Place">Where in the map.</param>
/// <param name="List">The code list they stand in, or null.</param>
sealed record AskedCodes(string Tag, ElementAddress At, IReadOnlyList<string> Codes, Place Place, string? List)
{
    /// <summary>All that a map asks.</summary>
    public static IEnumerable<AskedCodes> Of(MapPlan plan) =>
        plan.Blocks.SelectMany(block => block.For.SelectMany(step => Of(plan, step, block.Place)))
            .Concat(Rules(plan).SelectMany(rule => Streams.Reads(rule, _ => null).SelectMany(read => Of(plan, read.Path)).Concat(Compared(rule).SelectMany(part => Of(plan, part)))));

    /// <summary>Every expression of a map.</summary>
    public static IEnumerable<BoundExpr> Rules(MapPlan plan) => plan.Blocks.SelectMany(block =>
        (block.Where is { } where ? [where] : Enumerable.Empty<BoundExpr>()).Concat(block.Columns.Select(column => column.Value)).Concat(block.Checks.Select(check => check.Condition)));

    static IEnumerable<AskedCodes> Of(MapPlan plan, GroupStep step, Place at) =>
        step.Predicates.OfType<Predicate.Element>().SelectMany(predicate => predicate.Slots.Take(1).Select(slot => new AskedCodes(plan.Message.Nodes[step.Groups[0]].Tag, slot.Value, predicate.Codes, at, null)));

    static IEnumerable<AskedCodes> Of(MapPlan plan, BoundPath path)
    {
        var steps = path.OpenGroups.Concat(path.Groups);
        if (path.Level is { } level)
            steps = steps.Append(level);
        foreach (var asked in steps.SelectMany(step => Of(plan, step, path.Place)))
            yield return asked;
        if (path.Segments is not [var node, ..])
            yield break;
        var tag = plan.Message.Nodes[node].Tag;
        foreach (var predicate in path.Predicates.OfType<Predicate.Element>())
            yield return new(tag, predicate.Slots[0].Value, predicate.Codes, path.Place, null);
        foreach (var slot in path.Slots)
            if (slot.Qualifier is { } qualifier)
                yield return new(tag, qualifier, path.Qualifiers, path.Place, null);
    }

    static IEnumerable<AskedCodes> Of(MapPlan plan, BoundExpr compared) => compared switch
    {
        BoundExpr.In { Operand: BoundExpr.Read read } membership => Of(plan, read.Path, [.. membership.Items.OfType<BoundExpr.Literal>().Select(item => item.Value).OfType<string>()], membership.Place, null),
        BoundExpr.Compare { Left: BoundExpr.Read read, Right: BoundExpr.Literal { Value: string code } } => Of(plan, read.Path, [code], compared.Place, null),
        BoundExpr.CodeLookup lookup => Streams.Reads(lookup.Operand, _ => null).SelectMany(read => Of(plan, read.Path, [.. lookup.List.Map.Keys.Order(StringComparer.Ordinal)], lookup.Place, lookup.List.Id)),
        _ => [],
    };

    static IEnumerable<AskedCodes> Of(MapPlan plan, BoundPath path, IReadOnlyList<string> codes, Place at, string? list) =>
        path is { Slots: [var slot, ..], Segments: [var node, ..] } ? [new(plan.Message.Nodes[node].Tag, slot.Value, codes, at, list)] : [];

    /// <summary>Parts of an expression that compare a value with codes.</summary>
    static IEnumerable<BoundExpr> Compared(BoundExpr expr) => expr switch
    {
        BoundExpr.In or BoundExpr.CodeLookup => [expr],
        BoundExpr.Compare { Left: var left, Right: var right } => Compared(left).Concat(Compared(right)).Append(expr),
        BoundExpr.Logical { Left: var left, Right: var right } => Compared(left).Concat(Compared(right)),
        BoundExpr.Coalesce { Left: var left, Right: var right } => Compared(left).Concat(Compared(right)),
        BoundExpr.Not { Operand: var operand } => Compared(operand),
        BoundExpr.Convert { Operand: var operand } => Compared(operand),
        BoundExpr.If { Condition: var condition, Then: var then, Else: var other } => Compared(condition).Concat(Compared(then)).Concat(Compared(other)),
        BoundExpr.Call { Arguments: var arguments } => arguments.SelectMany(Compared),
        _ => [],
    };
}
