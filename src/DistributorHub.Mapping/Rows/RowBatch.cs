using System.Text;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Rows;

/// <summary>Takes rows as the mapper makes them. The batch and all its buffers are reused after the call returns.</summary>
public interface IRowSink
{
    /// <summary>
    /// Takes a batch. Children may come before their parent (a header row is complete only at its message's end);
    /// they name it by <see cref="RowBatch.ParentRow"/>.
    /// </summary>
    void Write(RowBatch batch);

    /// <summary>
    /// Rows of a table were left out for their faults: what the message does not say under this parent's row (0 = none, or one that was left out itself)
    /// is not known to be gone. A sink that only looks at rows need not care.
    /// </summary>
    void Miss(TableDefinition table, long parentRow)
    {
    }
}

/// <summary>Rows of one table, by column. Row numbers are unique per table and message and count from 1.</summary>
public sealed class RowBatch(TableDefinition table)
{
    readonly List<long> row = [], parentRow = [], offset = [];
    readonly List<int> segment = [];

    public TableDefinition Table { get; } = table;

    /// <summary>
    /// One buffer per column of <see cref="TableDefinition.Carried"/>, in that order. A column the map does not set, or that is looked up when the rows
    /// are loaded, stays null in every row.
    /// </summary>
    public IReadOnlyList<ColumnBuffer> Columns { get; } = [.. table.Carried.Select(c => new ColumnBuffer(c))];

    public int Count => row.Count;

    /// <summary>Number of the row in its message, and of its parent's row in the parent's table (0 = none).</summary>
    public IReadOnlyList<long> Row => row;

    public IReadOnlyList<long> ParentRow => parentRow;

    /// <summary>Ordinal in its message and byte offset in its file of the segment the row came from.</summary>
    public IReadOnlyList<int> Segment => segment;

    public IReadOnlyList<long> Offset => offset;

    /// <summary>Ends a row: every column must have been given a value or null.</summary>
    public void EndRow(long rowNumber, long parentRowNumber, int segmentOrdinal, long byteOffset)
    {
        row.Add(rowNumber);
        parentRow.Add(parentRowNumber);
        segment.Add(segmentOrdinal);
        offset.Add(byteOffset);
    }

    /// <summary>Bytes of text held.</summary>
    public int TextBytes => Columns.Sum(c => c.TextBytes);

    public void Clear()
    {
        row.Clear();
        parentRow.Clear();
        segment.Clear();
        offset.Clear();
        foreach (var column in Columns)
            column.Clear();
    }
}

/// <summary>The values of one column, without boxing: text as UTF-8 in one growing buffer, everything else in typed lists.</summary>
public sealed class ColumnBuffer(ColumnDefinition definition)
{
    const int FirstRows = 64;

    // Of the last three one is in use, by the column's kind.
    bool[] present = [];
    int[] textEnd = [];
    decimal[] numerics = [];
    long[] integers = [];
    byte[] text = [];
    int textLength;

    public ColumnDefinition Definition { get; } = definition;

    public int Count { get; private set; }

    public int TextBytes => textLength;

    /// <summary>The texts of all rows, one behind the other; valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> AllText => text.AsSpan(0, textLength);

    public bool IsNull(int index) => !present[index];

    /// <summary>A text as UTF-8; valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Utf8(int index) => TextMemory(index).Span;

    /// <inheritdoc cref="Utf8"/>
    public ReadOnlyMemory<byte> TextMemory(int index)
    {
        var start = index == 0 ? 0 : textEnd[index - 1];
        return text.AsMemory(start, textEnd[index] - start);
    }

    public string Text(int index) => Encoding.UTF8.GetString(Utf8(index));

    public decimal Numeric(int index) => numerics[index];

    public long Int(int index) => integers[index];

    public bool Bool(int index) => integers[index] != 0;

    public DateOnly Date(int index) => DateOnly.FromDayNumber((int)integers[index]);

    public TimeOnly Time(int index) => new(integers[index]);

    /// <summary>A moment in UTC.</summary>
    public DateTime Timestamp(int index) => new(integers[index], DateTimeKind.Utc);

    public void AddNull() => Add(isPresent: false);

    public void AddText(ReadOnlySpan<byte> utf8)
    {
        if (text.Length - textLength < utf8.Length)
            Array.Resize(ref text, Math.Max(textLength + utf8.Length, Math.Max(256, text.Length * 2)));
        utf8.CopyTo(text.AsSpan(textLength));
        textLength += utf8.Length;
        Add(isPresent: true);
    }

    public void AddNumeric(decimal value) => Add(isPresent: true, numeric: value);

    public void AddInt(long value) => Add(isPresent: true, integer: value);

    public void AddBool(bool value) => Add(isPresent: true, integer: value ? 1 : 0);

    public void AddDate(DateOnly value) => Add(isPresent: true, integer: value.DayNumber);

    public void AddTime(TimeOnly value) => Add(isPresent: true, integer: value.Ticks);

    public void AddTimestamp(DateTime utc) => Add(isPresent: true, integer: utc.Ticks);

    public void Clear() => Count = textLength = 0;

    void Add(bool isPresent, decimal numeric = 0, long integer = 0)
    {
        var at = Count++;
        if (at == present.Length)
            Grow();
        present[at] = isPresent;
        switch (Definition.Kind)
        {
            case ColumnKind.Text:
                textEnd[at] = textLength;
                break;
            case ColumnKind.Numeric:
                numerics[at] = numeric;
                break;
            default:
                integers[at] = integer;
                break;
        }
    }

    void Grow()
    {
        var rows = Math.Max(FirstRows, 2 * present.Length);
        Array.Resize(ref present, rows);
        switch (Definition.Kind)
        {
            case ColumnKind.Text:
                Array.Resize(ref textEnd, rows);
                break;
            case ColumnKind.Numeric:
                Array.Resize(ref numerics, rows);
                break;
            default:
                Array.Resize(ref integers, rows);
                break;
        }
    }
}
