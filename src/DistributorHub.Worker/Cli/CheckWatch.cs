using System.Globalization;
using DistributorHub.Mapping;

namespace DistributorHub.Worker.Cli;

/// <summary>
/// <c>hub map check --watch</c>: checks again when a YAML file was added, removed or written, and prints what is new, what is mended and how many mistakes are
/// left. Looks at sizes and times, several times a second: on network drives and in containers the system tells of no change.
/// </summary>
/// <param name="settings">The installation.</param>
/// <param name="check">What is checked.</param>
/// <param name="clock">The time.</param>
sealed class CheckWatch(HubSettings settings, MapCheck check, TimeProvider clock)
{
    /// <summary>A change counts when two looks this far apart show the same: editors write a file in several steps, and several files at once.</summary>
    static readonly TimeSpan between = TimeSpan.FromMilliseconds(200);

    TextWriter output = TextWriter.Null;

    /// <summary>Runs until it is cancelled; the exit code of the last check.</summary>
    public async Task<int> Run(TextWriter to, CancellationToken cancellation)
    {
        output = to;
        var seen = Look();
        var result = check.Run();
        foreach (var diagnostic in result.Found)
            await output.WriteLineAsync(diagnostic.ToString());
        await output.WriteLineAsync(result.Summary);
        await RenewSchemas();
        await output.WriteLineAsync($"Watching {settings.Mappings}; Ctrl+C ends it.");
        try
        {
            while (true)
            {
                var now = await Settled(seen, cancellation);
                var changed = now.Keys.Union(seen.Keys).Where(path => now.GetValueOrDefault(path) != seen.GetValueOrDefault(path));
                await output.WriteLineAsync($"{clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {string.Join(", ", changed.Order(StringComparer.Ordinal))}");
                seen = now;
                result = await Again(result);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return result.Errors > 0 ? ExitCode.Findings : ExitCode.Fine;
        }
    }

    async Task<CheckResult> Again(CheckResult before)
    {
        CheckResult result;
        try
        {
            result = check.Run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone or not whole while it was read; what becomes of it is a change of its own.
            await output.WriteLineAsync($"  not checked: {e.Message}");
            return before;
        }
        foreach (var diagnostic in Without(result.Found, before.Found))
            await output.WriteLineAsync($"  {diagnostic}");
        foreach (var diagnostic in Without(before.Found, result.Found))
            await output.WriteLineAsync($"  mended: {diagnostic}");
        await output.WriteLineAsync($"  {result.Summary}");
        await RenewSchemas();
        return result;
    }

    /// <summary>What is in one list and not in the other, wherever in its file it stands: a line that is added above moves the others.</summary>
    static List<Diagnostic> Without(IReadOnlyList<Diagnostic> these, IReadOnlyList<Diagnostic> others)
    {
        var left = others.Select(Unplaced).ToList();
        return [.. these.Where(diagnostic => !left.Remove(Unplaced(diagnostic)))];

        static Diagnostic Unplaced(Diagnostic diagnostic) => diagnostic with { Line = 0, Column = 0 };
    }

    /// <summary>Schemas that are there are kept up to date, so that an editor completes a column as soon as it stands in the target.</summary>
    async Task RenewSchemas()
    {
        if (!SchemaFolder.Exists(settings.Mappings))
            return;
        try
        {
            var definitions = DefinitionFolder.Open(settings);
            foreach (var path in SchemaFolder.Write(settings.Mappings, SchemaFolder.Of(MapFolder.Open(settings.Mappings, definitions, FunctionFolder.Open(settings)), definitions)))
                await output.WriteLineAsync($"  {path} is written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"  The schemas are not up to date: {e.Message}");
        }
    }

    /// <summary>The files once they differ from those that were seen, and nothing changes any more.</summary>
    async Task<Dictionary<string, (long, DateTime)>> Settled(Dictionary<string, (long, DateTime)> seen, CancellationToken cancellation)
    {
        var last = seen;
        while (true)
        {
            await Task.Delay(between, clock, cancellation);
            var now = Look();
            if (IsSame(now, last) && !IsSame(now, seen))
                return now;
            last = now;
        }
    }

    static bool IsSame(Dictionary<string, (long, DateTime)> one, Dictionary<string, (long, DateTime)> other) =>
        one.Count == other.Count && one.All(file => other.TryGetValue(file.Key, out var state) && state == file.Value);

    /// <summary>Size and time of every YAML file, golden tests among them.</summary>
    Dictionary<string, (long, DateTime)> Look()
    {
        var files = new Dictionary<string, (long, DateTime)>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(settings.Mappings).EnumerateFiles("*.y*ml", SearchOption.AllDirectories))
        {
            try
            {
                files[Path.GetRelativePath(settings.Mappings, file.FullName).Replace('\\', '/')] = (file.Length, file.LastWriteTimeUtc);
            }
            catch (FileNotFoundException)
            {
                // Gone between the two questions.
            }
        }
        return files;
    }
}
