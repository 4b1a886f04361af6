using System.Globalization;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Yaml;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Golden;

/// <summary>Reads an expect file and reports every mistake of its shape where it stands. Tables and columns are compared later, with what the map fills.</summary>
sealed class ExpectReader
{
    public const string Version = "expect/1";

    readonly string file;
    readonly ICollection<Diagnostic> diagnostics;

    ExpectReader(string file, ICollection<Diagnostic> diagnostics) => (this.file, this.diagnostics) = (file, diagnostics);

    /// <summary>What the file expects; null after diagnostics.</summary>
    public static Expectation? Read(string file, string text, ICollection<Diagnostic> diagnostics)
    {
        var before = diagnostics.Count;
        if (YamlFile.Read(file, text, diagnostics) is not { } root)
            return null;
        var expectation = new ExpectReader(file, diagnostics).Root(root);
        return diagnostics.Count == before ? expectation : null;
    }

    Expectation Root(YamlMap root)
    {
        Allow(root, "an expect file", ExpectSettings.Head.Names);
        if (root.Find("hub") is not YamlScalar { Text: Version })
            Report(root.Find("hub") ?? root, ExpectCodes.Version, "The kind and version of the file are missing or unknown.", $"write hub: {Version}");
        if (root.Find("messages") is null)
            Report(root, ExpectCodes.Missing, "'messages' is missing.", "write what each message becomes, in the order of the file; messages: [] for a file that has none");
        return new(
            [.. Maps(root.Find("messages"), "messages", "start each message with '- message: ORDERS'").Select(Message)],
            [.. Maps(root.Find("findings"), "findings", "write - { code: MAP2105, message: 1, segment: 15 }").Select(Finding).OfType<ExpectedFinding>()],
            root);
    }

    ExpectedMessage Message(YamlMap message)
    {
        Allow(message, "a message", ExpectSettings.Message.Names);
        var type = Text(message, "message", "the type of the message, such as ORDERS");
        var rejected = Flag(message.Find("rejected"));
        var rows = message.Find("rows");
        if (rows is not (null or YamlMap))
            Report(rows, ExpectCodes.Shape, "'rows' holds tables.", "write the table's name with its rows below it");
        if (rejected && rows is not null)
            Report(rows, ExpectCodes.Shape, "A message that is rejected has no rows.", "leave out rows:, or rejected:");
        var tables = (rows as YamlMap)?.Entries.Select(table => Table(table.Key, table.Value)) ?? [];
        return new(type?.Text ?? "", rejected, [.. tables], message);
    }

    ExpectedTable Table(YamlScalar name, YamlNode rows) =>
        new(name, [.. Maps(rows, name.Text, "start each row with '- '").Select(Row)]);

    ExpectedRow Row(YamlMap row)
    {
        var values = new List<KeyValuePair<YamlScalar, YamlScalar>>();
        var children = new List<ExpectedTable>();
        foreach (var (name, node) in row.Entries)
        {
            if (node is YamlScalar { Text: "", Quoted: false } nothing)
                Report(nothing, ExpectCodes.Shape, $"'{name.Text}' has no value.", "leave out a column that is null; write '' for an empty text");
            else if (node is YamlScalar value)
                values.Add(new(name, value));
            else if (node is YamlList)
                children.Add(Table(name, node));
            else
                Report(node, ExpectCodes.Shape, $"'{name.Text}' is neither a value nor rows of a table below this one.", "write a value, or start each row with '- '");
        }
        return new(values, children, row);
    }

    ExpectedFinding? Finding(YamlMap finding)
    {
        Allow(finding, "a finding", ExpectSettings.Finding.Names);
        var code = Text(finding, "code", "the code of the finding, such as MAP2105");
        return code is null ? null : new(code.Text, Number(finding, "message"), Number(finding, "segment"), finding);
    }

    int Number(YamlMap map, string key)
    {
        if (map.Find(key) is not { } node)
            return 0;
        if (node is YamlScalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        Report(node, ExpectCodes.Shape, $"'{key}' is a whole number from 1.", "leave it out for what is about none");
        return 0;
    }

    bool Flag(YamlNode? node)
    {
        if (node is null or YamlScalar { Text: "no" or "false" })
            return false;
        if (node is not YamlScalar { Text: "yes" or "true" })
            Report(node, ExpectCodes.Shape, "'rejected' is yes or no.");
        return true;
    }

    YamlScalar? Text(YamlMap map, string key, string meaning)
    {
        var node = map.Find(key);
        if (node is YamlScalar { Text.Length: > 0 } text)
            return text;
        Report(node ?? map, node is null ? ExpectCodes.Missing : ExpectCodes.Shape, node is null ? $"'{key}' is missing: {meaning}." : $"'{key}' is {meaning}.");
        return null;
    }

    IEnumerable<YamlMap> Maps(YamlNode? node, string key, string hint)
    {
        if (node is null)
            return [];
        if (node is YamlList list)
        {
            foreach (var item in list.Items.Where(item => item is not YamlMap))
                Report(item, ExpectCodes.Shape, $"An entry of '{key}' holds 'name: value' pairs.", hint);
            return list.Items.OfType<YamlMap>();
        }
        Report(node, ExpectCodes.Shape, $"'{key}' is a list.", hint);
        return [];
    }

    void Allow(YamlMap map, string what, params string[] known)
    {
        foreach (var (key, _) in map.Entries.Where(entry => !known.Contains(entry.Key.Text)))
            Report(key, ExpectCodes.Unknown, $"'{key.Text}' is not a setting of {what}.",
                Nearest.Find(key.Text, known) is { } near ? $"did you mean '{near}'?" : $"settings here: {string.Join(", ", known)}");
    }

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));
}
