using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Fuzz;

/// <summary>A guide with rules of every kind for two definitions.</summary>
static class Guides
{
    static readonly Guide orders = Make(Standard.Edifact, "ORDERS", "D.96A", "LIN", "QTY", "ZZZ");
    static readonly Guide purchases = Make(Standard.X12, "850", "004010", "PO1", "PID", "ZZ");

    public static Guide? For(MessageDefinition? definition) =>
        definition is null ? null : definition == orders.Definition ? orders : definition == purchases.Definition ? purchases : null;

    static Guide Make(Standard standard, string type, string release, string line, string inner, string extension)
    {
        var definition = DefinitionLibrary.Embedded.Find(standard, type, release)!;
        var group = definition.Nodes.First(n => n.IsGroup && n.Tag == line).Id;
        var segment = definition.Nodes.First(n => n.Id > group && n.Tag == inner).Id;
        var party = definition.Nodes.First(n => n.IsGroup && n.Tag is "NAD" or "N1").Id;
        var first = new GuideElement([new(new(1))]);
        var second = new GuideElement([new(new(2, standard == Standard.Edifact ? 1 : 0), new ElementAddress(1))], new(["BY", "SU"]));
        var rule = new GuideRule { Kind = GuideRuleKind.Times, Node = segment, Severity = Severity.Error, Path = $"{line}/{inner}", Source = new("guides/fuzz", "fuzz.yaml", 1, 1) };
        var exists = new GuideCondition(true, party, [new([new(new(1))], new(["BY"]))], null);
        var missing = new GuideCondition(false, segment, [], first);
        return new("guides/fuzz", definition,
        [
            rule with { Min = 1, Max = 1 },
            rule with { Max = 0, Node = party, When = [missing], WhenText = "not exists" },
            rule with { Kind = GuideRuleKind.Filled, Element = second, Node = party },
            rule with { Kind = GuideRuleKind.Empty, Element = first, Node = segment, When = [exists], WhenText = "exists" },
            rule with { Kind = GuideRuleKind.Codes, Element = first, Codes = new(["21", "F"]), Severity = Severity.Warning },
            rule with { Kind = GuideRuleKind.Length, Element = first, Node = group, Min = 2, Max = 3, When = [exists, missing], WhenText = "both" },
            rule with { Kind = GuideRuleKind.Length, Element = second, Node = party, Min = 2, Max = 5, Numeric = true },
        ],
        [new(extension, 0, 0, 2, rule.Source), new("X", group, group, 1, rule.Source)]);
    }
}
