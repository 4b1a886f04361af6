using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Golden;

/// <summary>What came out, compared with what is expected: row by row by the key of the table, column by column.</summary>
sealed class GoldenDiff
{
    readonly string file;
    readonly GoldenOutcome outcome;
    readonly ICollection<Diagnostic> diagnostics;
    readonly YamlNode end;

    GoldenDiff(string file, GoldenOutcome outcome, YamlNode end, ICollection<Diagnostic> diagnostics) =>
        (this.file, this.outcome, this.end, this.diagnostics) = (file, outcome, end, diagnostics);

    /// <summary>Reports every difference at its place in the expect file.</summary>
    public static void Compare(string file, Expectation expected, GoldenOutcome outcome, ICollection<Diagnostic> diagnostics)
    {
        var diff = new GoldenDiff(file, outcome, expected.End, diagnostics);
        for (var i = 0; i < Math.Max(expected.Messages.Count, outcome.Messages.Count); i++)
            diff.Message(i + 1, expected.Messages.ElementAtOrDefault(i), outcome.Messages.ElementAtOrDefault(i));
        diff.Findings(expected.Findings);
    }

    void Message(int ordinal, ExpectedMessage? expected, GoldenMessage? found)
    {
        if (expected is null)
            Report(end, ExpectCodes.Differs, $"{found!.Label} is not expected.");
        else if (found is null)
            Report(expected.At, ExpectCodes.Differs, $"message {ordinal} ({expected.Type}) is expected, and the file has no such message.");
        else if (expected.Type != found.Type)
            Report(expected.At, ExpectCodes.Differs, $"message {ordinal}: expected {expected.Type}, found {found.Type}.");
        else if (expected.Rejected && !found.Rejected)
            Report(expected.At, ExpectCodes.Differs, $"{found.Label} is expected to be rejected, and is loaded with {found.Rows.Count} row(s).");
        else if (!expected.Rejected && found.Rejected)
            Report(expected.At, ExpectCodes.Differs, $"{found.Label} is rejected{Why(ordinal)}");
        else
            Tables(found, expected.Tables, null, expected.At, "");
    }

    string Why(int message) =>
        outcome.Findings.FirstOrDefault(finding => finding.Severity >= Severity.Error && finding.At.Message is var at && (at == message || at == 0)) is { } reason
            ? $": {reason.Code}{(reason.At.Segment > 0 ? $" in segment {reason.At.Segment}" : "")}: {Harmless.Text(reason.Message)}" : ".";

    void Tables(GoldenMessage message, IReadOnlyList<ExpectedTable> expected, CollectedRow? parent, YamlNode at, string of)
    {
        var found = message.Below(parent).ToDictionary(table => table.Table.Name, StringComparer.Ordinal);
        foreach (var table in expected)
        {
            if (Table(message, table.Name, parent) is not { } definition)
                continue;
            Rows(message, found.TryGetValue(definition.Name, out var there) ? there.Table : definition, table.Rows, there.Rows ?? [], table.Name, of);
        }
        foreach (var (table, rows) in found.Values.Where(table => expected.All(known => known.Name.Text != table.Table.Name)))
            Rows(message, table, [], rows, at, of);
    }

    TableDefinition? Table(GoldenMessage message, YamlScalar name, CollectedRow? parent)
    {
        if (message.Target is null)
        {
            Report(name, ExpectCodes.Differs, $"No map took {message.Label}, so it has no rows.");
            return null;
        }
        var table = message.Target.Find(name.Text);
        if (table is null)
            Report(name, ExpectCodes.NoTable, $"Target {message.Target.Id} has no table '{name.Text}'.", Hint(name.Text, message.Target.Tables.Select(known => known.Name)));
        else if (table.Parent != parent?.Table.Name)
            Report(name, ExpectCodes.NoTable, table.Parent is null ? $"Rows of {table.Name} have no parent." : $"Rows of {table.Name} belong to a row of {table.Parent}.",
                table.Parent is null ? "write the table directly below 'rows:'" : $"write them in that row of {table.Parent}, indented like its columns");
        else
            return table;
        return null;
    }

    void Rows(GoldenMessage message, TableDefinition table, IReadOnlyList<ExpectedRow> expected, IReadOnlyList<CollectedRow> found, YamlNode at, string of)
    {
        var key = table.Columns.Where(column => table.Key.Contains(column.Name)).ToList();
        var left = found.GroupBy(row => Key(key, column => row[column.Name]), StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => new Queue<CollectedRow>(rows), StringComparer.Ordinal);
        foreach (var row in expected)
        {
            Mistakes(table, row);
            var name = Key(key, column => row.Find(column.Name) is { } value ? ExpectedValue.Canonical(column, value.Text) : null);
            var label = $"{table.Name} ({name}){of}";
            if (left.TryGetValue(name, out var same) && same.TryDequeue(out var there))
            {
                Columns(table, row, there, label);
                Tables(message, row.Children, there, row.At, $" of {label}");
            }
            else
                Report(row.At, ExpectCodes.Differs, $"{label}: the row is expected, and there is none with this key.");
        }
        foreach (var (name, rows) in left)
            foreach (var row in rows)
                Report(at, ExpectCodes.Differs, $"{table.Name} ({name}){of}: the row is not expected. It comes from segment {row.Segment}: {Content(row)}.");
    }

    static string Key(List<ColumnDefinition> key, Func<ColumnDefinition, string?> value) =>
        string.Join(", ", key.Select(column => (column.Name, Value: value(column))).Where(column => column.Value is not null).Select(column => $"{column.Name} {column.Value}"));

    static string Content(CollectedRow row) => string.Join(", ", row.Values.Select((value, i) => (row.Table.Columns[i].Name, Value: value))
        .Where(column => column.Value is not null).Select(column => $"{column.Name} {Shown(column.Value)}"));

    void Mistakes(TableDefinition table, ExpectedRow row)
    {
        foreach (var (name, value) in row.Values)
        {
            if (table.Find(name.Text) is not { } column)
                Report(name, ExpectCodes.NoColumn, $"Table {table.Name} has no column '{name.Text}'.", Hint(name.Text, table.Columns.Select(known => known.Name)));
            else if (ExpectedValue.Canonical(column, value.Text) is null)
                Report(value, ExpectCodes.Value, $"'{value.Text}' is no value of {table.Name}.{column.Name}.", $"write {ExpectedValue.Form(column)}");
        }
    }

    void Columns(TableDefinition table, ExpectedRow expected, CollectedRow found, string label)
    {
        foreach (var column in table.Columns)
        {
            var scalar = expected.Find(column.Name);
            var value = scalar is null ? null : ExpectedValue.Canonical(column, scalar.Text);
            var isMistake = scalar is not null && value is null;
            if (!isMistake && value != found[column.Name])
                Report(scalar ?? expected.At, ExpectCodes.Differs,
                    $"{label} {column.Name}: expected {Shown(value)}, found {Shown(found[column.Name])} (the row comes from segment {found.Segment}).");
        }
    }

    void Findings(IReadOnlyList<ExpectedFinding> expected)
    {
        var left = outcome.Findings.ToList();
        foreach (var finding in expected)
        {
            var same = left.FindIndex(there => there.Code == finding.Code && there.At.Message == finding.Message && there.At.Segment == finding.Segment);
            if (same >= 0)
                left.RemoveAt(same);
            else
                Report(finding.At, ExpectCodes.Differs, $"{finding.Code}{Place(finding.Message, finding.Segment)} is expected, and was not found.");
        }
        foreach (var finding in left)
            Report(end, ExpectCodes.Differs, $"{finding.Code}{Place(finding.At.Message, finding.At.Segment)} is not expected: {Harmless.Text(finding.Message)}");
    }

    static string Place(int message, int segment) => $"{(message > 0 ? $" in message {message}" : "")}{(segment > 0 ? $", segment {segment}" : "")}";

    static string Shown(string? value) => value is null ? "nothing" : $"'{Harmless.Text(value)}'";

    static string Hint(string word, IEnumerable<string> known) =>
        Nearest.Find(word, known) is { } near ? $"did you mean '{near}'?" : $"there are: {string.Join(", ", known)}";

    void Report(YamlNode at, string code, string message, string? hint = null) => diagnostics.Add(new(file, at.Line, at.Column, code, message, hint));
}
