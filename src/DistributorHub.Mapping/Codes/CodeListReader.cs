using System.Globalization;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Codes;

/// <summary>
/// Reads code lists: <c>codes/&lt;list&gt;.yaml</c>, and <c>partners/&lt;partner&gt;/codes/&lt;list&gt;.yaml</c>, whose entries go before those of the shared list.
/// </summary>
public static class CodeListReader
{
    internal const string Format = "codes/1";

    /// <summary>
    /// The list a partner's map sees, or null: after diagnostics when a file is wrong, without any when neither file exists.
    /// </summary>
    /// <param name="id">Name of the list.</param>
    /// <param name="partner">The partner, or null for shared lists only.</param>
    /// <param name="read">Answers a path relative to the mappings folder with the file's text, or null.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static CodeList? Load(string id, string? partner, Func<string, string?> read, ICollection<Diagnostic> diagnostics)
    {
        var sharedFile = $"codes/{id}.yaml";
        var shared = read(sharedFile) is { } sharedText ? Read(sharedFile, sharedText, id, null, diagnostics) : null;
        var partnerFile = $"partners/{partner}/codes/{id}.yaml";
        if (partner is null || read(partnerFile) is not { } partnerText)
            return shared;
        return Read(partnerFile, partnerText, id, shared, diagnostics);
    }

    /// <summary>Reads one list's file; entries of <paramref name="below"/> show through where it has none of its own.</summary>
    public static CodeList? Read(string file, string text, string id, CodeList? below, ICollection<Diagnostic> diagnostics)
    {
        var errors = Errors(diagnostics);
        if (YamlFile.Read(file, text, diagnostics) is not { } root || Errors(diagnostics) > errors)
            return null;
        if (root.Find("hub") is not YamlScalar { Text: Format })
            diagnostics.Add(new(file, At("hub").Line, At("hub").Column, "COD1001", "This is not a code list.", $"A code list starts with 'hub: {Format}'."));
        if (root.Find("id") is not YamlScalar name)
            diagnostics.Add(new(file, At("id").Line, At("id").Column, "COD1002", "The list has no id.", $"Write 'id: {id}'."));
        else if (name.Text != id)
            diagnostics.Add(new(file, name.Line, name.Column, "COD1002", $"The id '{name.Text}' is not the file's name.", $"Write 'id: {id}'."));
        var list = Read(file, root, id, below, CodeListSettings.Head, diagnostics);
        return Errors(diagnostics) > errors ? null : list;

        YamlNode At(string key) => root.Find(key) ?? root;
    }

    /// <summary>Reads the body of a list: <c>map</c>, <c>miss</c>, <c>reverse</c>, as it stands in a file or in a map's <c>codes:</c> block.</summary>
    public static CodeList? Read(string file, YamlMap body, string id, CodeList? below, ICollection<Diagnostic> diagnostics) =>
        Read(file, body, id, below, CodeListSettings.Body, diagnostics);

    static CodeList? Read(string file, YamlMap body, string id, CodeList? below, SettingTable settings, ICollection<Diagnostic> diagnostics)
    {
        var errors = Errors(diagnostics);
        foreach (var (key, _) in body.Entries)
            if (!settings.Names.Contains(key.Text))
                diagnostics.Add(new(key.FileOr(file), key.Line, key.Column, "COD1003", $"A code list has no '{key.Text}'.", $"It has {string.Join(", ", settings.Names)}."));
        if (body.Find("extends") is { } extends && (extends as YamlScalar)?.Text is var named && (named is null || named != below?.Id))
            diagnostics.Add(new(extends.FileOr(file), extends.Line, extends.Column, "COD1004",
                $"There is no shared list{(named is null ? "" : $" '{named}'")} to extend here.", "A partner's list extends the shared list of the same name."));
        if (body.Find("map") is null && below is null)
            diagnostics.Add(new(body.FileOr(file), body.Line, body.Column, "COD1005", "The list has no 'map'.", "Write 'map: { theirs: ours }'."));
        var map = ReadEntries(file, body.Find("map"), below?.Map, diagnostics);
        var places = new Dictionary<string, string>(below?.Places ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (theirs, _) in (body.Find("map") as YamlMap)?.Entries ?? [])
            places[theirs.Text] = string.Create(CultureInfo.InvariantCulture, $"{theirs.FileOr(file)}:{theirs.Line}");
        var reverse = ReadEntries(file, body.Find("reverse"), below?.Reverse, diagnostics);
        var (miss, literal) = ReadMiss(file, body.Find("miss"), below, diagnostics);
        return Errors(diagnostics) > errors
            ? null
            : new() { Id = id, File = file, Map = map, Places = places, Reverse = reverse, Miss = miss, Literal = literal };
    }

    static Dictionary<string, string> ReadEntries(
        string file, YamlNode? node, IReadOnlyDictionary<string, string>? below, ICollection<Diagnostic> diagnostics)
    {
        var entries = new Dictionary<string, string>(below ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (node is null)
            return entries;
        if (node is not YamlMap map)
        {
            diagnostics.Add(new(node.FileOr(file), node.Line, node.Column, "COD1006", "Codes stand as 'theirs: ours' pairs.", "Write { PCE: EA, CT: CT }."));
            return entries;
        }
        foreach (var (theirs, value) in map.Entries)
        {
            if (value is not YamlScalar ours)
                diagnostics.Add(new(value.FileOr(file), value.Line, value.Column, "COD1007", $"'{theirs.Text}' has no single code on its right side."));
            else if (ours.Text.Length == 0 || theirs.Text.Length == 0)
                diagnostics.Add(new(theirs.FileOr(file), theirs.Line, theirs.Column, "COD1008", "A code is empty.", "Leave the pair out; 'miss:' says what an unknown code gives."));
            else
                entries[theirs.Text] = ours.Text;
        }
        return entries;
    }

    static (Miss Miss, string? Literal) ReadMiss(string file, YamlNode? node, CodeList? below, ICollection<Diagnostic> diagnostics)
    {
        switch (node)
        {
            case null:
                return (below?.Miss ?? Miss.Error, below?.Literal);
            case YamlScalar { Quoted: true } literal:
                return (Miss.Literal, literal.Text);
            case YamlScalar { Text: "error" }:
                return (Miss.Error, null);
            case YamlScalar { Text: "pass" }:
                return (Miss.Pass, null);
            case YamlScalar { Text: "null" }:
                return (Miss.Null, null);
            default:
                diagnostics.Add(new(node.FileOr(file), node.Line, node.Column, "COD1009", "'miss' is error, pass, null or a quoted text.", "Write miss: 'X' for a text."));
                return (Miss.Error, null);
        }
    }

    static int Errors(ICollection<Diagnostic> diagnostics) => diagnostics.Count(d => !d.Warning);
}
