namespace DistributorHub.Worker.Receive;

/// <summary>A file as a listing of the ledger remembers it.</summary>
/// <param name="Bytes">Size then.</param>
/// <param name="ModifiedAt">Time of change then.</param>
/// <param name="SeenAt">When this size and time were first seen together, by our clock.</param>
readonly record struct Sighting(long Bytes, DateTimeOffset ModifiedAt, DateTimeOffset SeenAt);

enum Settlement
{
    /// <summary>Seen for the first time, or not long enough unchanged.</summary>
    Settling,

    /// <summary>Size or time are not what they were: the clock starts again.</summary>
    Changed,

    /// <summary>Unchanged for long enough to be read.</summary>
    Settled,
}

/// <summary>
/// Whether a file is still being written, judged by two listings. The time of change alone is no proof: upload programs that keep
/// the original's time set it to the past, so it is only ever compared with itself.
/// </summary>
static class Settling
{
    public static Settlement Judge(Sighting? previous, RemoteFile current, DateTimeOffset now, TimeSpan settle)
    {
        if (previous is not { } before)
            return Settlement.Settling;
        if (before.Bytes != current.Bytes || before.ModifiedAt != current.ModifiedAt)
            return Settlement.Changed;
        return now - before.SeenAt >= settle ? Settlement.Settled : Settlement.Settling;
    }
}
