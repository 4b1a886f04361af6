using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>What a check found.</summary>
/// <param name="Found">Mistakes and warnings, each once.</param>
/// <param name="Maps">The maps that were compiled.</param>
/// <param name="Checked">How many maps and guides there are.</param>
sealed record CheckResult(IReadOnlyList<Diagnostic> Found, IReadOnlyList<CompiledMap> Maps, (int Maps, int Guides) Checked)
{
    public int Errors => Found.Count(diagnostic => !diagnostic.Warning);

    public string Summary => $"{Checked.Maps} map(s) and {Checked.Guides} guide(s) checked: {Errors} mistake(s), {Found.Count - Errors} warning(s).";
}

/// <summary><c>hub map check</c>: reads everything anew each time it runs.</summary>
/// <param name="settings">The installation.</param>
/// <param name="ids">Maps and guides; none = all, with targets, code lists, partners and golden tests.</param>
/// <param name="partner">Whose code lists the named maps are checked with; null = the shared ones.</param>
/// <param name="strict">True when what is not tested is a mistake as well.</param>
sealed class MapCheck(HubSettings settings, string[] ids, string? partner, bool strict)
{
    public CheckResult Run()
    {
        var diagnostics = new List<Diagnostic>();
        var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings), FunctionFolder.Open(settings));
        var wanted = ids.ToLookup(MapFolder.IsGuide);
        var isAll = ids.Length == 0;
        var pairs = isAll ? Everything(library, diagnostics) : wanted[false].Select(id => (Id: id, Partner: partner)).ToList();
        var guides = isAll ? MapFolder.GuideIds(library, settings.Mappings) : [.. wanted[true]];
        var maps = pairs.ConvertAll(pair => Compile(library, pair.Id, pair.Partner, diagnostics));
        foreach (var guide in guides)
            library.Guide(guide, diagnostics);
        if (isAll)
        {
            library.CheckTargetsAndCodeLists(diagnostics);
            library.CheckDocuments(diagnostics);
        }
        if (isAll || strict)
            CheckTests(diagnostics);
        return new([.. diagnostics.Select(found => strict && MapLibrary.IsAboutLock(found) ? found with { Warning = false } : found).Distinct()], [.. maps.OfType<CompiledMap>()], (pairs.Select(pair => pair.Id).Distinct().Count(), guides.Count));
    }

    /// <summary>Writes the locks of the maps that extend others, or asks first.</summary>
    public void Accept(bool withoutAsking)
    {
        var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings), FunctionFolder.Open(settings));
        new LockAcceptance(settings, library, withoutAsking).Accept(ids.Length == 0
            ? MapFolder.MapIds(library, settings.Mappings) : [.. ids.Where(id => !MapFolder.IsGuide(id)).Select(id => (id, partner))]);
    }

    // Null for a map that writes as well: there is nothing more to tell of it.
    static CompiledMap? Compile(MapLibrary library, string id, string? partner, List<Diagnostic> diagnostics)
    {
        if (!library.Writes(id))
            return library.Compile(id, partner, diagnostics);
        library.CompileWrite(id, partner, diagnostics);
        return null;
    }

    /// <summary>All maps of the folder on their own, and each as its partners use it.</summary>
    List<(string Id, string? Partner)> Everything(MapLibrary library, List<Diagnostic> diagnostics)
    {
        diagnostics.AddRange(new PartnerMaps(PartnerBook.Load(settings.Mappings, samples: true), library).Diagnostics);
        return [.. MapFolder.MapIds(library, settings.Mappings)];
    }

    /// <summary>
    /// The shape of all expect files; when it is strict also that every partner who is not retired has one in its own folder of tests, and each release that a map
    /// names a message in one.
    /// </summary>
    void CheckTests(List<Diagnostic> diagnostics)
    {
        var runner = new GoldenRunner(settings, TimeProvider.System);
        var tests = GoldenTests.Find(settings.Mappings);
        foreach (var test in tests)
            runner.Expectation(test, diagnostics);
        if (!strict)
            return;
        diagnostics.AddRange(runner.UntestedReleases(tests, map => ids.Length == 0 || ids.Contains(map)));
        var book = PartnerBook.Load(settings.Mappings, samples: true);
        var tested = tests.Where(test => test.Map is null && test.Input is not null && File.Exists(runner.PathOf(test))).Select(test => test.Partner).ToHashSet();
        foreach (var untested in book.Partners.Concat(book.Drafts).Where(partner => partner.State != PartnerState.Retired && !tested.Contains(partner.Id)))
            diagnostics.Add(new(PartnerBook.NameOf(untested.Id), 1, 1, ExpectCodes.Untested, $"Partner {untested.Id} has no golden test.",
                $"put a file of theirs into partners/{untested.Id}/tests, and beside it what must become of it: 'hub map test'"));
    }
}
