using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Tests.Formats;

/// <summary>Mistakes of maps of files without an envelope are told where they stand, with what would be right.</summary>
public sealed class FormatMistakeTests
{
    const string Head = "hub: map/1\nid: base/test\nto: test\n";
    const string From = "from:\n  format: csv\n  message: LIST\n  header: [no]\n  columns:\n    no: No\n    sku: Article\n    price: { is: decimal }\n";
    const string Rows = "rows:\n- table: lists\n  set: { no: no, items: count(record) }\n- table: items\n  for: record\n  set: { line: $n, sku: sku, price: price }\n";

    [Fact]
    public void A_map_without_mistakes_has_none() => Assert.Empty(Check(Head + From + Rows));

    [Theory]
    [InlineData("format: csv", "format: xls", "5 MAP1002 'xls' is not a format. (write csv or xml")]
    [InlineData("message: LIST", "message: { by: no }", "6 MAP1002 'type' is missing: what a document of these files is. (message: PRICAT, or message: { type: ORDERS, by: [order_no] })")]
    [InlineData("header: [no]", "header: [nu]", "7 MAP1002 There is no column 'nu'. (did you mean no?)")]
    [InlineData("header: [no]", "delimiter: ab", "7 MAP1002 'ab' is no delimiter. (write ';', ',', '|' or tab; without the setting it is found by the headers)")]
    [InlineData("header: [no]", "header: [no]\n  charset: utf-9", "8 MAP1002 'utf-9' is no character set that can be read here. (write utf-8, windows-1252, iso-8859-15, utf-16; without the setting it is found out)")]
    [InlineData("header: [no]", "header: [no]\n  decimals: ','\n  thousands: ','", "9 MAP1002 Decimals and thousands have the same mark. (decimals: ',', thousands: '.')")]
    [InlineData("header: [no]", "header: [no]\n  colums: x", "8 MAP1002 'colums' is not a setting of from. (did you mean columns?)")]
    [InlineData("sku: Article", "Sku: Article", "10 MAP1002 'Sku' cannot be a name in rules. (small letters")]
    [InlineData("sku: Article", "record: Article\n    sku: Article", "10 MAP1002 'record' is what all values together are called. (choose another name)")]
    [InlineData("{ is: decimal }", "{ is: number }", "11 MAP1002 'number' is not a kind of value. (text, decimal, or date with its format)")]
    [InlineData("{ is: decimal }", "{ is: date }", "11 MAP1002 How is the date 'price' written? (is: date, format: dd.MM.yyyy")]
    [InlineData("sku: sku", "sku: skuu", "17 MAP1102 There is no value 'skuu' under from:. (did you mean sku?)")]
    [InlineData("sku: sku", "sku: LIN.1082", "17 MAP1106 'LIN.1082' is a path of EDI, and this map reads CSV. (values have the names that stand under from:)")]
    [InlineData("sku: sku", "sku: sku?", "17 MAP1201 items.sku is not null, but this may be absent")]
    [InlineData("sku: sku", "sku: price", "17 MAP1202 items.sku holds a text, and this is a d")]
    [InlineData("no: no,", "no: sku,", "14 MAP1402 ")]
    [InlineData("for: record", "for: recrod", "16 MAP1304 'recrod' is nothing that rows are made of. (did you mean record?)")]
    [InlineData("for: record", "for: header", "16 MAP1304 'header' is nothing that rows are made of.")]
    public void Each_is_told(string right, string wrong, string told)
    {
        var text = Head + From + Rows;
        Assert.Contains(right, text, StringComparison.Ordinal);
        var diagnostics = Check(text.Replace(right, wrong, StringComparison.Ordinal)).ConvertAll(d => $"{d.Line} {d.Code} {d.Message}{(d.Hint is null ? "" : $" ({d.Hint})")}");
        Assert.Contains(diagnostics, diagnostic => diagnostic.StartsWith(told, StringComparison.Ordinal));
    }

    const string Xml = "from:\n  format: xml\n  message: { type: LIST, each: lists/list, number: no }\n  header:\n    no: '@no'\n  record:\n    path: item\n    fields:\n      sku: id[@type=own]\n    groups:\n      tier: { path: price, fields: { price: { path: ., is: decimal } } }\n";
    const string XmlRows = "rows:\n- table: lists\n  set: { no: no, items: count(record) }\n- table: items\n  for: record\n  set: { line: $n, sku: sku, price: max(price) }\n";

    [Theory]
    [InlineData("format: xml", "format: xml", null)]
    [InlineData("each: lists/list", "eech: lists/list", "6 MAP1002 'eech' is not a setting of message.")]
    [InlineData("number: no", "number: nu", "6 MAP1002 There is no value 'nu' under header:. (did you mean no?)")]
    [InlineData("'@no'", "'@n:/o'", "8 MAP1002 'n:/o' is no name of an attribute.")]
    [InlineData("path: item", "path: item[type=x]", "10 MAP1002 'item[type=x]' is no path of elements.")]
    [InlineData("path: item", "path: ns:item", "10 MAP1002 'ns:item' is no path of elements.")]
    [InlineData("    path: item\n", "", "10 MAP1002 'path' is missing: the element that is a record")]
    [InlineData("tier:", "record:", "14 MAP1002 'record' is what all values together are called.")]
    [InlineData("tier:", "sku:", "14 MAP1002 'sku' stands here twice.")]
    [InlineData("price: max(price)", "price: max(prise)", "20 MAP1102 There is no value 'prise' under from:. (did you mean price?)")]
    [InlineData("for: record", "for: tears", "19 MAP1304 'tears' is nothing that rows are made of.")]
    [InlineData("for: record", "for: tier", null)]
    public void Those_of_xml_as_well(string right, string wrong, string? told)
    {
        var text = Head + Xml + XmlRows;
        Assert.Contains(right, text, StringComparison.Ordinal);
        var diagnostics = Check(text.Replace(right, wrong, StringComparison.Ordinal)).ConvertAll(d => $"{d.Line} {d.Code} {d.Message}{(d.Hint is null ? "" : $" ({d.Hint})")}");
        if (told is null)
            Assert.Empty(diagnostics);
        else
            Assert.True(diagnostics.Exists(diagnostic => diagnostic.StartsWith(told, StringComparison.Ordinal)), string.Join('\n', diagnostics));
    }

    static List<Diagnostic> Check(string text)
    {
        var diagnostics = new List<Diagnostic>();
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["base/test.yaml"] = text, ["targets/test.target.yaml"] = RecordMaps.Target };
        new MapLibrary([.. files.Keys], path => files.GetValueOrDefault(path), DefinitionLibrary.Embedded).Compile("base/test", null, diagnostics);
        return diagnostics;
    }
}
