namespace DistributorHub.Worker.Alerts;

/// <summary>Keeps the roll of services and tells alerts, every few seconds.</summary>
sealed class AlertService(Hub hub, ILogger<AlertService> log) : BackgroundService
{
    static readonly TimeSpan period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, hub.Clock);
        try
        {
            do
                await Round(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    async Task Round(CancellationToken cancellation)
    {
        try
        {
            await hub.Workers.Seen(cancellation);
            await hub.Alerts.Round(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The database may be away; what there is to tell is in it, and the next round tries again.
            log.AlertsFailed(e, period.TotalSeconds);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await hub.Workers.Leave(cancellationToken);
        }
        catch (System.Data.Common.DbException)
        {
            // It is missed, then, until another service starts.
        }
    }
}
