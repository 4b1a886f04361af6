using System.Globalization;
using System.Text;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web.Queries;

namespace DistributorHub.Worker.Web;

/// <summary>What fell into one hour.</summary>
/// <param name="Hour">Hour of the day.</param>
/// <param name="All">All exchanges.</param>
/// <param name="Failed">Those that failed.</param>
public readonly record struct HourBar(int Hour, long All, long Failed);

/// <summary>Paths of small charts; the numbers stand in words beside each.</summary>
static class Charts
{
    public const int Hours = 24;

    /// <summary>The last 24 hours, the oldest first.</summary>
    public static IReadOnlyList<HourBar> Day(IEnumerable<HourCount> counts, DateTimeOffset now)
    {
        var byHour = counts.ToLookup(count => count.Hour, StringComparer.Ordinal);
        var first = OverviewQueries.FirstHour(now);
        return [.. Enumerable.Range(0, Hours).Select(i => first.AddHours(i)).Select(hour =>
        {
            var here = byHour[hour.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture)].ToList();
            return new HourBar(hour.Hour, here.Sum(count => count.Count), here.Where(count => Transitions.IsFailed(count.State)).Sum(count => count.Count));
        })];
    }

    /// <summary>Bars side by side that stand on the bottom of a box; a value that is not nothing has at least three units.</summary>
    public static string Bars(IReadOnlyList<long> values, double width, double height, long most)
    {
        var step = width / values.Count;
        var path = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
            if (values[i] > 0)
            {
                var tall = Math.Max(Math.Min(3, height), height * values[i] / Math.Max(most, 1));
                path.Append(CultureInfo.InvariantCulture, $"M{i * step:0.#} {height - tall:0.#}h{step * 0.78:0.#}v{tall:0.#}h-{step * 0.78:0.#}z");
            }
        return path.ToString();
    }

    /// <summary>Parts of a line of this width, as large as their numbers and never invisible.</summary>
    public static IEnumerable<(double X, double Width, string Class)> Split(IReadOnlyList<(long Count, string Class)> parts, double width)
    {
        var sum = Math.Max(1, parts.Sum(part => part.Count));
        var shown = parts.Where(part => part.Count > 0).Select(part => (part.Class, Width: Math.Max(3, width * part.Count / sum))).ToList();
        var scale = width / Math.Max(1, shown.Sum(part => part.Width));
        double x = 0;
        foreach (var (name, wide) in shown)
        {
            yield return (x, Math.Max(1, wide * scale - 1), name);
            x += wide * scale;
        }
    }

    /// <summary>A count that fits above a bar.</summary>
    public static string Short(long count) => count switch
    {
        < 10_000 => Show.Count(count),
        < 1_000_000 => $"{count / 1_000}k",
        _ => $"{(count / 1e6).ToString("0.#", CultureInfo.InvariantCulture)}M",
    };

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
