using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace DistributorHub.Worker.Observe;

/// <summary>
/// Tells systemd that the process lives, as often as its unit asks for (WatchdogSec): one whose threads all hang is started anew. A database that is
/// away is no reason: a new start would not bring it back.
/// </summary>
sealed class Watchdog(IServiceProvider services, TimeProvider? clock = null) : BackgroundService
{
    /// <summary>systemd's variable: the longest time between two signs, in microseconds.</summary>
    const string Interval = "WATCHDOG_USEC";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ISystemdNotifier>() is not { IsEnabled: true } systemd
            || !long.TryParse(Environment.GetEnvironmentVariable(Interval), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds) / 3, clock ?? TimeProvider.System);
        try
        {
            do
                systemd.Notify(new("WATCHDOG=1"));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }
}
