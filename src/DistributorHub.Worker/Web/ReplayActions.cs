using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;
using Hangfire;

namespace DistributorHub.Worker.Web;

/// <summary>Dry runs and what is done to many exchanges, for the pages and the HTTP interface alike.</summary>
sealed class ReplayActions(Hub hub, Bulk bulk, HubJobs hubJobs, IBackgroundJobClient jobs)
{
    /// <summary>Begins a dry run of one exchange, or of all of a filter; its number, or why there is none.</summary>
    /// <param name="exchange">One exchange, or null.</param>
    /// <param name="filters">Many, or null.</param>
    /// <param name="upTo">Number of the newest of many that was shown; null for all there are.</param>
    /// <param name="map">What they are mapped with.</param>
    /// <param name="actor">Who wants to know.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<(long? Replay, string? Mistake)> Begin(
        long? exchange, ExchangeFilters? filters, long? upTo, MapChoice map, string actor, CancellationToken cancellation)
    {
        IReadOnlyList<long> ids;
        if (exchange is { } one)
        {
            if (await hub.Interventions.WhyNot(one, AttemptKind.Replay, cancellation) is { } why)
                return (null, why);
            ids = [one];
        }
        else
        {
            var preview = await bulk.Preview(AttemptKind.Replay, filters!, upTo, cancellation);
            if (preview.Mistake is { } mistake)
                return (null, mistake);
            ids = [.. preview.Ready.Select(met => met.Id)];
        }
        var replay = await hub.Replays.Begin(exchange is null ? filters!.ToText() : FormattableString.Invariant($"id={exchange}"), ids, map, actor, cancellation);
        jobs.Enqueue<ReplayJobs>(job => job.Run(replay, CancellationToken.None));
        return (replay, null);
    }

    /// <summary>Applies a dry run, and has the first of its exchanges read at once; the others follow in time.</summary>
    public async Task<(BulkReport? Report, string? Mistake)> Apply(long replay, string actor, string reason, CancellationToken cancellation)
    {
        var (report, mistake) = await hub.Replays.Apply(replay, actor, reason, cancellation);
        if (report is not null)
            await Start(report, cancellation);
        return (report, mistake);
    }

    /// <summary>Does one thing to many that were shown.</summary>
    public async Task<BulkReport> Do(BulkPreview preview, MapChoice? map, string actor, string reason, CancellationToken cancellation)
    {
        var report = await bulk.Do(preview, map, actor, reason, cancellation);
        if (preview.Kind != AttemptKind.Ignore)
            await Start(report, cancellation);
        return report;
    }

    async Task Start(BulkReport report, CancellationToken cancellation)
    {
        foreach (var id in report.Queued.Take(BulkReport.PerSecond))
            if (await hub.Queries.Find(id, cancellation) is { } exchange)
                hubJobs.Enqueue(exchange.Partner, [(id, exchange.Bytes)]);
    }
}
