using System.Globalization;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>A part of a segment or block, or with an empty <paramref name="Part"/> the whole of it.</summary>
readonly record struct WriteName(WriteItem Item, string Part);

/// <summary>The segments and blocks of a map that writes, by the names that other maps call them.</summary>
/// <param name="map">The map.</param>
/// <param name="id">Its id, for what is told.</param>
sealed class WriteRules(YamlMap map, string id)
{
    const string Write = "write";

    readonly List<WriteItem> roots = map.Find(Write) is YamlList list ? WriteItem.Of(list, null) : [];

    IEnumerable<WriteItem> All => roots.SelectMany(item => item.WithInner);

    /// <summary>Those of a name: <c>QTY[21]</c>, <c>lines/QTY[21]</c>, and <c>#2</c> for the second.</summary>
    List<WriteItem> Named(string address)
    {
        var named = All.Where(item => item.Addresses.Contains(address)).ToList();
        var hash = address.LastIndexOf('#');
        if (named.Count > 0 || hash < 0 || !int.TryParse(address.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return named;
        var candidates = Named(address[..hash]);
        return number > 0 && number <= candidates.Count ? [candidates[number - 1]] : [];
    }

    /// <summary>The shortest name that is the item's alone.</summary>
    string AddressOf(WriteItem item)
    {
        foreach (var address in item.Addresses)
            if (Named(address) is [_])
                return address;
        return $"{item.Name}#{Named(item.Name).IndexOf(item) + 1}";
    }

    /// <summary>As diagnostics and lock files name it.</summary>
    public string NameOf(WriteName name) => name.Part.Length == 0 ? AddressOf(name.Item) : $"{AddressOf(name.Item)}.{name.Part}";

    /// <summary>What a name means here; null after a diagnostic.</summary>
    /// <param name="written">Where it stands, for diagnostics.</param>
    /// <param name="text">A segment or block, or behind a dot a part of it.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public WriteName? Resolve(YamlScalar written, string text, ICollection<Diagnostic> diagnostics)
    {
        // A segment's name may have dots itself: the longest that is one counts.
        for (var end = text.Length; end > 0; end = text.LastIndexOf('.', end - 1))
            switch (Named(text[..end]))
            {
                case [var item]:
                    return new(item, end == text.Length ? "" : text[(end + 1)..]);
                case { Count: > 1 } several:
                    Report(written, $"Map {id} has {several.Count} times '{text[..end]}'.", $"write one of {Hints.List([.. several.Select(AddressOf)])}", diagnostics);
                    return null;
            }
        Report(written, $"Map {id} writes no '{text}'.", Hints.DidYouMeanOr(text, "it has", [.. All.Where(item => item.Name.Length > 0).Select(AddressOf)]), diagnostics);
        return null;
    }

    /// <summary>As <see cref="Resolve"/>, and the part must be there.</summary>
    public WriteName? Existing(YamlScalar written, ICollection<Diagnostic> diagnostics)
    {
        if (Resolve(written, written.Text, diagnostics) is not { } name)
            return null;
        if (name.Item.Find(name.Part) is not null)
            return name;
        var address = AddressOf(name.Item);
        if (name.Item is { IsBlock: false, Value: YamlScalar })
            Report(written, $"{address} of map {id} has one value, and no rule '{name.Part}'.", $"write {address}: …", diagnostics);
        else
            Report(written, $"{address} of map {id} has no rule '{name.Part}'.", Hints.DidYouMeanOr(name.Part, "it has", name.Item.Parts), diagnostics);
        return null;
    }

    /// <summary>The map with all that was changed.</summary>
    public YamlMap ToYaml() => map.Find(Write) is YamlList list
        ? map.Put(map.Entries.First(entry => entry.Key.Text == Write).Key, list with { Items = [.. WriteItem.ToYaml(roots), .. list.Items.Where(item => item is not YamlMap)] }) : map;

    static void Report(YamlScalar at, string message, string? hint, ICollection<Diagnostic> diagnostics) =>
        diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, MapCodes.NoBaseRule, message, hint));
}
