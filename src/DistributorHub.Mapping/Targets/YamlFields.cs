using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Targets;

/// <summary>Reads the fields of a YAML mapping and reports those that are missing, unknown or of the wrong shape.</summary>
/// <param name="file">Name for diagnostics.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
/// <param name="family">First letters of the codes.</param>
sealed class YamlFields(string file, ICollection<Diagnostic> diagnostics, string family = "TGT")
{
    public void Report(YamlNode at, string code, string message, string? hint = null) =>
        diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));

    /// <summary>The field's value, or the mapping itself when the field is not there: a place to report something at.</summary>
    public static YamlNode At(YamlMap map, string field) => map.Find(field) ?? map;

    public void Allow(YamlMap map, string what, params string[] known)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (!known.Contains(key.Text))
                Report(key, $"{family}1002", $"'{key.Text}' is not a setting of {what}.", $"known here: {string.Join(", ", known)}");
        }
    }

    public YamlScalar? Text(YamlMap map, string field, bool required = false)
    {
        var node = map.Find(field);
        if (node is YamlScalar { Text.Length: > 0 } scalar)
            return scalar;
        if (node is not null)
            Report(node, $"{family}1003", $"'{field}' must be a text.");
        else if (required)
            Report(map, $"{family}1004", $"'{field}' is missing.");
        return null;
    }

    public YamlMap? Map(YamlMap map, string field, bool required = false)
    {
        var node = map.Find(field);
        if (node is YamlMap inner)
            return inner;
        if (node is not null)
            Report(node, $"{family}1003", $"'{field}' must hold 'name: value' lines.");
        else if (required)
            Report(map, $"{family}1004", $"'{field}' is missing.");
        return null;
    }

    public IEnumerable<YamlScalar> Texts(YamlMap map, string field, bool required = false)
    {
        var node = map.Find(field);
        if (node is YamlList { Items.Count: > 0 } list && list.Items.All(i => i is YamlScalar { Text.Length: > 0 }))
            return list.Items.Cast<YamlScalar>();
        if (node is not null)
            Report(node, $"{family}1003", $"'{field}' must be a list of names.", $"write {field}: [a, b]");
        else if (required)
            Report(map, $"{family}1004", $"'{field}' is missing.");
        return [];
    }

    public TChoice Choice<TChoice>(YamlScalar node, string code, string what)
        where TChoice : struct, Enum
    {
        var names = Enum.GetNames<TChoice>().Select(n => n.ToLowerInvariant()).ToList();
        if (names.IndexOf(node.Text) is var index and >= 0)
            return Enum.GetValues<TChoice>()[index];
        Report(node, code, $"'{node.Text}' is not a {what}.", $"one of: {string.Join(", ", names)}");
        return default;
    }
}
