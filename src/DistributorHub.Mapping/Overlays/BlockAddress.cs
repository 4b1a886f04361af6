namespace DistributorHub.Mapping.Overlays;

/// <summary>What a block of a map, or what stands in one, is called by in an overlay.</summary>
static class BlockAddress
{
    /// <summary>From the name alone to the one with all blocks around it; none for what has no name.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="around">Names of the blocks around it, the innermost first; empty for one without.</param>
    public static IEnumerable<string> Of(string name, IEnumerable<string> around)
    {
        if (name.Length == 0)
            yield break;
        yield return name;
        foreach (var outer in around)
            if (outer.Length > 0)
                yield return name = $"{outer}/{name}";
    }
}
