using DistributorHub.Mapping.Schema;

namespace DistributorHub.Mapping.Formats;

/// <summary>The settings of <c>from:</c> for files without an envelope.</summary>
static class FormatSettings
{
    static readonly Setting Kind = new("format", "csv or xml.", new Shape.Choice(["csv", "xml"]), Required: true);
    static readonly Setting Type = new("type", "What a document of these files is, such as ORDERS.", Shape.AnyText, Required: true);
    static readonly Setting Is = new("is", "text (the default), decimal, or date with its format.", new Shape.Choice(["text", "decimal", "date"]));
    static readonly Setting DateForm = new("format", "How the date is written: dd.MM.yyyy; iso is 2026-03-01, with or without a time behind it.", Shape.AnyText);
    static readonly Setting Charset = new("charset", "The character set, such as utf-8 or windows-1252. Left out, it is found out.", Shape.AnyText);
    static readonly Setting Decimals = new("decimals", "The decimal mark. Default '.'.", new Shape.Choice([".", ","]));
    static readonly Setting Thousands = new("thousands", "The mark of thousands. Default none.", new Shape.Choice([".", ",", "'", " "]));

    public static SettingTable CsvMessage { get; } = new("csv-message", Type,
        new("by", "Columns whose values tell one document from another; left out, the file is one.", new Shape.OneOrList(Shape.AnyText)));

    public static SettingTable Column { get; } = new("csv-column",
        new("header", "Its header in the file, or several that it may have. Default: its name in rules.", new Shape.OneOrList(Shape.AnyText)),
        Is, DateForm,
        new("optional", "yes: a file without this column is none the less whole. Default no.", Shape.Flag));

    public static SettingTable Csv { get; } = new("csv", Kind,
        new("message", "What the file is: ORDERS, or { type: ORDERS, by: order_no } where it holds several.", new Shape.AnyOf(Shape.AnyText, new Shape.Section(() => CsvMessage)), Required: true),
        new("header", "Columns with the document's own values.", new Shape.OneOrList(Shape.AnyText)),
        new("columns", "Names in rules, each with its header in the file, or with settings.",
            new Shape.AnyOf(Shape.Texts, new Shape.Names(new Shape.AnyOf(Shape.AnyText, new Shape.Section(() => Column)))), Required: true),
        new("delimiter", "; , | or tab. Left out, it is found by the headers.", Shape.AnyText),
        Charset, Decimals, Thousands,
        new("quotes", "no: a quote is a character like others. Default yes.", Shape.Flag),
        new("headers", "no: the file has none, and its columns are those of the map in their order. Default yes.", Shape.Flag));

    public static SettingTable XmlMessage { get; } = new("xml-message", Type,
        new("each", "The element that is a document, from the root of the file: cXML/Request/OrderRequest.", Shape.AnyText, Required: true),
        new("number", "The value of the header that is the document's number, to find a document by that was not loaded.", Shape.AnyText));

    public static SettingTable XmlValue { get; } = new("xml-value", new("path", "Where it stands: A/B, A/@attribute, A[@type=x|y].", Shape.AnyText, Required: true), Is, DateForm);

    static readonly Shape Values = new Shape.Names(new Shape.AnyOf(Shape.AnyText, new Shape.Section(() => XmlValue)));

    public static SettingTable XmlGroup { get; } = new("xml-group",
        new("path", "The element, from the one around it.", Shape.AnyText, Required: true),
        new("fields", "Values by their names in rules, with their paths.", Values, Required: true),
        new("groups", "What repeats inside, by its name in rules.", new Shape.Names(new Shape.Section(() => XmlGroup))));

    public static SettingTable Xml { get; } = new("xml", Kind,
        new("message", "What a document is, and its element.", new Shape.Section(() => XmlMessage), Required: true),
        new("header", "The document's own values, which stand before its records, with their paths.", Values),
        new("record", "The element that is a record, from the document, and its values.", new Shape.Section(() => XmlGroup), Required: true),
        Charset, Decimals, Thousands);
}
