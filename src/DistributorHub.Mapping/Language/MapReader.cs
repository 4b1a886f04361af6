using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Reads the YAML of a map into its parts and reports everything that is not shaped like a map.</summary>
sealed class MapReader(string file, string text, DefinitionLibrary definitions, ICollection<Diagnostic> diagnostics)
{
    /// <summary>What a map says that it is.</summary>
    public const string Format = "map/1";
    const int BufferSegments = 20_000;

    // What one message may hold in memory, however the map is written.
    const int HeldBytesMax = 256 * 1024 * 1024;

    /// <summary>The settings of a map, in the order they are shown in.</summary>
    public static readonly string[] HeadKeys = MapSettings.Head.Names;

    /// <summary>The installation's own functions.</summary>
    public MapFunctions Own { get; init; } = MapFunctions.None;

    /// <summary>The map as far as it can be read, or null when the file is no map; what is wrong is among the diagnostics.</summary>
    public MapAst? Read(YamlMap root, string id)
    {
        if (Text(root, "hub") is not { } hub || hub.Text != Format)
        {
            Report((YamlNode?)root.Find("hub") ?? root, MapCodes.Head, "This is not a map.", $"a map starts with 'hub: {Format}'");
            // With rows it is meant to be one.
            if (root.Find("rows") is null || root.Find("from") is null)
                return null;
        }
        root = Known(root, "a map", HeadKeys);
        if (Required(root, "id") is { } name && name.Text != id)
            Report(name, MapCodes.Head, $"The id '{name.Text}' is not the file's name.", $"write id: {id}");
        var format = root.Find("from") is YamlMap from && from.Find("format") is not null ? new FormatReader(file, diagnostics).Read(from) : null;
        var messages = format is not null ? [format.Message] : From(root);
        var to = Required(root, "to");
        var (buffer, max) = Stream(root);
        var (unit, frame) = Bounds(root);
        var rowsLeftOut = RowErrors(root);
        var macros = new MacroReader(file, text, diagnostics) { Own = Own }.Read(root.Find("functions"));
        var blocks = root.Find("rows") is { } rows ? Blocks(rows) : [];
        if (root.Find("rows") is null)
            Report(root, MapCodes.Head, "A map needs 'rows'.");
        return new()
        {
            Messages = messages,
            Format = format,
            To = to,
            Buffer = buffer,
            SegmentsMax = max,
            UnitBytesMax = unit,
            FrameBytesMax = frame,
            RowsLeftOutMax = rowsLeftOut,
            Macros = macros,
            Ignored = Ignored(root),
            Blocks = blocks,
        };
    }

    /// <summary>The message in each of its releases that there is a definition of.</summary>
    List<MessageDefinition> From(YamlMap root)
    {
        var node = root.Find("from");
        if (node is not YamlMap written)
        {
            Report(node ?? root, MapCodes.Head, "A map needs 'from'.", "from: { standard: EDIFACT, message: ORDERS, release: D.96A }");
            return [];
        }
        // One that is not known was told.
        if (written.Find("format") is not null)
            return [];
        if (written.Find("document") is { } document)
        {
            Report(document, MapCodes.Direction, "This map reads, and a document is what a message is written from.", "from: { standard: EDIFACT, message: ORDERS, release: D.96A }, or write: in place of rows:");
            return [];
        }
        return Messages(Known(written, "from", MapSettings.From.Names));
    }

    /// <summary>The message that <c>from</c>, or <c>to</c> of a map that writes, names.</summary>
    public List<MessageDefinition> Messages(YamlMap from)
    {
        var standard = Required(from, "standard");
        var message = Required(from, "message");
        var releases = Releases(from);
        if (standard is null || message is null || releases.Count == 0)
            return [];
        if (standard.Text is not ("EDIFACT" or "X12"))
        {
            Report(standard, MapCodes.NoMessage, $"'{standard.Text}' is not a standard.", "write EDIFACT or X12");
            return [];
        }
        var family = standard.Text == "X12" ? Standard.X12 : Standard.Edifact;
        var found = new List<MessageDefinition>();
        foreach (var release in releases)
        {
            var definition = Definition(family, message, release);
            if (definition is not null && found.Contains(definition))
                Report(release, MapCodes.Shape, $"{message.Text} {definition.Release} stands here twice.", "remove one of them");
            else if (definition is not null)
                found.Add(definition);
        }
        return found;
    }

    List<YamlScalar> Releases(YamlMap from)
    {
        if (from.Find("release") is not YamlList list)
            return Required(from, "release") is { } only ? [only] : [];
        if (list.Items.Count > 0 && list.Items.All(item => item is YamlScalar { Text.Length: > 0 }))
            return [.. list.Items.Cast<YamlScalar>()];
        Report(list, MapCodes.Shape, "'release' is one release, or a list of them.", "release: [D.96A, D.01B]");
        return [];
    }

    MessageDefinition? Definition(Standard family, YamlScalar message, YamlScalar release)
    {
        if (definitions.Find(family, message.Text, release.Text) is { } found)
            return found;
        var known = definitions.List().Where(d => d.Standard == family).ToList();
        var types = known.Select(d => d.Type).Distinct().ToList();
        if (types.Contains(message.Text))
            Report(release, MapCodes.NoMessage, $"There is no definition of {message.Text} {release.Text}.",
                Hints.DidYouMeanOr(release.Text, "known releases", [.. known.Where(d => d.Type == message.Text).Select(d => d.Release)]));
        else
            Report(message, MapCodes.NoMessage, $"There is no definition of {message.Text}.", Hints.DidYouMeanOr(message.Text, "known messages", types));
        return null;
    }

    (bool Buffer, int? Max) Stream(YamlMap root)
    {
        var stream = Text(root, "stream");
        if (stream is not null && stream.Text is not ("required" or "buffer"))
            Report(stream, MapCodes.Shape, $"'{stream.Text}' is not a way to stream.", "write required or buffer");
        var buffer = stream?.Text == "buffer";
        if (Text(root, "max_segments") is not { } max)
            return (buffer, buffer ? BufferSegments : null);
        if (!buffer)
            Report(max, MapCodes.Shape, "max_segments bounds a message that is held whole.", "it goes with stream: buffer");
        if (int.TryParse(max.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var segments) && segments > 0)
            return (buffer, segments);
        Report(max, MapCodes.Shape, $"'{max.Text}' is not a number of segments.");
        return (buffer, null);
    }

    (int? Unit, int? Frame) Bounds(YamlMap root)
    {
        if (root.Find("limits") is not { } node)
            return default;
        if (node is YamlMap written)
        {
            var limits = Known(written, "limits", MapSettings.Limits.Names);
            return (Size(limits, "unit_bytes"), Size(limits, "frame_bytes"));
        }
        Report(node, MapCodes.Shape, "'limits' holds settings of its own.", "limits: { unit_bytes: 4 MB, frame_bytes: 16 MB }");
        return default;
    }

    int? Size(YamlMap limits, string key)
    {
        if (Text(limits, key) is not { } size)
            return null;
        var (digits, unit) = size.Text.EndsWith(" MB", StringComparison.Ordinal) ? (size.Text[..^3], 1024 * 1024)
            : size.Text.EndsWith(" KB", StringComparison.Ordinal) ? (size.Text[..^3], 1024)
            : (size.Text, 1);
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= HeldBytesMax / unit)
            return (int)number * unit;
        Report(size, MapCodes.Shape, $"'{size.Text}' is not a size that can be held.", "write a number of bytes, or one with KB or MB (of 1024), up to 256 MB: 4 MB");
        return null;
    }

    /// <summary>How many rows of a message may be left out for faults of theirs; 0 when a fault rejects the message.</summary>
    int RowErrors(YamlMap root)
    {
        const string Hint = "write reject_message (the default) or { quarantine: { max: 100 } }";
        switch (root.Find("on_row_error"))
        {
            case null or YamlScalar { Text: "reject_message" }:
                return 0;
            case YamlMap written:
                var map = Known(written, "on_row_error", MapSettings.RowErrors.Names);
                if (map.Find("quarantine") is YamlMap quarantine)
                {
                    return Required(Known(quarantine, "quarantine", MapSettings.Quarantine.Names), "max") is { } max ? Rows(max) : 0;
                }
                if (map.Find("quarantine") is { } other)
                    Report(other, MapCodes.Shape, "'quarantine' needs the most rows of a message that may be left out.", Hint);
                return 0;
            case { } node:
                Report(node, MapCodes.Shape, "'on_row_error' says what a fault of a row does.", Hint);
                return 0;
        }
    }

    int Rows(YamlScalar max)
    {
        if (int.TryParse(max.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows > 0 && rows <= Limits.FindingsPerFileMax)
            return rows;
        Report(max, MapCodes.Shape, $"'{max.Text}' is not a number of rows.",
            $"write 1 to {Limits.FindingsPerFileMax}: each row that is left out is told, and of more findings none are kept");
        return 0;
    }

    List<BlockAst> Blocks(YamlNode node)
    {
        if (node is not YamlList list)
        {
            Report(node, MapCodes.Shape, "'rows' is a list.", "each block starts with '- table: …' or '- for: …'");
            return [];
        }
        var blocks = new List<BlockAst>();
        foreach (var item in list.Items)
        {
            if (item is YamlMap map)
                blocks.Add(Block(map));
            else
                Report(item, MapCodes.Shape, "An entry of 'rows' is a block.", "it starts with '- table: …' or '- for: …'");
        }
        return blocks;
    }

    BlockAst Block(YamlMap written)
    {
        var map = Known(written, "a block of rows", MapSettings.Block.Names);
        var table = Text(map, "table");
        var isScope = map.Find("table") is null;
        if (isScope && map.Find("rows") is null)
            Report(map, MapCodes.Shape, "A block needs 'table', or 'rows' inside it.");
        else if (isScope && map.Find("set") is { } set)
            Report(set, MapCodes.Shape, "A block without 'table' is a scope only: it sets nothing.", "add table: …");
        return new()
        {
            Place = new(map.FileOr(file), map.Line, map.Column),
            Table = table,
            For = Text(map, "for"),
            Where = Text(map, "where"),
            Set = Entries(map, "set"),
            SetNames = map.Find("set") switch
            {
                null => [],
                YamlMap names => [.. names.Entries.Select(e => e.Key.Text)],
                _ => null,
            },
            Checks = Entries(map, "check"),
            Rows = map.Find("rows") is { } rows ? Blocks(rows) : [],
        };
    }

    List<KeyValuePair<YamlScalar, YamlScalar>> Entries(YamlMap map, string key)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlScalar>>();
        switch (map.Find(key))
        {
            case null:
                break;
            case YamlMap inner:
                foreach (var (name, value) in inner.Entries)
                {
                    if (value is YamlScalar scalar && (scalar.Text.Length > 0 || scalar.Quoted))
                        entries.Add(new(name, scalar));
                    else
                        Report(value is YamlScalar ? name : value, MapCodes.Shape, $"'{name.Text}' needs one expression.");
                }
                break;
            case { } other:
                Report(other, MapCodes.Shape, $"'{key}' holds 'name: expression' lines.");
                break;
        }
        return entries;
    }

    List<YamlScalar> Ignored(YamlMap root)
    {
        var paths = new List<YamlScalar>();
        var node = root.Find("ignore");
        foreach (var item in (node as YamlList)?.Items ?? [])
        {
            if (item is YamlScalar { Text.Length: > 0, Quoted: false } path)
                paths.Add(path);
            else
                Report(item, MapCodes.Shape, "'ignore' holds paths without quotes.", "- LIN/IMD[B]");
        }
        if (node is not (null or YamlList))
            Report(node, MapCodes.Shape, "'ignore' is a list of paths.", "ignore: [PAC, LIN/MOA]");
        return paths;
    }

    /// <summary>The text of a setting that must be there; null after a diagnostic.</summary>
    public YamlScalar? Required(YamlMap map, string key)
    {
        if (map.Find(key) is null)
            Report(map, MapCodes.Head, $"'{key}' is missing.");
        return Text(map, key);
    }

    /// <summary>The text of a setting, or null.</summary>
    public YamlScalar? Text(YamlMap map, string key)
    {
        var node = map.Find(key);
        if (node is YamlScalar { Text.Length: > 0 } scalar)
            return scalar;
        if (node is not null)
            Report(node, MapCodes.Shape, $"'{key}' must be one text.");
        return null;
    }

    /// <summary>
    /// The settings that are known, and those that are not. One that is near to a setting that is missing is taken for it: what it holds is judged, and
    /// nothing is said of its absence.
    /// </summary>
    public YamlMap Known(YamlMap map, string what, string[] known)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        foreach (var (key, value) in map.Entries)
        {
            var meant = known.Contains(key.Text) ? key.Text : Hints.Nearest(key.Text, known);
            var isFree = meant is not null && map.Find(meant) is null && !entries.Exists(e => e.Key.Text == meant);
            entries.Add(new(isFree ? key with { Text = meant! } : key, value));
            if (meant == key.Text)
                continue;
            Report(key, MapCodes.Shape, $"'{key.Text}' is not a setting of {what}.", Hints.DidYouMeanOr(key.Text, "known here", known));
        }
        return map with { Entries = entries };
    }

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(file), at.Line, at.Column, code, message, hint));
}
