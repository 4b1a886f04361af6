using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>What an overlay does to the rows of its base: <c>override</c>, <c>add</c> and <c>drop</c>. All names mean what stands in the base, not what another change makes of it.</summary>
sealed class MapChanges(LoadedMap below, YamlMap overlay, ICollection<Diagnostic> diagnostics, List<OverriddenRule> overridden)
{
    const string Rows = "rows";

    readonly MapRules rules = new(below.Root, below.Id);
    readonly List<(RuleName Rule, YamlScalar At, YamlNode Value)> overrides = [], additions = [];
    readonly List<(RuleBlock Block, YamlScalar At, YamlList Blocks)> blocks = [];
    readonly List<(RuleName Rule, YamlScalar At)> drops = [];
    readonly List<YamlNode> atEnd = [];

    /// <summary>The base with these changes, as far as there is something they can be made to.</summary>
    public YamlMap Apply()
    {
        if (below.Root.Find(Rows) is not YamlList)
        {
            foreach (var change in OverlayMerge.Changes)
                if (OverlayMerge.Entry(overlay, change) is { } entry)
                    Report(entry.Key, MapCodes.NoBaseRule, $"Map {below.Id} has no rows to {change}.", "mend the base first");
            return below.Root;
        }
        var finals = Finals();
        ReadOverrides();
        ReadAdditions();
        ReadDrops();
        RemoveClashes();
        RemoveFinal(finals);
        foreach (var (rule, at, _) in overrides)
            Remember(rule, at);
        foreach (var (rule, at) in drops)
        {
            Remember(rule, at);
            if (rule.Part.Length > 0 && rule.Block.Written.Find("table") is YamlScalar table)
                overridden[^1] = overridden[^1] with { Dropped = (table, rule.Part) };
        }
        foreach (var (rule, at, value) in overrides.Concat(additions))
            rule.Block.Put(rule.Part, at, value);
        foreach (var (block, at, added) in blocks)
            block.Add(at, added);
        foreach (var (rule, _) in drops)
        {
            if (rule.Part.Length == 0)
                rule.Block.IsDropped = true;
            else
                rule.Block.Remove(rule.Part);
        }
        return rules.ToYaml(atEnd);
    }

    void Remember(RuleName rule, YamlScalar at)
    {
        var node = rule.Part.Length == 0 ? rule.Block.Written : rule.Block.Find(rule.Part)!;
        overridden.Add(new(at, rules.NameOf(rule), YamlText.Flow(node), node, IsBlock: rule.Part.Length == 0));
    }

    void ReadOverrides()
    {
        foreach (var (name, value) in Entries(overlay, "override", "orders.note: BGM.1004", diagnostics))
            if (rules.Existing(name, whole: false, diagnostics) is { } rule && Expression(name, value))
                overrides.Add((rule, name, value));
    }

    void ReadAdditions()
    {
        foreach (var (name, value) in Entries(overlay, "add", "orders.note: BGM.1004", diagnostics))
        {
            if (name.Text == Rows)
            {
                if (Blocks(value) is { } list)
                    atEnd.AddRange(list.Items);
            }
            else if (rules.Resolve(name, whole: false, diagnostics) is { } rule)
                Addition(rule, name, value);
        }
    }

    void Addition(RuleName rule, YamlScalar name, YamlNode value)
    {
        if (rule.Part == Rows)
        {
            if (Blocks(value) is { } list)
                blocks.Add((rule.Block, name, list));
        }
        else if (rule.Block.Find(rule.Part) is { } there)
            Report(name, MapCodes.Clash, $"Map {below.Id} has {name.Text} already ({PlaceOf(there)}).", "change it under override:");
        else if (Expression(name, value))
            additions.Add((rule, name, value));
    }

    void ReadDrops()
    {
        foreach (var name in OverlayMerge.Names(overlay, "drop", diagnostics))
        {
            if (rules.Existing(name, whole: true, diagnostics) is not { } rule)
                continue;
            if (rule.Part == "for")
                Report(name, MapCodes.Shape, $"'{name.Text}' says what the rows of the block are made of.", "change it under override:, or drop the whole block");
            else if (drops.Exists(other => other.Rule == rule))
                Report(name, MapCodes.Clash, $"'{name.Text}' is dropped twice.");
            else
                drops.Add((rule, name));
        }
    }

    // What is dropped cannot be changed as well, and two names of one rule are one too many.
    void RemoveClashes()
    {
        var all = drops.ToList();
        overrides.RemoveAll(change => IsDropped(all, change.Rule, change.At));
        additions.RemoveAll(change => IsDropped(all, change.Rule, change.At));
        blocks.RemoveAll(change => IsDropped(all, new(change.Block, Rows), change.At));
        drops.RemoveAll(drop => IsDropped(all, drop.Rule, drop.At));
        RemoveTwins(overrides);
        RemoveTwins(additions);
    }

    void RemoveTwins(List<(RuleName Rule, YamlScalar At, YamlNode Value)> changes)
    {
        foreach (var same in changes.GroupBy(change => change.Rule).ToList())
            foreach (var twin in same.Skip(1))
            {
                changes.Remove(twin);
                // One name twice is told as such.
                if (twin.At.Text != same.First().At.Text)
                    Report(twin.At, MapCodes.Clash, $"'{twin.At.Text}' is '{same.First().At.Text}' of line {same.First().At.Line} under another name.", "remove one of the two");
            }
    }

    bool IsDropped(List<(RuleName Rule, YamlScalar At)> all, RuleName rule, YamlScalar at)
    {
        var drop = all.Find(drop => drop.At != at && (drop.Rule == rule || (drop.Rule.Part.Length == 0 && rule.Block.IsIn(drop.Rule.Block))));
        if (drop.At is null)
            return false;
        Report(at, MapCodes.Clash, $"'{at.Text}' is dropped in line {drop.At.Line}.", "remove one of the two");
        return true;
    }

    /// <summary>What the base says is final, with where it says so.</summary>
    List<(RuleName Rule, YamlScalar At)> Finals()
    {
        var finals = new List<(RuleName, YamlScalar)>();
        // What is wrong with them is told where the base is read.
        foreach (var name in OverlayMerge.Names(below.Root, "final", []))
            if (rules.Existing(name, whole: true, []) is { } rule)
                finals.Add((rule, name));
        return finals;
    }

    void RemoveFinal(List<(RuleName Rule, YamlScalar At)> finals)
    {
        overrides.RemoveAll(change => IsFinal(finals, change.Rule, change.At));
        additions.RemoveAll(change => IsFinal(finals, change.Rule, change.At));
        blocks.RemoveAll(change => IsFinal(finals, new(change.Block, Rows), change.At));
        drops.RemoveAll(drop => IsFinal(finals, drop.Rule, drop.At));
    }

    bool IsFinal(List<(RuleName Rule, YamlScalar At)> finals, RuleName rule, YamlScalar at)
    {
        var final = finals.Find(final => final.Rule == rule || (final.Rule.Part.Length == 0 && rule.Block.IsIn(final.Rule.Block))
            || (rule.Part.Length == 0 && final.Rule.Block.IsIn(rule.Block)));
        if (final.At is null)
            return false;
        Report(at, MapCodes.Final, $"{final.At.Text} is final in map {below.Id} ({PlaceOf(final.At)}).", "leave this out: maps that extend it must not change it");
        return true;
    }

    /// <summary>The lines of a section of changes; none after a diagnostic.</summary>
    public static IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries(YamlMap overlay, string section, string example, ICollection<Diagnostic> diagnostics)
    {
        switch (overlay.Find(section))
        {
            case YamlMap map:
                return map.Entries;
            case { } other:
                diagnostics.Add(new(other.FileOr(""), other.Line, other.Column, MapCodes.Shape, $"'{section}' holds 'name: expression' lines.", $"write {example}"));
                break;
        }
        return [];
    }

    bool Expression(YamlScalar name, YamlNode value)
    {
        if (value is YamlScalar scalar && (scalar.Text.Length > 0 || scalar.Quoted))
            return true;
        Report(value is YamlScalar ? name : value, MapCodes.Shape, $"'{name.Text}' needs one expression.", value is YamlMap ? $"write a line for each rule: {name.Text}.…" : null);
        return false;
    }

    YamlList? Blocks(YamlNode value)
    {
        if (value is YamlList list)
            return list;
        Report(value, MapCodes.Shape, "'rows' is a list.", "each block starts with '- table: …' or '- for: …'");
        return null;
    }

    static string PlaceOf(YamlNode node) => $"{node.FileOr("")}:{node.Line}:{node.Column}";

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, code, message, hint));
}
