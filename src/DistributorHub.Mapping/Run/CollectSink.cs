using System.Globalization;
using System.Text;
using System.Text.Json;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Run;

/// <summary>A row as people look at it.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Row">Number in its message and table.</param>
/// <param name="ParentRow">Number of the parent's row; 0 = none.</param>
/// <param name="Segment">Ordinal of the segment it came from.</param>
/// <param name="Offset">Byte offset of that segment.</param>
/// <param name="Values">
/// Canonical text of every column of the table, in order, or null; of a column that is looked up when the row is loaded, <c>xref(article, 4711)</c>.
/// </param>
public sealed record CollectedRow(TableDefinition Table, long Row, long ParentRow, int Segment, long Offset, IReadOnlyList<string?> Values)
{
    public string? this[string column]
    {
        get
        {
            for (var i = 0; i < Table.Columns.Count; i++)
                if (Table.Columns[i].Name == column)
                    return Values[i];
            throw new KeyNotFoundException($"Table {Table.Name} has no column '{column}'.");
        }
    }
}

/// <summary>A sink that keeps rows, for <c>hub map run</c> and tests. It is bounded: what comes after is counted only.</summary>
/// <param name="rowsMax">Most rows kept, of all tables together.</param>
public sealed class CollectSink(int rowsMax = 10_000) : IRowSink
{
    readonly List<CollectedRow> rows = [];

    /// <summary>Rows kept, in the order they came: children may stand before their parents.</summary>
    public IReadOnlyList<CollectedRow> Rows => rows;

    /// <summary>All rows given, kept or not.</summary>
    public long Count { get; private set; }

    public IEnumerable<CollectedRow> Of(string table) => rows.Where(r => r.Table.Name == table).OrderBy(r => r.Row);

    public void Write(RowBatch batch)
    {
        Count += batch.Count;
        for (var i = 0; i < batch.Count && rows.Count < rowsMax; i++)
        {
            var values = new string?[batch.Table.Columns.Count];
            for (var c = 0; c < values.Length; c++)
                values[c] = CanonicalText.Of(batch.Columns[c], i) ?? LookedUp(batch, c, i);
            rows.Add(new(batch.Table, batch.Row[i], batch.ParentRow[i], batch.Segment[i], batch.Offset[i], values));
        }
    }

    static string? LookedUp(RowBatch batch, int column, int row)
    {
        foreach (var lookup in batch.Table.LookupsOf(batch.Table.Columns[column]))
        {
            List<string?> keys = [.. batch.Table.KeyPlaces(lookup).Select(k => CanonicalText.Of(batch.Columns[k], row))];
            if (!keys.Contains(null))
                return $"xref({lookup.Xref.Name}, {string.Join(", ", keys)})";
        }
        return null;
    }

    /// <summary>Writes <c>{"table": [{"column": value, …}, …], …}</c>: numbers as exact JSON numbers, the rest as text.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var table in Tables())
        {
            json.WriteStartArray(table.Name);
            foreach (var row in Of(table.Name))
            {
                json.WriteStartObject();
                json.WriteNumber("_row", row.Row);
                json.WriteNumber("_parent_row", row.ParentRow);
                json.WriteNumber("_segment", row.Segment);
                for (var c = 0; c < table.Columns.Count; c++)
                    WriteValue(json, table.Columns[c], row.Values[c], isText: table.LookupsOf(table.Columns[c]).Any());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter json, ColumnDefinition column, string? value, bool isText)
    {
        json.WritePropertyName(column.Name);
        if (value is null)
            json.WriteNullValue();
        else if (!isText && column.Kind is ColumnKind.Int or ColumnKind.Numeric or ColumnKind.Bool)
            json.WriteRawValue(value);
        else
            json.WriteStringValue(value);
    }

    /// <summary>Tables as aligned text; columns that are null in every row are left out.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        foreach (var table in Tables())
        {
            var ours = Of(table.Name).ToList();
            text.Append(CultureInfo.InvariantCulture, $"{table.Name} ({ours.Count})\n");
            var shown = Enumerable.Range(0, table.Columns.Count).Where(c => ours.Exists(r => r.Values[c] is not null)).ToList();
            var lines = new List<List<string>> { shown.ConvertAll(c => table.Columns[c].Name) };
            lines.AddRange(ours.Select(r => shown.ConvertAll(c => r.Values[c] ?? "-")));
            var widths = Enumerable.Range(0, shown.Count).Select(i => lines.Max(l => l[i].Length)).ToList();
            foreach (var line in lines)
                text.Append("  ").Append(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Tables that have rows, parents first as far as rows name them.</summary>
    List<TableDefinition> Tables()
    {
        var tables = rows.ConvertAll(r => r.Table).Distinct().ToList();
        int Depth(TableDefinition t) => tables.Find(p => p.Name == t.Parent) is { } parent ? 1 + Depth(parent) : 0;
        return [.. tables.OrderBy(Depth)];
    }
}
