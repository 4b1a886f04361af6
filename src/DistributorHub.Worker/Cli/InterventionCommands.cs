using System.CommandLine;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange retry | replay | ignore</c>: what a person has done to an exchange.</summary>
static class InterventionCommands
{
    public static Command Retry()
    {
        var id = Inputs.Exchange();
        var reason = Inputs.Text("--reason", "Why; it stands in the record. Needed with --force.");
        var force = Inputs.Flag("--force", "Read a duplicate all the same. What is loaded already is not loaded twice.");
        var command = new Command("retry", "Runs a failed exchange again, from the archived bytes and with the maps it had. Exit code 1 when it fails again or is held.") { id, reason, force };
        command.SetAction((parsed, cancellation) => DecisionCommands.Decide(parsed.GetValue(id), async (hub, before) =>
            await Do(hub, before, parsed.GetValue(force)
                ? await hub.Interventions.Force(before.Id, Environment.UserName, parsed.GetValue(reason) ?? "", cancellation)
                : await hub.Interventions.Retry(before.Id, Environment.UserName, parsed.GetValue(reason), cancellation), cancellation), cancellation));
        return command;
    }

    public static Command Replay()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var map = Inputs.Text("--map", "current (the maps as they are now; the default), pinned (the versions that took the documents), a map such as base/orders-edifact, or base/orders-edifact@VERSION.", MapChoice.Mistake);
        var failed = Inputs.Flag("--failed-only", "Leave what is loaded as it is.");
        var command = new Command("replay", "Reads an exchange once more with the maps as they are now, or with others; what it loaded before is replaced. Exit code 1 when it fails or is held.") { id, reason, map, failed };
        command.SetAction((parsed, cancellation) => DecisionCommands.Decide(parsed.GetValue(id), async (hub, before) =>
        {
            var wanted = MapChoice.Parse(parsed.GetValue(map) ?? MapChoice.Current.Word)! with { FailedOnly = parsed.GetValue(failed) };
            var (choice, mistake) = await hub.Versions.Resolve(wanted, before.Partner, cancellation);
            return choice is null ? Commands.Refuse(mistake!)
                : await Do(hub, before, await hub.Interventions.Replay(before.Id, choice, Environment.UserName, parsed.GetValue(reason)!, cancellation), cancellation);
        }, cancellation));
        return command;
    }

    public static Command Ignore()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var command = new Command("ignore", "Takes a failed exchange off the list: nothing more is done for it, and what is loaded of it stays. Exit code 1 when it did not fail.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var ignored = await hub.Interventions.Ignore(parsed.GetValue(id), Environment.UserName, parsed.GetValue(reason)!, cancellation);
            if (ignored.Found is null)
                return Commands.Refuse(ignored.Sentence);
            if (!ignored.Done)
                return Refused(ignored);
            await ExchangeCommands.Print(hub, ignored.Exchange, cancellation);
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    /// <summary>Runs what was asked for, or says why it is not; the exit code.</summary>
    public static Task<int> Do(Hub hub, ExchangeRow before, Intervention asked, CancellationToken cancellation) =>
        asked.Done ? ExchangeCommands.RunAgain(hub, before, cancellation) : Task.FromResult(Refused(asked));

    static int Refused(Intervention refused)
    {
        Console.Error.WriteLine(refused.Sentence);
        return ExitCode.Findings;
    }
}
