using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Reads the YAML of a map that writes into its parts and reports everything that is not shaped like one.</summary>
sealed class WriteReader(string file, string text, DefinitionLibrary definitions, ICollection<Diagnostic> diagnostics)
{
    /// <summary>The installation's own functions.</summary>
    public MapFunctions Own { get; init; } = MapFunctions.None;

    readonly MapReader shapes = new(file, text, definitions, diagnostics);

    /// <summary>True when a map writes: it says so by <c>write:</c>, or by the document it is from.</summary>
    public static bool Is(YamlMap root) => root.Find("write") is not null || (root.Find("rows") is null && root.Find("from") is YamlMap from && from.Find("document") is not null);

    public WriteAst Read(YamlMap root, string id)
    {
        if (shapes.Text(root, "hub") is not { Text: MapReader.Format } hub)
            Report((YamlNode?)root.Find("hub") ?? root, MapCodes.Head, "This is not a map.", $"a map starts with 'hub: {MapReader.Format}'");
        root = shapes.Known(root, "a map that writes", WriteSettings.Head.Names);
        if (shapes.Required(root, "id") is { } name && name.Text != id)
            Report(name, MapCodes.Head, $"The id '{name.Text}' is not the file's name.", $"write id: {id}");
        var document = From(root);
        var (message, assigned) = To(root);
        var macros = new MacroReader(file, text, diagnostics) { Own = Own }.Read(root.Find("functions"));
        if (root.Find("write") is null)
            Report(root, MapCodes.Head, "A map from a document needs 'write'.");
        return new()
        {
            Document = document,
            Message = message,
            Assigned = assigned,
            Macros = macros,
            Entries = root.Find("write") is { } write ? Entries(write) : [],
        };
    }

    YamlScalar? From(YamlMap root)
    {
        if (root.Find("from") is YamlMap from)
            return shapes.Required(shapes.Known(from, "from", WriteSettings.From.Names), "document");
        Report(root.Find("from") ?? root, MapCodes.Head, "A map that writes needs 'from'.", "from: { document: order_response }");
        return null;
    }

    (MessageDefinition? Message, string Assigned) To(YamlMap root)
    {
        if (root.Find("to") is not YamlMap written)
        {
            Report(root.Find("to") ?? root, MapCodes.Head, "A map that writes needs 'to'.", "to: { standard: EDIFACT, message: ORDRSP, release: D.96A }");
            return (null, "");
        }
        var to = shapes.Known(written, "to", WriteSettings.To.Names);
        if (to.Find("release") is YamlList list)
        {
            Report(list, MapCodes.Shape, "A map writes one release.", "write a map for each release that a partner wants");
            return (null, "");
        }
        return (shapes.Messages(to).FirstOrDefault(), shapes.Text(to, "assigned")?.Text ?? "");
    }

    List<EntryAst> Entries(YamlNode node)
    {
        var entries = new List<EntryAst>();
        if (node is not YamlList list)
        {
            Report(node, MapCodes.Shape, "'write' is a list of segments, in the order of the message.", "- BGM: …");
            return entries;
        }
        foreach (var item in list.Items)
        {
            if (item is not YamlMap map || map.Entries.Count == 0)
                Report(item, MapCodes.Shape, "An entry of 'write' is a segment, or a block with 'write' inside.", "- DTM[137]: issued_at, or - for: lines");
            else if (map.Find("write") is not null || map.Find("for") is not null || map.Find("group") is not null)
                entries.Add(Block(map));
            else
                entries.AddRange(map.Entries.Select(entry => Segment(entry.Key, entry.Value)).OfType<SegmentAst>());
        }
        return entries;
    }

    BlockEntryAst Block(YamlMap written)
    {
        var map = shapes.Known(written, "a block that writes", WriteSettings.Block.Names);
        if (map.Find("write") is null)
            Report(map, MapCodes.Shape, "A block needs 'write'.", "write: below it, the segments");
        return new(map, shapes.Text(map, "for"), shapes.Text(map, "group"), shapes.Text(map, "where"), map.Find("write") is { } write ? Entries(write) : []);
    }

    SegmentAst? Segment(YamlScalar key, YamlNode value)
    {
        switch (value)
        {
            case YamlScalar scalar when scalar.Text.Length > 0 || scalar.Quoted:
                return new(key, [new(null, scalar)]);
            case YamlMap elements when elements.Entries.Count > 0:
                var values = new List<KeyValuePair<YamlScalar?, YamlScalar>>();
                foreach (var (element, node) in elements.Entries)
                {
                    if (node is YamlScalar expression && (expression.Text.Length > 0 || expression.Quoted))
                        values.Add(new(element, expression));
                    else
                        Report(node is YamlScalar ? element : node, MapCodes.Shape, $"'{element.Text}' needs one expression.");
                }
                return new(key, values);
            default:
                Report(value is YamlScalar ? key : value, MapCodes.Shape, $"'{key.Text}' needs a value, or elements below it.", "QTY[21]: lines.qty");
                return null;
        }
    }

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(file), at.Line, at.Column, code, message, hint));
}
