using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange list | show | explain | fixture | retry | replay | ignore | approve | reject | resend | regenerate</c>: find it, see why, put it right.</summary>
static class ExchangeCommands
{
    public static Command Create() => new("exchange", "Files that came in or go out, and what became of them.")
    {
        List(), Show(), ExplainCommand.OfExchange(), FixtureCommand.Create(), InterventionCommands.Retry(), ReplayCommand.Create(), InterventionCommands.Cancel(), InterventionCommands.Ignore(), DecisionCommands.Approve(), DecisionCommands.Reject(), SendingCommands.Resend(), SendingCommands.Regenerate(), PrivacyCommands.HoldLegal(),
    };

    static Command List()
    {
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var state = Inputs.State("--state", "Only those in this state, such as Failed; stuck shows what has no end and is not worked on.");
        var number = Inputs.Text("--number", "Only those with a document of this number (order, list), in capitals or not.");
        var limit = Inputs.Count("--limit", "How many, the newest first.", 100);
        var json = Inputs.Json();
        var command = new Command("list", "Lists exchanges, the newest first, and files that are left where they are.") { partner, state, number, limit, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (parsed.GetValue(state) is { } word && Inputs.IsStuck(word))
                return StuckPage.Show(await hub.Stuck.List(parsed.GetValue(partner), parsed.GetValue(limit), cancellation), parsed.GetValue(json));
            var filter = new ExchangeFilter
            {
                Partner = parsed.GetValue(partner),
                State = parsed.GetValue(state) is { } named ? Enum.Parse<ExchangeState>(named, ignoreCase: true) : null,
                Number = parsed.GetValue(number),
                // One more tells whether there are more.
                Most = parsed.GetValue(limit) + 1,
            };
            var found = await hub.Queries.List(filter, cancellation);
            var exchanges = found.Take(parsed.GetValue(limit)).ToList();
            // Not received yet, so that they have neither state nor documents to ask for.
            var left = filter.State is null && filter.Number is null ? await hub.Sightings.Left(filter.Partner, cancellation) : [];
            // One who is gone may have left some; without any, the name is a slip.
            if (exchanges.Count + left.Count == 0 && filter.Partner is { } id && Inputs.NoPartner(id, hub.Settings, samples: false) is { } none)
                return Commands.Refuse(none);
            if (parsed.GetValue(json))
                Json.Print(writer => Write(writer, exchanges, left));
            else
                Print(exchanges, left, filter);
            if (exchanges.Count == 0 && filter.Number is not null && await hub.Sightings.Left(filter.Partner, cancellation) is { Count: > 0 and var unread })
                Console.Error.WriteLine($"{unread} file(s) are left where they are, and what numbers are in them is not known: 'hub exchange list' shows them.");
            if (found.Count > exchanges.Count)
                Console.Error.WriteLine($"These are the newest {exchanges.Count}; there are more: --limit {10L * exchanges.Count} shows up to that many, --partner, --state and --number choose.");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static void Print(List<ExchangeSummary> exchanges, IReadOnlyList<RemoteFileRow> left, ExchangeFilter filter)
    {
        if (exchanges.Count == 0)
            Console.WriteLine("No exchanges.");
        else
            TextTable.Write(Console.Out, ["id", "received (UTC)", "partner", "file", "state", "documents"], exchanges.Select(summary => new[]
            {
                summary.Exchange.Id.ToString(CultureInfo.InvariantCulture),
                Time(summary.Exchange.CreatedAt),
                summary.Exchange.Partner,
                summary.Exchange.File,
                summary.Exchange.State.ToString(),
                string.Join(", ", summary.Documents.OrderByDescending(filter.Names).Take(3).Select(document => $"{document.Type} {document.Name} {document.State}"))
                    + (summary.Documents.Count > 3 ? $", and {summary.Documents.Count - 3} more" : ""),
            }));
        if (left.Count == 0)
            return;
        Console.WriteLine("\nSeen, and left where they are:");
        TextTable.Write(Console.Out, ["since (UTC)", "partner", "file", "state", "reason"], left.Select(file => new[]
        {
            Time(file.FirstSeen), file.Partner, file.Path, file.State.ToString(), file.Note,
        }));
    }

    static void Write(Utf8JsonWriter json, List<ExchangeSummary> exchanges, IReadOnlyList<RemoteFileRow> left)
    {
        json.WriteStartArray();
        foreach (var (exchange, documents) in exchanges)
        {
            json.WriteStartObject();
            WriteExchange(json, exchange);
            json.WriteStartArray("documents");
            foreach (var document in documents)
            {
                json.WriteStartObject();
                json.WriteString("type", document.Type);
                json.WriteString("number", document.Number ?? document.StatedNumber);
                json.WriteString("state", document.State.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        foreach (var file in left)
        {
            json.WriteStartObject();
            json.WriteNull("id");
            json.WriteString("partner", file.Partner);
            json.WriteString("file", file.Path);
            json.WriteString("state", file.State.ToString());
            json.WriteString("cause", file.Note);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("seen", file.FirstSeen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteExchange(Utf8JsonWriter json, ExchangeRow exchange)
    {
        json.WriteNumber("id", exchange.Id);
        json.WriteString("partner", exchange.Partner);
        json.WriteString("file", exchange.File);
        json.WriteString("state", exchange.State.ToString());
        json.WriteString("cause", exchange.Cause);
        json.WriteNumber("bytes", exchange.Bytes);
        json.WriteString("received", exchange.CreatedAt);
    }

    static Command Show()
    {
        var id = Inputs.Exchange();
        var json = Inputs.Json();
        var command = new Command("show", "Shows everything about one exchange.") { id, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (await hub.Queries.Show(parsed.GetValue(id), cancellation) is not { } details)
                return NoSuchExchange(parsed.GetValue(id));
            using var excerpts = Excerpts(hub, details.Exchange, cancellation);
            if (parsed.GetValue(json))
                Json.Print(writer => Write(writer, details, excerpts));
            else
                Print(details, excerpts);
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    /// <summary>Looks into the archived bytes, read as they were.</summary>
    static Excerpts Excerpts(Hub hub, ExchangeRow exchange, CancellationToken cancellation)
    {
        var partner = hub.Partners.Find(exchange.Partner);
        // Of deleted bytes there is nothing to show.
        return new(() => hub.Archive.Removed(exchange.Sha256, cancellation).GetAwaiter().GetResult() is null ? hub.Archive.Open(exchange.Sha256, cancellation).GetAwaiter().GetResult() : Stream.Null, partner?.Reading,
            isEdi: partner is null || PartnerMaps.Route(partner, exchange.File) is null);
    }

    static void Print(ExchangeDetails details, Excerpts excerpts)
    {
        var exchange = details.Exchange;
        Console.WriteLine($"#{exchange.Id}  {exchange.Partner}  {Harmless.Text(exchange.File)}  {exchange.Bytes} bytes  received {Time(exchange.CreatedAt)} UTC");
        Console.WriteLine($"{exchange.State}{(exchange.Cause is null ? "" : $": {Harmless.Text(exchange.Cause)}")}");
        if (details.Documents.Count > 0)
        {
            Console.WriteLine();
            TextTable.Write(Console.Out, ["document", "number", "state", "rows", "cause"], details.Documents.Select(document => new[]
            {
                $"{document.Type} {document.Release}".TrimEnd(),
                document.Name,
                document.State.ToString(),
                string.Join(", ", document.Rows().Select(rows => $"{rows.Key} {rows.Value}")),
                document.Cause ?? "",
            }));
        }
        if (details.Findings.Count > 0)
            Console.WriteLine();
        FindingText.Write(Console.Out, details.ToFindings(), excerpts);
        SentCommands.Print(details);
        Console.WriteLine();
        TextTable.Write(Console.Out, ["attempt", "started (UTC)", "by", "state", "reason"], details.Attempts.Select(attempt => new[]
        {
            attempt.Map is null ? attempt.Kind.ToString() : $"{attempt.Kind} with {MapChoice.Parse(attempt.Map)?.Shown}", Time(attempt.StartedAt), attempt.Actor, attempt.State.ToString(), attempt.Reason ?? attempt.Error?.Split('\n')[0] ?? "",
        }));
        if (details.Decisions.Count > 0)
        {
            Console.WriteLine();
            TextTable.Write(Console.Out, ["decision", "taken (UTC)", "by", "reason"], details.Decisions.Select(decision => new[]
            {
                decision.Action, Time(decision.At), decision.Actor, decision.Reason,
            }));
        }
        if (details.Exchange.LegalHold is { } legal)
            Console.WriteLine($"\nUnder legal hold: {Harmless.Text(legal)}");
        if (details.AwaitsDecision)
            Console.WriteLine($"""

                If it is right, approve it: hub exchange approve {exchange.Id} --reason "…"
                If it is not, end it: hub exchange reject {exchange.Id} --reason "…"
                Who may decide, and until when: hub hold list --exchange {exchange.Id}
                """);
        if (Transitions.IsFailed(exchange.State))
            Console.WriteLine(exchange.Class is FailureClass.Data or FailureClass.Config && !exchange.Outgoing
                ? $"\nMend what is wrong, then: hub exchange replay {exchange.Id} --failed-only --reason \"…\""
                : $"\nMend what is wrong, then: hub exchange retry {exchange.Id} --reason \"…\"");
    }

    static void Write(Utf8JsonWriter json, ExchangeDetails details, Excerpts excerpts)
    {
        json.WriteStartObject();
        WriteExchange(json, details.Exchange);
        json.WritePropertyName("interchanges");
        JsonSerializer.Serialize(json, details.Interchanges.Select(Shown), Json.Options);
        json.WritePropertyName("documents");
        JsonSerializer.Serialize(json, details.Documents.Select(Shown), Json.Options);
        json.WriteFindings(details.ToFindings(), excerpts);
        json.WritePropertyName("attempts");
        JsonSerializer.Serialize(json, details.Attempts, Json.Options);
        json.WritePropertyName("decisions");
        JsonSerializer.Serialize(json, details.Decisions, Json.Options);
        SentCommands.Write(json, details);
        json.WriteEndObject();
    }

    // The names are those of 'hub parse --json'.
    static object Shown(InterchangeRow row) => new
    {
        row.Ordinal,
        Syntax = Enum.Parse<Standard>(row.Standard).Name(),
        Sender = new { Id = row.Sender, Qualifier = row.SenderQualifier },
        Recipient = new { Id = row.Recipient, Qualifier = row.RecipientQualifier },
        row.Reference,
        row.Test,
        row.State,
    };

    static object Shown(DocumentRow row) => new
    {
        row.Ordinal,
        row.Type,
        // D.96A is version D and release 96A; 004010 is both.
        Version = row.Release.Split('.')[0],
        Release = row.Release[(row.Release.IndexOf('.', StringComparison.Ordinal) + 1)..],
        row.Reference,
        row.Segments,
        Offset = row.AtOffset,
        Number = row.Number ?? row.StatedNumber,
        row.StatedNumber,
        row.State,
        row.Class,
        row.Cause,
        row.Map,
        row.MapVersion,
        row.Revision,
        row.DuplicateOf,
        row.Identity,
        row.BodyHash,
        Rows = row.Rows(),
    };

    /// <summary>Runs an exchange that a person asked for, and prints how it ended; the exit code.</summary>
    public static async Task<int> RunAgain(Hub hub, ExchangeRow exchange, CancellationToken cancellation)
    {
        await hub.Flow.Process(exchange.Id, cancellation);
        if (hub.Partners.Find(exchange.Partner) is { } partner)
            await hub.Flow.Finalise(partner, cancellation);
        var after = await Print(hub, exchange.Id, cancellation);
        return Transitions.IsFailed(after.State) || after.State == ExchangeState.Held ? ExitCode.Findings : ExitCode.Fine;
    }

    /// <summary>Prints all about an exchange as it is now.</summary>
    public static async Task<ExchangeRow> Print(Hub hub, long id, CancellationToken cancellation)
    {
        var details = (await hub.Queries.Show(id, cancellation))!;
        using var excerpts = Excerpts(hub, details.Exchange, cancellation);
        Print(details, excerpts);
        return details.Exchange;
    }

    public static int NoSuchExchange(long id) => Commands.Refuse($"There is no exchange #{id}.");

    /// <summary>A moment as tables show it, in UTC.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
