using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Write;

/// <summary>The settings of maps that write, and of the documents they write from.</summary>
static class WriteSettings
{
    static readonly Shape Entries = new Shape.List(new Shape.AnyOf(
        new Shape.Section(() => Block!), new Shape.Names(new Shape.AnyOf(new Shape.Expression(), new Shape.Names(new Shape.Expression(), 1)), 1)));

    static readonly Shape Fields = new Shape.Names(new Shape.Text(ColumnType.Pattern), 1);

    public static SettingTable From { get; } = new("write-from",
        new Setting("document", "The document that is read: docs/<id>.yaml.", new Shape.Known(KnownNames.Documents), Required: true));

    public static SettingTable To { get; } = new("write-to",
        [.. MapSettings.From.Named("standard", "message"), new("release", "The release that is written, such as D.96A or '004010'.", Shape.AnyText, Required: true),
            new("assigned", "The association assigned code (UNH 0057), or the implementation that GS08 names.", Shape.AnyText)]);

    public static SettingTable Block { get; } = new("write-block",
        new("for", "The list of the document whose rows are written.", Shape.AnyText),
        new("group", "The group of the message that each row makes.", Shape.AnyText),
        new("where", "A condition; where it is not true nothing is written.", new Shape.Expression()),
        new("write", "The segments, in the order of the message.", Entries));

    public static SettingTable Head { get; } = new("write",
        [.. MapSettings.Head.Named("hub", "id", "partner"), new("from", "The document that is read.", new Shape.Section(() => From), Required: true),
            new("to", "The message that is written.", new Shape.Section(() => To), Required: true), .. MapSettings.Head.Named("functions", "codes", "final"),
            new("write", "The segments, in the order of the message, and blocks of them for the rows of a list.", Entries, Required: true)]);

    /// <summary>What a map that extends one that writes can say.</summary>
    public static string[] Overlay { get; } = [.. MapSettings.Overlay.Names.Except(["ignore", "stream", "max_segments", "limits", "on_row_error", "guide"])];

    static readonly Setting View = new("view", "The view of the seller that is read: view or schema.view.", Shape.AnyText, Required: true);
    static readonly Setting FieldsOf = new("fields", "Its columns with their types; 'not null' and '= physical_name' may follow.", Fields, Required: true);
    static readonly Setting Below = new("lists", "Lists in it, by name.", new Shape.Names(new Shape.Section(() => List!)));

    public static SettingTable List { get; } = new("document-list", View,
        new("by", "Columns of the view that hold the keys of what is around it, from the outside in.", new Shape.List(Shape.AnyText, 1), Required: true),
        new("key", "Fields that tell its rows apart, where there are lists in it.", new Shape.List(Shape.AnyText, 1)),
        new("order", "Fields that its rows are sorted by.", new Shape.List(Shape.AnyText, 1)),
        FieldsOf, Below);

    public static SettingTable Document { get; } = new("document",
        new("hub", "The kind and version of the file.", new Shape.Choice([DocumentDefinitionReader.Format]), Required: true),
        new("id", "The file's name: docs/<id>.yaml.", Shape.AnyText, Required: true),
        new("connection", "The name of the database connection in the hub's settings; never a secret. Default seller.", Shape.AnyText),
        View,
        new("key", "Fields that tell documents apart.", new Shape.List(Shape.AnyText, 1), Required: true),
        new("partner", "The field with the id of the partner it goes to.", Shape.AnyText),
        new("number", "The field with the business number.", Shape.AnyText),
        FieldsOf, Below);
}
