using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Reads <c>docs/*.yaml</c>. All mistakes of a file are reported at once, each with its place and a hint.</summary>
public sealed class DocumentDefinitionReader
{
    internal const string Format = "document/1";

    readonly YamlFields fields;
    readonly List<DocumentList?> lists = [];
    readonly HashSet<string> names = new(StringComparer.Ordinal);

    DocumentDefinitionReader(YamlFields fields) => this.fields = fields;

    /// <summary>The definition, or null after diagnostics that say why there is none.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="id">The id that the file has to say by its name.</param>
    public static DocumentDefinition? Read(string file, string text, ICollection<Diagnostic> diagnostics, string id)
    {
        var before = diagnostics.Count(d => !d.Warning);
        if (YamlFile.Read(file, text, diagnostics) is not { } root)
            return null;
        var document = new DocumentDefinitionReader(new(file, diagnostics, "DOC")).ReadRoot(root, id);
        return diagnostics.Count(d => !d.Warning) == before ? document : null;
    }

    DocumentDefinition ReadRoot(YamlMap root, string id)
    {
        fields.Allow(root, "a document", WriteSettings.Document.Names);
        if (fields.Text(root, "hub", required: true) is { } hub && hub.Text != Format)
            fields.Report(hub, "DOC1001", $"'{hub.Text}' is not a kind of file known here.", $"write 'hub: {Format}'");
        if (fields.Text(root, "id", required: true) is { } written && written.Text != id)
            fields.Report(written, "DOC1005", $"The id '{written.Text}' is not the file's name.", $"write id: {id}");
        var list = ReadList(root, new("", Quoted: false, root.Line, root.Column), null, 0);
        return new()
        {
            Id = id,
            Connection = fields.Text(root, "connection")?.Text ?? "seller",
            Root = list,
            Partner = Field(list, fields.Text(root, "partner")),
            Number = Field(list, fields.Text(root, "number")),
            Lists = [.. lists.OfType<DocumentList>()],
        };
    }

    /// <param name="map">What the file says of it.</param>
    /// <param name="name">Its name, empty for the document itself.</param>
    /// <param name="outer">Index of the list around it; null for the document itself.</param>
    /// <param name="keys">Fields in the keys of all that is around it; null when one of the keys has a mistake.</param>
    DocumentList ReadList(YamlMap map, YamlScalar name, int? outer, int? keys)
    {
        var index = lists.Count;
        lists.Add(null);
        if (outer is not null)
            fields.Allow(map, "a list", WriteSettings.List.Names);
        var (schema, view) = ReadView(fields.Text(map, "view", required: true));
        var columns = fields.Map(map, "fields", required: true) is { } written ? ReadFields(written) : [];
        var inner = fields.Map(map, "lists")?.Entries ?? [];
        var list = new DocumentList
        {
            Index = index,
            Outer = outer ?? -1,
            Name = name.Text,
            Schema = schema,
            View = view,
            Fields = columns,
            Key = [],
            By = outer is null ? [] : [.. fields.Texts(map, "by", required: true).Select(b => b.Text)],
            Order = [],
            Lists = [],
        };
        list = list with { Key = Named(list, map, "key", required: outer is null || inner.Count > 0), Order = Named(list, map, "order", required: false) };
        if (outer is not null && keys is not null && list.By.Count != keys && map.Find("by") is { } by && list.By.Count > 0)
            fields.Report(by, "DOC1007", $"The rows around '{name.Text}' are told apart by {keys} field(s), and 'by' names {list.By.Count} column(s).",
                "name the columns of this view that hold the key of the document, then those of the list around it, in the same order");
        foreach (var nullable in list.Key.Where(k => k.Nullable))
            fields.Report(YamlFields.At(map, "key"), "DOC1006", $"The key '{nullable.Name}' may be null.", "a key is 'not null'");
        var below = map.Find("key") is YamlList key && key.Items.Count == list.Key.Count ? keys + list.Key.Count : null;
        var indexes = new List<int>();
        foreach (var (inside, node) in inner)
        {
            CheckName(inside, "a list");
            if (!names.Add(inside.Text))
                fields.Report(inside, "DOC1008", $"There is a list '{inside.Text}' already.", "names of lists are the same everywhere in a document: choose another");
            if (node is YamlMap description)
                indexes.Add(ReadList(description, inside, index, below).Index);
            else
                fields.Report(node, "DOC1003", $"List '{inside.Text}' is not described.", "write 'view:', 'by:' and 'fields:' under it");
        }
        list = list with { Lists = indexes };
        lists[index] = list;
        return list;
    }

    (string? Schema, string View) ReadView(YamlScalar? node)
    {
        if (node is null)
            return (null, "");
        var parts = node.Text.Split('.');
        if (parts.Length <= 2 && parts.All(p => p.Trim().Length > 0))
            return parts.Length == 2 ? (parts[0], parts[1]) : (null, parts[0]);
        fields.Report(node, "DOC1009", $"'{node.Text}' is not the name of a view.", "write view or schema.view");
        return (null, "");
    }

    List<ColumnDefinition> ReadFields(YamlMap map)
    {
        var columns = new List<ColumnDefinition>();
        if (map.Entries.Count == 0)
            fields.Report(map, "DOC1004", "There is no field.", "name at least one: order_no: text(35) not null");
        foreach (var (name, node) in map.Entries)
        {
            CheckName(name, "a field");
            var problem = $"'{name.Text}' has no type.";
            if (node is YamlScalar type && ColumnType.Parse(name.Text, type.Text, out problem) is { } column)
                columns.Add(column);
            else
                fields.Report(node, "DOC1010", problem, ColumnType.Hint);
        }
        return columns;
    }

    List<ColumnDefinition> Named(DocumentList list, YamlMap map, string setting, bool required) =>
        [.. fields.Texts(map, setting, required).Select(name => Field(list, name)).OfType<ColumnDefinition>()];

    ColumnDefinition? Field(DocumentList list, YamlScalar? name)
    {
        if (name is null)
            return null;
        if (list.IndexOf(name.Text) is var index and >= 0)
            return list.Fields[index];
        fields.Report(name, "DOC1011", $"There is no field '{name.Text}' here.", Hints.DidYouMeanOr(name.Text, "there are", [.. list.Fields.Select(f => f.Name)]));
        return null;
    }

    void CheckName(YamlScalar name, string what)
    {
        if (!FieldName.IsPossible(name.Text))
            fields.Report(name, "DOC1012", $"'{name.Text}' cannot name {what}.", "small letters, digits and underscores; 'not null = physical_name' gives the column's own");
    }
}
