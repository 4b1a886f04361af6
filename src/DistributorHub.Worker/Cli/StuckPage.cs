using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange list --state stuck</c>.</summary>
static class StuckPage
{
    /// <summary>Prints what is stuck; exit code 1 when something is.</summary>
    public static int Show(IReadOnlyList<StuckItem> items, bool json)
    {
        if (json)
            Json.Print(writer => JsonSerializer.Serialize(writer, items, Json.Options));
        else if (items.Count == 0)
            Console.WriteLine("Nothing is stuck.");
        else
            TextTable.Write(Console.Out, ["since (UTC)", "partner", "what", "id", "exchange", "name", "state", "why"], items.Select(item => new[]
            {
                ExchangeCommands.Time(item.Since), item.Partner, item.Kind, item.Id.ToString(CultureInfo.InvariantCulture),
                item.ExchangeId?.ToString(CultureInfo.InvariantCulture), item.Name, item.State, item.Why,
            }));
        return items.Count == 0 ? ExitCode.Fine : ExitCode.Findings;
    }
}
