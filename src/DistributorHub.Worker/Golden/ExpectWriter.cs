using System.Text;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// Writes what became of a file as an expect file. There is one form: a column to a line, in the target's order, rows as they came, so that a change of the
/// map is as small in the file as it is.
/// </summary>
sealed class ExpectWriter
{
    readonly StringBuilder text = new();

    /// <param name="outcome">What became of the file.</param>
    /// <param name="before">The file until now, whose opening comment stays; null for a new one.</param>
    public static string Write(GoldenOutcome outcome, string? before)
    {
        var writer = new ExpectWriter();
        foreach (var line in (before ?? "").ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line.StartsWith('#')))
            writer.Line(0, line);
        writer.Line(0, "hub: expect/1");
        writer.Line(0, outcome.Messages.Count == 0 ? "messages: []" : "messages:");
        foreach (var message in outcome.Messages)
            writer.Message(message);
        if (outcome.Findings.Count > 0)
            writer.Line(0, "findings:");
        foreach (var finding in outcome.Findings)
            writer.Line(0, $"- {{ code: {finding.Code}{Number("message", finding.At.Message)}{Number("segment", finding.At.Segment)} }}");
        return writer.text.ToString();
    }

    static string Number(string name, int number) => number == 0 ? "" : $", {name}: {number}";

    void Message(GoldenMessage message)
    {
        // A type comes from the file, and may be anything.
        Line(0, $"- message: {(message.Type.All(char.IsAsciiLetterOrDigit) && message.Type.Length > 0 ? message.Type : $"'{message.Type.Replace("'", "''")}'")}");
        if (message.Rejected)
            Line(1, "rejected: yes");
        if (message.Rows.Count == 0)
            return;
        Line(1, "rows:");
        Tables(message, null, 2);
    }

    void Tables(GoldenMessage message, CollectedRow? parent, int depth)
    {
        foreach (var (table, rows) in message.Below(parent))
        {
            Line(depth, $"{table.Name}:");
            foreach (var row in rows)
                Row(message, row, depth);
        }
    }

    void Row(GoldenMessage message, CollectedRow row, int depth)
    {
        var lead = "- ";
        for (var i = 0; i < row.Values.Count; i++)
        {
            if (row.Values[i] is not { } value)
                continue;
            Line(depth, $"{lead}{row.Table.Columns[i].Name}: {ExpectedValue.Yaml(row.Table.Columns[i], value)}");
            lead = "  ";
        }
        Tables(message, row, depth + 1);
    }

    void Line(int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');
}
