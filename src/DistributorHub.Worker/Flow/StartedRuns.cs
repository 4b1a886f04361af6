using System.Collections.Concurrent;
using System.Data.Common;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// Runs that were started together and take their turns one after the other. Those that wait keep their leases; those whose turn never comes, because the
/// service stops or the database is away, are let go.
/// </summary>
sealed class StartedRuns : IAsyncDisposable
{
    readonly Exchanges exchanges;
    readonly TimeProvider clock;
    readonly ConcurrentQueue<ExchangeRun> waiting;
    readonly Heartbeat lease;

    public StartedRuns(Exchanges exchanges, IReadOnlyList<ExchangeRun> started, TimeProvider clock, CancellationToken cancellation)
    {
        (this.exchanges, this.clock, waiting) = (exchanges, clock, new(started));
        lease = new(Exchanges.Lease / 4, token => exchanges.Renew(waiting, token), clock, cancellation);
    }

    /// <summary>The next one; null when there is none.</summary>
    public ExchangeRun? Next() => waiting.TryDequeue(out var run) ? run : null;

    public async ValueTask DisposeAsync()
    {
        await lease.DisposeAsync();
        while (Next() is { } run)
            try
            {
                await exchanges.Release(run, clock.GetUtcNow(), "Its turn did not come: the service was stopped, or could not go on.", CancellationToken.None);
            }
            catch (Exception e) when (e is LeaseLostException or DbException)
            {
                // It has its end from another, or its lease runs out.
            }
    }
}
