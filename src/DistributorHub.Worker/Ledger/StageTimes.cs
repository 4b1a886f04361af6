using System.Diagnostics;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Where the time of a run goes. Loading and writing verdicts are timed once a document; what is left is reading: parsing, validating and mapping are
/// one pass, and timing each segment of it would cost more than it tells.
/// </summary>
sealed class StageTimes
{
    readonly long start = Stopwatch.GetTimestamp();
    Stage load, acknowledge;

    /// <param name="Count">Times it was entered.</param>
    /// <param name="Busy">Time spent in it.</param>
    /// <param name="From">When it was first entered, since the start of the run.</param>
    /// <param name="To">When it was last left.</param>
    public readonly record struct Stage(long Count, TimeSpan Busy, TimeSpan From, TimeSpan To)
    {
        public Stage With(TimeSpan from, TimeSpan to) => new(Count + 1, Busy + (to - from), Count == 0 ? from : From, to);
    }

    public async Task<T> Load<T>(Func<Task<T>> work)
    {
        var from = Stopwatch.GetElapsedTime(start);
        var result = await work();
        load = load.With(from, Stopwatch.GetElapsedTime(start));
        return result;
    }

    public async Task Acknowledge(Func<Task> work)
    {
        var from = Stopwatch.GetElapsedTime(start);
        await work();
        acknowledge = acknowledge.With(from, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The stages of a run that ends now; those it never came to are left out.</summary>
    public IEnumerable<(string Name, Stage Times)> Ended()
    {
        var whole = Stopwatch.GetElapsedTime(start);
        yield return ("read", new(1, whole - load.Busy - acknowledge.Busy, TimeSpan.Zero, whole));
        if (load.Count > 0)
            yield return ("load", load);
        if (acknowledge.Count > 0)
            yield return ("acknowledge", acknowledge);
    }
}
