using DistributorHub.Edi;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>A map as it is compiled.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">Its own file.</param>
/// <param name="Text">That file's text.</param>
/// <param name="Root">Its YAML; of a map that extends another, both together, each node with the file it stands in.</param>
sealed record LoadedMap(string Id, string File, string Text, YamlMap Root)
{
    /// <summary>What the map is locked to; null when it extends none.</summary>
    public BaseState? Base { get; init; }
}

/// <summary>Reads a map, and lays it over those it extends.</summary>
/// <param name="read">Answers a path relative to the mappings folder with the file's text, or null.</param>
/// <param name="known">Ids of all maps, for hints.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
sealed class MapLoader(Func<string, string?> read, Func<IReadOnlyList<string>> known, ICollection<Diagnostic> diagnostics)
{
    const string Extends = "extends";

    readonly List<string> chain = [];
    YamlScalar? leaf;

    /// <summary>The map, with whatever mistakes; null after diagnostics when there is none, or none of what it extends.</summary>
    public LoadedMap? Load(string id)
    {
        var file = MapLibrary.FileOf(id);
        if (read(file) is { } text)
            return YamlFile.Read(file, text, diagnostics) is { } root ? Load(id, file, text, root) : null;
        diagnostics.Add(new(file, 1, 1, MapCodes.NoMap, $"There is no map '{id}'.", Hints.DidYouMeanOr(id, "maps", known())));
        return null;
    }

    LoadedMap? Load(string id, string file, string text, YamlMap root)
    {
        chain.Add(id);
        root = Meant(root);
        if (root.Find(Extends) is { } extends)
            return Overlay(id, file, text, root, extends);
        foreach (var (key, _) in root.Entries.Where(entry => OverlayMerge.Changes.Contains(entry.Key.Text)))
            Report(key, MapCodes.Shape, $"'{key.Text}' changes a map that this one extends, and it extends none.", "write extends: base/…");
        root = OverlayMerge.Changes.Aggregate(root, (map, change) => map.Without(change));
        CheckOwner(id, root);
        CheckFinals(id, root, root);
        return new(id, file, text, root);
    }

    // One that is misspelt is told by what reads the map; here it is taken for what it is near to, or all the rest would be told in vain.
    YamlMap Meant(YamlMap root)
    {
        var near = root.Entries.FirstOrDefault(entry => Hints.Nearest(entry.Key.Text, [Extends, .. MapReader.HeadKeys]) == Extends);
        if (near.Key is null || near.Key.Text == Extends || root.Find(Extends) is not null || root.Find("from") is not null)
            return root;
        Report(near.Key, MapCodes.Shape, $"'{near.Key.Text}' is not a setting of a map.", $"did you mean {Extends}?");
        return root.Without(near.Key.Text).Put(near.Key with { Text = Extends }, near.Value);
    }

    LoadedMap? Overlay(string id, string file, string text, YamlMap root, YamlNode extends)
    {
        var merge = new OverlayMerge(id, root, diagnostics);
        CheckOwner(id, root);
        var below = Base(id, extends);
        merge.CheckHead(writes: below is not null && WriteReader.Is(below.Root));
        if (below is null)
            return null;
        var merged = merge.Over(below);
        // Whose map the base is must be right for this one as well.
        if (root.Find("partner") is null)
            CheckOwner(id, merged);
        CheckFinals(id, root, merged);
        var state = new BaseState(id, below, (YamlScalar)extends, merge.Overridden);
        state.Compare(read(state.File), diagnostics);
        return new(id, file, text, merged) { Base = state };
    }

    LoadedMap? Base(string id, YamlNode extends)
    {
        if (extends is not YamlScalar { Text.Length: > 0 } named)
        {
            Report(extends, MapCodes.Extends, "A map extends one map.", "write extends: base/…; what several have in common stands in one that they all extend");
            return null;
        }
        leaf ??= named;
        if (chain.Contains(named.Text))
        {
            Report(leaf, MapCodes.Extends, $"{string.Join(" extends ", chain)} extends {named.Text}: a circle.", "one of them must not extend another");
            return null;
        }
        if (chain.Count == Limits.MapChainMax)
        {
            Report(leaf, MapCodes.Extends, $"{string.Join(" extends ", chain)} extends {named.Text}: a chain of more than {Limits.MapChainMax} maps.",
                "extend one further down, and write here what is missing");
            return null;
        }
        if (FolderOf(named.Text) is { } owner && owner != FolderOf(id))
        {
            Report(named, MapCodes.Extends, $"Map {named.Text} is partner {owner}'s own.", "extend a shared map: what both have in common belongs into base/");
            return null;
        }
        var file = MapLibrary.FileOf(named.Text);
        if (read(file) is not { } text)
        {
            Report(named, MapCodes.Extends, $"There is no map '{named.Text}'.", Hints.DidYouMeanOr(named.Text, "maps", [.. known().Where(other => other != id)]));
            return null;
        }
        if (YamlFile.Read(file, text, diagnostics) is not { } root)
            return null;
        if (root.Find("hub") is YamlScalar { Text: MapReader.Format })
            return Load(named.Text, file, text, root);
        Report(named, MapCodes.Extends, $"'{named.Text}' is not a map.", $"a map starts with 'hub: {MapReader.Format}'");
        return null;
    }

    // A map in a partner's folder is that partner's, whoever else may use it; one that says so as well is only that partner's.
    void CheckOwner(string id, YamlMap root)
    {
        switch (root.Find("partner"))
        {
            case null:
                break;
            case YamlScalar { Text.Length: > 0 } partner when partner.Text == FolderOf(id):
                break;
            case YamlScalar { Text.Length: > 0 } partner:
                Report(partner, MapCodes.Owner, FolderOf(id) is { } folder ? $"Map {id} stands in the folder of partner {folder}, not {partner.Text}." : $"Map {id} is a shared one, and no partner's.",
                    FolderOf(id) is { } right ? $"write partner: {right}, or put the map into partners/{partner.Text}/" : $"leave this out, or put the map into partners/{partner.Text}/");
                break;
            case { } other:
                Report(other, MapCodes.Shape, "'partner' must be one text.");
                break;
        }
    }

    void CheckFinals(string id, YamlMap own, YamlMap whole)
    {
        foreach (var final in OverlayMerge.Names(own, "final", diagnostics))
            if (WriteReader.Is(whole))
                new WriteRules(whole, id).Existing(final, diagnostics);
            else
                new MapRules(whole, id).Existing(final, whole: true, diagnostics);
    }

    /// <summary>The partner in whose folder a map stands; null for a shared one.</summary>
    public static string? FolderOf(string id) => id.Split('/') is [not "base", _, ..] parts ? parts[0] : null;

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, code, message, hint));
}
