using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange replay</c>: with the maps of now or with others, after a look at what that changes.</summary>
static class ReplayCommand
{
    /// <summary>Rows that are printed; <c>--json</c> has all that are kept.</summary>
    const int RowsPrintedMax = 100;

    public static Command Create()
    {
        var (id, filter, yes) = (BulkOptions.Exchange(), BulkOptions.Filter(), BulkOptions.Yes());
        var map = Inputs.Text("--map", "current (the maps as they are now; the default), pinned (the versions that took the documents), a map such as base/orders-edifact, or base/orders-edifact@VERSION.", MapChoice.Mistake);
        var failed = Inputs.Flag("--failed-only", "Leave what is loaded as it is.");
        var dry = Inputs.Flag("--dry-run", "Show which rows and columns would change in the seller's database, and keep it for a week. Writes nothing there.");
        var apply = Inputs.Count("--apply", "Number of a dry run: do what it showed, where nothing has changed since.", 0);
        var reason = Inputs.Text("--reason", "Why; it stands in the record. Not needed for --dry-run.");
        var json = Inputs.Json();
        var command = new Command("replay", "Reads an exchange once more with the maps as they are now, or with others; what it loaded before is replaced. Exit code 1 when it fails or is held.") { id, filter, map, failed, dry, apply, reason, yes, json };
        command.SetAction((parsed, cancellation) =>
        {
            var wanted = MapChoice.Parse(parsed.GetValue(map) ?? MapChoice.Current.Word)! with { FailedOnly = parsed.GetValue(failed) };
            var why = parsed.GetValue(reason);
            if (parsed.GetValue(apply) is > 0 and var replay)
                return Commands.WithHub(hub => Apply(hub, replay, why ?? "", cancellation), cancellation);
            if (BulkOptions.Mistake(parsed.GetValue(id), parsed.GetValue(filter)) is { } mistake)
                return Task.FromResult(Commands.Refuse($"{mistake} --apply takes the number of a dry run in their place."));
            if (parsed.GetValue(filter) is { } many)
                return parsed.GetValue(dry) ? TryMany(many, wanted, parsed.GetValue(json), cancellation)
                    : BulkOptions.Run(AttemptKind.Replay, many, wanted, parsed.GetValue(yes), why, cancellation);
            var one = parsed.GetValue(id);
            return DecisionCommands.Decide(one, async (hub, before) =>
            {
                if (parsed.GetValue(dry))
                    return await Try(hub, FormattableString.Invariant($"id={one}"), [one], wanted, parsed.GetValue(json), cancellation);
                var (choice, unusable) = await hub.Versions.Resolve(wanted, before.Partner, cancellation);
                return choice is null ? Commands.Refuse(unusable!)
                    : await InterventionCommands.Do(hub, before, await hub.Interventions.Replay(before.Id, choice, Environment.UserName, why ?? "", cancellation), cancellation);
            }, cancellation);
        });
        return command;
    }

    static Task<int> TryMany(string filter, MapChoice map, bool json, CancellationToken cancellation) => Commands.WithHub(async hub =>
    {
        var filters = ExchangeFilters.Parse(filter, out _)!;
        var preview = await new Bulk(hub).Preview(AttemptKind.Replay, filters, null, cancellation);
        Console.Error.WriteLine(preview.Sentence);
        return preview.Mistake is not null ? ExitCode.Findings
            : await Try(hub, filters.ToText(), [.. preview.Ready.Select(exchange => exchange.Id)], map, json, cancellation);
    }, cancellation);

    static async Task<int> Try(Hub hub, string selection, IReadOnlyList<long> exchanges, MapChoice map, bool json, CancellationToken cancellation)
    {
        var replay = await hub.Replays.Begin(selection, exchanges, map, Environment.UserName, cancellation);
        await hub.Replays.Run(replay, cancellation);
        var tried = await hub.Replays.Book.Exchanges(replay, null, int.MaxValue, cancellation);
        var documents = new List<ReplayedDocument>();
        foreach (var batch in tried.Select(exchange => exchange.ExchangeId).Chunk(100))
            documents.AddRange(await hub.Replays.Book.Documents(replay, batch, cancellation));
        if (json)
            Json.Print(writer => JsonSerializer.Serialize(writer, new { Id = replay, Exchanges = tried, Documents = documents }, Json.Options));
        else
            Print(replay, tried, documents, await hub.Replays.Book.Totals(replay, cancellation), hub.Clock.GetUtcNow() + ReplayBook.Kept);
        return tried.All(exchange => exchange.Outcome == ReplayOutcome.Failed) ? ExitCode.Findings : ExitCode.Fine;
    }

    static void Print(long replay, IReadOnlyList<ReplayedExchange> tried, List<ReplayedDocument> documents, IReadOnlyList<TableDifferences> totals, DateTimeOffset kept)
    {
        TextTable.Write(Console.Out, ["exchange", "outcome", "document", "would be", "rows", "cause"], tried.SelectMany(exchange =>
            documents.Where(document => document.ExchangeId == exchange.ExchangeId).DefaultIfEmpty().Select(document => new[]
            {
                Number(exchange.ExchangeId), exchange.Outcome.ToString(), document is null ? "" : $"{document.Type} {document.Name}",
                document is null ? "" : document.Digest is null && document.State == DocumentState.Loaded ? "as it is" : document.State.ToString(),
                document is null ? "" : string.Join(", ", document.Tables.Where(table => table.Differs).Select(Words)), document?.Cause ?? exchange.Cause,
            })));
        if (totals.Count > 0)
        {
            Console.WriteLine();
            TextTable.Write(Console.Out, ["table", "new", "changed", "unchanged", "removed"], totals.Select(table => new[]
            {
                table.Table, Number(table.Added), Number(table.Changed), Number(table.Same), Number(table.Removed),
            }));
        }
        var rows = documents.SelectMany(document => document.Rows).ToList();
        if (rows.Count > 0)
        {
            Console.WriteLine();
            TextTable.Write(Console.Out, ["table", "key", "column", "from", "to"], rows.Take(RowsPrintedMax).SelectMany(row =>
                row.Columns.Count == 0 || row.Kind != DifferenceKind.Changed ? [new[] { row.Table, row.Key, $"({row.Words} row)", "", "" }]
                : row.Columns.Select(column => new[] { row.Table, row.Key, column.Column, column.Before ?? "null", column.After ?? "null" })));
            if (rows.Count > RowsPrintedMax)
                Console.WriteLine($"… and {rows.Count - RowsPrintedMax} more rows; --json has them.");
        }
        Console.WriteLine($"\nDry run #{replay}, kept until {ExchangeCommands.Time(kept)} UTC; nothing was written.");
        if (tried.Any(exchange => exchange.Outcome == ReplayOutcome.Different))
            Console.WriteLine($"To do this: hub exchange replay --apply {replay} --reason \"…\"");
    }

    static async Task<int> Apply(Hub hub, long replay, string reason, CancellationToken cancellation)
    {
        var (report, mistake) = await hub.Replays.Apply(replay, Environment.UserName, reason, cancellation);
        if (report is null)
        {
            Console.Error.WriteLine(mistake);
            return ExitCode.Findings;
        }
        if (report.Queued is not [var only] || report.Refused.Count > 0)
            return BulkOptions.Tell(report, runs: true);
        var ended = await ExchangeCommands.RunAgain(hub, (await hub.Queries.Show(only, cancellation))!.Exchange, cancellation);
        var departed = (await hub.Replays.Book.Exchanges(replay, ReplayOutcome.Different, 1, cancellation))[0].Applied == AttemptState.Failed;
        return departed ? ExitCode.Findings : ended;
    }

    static string Words(TableDifferences table) => string.Join(' ', new[]
    {
        table.Table, table.Added > 0 ? $"+{table.Added}" : null, table.Changed > 0 ? $"~{table.Changed}" : null, table.Removed > 0 ? $"-{table.Removed}" : null,
    }.OfType<string>());

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
