using Hangfire;
using Hangfire.Storage;

namespace DistributorHub.Worker.Jobs;

/// <summary>Polls of live partners by their cron expressions; at start, all of them at once.</summary>
sealed class Schedule(Hub hub, IRecurringJobManager recurring, IBackgroundJobClient jobs, JobStorage storage, FailedExchanges failed) : IHostedService
{
    const string Prefix = "poll/";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await failed.Recall(cancellationToken);
        var live = hub.Partners.Live.ToDictionary(partner => Prefix + partner.Id, StringComparer.Ordinal);
        using (var connection = storage.GetConnection())
            foreach (var job in connection.GetRecurringJobs())
                if (job.Id.StartsWith(Prefix, StringComparison.Ordinal) && !live.ContainsKey(job.Id))
                    recurring.RemoveIfExists(job.Id);
        foreach (var (id, partner) in live)
        {
            // A poll that was missed is no reason for two.
            recurring.AddOrUpdate<HubJobs>(
                id, job => job.Poll(partner.Id, CancellationToken.None), partner.Schedule,
                new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Ignorable });
            jobs.Enqueue<HubJobs>(job => job.Poll(partner.Id, CancellationToken.None));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
