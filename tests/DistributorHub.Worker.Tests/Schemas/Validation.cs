using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Yaml;
using Json.Schema;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>Files of mappings as a YAML editor judges them: by the schemas, in a validator that is not ours.</summary>
sealed partial class Validation
{
    readonly JsonSchema root;
    readonly EvaluationOptions options = new() { OutputFormat = OutputFormat.List };

    /// <param name="files">Texts of schemas by the end of their path.</param>
    public Validation(IReadOnlyDictionary<string, string> files)
    {
        var build = new BuildOptions { SchemaRegistry = new() };
        JsonSchema? last = null;
        // The root refers to the others.
        foreach (var (path, text) in files.OrderBy(file => file.Key.EndsWith(SchemaSet.RootFile, StringComparison.Ordinal)))
            last = JsonSchema.FromText(text, build, new Uri($"https://mappings.example/{Path.GetFileName(path)}"));
        root = last!;
    }

    /// <summary>What is wrong with a file, each at its place as a JSON pointer; none when the schemas take it.</summary>
    public IReadOnlyList<string> Judge(string text)
    {
        var diagnostics = new List<Diagnostic>();
        var file = YamlFile.Read("file", text, diagnostics);
        Assert.Empty(diagnostics);
        var result = root.Evaluate(JsonSerializer.SerializeToElement(Node(file!)), options);
        return result.IsValid ? [] : [.. result.Details!.Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>A node as the core schema of YAML 1.2 resolves it.</summary>
    static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Node(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Node)]),
        YamlScalar { Quoted: false, Block: false } plain => Plain(plain.Text),
        YamlScalar scalar => scalar.Text,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when Whole().IsMatch(text) => decimal.Parse(text, CultureInfo.InvariantCulture),
        _ when Number().IsMatch(text) => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    [GeneratedRegex("^[-+]?[0-9]{1,27}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
