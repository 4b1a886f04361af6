using System.Diagnostics;
using System.Globalization;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Partners;

/// <summary>
/// One mapping of a partner file, read setting by setting. Every mistake is reported where it stands and reading goes on with the
/// default, so that all mistakes come at once. What nobody asked for when <see cref="Finish"/> is called is unknown. Only settings of the table can be
/// asked for, so that editors know them all.
/// </summary>
sealed class Section(string file, string folder, string name, YamlMap map, SettingTable table, ICollection<Diagnostic> diagnostics)
{
    readonly List<string> known = [];

    public YamlMap Map => map;

    /// <summary>Mistakes of the whole file so far.</summary>
    public int Mistakes => diagnostics.Count;

    public void Report(YamlNode at, string code, string message, string? hint = null) =>
        diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));

    /// <summary>Whether the setting stands there; asking makes it a known one.</summary>
    public bool Has(string key) => Node(key) is not null;

    public YamlNode? Node(string key)
    {
        if (!table.Names.Contains(key))
            throw new UnreachableException($"'{key}' is no setting of the table '{table.Name}'.");
        if (!known.Contains(key))
            known.Add(key);
        return map.Find(key);
    }

    public string? Text(string key) => Scalar(key)?.Text;

    public string Required(string key, string meaning)
    {
        if (Text(key) is { } text)
            return text;
        if (map.Find(key) is null)
            Report(map, "PTN1001", $"{Where()} has no '{key}': {meaning}.");
        return "";
    }

    public bool Flag(string key, bool fallback) => Value<bool>(
        key, "yes or no", text => text switch { "yes" or "true" => true, "no" or "false" => false, _ => null }) ?? fallback;

    public int Number(string key, int fallback, int least, int most) => Value<int>(
        key, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : null) ?? fallback;

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most) => Value<TimeSpan>(
        key, $"{Measures.DurationForm}; from {least:c} to {most:c}",
        text => Measures.ParseDuration(text) is { } time && time >= least && time <= most ? time : null) ?? fallback;

    public long Size(string key, long fallback, long most) => Value<long>(
        key, $"{Measures.SizeForm}; from 1 B to {most} B",
        text => Measures.ParseSize(text) is { } size && size >= 1 && size <= most ? size : null) ?? fallback;

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum => Choice<T>(key) ?? fallback;

    /// <summary>One of the names of <typeparamref name="T"/>, or null after a report (or when it is not there).</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(choice => choice.ToLowerInvariant()).ToArray();
        if (Scalar(key) is not { } scalar)
            return null;
        // Only the names: Enum.TryParse alone would also take numbers.
        if (names.Contains(scalar.Text.ToLowerInvariant()) && Enum.TryParse<T>(scalar.Text, ignoreCase: true, out var value))
            return value;
        Report(scalar, "PTN1004", $"'{key}' is '{scalar.Text}'; it can be {string.Join(", ", names)}.", Guess(scalar.Text, names));
        return null;
    }

    /// <summary>A reference to a secret, or null. A secret in plain text is refused and not repeated.</summary>
    public string? Secret(string key)
    {
        if (Scalar(key) is not { } scalar)
            return null;
        if (Secrets.IsReference(scalar.Text))
            return scalar.Text;
        Report(scalar, "PTN1005", $"'{key}' stands here in plain text; this file may be read by many.",
            $"put the secret into an environment variable or a file and write {Secrets.Form}");
        return null;
    }

    /// <summary>A file named in the settings; a relative path starts from the folder of the partner file.</summary>
    public string? FileBeside(string key) =>
        Text(key) is { } path ? Path.GetFullPath(path, Path.GetFullPath(folder)) : null;

    /// <summary>Texts of a list; a single text counts as a list of one.</summary>
    public IReadOnlyList<YamlScalar>? Texts(string key)
    {
        var node = Node(key);
        if (node is null)
            return null;
        if (node is YamlScalar { Text.Length: > 0 } single)
            return [single];
        if (node is YamlList list && list.Items.All(item => item is YamlScalar))
            return [.. list.Items.Cast<YamlScalar>()];
        Report(node, "PTN1003", $"'{key}' is a list of texts.", $"write {key}: [first, second]");
        return null;
    }

    /// <summary>The mappings of a list, each a section of its own.</summary>
    public IReadOnlyList<Section> Sections(string key, string meaning)
    {
        switch (Node(key))
        {
            case null:
                Report(map, "PTN1001", $"{Where()} has no '{key}': {meaning}.");
                return [];
            case YamlList { Items.Count: > 0 } list when list.Items.All(item => item is YamlMap):
                return [.. list.Items.Cast<YamlMap>().Select(item => new Section(file, folder, $"an entry of '{key}'", item, Below(key), diagnostics))];
            case var node:
                Report(node, "PTN1003", $"'{key}' is a list: {meaning}.", "start each entry with '- '");
                return [];
        }
    }

    /// <summary>A mapping below this one, or null when it is not there.</summary>
    public Section? Child(string key)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlMap child:
                return new(file, folder, $"'{key}'", child, Below(key), diagnostics);
            case var node:
                Report(node, "PTN1003", $"'{key}' holds settings of its own.", $"write them indented below '{key}:'");
                return null;
        }
    }

    SettingTable Below(string key) => table.All.First(setting => setting.Name == key).Value switch
    {
        Shape.Section section => section.Table(),
        Shape.List { Item: Shape.Section section } => section.Table(),
        var other => throw new UnreachableException($"'{key}' is {other}, and holds no settings."),
    };

    /// <summary>Reports what no one asked for.</summary>
    public void Finish()
    {
        foreach (var (key, _) in map.Entries)
            if (!known.Contains(key.Text))
                Report(key, "PTN1002", $"{Where()} has no setting '{key.Text}'.",
                    Guess(key.Text, known) ?? $"settings here: {string.Join(", ", known)}");
    }

    /// <summary>A value in its own form, or null after a report (or when it is not there).</summary>
    public T? Value<T>(string key, string form, Func<string, T?> parse)
        where T : struct
    {
        if (Scalar(key) is not { } scalar)
            return null;
        var value = parse(scalar.Text);
        if (value is null)
            Report(scalar, "PTN1004", $"'{key}' is '{scalar.Text}'.", $"write {form}");
        return value;
    }

    public YamlScalar? Scalar(string key)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlScalar { Text: var text } scalar when !string.IsNullOrWhiteSpace(text):
                return scalar;
            case YamlScalar empty:
                Report(empty, "PTN1003", $"'{key}' has no value.", "leave the line out to get the default");
                return null;
            case var node:
                Report(node, "PTN1003", $"'{key}' is a single value.");
                return null;
        }
    }

    static string? Guess(string word, IEnumerable<string> words) =>
        Nearest.Find(word, words) is { } nearest ? $"did you mean '{nearest}'?" : null;

    string Where() => char.ToUpperInvariant(name[0]) + name[1..];
}
