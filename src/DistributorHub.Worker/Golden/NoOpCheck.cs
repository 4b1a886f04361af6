using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// That a file which comes again changes nothing. As it is, the hub knows it by its content. With one other word in it the hub does not: then every policy
/// must find its rows again by their keys. A version becomes another version with the same values, <c>insert</c> refuses, all others leave what is there.
/// </summary>
sealed class NoOpCheck(TrialSeller seller)
{
    const int RowsShownMax = 3;

    readonly Dictionary<string, IReadOnlyList<string>> whole = new(StringComparer.Ordinal), mapped = new(StringComparer.Ordinal);

    /// <summary>Takes the tables as they are after the first load.</summary>
    public async Task Take(CancellationToken cancellation)
    {
        foreach (var (_, table) in seller.Tables.ToList())
        {
            whole[table.Name] = await seller.Select(table, null, cancellation);
            mapped[table.Name] = await seller.Select(table, Mapped(table), cancellation);
        }
    }

    /// <summary>What the same file changed, a sentence for each table.</summary>
    public async Task<IReadOnlyList<string>> SameContent(CancellationToken cancellation)
    {
        var changes = new List<string>();
        foreach (var (_, table) in seller.Tables.ToList())
            Compare(table, whole[table.Name], await seller.Select(table, null, cancellation), "The same file again", changes);
        return changes;
    }

    /// <summary>What the file changed when its content was not known, a sentence for each table.</summary>
    public async Task<IReadOnlyList<string>> SameRows(CancellationToken cancellation)
    {
        var changes = new List<string>();
        foreach (var (target, table) in seller.Tables.ToList())
        {
            var (before, after) = (mapped[table.Name], await seller.Select(table, Mapped(table), cancellation));
            if (IsVersioned(target, table))
                (before, after) = ([.. before.Distinct(StringComparer.Ordinal)], [.. after.Distinct(StringComparer.Ordinal)]);
            Compare(table, before, after, "The same rows in a file the hub does not know", changes);
        }
        return changes;
    }

    // Surrogate keys, and the numbers and flags of versions, are the database's.
    static List<ColumnDefinition> Mapped(TableDefinition table) => [.. table.Columns.Where(column => column.Mapped)];

    static bool IsVersioned(TargetDefinition target, TableDefinition table) => table.Policy == TablePolicy.Version
        || (table.Policy == TablePolicy.Children && table.Parent is { } parent && IsVersioned(target, target.Find(parent)!));

    static void Compare(TableDefinition table, IReadOnlyList<string> before, IReadOnlyList<string> after, string what, List<string> changes)
    {
        var (gone, added) = (Without(before, after), Without(after, before));
        if (gone.Count > 0 || added.Count > 0)
            changes.Add($"{what} changes {table.Name} (policy {table.Policy.ToString().ToLowerInvariant()}): {Shown(added, "more or changed")}{(gone.Count > 0 && added.Count > 0 ? "; " : "")}{Shown(gone, "no longer there as before")}.");
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

    static string Shown(List<string> rows, string how) => rows.Count == 0 ? ""
        : $"{rows.Count} row(s) {how}: {string.Join(" | ", rows.Take(RowsShownMax).Select(Harmless.Text))}{(rows.Count > RowsShownMax ? " | …" : "")}";
}
