using Hangfire;

namespace DistributorHub.Worker.Jobs;

/// <summary>
/// Heals what lost jobs and dead processes left: exchanges that are due and nobody's, holds whose time is over, effects that are due, failed exchanges that are not
/// shown, partners that came or went, remains of broken downloads.
/// </summary>
sealed class Sweeper(
    Hub hub, HubJobs hubJobs, Schedule schedule, FailedExchanges failed, IBackgroundJobClient jobs, JobStorage storage, ILogger<Sweeper> log)
    : BackgroundService
{
    const int ExchangesPerSweep = 1_000;
    const int HoldsPerSweep = 100;
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    static readonly TimeSpan TidyPeriod = TimeSpan.FromHours(1);
    static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);
    static readonly TimeSpan UnsealedAge = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, hub.Clock);
        DateTimeOffset? tidied = null;
        do
            try
            {
                await Sweep(stoppingToken);
                if (tidied is null || hub.Clock.GetUtcNow() - tidied >= TidyPeriod)
                {
                    hub.Downloader.DeleteLeftovers(LeftoverAge);
                    await hub.Archive.RemoveLeftovers(UnsealedAge, stoppingToken);
                    tidied = hub.Clock.GetUtcNow();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database may be away; the service stays, and the next sweep tries again.
                log.SweepFailed(e, Period.TotalSeconds);
            }
        while (await Next());

        // A host that never came up lets go of its services without telling them to stop; that is no fault of this one.
        async Task<bool> Next()
        {
            try
            {
                return await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>One round.</summary>
    public async Task Sweep(CancellationToken cancellation)
    {
        hub.Mappings.Refresh();
        await hub.DeadWorkers.Release(cancellation);
        await hub.Holds.Expire(HoldsPerSweep, cancellation);
        await failed.Reconcile(cancellation);
        var silence = await hub.Silence.Mark(hub.Partners.ExpectedEvery(), cancellation);
        foreach (var silent in silence.Fallen)
            log.PartnerSilent(silent.Partner, silent.Since, silent.ExpectedEvery);
        foreach (var partner in silence.Returned)
            log.PartnerSilentNoMore(partner);
        foreach (var overdue in await hub.ExpectedAnswers.MarkOverdue(cancellation))
            log.AnswerOverdue(overdue.Partner, overdue.ExchangeId, overdue.Reference, overdue.DueAt);
        await hub.Drift.Write(all: false, cancellation);
        // Jobs that wait will take what is due; only when none waits can something have been lost.
        if (storage.GetMonitoringApi().EnqueuedCount("default") == 0)
            await Enqueue(cancellation);
        // At the end: a lock that a dead worker left in the job storage holds up none of the above.
        schedule.Follow();
    }

    async Task Enqueue(CancellationToken cancellation)
    {
        var due = await hub.Exchanges.Due(null, ExchangesPerSweep, cancellation);
        foreach (var partner in due.GroupBy(exchange => exchange.Partner, StringComparer.Ordinal))
            hubJobs.Enqueue(partner.Key, [.. partner.Select(exchange => (exchange.Id, exchange.Bytes))]);
        foreach (var replay in await hub.Replays.Book.Unfinished(cancellation))
            jobs.Enqueue<ReplayJobs>(job => job.Run(replay, CancellationToken.None));
        foreach (var partner in await hub.Outbox.DuePartners(hub.Partners.Silent, cancellation))
            if (hub.Partners.Find(partner) is { } known && await hub.Gate.WhyStopped(known, cancellation) is null)
                jobs.Enqueue<HubJobs>(job => job.Deliver(partner, CancellationToken.None));
    }
}
