using System.CommandLine;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;

namespace DistributorHub.Worker.Cli;

/// <summary><c>--filter</c> and <c>--yes</c>: one thing done to many exchanges.</summary>
static class BulkOptions
{
    /// <summary>Those that are refused and told; the pages and the HTTP interface tell all.</summary>
    const int RefusedToldMax = 100;

    public static Option<string?> Filter() => Inputs.Text(
        "--filter", $"In place of one exchange all of a filter, at most {Bulk.ExchangesMax}: partner=acme state=failed type=ORDERS code=MAP2105 from=2026-11-01 until=2026-11-02 since=7d cause=\"…\" q=…, any of them.",
        text => ExchangeFilters.Parse(text, out var mistake) is null ? mistake : null);

    public static Option<bool> Yes() => Inputs.Flag("--yes", "With --filter: do it. Without it, only what would be done is shown.");

    /// <summary>The argument for one exchange, which a filter may stand in place of.</summary>
    public static Argument<long> Exchange()
    {
        var id = Inputs.Exchange();
        id.Arity = ArgumentArity.ZeroOrOne;
        return id;
    }

    /// <summary>What is wrong with naming one exchange, or many, or none; null when nothing is.</summary>
    public static string? Mistake(long id, string? filter) => (id > 0, filter is not null) switch
    {
        (true, true) => "Name an exchange or a --filter, not both.",
        (false, false) => "Name an exchange, or many by a --filter.",
        _ => null,
    };

    /// <summary>Shows what a filter meets, and does it when that is wanted; the exit code.</summary>
    public static Task<int> Run(AttemptKind kind, string filter, MapChoice? map, bool yes, string? reason, CancellationToken cancellation) => Commands.WithHub(async hub =>
    {
        var bulk = new Bulk(hub);
        var preview = await bulk.Preview(kind, ExchangeFilters.Parse(filter, out _)!, null, cancellation);
        if (preview.Mistake is { } mistake)
        {
            Console.Error.WriteLine(mistake);
            return preview.IsTooMany ? ExitCode.WrongUsage : ExitCode.Findings;
        }
        Console.WriteLine(preview.Sentence);
        TextTable.Write(Console.Out, ["id", "received (UTC)", "partner", "file", "state", "cause"], preview.Sample.Select(exchange => new[]
        {
            FormattableString.Invariant($"{exchange.Id}"), ExchangeCommands.Time(exchange.CreatedAt), exchange.Partner, exchange.File, exchange.State.ToString(), exchange.Cause ?? "",
        }));
        if (preview.Ready.Count > Bulk.SampleSize)
            Console.WriteLine($"… and {preview.Ready.Count - Bulk.SampleSize} more.");
        if (!yes)
        {
            Console.WriteLine($"Nothing was done. To {preview.Verb} {preview.Ready.Count}: the same with --yes --reason \"…\"");
            return ExitCode.Fine;
        }
        if (string.IsNullOrWhiteSpace(reason))
            return Commands.Refuse("To do that to many needs a --reason, which stands in the record of each.");
        return Tell(await bulk.Do(preview, map, Environment.UserName, reason, cancellation), runs: kind != AttemptKind.Ignore);
    }, cancellation);

    /// <summary>Tells what became of many; the exit code.</summary>
    public static int Tell(Flow.BulkReport report, bool runs)
    {
        Console.WriteLine(report.Sentence);
        foreach (var refused in report.Refused.Take(RefusedToldMax))
            Console.WriteLine(Harmless.Text(refused.Sentence));
        if (runs && report.Queued.Count > 0)
            Console.WriteLine($"The service reads them, at most {Flow.BulkReport.PerSecond} in a second, behind what comes in.");
        return report.Refused.Count == 0 ? ExitCode.Fine : ExitCode.Findings;
    }
}
