using Hangfire;

namespace DistributorHub.Worker.Jobs;

/// <summary>What happens once a day, on one of the workers: what is past its time is deleted, in the hub database and on the dashboard.</summary>
sealed class Housekeeping(Hub hub, FailedExchanges failed, ILogger<Housekeeping> log)
{
    /// <summary>Id of the recurring job.</summary>
    public const string Id = "housekeeping";

    /// <summary>Every night, in UTC.</summary>
    public const string Schedule = "30 2 * * *";

    [JobDisplayName("housekeeping")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(CancellationToken cancellation)
    {
        hub.Mappings.Refresh();
        var deleted = await hub.Retention.Run(cancellation);
        await hub.Replays.Book.RemoveOld(cancellation);
        log.Tidied(deleted.Payloads, deleted.Records, await failed.Prune(cancellation));
    }
}
