using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web;

/// <summary>How far a run has come, in words.</summary>
/// <param name="attempt">The running attempt.</param>
/// <param name="noted">When it was noted last.</param>
/// <param name="bytes">Bytes of the file.</param>
sealed class Progress(AttemptRow attempt, DateTimeOffset noted, long bytes)
{
    // A rate of less time says nothing.
    static readonly TimeSpan RateAfter = TimeSpan.FromSeconds(1);

    readonly double seconds = (noted - attempt.StartedAt).TotalSeconds;

    /// <summary>Bytes that were read, of all, in hundredths.</summary>
    public int Percent { get; } = bytes == 0 ? 0 : (int)Math.Clamp(attempt.BytesRead * 100 / bytes, 0, 100);

    bool IsRead => attempt.BytesRead >= bytes;

    public string Brief => attempt.IsLoading && IsRead ? $"loading {Show.Count(attempt.RowsStaged, "row", "rows")}" : Left is { } left ? $"{Percent} %, {left}" : $"{Percent} %";

    public string Sentence => string.Join(" · ", new[]
    {
        $"{Show.Bytes(Math.Min(attempt.BytesRead, bytes))} of {Show.Bytes(bytes)} read ({Percent} %)",
        Show.Count(attempt.SegmentsRead, "segment", "segments"),
        $"{Show.Count(attempt.RowsStaged, "row", "rows")} made",
        seconds >= RateAfter.TotalSeconds ? $"{Show.Bytes((long)(attempt.BytesRead / seconds))} and {Show.Count((long)(attempt.SegmentsRead / seconds))} segments a second" : null,
        attempt.IsLoading ? "the rows of a document are merged into the seller's tables" : Left,
        $"noted {Show.Clock(noted)}",
    }.OfType<string>());

    /// <summary>Time that reading the rest takes at the rate so far; null when nothing can be said.</summary>
    string? Left => seconds < RateAfter.TotalSeconds || attempt.BytesRead <= 0 || IsRead ? null
        : $"about {Show.Age(TimeSpan.FromSeconds(seconds * (bytes - attempt.BytesRead) / attempt.BytesRead))} left";
}
