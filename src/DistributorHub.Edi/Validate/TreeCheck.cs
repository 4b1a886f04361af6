namespace DistributorHub.Edi.Validate;

enum TreeFault
{
    None,
    ParentUnknown,
    IdRepeated,
}

/// <summary>
/// Follows the levels of a tree written with segment ids (HL, CPS). Only the open chain, and for each id the segments it began and ended with,
/// are kept; past <see cref="IdsMax"/> levels repeated ids are no longer looked for, and past <see cref="DepthMax"/> open levels the first
/// are forgotten, so that memory stays bounded.
/// </summary>
sealed class TreeCheck
{
    const int IdsMax = 100_000;
    const int DepthMax = 1_000;
    readonly List<string> open = [];

    /// <summary>For every id the segment of its level, and of the level that closed it; 0 = open.</summary>
    readonly Dictionary<string, (int Opened, int Closed)> ids = new(StringComparer.Ordinal);

    public void Reset()
    {
        open.Clear();
        ids.Clear();
    }

    /// <summary>Segments of the level an id began before, and of the level that closed it; 0 = there is none.</summary>
    public (int Opened, int Closed) Find(string id) => ids.GetValueOrDefault(id);

    /// <summary>Opens a level under its parent and closes those beside it. A level without a known parent becomes a first one.</summary>
    /// <param name="id">The level's id.</param>
    /// <param name="parent">Id of its parent; empty = none.</param>
    /// <param name="segment">Number of the level's segment in its message.</param>
    public TreeFault Accept(string id, string parent, int segment)
    {
        var at = parent.Length == 0 ? -1 : open.LastIndexOf(parent);
        var known = parent.Length == 0 || at >= 0;
        for (var i = at + 1; i < open.Count; i++)
            if (ids.TryGetValue(open[i], out var closed))
                ids[open[i]] = closed with { Closed = segment };
        open.RemoveRange(at + 1, open.Count - at - 1);
        // An absent id is a missing element, found elsewhere.
        var repeated = id.Length > 0 && ids.Count < IdsMax && !ids.TryAdd(id, (segment, 0));
        if (open.Count == DepthMax)
            open.RemoveAt(0);
        open.Add(id);
        return !known ? TreeFault.ParentUnknown : repeated ? TreeFault.IdRepeated : TreeFault.None;
    }
}
