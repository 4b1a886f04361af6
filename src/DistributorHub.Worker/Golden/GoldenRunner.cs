using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Golden;

/// <summary>How a golden test came out.</summary>
/// <param name="Test">The test.</param>
/// <param name="Problems">All that is not as it should be: mistakes, differences, changes by a second load.</param>
/// <param name="Outcome">What became of the file; null when it could not be tried.</param>
/// <param name="Took">How long it took.</param>
sealed record GoldenResult(GoldenTest Test, IReadOnlyList<Diagnostic> Problems, GoldenOutcome? Outcome, TimeSpan Took)
{
    public bool Passed => Problems.Count == 0;

    /// <summary>The message that was written of a document; null of other files, and when none was.</summary>
    public byte[]? Written { get; init; }

    /// <summary>True when the expect file would be another one if it were written now.</summary>
    public bool Differs => (Outcome is not null || (Written is not null && !Test.IsRefused)) && Problems.Any(problem => problem.Code != ExpectCodes.Changes);
}

/// <summary>Runs golden tests one at a time.</summary>
/// <param name="settings">The installation.</param>
/// <param name="clock">The clock.</param>
/// <param name="draft">A text that is tried in place of a file of the mappings, or null.</param>
sealed class GoldenRunner(HubSettings settings, TimeProvider clock, DraftText? draft = null)
{
    // Maps are compiled when the first test is run.
    readonly Lazy<GoldenLibrary> lazy = new(() => new GoldenLibrary(settings, draft));

    GoldenLibrary Library => lazy.Value;

    /// <summary>The partners with their maps as the tests find them.</summary>
    public PartnerMaps Partners => Library.Partners;

    /// <summary>The expect file of a test.</summary>
    public string PathOf(GoldenTest test) => Path.Combine(settings.Mappings, test.ExpectName);

    public async Task<GoldenResult> Run(GoldenTest test, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var problems = new List<Diagnostic>();
        if (test.IsDocument)
        {
            CheckInput(test, problems);
            var written = problems.Count == 0 ? new DocumentTest(settings, test, Library, problems).Run() : null;
            return new(test, problems, null, clock.GetElapsedTime(start)) { Written = written };
        }
        var expectation = Expectation(test, problems);
        var outcome = test.Twins.Count == 0 && test.Input is not null ? await Try(test, expectation, problems, cancellation) : null;
        // Mistakes of the file before what differs: the first may be why the second do.
        var ordered = problems.Distinct().OrderBy(problem => problem.Code is ExpectCodes.Differs or ExpectCodes.Changes).ThenBy(problem => (problem.File, problem.Line, problem.Column));
        return new(test, [.. ordered], outcome, clock.GetElapsedTime(start));
    }

    /// <summary>True when what the test runs leads through a map: it is of the map or of one that extends it, or its partner's agreements name either.</summary>
    public bool Concerns(GoldenTest test, string map) => test.Map is { } own ? own == map || Library.IsOf(own, map) : test.Partner is { } partner && Library.Uses(partner, map);

    /// <summary>Releases that maps name and none of the tests has a message of.</summary>
    public IReadOnlyList<Diagnostic> UntestedReleases(IReadOnlyList<GoldenTest> tests, Predicate<string> concerns) =>
        new TestedReleases(settings, Library).Missing(tests, concerns);

    /// <summary>What is expected of a test; null after problems, of its files as well.</summary>
    public Expectation? Expectation(GoldenTest test, List<Diagnostic> problems)
    {
        CheckInput(test, problems);
        // What is expected of a document is a message, which is compared and not read.
        if (test is { IsDocument: true, IsRefused: false })
            return null;
        if (File.Exists(PathOf(test)))
            return ExpectReader.Read(test.ExpectName, File.ReadAllText(PathOf(test)), problems);
        // A test without either file does not exist.
        problems.Add(Problem(test, ExpectCodes.NoExpectation, $"There is no expect file of {test.Input!.Name} yet.", "write it from the bytes of the file; --accept writes what comes out"));
        return null;
    }

    static void CheckInput(GoldenTest test, List<Diagnostic> problems)
    {
        if (test.Input is null)
            problems.Add(Problem(test, ExpectCodes.NoInput, "There is no file beside it that these expectations are of.", $"put it there as {Path.GetFileName(test.Name)}{(test.IsDocument ? ".json" : ".edi or .x12")}, or delete this file"));
        if (test.Twins.Count > 0)
            problems.Add(Problem(test, ExpectCodes.NoInput, $"{test.Input!.Name} and {string.Join(", ", test.Twins.Select(Path.GetFileName))} have the same name but for its ending.", "rename one of them, so that each test has one file"));
    }

    async Task<GoldenOutcome?> Try(GoldenTest test, Expectation? expectation, List<Diagnostic> problems, CancellationToken cancellation)
    {
        var mistakes = problems.Count;
        var map = test.Map is null ? null : Library.Map(test.Map, test.Partner, problems);
        if (test.Partner is { } partner && (Library.Partners.Find(partner) is null || Library.Partners.Paused.Contains(partner)))
            problems.Add(Problem(test, ExpectCodes.NoMap, $"Partner {partner} is not there, or paused: its files have mistakes.", "'hub map check' lists them"));
        problems.RemoveAll(problem => problem.Warning);
        if (problems.Count > mistakes)
            return null;

        using var seller = new TrialSeller(clock);
        var findings = new Findings();
        var reading = new GoldenReading(test, Library, map, seller, findings);
        var outcome = new GoldenOutcome(await reading.Read("first", cancellation), findings.Kept);
        if (reading.IsTooLarge)
        {
            problems.Add(Problem(test, ExpectCodes.TooLarge, $"A message of {test.Input!.Name} makes more than {TrialSeller.RowsMax} rows.", "a golden test is a small file: keep a few lines of each kind"));
            return null;
        }
        if (expectation is not null)
            GoldenDiff.Compare(test.ExpectName, expectation, outcome, problems);
        foreach (var change in await Again(test, map, seller, findings, cancellation))
            problems.Add(Problem(test, ExpectCodes.Changes, change, "make the key in the target tell these rows apart, and the map fill it alike each time"));
        return outcome;
    }

    async Task<IReadOnlyList<string>> Again(GoldenTest test, CompiledMap? map, TrialSeller seller, Findings first, CancellationToken cancellation)
    {
        var check = new NoOpCheck(seller);
        await check.Take(cancellation);
        await new GoldenReading(test, Library, map, seller, new()).Read("second", cancellation);
        List<string> changes = [.. await check.SameFile(cancellation)];
        if (changes.Count > 0)
            return changes;
        seller.IsUnknownContent = true;
        var findings = new Findings();
        await new GoldenReading(test, Library, map, seller, findings).Read("third", cancellation);
        // That a row is there already is what the policy insert promises to say, and what it is for here.
        changes.AddRange(findings.Kept.Where(finding => IsOfTheLoad(finding) && !first.Kept.Any(known => known.Code == finding.Code && known.At == finding.At))
            .Select(finding => $"The same rows in a file the hub does not know are refused: {finding.Code} in message {finding.At.Message}, segment {finding.At.Segment}: {Harmless.Text(finding.Message)}"));
        changes.AddRange(await check.SameRows(cancellation));
        if (changes.Count > 0)
            return changes;
        await new GoldenReading(test, Library, map, seller, new()) { IsSentAgain = true }.Read("fourth", cancellation);
        return await check.SameKeys(cancellation);
    }

    static bool IsOfTheLoad(Finding finding) => finding.Code == LoadCodes.Held
        || (finding.Severity >= Severity.Error && finding.Code != LoadCodes.Exists && finding.Code.StartsWith(LoadCodes.Prefix, StringComparison.Ordinal));

    static Diagnostic Problem(GoldenTest test, string code, string message, string hint) => new(test.ExpectName, 1, 1, code, message, hint);
}
