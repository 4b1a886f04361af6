using DistributorHub.Mapping;
using DistributorHub.Mapping.Explain;
using DistributorHub.Worker.Cli;

namespace DistributorHub.Worker.Workbench;

/// <summary>What a text of a map makes of a message.</summary>
sealed record BenchResult
{
    /// <summary>Mistakes and warnings, with their places.</summary>
    public IReadOnlyList<Diagnostic> Found { get; init; } = [];

    /// <summary>The message mapped; null when the map has mistakes.</summary>
    public MapTrial? Trial { get; init; }

    /// <summary>What of the message no rule reads; null without a trial.</summary>
    public CoverageReport? Coverage { get; init; }

    /// <summary>Why there is nothing to see, or null.</summary>
    public string? Refusal { get; init; }
}

/// <summary>Checks a text of a map that is not live and tries it on a file: by the code of <c>hub map check</c>, <c>explain</c> and <c>coverage</c>. Nothing is written.</summary>
sealed class Bench(HubSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Longest text of a map, in characters.</summary>
    public const int TextMax = 256 * 1024;

    /// <summary>Largest file that a text is tried on, in bytes.</summary>
    public const long FileBytesMax = 4 * 1024 * 1024;

    /// <summary>Most diagnostics, and most kinds of unread values, that a page shows.</summary>
    public const int Shown = 100;

    const int TrialsAtOnce = 2;

    static readonly TimeSpan TrialMax = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim places = new(TrialsAtOnce);

    /// <summary>The live text of a map; null when there is none.</summary>
    public string? Live(string map) => MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings)).HasMap(map)
        ? File.ReadAllText(Path.Combine(settings.Mappings, MapLibrary.FileOf(map))) : null;

    /// <param name="map">Id of the map, which is there.</param>
    /// <param name="text">Its text.</param>
    /// <param name="partner">Whose the file is.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="open">Opens it from its first byte.</param>
    /// <param name="document">Ordinal of the message that is mapped.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<BenchResult> Try(string map, string text, string partner, string name, Func<Stream> open, int document, CancellationToken cancellation)
    {
        if (text.Length > TextMax)
            return new() { Refusal = $"The text has {text.Length} characters, and {TextMax} at most are tried." };
        await places.WaitAsync(cancellation);
        var running = Task.Run(() =>
        {
            try
            {
                return Check(map, text, partner, name, open, document);
            }
            finally
            {
                places.Release();
            }
        }, CancellationToken.None);
        try
        {
            return await running.WaitAsync(TrialMax, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return new() { Refusal = $"It takes longer than {TrialMax.TotalSeconds} seconds: choose a smaller file." };
        }
    }

    BenchResult Check(string map, string text, string partner, string name, Func<Stream> open, int document)
    {
        using var room = new DraftRoom(settings, MapLibrary.FileOf(map), text);
        var found = new MapCheck(room.Settings, [map], partner, strict: false).Run().Found;
        if (found.Any(diagnostic => !diagnostic.Warning))
            return new() { Found = found };
        var trial = Run(_ => new MapTrace(new(), valuesMax: Web.RowsQueries.RowsMax * 40));
        var coverage = Run(compiled => new MapCoverage(compiled)).Messages.Select(message => message.Watch).OfType<MapCoverage>().FirstOrDefault();
        return new() { Found = found, Trial = trial, Coverage = coverage?.Report() };

        MapTrial Run(Func<CompiledMap, MapWatch> watch)
        {
            var one = new MapTrial(room.Settings, partner, map, watch) { Only = document };
            one.Run(name, open);
            return one;
        }
    }

    public void Dispose() => places.Dispose();
}
