using System.CommandLine;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange approve | reject</c> and <c>hub hold approve | reject</c>: what becomes of what is held.</summary>
static class DecisionCommands
{
    public static Command Approve()
    {
        var (id, reason) = Arguments();
        var document = Document();
        var command = new Command("approve", "Approves what is held. With the last approval it is loaded from the archived bytes, once without what holds it. Exit code 1 when nothing is held, when you may not, or when it fails.") { id, reason, document };
        command.SetAction((parsed, cancellation) => Decide(parsed.GetValue(id), async (hub, before) =>
        {
            var answer = await hub.Holds.Approve(before.Id, Environment.UserName, parsed.GetValue(reason)!, parsed.GetValue(document), cancellation);
            if (answer.Effect == DecisionEffect.Released)
                return await ExchangeCommands.RunAgain(hub, before, cancellation);
            return Tell(answer);
        }, cancellation));
        return command;
    }

    public static Command Reject()
    {
        var (id, reason) = Arguments();
        var document = Document();
        var command = new Command("reject", "Ends what is held: it is never loaded. Exit code 1 when nothing is held, or when you may not.") { id, reason, document };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if ((await hub.Queries.Show(parsed.GetValue(id), cancellation))?.Exchange is not { } before)
                return ExchangeCommands.NoSuchExchange(parsed.GetValue(id));
            var answer = await hub.Holds.Reject(before.Id, Environment.UserName, parsed.GetValue(reason)!, parsed.GetValue(document), cancellation);
            if (!answer.IsTaken)
                return Tell(answer);
            await ExchangeCommands.Print(hub, before.Id, cancellation);
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Option<int?> Document() => new("--document") { Description = "Only this document of the exchange, by its place in the file." };

    static int Tell(DecisionAnswer answer)
    {
        (answer.IsTaken ? Console.Out : Console.Error).WriteLine(Harmless.Text(answer.Sentence));
        return answer.IsTaken ? ExitCode.Fine : ExitCode.Findings;
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
        if (!exchange.Outgoing && await hub.Archive.Removed(exchange.Sha256, cancellation) is { } removed)
        {
            Console.Error.WriteLine($"{removed} Exchange #{id} cannot be read again.");
            return ExitCode.Findings;
        }
        return Commands.CannotRun(hub, exchange.Partner) ? ExitCode.Findings : await decide(hub, exchange);
    }, cancellation);
}
