using System.CommandLine;
using System.Text.Json;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub alert list | test</c>: what people are told of, and whether it reaches them.</summary>
static class AlertCommands
{
    const int Most = 1_000;

    public static Command Create() => new("alert", "What people should know of, and whether it reaches them.") { List(), Test() };

    static Command List()
    {
        var partner = Inputs.PartnerOption("Only this partner's.", samples: false);
        var json = Inputs.Json();
        var command = new Command("list", "Lists open alerts, the most urgent first. Exit code 1 when there are any.") { partner, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var alerts = (await hub.Alerts.Open(parsed.GetValue(partner), Most, cancellation))
                .Select(alert => new { alert.Id, alert.Level, alert.Partner, alert.Kind, Exchange = alert.ExchangeId, alert.Code, Text = Alerts.AlertText.Of(alert), Since = alert.OpenedAt })
                .ToList();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(alerts, Json.Options));
            else if (alerts.Count == 0)
                Console.WriteLine("No alert is open.");
            else
                TextTable.Write(Console.Out, ["level", "partner", "since (UTC)", "alert", "code"], alerts.Select(alert => new[]
                {
                    alert.Level.ToString(), alert.Partner, alert.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), alert.Text, alert.Code,
                }));
            return alerts.Count == 0 ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static Command Test()
    {
        var partner = Inputs.PartnerOption("Also the contacts of this partner.", samples: false);
        var command = new Command("test", "Sends a message that says it is a trial by every channel of Hub:Alerts. Exit code 3 when one fails, 2 when none is set.") { partner };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var trials = await hub.Alerts.Test(parsed.GetValue(partner), cancellation);
            if (trials.Count == 0)
                return Commands.Refuse("Nobody is told of alerts: neither Hub:Alerts:Webhook nor Hub:Alerts:Mail is set.");
            foreach (var trial in trials)
                Console.WriteLine(Harmless.Text($"{trial.Channel,-9} {trial.Failure ?? "sent"}"));
            return trials.All(trial => trial.Failure is null) ? ExitCode.Fine : ExitCode.BrokenWorld;
        }, cancellation));
        return command;
    }
}
