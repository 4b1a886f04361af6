using System.Data.Common;
using System.Runtime.CompilerServices;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using Npgsql;
using NpgsqlTypes;

namespace DistributorHub.Worker.Load;

/// <summary>Loads by binary COPY into temporary tables and one merge.</summary>
sealed class PostgresSeller(Database database, TimeProvider clock) : ISeller
{
    readonly LiveSchema schema = new(new PostgresDialect());

    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation)
    {
        var connection = (NpgsqlConnection)await database.Open(cancellation);
        try
        {
            var staging = new PostgresStaging(connection, tables);
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

/// <summary>
/// A small table's rows wait here for the merge and go to the server with it. A larger one is staged by one COPY per batch: a connection runs one at a time,
/// and batches of several tables alternate.
/// </summary>
sealed class PostgresStaging : Staging
{
    /// <summary>Rows of a table that wait for the merge; with more, all that come later are copied.</summary>
    const int FewRowsMax = 200;

    /// <summary>Up to this size stages are emptied row by row; what that leaves behind is given up with the next truncation.</summary>
    const int DeletedBytesMax = 512 * 1024;

    readonly NpgsqlConnection connection;
    readonly List<(StagedTable Table, NpgsqlParameter[] Values)> waiting = [];

    public PostgresStaging(NpgsqlConnection connection, IReadOnlyList<TableDefinition> definitions) : base(new PostgresDialect(), definitions)
    {
        this.connection = connection;
        foreach (var table in Tables)
            table.IsFew = true;
    }

    // Each table is made when it is needed.
    public override Task Create(DbConnection connection, CancellationToken cancellation) => Task.CompletedTask;

    public override async Task Fill(MergeSession sql, CancellationToken cancellation)
    {
        foreach (var table in Tables.Where(table => table.IsFew))
            sql.Keep(table.Intake, table.CreateStage());
        await sql.Flush();
        if (waiting.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (table, values) in waiting)
        {
            var insert = new NpgsqlBatchCommand($"insert into pg_temp.{table.Intake} select * from unnest({string.Join(", ", values.Select((_, i) => $"${i + 1}"))})");
            insert.Parameters.AddRange(values);
            batch.BatchCommands.Add(insert);
        }
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    static string Truncate(IEnumerable<StagedTable> tables) => $"truncate {string.Join(", ", tables.Select(t => $"pg_temp.{t.Intake}"))}";

    public override void Finish()
    {
        // Every batch was a COPY of its own, and has ended.
    }

    public override void Release()
    {
        // The tables stay for the next document of the same shape; only what takes room on the server is given back at once.
        if (Tables.Where(t => !t.IsFew && t.Rows > Edi.Limits.BatchRowsMax).ToList() is not { Count: > 0 } large)
            return;
        try
        {
            using var truncate = new NpgsqlCommand(Truncate(large), connection);
            truncate.ExecuteNonQuery();
        }
        catch (NpgsqlException)
        {
            // A broken connection takes its temporary tables with it; what broke it is on its way to the caller.
        }
    }

    protected override void WriteRows(StagedTable table, RowBatch batch)
    {
        if (table.IsFew && table.Rows + batch.Count <= FewRowsMax)
        {
            waiting.Add((table, PostgresArrays.Of(batch)));
            return;
        }
        if (table.IsFew)
            MakeRoom(table);
        Copy(table, batch);
    }

    // Emptying a table that is there costs the server a fraction of making a new one for every document of a file, and so does deleting a few rows in place of
    // giving it a new file.
    void MakeRoom(StagedTable table)
    {
        table.IsFew = false;
        using var prepare = new NpgsqlCommand(
            $"""
            {table.CreateStage()};
            do $$ begin
              if pg_relation_size('pg_temp.{table.Intake}') > {DeletedBytesMax} then {Truncate([table])}; else delete from pg_temp.{table.Intake}; end if;
            end $$
            """, connection);
        prepare.ExecuteNonQuery();
    }

    void Copy(StagedTable table, RowBatch batch)
    {
        using var copy = connection.BeginBinaryImport($"copy {table.Intake} from stdin (format binary)");
        var columns = batch.Columns;
        for (var i = 0; i < batch.Count; i++)
        {
            copy.StartRow();
            copy.Write(batch.Row[i], NpgsqlDbType.Bigint);
            copy.Write(batch.ParentRow[i], NpgsqlDbType.Bigint);
            copy.Write(batch.Segment[i], NpgsqlDbType.Integer);
            copy.Write(batch.Offset[i], NpgsqlDbType.Bigint);
            for (var c = 0; c < columns.Count; c++)
            {
                if (columns[c].IsNull(i))
                    copy.WriteNull();
                else
                    WriteValue(copy, columns[c], i);
            }
        }
        copy.Complete();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteValue(NpgsqlBinaryImporter copy, ColumnBuffer column, int row)
    {
        switch (column.Definition.Kind)
        {
            case ColumnKind.Text:
                copy.Write(column.TextMemory(row), NpgsqlDbType.Text);
                break;
            case ColumnKind.Int:
                copy.Write(column.Int(row), NpgsqlDbType.Bigint);
                break;
            case ColumnKind.Numeric:
                copy.Write(column.Numeric(row), NpgsqlDbType.Numeric);
                break;
            case ColumnKind.Date:
                copy.Write(column.Date(row), NpgsqlDbType.Date);
                break;
            case ColumnKind.Time:
                copy.Write(column.Time(row), NpgsqlDbType.Time);
                break;
            case ColumnKind.Timestamp:
                copy.Write(column.Timestamp(row), NpgsqlDbType.TimestampTz);
                break;
            default:
                copy.Write(column.Bool(row), NpgsqlDbType.Boolean);
                break;
        }
    }
}
