using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>A rule of the base that an overlay changes or drops.</summary>
/// <param name="At">Where the overlay says so.</param>
/// <param name="Name">The rule, as lock files name it.</param>
/// <param name="Text">What the base says.</param>
/// <param name="Rule">Where the base says it.</param>
/// <param name="IsBlock">True when it is a whole block of rows.</param>
sealed record OverriddenRule(YamlScalar At, string Name, string Text, YamlNode Rule, bool IsBlock)
{
    /// <summary>The table and column of a rule that was dropped; otherwise null.</summary>
    public (YamlScalar Table, string Column)? Dropped { get; init; }
}

/// <summary>Lays a map over the one it extends. What it says is put among the nodes of the base, and every node keeps its own file and place.</summary>
/// <param name="id">Id of the overlay.</param>
/// <param name="overlay">Its YAML.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
sealed class OverlayMerge(string id, YamlMap overlay, ICollection<Diagnostic> diagnostics)
{
    /// <summary>The sections that change rules of the base.</summary>
    public static readonly string[] Changes = ["override", "add", "drop"];

    static readonly string[] Settings = ["guide", "stream", "max_segments", "limits", "on_row_error"];

    static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["from"] = "it is of the messages its base is of",
        ["to"] = "it fills the tables its base fills",
        ["rows"] = "put blocks under add: rows: …, and change those of the base under override:",
        ["write"] = "put segments under add: after …, and change those of the base under override:",
    };

    readonly List<OverriddenRule> overridden = [];

    /// <summary>What of the base was changed or dropped.</summary>
    public IReadOnlyList<OverriddenRule> Overridden => overridden;

    /// <summary>Reports what an overlay cannot say.</summary>
    /// <param name="writes">True when its base writes messages.</param>
    public void CheckHead(bool writes)
    {
        var known = writes ? WriteSettings.Overlay : MapSettings.Overlay.Names;
        foreach (var (key, _) in overlay.Entries.Where(entry => !known.Contains(entry.Key.Text)))
            Report(key, MapCodes.Shape, $"'{key.Text}' is not a setting of a map that extends {(writes ? "one that writes" : "another")}.",
                Elsewhere.GetValueOrDefault(key.Text) ?? Hints.DidYouMeanOr(key.Text, "known here", known));
    }

    /// <summary>Both maps as one: what a map with the id of the overlay would have to say without a base.</summary>
    public YamlMap Over(LoadedMap below)
    {
        var writes = WriteReader.Is(below.Root);
        var merged = writes ? new WriteChanges(below, overlay, diagnostics, overridden).Apply() : new MapChanges(below, overlay, diagnostics, overridden).Apply();
        foreach (var setting in Settings.Where(_ => !writes))
            Replace(ref merged, setting);
        merged = merged.Without("hub").Without("id");
        foreach (var name in new[] { "hub", "id", "partner" })
            if (Entry(overlay, name) is { } own)
                merged = merged.Put(own.Key, own.Value);
        merged = Functions(merged);
        if (!writes)
            merged = Joined(merged, "ignore");
        merged = Joined(merged, "final");
        merged = new OverlayCodes(overlay, diagnostics, overridden).Over(merged);
        // What is missing of the whole is missing at the overlay; in the order in which maps are written.
        return merged with
        {
            Entries = [.. merged.Entries.OrderBy(entry => Array.IndexOf(MapReader.HeadKeys, entry.Key.Text) is >= 0 and var at ? at : int.MaxValue)],
            Line = overlay.Line,
            Column = overlay.Column,
            Source = overlay.Source,
        };
    }

    void Replace(ref YamlMap merged, string setting)
    {
        if (Entry(overlay, setting) is not { } own)
            return;
        if (merged.Find(setting) is { } before)
            overridden.Add(new(own.Key, setting, YamlText.Flow(before), before, IsBlock: false));
        merged = merged.Put(own.Key, own.Value);
    }

    YamlMap Functions(YamlMap merged)
    {
        if (Entry(overlay, "functions") is not { } own)
            return merged;
        if (own.Value is not YamlMap added || merged.Find("functions") is not YamlMap there)
            return merged.Find("functions") is null ? merged.Put(own.Key, own.Value) : Misshapen(own.Value, "'functions' holds 'name(x): body' lines.", merged);
        foreach (var (head, body) in added.Entries)
        {
            var before = there.Entries.Where(entry => NameOf(entry.Key) == NameOf(head)).Select(entry => entry.Key).FirstOrDefault();
            if (before is null)
                there = there.Put(head, body);
            else
                Report(head, MapCodes.Clash, $"The base has a function '{NameOf(head)}' ({before.FileOr("")}:{before.Line}), which its own rules may call.", "choose another name");
        }
        return merged.Put(Entry(merged, "functions")!.Value.Key, there);

        static string NameOf(YamlScalar head) => head.Text.Split('(')[0].TrimEnd();
    }

    /// <summary>A list of the base with that of the overlay behind it.</summary>
    YamlMap Joined(YamlMap merged, string name)
    {
        if (Entry(overlay, name) is not { } own)
            return merged;
        if (Entry(merged, name) is not { } there)
            return merged.Put(own.Key, own.Value);
        if (own.Value is YamlList added && there.Value is YamlList before)
            return merged.Put(there.Key, before with { Items = [.. before.Items, .. added.Items] });
        // Of 'final' this is told where its names are looked up.
        return name == "final" ? merged : Misshapen(own.Value, $"'{name}' is a list.", merged);
    }

    YamlMap Misshapen(YamlNode node, string message, YamlMap merged)
    {
        Report(node, MapCodes.Shape, message);
        return merged;
    }

    /// <summary>The names a list of a map's head holds; what is none is reported.</summary>
    public static IEnumerable<YamlScalar> Names(YamlMap map, string key, ICollection<Diagnostic> diagnostics)
    {
        var node = map.Find(key);
        if (node is not (null or YamlList))
            diagnostics.Add(new(node.FileOr(""), node.Line, node.Column, MapCodes.Shape, $"'{key}' is a list of names.", $"write {key}: [orders.note, order_parties]"));
        foreach (var item in (node as YamlList)?.Items ?? [])
        {
            if (item is YamlScalar { Text.Length: > 0 } name)
                yield return name;
            else
                diagnostics.Add(new(item.FileOr(""), item.Line, item.Column, MapCodes.Shape, $"'{key}' holds names of rules and blocks.", $"write {key}: [orders.note, order_parties]"));
        }
    }

    /// <summary>An entry with its key, or null.</summary>
    public static KeyValuePair<YamlScalar, YamlNode>? Entry(YamlMap map, string name)
    {
        foreach (var entry in map.Entries)
            if (entry.Key.Text == name)
                return entry;
        return null;
    }

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(id), at.Line, at.Column, code, message, hint));
}
