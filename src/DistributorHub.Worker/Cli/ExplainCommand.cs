using System.CommandLine;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Explain;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map explain</c> and <c>hub exchange explain</c>: where every value of a file's rows comes from.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        var file = Inputs.File("file", "A file as a partner sends it.");
        var map = Inputs.Map("--map", "Id of the map; none = as the partner's file says.");
        var partner = Inputs.PartnerOption("Id of the partner; none = by the sender in the envelope.", samples: true);
        var (row, column) = (Inputs.Row(), Inputs.Column());
        var json = Inputs.Json();
        var command = new Command("explain", "Shows for every value of a file's rows the rule, what it read from which segment, and the steps between. Writes nothing.")
        {
            file, map, partner, row, column, json,
        };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            if (Commands.IsBroken(settings, parsed.GetValue(partner)))
                return ExitCode.Findings;
            var input = parsed.GetValue(file)!;
            var filter = Filter(parsed.GetValue(row), parsed.GetValue(column));
            var trial = new MapTrial(settings, parsed.GetValue(partner), parsed.GetValue(map), _ => new MapTrace(filter));
            var fine = trial.Run(input.Name, input.OpenRead);
            return Show(trial, fine, parsed.GetValue(row), parsed.GetValue(column), parsed.GetValue(json), (_, _) => null);
        });
        return command;
    }

    /// <summary>The same of a received file, from the archived bytes and with the maps that took its messages.</summary>
    public static Command OfExchange()
    {
        var id = Inputs.Exchange();
        var (row, column, json) = (Inputs.Row(), Inputs.Column(), Inputs.Json());
        var command = new Command("explain", "Shows where every value of its rows comes from, from the archived bytes; of a document that went out, which row and column of the seller's views gave which element. Says so where a map or the document has changed since.") { id, row, column, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (await hub.Queries.Show(parsed.GetValue(id), cancellation) is not { } details)
                return ExchangeCommands.NoSuchExchange(parsed.GetValue(id));
            var exchange = details.Exchange;
            if (Commands.CannotTry(hub.Settings, exchange.Partner) is { } code)
                return code;
            if (exchange.Outgoing)
                return await SentPage.Explain(hub, details, parsed.GetValue(row), parsed.GetValue(column), parsed.GetValue(json), cancellation);
            var documents = details.Documents.ToDictionary(document => document.Ordinal);
            var filter = Filter(parsed.GetValue(row), parsed.GetValue(column));
            var trial = new MapTrial(hub.Settings, exchange.Partner, mapId: null, _ => new MapTrace(filter), message => documents.GetValueOrDefault(message.Ordinal)?.Map);
            var fine = trial.Run(exchange.File, () => hub.Archive.Open(exchange.Sha256, cancellation).GetAwaiter().GetResult());
            return Show(trial, fine, parsed.GetValue(row), parsed.GetValue(column), parsed.GetValue(json),
                (message, map) => Since(documents.GetValueOrDefault(message.Ordinal), map));
        }, cancellation));
        return command;
    }

    // The ledger keeps which version took a message, and not the version itself: maps are in the seller's version control.
    static string? Since(DocumentRow? then, CompiledMap now) =>
        then?.MapVersion is not { } version ? "No map took this message when it was received; this is how it is mapped now."
        : version == now.Version ? null
        : $"{now.Id} has changed since this message was mapped (the map, its code lists or its target): version {version[..12]} then, {now.Version[..12]} now. This is how it is mapped now.";

    static ExplainFilter Filter((string Table, long Row)? row, string? column) => new(row?.Table, row?.Row ?? 0, column);

    /// <summary>Prints what was explained; the exit code.</summary>
    static int Show(MapTrial trial, bool fine, (string Table, long Row)? row, string? column, bool json, Func<MessageInfo, CompiledMap, string?> note)
    {
        if (trial.Traces.Count > 0 && trial.Traces.All(trace => trace.Count == 0) && (row is not null || column is not null))
        {
            trial.PrintFaults(Console.Error);
            return Commands.Refuse(NothingOf(trial.Traces, row, column));
        }
        if (json)
            Json.Print(writer => trial.WriteExplained(writer, note));
        else
            trial.PrintExplained(Console.Out, note);
        return fine ? ExitCode.Fine : ExitCode.Findings;
    }

    static string NothingOf(IReadOnlyList<MapTrace> traces, (string Table, long Row)? row, string? column)
    {
        var tables = traces.SelectMany(trace => trace.Rows).GroupBy(made => made.Key).ToDictionary(made => made.Key, made => made.Max(rows => rows.Value), StringComparer.Ordinal);
        if (row is var (table, number) && !tables.ContainsKey(table))
            return Inputs.NoSuch("row of a table", table, tables.Keys);
        if (row is var (ours, one) && one > tables[ours])
            return $"There is no row {one} of {ours}: a message of this file makes {tables[ours]} at most.";
        return $"No rule of {(row is var (of, _) ? of : "these rows")} sets '{column}'.";
    }
}
