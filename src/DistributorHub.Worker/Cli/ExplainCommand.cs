using System.CommandLine;
using DistributorHub.Mapping.Explain;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map explain</c>: where every value of a file's rows comes from.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        var file = Inputs.File("file", "An EDIFACT or X12 file.");
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
            return Show(trial, fine, parsed.GetValue(row), parsed.GetValue(column), parsed.GetValue(json));
        });
        return command;
    }

    public static ExplainFilter Filter((string Table, long Row)? row, string? column) => new(row?.Table, row?.Row ?? 0, column);

    /// <summary>Prints what was explained; the exit code.</summary>
    public static int Show(MapTrial trial, bool fine, (string Table, long Row)? row, string? column, bool json)
    {
        if (trial.Traces.Count > 0 && trial.Traces.All(trace => trace.Count == 0) && (row is not null || column is not null))
        {
            trial.PrintFaults(Console.Error);
            return Commands.Refuse(NothingOf(trial.Traces, row, column));
        }
        if (json)
            Json.Print(trial.WriteExplained);
        else
            trial.PrintExplained(Console.Out);
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
