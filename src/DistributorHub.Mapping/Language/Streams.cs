using System.Diagnostics;

namespace DistributorHub.Mapping.Language;

/// <summary>
/// Decides whether a value is known when its row is written, from the order of the message's structure alone.
/// Inside the unit everything of the unit is known; outside it, what stands before; at the close of a header row also what stands after,
/// and what was accumulated over the units.
/// </summary>
sealed class Streams(Structure structure, int unit)
{
    /// <summary>The class of a path in a row, or why there is none.</summary>
    public (StreamClass Class, Obstacle Obstacle) Classify(BoundPath path, bool folded, int row)
    {
        if (path.Level is { } level)
            return OfLevel(path, level);
        if (path.OpenGroups.Any(g => Undecided(g, row)) || path.Groups.Any(g => Undecided(g, unit)))
            return (StreamClass.Late, Obstacle.Undecided);
        var worst = (Class: StreamClass.Local, Obstacle: Obstacle.None);
        foreach (var segment in path.Segments)
        {
            var one = Classify(path.Scope, segment, folded, row);
            if (one.Obstacle != Obstacle.None)
                return one;
            if (one.Class > worst.Class)
                worst = one;
        }
        return worst;
    }

    // Of another level everything is known and held, except the units inside it.
    (StreamClass Class, Obstacle Obstacle) OfLevel(BoundPath path, GroupStep level)
    {
        if (!FollowsLevels(path.Scope))
            return (StreamClass.Late, Obstacle.NotFollowed);
        var asked = path.Groups.Append(level).SelectMany(g => g.Predicates).OfType<Predicate.Child>().SelectMany(p => p.Nodes);
        return unit != path.Scope && path.Segments.Concat(asked).Any(InUnit) ? (StreamClass.Late, Obstacle.OtherLevel) : (StreamClass.Fixed, Obstacle.None);
    }

    /// <summary>True when the open levels of a group are held one by one; a message held whole has them side by side.</summary>
    public bool FollowsLevels(int group) => unit > 0 && structure.Contains(group, unit);

    (StreamClass Class, Obstacle Obstacle) Classify(int scope, int target, bool folded, int row)
    {
        // Unit 0: the whole message is held, and so known.
        if (unit == 0 || (InUnit(scope) && InUnit(row)))
            return (StreamClass.Local, Obstacle.None);
        if (scope != row)
            return Enclosing(scope, target, folded, row);
        if (InUnit(target))
            return folded ? (StreamClass.Fold, Obstacle.None) : (StreamClass.Local, Obstacle.Unfolded);
        var after = structure.Contains(row, unit) && structure.Branch(row, target) > structure.Branch(row, unit);
        return (after ? StreamClass.Late : StreamClass.Local, Obstacle.None);
    }

    (StreamClass Class, Obstacle Obstacle) Enclosing(int scope, int target, bool folded, int row)
    {
        if (structure.Branch(scope, target) >= structure.Branch(scope, row))
            return (StreamClass.Late, Obstacle.After);
        if (!InUnit(target))
            return (StreamClass.Fixed, Obstacle.None);
        return folded ? (StreamClass.Fold, Obstacle.None) : (StreamClass.Local, Obstacle.Unfolded);
    }

    /// <summary>
    /// True when a step asks a group that is still open around a node for a child that may yet come: <c>PGI[!ALC]/LIN</c>, where ALC stands behind LIN.
    /// Also for a unit, <c>PGI[LIN]</c>: units are not held with the group around them.
    /// </summary>
    public bool Undecided(GroupStep step, int inside) =>
        unit > 0 && step.Groups.Any(g => !InUnit(g) && step.Predicates.OfType<Predicate.Child>().SelectMany(p => p.Nodes)
            .Any(n => InUnit(n) || (g != inside && structure.Contains(g, inside) && n >= structure.Branch(g, inside))));

    bool InUnit(int node) => unit > 0 && structure.Contains(unit, node);

    /// <summary>Every path an expression reads, through the columns it refers to; with true for one under an accumulator.</summary>
    /// <param name="expr">The expression.</param>
    /// <param name="column">Answers the value of a column of another block, or null when that did not compile.</param>
    public static IEnumerable<(BoundPath Path, bool Folded)> Reads(BoundExpr expr, Func<BoundExpr.ColumnRef, BoundExpr?> column)
    {
        switch (expr)
        {
            case BoundExpr.Read read:
                return [(read.Path, false)];
            case BoundExpr.Aggregate aggregate:
                return [(aggregate.Path, IsFold(aggregate.Kind))];
            case BoundExpr.Exists exists:
                return [(exists.Path, false)];
            case BoundExpr.ColumnRef reference:
                return column(reference) is { } value ? Reads(value, column) : [];
            case BoundExpr.Join join:
                return join.Items.SelectMany(i => i.Path is { } path ? [(path, false)] : Reads(i.Value!, column));
            default:
                return Operands(expr).SelectMany(e => Reads(e, column));
        }
    }

    /// <summary>One bounded value does for these, however many units come.</summary>
    public static bool IsFold(AggregateKind kind) => kind != AggregateKind.Nth;

    /// <summary>What an expression is made of; those that read something themselves are their caller's.</summary>
    public static IEnumerable<BoundExpr> Operands(BoundExpr expr) => expr switch
    {
        BoundExpr.Literal or BoundExpr.Variable => [],
        BoundExpr.Call call => call.Arguments,
        BoundExpr.Own own => own.Arguments,
        BoundExpr.If choice => [choice.Condition, choice.Then, choice.Else],
        BoundExpr.Coalesce coalesce => [coalesce.Left, coalesce.Right],
        BoundExpr.Arithmetic arithmetic => [arithmetic.Left, arithmetic.Right],
        BoundExpr.Compare compare => [compare.Left, compare.Right],
        BoundExpr.Logical logical => [logical.Left, logical.Right],
        BoundExpr.Not not => [not.Operand],
        BoundExpr.In membership => [membership.Operand, .. membership.Items],
        BoundExpr.Convert convert => [convert.Operand],
        BoundExpr.CodeLookup lookup => [lookup.Operand],
        BoundExpr.Xref xref => xref.Keys,
        _ => throw new UnreachableException($"No operands known of {expr.GetType().Name}."),
    };

    /// <summary>Message and hint for a path that cannot be had.</summary>
    public (string Code, string Message, string Hint) Explain(BoundPath path, Obstacle obstacle, int row)
    {
        var what = structure.PathOf(path.Segments[^1]);
        if (obstacle == Obstacle.Unfolded)
        {
            var group = structure.Describe(unit);
            return (MapCodes.Unfolded, $"{what} is inside the repeating group {group}.",
                $"wrap it in count/sum/min/max/first/last or move it to a row with for: {structure[unit].Tag}");
        }
        if (obstacle == Obstacle.Undecided)
            return (MapCodes.NotStreamable, $"not streamable: what {path.Text} asks of an enclosing group is decided only when that group ends.",
                "ask only for what stands before the rows");
        if (obstacle == Obstacle.OtherLevel)
            return (MapCodes.NotStreamable, $"not streamable: {structure[unit].Tag} of another {structure[path.Scope].Tag} is not held when this row is written.",
                $"read what stands before {structure[unit].Tag} there");
        if (obstacle == Obstacle.NotFollowed)
            return (MapCodes.NotStreamable, $"{path.Text} reads another level, and levels are followed only while the message streams.", "leave out stream: buffer");
        // The branch of the row is the group people see repeating: name the row by it.
        var last = structure[structure.Branch(path.Scope, path.Segments[^1])].Tag;
        return (MapCodes.NotStreamable, $"not streamable: {last} comes after {structure[row].Tag}, so its value is unknown when this row is written.",
            "move it to the header row, or read it in SQL after the merge");
    }
}

/// <summary>What keeps a value from a row.</summary>
enum Obstacle
{
    None,

    /// <summary>It comes after the row is written.</summary>
    After,

    /// <summary>It repeats with the unit, and the row is outside it.</summary>
    Unfolded,

    /// <summary>A group still open is asked for a child that may yet come.</summary>
    Undecided,

    /// <summary>A unit inside another level.</summary>
    OtherLevel,

    /// <summary>Another level, in a message that is held whole.</summary>
    NotFollowed,
}
