using DistributorHub.Worker.Flow;
using Hangfire;
using Hangfire.Storage;

namespace DistributorHub.Worker.Jobs;

/// <summary>Polls of live partners by their cron expressions; at start all of them at once, and later each that came or runs again.</summary>
sealed class Schedule(Hub hub, IRecurringJobManager recurring, IBackgroundJobClient jobs, JobStorage storage, FailedExchanges failed, ILogger<Schedule> log) : IHostedService
{
    const string Prefix = "poll/";

    PartnerMaps? followed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await failed.Recall(cancellationToken);
        try
        {
            recurring.AddOrUpdate<Housekeeping>(
                Housekeeping.Id, job => job.Run(CancellationToken.None), Housekeeping.Schedule, new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Ignorable });
            Follow();
        }
        catch (DistributedLockTimeoutException e)
        {
            // A worker that died while it did the same: its lock grows old, and the next sweep follows.
            log.NotScheduled(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes the recurring jobs those of the partners that are live now. Nothing happens while the mappings are the same.</summary>
    public void Follow()
    {
        var now = hub.Partners;
        if (now == followed)
            return;
        var live = now.Live.ToDictionary(partner => Prefix + partner.Id, StringComparer.Ordinal);
        var before = followed?.Live.Select(partner => Prefix + partner.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        using (var connection = storage.GetConnection())
            foreach (var job in connection.GetRecurringJobs())
                if (job.Id.StartsWith(Prefix, StringComparison.Ordinal) && !live.ContainsKey(job.Id))
                    recurring.RemoveIfExists(job.Id);
        foreach (var (id, partner) in live)
        {
            // A poll that was missed is no reason for two.
            recurring.AddOrUpdate<HubJobs>(
                id, job => job.PollAsScheduled(partner.Id, null, CancellationToken.None), partner.Schedule,
                new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Ignorable });
            if (!before.Contains(id))
                jobs.Enqueue<HubJobs>(job => job.Poll(partner.Id, CancellationToken.None));
        }
        // At the end: a storage that fails half way is asked again by the next sweep.
        followed = now;
    }
}
