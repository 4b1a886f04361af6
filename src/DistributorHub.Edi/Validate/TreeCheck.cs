namespace DistributorHub.Edi.Validate;

enum TreeFault
{
    None,
    ParentUnknown,
    IdRepeated,
}

/// <summary>
/// Follows the levels of a tree written with segment ids (HL, CPS). Only the open chain and the ids are kept;
/// past <see cref="IdsMax"/> levels repeated ids are no longer looked for, and past <see cref="DepthMax"/> open levels the first
/// are forgotten, so that memory stays bounded.
/// </summary>
sealed class TreeCheck
{
    const int IdsMax = 100_000;
    const int DepthMax = 1_000;
    readonly List<string> open = [];
    readonly HashSet<string> ids = new(StringComparer.Ordinal);

    public void Reset()
    {
        open.Clear();
        ids.Clear();
    }

    /// <summary>Opens a level under its parent and closes those beside it. A level without a known parent becomes a first one.</summary>
    public TreeFault Accept(string id, string parent)
    {
        var at = parent.Length == 0 ? -1 : open.LastIndexOf(parent);
        var known = parent.Length == 0 || at >= 0;
        open.RemoveRange(at + 1, open.Count - at - 1);
        // An absent id is a missing element, found elsewhere.
        var repeated = id.Length > 0 && ids.Count < IdsMax && !ids.Add(id);
        if (open.Count == DepthMax)
            open.RemoveAt(0);
        open.Add(id);
        return !known ? TreeFault.ParentUnknown : repeated ? TreeFault.IdRepeated : TreeFault.None;
    }
}
