using System.Data.Common;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Takes the rows of one document into temporary tables of one connection. They end with the connection, whatever happens.</summary>
abstract class Staging : IRowSink
{
    readonly List<StagedTable> tables = [];

    protected Staging(SellerDialect dialect, IReadOnlyList<TableDefinition> definitions)
    {
        foreach (var definition in definitions)
        {
            var parent = tables.FirstOrDefault(t => t.Table.Name == definition.Parent);
            if (parent is null && definition.Parent is { } name)
                throw new ArgumentException($"'{definition.Name}' is loaded without its parent '{name}', or before it.", nameof(definitions));
            tables.Add(new(dialect, definition, tables.Count, parent));
        }
    }

    /// <summary>Parents before children.</summary>
    public IReadOnlyList<StagedTable> Tables => tables;

    /// <summary>A value no database can hold, found while staging; nothing is staged any more once there is one.</summary>
    public Finding? Fault { get; private set; }

    /// <summary>Makes empty staging tables. A pooled connection may still hold those of the load before, or of one that was given up.</summary>
    public abstract Task Create(DbConnection connection, CancellationToken cancellation);

    public void Write(RowBatch batch)
    {
        if (Fault is not null || batch.Count == 0)
            return;
        var table = tables.FirstOrDefault(t => t.Table.Name == batch.Table.Name)
            ?? throw new ArgumentException($"'{batch.Table.Name}' is not a table of this load.", nameof(batch));
        Fault = FindZeroByte(batch);
        if (Fault is not null)
            return;
        WriteRows(table, batch);
        table.Rows += batch.Count;
    }

    public void Miss(TableDefinition table, long parentRow) => tables.First(t => t.Table.Name == table.Name).Missed.Add(parentRow);

    /// <summary>Puts rows that were not staged yet into their tables, in the transaction of the merge.</summary>
    public virtual Task Fill(MergeSession sql, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Ends what is still under way, so that the connection is free for the merge.</summary>
    public abstract void Finish();

    /// <summary>Gives back what the connection would keep in its pool.</summary>
    public abstract void Release();

    protected abstract void WriteRows(StagedTable table, RowBatch batch);

    // PostgreSQL refuses a zero byte in any text, and a whole batch with it; here the row is still known.
    static Finding? FindZeroByte(RowBatch batch)
    {
        foreach (var column in batch.Columns.Where(c => c.AllText.Contains((byte)0)))
        {
            var row = Enumerable.Range(0, batch.Count).First(i => !column.IsNull(i) && column.Utf8(i).Contains((byte)0));
            return new()
            {
                Code = LoadCodes.ZeroByte,
                Severity = Severity.Error,
                At = new(batch.Offset[row], Segment: batch.Segment[row]),
                Path = $"{batch.Table.Name}.{column.Definition.Name}",
                Message = $"The value of '{column.Definition.Name}' holds a zero byte, which no text column can store.",
                Advice = "Ask the partner to send the text without it.",
            };
        }
        return null;
    }
}
