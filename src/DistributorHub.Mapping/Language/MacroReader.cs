using System.Text.RegularExpressions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Reads <c>functions:</c>, where a key is a head such as <c>strip_sku(x)</c> and the value, quoted or not, is the body.</summary>
sealed partial class MacroReader(string file, string text, ICollection<Diagnostic> diagnostics)
{
    /// <summary>The installation's own functions, whose names a map cannot take.</summary>
    public MapFunctions Own { get; init; } = MapFunctions.None;

    [GeneratedRegex("^(?<name>[a-z_][a-z0-9_]*)\\((?<parameter>[a-z_][a-z0-9_]*)(, *(?<parameter>[a-z_][a-z0-9_]*))*\\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();

    public IReadOnlyDictionary<string, Macro> Read(YamlNode? node)
    {
        var macros = Own.All.ToDictionary(function => function.Name, function => new Macro(function.Name, [], null) { Own = function }, StringComparer.Ordinal);
        if (node is not YamlMap map)
        {
            if (node is not null)
                Report(node, "'functions' holds 'name(x): body' lines.", "strip(x): \"replace(trim(x), '^0+', '')\"");
            return macros;
        }
        foreach (var (head, value) in map.Entries)
        {
            var match = Head().Match(head.Text);
            if (!match.Success || value is not YamlScalar body)
            {
                Report(head, $"'{head.Text}' is not the head of a function with one body.", "write name(x): body, in small letters");
                // Nothing is said of its calls.
                if (head.Text.Split('(')[0].TrimEnd() is var meant && !FunctionTable.Names.Contains(meant))
                    macros.TryAdd(meant, new(meant, [], null));
                continue;
            }
            var name = match.Groups["name"].Value;
            if (FunctionTable.Names.Contains(name) || macros.ContainsKey(name))
            {
                Report(head, $"There is a function '{name}' already.", "choose another name");
                continue;
            }
            var parameters = match.Groups["parameter"].Captures.Select(c => c.Value).ToList();
            var areDistinct = parameters.Distinct(StringComparer.Ordinal).Count() == parameters.Count;
            if (!areDistinct)
                Report(head, "A parameter stands here twice.", null);
            var expr = ExprParser.Parse(new(file, text, body), diagnostics);
            macros.Add(name, new(name, parameters, expr is not null && Closed(expr, parameters) && areDistinct ? expr : null));
        }
        foreach (var macro in macros.Values.Where(macro => macro.Body is not null).ToList())
            if (!IsKnown(macro.Body!, macros))
                macros[macro.Name] = macro with { Body = null };
        return macros;
    }

    // Told here once, and not at every call; one that is never called is told as well.
    bool IsKnown(Expr expr, Dictionary<string, Macro> macros)
    {
        var isKnown = true;
        foreach (var call in Calls(expr).Where(call => !FunctionTable.Names.Contains(call.Name) && !macros.ContainsKey(call.Name)))
        {
            var (message, hint) = FunctionTable.Unknown(call.Name, macros.Keys);
            diagnostics.Add(new(call.Place.File, call.Place.Line, call.Place.Column, MapCodes.NoName, message, hint));
            isKnown = false;
        }
        return isKnown;
    }

    static IEnumerable<Expr.Call> Calls(Expr expr) => expr switch
    {
        Expr.Call call => call.Arguments.SelectMany(Calls).Prepend(call),
        Expr.Binary binary => Calls(binary.Left).Concat(Calls(binary.Right)),
        Expr.Not not => Calls(not.Operand),
        Expr.In membership => Calls(membership.Operand).Concat(membership.Items.SelectMany(Calls)),
        _ => [],
    };

    // A body is bound where it is called; a name that no call can give a meaning is reported even if there is none.
    bool Closed(Expr expr, List<string> parameters)
    {
        switch (expr)
        {
            case Expr.Bare bare when !parameters.Contains(bare.Value):
                diagnostics.Add(new(bare.Place.File, bare.Place.Line, bare.Place.Column, MapCodes.NoName, $"'{bare.Value}' is not a parameter of this function.",
                    Hints.DidYouMeanOr(bare.Value, "it has", parameters)));
                return false;
            case Expr.Call { Name: "code", Arguments: [var operand, ..] }:
                return Closed(operand, parameters);
            case Expr.Call { Name: "xref" } xref:
                return xref.Arguments.Skip(1).All(a => Closed(a, parameters));
            case Expr.Call call:
                return call.Arguments.All(a => Closed(a, parameters));
            case Expr.Binary binary:
                return Closed(binary.Left, parameters) && Closed(binary.Right, parameters);
            case Expr.Not not:
                return Closed(not.Operand, parameters);
            case Expr.In membership:
                return Closed(membership.Operand, parameters) && membership.Items.All(i => Closed(i, parameters));
            default:
                return true;
        }
    }

    void Report(YamlNode at, string message, string? hint) => diagnostics.Add(new(at.FileOr(file), at.Line, at.Column, MapCodes.Macro, message, hint));
}
