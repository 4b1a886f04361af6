namespace DistributorHub.Worker.Ledger;

/// <summary>What a replay maps with.</summary>
/// <param name="Word"><c>current</c>: the maps as they are now; <c>pinned</c>: the versions that took the documents; otherwise the id of a map.</param>
/// <param name="Version">Of a map: the version, or its beginning; null for the map as it is now.</param>
/// <param name="FailedOnly">True to leave what is loaded as it is.</param>
sealed record MapChoice(string Word, string? Version = null, bool FailedOnly = false)
{
    /// <summary>Fewer characters of a version do not tell it from others.</summary>
    public const int VersionCharsMin = 6;

    /// <summary>Characters of a version that people are shown.</summary>
    public const int VersionCharsShown = 12;

    const string FailedSuffix = " failed-only";

    public static MapChoice Current { get; } = new("current");

    public static MapChoice Pinned { get; } = new("pinned");

    public bool IsPinned => Word == Pinned.Word;

    /// <summary>True when it names a map, which takes the documents that it can take; the others are mapped as they are agreed now.</summary>
    public bool IsNamed => !IsPinned && Word != Current.Word;

    /// <summary>The choice that a person wrote (<c>base/orders-edifact@3f9a12</c>), or that the ledger keeps; null when it is none.</summary>
    public static MapChoice? Parse(string text)
    {
        var failedOnly = text.EndsWith(FailedSuffix, StringComparison.Ordinal);
        var word = failedOnly ? text[..^FailedSuffix.Length] : text;
        var at = word.IndexOf('@', StringComparison.Ordinal);
        var (name, version) = at < 0 ? (word, null) : (word[..at], word[(at + 1)..].ToLowerInvariant());
        if (name is "current" or "pinned")
            return version is null ? new(name, null, failedOnly) : null;
        return name.Contains('/', StringComparison.Ordinal) && (version is null || version.Length >= VersionCharsMin && version.All(char.IsAsciiHexDigitLower))
            ? new(name, version, failedOnly) : null;
    }

    /// <summary>What is wrong with a choice that a person wrote, as a sentence; null when nothing is.</summary>
    public static string? Mistake(string text) => Parse(text) is not null ? null
        : $"A map is named as current, pinned, NAME or NAME@VERSION with at least {VersionCharsMin} characters of the version (base/orders-edifact@3f9a12), not '{text}'.";

    /// <summary>In short, for people.</summary>
    public string Shown => (IsNamed ? $"{Word}{(Version is null ? "" : $"@{Version[..Math.Min(Version.Length, VersionCharsShown)]}")}"
        : IsPinned ? "the versions that took the documents" : "the maps as they are now") + (FailedOnly ? ", only what is not loaded" : "");

    public override string ToString() => $"{Word}{(Version is null ? "" : $"@{Version}")}{(FailedOnly ? FailedSuffix : "")}";
}
