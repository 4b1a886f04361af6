using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Schema;

namespace DistributorHub.Mapping.Language;

/// <summary>The settings of a map.</summary>
static class MapSettings
{
    static readonly Shape Size = new Shape.Text("[0-9]+( KB| MB)?");
    static readonly Shape Path = new Shape.Text();

    public static SettingTable From { get; } = new("from",
        new("standard", "EDIFACT or X12.", new Shape.Choice(["EDIFACT", "X12"]), Required: true),
        new("message", "The type of the message, such as ORDERS or '850'.", Shape.AnyText, Required: true),
        new("release", "The release whose definition the paths are checked with, such as D.96A or '004010'; a list of them for a map that reads several.",
            new Shape.OneOrList(Shape.AnyText), Required: true));

    public static SettingTable Limits { get; } = new("limits",
        new("unit_bytes", "Most bytes of one line (one unit of the message's detail): a number, or one with KB or MB. Default 1 MB.", Size),
        new("frame_bytes", "Most bytes of the header and of each group around the lines. Default 4 MB.", Size));

    public static SettingTable Quarantine { get; } = new("quarantine",
        new Setting("max", "Most rows of a message that may be left out for faults of their own.", new Shape.Whole(1, Edi.Limits.FindingsPerFileMax), Required: true));

    public static SettingTable RowErrors { get; } = new("on-row-error",
        new Setting("quarantine", "Rows with faults are left out, up to a number; the message is loaded without them.", new Shape.Section(() => Quarantine)));

    public static SettingTable Block { get; } = new("block",
        new("table", "The table of the target that gets a row. Without it the block is a scope for the rows inside it.", new Shape.Rows(RowsPart.Table)),
        new("for", "The group or segment whose instances are rows, by its tag: LIN, NAD, HL[I], SDQ.LOC. Without it there is one row.", Path),
        new("where", "A condition; where it is not true there is no row.", new Shape.Expression()),
        new("set", "Columns of the table, each with its rule.", new Shape.Rows(RowsPart.Columns)),
        new("check", "Named conditions; one that is false rejects the message.", new Shape.Names(new Shape.Expression())),
        new("rows", "Blocks inside each row: tables below this one.", new Shape.Rows(RowsPart.Blocks, () => Block)));

    public static SettingTable Head { get; } = new("map",
        new("hub", "The kind and version of the file.", new Shape.Choice([MapReader.Format]), Required: true),
        new("id", "The file's name from the folder of mappings, without ending: base/orders-edifact; of a partner's own map without 'partners/'.", Shape.AnyText, Required: true),
        new("partner", "The one partner whose map this is.", Shape.AnyText),
        new("from", "The message that is read, or with 'format' the files without an envelope.", new Shape.Sorted("format", () => From, ("csv", () => FormatSettings.Csv), ("xml", () => FormatSettings.Xml))),
        new("to", "The target whose tables are filled: targets/<id>.target.yaml.", new Shape.Known(KnownNames.Targets)),
        new("guide", "The guide its messages are checked with, where the partner's file names none.", new Shape.Known(KnownNames.Guides)),
        new("stream", "required: the map must run in constant memory. buffer: the message is held whole, so that lines can use what stands behind them.",
            new Shape.Choice(["required", "buffer"])),
        new("max_segments", "With stream: buffer, the most segments of a message. Default 20000.", new Shape.Whole(1)),
        new("limits", "What one message may make the hub hold.", new Shape.Section(() => Limits)),
        new("on_row_error", "What a fault of a row does: reject_message (the default), or { quarantine: { max: 100 } }.",
            new Shape.AnyOf(new Shape.Choice(["reject_message"]), new Shape.Section(() => RowErrors))),
        new("functions", "Own helpers, name(x): body. The body is an expression of the parameters, in quotes where YAML needs them.", new Shape.Names(new Shape.Expression())),
        new("codes", "Code lists of this map alone; they go before all others.", new Shape.Names(new Shape.Section(() => CodeListSettings.Body))),
        new("ignore", "Paths that are left out on purpose: 'hub map coverage' does not tell of them.", new Shape.List(Path)),
        new("final", "Rules that maps which extend this one cannot change: table.column, table.where.", new Shape.List(Shape.AnyText)),
        new("rows", "Blocks; each with a table makes rows of it.", new Shape.Rows(RowsPart.Blocks, () => Block)));

    /// <summary>The settings of a map over another.</summary>
    public static SettingTable Overlay { get; } = new("overlay",
        [
            .. Head.Named("hub", "id"),
            new("extends", "The map whose rules hold where this one says nothing.", new Shape.Known(KnownNames.Maps), Required: true),
            .. Head.Named("partner"),
            new("override", "Other rules for what the base has: table.column, .where, .for, .check.name.", new Shape.Names(new Shape.Anything())),
            new("add", "What the base does not have: table.column, .check.name, .rows.", new Shape.Names(new Shape.Anything())),
            new("drop", "Rules of the base, or whole tables, that are left out.", new Shape.List(Shape.AnyText)),
            .. Head.Named("codes", "functions", "ignore", "final", "guide", "stream", "max_segments", "limits", "on_row_error"),
        ]);

    /// <summary>Calls of all functions; in the body, which is inserted, each argument is a place to stop at.</summary>
    public static IEnumerable<(string Label, string Body)> Snippets(MapFunctions own) =>
    [
        .. FunctionTable.Calls.Select(call => Snippet(call.Key, call.Value.Usage(call.Key), [.. call.Value.Parameters.Take(call.Value.Required).Select(p => p.Name)])),
        .. FunctionTable.Special.Select(call => Snippet(call.Key, call.Value,
            [.. call.Value[(call.Key.Length + 1)..^1].Split(", ").Where(argument => argument != "…" && argument[0] != '[')])),
        .. own.All.Select(function => Snippet(function.Name, function.Usage, [.. function.Parameters.Select(parameter => parameter.Name)])),
    ];

    static (string, string) Snippet(string name, string usage, string[] arguments) =>
        (usage, $"{name}({string.Join(", ", arguments.Select((argument, i) => $"${{{i + 1}:{argument}}}"))})");

    /// <summary>What editors say of an expression.</summary>
    public static string ExpressionHelp(MapFunctions own) =>
        "A plain text is an expression, a quoted one is that text. A path alone must be there; 'path?' may be absent, 'a ?? b' is b when a is absent. Functions: "
        + string.Join(" · ", FunctionTable.Calls.Select(call => call.Value.Usage(call.Key)).Concat(FunctionTable.Special.Values).Concat(own.All.Select(function => function.Usage))) + ".";
}
