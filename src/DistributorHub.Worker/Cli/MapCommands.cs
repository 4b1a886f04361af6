using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map check</c>, <c>run</c>, <c>explain</c> and <c>coverage</c>: the mapping tools that write nothing.</summary>
static class MapCommands
{
    public static Command Create() =>
        new("map", "Checks maps and tries them on files.") { Check(), Run(), ExplainCommand.Create(), CoverageCommand.Create() };

    static Command Check()
    {
        var ids = Inputs.MapsAndGuides("map", "Ids such as base/orders-edifact or guides/acme-orders; none = all.");
        var partner = Inputs.PartnerOption("Check with this partner's code lists.", samples: true);
        var stream = Inputs.Flag("--stream", "Also print when each column is known: local, fixed, fold or late.");
        var command = new Command("check", "Reports every mistake of maps, guides, targets, code lists and partners.") { ids, partner, stream };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            var diagnostics = new List<Diagnostic>();
            var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings));
            var wanted = parsed.GetValue(ids)!.ToLookup(MapFolder.IsGuide);
            var isAll = !wanted[true].Any() && !wanted[false].Any();
            var pairs = isAll ? Everything(settings, library, diagnostics) : wanted[false].Select(id => (Id: id, Partner: parsed.GetValue(partner))).ToList();
            var guides = isAll ? library.Guides() : [.. wanted[true]];
            var maps = pairs.ConvertAll(pair => library.Compile(pair.Id, pair.Partner, diagnostics));
            foreach (var guide in guides)
                library.Guide(guide, diagnostics);
            if (parsed.GetValue(stream))
                foreach (var map in maps.OfType<CompiledMap>().DistinctBy(map => map.Id).SelectMany(map => map.Releases))
                    Print(map);
            var distinct = diagnostics.Distinct().ToList();
            foreach (var diagnostic in distinct)
                Console.WriteLine(diagnostic);
            var errors = distinct.Count(diagnostic => !diagnostic.Warning);
            Console.WriteLine($"{pairs.Select(pair => pair.Id).Distinct().Count()} map(s) and {guides.Count} guide(s) checked: {errors} mistake(s), {distinct.Count - errors} warning(s).");
            return errors > 0 ? ExitCode.Findings : ExitCode.Fine;
        });
        return command;
    }

    static void Print(CompiledMap map)
    {
        var streams = map.Streams;
        Console.WriteLine($"{map.Id}: {map.Message.Type} {map.Message.Release}, holds {streams.Holds}");
        TextTable.Write(Console.Out, ["table", "a row for each", "value", "class", "rule"], streams.Blocks.SelectMany(block =>
            block.Values.Select(value => (IReadOnlyList<string?>)[block.Table ?? "-", block.Rows, value.Name, value.Class, value.Rule])));
        Console.WriteLine();
    }

    /// <summary>All maps of the folder on their own, and each as its partners use it.</summary>
    static List<(string Id, string? Partner)> Everything(HubSettings settings, MapLibrary library, List<Diagnostic> diagnostics)
    {
        diagnostics.AddRange(new PartnerMaps(PartnerBook.Load(settings.Mappings, samples: true), library).Diagnostics);
        return [.. MapFolder.MapIds(library, settings.Mappings)];
    }

    static Command Run()
    {
        var file = Inputs.File("file", "An EDIFACT or X12 file.");
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
