using System.CommandLine;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange resend | regenerate</c>: a document goes to the partner once more.</summary>
static class SendingCommands
{
    public static Command Resend()
    {
        var id = Inputs.Exchange();
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        var command = new Command("resend", "Sends a document's file again: the same bytes, number and name. Exit code 1 when nothing of it was delivered yet.") { id, reason };
        command.SetAction((parsed, cancellation) => DecisionCommands.Decide(parsed.GetValue(id), async (hub, before) =>
        {
            if (!await hub.Outgoing.Resend(before.Id, Environment.UserName, parsed.GetValue(reason), cancellation))
                return NotSent(before.Id);
            var waiting = await hub.Flow.Finalise(hub.Partners.Find(before.Partner)!, cancellation);
            await ExchangeCommands.Print(hub, before.Id, cancellation);
            var isSilent = hub.Partners.Silent.Contains(before.Partner);
            if (isSilent)
                await Console.Error.WriteLineAsync(Ledger.Exchanges.AwaitsLife(before.Partner));
            return waiting == 0 && !isSilent ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    public static Command Regenerate()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var command = new Command("regenerate", "Writes a document that was delivered anew, from what the seller's database holds now, and sends it under a new number. Exit code 1 when it was not, or when it fails.") { id, reason };
        command.SetAction((parsed, cancellation) => DecisionCommands.Decide(parsed.GetValue(id), async (hub, before) =>
            await hub.Outgoing.Regenerate(before.Id, Environment.UserName, parsed.GetValue(reason)!, cancellation)
                ? await ExchangeCommands.RunAgain(hub, before, cancellation)
                : NotSent(before.Id), cancellation));
        return command;
    }

    static int NotSent(long id)
    {
        Console.Error.WriteLine($"Exchange #{id} is no document that was delivered, or one that is on its way. 'hub exchange show {id}' says more.");
        return ExitCode.Findings;
    }
}
