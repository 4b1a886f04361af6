namespace DistributorHub.Worker.Ledger;

/// <summary>
/// How far a run has come: set by the reading as it goes, looked at by who notes it in the ledger once a <see cref="Period"/>. A run that is over before is
/// never noted.
/// </summary>
sealed class RunProgress
{
    /// <summary>Time between two notes, and so the longest time until a run learns that it is cancelled.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    long bytes, segments, rows;
    bool isLoading;

    /// <summary>Bytes of the file that were taken from the archive.</summary>
    public long Bytes
    {
        get => Volatile.Read(ref bytes);
        set => Volatile.Write(ref bytes, value);
    }

    public long Segments
    {
        get => Volatile.Read(ref segments);
        set => Volatile.Write(ref segments, value);
    }

    /// <summary>Rows made of it, in all tables.</summary>
    public long Rows
    {
        get => Volatile.Read(ref rows);
        set => Volatile.Write(ref rows, value);
    }

    /// <summary>True while the rows of a document are merged into the seller's tables.</summary>
    public bool IsLoading
    {
        get => Volatile.Read(ref isLoading);
        set => Volatile.Write(ref isLoading, value);
    }

    /// <summary>Documents that came to their end and are not in the ledger, when the run was stopped before they were written.</summary>
    public (InterchangeRow Interchange, IReadOnlyList<DocumentRow> Documents)? Unwritten { get; set; }

    /// <summary>Takes account of a segment.</summary>
    public void Read(long bytesRead)
    {
        Bytes = bytesRead;
        Segments++;
    }
}
