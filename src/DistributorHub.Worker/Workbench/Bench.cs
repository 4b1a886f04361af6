using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Explain;
using DistributorHub.Worker.Cli;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Workbench;

/// <summary>What a text of a map makes of a file.</summary>
sealed record BenchResult
{
    /// <summary>Mistakes and warnings of the map, with their places.</summary>
    public IReadOnlyList<Diagnostic> Found { get; init; } = [];

    /// <summary>The file mapped; null when the map has mistakes, or there is no file.</summary>
    public MapTrial? Trial { get; init; }

    /// <summary>The message of it that is shown, with its trace.</summary>
    public MapTrial.TriedMessage? Message { get; init; }

    /// <summary>Why there is nothing to see, or null.</summary>
    public string? Refusal { get; init; }

    public int Mistakes => Found.Count(one => !one.Warning);

    /// <summary>How the values of that message came about, and what no rule reads.</summary>
    public MapTrace? Trace => Message?.Watch as MapTrace;
}

/// <summary>Golden tests that were run with a text.</summary>
/// <param name="At">When.</param>
/// <param name="Results">The tests that lead through the map.</param>
/// <param name="Broken">Partners that could not go on with the text and can with the live one.</param>
/// <param name="Refusal">Why they could not be run, or null.</param>
sealed record BenchTests(DateTimeOffset At, IReadOnlyList<GoldenResult> Results, IReadOnlyList<string> Broken, string? Refusal = null)
{
    public int Passed => Results.Count(result => result.Passed);

    /// <summary>Why a text with these results does not go live; null when nothing is against it.</summary>
    public string? Against => Refusal
        ?? (Results.Count == 0 ? "there is no golden test of the map, so that nothing shows what it does: put a file and what must become of it beside it"
        : Passed < Results.Count ? $"{(Results.Count - Passed == 1 ? "one" : $"{Results.Count - Passed}")} of {Results.Count} golden tests did not pass; they stand below"
        : Broken.Count > 0 ? $"with it the files of {string.Join(", ", Broken)} would have mistakes, so that they could not go on ('hub map check' of a copy says which)" : null);
}

/// <summary>Checks a text of a map that is not live, tries it on a file and runs its golden tests: by the code of the command line. Nothing is written.</summary>
sealed class Bench(HubSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Largest file that a text is tried on, in bytes.</summary>
    public const long FileBytesMax = 4 * 1024 * 1024;

    /// <summary>Most entries of each list that a page shows.</summary>
    public const int Shown = 100;

    const int TrialsAtOnce = 2;

    static readonly TimeSpan TrialMax = TimeSpan.FromSeconds(30), TestsMax = TimeSpan.FromSeconds(120);

    readonly SemaphoreSlim places = new(TrialsAtOnce);

    /// <param name="map">The map.</param>
    /// <param name="text">Its text.</param>
    /// <param name="file">What it is tried on; null only checks it.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public Task<BenchResult> Try(MapFile map, string text, BenchFile? file, CancellationToken cancellation) =>
        TooLong(text) is { } refusal ? Task.FromResult(new BenchResult { Refusal = refusal })
        : InPlace(TrialMax, () => Check(map, text, file), late => new() { Refusal = late }, cancellation);

    /// <summary>Runs the golden tests that lead through the map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="text">Its text.</param>
    /// <param name="cancellation">Stops them.</param>
    public Task<BenchTests> Test(MapFile map, string text, CancellationToken cancellation) =>
        TooLong(text) is { } refusal ? Task.FromResult(new BenchTests(clock.GetUtcNow(), [], [], refusal))
        : InPlace(TestsMax, () => Tests(map, text, cancellation), late => new(clock.GetUtcNow(), [], [], late), cancellation);

    /// <summary>Why a text is not taken, or null.</summary>
    public static string? TooLong(string text) =>
        text.Length > Limits.MapDraftCharsMax ? $"the text has {text.Length} characters, and {Limits.MapDraftCharsMax} at most are taken" : null;

    async Task<T> InPlace<T>(TimeSpan most, Func<T> work, Func<string, T> late, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        var running = Task.Run(() =>
        {
            try
            {
                return work();
            }
            finally
            {
                places.Release();
            }
        }, CancellationToken.None);
        try
        {
            return await running.WaitAsync(most, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return late($"it takes longer than {most.TotalSeconds} seconds: 'hub map' does it without a limit");
        }
    }

    BenchResult Check(MapFile map, string text, BenchFile? file)
    {
        var draft = new DraftText(map.Name, text);
        if (file?.Open is not { } open)
            return new() { Found = Compile(map, draft), Refusal = file?.Refusal };
        var trial = new MapTrial(settings, file.Partner, map.Id, _ => new MapTrace(new(), Web.RowsQueries.RowsMax * 40) { SeesUnread = true }, draft: draft) { Only = file.Document };
        trial.Run(file.Name, open);
        var found = trial.Diagnostics;
        return found.Any(one => !one.Warning) ? new() { Found = found } : new() { Found = found, Trial = trial, Message = trial.Messages is [var first, ..] ? first : null };
    }

    List<Diagnostic> Compile(MapFile map, DraftText draft)
    {
        var found = new List<Diagnostic>();
        var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings), FunctionFolder.Open(settings), draft);
        if (library.Writes(map.Id))
            library.CompileWrite(map.Id, map.Owner, found);
        else
            library.Compile(map.Id, map.Owner, found);
        return found;
    }

    BenchTests Tests(MapFile map, string text, CancellationToken cancellation)
    {
        var runner = new GoldenRunner(settings, clock, new(map.Name, text));
        var results = new List<GoldenResult>();
        foreach (var test in GoldenTests.Find(settings.Mappings).Where(test => runner.Concerns(test, map.Id)))
            results.Add(runner.Run(test, cancellation).GetAwaiter().GetResult());
        var live = new GoldenRunner(settings, clock).Partners;
        return new(clock.GetUtcNow(), results, [.. runner.Partners.Paused.Except(live.Paused).Order(StringComparer.Ordinal)]);
    }

    public void Dispose() => places.Dispose();
}
