using System.Globalization;
using System.Text;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Alerts;

/// <summary>Alerts in plain words, without anything out of a document.</summary>
static class AlertText
{
    public static string Of(AlertRow alert)
    {
        var text = alert.Kind switch
        {
            AlertKind.ExchangeFailed => $"Exchange #{alert.ExchangeId} failed: {Errors(alert)}.",
            AlertKind.ExchangePartiallyCompleted => $"Exchange #{alert.ExchangeId} is completed in part only: {Errors(alert)}.",
            AlertKind.ExchangeQuarantined => $"Exchange #{alert.ExchangeId} is set aside: the program ended several times while it read it.",
            AlertKind.ExchangeHeld => $"Exchange #{alert.ExchangeId} is held until a person approves or rejects it.",
            _ => alert.Facts ?? alert.Kind.ToString(),
        };
        if (alert.Open)
            return text;
        return alert.ExchangeState is { } state ? $"Over: {text} It is {state} now." : $"Over: {text}";
    }

    static string Errors(AlertRow alert) => alert.Errors switch
    {
        0 => alert.Code is { } failure ? $"class {failure}" : "no errors in the file itself",
        1 => "one error",
        _ => string.Create(CultureInfo.InvariantCulture, $"{alert.Errors} errors"),
    };

    /// <summary>One line that says whose alerts these are, and how urgent.</summary>
    public static string Subject(Digest digest)
    {
        var whose = digest.Partner ?? "DistributorHub";
        if (digest.Test)
            return $"[Test] {whose}: alerts reach you";
        var mark = digest.Alerts.All(line => line.State == DigestState.Over) ? "Over" : digest.Level == AlertLevel.Page ? "PAGE" : "Warn";
        var changes = digest.Alerts.Count + digest.More;
        return $"[{mark}] {whose}: {(changes == 1 ? digest.Alerts[0].Text : string.Create(CultureInfo.InvariantCulture, $"{changes} alerts"))}";
    }

    /// <summary>The message of a mail.</summary>
    public static string Body(Digest digest)
    {
        var text = new StringBuilder();
        if (digest.Test)
            text.Append("A person tries whether alerts reach you. Nothing is wrong.\n\n");
        foreach (var line in digest.Alerts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(line.State == DigestState.Over ? "over" : line.Level.ToString().ToLowerInvariant()),-5} {line.Text}");
            if (line.Code is not null)
                text.Append(CultureInfo.InvariantCulture, $" ({line.Code})");
            text.Append(CultureInfo.InvariantCulture, $"\n      since {line.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
            if (line.Link is not null)
                text.Append(CultureInfo.InvariantCulture, $"  {line.Link}");
            text.Append("\n\n");
        }
        if (digest.More > 0)
            text.Append(CultureInfo.InvariantCulture, $"… and {digest.More} more.\n\n");
        return text.Append(CultureInfo.InvariantCulture, $"All open alerts: 'hub alert list'. The hub: {digest.Installation}\n").ToString();
    }
}
