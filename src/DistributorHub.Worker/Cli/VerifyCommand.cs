using System.CommandLine;
using System.Globalization;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Verify;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub verify</c>: does everything that is kept of the same thing agree?</summary>
static class VerifyCommand
{
    const int RaiseMax = 1_000_000;

    public static Command Create()
    {
        var since = new Option<TimeSpan>("--since")
        {
            Description = "How far back, such as 7d (the default) or 12h.",
            DefaultValueFactory = _ => TimeSpan.FromDays(7),
            CustomParser = result =>
            {
                if (Measures.ParseDuration(result.Tokens[0].Value) is { } time)
                    return time;
                result.AddError($"--since takes {Measures.DurationForm}, not '{result.Tokens[0].Value}'.");
                return default;
            },
        };
        var partner = Inputs.PartnerOption("Only this partner.", samples: false);
        var json = Inputs.Json();
        var raise = new Option<int?>("--raise-control-numbers") { Description = "After the hub database was restored from a backup: leave out so many control numbers, so that none is used twice. Verifies nothing." };
        var reason = Inputs.Text("--reason", "With --raise-control-numbers: why; it stands in the record.");
        var command = new Command("verify", "Compares partners' folders, archive, ledger, the seller's database and acknowledgements, and tells every gap with the command that closes it. Exit code 1 when there are gaps.")
        { since, partner, json, raise, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (parsed.GetValue(raise) is { } count)
                return await Raise(hub, count, parsed.GetValue(reason), cancellation);
            var scope = new VerifyScope(hub.Clock.GetUtcNow() - parsed.GetValue(since), parsed.GetValue(partner));
            var gaps = new Verification(hub).Run(scope, cancellation);
            return await (parsed.GetValue(json) ? PrintJson(gaps, cancellation) : Print(gaps, scope, cancellation)) ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static async Task<int> Raise(Hub hub, int count, string? reason, CancellationToken cancellation)
    {
        if (count is < 1 or > RaiseMax)
            return Commands.Refuse($"--raise-control-numbers takes a number from 1 to {RaiseMax}, not '{count}'.");
        if (reason is null)
            return Commands.Refuse("--raise-control-numbers needs a --reason: numbers are left out for good.");
        var scopes = await hub.Verdicts.RaiseControlNumbers(count, Environment.UserName, reason, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scopes} counter(s) of control numbers are {count} further."));
        return ExitCode.Fine;
    }

    /// <summary>Prints gaps as they are found; true when there are none.</summary>
    static async Task<bool> Print(IAsyncEnumerable<Gap> gaps, VerifyScope scope, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var gap in gaps.WithCancellation(cancellation))
        {
            count++;
            Console.WriteLine($"{gap.Kind}  {gap.Partner}  {Harmless.Text(gap.Place)}  {Harmless.Text(gap.Text)}\n    {Harmless.Text(gap.Heal)}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? "No gaps" : $"{count} gap(s)")} since {scope.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        return count == 0;
    }

    static async Task<bool> PrintJson(IAsyncEnumerable<Gap> gaps, CancellationToken cancellation)
    {
        var any = false;
        await using var output = Console.OpenStandardOutput();
        await using (var json = Json.Writer(output))
        {
            json.WriteStartArray();
            await foreach (var gap in gaps.WithCancellation(cancellation))
            {
                any = true;
                json.WriteStartObject();
                json.WriteString("kind", gap.Kind.ToString());
                json.WriteString("partner", gap.Partner);
                json.WriteString("place", gap.Place);
                json.WriteString("text", gap.Text);
                json.WriteString("heal", gap.Heal);
                json.WriteEndObject();
                await json.FlushAsync(cancellation);
            }
            json.WriteEndArray();
        }
        output.Write("\n"u8);
        return !any;
    }
}
