using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Guides;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Schema;

/// <summary>A kind of YAML file: the text behind <c>hub:</c> and the settings at its top.</summary>
/// <param name="Hub">The text behind <c>hub:</c>.</param>
/// <param name="Title">What such a file is.</param>
/// <param name="Head">Its settings.</param>
/// <param name="Sign">The setting that tells it from other kinds with the same text; null for the one that has none of their signs.</param>
public sealed record FileKind(string Hub, string Title, SettingTable Head, string? Sign = null)
{
    /// <summary>The file its schema stands in.</summary>
    public string SchemaFile => $"{Hub[..Hub.IndexOf('/', StringComparison.Ordinal)]}{(Sign is null ? "" : $"-{Sign}")}.schema.json";
}

/// <summary>
/// The JSON Schemas of a folder of mappings: one for each kind of file, and <see cref="RootFile"/>, which takes the one that a file's line <c>hub:</c>
/// names, so that an editor needs one rule for all files, wherever maps and guides of a partner stand side by side.
/// </summary>
public sealed class SchemaSet
{
    /// <summary>The schema of every file.</summary>
    public const string RootFile = "hub.schema.json";

    static readonly JsonSerializerOptions Style = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    SchemaSet(IReadOnlyDictionary<string, string> files) => Files = files;

    /// <summary>The kinds of file that are read here.</summary>
    public static IReadOnlyList<FileKind> Kinds { get; } =
    [
        new(MapReader.Format, "A map: a message becomes rows", MapSettings.Head),
        new(MapReader.Format, "A map over another: what is otherwise", MapSettings.Overlay, "extends"),
        new(MapReader.Format, "A map that writes: a document becomes a message", WriteSettings.Head, "write"),
        new(DocumentDefinitionReader.Format, "A document: views of the seller that messages are written from", WriteSettings.Document),
        new(TargetReader.Format, "A target: the seller's tables", TargetSettings.Head),
        new(GuideLoader.Format, "A guide: what a partner really sends", GuideSettings.Head),
        new(CodeListReader.Format, "A code list", CodeListSettings.Head),
    ];

    /// <summary>Texts by name of file.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <param name="library">What the schemas propose: targets with their columns, maps, guides, code lists. A target with mistakes is left out.</param>
    /// <param name="definitions">Message definitions that guides may extend.</param>
    /// <param name="kinds">The kinds of file there are: these here, and those that others read.</param>
    public static SchemaSet Of(MapLibrary library, DefinitionLibrary definitions, IReadOnlyList<FileKind> kinds)
    {
        List<TargetDefinition> targets = [.. library.Targets().Select(id => library.Target(id, [])).OfType<TargetDefinition>()];
        var guides = library.Guides();
        var known = new Dictionary<KnownNames, IReadOnlyList<string>>
        {
            [KnownNames.Maps] = library.Maps(),
            [KnownNames.Guides] = guides,
            [KnownNames.Targets] = library.Targets(),
            [KnownNames.Documents] = library.Documents(),
            [KnownNames.CodeLists] = library.CodeLists(),
            [KnownNames.Extendable] = [.. definitions.List().Select(d => $"{(d.Standard == Standard.X12 ? "x12" : "edifact")}/{d.Release}/{d.Type}"), .. guides],
        };
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { [RootFile] = Text(Root(kinds)) };
        foreach (var kind in kinds)
            files[kind.SchemaFile] = Text(new SchemaWriter(known, new(targets), library.Functions).Write(kind, kind.Sign is null ? Signed(kinds, kind) : []));
        return new(files);
    }

    static IEnumerable<FileKind> Signed(IReadOnlyList<FileKind> kinds, FileKind kind) => kinds.Where(other => other.Hub == kind.Hub && other.Sign is not null);

    static JsonObject Is(IReadOnlyList<FileKind> kinds, FileKind kind)
    {
        var says = RowSchemas.Says("hub", kind.Hub);
        if (kind.Sign is not null)
            says["required"]!.AsArray().Add(kind.Sign);
        else if (Signed(kinds, kind).ToList() is { Count: > 0 } others)
            says["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. others.Select(other => new JsonObject { ["required"] = new JsonArray(other.Sign!) })]) };
        return says;
    }

    static JsonObject Root(IReadOnlyList<FileKind> kinds) => new()
    {
        ["$schema"] = SchemaWriter.Draft,
        ["title"] = "A file of mappings",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["hub"] = new JsonObject
            {
                ["description"] = "The kind and version of the file: " + string.Join("; ", kinds.Select(kind => $"{kind.Hub} = {kind.Title}")) + ".",
                ["enum"] = SchemaWriter.Words(kinds.Select(kind => kind.Hub).Distinct()),
            },
        },
        ["required"] = new JsonArray("hub"),
        ["allOf"] = new JsonArray([.. kinds.Select(kind => (JsonNode)new JsonObject
        {
            ["if"] = Is(kinds, kind),
            ["then"] = new JsonObject { ["$ref"] = kind.SchemaFile },
        })]),
    };

    static string Text(JsonObject schema) => schema.ToJsonString(Style) + "\n";
}
