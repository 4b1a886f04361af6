using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

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
        var strict = Inputs.Flag("--strict", "A partner without a golden test is a mistake as well, and a map whose lock is missing or out of date.");
        var accept = Inputs.Flag("--accept", "Writes the locks of maps that extend others: their bases are accepted as they are now. Asks where an overridden rule has changed.");
        var yes = Inputs.Flag("--yes", "With --accept: writes without asking.");
        var command = new Command("check", "Reports every mistake of maps, guides, targets, documents, code lists, partners and golden tests.") { ids, partner, stream, strict, accept, yes };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(yes) && !parsed.GetValue(accept))
                return Commands.Refuse("--yes goes with --accept.");
            var settings = Commands.Settings();
            var diagnostics = new List<Diagnostic>();
            var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings));
            var wanted = parsed.GetValue(ids)!.ToLookup(MapFolder.IsGuide);
            var isAll = !wanted[true].Any() && !wanted[false].Any();
            if (parsed.GetValue(accept))
                new LockAcceptance(settings, library, parsed.GetValue(yes)).Accept(isAll ? MapFolder.MapIds(library, settings.Mappings) : [.. wanted[false].Select(id => (id, parsed.GetValue(partner)))]);
            var pairs = isAll ? Everything(settings, library, diagnostics) : wanted[false].Select(id => (Id: id, Partner: parsed.GetValue(partner))).ToList();
            var guides = isAll ? MapFolder.GuideIds(library, settings.Mappings) : [.. wanted[true]];
            var maps = pairs.ConvertAll(pair => Compile(library, pair.Id, pair.Partner, diagnostics));
            foreach (var guide in guides)
                library.Guide(guide, diagnostics);
            if (isAll)
            {
                library.CheckTargetsAndCodeLists(diagnostics);
                library.CheckDocuments(diagnostics);
            }
            if (isAll || parsed.GetValue(strict))
                CheckTests(settings, parsed.GetValue(strict), diagnostics);
            if (parsed.GetValue(stream))
                foreach (var map in maps.OfType<CompiledMap>().DistinctBy(map => map.Id).SelectMany(map => map.Releases))
                    Print(map);
            var distinct = diagnostics.Select(found => parsed.GetValue(strict) && MapLibrary.IsAboutLock(found) ? found with { Warning = false } : found).Distinct().ToList();
            foreach (var diagnostic in distinct)
                Console.WriteLine(diagnostic);
            var errors = distinct.Count(diagnostic => !diagnostic.Warning);
            Console.WriteLine($"{pairs.Select(pair => pair.Id).Distinct().Count()} map(s) and {guides.Count} guide(s) checked: {errors} mistake(s), {distinct.Count - errors} warning(s).");
            return errors > 0 ? ExitCode.Findings : ExitCode.Fine;
        });
        return command;
    }

    // Null for a map that writes as well: there is nothing more to tell of it.
    static CompiledMap? Compile(MapLibrary library, string id, string? partner, List<Diagnostic> diagnostics)
    {
        if (!library.Writes(id))
            return library.Compile(id, partner, diagnostics);
        library.CompileWrite(id, partner, diagnostics);
        return null;
    }

    /// <summary>The shape of all expect files; with <paramref name="strict"/> also that every partner who is not retired has one in its own folder of tests.</summary>
    static void CheckTests(HubSettings settings, bool strict, List<Diagnostic> diagnostics)
    {
        var runner = new GoldenRunner(settings, TimeProvider.System);
        var tests = GoldenTests.Find(settings.Mappings);
        foreach (var test in tests)
            runner.Expectation(test, diagnostics);
        if (!strict)
            return;
        var book = PartnerBook.Load(settings.Mappings, samples: true);
        var tested = tests.Where(test => test.Map is null && test.Input is not null && File.Exists(runner.PathOf(test))).Select(test => test.Partner).ToHashSet();
        foreach (var partner in book.Partners.Concat(book.Drafts).Where(partner => partner.State != PartnerState.Retired && !tested.Contains(partner.Id)))
            diagnostics.Add(new(PartnerBook.NameOf(partner.Id), 1, 1, ExpectCodes.Untested, $"Partner {partner.Id} has no golden test.",
                $"put a file of theirs into partners/{partner.Id}/tests, and beside it what must become of it: 'hub map test'"));
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

    /// <summary>All maps of the folder on their own, and each as its partners use it.</summary>
    static List<(string Id, string? Partner)> Everything(HubSettings settings, MapLibrary library, List<Diagnostic> diagnostics)
    {
        diagnostics.AddRange(new PartnerMaps(PartnerBook.Load(settings.Mappings, samples: true), library).Diagnostics);
        return [.. MapFolder.MapIds(library, settings.Mappings)];
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
