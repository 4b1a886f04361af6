using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Formats;

/// <summary>Reads what <c>from:</c> says of XML: where documents, records and what repeats in them stand, and the values of each.</summary>
sealed class XmlFormatReader(FormatReader settings)
{
    const int ManyTimes = 1_000;

    readonly Dictionary<string, FileField> fields = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> widths = new(StringComparer.Ordinal);
    readonly List<(XmlStep Step, string Tag)> groups = [];

    public XmlFormat Read(YamlMap from)
    {
        settings.Known(from, "from", FormatSettings.Xml.Names);
        var (type, each) = settings.Message(from, "each");
        var root = new XmlStep("", null, []);
        var document = each is [var path] ? Element(root, path) : null;
        if (document is null && each.Count != 1)
            settings.Report(from.Find("message") ?? from, "'each' is missing: the element that is a document, from the root of the file.", "message: { type: ORDERS, each: cXML/Request/OrderRequest }");
        // What stands in a document that is not known is judged all the same.
        document ??= new("", null, []);
        document.IsDocument = true;
        var header = from.Find("header") is YamlMap values ? Fields(values, FieldGroup.Header, [FieldGroup.Header], document) : [];
        if (from.Find("header") is not (null or YamlMap))
            settings.Report(from.Find("header")!, "'header' holds values of the document and their paths.", "header: { order_no: OrderRequestHeader/@orderID }");
        var record = from.Find("record") is YamlMap written ? Group(FieldGroup.Record, written, [], document) : null;
        if (record is null)
            settings.Report(from.Find("record") ?? from, "'record' says which element is a record, and its values.", "record: { path: ItemOut, fields: { qty: '@quantity' } }");
        var (decimals, thousands) = settings.Marks(from);
        var message = FieldGroup.ToMessage(Edi.Parse.Standard.Xml, type, header.Count == 0 ? null : new(FieldGroup.Header, header, []), record ?? new(FieldGroup.Record, [], []));
        foreach (var (step, tag) in groups)
            step.Group = (tag, message.Nodes.First(node => !node.IsGroup && node.Tag == tag).Id);
        widths[FieldGroup.Header] = header.Count;
        var number = from.Find("message") is YamlMap said ? settings.Text(said, "number") : null;
        if (number is not null && !header.Exists(element => element.Id == number.Text))
            settings.Report(number, $"There is no value '{number.Text}' under header:.", Language.Hints.DidYouMeanOr(number.Text, "there are", [.. header.Select(element => element.Id)]));
        return new()
        {
            Message = message,
            Fields = fields,
            Root = root,
            Each = each is [var element] ? element.Text : "",
            Widths = widths,
            Number = number?.Text,
            Charset = settings.Charset(from),
            DecimalMark = decimals,
            ThousandsMark = thousands,
        };
    }

    FieldGroup Group(string tag, YamlMap written, IReadOnlyList<string> around, XmlStep outer)
    {
        settings.Known(written, tag, FormatSettings.XmlGroup.Names);
        IReadOnlyList<string> tags = [.. around, tag];
        var step = settings.Text(written, "path") is { } path ? Element(outer, path) : null;
        if (written.Find("path") is null)
            settings.Report(written, $"'path' is missing: the element that is a {tag}, from the element around it.", "path: ItemOut");
        step ??= new("", null, []);
        groups.Add((step, tag));
        var elements = written.Find("fields") is YamlMap values ? Fields(values, tag, tags, step) : [];
        if (written.Find("fields") is not YamlMap)
            settings.Report(written.Find("fields") ?? written, $"'fields' holds the values of a {tag} and their paths.", "fields: { qty: '@quantity' }");
        widths[tag] = elements.Count;
        var inner = new List<FieldGroup>();
        foreach (var (name, value) in (written.Find("groups") as YamlMap)?.Entries ?? [])
        {
            if (!settings.IsFree(name, fields.Keys.Concat(widths.Keys)))
                continue;
            if (value is YamlMap group)
                inner.Add(Group(name.Text, group, tags, step));
            else
                settings.Report(value, $"'{name.Text}' has a path and fields.", "groups: { price: { path: PRICE, fields: { amount: AMOUNT } } }");
        }
        if (written.Find("groups") is not (null or YamlMap))
            settings.Report(written.Find("groups")!, "'groups' holds what repeats, by name.", "groups: { price: { path: PRICE, fields: { amount: AMOUNT } } }");
        return new(tag, elements, inner);
    }

    List<ElementDefinition> Fields(YamlMap values, string tag, IReadOnlyList<string> tags, XmlStep element)
    {
        var elements = new List<ElementDefinition>();
        foreach (var (name, value) in values.Entries)
        {
            if (!settings.IsFree(name, fields.Keys.Concat(widths.Keys)))
                continue;
            var map = value is YamlMap written ? settings.Known(written, "a value", FormatSettings.XmlValue.Names) : null;
            var path = map is null ? value as YamlScalar : settings.Text(map, "path");
            if (path is null)
            {
                settings.Report(value, $"Where does '{name.Text}' stand?", "order_no: OrderRequestHeader/@orderID, or { path: …, is: decimal }");
                continue;
            }
            var definition = settings.Element(name.Text, elements.Count + 1, map, ManyTimes);
            var field = new FileField(name.Text, tags, definition);
            elements.Add(definition);
            fields.Add(name.Text, field);
            Bind(element, path, field);
        }
        return elements;
    }

    /// <summary>Notes at a path's element that a value is made of its text or of an attribute.</summary>
    void Bind(XmlStep from, YamlScalar path, FileField field)
    {
        var at = path.Text.LastIndexOf("/@", StringComparison.Ordinal);
        var (elements, attribute) = path.Text switch
        {
            "." => ("", null),
            ['@', .. var own] => ("", own),
            _ when at >= 0 => (path.Text[..at], path.Text[(at + 2)..]),
            var text => (text, null),
        };
        if (attribute is not null && !System.Xml.XmlReader.IsName(attribute))
            settings.Report(path, $"'{attribute}' is no name of an attribute.", "OrderRequestHeader/@orderID");
        var step = elements.Length == 0 ? from : Element(from, path with { Text = elements });
        if (attribute is null)
            step?.Text.Add(field);
        else
            step?.Attributes.Add((attribute, field));
    }

    XmlStep? Element(XmlStep from, YamlScalar path)
    {
        if (from.Go(path.Text) is { } step)
            return step;
        settings.Report(path, $"'{path.Text}' is no path of elements.", "names joined by /, an attribute last, conditions on attributes: PRICES/PRICE[@type=net|gross]/AMOUNT, ItemOut/@quantity, . for the element's own text");
        return null;
    }
}
