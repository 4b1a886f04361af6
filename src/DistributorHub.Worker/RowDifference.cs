namespace DistributorHub.Worker;

/// <summary>What a load would do to a row of the seller's.</summary>
public enum DifferenceKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>A value that a load would write; what is said of persons stands as <c>***</c>.</summary>
/// <param name="Column">Name of the column in maps.</param>
/// <param name="Before">As the seller's database has it; null = null, or no row.</param>
/// <param name="After">As it would be.</param>
public sealed record ColumnDifference(string Column, string? Before, string? After);

/// <summary>A row that a load would make, overwrite or delete.</summary>
/// <param name="Table">Name of the table in maps.</param>
/// <param name="Key">The row's key; with the key of the row above it before it, where that is part of it: <c>4711/3</c>.</param>
/// <param name="Kind">What would happen.</param>
/// <param name="Columns">The columns that differ; of a new row those that have a value, of one that goes none.</param>
public sealed record RowDifference(string Table, string Key, DifferenceKind Kind, IReadOnlyList<ColumnDifference> Columns)
{
    /// <summary>In a few words: <c>new</c>, <c>removed</c>, or the columns.</summary>
    public string Words => Kind switch
    {
        DifferenceKind.Added => "new",
        DifferenceKind.Removed => "removed",
        _ => string.Join(", ", Columns.Select(column => $"{column.Column} {column.Before ?? "empty"} → {column.After ?? "empty"}")),
    };
}

/// <summary>Rows of one table that a load would touch.</summary>
/// <param name="Table">Name of the table in maps.</param>
/// <param name="Added">Rows it would make.</param>
/// <param name="Changed">Rows it would overwrite.</param>
/// <param name="Same">Rows that are as they would be.</param>
/// <param name="Removed">Rows it would delete.</param>
public sealed record TableDifferences(string Table, long Added, long Changed, long Same, long Removed)
{
    public bool Differs => Added + Changed + Removed > 0;
}

/// <summary>What a dry run has shown of a document, and a load may do and nothing else.</summary>
/// <param name="Replay">Number of the dry run.</param>
/// <param name="Digest">Hash of all rows that differ.</param>
/// <param name="Rows">The first of them.</param>
public sealed record ExpectedRows(long Replay, string Digest, IReadOnlyList<RowDifference> Rows);
