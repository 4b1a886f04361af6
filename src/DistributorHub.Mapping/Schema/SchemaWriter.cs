using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Schema;

/// <summary>Writes one kind of file as a JSON Schema of draft 7, the newest that all YAML editors know.</summary>
/// <param name="known">What editors propose.</param>
/// <param name="rows">The parts that are made of targets.</param>
/// <param name="functions">The installation's own functions.</param>
sealed class SchemaWriter(IReadOnlyDictionary<KnownNames, IReadOnlyList<string>> known, RowSchemas rows, MapFunctions functions)
{
    public const string Draft = "http://json-schema.org/draft-07/schema#";

    readonly JsonObject definitions = [];

    /// <param name="kind">What is written.</param>
    /// <param name="others">Kinds that a file is of as soon as it has their sign, which is proposed here.</param>
    public JsonObject Write(FileKind kind, IEnumerable<FileKind> others)
    {
        var root = new JsonObject { ["$schema"] = Draft, ["title"] = kind.Title };
        foreach (var (key, value) in Body(kind.Head))
            root[key] = value?.DeepClone();
        foreach (var other in others)
            root["properties"]![other.Sign!] = new JsonObject { ["description"] = other.Title };
        if (kind.Head == MapSettings.Head)
            rows.Choose(root);
        rows.Define(definitions, this);
        root["definitions"] = definitions;
        return root;
    }

    /// <summary>An object of the table's settings and no others.</summary>
    public JsonObject Body(SettingTable table)
    {
        var properties = new JsonObject();
        foreach (var setting in table.All)
            properties[setting.Name] = Described(setting.Value, setting.Meaning);
        var body = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (table.All.Any(setting => setting.Required))
            body["required"] = Words(table.All.Where(setting => setting.Required).Select(setting => setting.Name));
        return body;
    }

    /// <summary>A shape with what is said of it; a reference stands in an allOf, because draft 7 ignores what stands beside one.</summary>
    public JsonObject Described(Shape shape, string meaning)
    {
        var written = Write(shape);
        if (written.ContainsKey("$ref"))
            written = new() { ["allOf"] = new JsonArray(written) };
        written.Insert(0, "description", shape is Shape.Expression ? $"{meaning}\n\n{MapSettings.ExpressionHelp(functions)}" : meaning);
        return written;
    }

    JsonObject Write(Shape shape) => shape switch
    {
        Shape.Text { Pattern: null } => new() { ["type"] = new JsonArray("string", "number", "boolean") },
        Shape.Text { Pattern: { } pattern } => new() { ["type"] = new JsonArray("string", "number", "boolean"), ["pattern"] = $"^(?:{pattern})$" },
        Shape.Expression => Expression(),
        Shape.Choice choice => Choice(choice),
        Shape.Known names => AnyOf(new() { ["enum"] = Words(known.GetValueOrDefault(names.Of) ?? []) }, new() { ["type"] = "string" }),
        Shape.YesOrNo => new() { ["enum"] = new JsonArray("yes", "no", "true", "false", true, false) },
        Shape.Whole whole => Whole(whole),
        Shape.List list => new JsonObject { ["type"] = "array", ["items"] = Write(list.Item) }.With("minItems", list.Least),
        Shape.OneOrList one => AnyOf(Write(one.Item), new() { ["type"] = "array", ["items"] = Write(one.Item), ["minItems"] = 1 }),
        Shape.Names names => new JsonObject { ["type"] = "object", ["additionalProperties"] = Write(names.Value) }.With("minProperties", names.Least),
        Shape.Section section => Section(section.Table()),
        Shape.Sorted sorted => Sorted(sorted),
        Shape.Anything => [],
        Shape.AnyOf any => AnyOf([.. any.Shapes.Select(Write)]),
        Shape.Rows part => rows.Write(part.Part),
        _ => throw new System.Diagnostics.UnreachableException($"No schema for {shape}."),
    };

    JsonObject Section(SettingTable table)
    {
        if (!definitions.ContainsKey(table.Name))
        {
            // Its place is taken first: a table may hold itself.
            definitions[table.Name] = null;
            definitions[table.Name] = Body(table);
        }
        return Reference(table.Name);
    }

    JsonObject Sorted(Shape.Sorted sorted)
    {
        var choices = new JsonArray();
        foreach (var (word, table) in sorted.Sorts)
            choices.Add(new JsonObject { ["if"] = RowSchemas.Says(sorted.Key, word), ["then"] = Section(table()) });
        choices.Add(new JsonObject { ["if"] = new JsonObject { ["required"] = Words([sorted.Key]) }, ["else"] = Section(sorted.Without()) });
        return new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [sorted.Key] = new JsonObject { ["enum"] = Words(sorted.Sorts.Select(sort => sort.Word)) } },
            ["allOf"] = choices,
        };
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    public static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];

    static JsonObject AnyOf(params IReadOnlyList<JsonObject> schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    /// <summary>The words, and what an editor takes some of them for.</summary>
    static JsonObject Choice(Shape.Choice choice)
    {
        var words = Words(choice.Words);
        if (choice.Words.Contains("true"))
            words.Add(true);
        if (choice.Words.Contains("false"))
            words.Add(false);
        if (choice.Words.Contains("null"))
            words.Add(null);
        foreach (var number in choice.Words.Where(word => word.All(char.IsAsciiDigit)))
            words.Add(int.Parse(number, CultureInfo.InvariantCulture));
        var schema = new JsonObject { ["enum"] = words };
        return choice.AnyCase ? AnyOf(schema, new() { ["type"] = "string", ["pattern"] = $"^(?:{string.Join('|', choice.Words.Select(AnyCase))})$" }) : schema;
    }

    static string AnyCase(string word) =>
        string.Concat(word.Select(c => char.IsAsciiLetter(c) ? $"[{char.ToUpperInvariant(c)}{char.ToLowerInvariant(c)}]" : Regex.Escape(c.ToString())));

    static JsonObject Whole(Shape.Whole whole)
    {
        var number = new JsonObject { ["type"] = "integer", ["minimum"] = whole.Least };
        if (whole.Most < int.MaxValue)
            number["maximum"] = whole.Most;
        return AnyOf(number, new() { ["type"] = "string", ["pattern"] = "^[0-9]+$" });
    }

    /// <summary>Any scalar, with the functions as snippets. It has no description, which would stand in place of a column's.</summary>
    JsonObject Expression()
    {
        definitions["expression"] ??= new JsonObject
        {
            ["type"] = new JsonArray("string", "number", "boolean", "null"),
            ["defaultSnippets"] = new JsonArray([.. MapSettings.Snippets(functions).Select(snippet => (JsonNode)new JsonObject { ["label"] = snippet.Label, ["body"] = snippet.Body })]),
        };
        return Reference("expression");
    }
}

static class JsonObjects
{
    public static JsonObject With(this JsonObject schema, string keyword, int value)
    {
        if (value > 0)
            schema[keyword] = value;
        return schema;
    }
}
