using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DistributorHub.Worker.Load;

/// <summary>
/// What the load of one document changes, found out in the transaction that does it and before it is done. All rows are counted and hashed; the first of each table
/// are kept to be shown.
/// </summary>
/// <param name="expected">What the load may do; null when nothing is to be loaded and it is only asked.</param>
sealed class RowDifferences(ExpectedRows? expected) : IDisposable
{
    /// <summary>Rows of one table that are kept with their columns.</summary>
    public const int RowsPerTableMax = 200;

    /// <summary>Departures from what a dry run has shown that are told.</summary>
    const int DeparturesToldMax = 5;

    // In place of what is said of persons: it would be kept longer than it is needed.
    const string Masked = "***";

    readonly List<RowDifference> rows = [];
    readonly Dictionary<string, TableDifferences> tables = new(StringComparer.Ordinal);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    string? digest;

    public IReadOnlyList<RowDifference> Rows => rows;

    /// <summary>Every table of the load, in the order of the merge, with what happens to it.</summary>
    public IReadOnlyCollection<TableDifferences> Tables => tables.Values;

    public bool Differs => tables.Values.Any(table => table.Differs);

    /// <summary>True when nothing is to be loaded.</summary>
    public bool IsTrial => expected is null;

    /// <summary>True when the load would do something else than it may.</summary>
    public bool Departs => expected is not null && expected.Digest != Digest;

    /// <summary>Hash of all rows that differ, with their values.</summary>
    public string Digest => digest ??= Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>Looks at a table whose rows are matched, before they are merged.</summary>
    /// <param name="sql">Asks.</param>
    /// <param name="staged">The table.</param>
    /// <param name="text">How its rows are matched and merged.</param>
    /// <param name="parameters">Those of the match.</param>
    public async Task Take(MergeSession sql, StagedTable staged, MergeSql text, object parameters)
    {
        var name = staged.Table.Name;
        tables.TryAdd(name, new(name, 0, 0, 0, 0));
        var questions = new DifferenceSql(staged, text);
        if (staged.Rows > 0)
        {
            await sql.Read(questions.Changes, parameters, row => Add(name, row, questions));
            Count(name, same: await sql.Scalar<long>(questions.CountSame));
        }
        if (questions.Gone is { } gone)
            await sql.Read(gone, parameters, row => Add(new(name, Key(row, questions), DifferenceKind.Removed, []), row.GetString(0)));
        foreach (var ended in questions.Ended)
            await sql.Read(ended, parameters, row => Add(new(name, Key(row, questions), DifferenceKind.Changed, [new(questions.Current!, "true", "false")]), row.GetString(0)));
    }

    /// <summary>Looks at rows that a full list does not mention, before they are ended.</summary>
    /// <param name="sql">Asks.</param>
    /// <param name="staged">The table.</param>
    /// <param name="missing">The rows <c>t</c>, as a from clause with its condition.</param>
    /// <param name="expire">The column they expire by, and its value; null when they are deleted.</param>
    public Task TakeMissing(MergeSession sql, StagedTable staged, string missing, (string Column, string Value)? expire)
    {
        var (name, questions) = (staged.Table.Name, new DifferenceSql(staged, null));
        return sql.Read(questions.Missing(missing, expire), null, row => Add(
            new(name, Key(row, questions), expire is null ? DifferenceKind.Removed : DifferenceKind.Changed,
                expire is { Column: var column } ? [new(column, Text(row, 1), Text(row, 2))] : []), row.GetString(0)));
    }

    /// <summary>Counts rows that go together with those above them.</summary>
    public void CountBelow(string table, long removed)
    {
        if (removed > 0)
            Add(new(table, string.Create(CultureInfo.InvariantCulture, $"{removed} row{(removed == 1 ? "" : "s")} below those that go"), DifferenceKind.Removed, []), "", removed);
    }

    /// <summary>How the load departs from what was shown, for people.</summary>
    public string Departures()
    {
        var told = new List<string>();
        var (then, now) = (ByRow(expected!.Rows), ByRow(rows));
        foreach (var (row, difference) in then)
            if (!now.TryGetValue(row, out var other))
                told.Add($"{row.Table} {row.Key}: {difference.Words} was shown, and there is nothing to do now");
            else if (other.Words != difference.Words)
                told.Add($"{row.Table} {row.Key}: {difference.Words} was shown, and now it would be {other.Words}");
        told.AddRange(now.Where(row => !then.ContainsKey(row.Key)).Select(row => $"{row.Key.Table} {row.Key.Key}: {row.Value.Words} was not shown"));
        return told.Count == 0 ? "values beyond the rows that are kept of it, or of persons."
            : $"{string.Join("; ", told.Take(DeparturesToldMax))}{(told.Count > DeparturesToldMax ? $"; and {told.Count - DeparturesToldMax} more" : "")}.";

        static Dictionary<(string Table, string Key), RowDifference> ByRow(IEnumerable<RowDifference> rows) =>
            rows.DistinctBy(row => (row.Table, row.Key)).ToDictionary(row => (row.Table, row.Key));
    }

    public void Dispose() => hash.Dispose();

    void Add(string table, DbDataReader row, DifferenceSql questions)
    {
        var kind = Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture) switch { 1 => DifferenceKind.Added, 2 => DifferenceKind.Removed, _ => DifferenceKind.Changed };
        var (shown, whole) = (new List<ColumnDifference>(), new StringBuilder(row.GetString(0)));
        for (var i = 0; i < questions.Columns.Count && kind != DifferenceKind.Removed; i++)
        {
            var at = 2 + 3 * i;
            var (column, before, after) = (questions.Columns[i], kind == DifferenceKind.Added ? null : Text(row, at), Text(row, at + 1));
            if (kind == DifferenceKind.Added ? after is null : Convert.ToInt32(row.GetValue(at + 2), CultureInfo.InvariantCulture) == 0)
                continue;
            whole.Append('\u001f').Append(column.Name).Append('\u001e').Append(before ?? "\0").Append('\u001e').Append(after ?? "\0");
            shown.Add(column.Personal ? new(column.Name, before is null ? null : Masked, after is null ? null : Masked) : new(column.Name, before, after));
        }
        Add(new(table, Key(row, questions), kind, shown), whole.ToString());
    }

    void Add(RowDifference row, string whole, long count = 1)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Table}\u001f{row.Kind}\u001f{count}\u001f{whole}\u001d")));
        if (tables.GetValueOrDefault(row.Table) is not { } so || so.Added + so.Changed + so.Removed < RowsPerTableMax)
            rows.Add(row);
        if (row.Kind == DifferenceKind.Added)
            Count(row.Table, added: count);
        else if (row.Kind == DifferenceKind.Changed)
            Count(row.Table, changed: count);
        else
            Count(row.Table, removed: count);
    }

    void Count(string table, long added = 0, long changed = 0, long same = 0, long removed = 0)
    {
        var so = tables.GetValueOrDefault(table) ?? new(table, 0, 0, 0, 0);
        tables[table] = new(table, so.Added + added, so.Changed + changed, so.Same + same, so.Removed + removed);
    }

    static string Key(DbDataReader row, DifferenceSql questions) => questions.KeyIsPersonal ? Masked : row.GetString(0);

    static string? Text(DbDataReader row, int at) => row.IsDBNull(at) ? null : Convert.ToString(row.GetValue(at), CultureInfo.InvariantCulture);
}
