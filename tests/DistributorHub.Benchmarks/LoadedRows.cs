using System.Data.Common;
using System.Text;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker;
using DistributorHub.Worker.Load;

namespace DistributorHub.Benchmarks;

/// <summary>The hash of rows as they stand in the seller's table, to compare with the hash of what the mapper made.</summary>
static class LoadedRows
{
    /// <param name="database">The seller's.</param>
    /// <param name="table">Table to read: all of its mapped columns.</param>
    /// <param name="where">Condition on the rows, or null for all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static async Task<TableHash> Hash(Database database, TableDefinition table, string? where, CancellationToken cancellation)
    {
        var columns = table.Columns.Where(c => c.Mapped).ToList();
        var hash = new TableHash(table.Name);
        var seeds = columns.Select(c => hash.Column(c.Name)).ToArray();
        await using var connection = await database.Open(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"select {string.Join(", ", columns.Select(c => SellerDialect.Quote(c.Physical)))} from {SellerDialect.Of(database.Engine).Name(table)} {(where is null ? "" : $"where {where}")}";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            for (var i = 0; i < seeds.Length; i++)
                if (!reader.IsDBNull(i))
                    Add(hash, seeds[i], reader, i, columns[i].Kind);
            hash.EndRow();
        }
        return hash;
    }

    static void Add(TableHash hash, ulong seed, DbDataReader reader, int i, ColumnKind kind)
    {
        Span<byte> room = stackalloc byte[CanonicalText.BytesMax];
        hash.Add(seed, kind switch
        {
            ColumnKind.Text => Encoding.UTF8.GetBytes(reader.GetString(i)),
            ColumnKind.Int => CanonicalText.Integer(reader.GetFieldValue<long>(i), room),
            ColumnKind.Numeric => CanonicalText.Numeric(reader.GetDecimal(i), room),
            ColumnKind.Date => CanonicalText.Date(reader.GetFieldValue<DateOnly>(i), room),
            ColumnKind.Time => CanonicalText.Time(reader.GetFieldValue<TimeOnly>(i), room),
            ColumnKind.Timestamp => CanonicalText.Timestamp(reader.GetDateTime(i), room),
            _ => CanonicalText.Bool(reader.GetBoolean(i)),
        });
    }
}
