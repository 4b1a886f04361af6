using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Guides;

/// <summary>The text of one guide, and where its mistakes go.</summary>
sealed class GuideFile(string id, string file, string text, ICollection<Diagnostic> diagnostics)
{
    public string Id => id;

    public string Name => file;

    public ICollection<Diagnostic> Diagnostics => diagnostics;

    public GuideSource Source(YamlNode at) => new(id, file, at.Line, at.Column);

    public ExprSource Expression(YamlScalar scalar) => new(file, text, scalar);

    public void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));

    public void Report(Place at, string code, string message, string? hint = null) => diagnostics.Add(new(at.File, at.Line, at.Column, code, message, hint));

    /// <summary>Reports keys that are not among the known ones.</summary>
    public void Allow(YamlMap map, string what, params string[] known)
    {
        foreach (var (key, _) in map.Entries)
            if (!known.Contains(key.Text))
                Report(key, GuideMistakes.Shape, $"'{key.Text}' is not a setting of {what}.", Hints.DidYouMeanOr(key.Text, "known here", known));
    }

    /// <summary>The mapping under a key, or null: after a report when something else stands there.</summary>
    public YamlMap? Map(YamlMap map, string key)
    {
        if (map.Find(key) is { } node and not YamlMap)
            Report(node, GuideMistakes.Shape, $"'{key}' holds 'path: …' lines.");
        return map.Find(key) as YamlMap;
    }

    /// <summary>The texts of a list; one text alone counts as a list of one.</summary>
    public IReadOnlyList<YamlScalar> Texts(YamlNode? node, string what)
    {
        if (node is null)
            return [];
        if (node is YamlScalar { Text.Length: > 0 } single)
            return [single];
        if (node is YamlList { Items.Count: > 0 } list && list.Items.All(item => item is YamlScalar { Text.Length: > 0 }))
            return [.. list.Items.Cast<YamlScalar>()];
        Report(node, GuideMistakes.Shape, $"'{what}' is a list of texts.", $"write {what}: [first, second]");
        return [];
    }
}
