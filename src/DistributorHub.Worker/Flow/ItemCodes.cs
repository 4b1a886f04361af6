using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Flow;

/// <summary>Notes the GTINs in the rows of one document on their way into the load: the values of columns that are called <c>gtin</c> in maps.</summary>
/// <param name="rows">Where the rows go.</param>
sealed class ItemCodes(IRowSink rows) : IRowSink
{
    /// <summary>Different items of one document. One with more is a list rather than an order, and is not found by its items.</summary>
    public const int Most = 2_000;

    /// <summary>Digits of a GTIN.</summary>
    const int DigitsLeast = 8, DigitsMost = 14;

    const string Column = "gtin";

    readonly HashSet<string> codes = new(StringComparer.Ordinal);

    /// <summary>The codes without leading zeros; none when there were too many.</summary>
    public IReadOnlyCollection<string> Codes => codes.Count > Most ? [] : codes;

    public void Write(RowBatch batch)
    {
        foreach (var column in batch.Columns.Where(column => column.Definition is { Name: Column, Kind: ColumnKind.Text }))
            for (var i = 0; i < batch.Count && codes.Count <= Most; i++)
                if (!column.IsNull(i) && Normal(column.Text(i)) is { } code)
                    codes.Add(code);
        rows.Write(batch);
    }

    public void Miss(TableDefinition table, long parentRow) => rows.Miss(table, parentRow);

    /// <summary>A GTIN as it is kept and looked for: the same article has 13 digits here and 14 there. Null for a text that is none.</summary>
    public static string? Normal(string text) =>
        text.Length is >= DigitsLeast and <= DigitsMost && !text.AsSpan().ContainsAnyExceptInRange('0', '9') ? text.TrimStart('0') : null;
}
