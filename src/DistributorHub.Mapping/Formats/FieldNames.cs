using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// What the names in rules of a map without a standard mean: a value of its <c>from:</c>, or a group of them. They become the paths that rules of EDI are
/// written with, so that everything behind them is the same.
/// </summary>
sealed class FieldNames(FileFormat format, ICollection<Diagnostic> diagnostics)
{
    readonly HashSet<string> groups = [.. format.Message.Nodes.Skip(1).Select(node => node.Tag)];

    /// <summary>The expression with paths in place of names; null after a diagnostic.</summary>
    public Expr? Resolve(Expr expr)
    {
        switch (expr)
        {
            case Expr.Bare bare:
                return Path(bare);
            case Expr.Call { Name: "code" or "xref" } call:
                // Names of lists and tables, and words, stand among their arguments.
                return Arguments(call, argument => call.Name == "code" ? argument == 0 : argument > 0);
            case Expr.Call call:
                return Arguments(call, _ => true);
            case Expr.Binary binary:
                var (left, right) = (Resolve(binary.Left), Resolve(binary.Right));
                return left is null || right is null ? null : binary with { Left = left, Right = right };
            case Expr.Not not:
                return Resolve(not.Operand) is { } operand ? not with { Operand = operand } : null;
            case Expr.In membership:
                var items = membership.Items.Select(Resolve).ToList();
                return Resolve(membership.Operand) is { } of && !items.Contains(null) ? membership with { Operand = of, Items = [.. items.OfType<Expr>()] } : null;
            case Expr.Path path:
                diagnostics.Add(new(path.Place.File, path.Place.Line, path.Place.Column, MapCodes.NoName, $"'{path.Text}' is a path of EDI, and this map reads {format.Message.Standard.Name()}.",
                    "values have the names that stand under from:"));
                return null;
            default:
                return expr;
        }
    }

    Expr.Call? Arguments(Expr.Call call, Func<int, bool> areValues)
    {
        var arguments = call.Arguments.Select((argument, i) => areValues(i) ? Resolve(argument) : argument).ToList();
        return arguments.Contains(null) ? null : call with { Arguments = [.. arguments.OfType<Expr>()] };
    }

    /// <summary>The path of a value or group; null after a diagnostic.</summary>
    public Expr.Path? Path(Expr.Bare name)
    {
        if (format.Fields.TryGetValue(name.Value, out var field))
            return new(Absolute: true, Steps(field.Group, name), [new(field.Definition.Id, [], 0, false, name.At)], name.Optional, name.Source, name.At, name.End);
        if (groups.Contains(name.Value))
            return new(Absolute: true, Steps(Around(name.Value), name), [], name.Optional, name.Source, name.At, name.End);
        diagnostics.Add(new(name.Place.File, name.Place.Line, name.Place.Column, MapCodes.NoElement, $"There is no value '{name.Value}' under from:.",
            Hints.DidYouMeanOr(name.Value, "there are", [.. format.Fields.Keys])));
        return null;
    }

    /// <summary>What <c>for:</c> names: a group, as seen from the row around it; null after a diagnostic.</summary>
    /// <param name="expr">As written.</param>
    /// <param name="outer">Tags of the groups around the row, from the message.</param>
    public Expr.Path? For(Expr expr, IReadOnlyList<string> outer)
    {
        if (expr is not Expr.Bare { Optional: false } name || !groups.Contains(name.Value) || name.Value == FieldGroup.Header)
        {
            diagnostics.Add(new(expr.Place.File, expr.Place.Line, expr.Place.Column, MapCodes.For, $"'{expr.Text}' is nothing that rows are made of.",
                Hints.DidYouMeanOr(expr.Text, "for: takes", [.. groups.Where(group => group != FieldGroup.Header)])));
            return null;
        }
        var steps = Around(name.Value);
        if (steps.Count > outer.Count && steps.Take(outer.Count).SequenceEqual(outer))
            return new(Absolute: false, Steps([.. steps.Skip(outer.Count)], name), [], false, name.Source, name.At, name.End);
        diagnostics.Add(new(name.Place.File, name.Place.Line, name.Place.Column, MapCodes.For, $"{name.Value} does not stand in {(outer.Count == 0 ? "the document" : outer[^1])}.",
            outer.SequenceEqual(steps) ? "leave out for:: this block makes rows of it already" : $"it stands in {(steps.Count > 1 ? steps[^2] : "the document")}"));
        return null;
    }

    List<string> Around(string group)
    {
        var tags = new List<string>();
        for (var node = format.Message.Nodes.First(n => n.Id > 0 && n.Tag == group); node.Id > 0; node = format.Message.Nodes[node.Parent])
            tags.Insert(0, node.Tag);
        return tags;
    }

    /// <summary>Tags of the groups from the message to a node.</summary>
    public IReadOnlyList<string> Outer(int group) => group == 0 ? [] : Around(format.Message.Nodes[group].Tag);

    static List<PathStep> Steps(IReadOnlyList<string> tags, Expr.Bare name) => [.. tags.Select(tag => new PathStep(tag, Summary: false, [], name.At, name.End))];
}
