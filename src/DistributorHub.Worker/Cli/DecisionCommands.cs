using System.CommandLine;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange approve | reject</c>: what becomes of a list that its guard holds.</summary>
static class DecisionCommands
{
    public static Command Approve()
    {
        var (id, reason) = Arguments();
        var command = new Command("approve", "Loads what is held, from the archived bytes, once without the guard that holds it. Exit code 1 when nothing is held, or when it fails.") { id, reason };
        command.SetAction((parsed, cancellation) => Decide(parsed.GetValue(id), async (hub, before) =>
            await hub.Decisions.Approve(before.Id, Environment.UserName, parsed.GetValue(reason)!, cancellation)
                ? await ExchangeCommands.RunAgain(hub, before, cancellation)
                : NothingHeld(before), cancellation));
        return command;
    }

    public static Command Reject()
    {
        var (id, reason) = Arguments();
        var command = new Command("reject", "Ends what is held: it is never loaded. Exit code 1 when nothing is held.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if ((await hub.Queries.Show(parsed.GetValue(id), cancellation))?.Exchange is not { } before)
                return ExchangeCommands.NoSuchExchange(parsed.GetValue(id));
            if (!await hub.Decisions.Reject(before.Id, Environment.UserName, parsed.GetValue(reason)!, cancellation))
                return NothingHeld(before);
            await ExchangeCommands.Print(hub, before.Id, cancellation);
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    public static (Argument<long> Id, Option<string?> Reason) Arguments()
    {
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        reason.Required = true;
        return (Inputs.Exchange(), reason);
    }

    /// <summary>Takes a decision on an exchange that is there, and whose partner can run it; the exit code.</summary>
    public static Task<int> Decide(long id, Func<Hub, ExchangeRow, Task<int>> decide, CancellationToken cancellation) => Commands.WithHub(async hub =>
    {
        if ((await hub.Queries.Show(id, cancellation))?.Exchange is not { } exchange)
            return ExchangeCommands.NoSuchExchange(id);
        return Commands.CannotRun(hub, exchange.Partner) ? ExitCode.Findings : await decide(hub, exchange);
    }, cancellation);

    static int NothingHeld(ExchangeRow exchange)
    {
        Console.Error.WriteLine($"Exchange #{exchange.Id} is {exchange.State}, and nothing of it is held. 'hub exchange list --state Held' shows what is.");
        return ExitCode.Findings;
    }
}
