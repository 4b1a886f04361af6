using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>The code lists of one map: those that stand in the map itself, under <c>codes:</c>, and those of files.</summary>
sealed class MapLists
{
    readonly Func<string, ICollection<Diagnostic>, CodeList?> load;
    readonly List<Diagnostic> diagnostics;
    readonly Dictionary<string, (CodeList? List, bool Exists)> lists = new(StringComparer.Ordinal);
    readonly Dictionary<string, YamlScalar> own = new(StringComparer.Ordinal);
    readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <param name="node">What the map has under <c>codes</c>; null = nothing.</param>
    /// <param name="load">Reads the file of a list; null after diagnostics, or without any when there is none.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public MapLists(YamlNode? node, Func<string, ICollection<Diagnostic>, CodeList?> load, List<Diagnostic> diagnostics)
    {
        (this.load, this.diagnostics) = (load, diagnostics);
        if (node is not (null or YamlMap))
            Report(node, "'codes' holds code lists.");
        foreach (var (name, body) in (node as YamlMap)?.Entries ?? [])
        {
            own[name.Text] = name;
            if (body is YamlMap list)
                lists[name.Text] = (Read(name.Text, list), true);
            else
            {
                Report(body, $"'{name.Text}' is no code list.");
                lists[name.Text] = (null, true);
            }
        }
    }

    /// <summary>A list by name; null and <c>true</c> when it has mistakes.</summary>
    public (CodeList? List, bool Exists) Find(string name)
    {
        used.Add(name);
        if (!lists.TryGetValue(name, out var found))
            lists.Add(name, found = FromFile(name));
        return found;
    }

    /// <summary>Warns of lists of the map that no rule has asked for: their name may be misspelt, and then their codes are never found.</summary>
    public void CheckUse()
    {
        foreach (var (name, at) in own.Where(list => !used.Contains(list.Key)))
            diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, MapCodes.UnusedList, $"No rule of this map uses the code list '{name}'.",
                Hints.DidYouMeanOr(name, "its rules use", [.. used]), Warning: true));
    }

    CodeList? Read(string name, YamlMap body)
    {
        if (body.Find("extends") is not { } extends)
            return CodeListReader.Read(body.FileOr(""), body, name, null, diagnostics);
        if (extends is not YamlScalar { Text.Length: > 0 } other)
        {
            Report(extends, "A code list extends one other.");
            return null;
        }
        var (below, exists) = FromFile(other.Text);
        if (below is not null)
            return CodeListReader.Read(body.FileOr(""), body, name, below, diagnostics);
        if (!exists)
            diagnostics.Add(new(other.FileOr(""), other.Line, other.Column, MapCodes.NoCodeList, $"There is no code list '{other.Text}' to extend.", $"put it into codes/{other.Text}.yaml, or leave out extends"));
        return null;
    }

    (CodeList? List, bool Exists) FromFile(string name)
    {
        var before = diagnostics.Count;
        var list = load(name, diagnostics);
        return (list, list is not null || diagnostics.Count > before);
    }

    void Report(YamlNode at, string message) =>
        diagnostics.Add(new(at.FileOr(""), at.Line, at.Column, MapCodes.Shape, message, "write codes: { uom: { extends: uom, map: { KRT: CT } } }"));
}
