using DistributorHub.Mapping;

namespace DistributorHub.Worker.Partners;

/// <summary>The known word a mistyped one was probably meant to be.</summary>
static class Nearest
{
    /// <summary>The closest of <paramref name="known"/>, or null when none is close enough to be a slip of the keyboard.</summary>
    public static string? Find(string word, IEnumerable<string> known) =>
        known.Select(candidate => (candidate, slips: Spelling.Distance(Plain(word), Plain(candidate))))
            .Where(pair => pair.slips <= Math.Max(1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.slips)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    // camelCase, hyphens and spaces are other people's habits, not slips.
    static string Plain(string word) => word.Replace("_", "").Replace("-", "").Replace(" ", "").ToLowerInvariant();
}
