using System.Text.RegularExpressions;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Reads <c>functions:</c>, where a key is a head such as <c>strip_sku(x)</c> and the value, quoted or not, is the body.</summary>
sealed partial class MacroReader(string file, string text, ICollection<Diagnostic> diagnostics)
{
    [GeneratedRegex("^(?<name>[a-z_][a-z0-9_]*)\\((?<parameter>[a-z_][a-z0-9_]*)(, *(?<parameter>[a-z_][a-z0-9_]*))*\\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();

    public IReadOnlyDictionary<string, Macro> Read(YamlNode? node)
    {
        var macros = new Dictionary<string, Macro>(StringComparer.Ordinal);
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
                continue;
            }
            var name = match.Groups["name"].Value;
            if (FunctionTable.Names.Contains(name) || macros.ContainsKey(name))
            {
                Report(head, $"There is a function '{name}' already.", "choose another name");
                continue;
            }
            var parameters = match.Groups["parameter"].Captures.Select(c => c.Value).ToList();
            if (parameters.Distinct(StringComparer.Ordinal).Count() != parameters.Count)
                Report(head, "A parameter stands here twice.", null);
            else if (ExprParser.Parse(new(file, text, body), diagnostics) is { } expr && Closed(expr, parameters))
                macros.Add(name, new(name, parameters, expr));
        }
        return macros;
    }

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

    void Report(YamlNode at, string message, string? hint) => diagnostics.Add(new(file, at.Line, at.Column, MapCodes.Macro, message, hint));
}
