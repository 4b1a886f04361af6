using DistributorHub.Worker.Ledger;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;

namespace DistributorHub.Worker.Jobs;

/// <summary>
/// Shows every failed exchange on the dashboard as one job in state Failed, where it can be retried. The ledger is the truth: jobs are
/// made and removed to match it.
/// </summary>
sealed class FailedExchanges(Hub hub, IBackgroundJobClient jobs, JobStorage storage)
{
    const int ShownMax = 500;

    /// <summary>Failed jobs never expire by themselves, and thousands of them make the dashboard crawl; the ledger still shows what failed.</summary>
    static readonly TimeSpan ShownFor = TimeSpan.FromDays(30);

    const int JobsPerPage = 200;

    /// <summary>Forgets jobs that the storage no longer has: all of them, when it lived in memory.</summary>
    public async Task Recall(CancellationToken cancellation)
    {
        using var connection = storage.GetConnection();
        var since = hub.Clock.GetUtcNow() - ShownFor;
        foreach (var exchange in await hub.Queries.Represented(cancellation))
            // One that was taken off the dashboard for its age does not come back by a restart.
            if (exchange.EndedAt < since)
                continue;
            else if (storage is InMemoryStorage || connection.GetJobData(exchange.Job!) is null)
                await hub.Queries.SetJob(exchange.Id, null, cancellation);
    }

    public async Task Reconcile(CancellationToken cancellation)
    {
        await using var held = await hub.Locks.TryTake("failed-exchanges", cancellation);
        if (held is null)
            return;
        using var connection = storage.GetConnection();
        foreach (var exchange in await hub.Queries.Misrepresented(ShownMax, cancellation))
            if (exchange.Job is null)
                await hub.Queries.SetJob(exchange.Id, Show(exchange), cancellation);
            else
                await Settle(exchange, connection.GetStateData(exchange.Job)?.Name, cancellation);
    }

    /// <summary>Takes failed jobs off the dashboard that are old, or stand for no exchange; how many.</summary>
    public async Task<int> Prune(CancellationToken cancellation)
    {
        await using var held = await hub.Locks.TryTake("failed-exchanges", cancellation);
        if (held is null)
            return 0;
        var now = hub.Clock.GetUtcNow().UtcDateTime;
        var shown = (await hub.Queries.Represented(cancellation)).Select(exchange => exchange.Job).ToHashSet(StringComparer.Ordinal);
        var monitoring = storage.GetMonitoringApi();
        var pruned = 0;
        for (var from = 0; ;)
        {
            var page = monitoring.FailedJobs(from, JobsPerPage);
            var kept = 0;
            foreach (var (id, job) in page)
            {
                var age = now - (job.FailedAt ?? now);
                if (age >= ShownFor || !shown.Contains(id) && age > TimeSpan.FromHours(1))
                    pruned += jobs.Delete(id) ? 1 : 0;
                else
                    kept++;
            }
            if (page.Count < JobsPerPage || cancellation.IsCancellationRequested)
                return pruned;
            from += kept;
        }
    }

    /// <summary>The exchange is no longer failed: retried by other means, or by its job.</summary>
    async Task Settle(ExchangeRow exchange, string? state, CancellationToken cancellation)
    {
        if (state == EnqueuedState.StateName || state == ProcessingState.StateName)
            return;
        if (state == FailedState.StateName)
            jobs.Delete(exchange.Job);
        await hub.Queries.SetJob(exchange.Id, null, cancellation);
    }

    string Show(ExchangeRow exchange)
    {
        var (partner, file, id, cause) = (exchange.Partner, exchange.File, exchange.Id, exchange.Cause ?? exchange.State.ToString());
        var job = Job.FromExpression<HubJobs>(hubJobs => hubJobs.Failed(partner, file, id, cause, CancellationToken.None));
        return jobs.Create(job, new FailedState(new ExchangeFailedException(cause)) { Reason = exchange.State.ToString() });
    }
}
