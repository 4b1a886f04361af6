using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Targets;

/// <summary>Reads <c>*.target.yaml</c>. All mistakes of a file are reported at once, each with its place and a hint.</summary>
public sealed class TargetReader
{
    internal const string Format = "target/1";

    readonly YamlFields fields;
    readonly Dictionary<string, TableSource> sources = new(StringComparer.Ordinal);
    readonly List<TableDefinition> tables = [];

    TargetReader(YamlFields fields) => this.fields = fields;

    /// <summary>The target, or null after diagnostics that say why there is none.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="id">The id that the file has to say by its name; null = any.</param>
    public static TargetDefinition? Read(string file, string text, ICollection<Diagnostic> diagnostics, string? id = null)
    {
        var before = diagnostics.Count(d => !d.Warning);
        if (YamlFile.Read(file, text, diagnostics) is not { } root)
            return null;
        var target = new TargetReader(new(file, diagnostics)).ReadRoot(root, id);
        return diagnostics.Count(d => !d.Warning) == before ? target : null;
    }

    TargetDefinition ReadRoot(YamlMap root, string? expected)
    {
        fields.Allow(root, "the target", TargetSettings.Head.Names);
        if (fields.Text(root, "hub", required: true) is { } hub && hub.Text != Format)
            fields.Report(hub, "TGT1001", $"'{hub.Text}' is not a kind of file known here.", $"write 'hub: {Format}'");
        var id = fields.Text(root, "id", required: true);
        if (id is not null && expected is not null && id.Text != expected)
            fields.Report(id, "TGT1016", $"The id '{id.Text}' is not the file's name.", $"write id: {expected}");
        var connection = fields.Text(root, "connection");
        if (fields.Map(root, "tables", required: true) is { } all)
            ReadTables(all);
        var xrefs = fields.Map(root, "xrefs") is { } named ? ReadXrefs(named) : [];
        return new() { Id = id?.Text ?? "", Connection = connection?.Text ?? "seller", Tables = ParentsFirst(), Xrefs = xrefs };
    }

    void ReadTables(YamlMap all)
    {
        if (all.Entries.Count == 0)
            fields.Report(all, "TGT1004", "There is no table.", "name at least one table under 'tables'");
        foreach (var (name, node) in all.Entries)
        {
            CheckName(name, "a table");
            if (node is not YamlMap map)
                fields.Report(node, "TGT1003", $"Table '{name.Text}' is not described.", "write 'is:', 'key:', 'policy:' and 'columns:' under it");
            else if (sources.TryAdd(name.Text, new(name, map)))
                tables.Add(ReadTable(name, map));
        }
        var rules = new TargetRules(fields, sources, tables);
        foreach (var table in tables)
            rules.Check(table);
    }

    TableDefinition ReadTable(YamlScalar name, YamlMap map)
    {
        fields.Allow(map, "a table", TargetSettings.Table.Names);
        var (schema, physical) = ReadPhysical(name, fields.Text(map, "is"));
        var (parent, parentId, parentColumn) = ReadParent(fields.Text(map, "parent"));
        return new()
        {
            Name = name.Text,
            Schema = schema,
            Physical = physical,
            Id = fields.Text(map, "id")?.Text,
            Parent = parent,
            ParentId = parentId,
            ParentColumn = parentColumn,
            Key = [.. fields.Texts(map, "key", required: true).Select(k => k.Text)],
            Policy = ReadPolicy(map),
            Version = ReadVersion(map),
            Catalogue = ReadCatalogue(map),
            Columns = fields.Map(map, "columns", required: true) is { } columns ? ReadColumns(name, columns) : [],
        };
    }

    /// <summary><c>orders.po_id</c>, or <c>orders.po_id = order_id</c> where this table's column has another name.</summary>
    (string? Table, string? Id, string? Column) ReadParent(YamlScalar? node)
    {
        if (node is null)
            return default;
        var sides = node.Text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (sides[^1].Length > 0 && sides[0].Split('.') is [{ Length: > 0 } table, { Length: > 0 } id])
            return (table, id, sides.Length == 2 ? sides[1] : id);
        fields.Report(node, "TGT1008", $"'{node.Text}' does not name a parent.",
            "write the parent table's name in this file, a dot, and its id: 'orders.po_id'; then, where this table's column is called otherwise, '= order_id'");
        return default;
    }

    (string? Schema, string Physical) ReadPhysical(YamlScalar name, YamlScalar? node)
    {
        var parts = (node?.Text ?? name.Text).Split('.');
        if (parts.Length <= 2 && parts.All(p => p.Trim().Length > 0))
            return parts.Length == 2 ? (parts[0].Trim(), parts[1].Trim()) : (null, parts[0].Trim());
        fields.Report(node ?? name, "TGT1005", $"'{node?.Text}' does not name a table.", "write 'table' or 'schema.table'");
        return (null, name.Text);
    }

    void CheckName(YamlScalar name, string of)
    {
        if (!IsName(name.Text))
            fields.Report(name, "TGT1005", $"'{name.Text}' cannot name {of} in maps.", "use letters, digits and _, starting with a letter");
    }

    List<XrefDefinition> ReadXrefs(YamlMap all)
    {
        var xrefs = new List<XrefDefinition>();
        foreach (var (name, node) in all.Entries)
        {
            CheckName(name, "an xref");
            if (node is YamlMap map)
                xrefs.Add(ReadXref(name, map));
            else
                fields.Report(node, "TGT1003", $"Xref '{name.Text}' is not described.", "write 'is:', 'key:' and 'value:' under it");
        }
        return xrefs;
    }

    XrefDefinition ReadXref(YamlScalar name, YamlMap map)
    {
        fields.Allow(map, "an xref", TargetSettings.Xref.Names);
        var (schema, physical) = ReadPhysical(name, fields.Text(map, "is"));
        var key = fields.Map(map, "key", required: true) is { } columns ? ReadColumns(name, columns) : [];
        ColumnDefinition? value = null;
        if (fields.Text(map, "value", required: true) is { } type && (value = ReadColumn(name, type)).Kind == ColumnKind.Bool)
            fields.Report(type, "TGT1015", "A truth value is not looked up.", "look a text or a number up, and compare it in SQL");
        return new()
        {
            Name = name.Text,
            Table = new()
            {
                Name = name.Text,
                Schema = schema,
                Physical = physical,
                Key = [.. key.Select(k => k.Name)],
                Policy = TablePolicy.Skip,
                Columns = [.. key, value ?? new() { Name = name.Text, Physical = name.Text, Kind = ColumnKind.Text }],
            },
            Miss = fields.Text(map, "miss") is { } miss ? fields.Choice<XrefMiss>(miss, "TGT1015", "thing to do on a miss") : XrefMiss.Error,
        };
    }

    TablePolicy ReadPolicy(YamlMap map)
    {
        if (fields.Text(map, "policy", required: true) is not { } node)
            return TablePolicy.Insert;
        return fields.Choice<TablePolicy>(node, "TGT1006", "policy");
    }

    VersionRule? ReadVersion(YamlMap map)
    {
        if (fields.Map(map, "version") is not { } rule)
            return null;
        fields.Allow(rule, "'version'", TargetSettings.Version.Names);
        return new(fields.Text(rule, "number")?.Text, fields.Text(rule, "current")?.Text, fields.Text(rule, "newer_by")?.Text);
    }

    CatalogueRule? ReadCatalogue(YamlMap map)
    {
        if (fields.Map(map, "catalogue") is not { } rule)
            return null;
        fields.Allow(rule, "'catalogue'", TargetSettings.Catalogue.Names);
        var missing = fields.Text(rule, "missing") is { } node ? fields.Choice<MissingRows>(node, "TGT1011", "way to treat missing rows") : MissingRows.Keep;
        return new()
        {
            Scope = [.. fields.Texts(rule, "scope").Select(s => s.Text)],
            FullWhen = ReadFullWhen(fields.Text(rule, "full_when")),
            Missing = missing,
            ExpireColumn = fields.Text(rule, "expire")?.Text,
            ActionColumn = fields.Text(rule, "action")?.Text,
            Price = ReadPrice(fields.Text(rule, "price")),
            MaxMissing = ReadGuard(fields.Map(rule, "guard")),
        };
    }

    (string, string)? ReadPrice(YamlScalar? node)
    {
        if (node is null)
            return null;
        if (node.Text.Split('.') is [{ Length: > 0 } table, { Length: > 0 } column])
            return (table, column);
        fields.Report(node, "TGT1011", $"'{node.Text}' does not name the column of a table.", "write table.column: price: price_tiers.price");
        return null;
    }

    (string, string)? ReadFullWhen(YamlScalar? node)
    {
        if (node is null)
            return null;
        var mark = node.Text.IndexOf('=');
        if (mark > 0 && node.Text[(mark + 1)..].Trim() is ['\'', .. { Length: > 0 } value, '\''] && !value.Contains('\''))
            return (node.Text[..mark].Trim(), value);
        fields.Report(node, "TGT1011", $"'{node.Text}' does not say when a list is full.", "write a column of the parent and its value: full_when: function = 'original'");
        return null;
    }

    decimal? ReadGuard(YamlMap? guard)
    {
        if (guard is null)
            return null;
        fields.Allow(guard, "'guard'", TargetSettings.Guard.Names);
        if (fields.Text(guard, "max_missing", required: true) is not { } node)
            return null;
        if (node.Text.EndsWith('%') && decimal.TryParse(node.Text[..^1], out var percent) && percent is >= 0 and <= 100)
            return percent / 100;
        fields.Report(node, "TGT1011", $"'{node.Text}' is not a share.", "write a percentage from 0% to 100%: max_missing: 20%");
        return null;
    }

    List<ColumnDefinition> ReadColumns(YamlScalar table, YamlMap all)
    {
        var columns = new List<ColumnDefinition>();
        if (all.Entries.Count == 0)
            fields.Report(all, "TGT1004", $"Table '{table.Text}' has no columns.");
        foreach (var (name, node) in all.Entries)
        {
            CheckName(name, "a column");
            if (node is YamlScalar type)
                columns.Add(ReadColumn(name, type));
            else
                fields.Report(node, "TGT1012", $"Column '{name.Text}' has no type.", ColumnType.Hint);
        }
        return columns;
    }

    ColumnDefinition ReadColumn(YamlScalar name, YamlScalar type)
    {
        if (ColumnType.Parse(name.Text, type.Text, out var problem) is { } column)
            return column;
        fields.Report(type, "TGT1012", problem, ColumnType.Hint);
        // Kept, so that a wrong type does not also make the column unknown where the table's rules name it.
        return new() { Name = name.Text, Physical = name.Text, Kind = ColumnKind.Text, Nullable = false };
    }

    /// <summary>The tables in the file's order, except that parents go before their children.</summary>
    List<TableDefinition> ParentsFirst()
    {
        var sorted = new List<TableDefinition>();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        while (sorted.Count < tables.Count)
        {
            var next = tables.FirstOrDefault(t => !placed.Contains(t.Name)
                && (t.Parent is null || placed.Contains(t.Parent) || !sources.ContainsKey(t.Parent)));
            if (next is null)
            {
                foreach (var table in tables.Where(t => !placed.Contains(t.Name)))
                {
                    fields.Report(YamlFields.At(sources[table.Name].Map, "parent"), "TGT1013",
                        $"Table '{table.Name}' is its own ancestor: following its parents never ends at a table without one.", "remove one 'parent' of the circle");
                }
                return sorted;
            }
            placed.Add(next.Name);
            sorted.Add(next);
        }
        return sorted;
    }

    static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

/// <summary>Where a table stands in its file.</summary>
sealed record TableSource(YamlScalar Name, YamlMap Map);
