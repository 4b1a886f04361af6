using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Privacy;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub privacy erase</c> and <c>hub exchange hold-legal</c>: what is deleted before its time, and what is not deleted after it.</summary>
static class PrivacyCommands
{
    public static Command Create() => new("privacy", "Data of persons.") { Erase() };

    static Command Erase()
    {
        var person = Inputs.Text("--person", "Erase every file that has this text (a name, an address), and it in the seller's columns marked pii.",
            text => text.Trim().Length < ErasureRequest.PersonCharsMin ? $"--person takes a text of {ErasureRequest.PersonCharsMin} characters or more: shorter ones are in nearly every file." : null);
        var document = Inputs.Text("--document", "Erase the files that have the document of this number, and its rows' columns marked pii.");
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var reason = Inputs.Text("--reason", "Why; it stands in the record. Do not name the person.");
        var dry = Inputs.Flag("--dry-run", "Only say what would be erased.");
        var json = Inputs.Json();
        reason.Required = true;
        var command = new Command("erase", "Erases a person's data from the archive, from findings and from the seller's columns marked pii. Hashes and numbers stay. Exit code 1 when something is left for you to look at.")
        { person, document, partner, reason, dry, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var request = new ErasureRequest(parsed.GetValue(person)?.Trim(), parsed.GetValue(document)?.Trim(), parsed.GetValue(partner));
            if (request.Person is null == request.Number is null)
                return Commands.Refuse("Name one of --person and --document.");
            var report = await hub.Erasure().Run(request, Environment.UserName, parsed.GetValue(reason)!, parsed.GetValue(dry), cancellation);
            if (parsed.GetValue(json))
                Json.Print(writer => JsonSerializer.Serialize(writer, report, Json.Options));
            else
                Print(report, parsed.GetValue(dry));
            return report.Left.Count == 0 ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static void Print(ErasureReport report, bool dry)
    {
        Console.WriteLine($"{(dry ? "Would be erased" : "Erased")}: {(report.Exchanges.Count == 0 ? "no exchange" : string.Join(", ", report.Exchanges.Select(id => $"#{id.ToString(CultureInfo.InvariantCulture)}")))}");
        foreach (var (table, rows) in report.Rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rows} row(s) of {table}"));
        foreach (var left in report.Left)
            Console.WriteLine($"  left: {Harmless.Text(left)}");
    }

    public static Command HoldLegal()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var release = Inputs.Flag("--release", "End the legal hold.");
        var command = new Command("hold-legal", "Puts an exchange under legal hold: nothing of it is deleted until that is released.") { id, reason, release };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if ((await hub.Queries.Show(parsed.GetValue(id), cancellation))?.Exchange is not { } exchange)
                return ExchangeCommands.NoSuchExchange(parsed.GetValue(id));
            var hold = !parsed.GetValue(release);
            if (await hub.Retention.SetLegalHold(exchange.Id, hold, Environment.UserName, parsed.GetValue(reason)!, cancellation))
            {
                Console.WriteLine($"Exchange #{exchange.Id} is {(hold ? "under legal hold" : "no longer under legal hold")}.");
                return ExitCode.Fine;
            }
            Console.Error.WriteLine($"Exchange #{exchange.Id} is {(hold ? $"under legal hold already: {Harmless.Text(exchange.LegalHold!)}" : "not under legal hold")}.");
            return ExitCode.Findings;
        }, cancellation));
        return command;
    }
}
