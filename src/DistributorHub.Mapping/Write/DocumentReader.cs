using System.Globalization;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Reads a document as data from a JSON or YAML file: its fields by name, and its lists as lists of such rows.</summary>
public sealed class DocumentReader
{
    readonly string file;
    readonly DocumentDefinition definition;
    readonly ICollection<Diagnostic> diagnostics;

    DocumentReader(string file, DocumentDefinition definition, ICollection<Diagnostic> diagnostics) =>
        (this.file, this.definition, this.diagnostics) = (file, definition, diagnostics);

    /// <summary>The document, or null after diagnostics that say what in the file is none.</summary>
    /// <param name="file">Name for diagnostics; one that ends in <c>.json</c> is JSON, any other YAML.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="definition">What it is a document of.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static DocumentData? Read(string file, string text, DocumentDefinition definition, ICollection<Diagnostic> diagnostics)
    {
        var before = diagnostics.Count;
        var root = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? JsonNodes.Read(file, text, diagnostics) : YamlFile.Read(file, text, diagnostics);
        if (root is null)
            return null;
        var row = new DocumentReader(file, definition, diagnostics).Row(root, definition.Root);
        return diagnostics.Count == before ? row : null;
    }

    DocumentData Row(YamlMap map, DocumentList list)
    {
        var row = new DocumentData(definition, list);
        foreach (var (name, node) in map.Entries)
        {
            if (list.IndexOf(name.Text) is var index and >= 0)
                row.Values[index] = Value(list.Fields[index], node);
            else if (row.Rows.FirstOrDefault(inner => inner.List.Name == name.Text) is { Rows: { } rows } inner)
                rows.AddRange(Rows(inner.List, node));
            else
                Report(name, "DOC2001", $"{Of(list)} has no field or list '{name.Text}'.",
                    Hints.DidYouMeanOr(name.Text, "it has", [.. list.Fields.Select(f => f.Name), .. row.Rows.Select(r => r.List.Name)]));
        }
        // What cannot be read has been told.
        foreach (var field in list.Fields.Where(f => !f.Nullable && (map.Find(f.Name) is null || IsNull(map.Find(f.Name)!))))
            Report(map.Find(field.Name) ?? map, "DOC2002", $"{list.NameOf(field)} is not null, and has no value here.", $"give it one, or let docs/{definition.Id}.yaml allow null");
        return row;
    }

    static bool IsNull(YamlNode node) => node is YamlScalar { Quoted: false, Text: "null" or "~" or "" };

    IEnumerable<DocumentData> Rows(DocumentList list, YamlNode node)
    {
        if (node is not YamlList { Items: var items })
        {
            Report(node, "DOC2003", $"'{list.Name}' is a list of rows.", "[ { … }, { … } ]");
            yield break;
        }
        foreach (var item in items)
        {
            if (item is YamlMap map)
                yield return Row(map, list);
            else
                Report(item, "DOC2003", $"A row of '{list.Name}' holds its fields by name.", "{ line_no: 1, … }");
        }
    }

    object? Value(ColumnDefinition field, YamlNode node)
    {
        if (node is not YamlScalar scalar)
        {
            Report(node, "DOC2004", $"'{field.Name}' is one value: {ColumnType.Write(field)}.", null);
            return null;
        }
        if (IsNull(scalar))
            return null;
        var value = Parsed(field, scalar.Text);
        if (value is null)
            Report(scalar, "DOC2004", $"'{scalar.Text}' is no value of {field.Name}, which is {ColumnType.Write(field)}.", Form(field.Kind));
        else if (value is string text && field.Length is { } length && text.EnumerateRunes().Count() > length)
            Report(scalar, "DOC2005", $"'{field.Name}' holds {length} characters.", "the view would not give more");
        return value;
    }

    static object? Parsed(ColumnDefinition field, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return field.Kind switch
        {
            ColumnKind.Text => text,
            ColumnKind.Int when long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var whole) => whole,
            ColumnKind.Numeric when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, culture, out var number) => number,
            ColumnKind.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var date) => date,
            ColumnKind.Time when TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], culture, DateTimeStyles.None, out var time) => time,
            ColumnKind.Timestamp when DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd"], culture, DateTimeStyles.None, out var moment) => moment,
            ColumnKind.Bool when text is "true" or "false" => text == "true",
            _ => null,
        };
    }

    static string? Form(ColumnKind kind) => kind switch
    {
        ColumnKind.Date => "write 2026-03-05",
        ColumnKind.Time => "write 10:30 or 10:30:00",
        ColumnKind.Timestamp => "write 2026-03-05T10:30:00",
        ColumnKind.Bool => "write true or false",
        ColumnKind.Numeric => "write 12.5",
        _ => null,
    };

    string Of(DocumentList list) => list.Name.Length == 0 ? definition.Id : list.Name;

    void Report(YamlNode at, string code, string message, string? hint) => diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));
}
