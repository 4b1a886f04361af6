using System.CommandLine;
using System.Text.Json;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub partner list | check | poll</c>: the agreements and whether they can be kept.</summary>
static class PartnerCommands
{
    public static Command Create() => new("partner", "Distributors: who they are and how they are reached.") { List(), Check(), Poll() };

    static Command List()
    {
        var json = Inputs.Json();
        var command = new Command("list", "Lists partners, the last poll of each and what stops them.") { json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var states = (await hub.PartnerStates.List(cancellation)).ToDictionary(state => state.Partner, StringComparer.Ordinal);
            var rows = hub.Partners.Book.Partners
                .Select(partner => new
                {
                    partner.Id,
                    partner.Name,
                    State = hub.Partners.Paused.Contains(partner.Id) ? "Paused" : partner.State.ToString(),
                    Source = Place(partner.Source),
                    partner.Schedule,
                    LastPoll = states.GetValueOrDefault(partner.Id)?.PolledAt,
                    Outcome = states.GetValueOrDefault(partner.Id)?.Outcome,
                    Stopped = states.GetValueOrDefault(partner.Id)?.PausedReason,
                })
                .ToList();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else
                TextTable.Write(Console.Out, ["partner", "name", "state", "source", "schedule", "last poll (UTC)", "outcome"], rows.Select(row => new[]
                {
                    row.Id, row.Name, row.State, row.Source, row.Schedule, row.LastPoll?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss"), row.Stopped ?? row.Outcome,
                }));
            foreach (var broken in hub.Partners.Book.Broken)
                Console.Error.WriteLine($"{broken} is paused: its file has mistakes ('hub map check' lists them).");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static string Place(SourceDefinition source) =>
        source.Kind == SourceKind.Folder ? source.Path : $"sftp://{source.User}@{source.Host}:{source.Port}/{source.Path.TrimStart('/')}";

    static Command Check()
    {
        var id = Inputs.Partner();
        var command = new Command("check", "Tries the connection, the host key, the sign-in and the listing, and compiles the maps. Changes nothing.") { id };
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
        var command = new Command("poll", "Polls a partner now, processes what is there and prints a summary.") { id };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (IsBroken(hub, parsed.GetValue(id)!))
                return ExitCode.Findings;
            var partner = hub.Partners.Find(parsed.GetValue(id)!)!;
            var summary = await new OneRun(hub).Run(partner.Id, cancellation);
            Console.WriteLine(Harmless.Text(summary.ToString()));
            return summary.IsFine ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
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
