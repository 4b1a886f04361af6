using System.Data.Common;
using System.Globalization;
using Dapper;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using Microsoft.Data.Sqlite;

namespace DistributorHub.Worker.Load;

/// <summary>Loads by prepared inserts into temporary tables and one merge.</summary>
sealed class SqliteSeller(Database database, TimeProvider clock) : ISeller
{
    readonly LiveSchema schema = new(new SqliteDialect());

    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation)
    {
        var connection = (SqliteConnection)await database.Open(cancellation);
        try
        {
            var staging = new SqliteStaging(connection, tables);
            await staging.Create(connection, cancellation);
            return new DocumentLoad(connection, staging, target, schema, clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

sealed class SqliteStaging(SqliteConnection connection, IReadOnlyList<TableDefinition> definitions)
    : Staging(new SqliteDialect(), definitions)
{
    const int OwnColumns = 4;

    readonly Dictionary<string, SqliteCommand> inserts = new(StringComparer.Ordinal);
    SqliteTransaction? transaction;

    public override Task Create(DbConnection connection, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        string.Join("; ", Tables.Select(t => $"{Drop(t)} drop table if exists temp.{t.Match}; {t.CreateStage()}")), cancellationToken: cancellation));

    static string Drop(StagedTable table) => $"drop table if exists temp.{table.Intake}; drop table if exists temp.{table.Found};";

    public override void Finish()
    {
        foreach (var insert in inserts.Values)
            insert.Dispose();
        inserts.Clear();
        transaction?.Commit();
        transaction?.Dispose();
        transaction = null;
    }

    public override void Release()
    {
        Finish();
        using var drop = connection.CreateCommand();
        drop.CommandText = string.Concat(Tables.Select(Drop));
        drop.ExecuteNonQuery();
    }

    protected override void WriteRows(StagedTable table, RowBatch batch)
    {
        // Deferred, and it touches temporary tables only: the database itself is not locked while rows come in.
        transaction ??= connection.BeginTransaction(deferred: true);
        if (!inserts.TryGetValue(table.Intake, out var insert))
            inserts.Add(table.Intake, insert = Prepare(table));
        for (var i = 0; i < batch.Count; i++)
        {
            insert.Parameters[0].Value = batch.Row[i];
            insert.Parameters[1].Value = batch.ParentRow[i];
            insert.Parameters[2].Value = batch.Segment[i];
            insert.Parameters[3].Value = batch.Offset[i];
            for (var c = 0; c < batch.Columns.Count; c++)
                insert.Parameters[OwnColumns + c].Value = Value(batch.Columns[c], i);
            insert.ExecuteNonQuery();
        }
    }

    SqliteCommand Prepare(StagedTable table)
    {
        var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        var names = Enumerable.Range(0, OwnColumns + table.Table.Carried.Count()).Select(i => $"@v{i}").ToList();
        insert.CommandText = $"insert into temp.{table.Intake} values ({string.Join(", ", names)})";
        foreach (var name in names)
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        insert.Prepare();
        return insert;
    }

    /// <summary>A value as SQLite holds it.</summary>
    internal static object Value(ColumnBuffer column, int row)
    {
        if (column.IsNull(row))
            return DBNull.Value;
        return column.Definition.Kind switch
        {
            ColumnKind.Text => column.Text(row),
            ColumnKind.Int => column.Int(row),
            // All digits of the scale, so that equal amounts are equal texts.
            ColumnKind.Numeric => column.Numeric(row).ToString($"F{column.Definition.Scale}", CultureInfo.InvariantCulture),
            ColumnKind.Date => column.Date(row).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ColumnKind.Time => column.Time(row).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            ColumnKind.Timestamp => column.Timestamp(row).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            _ => column.Bool(row) ? 1L : 0L,
        };
    }
}
