using System.Diagnostics;
using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Benchmarks;

/// <summary>How long a definition takes from nothing to a compiled table with its code lists: medians of five, each in a library that has read nothing.</summary>
static class DefinitionLoad
{
    const int Rounds = 5;

    public static void Run(TextWriter output)
    {
        var all = DefinitionLibrary.Embedded.List();
        // The first loads warm the program up.
        foreach (var (standard, type, release) in all.Take(10))
            new DefinitionLibrary([], _ => []).Find(standard, type, release);
        var times = all.Select(d => (d.Type, d.Release, Took: Median(d))).OrderByDescending(t => t.Took).ToList();
        output.WriteLine(Line($"{times.Count} definitions; median {times[times.Count / 2].Took.TotalMilliseconds:N1} ms; the slowest:"));
        foreach (var (type, release, took) in times.Take(5))
            output.WriteLine(Line($"{type,-8} {release,-8} {took.TotalMilliseconds,8:N1} ms"));
    }

    static TimeSpan Median((Standard Standard, string Type, string Release) definition)
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            var library = new DefinitionLibrary([], _ => []);
            var began = Stopwatch.GetTimestamp();
            _ = library.Find(definition.Standard, definition.Type, definition.Release);
            times.Add(Stopwatch.GetElapsedTime(began));
        }
        times.Sort();
        return times[Rounds / 2];
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
