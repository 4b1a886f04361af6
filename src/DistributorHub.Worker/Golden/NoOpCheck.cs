using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// That what comes again changes nothing. The same file the hub knows by its content, and does nothing. A file of which the hub knows nothing, but with the same
/// rows, must find them again: a version becomes another version with the same values, <c>insert</c> refuses, all other policies leave what is there. And sent
/// again in another envelope, the document must have the same keys: what else the map takes from the envelope may differ.
/// </summary>
sealed class NoOpCheck(TrialSeller seller)
{
    const int RowsShownMax = 3;

    readonly Dictionary<(string Target, string Table), (IReadOnlyList<string> Whole, IReadOnlyList<string> Mapped, IReadOnlyList<string> Keys)> before = [];

    /// <summary>Takes the tables as they are after the first load.</summary>
    public async Task Take(CancellationToken cancellation)
    {
        foreach (var (target, table) in seller.Tables.ToList())
            before[(target.Id, table.Name)] = (await seller.Select(table, null, cancellation), await seller.Select(table, Mapped(table), cancellation),
                await seller.Select(table, Keys(table), cancellation));
    }

    /// <summary>What the same file changed, a sentence for each table.</summary>
    public async Task<IReadOnlyList<string>> SameFile(CancellationToken cancellation)
    {
        var changes = new List<string>();
        foreach (var (target, table) in seller.Tables.ToList())
            Compare(table, before[(target.Id, table.Name)].Whole, await seller.Select(table, null, cancellation), "Loading the same file again", changes);
        return changes;
    }

    /// <summary>What the same rows changed when nothing was known of the file.</summary>
    public async Task<IReadOnlyList<string>> SameRows(CancellationToken cancellation)
    {
        var changes = new List<string>();
        foreach (var (target, table) in seller.Tables.ToList())
            Compare(table, Once(target, table, before[(target.Id, table.Name)].Mapped), Once(target, table, await seller.Select(table, Mapped(table), cancellation)),
                "Loading the same rows from a file the hub does not know", changes);
        return changes;
    }

    /// <summary>Which keys the same document has that it did not have in its first envelope.</summary>
    public async Task<IReadOnlyList<string>> SameKeys(CancellationToken cancellation)
    {
        var changes = new List<string>();
        foreach (var (target, table) in seller.Tables.ToList())
            Compare(table, Once(target, table, before[(target.Id, table.Name)].Keys), Once(target, table, await seller.Select(table, Keys(table), cancellation)),
                "Loading the same document in another envelope, with another file name, reference and date,", changes);
        return changes;
    }

    // Surrogate keys, and the numbers and flags of versions, are the database's.
    static List<ColumnDefinition> Mapped(TableDefinition table) => [.. table.Columns.Where(column => column.Mapped)];

    static List<ColumnDefinition> Keys(TableDefinition table) => [.. table.Columns.Where(column => table.Key.Contains(column.Name))];

    static IReadOnlyList<string> Once(TargetDefinition target, TableDefinition table, IReadOnlyList<string> rows) =>
        IsVersioned(target, table) ? [.. rows.Distinct(StringComparer.Ordinal)] : rows;

    static bool IsVersioned(TargetDefinition target, TableDefinition table) => table.Policy == TablePolicy.Version
        || (table.Policy == TablePolicy.Children && table.Parent is { } parent && IsVersioned(target, target.Find(parent)!));

    static void Compare(TableDefinition table, IReadOnlyList<string> before, IReadOnlyList<string> after, string what, List<string> changes)
    {
        var (gone, added) = (Without(before, after), Without(after, before));
        if (gone.Count == 0 && added.Count == 0)
            return;
        var (more, less) = (Shown(added, "more"), Shown(gone, "less"));
        changes.Add($"{what} changes {table.Name} (policy {table.Policy.ToString().ToLowerInvariant()}): {string.Join("; ", new[] { more, less }.OfType<string>())}.");
    }

    static List<string> Without(IReadOnlyList<string> rows, IReadOnlyList<string> others)
    {
        var counts = others.CountBy(row => row, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var left = new List<string>();
        foreach (var row in rows)
            if (counts.TryGetValue(row, out var count) && count > 0)
                counts[row] = count - 1;
            else
                left.Add(row);
        return left;
    }

    static string? Shown(List<string> rows, string how) => rows.Count == 0 ? null
        : $"{rows.Count} row(s) {how}: {string.Join(" | ", rows.Take(RowsShownMax).Select(Harmless.Text))}{(rows.Count > RowsShownMax ? " | …" : "")}";
}
