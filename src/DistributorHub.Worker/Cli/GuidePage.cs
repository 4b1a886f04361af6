using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Worker.Cli;

/// <summary>Prints a message as a guide leaves it: every line that a guide changed or added names its file and line.</summary>
sealed class GuidePage(TextWriter output, Guide guide, DefinitionNames names)
{
    readonly IReadOnlyList<Node> nodes = guide.Definition.Nodes;

    public void Print()
    {
        output.WriteLine($"{guide.Definition.Type} {guide.Definition.Release} with {guide.Id}");
        output.WriteLine("Lines that a guide changed or added name its file and line; severity is error where none is named.");
        output.WriteLine();
        for (var id = 1; id < nodes.Count; id++)
        {
            var depth = Depth(id);
            var isUsed = Structure(nodes[id], depth);
            // Rules about a group's elements are those of its first segment.
            var first = nodes[id].Parent is > 0 and var group && id == group + 1 ? group : -1;
            foreach (var rule in guide.Rules.Where(r => (r.Node == id && !nodes[id].IsGroup || r.Node == first && r.Element is not null || r.Node == id && r.Element is null) && !IsWhole(r)))
                Write(depth + 1, $". {Below(rule)}", Words(rule), $"<- {rule.Source}");
            if (!isUsed)
                id = nodes[id].End - 1;
        }
        foreach (var extension in guide.Extensions)
            output.WriteLine($"{extension.Tag} C {extension.Max} in {(extension.Group == 0 ? guide.Definition.Type : nodes[extension.Group].Tag)}"
                + $"{(extension.After > 0 ? $" after {nodes[extension.After].Tag}" : "")}, beyond the standard; the hub does not read it  <- {extension.Source}");
    }

    /// <summary>One line of the definition, as the guide's rules about all its segments leave it; false when it is not used.</summary>
    bool Structure(Node node, int depth)
    {
        var rules = guide.Rules.Where(r => r.Node == node.Id && IsWhole(r)).ToList();
        var min = rules.Select(r => r.Min).Append(node.Mandatory ? 1 : 0).Max();
        var max = rules.Select(r => r.Max).Append(node.Max).Min();
        var was = DefinitionPage.Use(node);
        var change = rules.Count == 0 ? "" : $"<- was {was}; {string.Join(", ", rules.Select(r => r.Source.ToString()).Distinct())}{Severity(rules[0])}";
        var use = max == 0 ? "not used" : $"{(min > 0 ? 'M' : 'C')} {(min > 1 ? $"{min}.." : "")}{DefinitionPage.Count(max)}";
        Write(depth, node.IsGroup ? $"+ {node.Tag}" : node.Tag, $"{use,-9} {node.Label,-5} {names[node.Tag]}{(node.Id == guide.Definition.Detail ? "  (detail)" : "")}", change);
        return max > 0;
    }

    /// <summary>True for a rule that changes the line of its segment or group.</summary>
    static bool IsWhole(GuideRule rule) => rule is { Kind: GuideRuleKind.Times, Where.Count: 0, When.Count: 0, Severity: not null };

    void Write(int depth, string name, string text, string change) =>
        output.WriteLine($"{$"{new string(' ', depth * 2)}{name}".PadRight(26)} {text.TrimEnd()}  {change}".TrimEnd());

    int Depth(int node)
    {
        var depth = 0;
        for (var at = nodes[node].Parent; at > 0; at = nodes[at].Parent)
            depth++;
        return depth;
    }

    /// <summary>A path without the groups around it, which the page shows already.</summary>
    static string Below(GuideRule rule) => rule.Path[(rule.Path.LastIndexOf('/') + 1)..];

    static string Words(GuideRule rule)
    {
        var text = rule.Kind switch
        {
            GuideRuleKind.Times => rule.Max == 0 ? "not used" : Range(rule),
            GuideRuleKind.Filled => "filled",
            GuideRuleKind.Empty => "not used",
            GuideRuleKind.Codes => "one of " + string.Join(", ", rule.Codes!.Values),
            _ => $"{Range(rule)} characters",
        };
        return $"{text}{(rule.WhenText is { } when ? $" when {when}" : "")}{Severity(rule)}";
    }

    static string Range(GuideRule rule) => rule.Min == rule.Max ? rule.Min.ToString(CultureInfo.InvariantCulture)
        : $"{rule.Min}..{(rule.Max == int.MaxValue ? "" : rule.Max.ToString(CultureInfo.InvariantCulture))}";

    static string Severity(GuideRule rule) => rule.Severity switch
    {
        null => " (off)",
        Edi.Severity.Warning => " (warn)",
        _ => "",
    };
}
