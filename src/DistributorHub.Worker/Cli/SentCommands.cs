using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub sent list | orphans | review</c>: what was sent, and whether the partner has accepted it.</summary>
static class SentCommands
{
    public static Command Create() => new("sent", "What was sent, and the answers to it.") { List(), Orphans(), Review() };

    static Command List()
    {
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var state = Inputs.Named<AnswerState>("--state", "Only those in this state, such as Overdue.", "state");
        var open = Inputs.Flag("--open", "Only what a person should look at: rejected, accepted in part or with errors, overdue, and not reviewed.");
        var limit = Inputs.Count("--limit", "How many, the newest first.", 100);
        var json = Inputs.Json();
        var command = new Command("list", "Lists interchanges that were sent, the newest first, and what became of their answers.") { partner, state, open, limit, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var rows = await hub.Answers.List(
                new() { Partner = parsed.GetValue(partner), State = parsed.GetValue(state), NeedsReview = parsed.GetValue(open), Most = parsed.GetValue(limit) }, cancellation);
            if (rows.Count == 0 && parsed.GetValue(partner) is { } id && Inputs.NoPartner(id, hub.Settings, samples: false) is { } none)
                return Commands.Refuse(none);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else if (rows.Count == 0)
                Console.WriteLine("Nothing.");
            else
                TextTable.Write(Console.Out, ["id", "partner", "document", "control number", "sent (UTC)", "due (UTC)", "answer", "reviewed"], rows.Select(row => new[]
                {
                    row.ExchangeId.ToString(CultureInfo.InvariantCulture), row.Partner, $"{row.MessageType} {row.Number}".TrimEnd(), row.Reference,
                    row.SentAt is { } sent ? ExchangeCommands.Time(sent) : "on its way", row.DueAt is { } due ? ExchangeCommands.Time(due) : "", Verdict(row), row.ReviewedBy,
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Orphans()
    {
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var limit = Inputs.Count("--limit", "How many, the newest first.", 100);
        var json = Inputs.Json();
        var command = new Command("orphans", "Lists answers that came to nothing we sent, the newest first.") { partner, limit, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var rows = await hub.Answers.Orphans(parsed.GetValue(partner), parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else if (rows.Count == 0)
                Console.WriteLine("None.");
            else
                TextTable.Write(Console.Out, ["id", "came (UTC)", "partner", "kind", "answers", "says"], rows.Select(row => new[]
                {
                    row.ExchangeId.ToString(CultureInfo.InvariantCulture), ExchangeCommands.Time(row.ReceivedAt), row.Partner, row.Kind, row.Names, AnswerReading.Words(row.Verdict),
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Review()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var command = new Command("review", "Notes that a person has looked at what the partner did not accept, or not answer. Exit code 1 when there is nothing to look at.") { id, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var exchange = parsed.GetValue(id);
            if (await hub.ExpectedAnswers.Review(exchange, Environment.UserName, parsed.GetValue(reason)!, cancellation))
            {
                await ExchangeCommands.Print(hub, exchange, cancellation);
                return ExitCode.Fine;
            }
            var rows = await hub.Answers.Of(exchange, cancellation);
            if (rows.Count == 0)
                return Commands.Refuse($"Exchange #{exchange} has sent nothing. 'hub sent list --open' shows what there is to review.");
            Console.Error.WriteLine($"There is nothing to review in exchange #{exchange}: its answer is {Verdict(rows[^1])}{(rows[^1].ReviewedBy is { } by ? $", reviewed by {by}" : "")}.");
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }

    /// <summary>The answer in a word or three.</summary>
    static string Verdict(SentRow row) => row.State.ToString() + (row.Late ? ", late" : "") + (row.State == AnswerState.Pending && row.Technical is not null ? ", arrived" : "");

    /// <summary>Prints what an exchange sent and the answers to that.</summary>
    public static void Print(ExchangeDetails details)
    {
        if (details.Sent.Count == 0)
            return;
        Console.WriteLine();
        TextTable.Write(Console.Out, ["control number", "sent (UTC)", "answer due (UTC)", "answer", "by", "reviewed"], details.Sent.Select(row => new[]
        {
            row.Reference, row.SentAt is { } sent ? ExchangeCommands.Time(sent) : "on its way", row.DueAt is { } due ? ExchangeCommands.Time(due) : "none is expected", Verdict(row),
            row.AnsweredBy is { } by ? $"#{by}" : "", row.ReviewedBy is null ? "" : $"{row.ReviewedBy}: {row.Comment}",
        }));
        foreach (var answer in details.Answers)
        {
            Console.WriteLine($"{answer.Kind} in #{answer.ExchangeId}{(answer.Outcome == AnswerOutcome.DuplicateAck ? ", a second one" : "")}: {AnswerReading.Words(answer.Verdict)}");
            foreach (var error in answer.ErrorList())
                Console.WriteLine(Harmless.Text($"  {error.Code}{AnswerFindings.Place(error)}: {error.Meaning}"));
        }
    }

    /// <summary>Writes the same for scripts.</summary>
    public static void Write(Utf8JsonWriter json, ExchangeDetails details)
    {
        json.WritePropertyName("sent");
        JsonSerializer.Serialize(json, details.Sent, Json.Options);
        json.WritePropertyName("answers");
        JsonSerializer.Serialize(json, details.Answers.Select(answer => new
        {
            answer.ExchangeId,
            answer.Kind,
            answer.Outcome,
            answer.Verdict,
            answer.SentOrdinal,
            answer.ReceivedAt,
            Errors = answer.ErrorList().Select(error => new { error.Code, error.Meaning, error.Tag, error.Segment, error.Element, error.Component, error.Value }),
        }), Json.Options);
    }
}
