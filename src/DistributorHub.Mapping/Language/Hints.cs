namespace DistributorHub.Mapping.Language;

/// <summary>What the author may have meant.</summary>
static class Hints
{
    /// <summary><c>did you mean x?</c> for the nearest candidate, or null when none is near.</summary>
    public static string? DidYouMean(string written, IReadOnlyCollection<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(written, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        // Half a name, or a name with something behind it, is as near as a slip.
        if (written.Length >= 3 && candidates.FirstOrDefault(c => c.StartsWith(written, StringComparison.Ordinal) || (c.Length >= 3 && written.StartsWith(c, StringComparison.Ordinal))) is { } part
            && bestDistance > 1)
            return $"did you mean {part}?";
        // A name of three letters may differ in one, a long one in three.
        return bestDistance <= Math.Clamp(written.Length / 3, 1, 3) ? $"did you mean {best}?" : null;
    }

    /// <summary>The nearest candidate, else all of them as far as they fit on a line.</summary>
    public static string? DidYouMeanOr(string written, string known, IReadOnlyCollection<string> candidates) =>
        DidYouMean(written, candidates) ?? (candidates.Count == 0 ? null : $"{known}: {List(candidates)}");

    public static string List(IReadOnlyCollection<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : string.Join(", ", names.Take(12)) + ", …";

    // Optimal string alignment: a swap of neighbours is the commonest slip, so it counts as one.
    static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }
        return table[a.Length, b.Length];
    }
}
