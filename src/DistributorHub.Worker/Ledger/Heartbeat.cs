namespace DistributorHub.Worker.Ledger;

/// <summary>Renews a lease while work goes on, and cancels the work when the lease is lost.</summary>
sealed class Heartbeat : IAsyncDisposable
{
    readonly CancellationTokenSource work;
    readonly CancellationTokenSource end = new();
    readonly Task beating;

    /// <param name="period">Time between renewals: a fraction of the lease.</param>
    /// <param name="renew">Prolongs the lease; false when it is no longer ours.</param>
    /// <param name="clock">Measures the period.</param>
    /// <param name="cancellation">Cancels the work for other reasons.</param>
    public Heartbeat(TimeSpan period, Func<CancellationToken, Task<bool>> renew, TimeProvider clock, CancellationToken cancellation)
    {
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        beating = Beat(period, renew, clock);
    }

    /// <summary>For the work: cancelled when the lease is lost.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>True once the lease was lost.</summary>
    public bool Lost { get; private set; }

    async Task Beat(TimeSpan period, Func<CancellationToken, Task<bool>> renew, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
                if (!await Renewed(renew))
                {
                    Lost = true;
                    await work.CancelAsync();
                    return;
                }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    // A database that does not answer takes the lease away soon enough; until then the next beat may reach it.
    async Task<bool> Renewed(Func<CancellationToken, Task<bool>> renew)
    {
        try
        {
            return await renew(end.Token);
        }
        catch (System.Data.Common.DbException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await beating;
        end.Dispose();
        work.Dispose();
    }
}
