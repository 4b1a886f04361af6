using System.Data.Common;
using DistributorHub.Worker;
using DistributorHub.Worker.Cli;

// Ctrl+C ends a verb at its next safe point; the service has its own handling, which also knows systemd and Windows.
using var stop = new CancellationTokenSource();
var isService = args is [] or ["run"];
if (!isService)
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };
try
{
    var settings = HubSettings.Read(HubHost.Configuration());
    if (isService)
    {
        await HubHost.Run(settings, stop.Token);
        return ExitCode.Fine;
    }
    if (args is ["run", "--once", ..])
        return await HubHost.Once(settings, args is [_, _, "--partner", var partner] ? partner : null, stop.Token) ? ExitCode.Fine : ExitCode.Findings;
    return await Commands.Invoke(args, stop.Token);
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.WrongUsage;
}
catch (Exception e) when (e is DbException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.BrokenWorld;
}
