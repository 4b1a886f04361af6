using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub hold list | approve | reject | delegate | delegations | revoke</c>: documents that wait for people.</summary>
static class HoldCommands
{
    public static Command Create() => new("hold", "Documents that wait for people before they are loaded.")
    {
        List(), DecisionCommands.Approve(), DecisionCommands.Reject(), Delegate(), Delegations(), Revoke(),
    };

    static Command List()
    {
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var mine = Inputs.Text("--mine", "Only what this user may decide now.");
        var exchange = new Option<long?>("--exchange") { Description = "Only this exchange's." };
        var all = Inputs.Flag("--all", "Those that have ended, too.");
        var limit = Inputs.Count("--limit", "How many.", 100);
        var json = Inputs.Json();
        var command = new Command("list", "Lists held documents by the time that is left to decide.") { partner, mine, exchange, all, limit, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var holds = await hub.Holds.List(new()
            {
                Partner = parsed.GetValue(partner),
                Mine = parsed.GetValue(mine),
                Exchange = parsed.GetValue(exchange),
                Open = !parsed.GetValue(all),
                Most = parsed.GetValue(limit),
            }, cancellation);
            if (parsed.GetValue(json))
                Json.Print(writer => JsonSerializer.Serialize(writer, holds.Select(Shown), Json.Options));
            else if (holds.Count == 0)
                Console.WriteLine("Nothing is held.");
            else
                TextTable.Write(Console.Out, ["exchange", "document", "partner", "why", "amount", "approvals", "decide by (UTC)", "state"], holds.Select(hold => new[]
                {
                    string.Create(CultureInfo.InvariantCulture, $"#{hold.ExchangeId}/{hold.Ordinal}"), hold.Name, hold.Partner, hold.Reason, hold.Amount,
                    string.Create(CultureInfo.InvariantCulture, $"{hold.Decisions.Count(decision => decision.Verdict == "Approved")} of {hold.Needed}"), Time(hold.ExpiresAt), hold.State.ToString(),
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static object Shown(HoldRow hold) => new
    {
        Exchange = hold.ExchangeId,
        Document = hold.Ordinal,
        hold.Partner,
        hold.File,
        hold.Type,
        Number = hold.Number ?? hold.StatedNumber,
        Rules = hold.Rules.Split(' '),
        hold.Reason,
        Amount = hold.Value,
        hold.Needed,
        hold.State,
        Opened = hold.OpenedAt,
        Expires = hold.ExpiresAt,
        Closed = hold.ClosedAt,
        Decisions = hold.Decisions.Select(decision => new { decision.Verdict, decision.Approver, decision.Actor, decision.Reason, decision.At }),
    };

    static Command Delegate()
    {
        var to = Inputs.Text("--to", "Who decides.");
        var start = Date("--from", "The first day, in UTC. Default today.");
        var end = Date("--until", "The last day.");
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        to.Required = end.Required = reason.Required = true;
        var command = new Command("delegate", "Lets another person decide in your place for some days.") { to, start, end, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var refused = await hub.Delegations.Add(
                Environment.UserName, parsed.GetValue(to)!, parsed.GetValue(start), parsed.GetValue(end)!.Value, parsed.GetValue(reason)!, cancellation);
            if (refused is null)
                return await Print(hub, cancellation);
            Console.Error.WriteLine(refused);
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static Command Delegations()
    {
        var command = new Command("delegations", "Lists who decides in whose place, now and later.");
        command.SetAction((_, cancellation) => Commands.WithHub(hub => Print(hub, cancellation), cancellation));
        return command;
    }

    static Command Revoke()
    {
        var id = new Argument<long>("id") { Description = "Number of the delegation, as 'hub hold delegations' lists it." };
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        reason.Required = true;
        var command = new Command("revoke", "Ends a delegation now.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (await hub.Delegations.Revoke(parsed.GetValue(id), Environment.UserName, parsed.GetValue(reason)!, cancellation))
                return await Print(hub, cancellation);
            Console.Error.WriteLine($"There is no delegation {parsed.GetValue(id)} that still holds. 'hub hold delegations' lists those that do.");
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static async Task<int> Print(Hub hub, CancellationToken cancellation)
    {
        var delegations = await hub.Delegations.List(cancellation);
        if (delegations.Count == 0)
            Console.WriteLine("Nobody decides in another's place.");
        else
            TextTable.Write(Console.Out, ["id", "in place of", "decides", "from (UTC)", "until (UTC)", "reason"], delegations.Select(row => new[]
            {
                row.Id.ToString(CultureInfo.InvariantCulture), row.Delegator, row.Delegate, Time(row.FromAt), Time(row.UntilAt), row.Reason,
            }));
        return ExitCode.Fine;
    }

    static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = $"{description} Written as {Ledger.Delegations.DayForm}.",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, Ledger.Delegations.DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return date;
            result.AddError($"{name} takes a day such as 2026-12-24, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
