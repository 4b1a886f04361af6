using DistributorHub.Worker.Ledger;
using Hangfire;

namespace DistributorHub.Worker.Observe;

/// <summary>Asks the ledger every few seconds what the measures show, so that a scrape costs no query.</summary>
sealed class Sampling(Hub hub, Health health, JobStorage storage, ILogger<Sampling> log) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Telemetry.Begin();
        using var timer = new PeriodicTimer(Period, hub.Clock);
        try
        {
            do
                await Sample(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    async Task Sample(CancellationToken cancellation)
    {
        var ready = (await health.Troubles(cancellation)).Count == 0;
        try
        {
            var sample = await LedgerSample.Take(hub.Database, hub.Partners.Live.Select(partner => partner.Id), hub.Clock.GetUtcNow(), cancellation);
            Telemetry.Sampled(ready, sample with { QueuedJobs = await Task.Run(() => storage.GetMonitoringApi().EnqueuedCount("default"), cancellation) });
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Old values would look like new ones.
            Telemetry.Sampled(isReady: false, null);
            log.NotSampled(e);
        }
    }
}
