using System.CommandLine;
using System.Text.Json;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub partner list | check | poll | send | drift | ignore | pause | resume</c>: the agreements and whether they can be kept.</summary>
static class PartnerCommands
{
    public static Command Create() => new("partner", "Distributors: who they are and how they are reached.") { List(), Check(), Poll(), Send(), DriftCommand.Create(), IgnoreFileCommand.Create(), PauseCommands.Pause(), PauseCommands.Resume() };

    const int MissingMax = 1_000, MissingShown = 5;

    static Command List()
    {
        var json = Inputs.Json();
        var command = new Command("list", "Lists partners, the last poll of each, what stops them and what needs attention.") { json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var states = (await hub.PartnerStates.List(cancellation)).ToDictionary(state => state.Partner, StringComparer.Ordinal);
            var pauses = (await hub.Pauses.List(cancellation)).ToDictionary(pause => pause.Partner, StringComparer.Ordinal);
            var silent = (await hub.Silence.List(hub.Partners.ExpectedEvery(), cancellation)).ToDictionary(one => one.Partner, StringComparer.Ordinal);
            var missing = (await hub.Sequences.Open(null, MissingMax, cancellation)).ToLookup(gap => gap.Partner, StringComparer.Ordinal);
            var rows = hub.Partners.Book.Partners.Select(partner => partner.Id).Concat(hub.Partners.Book.Broken).Order(StringComparer.Ordinal)
                .Select(id => (Id: id, Partner: hub.Partners.Find(id), Last: states.GetValueOrDefault(id)))
                .Select(row => new
                {
                    row.Id,
                    row.Partner?.Name,
                    // Whether they stop the partner depends on what a running service has read.
                    State = hub.Partners.Paused.Contains(row.Id) ? "Mistakes" : row.Partner?.State.ToString(),
                    Source = row.Partner is null ? null : Place(row.Partner.Source),
                    row.Partner?.Schedule,
                    LastPoll = row.Last?.PolledAt,
                    row.Last?.Outcome,
                    row.Last?.Attention,
                    Stopped = row.Last?.PausedReason,
                    Paused = pauses.GetValueOrDefault(row.Id),
                    SilentSince = silent.GetValueOrDefault(row.Id)?.Since,
                    MissingNumbers = missing[row.Id].Select(gap => new { gap.Sender, gap.Recipient, gap.FirstNumber, gap.LastNumber, gap.NoticedBy }).ToList(),
                })
                .ToList();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else
                TextTable.Write(Console.Out, ["partner", "name", "state", "source", "schedule", "last poll (UTC)", "outcome"], rows.Select(row => new[]
                {
                    row.Id, row.Name, row.State, row.Source, row.Schedule, row.LastPoll?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss"),
                    string.Join("; ", new[]
                    {
                        row.Paused is { } pause ? $"paused by {pause.Actor}: {pause.Reason}" : null,
                        row.Stopped ?? row.Attention ?? row.Outcome,
                        row.SilentSince is { } since ? $"silent since {ExchangeCommands.Time(since)}" : null,
                        row.MissingNumbers.Count > 0 ? $"numbers missing: {string.Join(", ", row.MissingNumbers.Select(gap => gap.FirstNumber == gap.LastNumber ? $"{gap.FirstNumber}" : $"{gap.FirstNumber}-{gap.LastNumber}").Take(MissingShown))}" : null,
                    }.OfType<string>()),
                }));
            foreach (var paused in hub.Partners.Paused)
                Console.Error.WriteLine(Commands.Mistakes(paused) + " A service that has read them right before goes on with that; one that starts leaves the partner paused.");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static string Place(SourceDefinition source) =>
        source.Kind == SourceKind.Folder ? source.Path : $"sftp://{source.User}@{source.Host}:{source.Port}/{source.Path.TrimStart('/')}";

    static Command Check()
    {
        var id = Inputs.Partner();
        var command = new Command("check", "Tries the connection, the host key, the sign-in, the listing and, with a probe file that is removed again, the rights that after_read and acknowledgements need; compiles the maps. Exit code 3 when the partner's side refuses something.") { id };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (IsBroken(hub, parsed.GetValue(id)!))
                return ExitCode.Findings;
            var partner = hub.Partners.Find(parsed.GetValue(id)!)!;
            var paused = hub.Partners.Paused.Contains(partner.Id);
            Console.WriteLine(paused ? "maps      mistakes: 'hub map check' lists them" : $"maps      {partner.Routes.Count} compile");
            try
            {
                await using var source = await hub.Sources.Open(partner, cancellation);
                Console.WriteLine($"sign-in   fine: {Place(partner.Source)}");
                Console.WriteLine($"listing   {(await source.List(cancellation)).Count} file(s)");
                var rights = await WriteRights.Try(source, partner, hub.Clock.GetUtcNow(), cancellation);
                foreach (var right in rights)
                    Console.WriteLine(Harmless.Text($"rights    {(right.Granted ? "fine" : "denied")}: {right.Sentence}"));
                if (!rights.All(right => right.Granted))
                    return ExitCode.BrokenWorld;
            }
            catch (SourceException e)
            {
                Console.WriteLine($"source    {e.Fault}: {e.Message}");
                return ExitCode.BrokenWorld;
            }
            return paused ? ExitCode.Findings : ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Poll()
    {
        var id = Inputs.Partner();
        var command = new Command("poll", "Polls a partner now, processes what is there and prints a summary; exit code 1 when something failed, is held or was left undone, or the partner is not live.") { id };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (IsBroken(hub, parsed.GetValue(id)!))
                return ExitCode.Findings;
            var partner = hub.Partners.Find(parsed.GetValue(id)!)!;
            if (!IsLive(partner, "polled") || await IsPaused(hub, partner, cancellation))
                return ExitCode.Findings;
            var summary = await new OneRun(hub).Run(partner.Id, cancellation);
            Console.WriteLine(Harmless.Text(summary.ToString()));
            return summary.IsFine ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static Command Send()
    {
        var id = Inputs.Partner();
        var command = new Command("send", "Looks for documents for a partner now, writes and delivers them and prints each; exit code 1 when one failed or was left undone, or the partner is not live.") { id };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (IsBroken(hub, parsed.GetValue(id)!) || Commands.CannotRun(hub, parsed.GetValue(id)!))
                return ExitCode.Findings;
            var partner = hub.Partners.Find(parsed.GetValue(id)!)!;
            if (!IsLive(partner, "sent anything") || await IsPaused(hub, partner, cancellation))
                return ExitCode.Findings;
            var collected = await hub.Flow.Collect(partner, cancellation);
            var fine = collected.Troubles.Count == 0;
            foreach (var trouble in collected.Troubles)
                await Console.Error.WriteLineAsync(Harmless.Text(trouble));
            var sent = collected.Exchanges.ToList();
            for (var next = sent; next.Count > 0; sent = [.. sent.Union(next)])
            {
                foreach (var exchange in next)
                    fine &= await hub.Flow.Process(exchange, cancellation) is not { End: not { State: ExchangeState.Completed } };
                // Of very many new ones the look hands on the first.
                next = [.. (await hub.Exchanges.Due(partner.Id, DuePerRound, cancellation)).Where(due => due.Outgoing).Select(due => due.Id).Except(sent)];
            }
            await hub.Outbox.Hasten(partner.Id, cancellation);
            var waiting = await hub.Flow.Finalise(partner, cancellation);
            foreach (var exchange in sent)
                if (await hub.Queries.Show(exchange, cancellation) is { Exchange: var row })
                    Console.WriteLine(Harmless.Text($"#{row.Id}  {row.File}  {row.State}{(row.Cause is null ? "" : $": {row.Cause}")}"));
            Console.WriteLine($"{sent.Count} document(s), {waiting} file(s) wait for delivery");
            return fine && waiting == 0 ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    const int DuePerRound = 1_000;

    static bool IsLive(PartnerDefinition partner, string not)
    {
        if (partner.IsServed)
            return true;
        Console.Error.WriteLine(PartnerRefusals.NotLive(partner, not));
        return false;
    }

    static async Task<bool> IsPaused(Hub hub, PartnerDefinition partner, CancellationToken cancellation)
    {
        if (await hub.Pauses.Of(partner.Id, cancellation) is not { } pause)
            return false;
        await Console.Error.WriteLineAsync(Harmless.Text(PartnerRefusals.IsPaused(pause)));
        return true;
    }

    // Its mistakes were told when the hub was opened.
    static bool IsBroken(Hub hub, string id)
    {
        var broken = hub.Partners.Book.Broken.Contains(id);
        if (broken)
            Console.Error.WriteLine(Commands.Paused(id));
        return broken;
    }
}
