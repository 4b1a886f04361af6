namespace DistributorHub.Edi.Parse;

/// <summary>
/// The references already used on one level of an envelope. Senders mostly count, and what has only ascended holds nothing twice,
/// so a table to look them up in is made when the first one does not ascend.
/// </summary>
sealed class References
{
    readonly List<string> ascending = [];
    HashSet<string>? seen;

    /// <summary>
    /// Remembers a reference; false when it was there before. Beyond <see cref="Limits.ReferencesMax"/> none is remembered, and none that is
    /// longer than any that an answer could repeat.
    /// </summary>
    public bool Add(string reference)
    {
        // Of an interchange, sender and recipient are part of it.
        if (reference.Length > 4 * Limits.RepeatedCharsMax)
            return true;
        if (seen is null && (ascending.Count == 0 || string.CompareOrdinal(ascending[^1], reference) < 0))
        {
            if (ascending.Count < Limits.ReferencesMax)
                ascending.Add(reference);
            return true;
        }
        seen ??= [.. ascending];
        return seen.Count >= Limits.ReferencesMax || seen.Add(reference);
    }

    public void Clear()
    {
        ascending.Clear();
        seen = null;
    }
}
