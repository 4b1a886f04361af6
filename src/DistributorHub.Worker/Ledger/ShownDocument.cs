using System.Text.Json;

namespace DistributorHub.Worker.Ledger;

/// <summary>A document as a dry run has shown it.</summary>
sealed record ShownDocument
{
    public int Ordinal { get; init; }

    /// <summary>Hash of all rows that differ; null when nothing of it would be written.</summary>
    public string? Digest { get; init; }
    public string? MapVersion { get; init; }

    /// <summary>What may happen to it; null for nothing.</summary>
    internal ExpectedRows? Expected { get; init; }
}

/// <summary>A row that a dry run has shown to differ.</summary>
sealed record ShownRow
{
    public long ExchangeId { get; init; }
    public int Ordinal { get; init; }
    public string TableName { get; init; } = "";
    public string RowKey { get; init; } = "";
    public DifferenceKind Kind { get; init; }
    public string Columns { get; init; } = "";

    public RowDifference ToDifference() => new(TableName, RowKey, Kind, JsonSerializer.Deserialize<List<ColumnDifference>>(Columns)!);
}
