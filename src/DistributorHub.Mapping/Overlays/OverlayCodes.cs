using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>The code lists that stand in an overlay, laid over those in its base: entries of a list that extends one of the base go before that one's.</summary>
sealed class OverlayCodes(YamlMap overlay, ICollection<Diagnostic> diagnostics, List<OverriddenRule> overridden)
{
    const string Codes = "codes";

    /// <summary>The base with the lists of both.</summary>
    public YamlMap Over(YamlMap merged)
    {
        if (OverlayMerge.Entry(overlay, Codes) is not { } own)
            return merged;
        // What reads the map tells what is wrong with the shape.
        if (own.Value is not YamlMap lists || merged.Find(Codes) is not YamlMap there)
            return merged.Find(Codes) is null ? merged.Put(own.Key, own.Value) : Misshapen(own.Value, merged);
        var all = there;
        foreach (var (name, body) in lists.Entries)
        {
            if (there.Find(name.Text) is { } before)
                overridden.Add(new(name, $"{Codes}/{name.Text}", YamlText.Flow(before), before, IsBlock: false));
            all = all.Put(name, body is YamlMap list && list.Find("extends") is YamlScalar extends && there.Find(extends.Text) is YamlMap base_ ? Joined(list, base_) : body);
        }
        return merged.Put(OverlayMerge.Entry(merged, Codes)!.Value.Key, all);
    }

    YamlMap Misshapen(YamlNode node, YamlMap merged)
    {
        diagnostics.Add(new(node.FileOr(""), node.Line, node.Column, MapCodes.Shape, "'codes' holds code lists.", "write codes: { uom: { extends: uom, map: { KRT: CT } } }"));
        return merged;
    }

    /// <summary>One list of both: it extends what the base's extends.</summary>
    static YamlMap Joined(YamlMap list, YamlMap below)
    {
        var joined = list.Without("extends");
        foreach (var (key, value) in below.Entries)
        {
            if (value is YamlMap entries && joined.Find(key.Text) is YamlMap own)
                joined = joined.Put(key, own.Entries.Aggregate(entries, (all, entry) => all.Put(entry.Key, entry.Value)));
            else if (joined.Find(key.Text) is null)
                joined = joined.Put(key, value);
        }
        return joined;
    }
}
