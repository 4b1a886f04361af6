using System.CommandLine;
using DistributorHub.Worker.Observe;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub health</c>: asks the running service whether it is ready, for containers and scripts that have no other means to.</summary>
static class HealthCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var command = new Command("health", "Asks the service at Hub:Address whether it is ready, and prints what it says. Exit code 3 when it is not, or does not answer.");
        command.SetAction((_, cancellation) => Ask(Commands.Settings().Address, cancellation));
        return command;
    }

    static async Task<int> Ask(Uri address, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(Reachable(address), Endpoints.Ready), cancellation);
            var words = await answer.Content.ReadAsStringAsync(cancellation);
            await (answer.IsSuccessStatusCode ? Console.Out : Console.Error).WriteLineAsync(words);
            return answer.IsSuccessStatusCode ? ExitCode.Fine : ExitCode.BrokenWorld;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"No service answers at {address} (Hub:Address): {e.Message}");
            return ExitCode.BrokenWorld;
        }
    }

    // A service that listens on every address of the machine is asked on its own.
    static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
}
