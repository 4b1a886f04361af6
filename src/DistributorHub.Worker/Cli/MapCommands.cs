using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map check</c> and <c>hub map run</c>: the mapping tools that write nothing.</summary>
static class MapCommands
{
    public static Command Create() =>
        new("map", "Checks maps and tries them on files.") { Check(), Run() };

    static Command Check()
    {
        var ids = new Argument<string[]>("map") { Description = "Ids such as base/orders-edifact or guides/acme-orders; none = all.", Arity = ArgumentArity.ZeroOrMore };
        var partner = new Option<string?>("--partner") { Description = "Check with this partner's code lists." };
        var stream = new Option<bool>("--stream") { Description = "Also print when each column is known: local, fixed, fold or late." };
        var command = new Command("check", "Reports every mistake of maps, guides, targets, code lists and partners.") { ids, partner, stream };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            var diagnostics = new List<Diagnostic>();
            var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings));
            var wanted = parsed.GetValue(ids)!.ToLookup(IsGuide);
            var isAll = !wanted[true].Any() && !wanted[false].Any();
            var pairs = isAll ? Everything(settings, library, diagnostics) : wanted[false].Select(id => (Id: id, Partner: parsed.GetValue(partner))).ToList();
            var guides = isAll ? library.Guides() : [.. wanted[true]];
            var maps = pairs.ConvertAll(pair => library.Compile(pair.Id, pair.Partner, diagnostics));
            foreach (var guide in guides)
                library.Guide(guide, diagnostics);
            if (parsed.GetValue(stream))
                foreach (var map in maps.OfType<CompiledMap>().DistinctBy(map => map.Id))
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

    static bool IsGuide(string id) => id.StartsWith("guides/", StringComparison.Ordinal);

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
        var book = PartnerBook.Load(settings.Mappings, samples: true);
        diagnostics.AddRange(book.Diagnostics);
        foreach (var partner in book.Partners)
            foreach (var route in partner.Routes)
                PartnerGuides.Read(library, book, partner, route, library.Compile(route.Map, partner.Id, []), diagnostics);
        return
        [
            .. MapFolder.MapIds(library, settings.Mappings),
            .. book.Partners.SelectMany(partner => partner.Routes.Select(route => (route.Map, (string?)partner.Id))),
        ];
    }

    static Command Run()
    {
        var file = new Argument<FileInfo>("file") { Description = "An EDIFACT or X12 file." };
        var map = new Option<string?>("--map") { Description = "Id of the map; none = as the partner's file says." };
        var partner = new Option<string?>("--partner") { Description = "Id of the partner; none = by the sender in the envelope." };
        var json = new Option<bool>("--json") { Description = "Print JSON for scripts." };
        var command = new Command("run", "Maps a file and prints the rows. Writes nothing to any database.") { file, map, partner, json };
        command.SetAction(parsed =>
        {
            var input = parsed.GetValue(file)!;
            if (!input.Exists)
                return Commands.NoFile(input);
            var trial = new MapTrial(Commands.Settings(), parsed.GetValue(partner), parsed.GetValue(map));
            var fine = trial.Run(input);
            if (parsed.GetValue(json))
                Json.Print(trial.Write);
            else
                trial.Print(Console.Out);
            return fine ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }
}
