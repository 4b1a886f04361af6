using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Guides;

/// <summary>What a path of a guide is about: a segment or group, or values of it.</summary>
/// <param name="Path">As written.</param>
/// <param name="Nodes">The segment's or group's nodes; usually one.</param>
/// <param name="Where">What tells its segments from others of the same place.</param>
/// <param name="Element">The values, or null.</param>
/// <param name="Definition">The definition of the first of them, or null.</param>
/// <param name="Around">The composite it is a component of, or null.</param>
sealed record GuideTarget(
    string Path, IReadOnlyList<int> Nodes, IReadOnlyList<GuideTest> Where, GuideElement? Element, ElementDefinition? Definition, ElementDefinition? Around)
{
    /// <summary>True when a value must be there by the definition already, wherever its segment is.</summary>
    public bool IsMandatory => Definition is { Mandatory: true } && Around is not { Mandatory: false };
}

/// <summary>
/// Binds the paths of guides, written as those of maps. A rule looks at one segment at a time, so only the last tag may have a condition, and
/// one on the segment's own elements.
/// </summary>
sealed class GuideTargets(GuideFile file, MessageDefinition message)
{
    readonly PathBinder paths = new(new Structure(message), file.Diagnostics);

    public Structure Structure { get; } = new(message);

    /// <summary>What a path is about, or null after a report.</summary>
    public GuideTarget? Bind(YamlScalar scalar) => ExprParser.ParsePath(file.Expression(scalar), file.Diagnostics) is { } path ? Bind(path) : null;

    public GuideTarget? Bind(Expr.Path path)
    {
        if (path.Absolute || path.Optional || path.Parts.Any(p => p.Nth > 0 || p.All))
            return Fail(path, $"'{path.Text}' means one reading; a rule is about every value of its kind.", "write the path without /, ?, # and *");
        var last = path.Steps[^1];
        if (path.Steps.SkipLast(1).Any(s => s.Predicates.Count > 0) || last.Predicates.Any(p => p.Lacks))
            return Fail(path, $"Only the elements of the last segment can be asked for in '{path.Text}'.", "NAD[BY].3039, LIN/PRI[AAA]");
        var segment = message.Segments.Find(last.Tag);
        // A composite as a whole is no value a map could read, but a rule can be about it.
        var whole = segment is not null && path.Parts is [{ Codes.Count: 0 } only] && segment.Pairs.All(p => p.Name != only.Name)
            ? ElementBinder.Elements(segment.Elements, only.Name).FindAll(e => e.Components.Count > 0) : [];
        var bound = paths.Bind(whole.Count > 0 ? path with { Parts = [] } : path, group: 0, segmentsToo: true);
        if (bound is null)
            return null;
        if (bound.Predicates.Count != last.Predicates.Count)
            return Fail(path, $"Whether a group has another segment cannot be asked for in '{path.Text}'.", "write it as a condition: when: exists(LIN/PRI/RNG)");
        List<int> nodes = [.. bound.Segments.Select(id => message.Nodes[id].Parent is > 0 and var group && id == group + 1 ? group : id)];
        List<GuideTest> where = [.. bound.Predicates.Cast<Predicate.Element>().Select(p => new GuideTest([.. p.Slots.Select(Slot)], new(p.Codes)))];
        if (whole.Count > 0)
            return new(path.Text, nodes, where, new([.. whole.Select(e => new GuideSlot(new(e.Position)))]), whole[0], null);
        if (bound.Slots.Count == 0)
            return new(path.Text, nodes, where, null, null, null);
        var first = bound.Slots[0].Value;
        var element = segment!.Elements.First(e => e.Position == first.Element);
        GuideElement values = new([.. bound.Slots.Select(Slot)], bound.Qualifiers.Count > 0 ? new(bound.Qualifiers) : null);
        return first.Component == 0 ? new(path.Text, nodes, where, values, element, null)
            : new(path.Text, nodes, where, values, element.Components.First(c => c.Position == first.Component), element);
    }

    /// <summary>The conditions of <c>when:</c>, or null after a report.</summary>
    public List<GuideCondition>? BindWhen(YamlScalar scalar)
    {
        var conditions = new List<GuideCondition>();
        return ExprParser.Parse(file.Expression(scalar), file.Diagnostics) is { } expr && Conditions(expr, exists: true, conditions) ? conditions : null;
    }

    bool Conditions(Expr expr, bool exists, List<GuideCondition> conditions)
    {
        switch (expr)
        {
            case Expr.Binary { Operator: BinaryOperator.And } both when exists:
                return Conditions(both.Left, true, conditions) && Conditions(both.Right, true, conditions);
            case Expr.Not not when exists:
                return Conditions(not.Operand, false, conditions);
            case Expr.Call { Name: "exists", Arguments: [Expr.Path path] }:
                if (Bind(path) is not { } target)
                    return false;
                if (target.Nodes.Count > 1)
                    return Fail(path, $"'{path.Text}' stands at {target.Nodes.Count} places.", "a condition is about one of them") is not null;
                conditions.Add(new(exists, Structure[target.Nodes[0]].IsGroup ? target.Nodes[0] + 1 : target.Nodes[0], target.Where, target.Element));
                return true;
            default:
                file.Report(expr.Place, GuideMistakes.Condition, "A condition is made of exists(PATH) and not exists(PATH), joined by 'and'.");
                return false;
        }
    }

    static GuideSlot Slot(ValueSlot slot) => new(slot.Value, slot.Qualifier);

    GuideTarget? Fail(Expr.Path path, string message, string hint)
    {
        file.Report(path.Place, GuideMistakes.Path, message, hint);
        return null;
    }
}
