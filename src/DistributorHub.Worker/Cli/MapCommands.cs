using System.CommandLine;
using DistributorHub.Mapping;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map check</c> and <c>run</c>; the other verbs of maps have commands of their own. <c>test</c> and <c>check</c> write what they are told to accept, <c>new</c> a partner that is not there yet.</summary>
static class MapCommands
{
    public static Command Create() =>
        new("map", "Checks maps, tries them on files and tests them.") { Check(), Run(), WriteCommand.Create(), ExplainCommand.Create(), CoverageCommand.Create(), MapTestCommand.Create(), MapShowCommand.Create(), MapNewCommand.Create(), MapPortCommand.Create() };

    static Command Check()
    {
        var ids = Inputs.MapsAndGuides("map", "Ids such as base/orders-edifact or guides/acme-orders; none = all.");
        var partner = Inputs.PartnerOption("Check with this partner's code lists.", samples: true);
        var stream = Inputs.Flag("--stream", "Also print when each column is known: local, fixed, fold or late.");
        var strict = Inputs.Flag("--strict",
            "Mistakes as well: a partner without a golden test, a release that a map names and no golden test reads, and a lock that is missing or out of date.");
        var watch = Inputs.Flag("--watch", "Check again whenever a file changes, and print what is new and what is mended; Ctrl+C ends it.");
        var accept = Inputs.Flag("--accept", "Writes the locks of maps that extend others: their bases are accepted as they are now. Asks where an overridden rule has changed.");
        var yes = Inputs.Flag("--yes", "With --accept: writes without asking.");
        var command = new Command("check", "Reports every mistake of maps, guides, targets, documents, code lists, partners and golden tests.")
        {
            ids, partner, stream, strict, watch, accept, yes,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(yes) && !parsed.GetValue(accept))
                return Commands.Refuse("--yes goes with --accept.");
            var settings = Commands.Settings();
            if (parsed.GetValue(watch) && (parsed.GetValue(accept) || parsed.GetValue(stream)))
                return Commands.Refuse("--watch goes with neither --stream nor --accept.");
            var check = new MapCheck(settings, parsed.GetValue(ids)!, parsed.GetValue(partner), parsed.GetValue(strict));
            if (parsed.GetValue(watch))
                return await new CheckWatch(settings, check, TimeProvider.System).Run(Console.Out, cancellation);
            if (parsed.GetValue(accept))
                check.Accept(parsed.GetValue(yes));
            var result = check.Run();
            if (parsed.GetValue(stream))
                foreach (var map in result.Maps.DistinctBy(map => map.Id).SelectMany(map => map.Releases))
                    Print(map);
            foreach (var diagnostic in result.Found)
                Console.WriteLine(diagnostic);
            Console.WriteLine(result.Summary);
            return result.Errors > 0 ? ExitCode.Findings : ExitCode.Fine;
        });
        return command;
    }

    static void Print(CompiledMap map)
    {
        var streams = map.Streams;
        Console.WriteLine($"{map.Id}: {map.Message.Name}, holds {streams.Holds}");
        TextTable.Write(Console.Out, ["table", "a row for each", "value", "class", "rule"], streams.Blocks.SelectMany(block =>
            block.Values.Select(value => (IReadOnlyList<string?>)[block.Table ?? "-", block.Rows, value.Name, value.Class, value.Rule])));
        if (streams.RowsLeftOutMax > 0)
            Console.WriteLine($"A row with a fault of its own is left out, at most {streams.RowsLeftOutMax} of a message: {(streams.LeavesOut.Count == 0 ? "of no table, all rows are needed by others" : string.Join(", ", streams.LeavesOut))}.");
        Console.WriteLine();
    }

    static Command Run()
    {
        var file = Inputs.File("file", "A file as a partner sends it.");
        var map = Inputs.Map("--map", "Id of the map; none = as the partner's file says.");
        var partner = Inputs.PartnerOption("Id of the partner; none = by the sender in the envelope.", samples: true);
        var json = Inputs.Json();
        var command = new Command("run", "Maps a file and prints the rows. Writes nothing to any database.") { file, map, partner, json };
        command.SetAction(parsed =>
        {
            var input = parsed.GetValue(file)!;
            var settings = Commands.Settings();
            if (Commands.IsBroken(settings, parsed.GetValue(partner)))
                return ExitCode.Findings;
            var trial = new MapTrial(settings, parsed.GetValue(partner), parsed.GetValue(map));
            var fine = trial.Run(input.Name, input.OpenRead);
            if (parsed.GetValue(json))
                Json.Print(trial.Write);
            else
                trial.Print(Console.Out);
            return fine ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }
}
