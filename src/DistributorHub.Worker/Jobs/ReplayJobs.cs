using Hangfire;

namespace DistributorHub.Worker.Jobs;

/// <summary>Dry runs that people ask for on the pages or by the HTTP interface. One that is lost is found by the sweeper, and goes on where it was.</summary>
sealed class ReplayJobs(Hub hub)
{
    [JobDisplayName("dry run #{0}")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(long replay, CancellationToken cancellation)
    {
        hub.Mappings.Refresh();
        await hub.Replays.Run(replay, cancellation);
    }
}
