namespace DistributorHub.Worker.Partners;

/// <summary>The known word a mistyped one was probably meant to be.</summary>
static class Nearest
{
    /// <summary>The closest of <paramref name="known"/>, or null when none is close enough to be a slip of the keyboard.</summary>
    public static string? Find(string word, IEnumerable<string> known) =>
        known.Select(candidate => (candidate, slips: Slips(Plain(word), Plain(candidate))))
            .Where(pair => pair.slips <= Math.Max(1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.slips)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    // camelCase, hyphens and spaces are other people's habits, not slips.
    static string Plain(string word) => word.Replace("_", "").Replace("-", "").Replace(" ", "").ToLowerInvariant();

    /// <summary>Least number of letters put in, left out, changed or swapped with their neighbour.</summary>
    static int Slips(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            for (var j = 0; j <= to.Length; j++)
                cost[i, j] = i == 0 || j == 0 ? i + j : Step(i, j);
        return cost[from.Length, to.Length];

        int Step(int i, int j)
        {
            var changed = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            var best = Math.Min(changed, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return swapped ? Math.Min(best, 1 + cost[i - 2, j - 2]) : best;
        }
    }
}
