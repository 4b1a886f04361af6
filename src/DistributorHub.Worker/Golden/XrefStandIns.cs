using System.Globalization;
using Dapper;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// Tables that stand for the seller's own where a map looks values up: every key that is asked for has a value. What the values are is the seller's
/// affair; a golden test says <c>xref(article, 4711)</c>.
/// </summary>
sealed class XrefStandIns
{
    readonly Dictionary<(string Xref, string Key), (XrefDefinition Xref, object[] Keys)> asked = [];

    /// <summary>Notes the keys of a batch.</summary>
    public void Note(RowBatch batch)
    {
        foreach (var lookup in batch.Table.Lookups)
        {
            List<int> places = [.. batch.Table.KeyPlaces(lookup)];
            for (var row = 0; row < batch.Count; row++)
            {
                object[] keys = [.. places.Select(place => SqliteStaging.Value(batch.Columns[place], row))];
                if (!keys.Contains(DBNull.Value))
                    asked.TryAdd((lookup.Xref.Name, string.Join('\n', keys)), (lookup.Xref, keys));
            }
        }
    }

    /// <summary>Makes the tables, and rows for keys that have none yet.</summary>
    public async Task Make(Database database, CancellationToken cancellation)
    {
        if (asked.Count == 0)
            return;
        var dialect = new SqliteDialect();
        await using var connection = await database.Open(cancellation);
        foreach (var (xref, keys) in asked.Values)
        {
            var table = dialect.Name(xref.Table);
            var columns = xref.Table.Columns.Select(column => (Name: SellerDialect.Quote(column.Physical), Type: dialect.ColumnType(column))).ToList();
            var same = string.Join(" and ", xref.Key.Select((column, i) => $"{SellerDialect.Quote(column.Physical)} = @v{i}"));
            var parameters = new DynamicParameters();
            for (var i = 0; i < keys.Length; i++)
                parameters.Add($"v{i}", keys[i]);
            parameters.Add($"v{keys.Length}", Value(xref.Value));
            await connection.ExecuteAsync(new CommandDefinition(
                $"""
                create table if not exists {table} ({string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}"))});
                insert into {table} select {string.Join(", ", columns.Select((_, i) => $"@v{i}"))} where not exists (select 1 from {table} where {same})
                """, parameters, cancellationToken: cancellation));
        }
    }

    /// <summary>A value of the column's kind that fits any column of it.</summary>
    static object Value(ColumnDefinition column) => column.Kind switch
    {
        ColumnKind.Text => "x",
        ColumnKind.Numeric => 1m.ToString($"F{column.Scale}", CultureInfo.InvariantCulture),
        ColumnKind.Date => "2000-01-01",
        ColumnKind.Time => "00:00:00",
        ColumnKind.Timestamp => "2000-01-01T00:00:00.000000Z",
        _ => 1L,
    };
}
