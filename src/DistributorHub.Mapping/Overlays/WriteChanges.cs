using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>What an overlay does to the segments of its base: <c>override</c>, <c>add</c> and <c>drop</c>. All names mean what stands in the base.</summary>
sealed class WriteChanges(LoadedMap below, YamlMap overlay, ICollection<Diagnostic> diagnostics, List<OverriddenRule> overridden)
{
    const string After = "after ", Before = "before ";

    readonly WriteRules rules = new(below.Root, below.Id);
    readonly List<(WriteName Name, YamlScalar At, YamlNode Value)> overrides = [], additions = [];
    readonly List<(WriteName Name, YamlScalar At, bool IsAfter, YamlList Entries)> insertions = [];
    readonly List<(WriteName Name, YamlScalar At)> drops = [];

    /// <summary>The base with these changes, as far as there is something they can be made to.</summary>
    public YamlMap Apply()
    {
        ReadOverrides();
        ReadAdditions();
        ReadDrops();
        RemoveClashes();
        RemoveFinal();
        foreach (var (name, at, value) in overrides)
        {
            Remember(name, at);
            name.Item.Put(name.Part, at, value);
        }
        foreach (var (name, at, value) in additions)
            name.Item.Put(name.Part, at, value);
        foreach (var (name, _, isAfter, entries) in insertions)
            (isAfter ? name.Item.After : name.Item.Before).AddRange(entries.Items);
        foreach (var (name, at) in drops)
        {
            Remember(name, at);
            if (name.Part.Length == 0)
                name.Item.IsDropped = true;
            else
                name.Item.Remove(name.Part);
        }
        return rules.ToYaml();
    }

    void Remember(WriteName name, YamlScalar at)
    {
        var node = name.Item.Find(name.Part)!;
        overridden.Add(new(at, rules.NameOf(name), YamlText.Flow(node), node, IsBlock: name is { Part: "", Item.IsBlock: true }));
    }

    void ReadOverrides()
    {
        foreach (var (at, value) in MapChanges.Entries(overlay, "override", "DTM[137]: issued_at", diagnostics))
        {
            if (rules.Existing(at, diagnostics) is not { } name)
                continue;
            if (name is { Part: "", Item.IsBlock: true })
                Report(at, MapCodes.Shape, $"'{at.Text}' is a block, and a rule is meant here.", $"write {at.Text}.where, or the segments in it: {at.Text}/…");
            else if (IsValue(at, value, elements: name.Part.Length == 0))
                overrides.Add((name, at, value));
        }
    }

    void ReadAdditions()
    {
        foreach (var (at, value) in MapChanges.Entries(overlay, "add", "after BGM: [ … ]", diagnostics))
        {
            var isAfter = at.Text.StartsWith(After, StringComparison.Ordinal);
            if (isAfter || at.Text.StartsWith(Before, StringComparison.Ordinal))
                Insertion(at, at.Text[(isAfter ? After : Before).Length..].Trim(), isAfter, value);
            else if (rules.Resolve(at, at.Text, diagnostics) is { } name)
                Addition(name, at, value);
        }
    }

    void Insertion(YamlScalar at, string text, bool isAfter, YamlNode value)
    {
        if (rules.Resolve(at, text, diagnostics) is not { } name)
            return;
        if (name.Part.Length > 0)
            Report(at, MapCodes.Shape, $"'{text}' is a value, and segments stand before or behind segments.", $"{(isAfter ? After : Before)}{rules.NameOf(name with { Part = "" })}");
        else if (value is YamlList entries)
            insertions.Add((name, at, isAfter, entries));
        else
            Report(value, MapCodes.Shape, $"'{at.Text}' holds a list of segments and blocks, as write: does.", "- NAD[DP]: …");
    }

    void Addition(WriteName name, YamlScalar at, YamlNode value)
    {
        if (name.Item.Find(name.Part) is { } there)
            Report(at, MapCodes.Clash, $"Map {below.Id} has {at.Text} already ({there.FileOr("")}:{there.Line}:{there.Column}).", $"change it under override:, or put more behind it: {After}{rules.NameOf(name with { Part = "" })}");
        else if (!name.Item.Takes(name.Part))
            Report(at, MapCodes.NoBaseRule, $"{rules.NameOf(name with { Part = "" })} of map {below.Id} takes no '{name.Part}'.",
                name.Item.IsBlock ? "a block takes 'where'" : "it has one value: write it with its elements under override:");
        else if (IsValue(at, value, elements: false))
            additions.Add((name, at, value));
    }

    void ReadDrops()
    {
        foreach (var at in OverlayMerge.Names(overlay, "drop", diagnostics))
            if (rules.Existing(at, diagnostics) is { } name)
            {
                if (drops.Exists(other => other.Name == name))
                    Report(at, MapCodes.Clash, $"'{at.Text}' is dropped twice.");
                else
                    drops.Add((name, at));
            }
    }

    void RemoveClashes()
    {
        var all = drops.ToList();
        overrides.RemoveAll(change => IsDropped(all, change.Name, change.At));
        additions.RemoveAll(change => IsDropped(all, change.Name, change.At));
        drops.RemoveAll(drop => IsDropped(all, drop.Name, drop.At));
        foreach (var twin in overrides.Concat(additions).GroupBy(change => change.Name).SelectMany(same => same.Skip(1)).ToList())
        {
            Report(twin.At, MapCodes.Clash, $"'{twin.At.Text}' stands here twice, under this or another name.", "remove one of the two");
            overrides.Remove(twin);
            additions.Remove(twin);
        }
    }

    // A whole that is overridden takes its parts along.
    bool IsDropped(List<(WriteName Name, YamlScalar At)> all, WriteName name, YamlScalar at)
    {
        var drop = all.Find(drop => drop.At != at && Covers(drop.Name, name));
        if (drop.At is null)
            return false;
        Report(at, MapCodes.Clash, $"'{at.Text}' is dropped in line {drop.At.Line}.", "remove one of the two");
        return true;
    }

    void RemoveFinal()
    {
        var finals = new List<(WriteName Name, YamlScalar At)>();
        // What is wrong with them is told where the base is read.
        foreach (var at in OverlayMerge.Names(below.Root, "final", []))
            if (rules.Existing(at, []) is { } name)
                finals.Add((name, at));
        overrides.RemoveAll(change => IsFinal(finals, change.Name, change.At));
        additions.RemoveAll(change => IsFinal(finals, change.Name, change.At));
        drops.RemoveAll(drop => IsFinal(finals, drop.Name, drop.At));
    }

    bool IsFinal(List<(WriteName Name, YamlScalar At)> finals, WriteName name, YamlScalar at)
    {
        var final = finals.Find(final => Covers(final.Name, name) || Covers(name, final.Name));
        if (final.At is null)
            return false;
        Report(at, MapCodes.Final, $"{final.At.Text} is final in map {below.Id} ({final.At.FileOr("")}:{final.At.Line}:{final.At.Column}).", "leave this out: maps that extend it must not change it");
        return true;
    }

    static bool Covers(WriteName whole, WriteName part) => whole == part || (whole.Part.Length == 0 && part.Item.IsIn(whole.Item));

    bool IsValue(YamlScalar at, YamlNode value, bool elements)
    {
        if (value is YamlScalar scalar && (scalar.Text.Length > 0 || scalar.Quoted) || elements && value is YamlMap { Entries.Count: > 0 })
            return true;
        Report(value is YamlScalar ? at : value, MapCodes.Shape, elements ? $"'{at.Text}' needs one expression, or elements below it." : $"'{at.Text}' needs one expression.");
        return false;
    }

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, code, message, hint));
}
