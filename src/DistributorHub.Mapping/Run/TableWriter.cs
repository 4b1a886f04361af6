using System.Diagnostics;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Run;

/// <summary>Numbers the rows of one table and hands them to the sink in batches.</summary>
sealed class TableWriter
{
    readonly RowBatch batch;
    readonly ColumnBuffer[] columns;
    IRowSink? sink;
    long numbers;
    int textBytes;

    public TableWriter(TableDefinition table)
    {
        batch = new(table);
        columns = [.. batch.Columns];
    }

    /// <summary>Starts a message.</summary>
    public void Start(IRowSink into)
    {
        sink = into;
        numbers = Written = 0;
        Clear();
    }

    public long NextNumber() => ++numbers;

    /// <summary>Rows written in this message.</summary>
    public long Written { get; private set; }

    /// <summary>Tells the sink that rows under a parent's row were left out.</summary>
    public void Miss(long parentNumber) => sink!.Miss(batch.Table, parentNumber);

    public void Add(RowState row, long parentNumber, Position at)
    {
        for (var c = 0; c < columns.Length; c++)
        {
            if (row.Block.Columns[c] is null)
                columns[c].AddNull();
            else
                Add(columns[c], row.Values[c]);
        }
        batch.EndRow(row.Number, parentNumber, at.Segment, at.Offset);
        Written++;
        if (batch.Count >= Limits.BatchRowsMax || textBytes >= Limits.BatchBytesMax)
            Flush();
    }

    void Add(ColumnBuffer column, in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                column.AddNull();
                break;
            case ValueKind.Text:
                column.AddText(value.Text);
                textBytes += value.Length;
                break;
            case ValueKind.Int:
                column.AddInt(value.Integer);
                break;
            case ValueKind.Decimal:
                column.AddNumeric(value.Number);
                break;
            case ValueKind.Date:
                column.AddDate(DateOnly.FromDayNumber((int)value.Integer));
                break;
            case ValueKind.Time:
                column.AddTime(new(value.Integer));
                break;
            case ValueKind.Moment:
                column.AddTimestamp(value.Moment.Utc);
                break;
            case ValueKind.Bool:
                column.AddBool(value.Bool);
                break;
            default:
                throw new UnreachableException($"A row with a {value.Kind} value is not written.");
        }
    }

    public void Flush()
    {
        if (batch.Count > 0)
            sink!.Write(batch);
        Clear();
    }

    void Clear()
    {
        batch.Clear();
        textBytes = 0;
    }
}
