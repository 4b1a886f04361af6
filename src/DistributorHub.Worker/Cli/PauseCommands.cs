using System.CommandLine;
using DistributorHub.Worker.Flow;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub partner pause | resume</c>: a partner is stopped while the service runs.</summary>
static class PauseCommands
{
    public static Command Pause()
    {
        var id = Inputs.Partner();
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        reason.Required = true;
        var command = new Command("pause", "Stops a partner: it is not polled, nothing is sent to it, and what came from it waits. Exit code 1 when it is paused already.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var partner = parsed.GetValue(id)!;
            if (await hub.Pauses.Pause(partner, Environment.UserName, parsed.GetValue(reason)!, cancellation))
            {
                Console.WriteLine($"{partner} is paused.");
                return ExitCode.Fine;
            }
            await Console.Error.WriteLineAsync(Harmless.Text(PartnerRefusals.NotPaused(partner, await hub.Pauses.Of(partner, cancellation))));
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }

    public static Command Resume()
    {
        var id = Inputs.Partner();
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        var command = new Command("resume", "Lets a partner go on that was paused, or whose polls stopped after a refused sign-in or a foreign host key. Exit code 1 when nothing stopped it.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var partner = parsed.GetValue(id)!;
            if (await hub.Pauses.Resume(partner, Environment.UserName, parsed.GetValue(reason), cancellation))
            {
                Console.WriteLine($"{partner} goes on.");
                return ExitCode.Fine;
            }
            await Console.Error.WriteLineAsync(PartnerRefusals.NotResumed(partner, hub.Partners.Find(partner)?.State));
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }
}
