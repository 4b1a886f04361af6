namespace DistributorHub.Worker.Cli;

/// <summary>Rows as aligned columns of plain text.</summary>
static class TextTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var lines = new List<IReadOnlyList<string?>> { head };
        lines.AddRange(rows.Select(row => row.Select(cell => cell is null ? null : Harmless.Text(cell)).ToList()));
        var widths = head.Select((_, column) => lines.Max(line => line[column]?.Length ?? 0)).ToList();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, column) => (cell ?? "").PadRight(widths[column]))).TrimEnd());
    }
}
