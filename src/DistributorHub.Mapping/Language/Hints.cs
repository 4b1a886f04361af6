namespace DistributorHub.Mapping.Language;

/// <summary>What the author may have meant.</summary>
static class Hints
{
    /// <summary><c>did you mean x?</c> for the nearest candidate, or null when none is near.</summary>
    public static string? DidYouMean(string written, IReadOnlyCollection<string> candidates) =>
        Nearest(written, candidates) is { } nearest ? $"did you mean {nearest}?" : null;

    /// <summary>The candidate that was most likely meant, or null when none is near.</summary>
    public static string? Nearest(string written, IReadOnlyCollection<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Spelling.Distance(written, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        // Half a name, or a name with something behind it, is as near as a slip.
        if (written.Length >= 3 && candidates.FirstOrDefault(c => c.StartsWith(written, StringComparison.Ordinal) || (c.Length >= 3 && written.StartsWith(c, StringComparison.Ordinal))) is { } part
            && bestDistance > 1)
            return part;
        // A name of three letters may differ in one, a long one in three.
        return bestDistance <= Math.Clamp(written.Length / 3, 1, 3) ? best : null;
    }

    /// <summary>The nearest candidate, else all of them as far as they fit on a line.</summary>
    public static string? DidYouMeanOr(string written, string known, IReadOnlyCollection<string> candidates) =>
        DidYouMean(written, candidates) ?? (candidates.Count == 0 ? null : $"{known}: {List(candidates)}");

    public static string List(IReadOnlyCollection<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : string.Join(", ", names.Take(12)) + ", …";
}
