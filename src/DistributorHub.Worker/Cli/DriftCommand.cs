using System.CommandLine;
using System.Text.Json;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub partner drift</c>: what a partner's messages have since lately, or have no more.</summary>
static class DriftCommand
{
    public static Command Create()
    {
        var id = Inputs.Partner();
        var since = Inputs.Days("--since", $"How far back, such as 7d. {DriftReport.DaysUsual}d when it is not given.", DriftReport.DaysMax);
        (since.Required, since.DefaultValueFactory) = (false, _ => DriftReport.DaysUsual);
        var json = Inputs.Json();
        var command = new Command("drift", "Shows which segments and qualifiers came into a partner's messages, and which usual ones have gone, with the first and the last exchange that has them.") { id, since, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var partner = parsed.GetValue(id)!;
            var days = parsed.GetValue(since);
            var drift = await hub.DriftReport.List(partner, days, cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(drift, Json.Options));
            else if (drift.Count == 0)
                Console.WriteLine(FormattableString.Invariant($"Nothing new in {days} days, and nothing gone, in {await hub.DriftReport.Documents(partner, cancellation)} document(s) of {partner} that were counted."));
            else
                TextTable.Write(Console.Out, ["message", "what", "where", "share", "first (UTC)", "first in", "last (UTC)", "last in"], drift.Select(one => new[]
                {
                    $"{one.Type} {one.Release}", one.What, Harmless.Text(one.Place), one.Share, ExchangeCommands.Time(one.FirstAt), Number(one.FirstExchange),
                    ExchangeCommands.Time(one.LastAt), Number(one.LastExchange),
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static string? Number(long exchange) => exchange == 0 ? null : FormattableString.Invariant($"#{exchange}");
}
