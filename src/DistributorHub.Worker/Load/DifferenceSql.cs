using System.Globalization;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Asks what the merge of one table changes. Aliases as in <see cref="StagedTable"/>; k1, k2, … = stages of the tables above.</summary>
/// <param name="staged">The table.</param>
/// <param name="merge">How its rows are matched and merged; null for what asks about rows that are not staged.</param>
sealed class DifferenceSql(StagedTable staged, MergeSql? merge)
{
    readonly TableDefinition table = staged.Table;

    /// <summary>The columns of <see cref="Changes"/>, in its order.</summary>
    public IReadOnlyList<ColumnDefinition> Columns { get; } = [.. merge?.SetColumns ?? []];

    public bool KeyIsPersonal => table.Key.Any(key => table.Find(key) is { Personal: true });

    /// <summary>The column that says which version counts, or null.</summary>
    public string? Current => table.Policy == TablePolicy.Version ? table.Version!.Current : null;

    /// <summary>
    /// Rows that are new, overwritten or dropped: key, kind (1 = new, 2 = dropped, 0 = overwritten), and of each column the value before, the one after, and whether
    /// they differ.
    /// </summary>
    public string Changes
    {
        get
        {
            var columns = Columns.Select(c => $"""
                , cast(t.{Quote(c.Physical)} as text), cast({staged.Value(c.Name)} as text),
                  case when t.{Quote(c.Physical)} is distinct from {staged.Value(c.Name)} then 1 else 0 end
                """);
            var (key, above) = StagedKey("s");
            return $"""
                select {key}, case when r._new then 1 when r._drop then 2 else 0 end {string.Concat(columns)}
                from {staged.Stage} s join {staged.Match} r on r._row = s._row{above} left join {staged.Sql} t on {staged.SameRow} and not r._new
                where (r._new and r._apply) or r._write or (r._drop and not r._new) order by r._row
                """;
        }
    }

    /// <summary>Rows that are there and stay as they are.</summary>
    public string CountSame => $"select count(*) from {staged.Match} where not _new and not _write and not _drop";

    /// <summary>Keys of rows that go because the message has them no more; null where the policy keeps them.</summary>
    public string? Gone
    {
        get
        {
            if (table.Policy != TablePolicy.Children)
                return null;
            var (key, above) = Above(staged, "p._row", LiveKey);
            return $"select {key} from {staged.Parent!.Match} p{above}, {staged.Sql} t where {merge!.Gone} order by 1";
        }
    }

    /// <summary>Keys of versions that count no more: those that a newer one replaces, and those that this document made before and makes no more.</summary>
    public IEnumerable<string> Ended => merge is null ? []
        : new[] { merge.Replaced, merge.Orphans }.OfType<string>().Select(rows => $"select {LiveKey} from {rows} order by 1");

    /// <summary>Keys of rows <c>t</c>; with the value of the column they expire by, before and after.</summary>
    public string Missing(string rows, (string Column, string Value)? expire)
    {
        var values = expire is { } end ? $", cast(t.{Quote(table.Find(end.Column)!.Physical)} as text), cast({end.Value} as text)" : "";
        return $"select {LiveKey}{values} from {rows} order by 1";
    }

    (string Key, string Joins) StagedKey(string alias) => Above(staged, $"{alias}._parent_row", StagedOwnKey(staged, alias));

    /// <summary>A key with those of the rows above before it, and the joins that takes.</summary>
    static (string Key, string Joins) Above(StagedTable below, string row, string key)
    {
        var joins = "";
        var number = 0;
        for (var child = below; child is { KeyHasParent: true, Parent: { } above }; child = above)
        {
            var alias = string.Create(CultureInfo.InvariantCulture, $"k{++number}");
            joins += $" join {above.Stage} {alias} on {alias}._row = {row}";
            key = $"{StagedOwnKey(above, alias)} || '/' || {key}";
            row = $"{alias}._parent_row";
        }
        return (key, joins);
    }

    /// <summary>The key of rows <c>t</c> of the target.</summary>
    string LiveKey => staged.OwnKey(column => $"t.{Quote(table.Find(column)!.Physical)}");

    static string StagedOwnKey(StagedTable of, string alias) => of.OwnKey(column => $"{alias}.c{of.ColumnNumber(column)}");

    static string Quote(string name) => SellerDialect.Quote(name);
}
