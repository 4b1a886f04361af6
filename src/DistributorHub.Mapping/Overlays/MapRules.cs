using System.Globalization;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>A rule of a map, or with an empty <paramref name="Part"/> a whole block of rows.</summary>
readonly record struct RuleName(RuleBlock Block, string Part);

/// <summary>The blocks and rules of a map, by the names that other maps call them.</summary>
/// <param name="map">The map.</param>
/// <param name="id">Its id, for what is told.</param>
sealed class MapRules(YamlMap map, string id)
{
    readonly List<RuleBlock> roots = [.. ((map.Find("rows") as YamlList)?.Items ?? []).OfType<YamlMap>().Select(block => new RuleBlock(block, null))];

    IEnumerable<RuleBlock> All => roots.SelectMany(block => block.WithNested);

    /// <summary>The blocks of a name: a table, what makes the rows of a scope, either behind those around it (<c>price_items/price_tiers</c>), and <c>#2</c> for the second.</summary>
    List<RuleBlock> Named(string address)
    {
        var named = All.Where(block => block.Addresses.Contains(address)).ToList();
        var hash = address.LastIndexOf('#');
        if (named.Count > 0 || hash < 0 || !int.TryParse(address.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return named;
        var candidates = Named(address[..hash]);
        return number > 0 && number <= candidates.Count ? [candidates[number - 1]] : [];
    }

    /// <summary>The shortest name that is the block's alone.</summary>
    public string AddressOf(RuleBlock block)
    {
        foreach (var address in block.Addresses)
            if (Named(address) is [_])
                return address;
        return $"{block.Name}#{Named(block.Name).IndexOf(block) + 1}";
    }

    /// <summary>As diagnostics and lock files name it.</summary>
    public string NameOf(RuleName rule) => rule.Part.Length == 0 ? AddressOf(rule.Block) : $"{AddressOf(rule.Block)}.{rule.Part}";

    /// <summary>What a name means here; null after a diagnostic.</summary>
    /// <param name="written">A block, or a block and a part of it: <c>orders.note</c>, <c>orders.check.total</c>.</param>
    /// <param name="whole">True where a block as a whole can be meant.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public RuleName? Resolve(YamlScalar written, bool whole, ICollection<Diagnostic> diagnostics)
    {
        var text = written.Text;
        for (var dot = text.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = text.IndexOf('.', dot + 1))
        {
            var part = text[(dot + 1)..];
            switch (Named(text[..dot]))
            {
                case [var block] when part.Length > 0 && part != RuleBlock.Check && part != "check":
                    return new(block, part);
                case [_]:
                    Report(written, MapCodes.Shape, $"'{text}' names no rule.", $"write {text[..dot]}.column, .where, .for or .check.name", diagnostics);
                    return null;
                case { Count: > 1 } several:
                    Report(written, MapCodes.NoBaseRule, $"Map {id} has {several.Count} blocks '{text[..dot]}'.", $"write one of {Hints.List([.. several.Select(AddressOf)])}", diagnostics);
                    return null;
            }
        }
        switch (Named(text))
        {
            case [var block] when whole:
                return new(block, "");
            case [_]:
                Report(written, MapCodes.Shape, $"'{text}' is a block of rows, and a rule is meant here.", $"write {text}.column, .where, .for or .check.name", diagnostics);
                break;
            case { Count: > 1 } several:
                Report(written, MapCodes.NoBaseRule, $"Map {id} has {several.Count} blocks '{text}'.", $"write one of {Hints.List([.. several.Select(AddressOf)])}", diagnostics);
                break;
            default:
                var name = text.Split('.')[0];
                Report(written, MapCodes.NoBaseRule, $"Map {id} has no block '{name}'.", Hints.DidYouMeanOr(name, "it has", [.. All.Where(b => b.Name.Length > 0).Select(AddressOf)]), diagnostics);
                break;
        }
        return null;
    }

    /// <summary>As <see cref="Resolve"/>, and the rule or block must be there.</summary>
    public RuleName? Existing(YamlScalar written, bool whole, ICollection<Diagnostic> diagnostics)
    {
        if (Resolve(written, whole, diagnostics) is not { } rule)
            return null;
        if (rule.Part.Length == 0 || rule.Block.Find(rule.Part) is not null)
            return rule;
        var address = AddressOf(rule.Block);
        Report(written, MapCodes.NoBaseRule, $"{address} of map {id} has no rule '{rule.Part}'.", Hints.DidYouMeanOr(rule.Part, "it has", [.. rule.Block.Parts]), diagnostics);
        return null;
    }

    /// <summary>The map with all that was changed.</summary>
    /// <param name="added">Blocks that stand behind the others.</param>
    public YamlMap ToYaml(IReadOnlyList<YamlNode> added)
    {
        if (map.Find("rows") is not YamlList rows)
            return map;
        var key = map.Entries.First(entry => entry.Key.Text == "rows").Key;
        return map.Put(key, rows with { Items = [.. RuleBlock.Changed(rows.Items, roots), .. added] });
    }

    static void Report(YamlScalar at, string code, string message, string? hint, ICollection<Diagnostic> diagnostics) =>
        diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, code, message, hint));
}
