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

/// <summary>One COPY per batch: a connection runs one at a time, and batches of several tables alternate.</summary>
sealed class PostgresStaging(NpgsqlConnection connection, IReadOnlyList<TableDefinition> definitions)
    : Staging(new PostgresDialect(), definitions)
{
    /// <summary>Up to this size stages are emptied row by row; what that leaves behind is given up with the next truncation.</summary>
    const int DeletedBytesMax = 512 * 1024;

    // Emptying tables that are there costs the server a fraction of making new ones for every document of a file, and so does
    // deleting a few rows in place of giving each table a new file.
    protected override IEnumerable<string> Prepare() =>
    [
        .. Tables.Select(t => t.CreateStage()),
        $"""
        do $$ begin
          if {string.Join(" + ", Tables.Select(t => $"pg_relation_size('pg_temp.{t.Stage}')"))} > {DeletedBytesMax} then {Truncate};
          else {string.Concat(Tables.Select(t => $"delete from pg_temp.{t.Stage}; "))}end if;
        end $$
        """,
    ];

    string Truncate => $"truncate {string.Join(", ", Tables.Select(t => $"pg_temp.{t.Intake}"))}";

    public override void Finish()
    {
        // Every batch was a COPY of its own, and has ended.
    }

    public override void Release()
    {
        // The tables stay for the next document of the same shape; only what takes room on the server is given back at once.
        if (!Tables.Any(t => t.Rows > Edi.Limits.BatchRowsMax))
            return;
        try
        {
            using var truncate = new NpgsqlCommand(Truncate, connection);
            truncate.ExecuteNonQuery();
        }
        catch (NpgsqlException)
        {
            // A broken connection takes its temporary tables with it; what broke it is on its way to the caller.
        }
    }

    protected override void WriteRows(StagedTable table, RowBatch batch)
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
