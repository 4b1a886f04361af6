namespace DistributorHub.Mapping.Schema;

/// <summary>A setting that a reader takes, with what editors are told of it.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Meaning">One or two sentences, with unit and default.</param>
/// <param name="Value">What may stand behind it.</param>
/// <param name="Required">True when the reader refuses a mapping without it, whatever else stands there.</param>
public sealed record Setting(string Name, string Meaning, Shape Value, bool Required = false);

/// <summary>
/// The settings of one mapping of a file, in the order they are shown in. Readers refuse what is not in their table, and the schemas of editors are made
/// of the same tables: a setting that is added here is known to both.
/// </summary>
/// <param name="name">Names the table in the schema: letters and hyphens, once in a file.</param>
/// <param name="all">The settings.</param>
public sealed class SettingTable(string name, params IReadOnlyList<Setting> all)
{
    public string Name { get; } = name;

    public IReadOnlyList<Setting> All { get; } = all;

    /// <summary>The settings of these names, for a table that has them as well.</summary>
    public IEnumerable<Setting> Named(params string[] names) => All.Where(setting => names.Contains(setting.Name));

    /// <summary>What the reader takes.</summary>
    public string[] Names { get; } = [.. all.Select(setting => setting.Name)];
}
