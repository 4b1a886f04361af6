using System.Collections.Concurrent;
using System.Globalization;

namespace DistributorHub.Faults;

/// <summary>How a round came out.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="Number">The round.</param>
/// <param name="Missed">Why it does not count, or empty.</param>
/// <param name="Judgement">What was found in the end; of rounds that do not count, too.</param>
/// <param name="Took">From the first file to the judgement.</param>
sealed record Outcome(string Fault, int Number, string Missed, Judgement Judgement, TimeSpan Took);

/// <summary>What all rounds came to, by fault.</summary>
sealed class Table
{
    readonly ConcurrentBag<Outcome> outcomes = [];

    public void Add(Outcome outcome) => outcomes.Add(outcome);

    public int Counted => outcomes.Count(outcome => outcome.Missed.Length == 0);

    /// <summary>True when nothing was lost, doubled or wrong in any round, whether it counts or not, and every fault has a round that counts.</summary>
    public bool IsClean => outcomes.All(outcome => outcome.Judgement.IsClean) && outcomes.GroupBy(outcome => outcome.Fault).All(group => group.Any(outcome => outcome.Missed.Length == 0));

    /// <summary>A Markdown table.</summary>
    public string Render()
    {
        var lines = new List<string>
        {
            "| fault | rounds | did not count | lost | doubled | wrong | seconds a round |",
            "|---|---|---|---|---|---|---|",
        };
        lines.AddRange(outcomes.GroupBy(outcome => outcome.Fault).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Row(group.Key, [.. group])));
        lines.Add(Row("**all**", [.. outcomes]));
        return string.Join('\n', lines);
    }

    static string Row(string name, List<Outcome> group) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {group.Count(o => o.Missed.Length == 0)} | {group.Count(o => o.Missed.Length > 0)} | {group.Sum(o => o.Judgement.Lost)} | {group.Sum(o => o.Judgement.Doubled)} | {group.Sum(o => o.Judgement.Wrong)} | {group.Average(o => o.Took.TotalSeconds):0.0} |");
}
