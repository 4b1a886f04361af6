using System.Diagnostics;
using System.Text.Json.Nodes;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Schema;

/// <summary>The parts of a schema that say which tables there are, and which columns they have.</summary>
sealed class RowSchemas(IReadOnlyList<TargetDefinition> targets)
{
    // What a map fills that names none of several targets, and all maps where there is one.
    const string Any = "any";

    readonly HashSet<RowsPart> used = [];

    public JsonObject Write(RowsPart part)
    {
        used.Add(part);
        return part switch
        {
            RowsPart.Blocks => SchemaWriter.Reference(Blocks(Any)),
            RowsPart.Table => new() { ["enum"] = SchemaWriter.Words(Tables(targets).Keys) },
            RowsPart.Columns => new() { ["type"] = "object" },
            RowsPart.Expected => new()
            {
                ["type"] = "object",
                ["properties"] = Each(Tables(targets).Keys, table => SchemaWriter.Reference(Expected(table))),
                ["additionalProperties"] = false,
            },
            _ => throw new UnreachableException($"No schema for {part}."),
        };
    }

    /// <summary>Where there are several targets, the tables of a map are those of the one it fills.</summary>
    public void Choose(JsonObject map)
    {
        if (targets.Count < 2)
            return;
        var choices = new JsonArray();
        foreach (var target in targets)
            choices.Add(new JsonObject
            {
                ["if"] = Says("to", target.Id),
                ["then"] = new JsonObject { ["properties"] = new JsonObject { ["rows"] = SchemaWriter.Reference(Blocks(target.Id)) } },
            });
        map["allOf"] = choices;
    }

    /// <summary>Adds what the parts refer to.</summary>
    public void Define(JsonObject definitions, SchemaWriter writer)
    {
        if (used.Contains(RowsPart.Blocks))
        {
            DefineBlocks(definitions, writer, Any, targets);
            foreach (var target in targets.Count < 2 ? [] : targets)
                DefineBlocks(definitions, writer, target.Id, [target]);
        }
        if (used.Contains(RowsPart.Expected))
            foreach (var (table, columns) in Tables(targets))
                definitions[Expected(table)] = ExpectedRows(columns);
    }

    static void DefineBlocks(JsonObject definitions, SchemaWriter writer, string name, IReadOnlyList<TargetDefinition> targets)
    {
        var tables = Tables(targets);
        var block = writer.Body(MapSettings.Block);
        var properties = block["properties"]!.AsObject();
        properties["table"]!.AsObject()["enum"] = SchemaWriter.Words(tables.Keys);
        properties["rows"]!.AsObject()["allOf"] = new JsonArray(SchemaWriter.Reference(Blocks(name)));
        var choices = new JsonArray();
        foreach (var (table, columns) in tables)
        {
            definitions[Columns(name, table)] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = Each(columns.Keys, column => writer.Described(new Shape.Expression(), columns[column])),
                ["additionalProperties"] = false,
            };
            choices.Add(new JsonObject
            {
                ["if"] = Says("table", table),
                ["then"] = new JsonObject { ["properties"] = new JsonObject { ["set"] = SchemaWriter.Reference(Columns(name, table)) } },
            });
        }
        if (choices.Count > 0)
            block["allOf"] = choices;
        definitions[Blocks(name)] = new JsonObject { ["type"] = "array", ["items"] = block };
    }

    JsonObject ExpectedRows(SortedDictionary<string, string> columns)
    {
        var properties = Each(Tables(targets).Keys, table => SchemaWriter.Reference(Expected(table)));
        foreach (var (column, type) in columns)
        {
            var value = new JsonObject { ["description"] = type, ["type"] = new JsonArray("string", "number", "boolean") };
            properties[column] = properties[column] is { } table ? new JsonObject { ["anyOf"] = new JsonArray(value, table.DeepClone()) } : value;
        }
        var row = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        return new() { ["type"] = "array", ["items"] = row };
    }

    /// <summary>The columns of each table with their types; those of a name that several targets have together.</summary>
    static SortedDictionary<string, SortedDictionary<string, string>> Tables(IReadOnlyList<TargetDefinition> targets)
    {
        var tables = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var table in targets.SelectMany(target => target.Tables))
        {
            if (!tables.TryGetValue(table.Name, out var columns))
                tables[table.Name] = columns = new(StringComparer.Ordinal);
            foreach (var column in table.Columns)
                columns.TryAdd(column.Name, $"{table.Name}.{column.Name}: {ColumnType.Write(column)}");
        }
        return tables;
    }

    /// <summary>True of a mapping in which a key has a value.</summary>
    public static JsonObject Says(string key, string value) => new()
    {
        ["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = value } },
        ["required"] = new JsonArray(key),
    };

    static JsonObject Each(IEnumerable<string> names, Func<string, JsonObject> schema)
    {
        var properties = new JsonObject();
        foreach (var name in names)
            properties[name] = schema(name);
        return properties;
    }

    static string Blocks(string target) => $"blocks-{target}";

    static string Columns(string target, string table) => $"columns-{target}-{table}";

    static string Expected(string table) => $"expected-{table}";
}
