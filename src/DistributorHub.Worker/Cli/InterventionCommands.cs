using System.CommandLine;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange retry | cancel | ignore</c>: what a person has done to an exchange.</summary>
static class InterventionCommands
{
    public static Command Retry()
    {
        var (id, filter, yes) = (BulkOptions.Exchange(), BulkOptions.Filter(), BulkOptions.Yes());
        var reason = Inputs.Text("--reason", "Why; it stands in the record. Needed with --force and --yes.");
        var force = Inputs.Flag("--force", "Read a duplicate all the same. What is loaded already is not loaded twice.");
        var command = new Command("retry", "Runs a failed exchange again, from the archived bytes and with the maps it had. Exit code 1 when it fails again or is held.") { id, filter, reason, force, yes };
        command.SetAction((parsed, cancellation) => BulkOptions.Mistake(parsed.GetValue(id), parsed.GetValue(filter)) is { } mistake ? Task.FromResult(Commands.Refuse(mistake))
            : parsed.GetValue(filter) is { } many && parsed.GetValue(force) ? Task.FromResult(Commands.Refuse($"--force takes one exchange, not '{many}': each duplicate is looked at."))
            : parsed.GetValue(filter) is { } all ? BulkOptions.Run(AttemptKind.Retry, all, null, parsed.GetValue(yes), parsed.GetValue(reason), cancellation)
            : DecisionCommands.Decide(parsed.GetValue(id), async (hub, before) =>
            await Do(hub, before, parsed.GetValue(force)
                ? await hub.Interventions.Force(before.Id, Environment.UserName, parsed.GetValue(reason) ?? "", cancellation)
                : await hub.Interventions.Retry(before.Id, Environment.UserName, parsed.GetValue(reason), cancellation), cancellation), cancellation));
        return command;
    }

    public static Command Ignore()
    {
        var (id, filter, yes) = (BulkOptions.Exchange(), BulkOptions.Filter(), BulkOptions.Yes());
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        reason.Required = true;
        var command = new Command("ignore", "Takes a failed exchange off the list: nothing more is done for it, and what is loaded of it stays. Exit code 1 when it did not fail.") { id, filter, reason, yes };
        command.SetAction((parsed, cancellation) => BulkOptions.Mistake(parsed.GetValue(id), parsed.GetValue(filter)) is { } mistake ? Task.FromResult(Commands.Refuse(mistake))
            : parsed.GetValue(filter) is { } all ? BulkOptions.Run(AttemptKind.Ignore, all, null, parsed.GetValue(yes), parsed.GetValue(reason), cancellation)
            : Commands.WithHub(async hub =>
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

    public static Command Cancel()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var command = new Command("cancel", "Ends the run of an exchange that waits or is worked on: nothing more of it is loaded, and 'retry' reads it again. Exit code 1 when its run is over.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var cancelled = await hub.Interventions.Cancel(parsed.GetValue(id), Environment.UserName, parsed.GetValue(reason)!, cancellation);
            if (cancelled.Found is null)
                return Commands.Refuse(cancelled.Sentence);
            if (!cancelled.Done)
                return Refused(cancelled);
            Console.WriteLine(cancelled.Sentence);
            // One that no worker has is ended at once; another's ends it within moments.
            await hub.Flow.Process(cancelled.Exchange, cancellation);
            await ExchangeCommands.Print(hub, cancelled.Exchange, cancellation);
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
