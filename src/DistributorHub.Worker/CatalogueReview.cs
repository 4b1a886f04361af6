namespace DistributorHub.Worker;

/// <summary>
/// What a list of prices does to what the seller had: counted by the database in the transaction that loads or holds it, so that it is what the merge itself
/// found. Dates alone are no change: they move with every list.
/// </summary>
public sealed record CatalogueReview
{
    /// <summary>Name of the catalogue's table in maps.</summary>
    public required string Table { get; init; }

    /// <summary>True when the list is full: it ends what it does not mention.</summary>
    public bool IsFull { get; init; }

    /// <summary>What the list is of, as its scope says; lists of the same scope follow each other.</summary>
    public string Scope { get; init; } = "";

    /// <summary>False when an earlier run had loaded it already, and nothing was there to compare it with any more.</summary>
    public bool IsCompared { get; init; } = true;

    /// <summary>Items that the list mentions.</summary>
    public long Items { get; init; }

    /// <summary>Items in its scope before it; null when it is not a full list.</summary>
    public long? Before { get; init; }

    public long New { get; init; }

    /// <summary>Items of which a price, its terms or a description differs.</summary>
    public long Changed { get; init; }

    /// <summary>Items that the list deletes, or ends because it does not mention them.</summary>
    public long Removed { get; init; }

    /// <summary>Items that are left as they are, because newer lists brought them.</summary>
    public long Older { get; init; }

    /// <summary>Prices that changed for the same terms, by how much: see <see cref="Bars"/>.</summary>
    public IReadOnlyList<long> Histogram { get; init; } = [];

    /// <summary>The middle one of those changes, in percent; null when there is none.</summary>
    public decimal? Median { get; init; }

    /// <summary>Prices whose unit, basis, currency or other terms changed: their numbers cannot be compared.</summary>
    public long Terms { get; init; }

    /// <summary>Largest share of the items before that may go missing; null where nothing guards that.</summary>
    public decimal? MaxMissing { get; init; }

    /// <summary>A few items of each kind, to look at. What stands in them is the partner's data.</summary>
    public CatalogueSamples Samples { get; init; } = new();

    /// <summary>Prices that changed for the same terms.</summary>
    public long PriceChanges => Histogram.Sum();

    public long Unchanged => Math.Max(0, Items - New - Changed - Older);

    /// <summary>Share of the items before that the list removes.</summary>
    public decimal? Lost => Before is > 0 ? (decimal)Removed / Before : null;

    /// <summary>The percents that bound the bars of <see cref="Histogram"/>: the first bar is of what is below the first, the last of what is above the last.</summary>
    public static IReadOnlyList<int> Bars { get; } = [-30, -20, -10, -5, -2, 0, 2, 5, 10, 20, 30];
}

/// <summary>Items of a list to look at, the most striking first; at most <see cref="Most"/> of each kind.</summary>
public sealed record CatalogueSamples
{
    public const int Most = 25;

    /// <summary>The largest changes of a price.</summary>
    public IReadOnlyList<CatalogueSample> Prices { get; init; } = [];

    /// <summary>Prices whose terms changed.</summary>
    public IReadOnlyList<CatalogueSample> Terms { get; init; } = [];

    public IReadOnlyList<CatalogueSample> Added { get; init; } = [];

    public IReadOnlyList<CatalogueSample> Removed { get; init; } = [];
}

/// <summary>An item of a list.</summary>
public sealed record CatalogueSample
{
    /// <summary>What identifies it within the list's scope.</summary>
    public string Item { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>Price and terms before and after, or null.</summary>
    public string? Was { get; init; }

    public string? Becomes { get; init; }

    /// <summary>Change in percent; null where it cannot be said.</summary>
    public decimal? Percent { get; init; }

    /// <summary>Byte of the file it was read from; null for what the file does not mention.</summary>
    public long? At { get; init; }
}
