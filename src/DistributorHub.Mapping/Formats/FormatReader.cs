using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// Reads what <c>from:</c> says of files without an envelope. It gives what can be read of it, mistakes or not, so that the rules are judged all the same.
/// </summary>
sealed class FormatReader(string file, ICollection<Diagnostic> diagnostics)
{
    /// <summary>The format, or null after a diagnostic: it is none that is known.</summary>
    /// <param name="from">The block, which has a <c>format</c>.</param>
    public FileFormat? Read(YamlMap from)
    {
        switch (Text(from, "format"))
        {
            case { Text: "csv" }:
                return Csv(Known(from, "from", FormatSettings.Csv.Names));
            case { Text: "xml" }:
                return new XmlFormatReader(this).Read(from);
            case { } other:
                Report(other, $"'{other.Text}' is not a format.", "write csv or xml; EDI is named by its standard: from: { standard: EDIFACT, message: …, release: … }");
                return null;
            default:
                return null;
        }
    }

    CsvFormat Csv(YamlMap from)
    {
        var (type, keys) = Message(from, "by");
        var header = Names(from, "header");
        var columns = Columns(from, [.. keys.Concat(header)]);
        foreach (var name in keys.Concat(header).Where(name => !columns.Exists(c => c.Field.Name == name.Text)))
            Report(name, $"There is no column '{name.Text}'.", Hints.DidYouMeanOr(name.Text, "columns", [.. columns.Select(c => c.Field.Name)]));
        var (decimals, thousands) = Marks(from);
        return new()
        {
            Message = FieldGroup.ToMessage(Edi.Parse.Standard.Csv, type,
                columns.Exists(c => c.InHeader) ? new(FieldGroup.Header, [.. columns.Where(c => c.InHeader).Select(c => c.Definition)], []) : null,
                new(FieldGroup.Record, [.. columns.Where(c => !c.InHeader).Select(c => c.Definition)], [])),
            Fields = columns.ToDictionary(c => c.Field.Name, c => c.Field, StringComparer.Ordinal),
            Columns = columns,
            Key = [.. columns.Where(c => keys.Exists(key => key.Text == c.Field.Name))],
            Delimiter = Delimiter(from),
            Charset = Charset(from),
            DecimalMark = decimals,
            ThousandsMark = thousands,
            HasQuotes = Flag(from, "quotes", true),
            HasHeaders = Flag(from, "headers", true),
        };
    }

    /// <summary>What a document is called, and what tells one from another.</summary>
    public (string Type, List<YamlScalar> Keys) Message(YamlMap from, string key)
    {
        switch (from.Find("message"))
        {
            case YamlScalar { Text.Length: > 0 } only:
                return (only.Text, []);
            case YamlMap written:
                var map = Known(written, "message", (key == "by" ? FormatSettings.CsvMessage : FormatSettings.XmlMessage).Names);
                if (Text(map, "type") is { } type)
                    return (type.Text, Names(map, key));
                if (map.Find("type") is null)
                    Report(map, "'type' is missing: what a document of these files is.", MessageHint(key));
                return ("", Names(map, key));
            case { } node:
                Report(node, "'message' says what a document of these files is.", MessageHint(key));
                return ("", []);
            default:
                Report(from, "'message' is missing: what a document of these files is.", MessageHint(key));
                return ("", []);
        }
    }

    static string MessageHint(string key) => key == "by" ? "message: PRICAT, or message: { type: ORDERS, by: [order_no] }" : "message: { type: ORDERS, each: cXML/Request/OrderRequest }";

    List<CsvColumn> Columns(YamlMap from, List<YamlScalar> header)
    {
        var columns = new List<CsvColumn>();
        var positions = new Dictionary<bool, int> { [true] = 0, [false] = 0 };
        switch (from.Find("columns"))
        {
            case YamlMap written:
                foreach (var (name, value) in written.Entries)
                    Add(name, value);
                break;
            case YamlList list:
                foreach (var item in list.Items)
                    if (item is YamlScalar name)
                        Add(name, name);
                    else
                        Report(item, "A column in a list is its name.", "columns: [sku, price], or with headers: columns: { sku: Artikelnummer }");
                break;
            case var node:
                Report(node ?? from, "'columns' says what the columns are called, here and in the file.", "columns: { sku: Artikelnummer, price: { header: Preis, is: decimal } }");
                break;
        }
        return columns;

        void Add(YamlScalar name, YamlNode value)
        {
            if (!IsFree(name, columns.Select(c => c.Field.Name)))
                return;
            var inHeader = header.Exists(h => h.Text == name.Text);
            var map = value as YamlMap is { } written ? Known(written, "a column", FormatSettings.Column.Names) : null;
            var headers = map is null ? [(value as YamlScalar)?.Text ?? ""] : Texts(map, "header") ?? [name.Text];
            if (value is YamlList)
                Report(value, $"Column '{name.Text}' has one header, or settings of its own.", $"{name.Text}: {{ header: [Preis, EK-Preis] }}");
            var definition = Element(name.Text, ++positions[inHeader], map);
            columns.Add(new(new(name.Text, [inHeader ? FieldGroup.Header : FieldGroup.Record], definition), headers, map is not null && Flag(map, "optional", false), inHeader));
        }
    }

    /// <summary>True when a value can have this name.</summary>
    public bool IsFree(YamlScalar name, IEnumerable<string> taken)
    {
        if (!FieldName.IsPossible(name.Text))
            Report(name, $"'{name.Text}' cannot be a name in rules.", "small letters, digits and _, such as order_no; what it is called in the file stands behind it");
        else if (name.Text is FieldGroup.Header or FieldGroup.Record)
            Report(name, $"'{name.Text}' is what all values together are called.", "choose another name");
        else if (taken.Contains(name.Text))
            Report(name, $"'{name.Text}' stands here twice.", "each value has a name of its own");
        else
            return true;
        return false;
    }

    /// <summary>A value by its name: a text, or what its settings say.</summary>
    public ElementDefinition Element(string name, int position, YamlMap? map, int repeats = 1)
    {
        var type = ElementType.Text;
        var pattern = map is null ? null : Text(map, "format");
        if (map is not null && Text(map, "is") is { } kind)
        {
            if (kind.Text is not ("text" or "decimal" or "date"))
                Report(kind, $"'{kind.Text}' is not a kind of value.", "text, decimal, or date with its format");
            type = kind.Text switch { "decimal" => ElementType.Decimal, "date" => ElementType.Date, _ => ElementType.Text };
        }
        if (pattern is null && type == ElementType.Date)
            Report(map!, $"How is the date '{name}' written?", "is: date, format: dd.MM.yyyy; format: iso is 2026-03-01, with or without a time behind it");
        if (pattern is not null && type != ElementType.Date)
            Report(pattern, "'format' says how a date is written.", "is: date, format: dd.MM.yyyy");
        return new() { Id = name, Position = position, Type = type, Repeats = repeats, Pattern = type == ElementType.Date ? pattern?.Text : null };
    }

    char Delimiter(YamlMap from)
    {
        if (Text(from, "delimiter") is not { } written)
            return '\0';
        var text = written.Text is "tab" or "\\t" ? "\t" : written.Text;
        if (text is [not '"' and not '\r' and not '\n'] && (text[0] == '\t' || (text[0] >= ' ' && char.IsAscii(text[0]) && !char.IsAsciiLetterOrDigit(text[0]))))
            return text[0];
        Report(written, $"'{written.Text}' is no delimiter.", "write ';', ',', '|' or tab; without the setting it is found by the headers");
        return '\0';
    }

    /// <summary>The character set that is written, or null.</summary>
    public System.Text.Encoding? Charset(YamlMap from)
    {
        if (Text(from, "charset") is not { } written)
            return null;
        var found = SourceText.Find(written.Text);
        if (found is null)
            Report(written, $"'{written.Text}' is no character set that can be read here.", "write utf-8, windows-1252, iso-8859-15, utf-16; without the setting it is found out");
        return found;
    }

    /// <summary>How numbers are written.</summary>
    public (char Decimals, char Thousands) Marks(YamlMap from)
    {
        var decimals = Mark(from, "decimals", [".", ","]) ?? '.';
        var thousands = Mark(from, "thousands", [".", ",", "'", " "]) ?? '\0';
        if (decimals == thousands)
            Report(from.Find("thousands")!, "Decimals and thousands have the same mark.", "decimals: ',', thousands: '.'");
        return (decimals, thousands);
    }

    char? Mark(YamlMap from, string key, string[] marks)
    {
        if (Text(from, key) is not { } written)
            return null;
        if (marks.Contains(written.Text))
            return written.Text[0];
        Report(written, $"'{written.Text}' is no mark of numbers.", $"{key}: '{marks[0]}'");
        return null;
    }

    bool Flag(YamlMap map, string key, bool fallback)
    {
        if (Text(map, key) is not { } written)
            return fallback;
        if (written.Text is not ("yes" or "no" or "true" or "false"))
            Report(written, $"'{key}' is yes or no.");
        return written.Text is "yes" or "true";
    }

    List<YamlScalar> Names(YamlMap map, string key)
    {
        switch (map.Find(key))
        {
            case null:
                return [];
            case YamlScalar { Text.Length: > 0 } only:
                return [only];
            case YamlList list when list.Items.All(item => item is YamlScalar):
                return [.. list.Items.Cast<YamlScalar>()];
            case { } node:
                Report(node, $"'{key}' is a list of columns.", $"{key}: [order_no]");
                return [];
        }
    }

    List<string>? Texts(YamlMap map, string key) => map.Find(key) is null ? null : [.. Names(map, key).Select(name => name.Text)];

    /// <summary>A setting that is one text; null when it is not there, or after a diagnostic.</summary>
    public YamlScalar? Text(YamlMap map, string key)
    {
        var node = map.Find(key);
        if (node is YamlScalar { Text.Length: > 0 } scalar)
            return scalar;
        if (node is not null)
            Report(node, $"'{key}' must be one text.");
        return null;
    }

    /// <summary>The same settings; what is not known among them is reported.</summary>
    public YamlMap Known(YamlMap map, string what, string[] known)
    {
        foreach (var (key, _) in map.Entries)
            if (!known.Contains(key.Text))
                Report(key, $"'{key.Text}' is not a setting of {what}.", Hints.DidYouMeanOr(key.Text, "known here", known));
        return map;
    }

    /// <summary>Tells of a mistake.</summary>
    public void Report(YamlNode at, string message, string? hint = null) => diagnostics.Add(new(at.FileOr(file), at.Line, at.Column, MapCodes.Shape, message, hint));
}
