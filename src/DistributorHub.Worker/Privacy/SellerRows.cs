using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Privacy;

/// <summary>Empties the columns marked pii in the seller's tables; a text that may not be null becomes a star.</summary>
sealed class SellerRows(DbConnection connection, DbTransaction transaction, SellerDialect dialect, CancellationToken cancellation)
{
    const string Star = "*";

    /// <summary>Rows in which a marked column holds exactly this text, by table.</summary>
    public async Task<Dictionary<string, long>> ErasePerson(TargetDefinition target, string person)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in target.Tables)
            foreach (var column in Personal(table).Where(column => column.Kind == ColumnKind.Text))
            {
                var name = SellerDialect.Quote(column.Physical);
                Count(rows, table, await Execute($"update {dialect.Name(table)} set {name} = {Empty(column)} where {name} = @person", new { person }));
            }
        return rows;
    }

    /// <summary>Rows that documents of a number made, with the rows below them, by table. Which rows these are is known of versioned tables.</summary>
    public async Task<Dictionary<string, long>> EraseDocument(TargetDefinition target, string number, string? partner, List<string> left)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        var made = await connection.QueryAsync<string>(new CommandDefinition(
            "select versions from hub_inbox where lower(doc_number) = lower(@number) and (@partner is null or partner = @partner) and versions is not null",
            new { number, partner }, transaction, cancellationToken: cancellation));
        var ids = made.SelectMany(versions => JsonSerializer.Deserialize<Dictionary<string, string[]>>(versions)!).ToLookup(pair => pair.Key, pair => pair.Value);
        foreach (var table in target.Tables.Where(table => Personal(table).Any()))
        {
            var root = table.Parent is { } parent ? target.Find(parent)! : table;
            var keys = ids[root.Name].SelectMany(list => list).ToList();
            if (root.Policy != TablePolicy.Version || root.Id is null || !keys.TrueForAll(key => long.TryParse(key, CultureInfo.InvariantCulture, out _)))
                left.Add($"Which rows of {dialect.Name(table)} the document made is not known: look at its columns {string.Join(", ", Personal(table).Select(column => column.Physical))}.");
            else if (keys.Count > 0)
            {
                var parameters = new DynamicParameters();
                var list = parameters.AddList("key", keys.Select(key => long.Parse(key, CultureInfo.InvariantCulture)));
                Count(rows, table, await Execute(
                    $"update {dialect.Name(table)} set {string.Join(", ", Personal(table).Select(column => $"{SellerDialect.Quote(column.Physical)} = {Empty(column)}"))} where {SellerDialect.Quote(table == root ? root.Id : table.ParentColumn!)} in {list}", parameters));
            }
        }
        return rows;
    }

    static IEnumerable<ColumnDefinition> Personal(TableDefinition table) =>
        table.Columns.Where(column => column.Personal && (column.Nullable || column.Kind == ColumnKind.Text) && !table.Key.Contains(column.Name));

    static string Empty(ColumnDefinition column) => column.Nullable ? "null" : $"'{Star}'";

    Task<int> Execute(string sql, object parameters) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation));

    void Count(Dictionary<string, long> rows, TableDefinition table, int count)
    {
        if (count > 0)
            rows[dialect.Name(table)] = rows.GetValueOrDefault(dialect.Name(table)) + count;
    }
}
