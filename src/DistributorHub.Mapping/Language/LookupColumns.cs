using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>Gives the tables of a map the columns that carry the keys of its xrefs; blocks that fill one table share them.</summary>
sealed class LookupColumns
{
    readonly Dictionary<string, TableDefinition> extended = new(StringComparer.Ordinal);

    public LookupColumns(IEnumerable<BlockDraft> blocks)
    {
        foreach (var block in blocks)
            foreach (var (index, value) in block.Columns.OrderBy(c => c.Key))
                if (value is BoundExpr.Xref xref)
                    Add(block.Table!, block.Table!.Columns[index], xref.Table);
    }

    public TableDefinition Extend(TableDefinition table) => extended.GetValueOrDefault(table.Name, table);

    /// <summary>The rules of the columns that carry the keys of one xref.</summary>
    public IEnumerable<PlannedColumn> Keys(TableDefinition table, int column, BoundExpr.Xref xref)
    {
        var all = Extend(table);
        var lookup = Find(all, table.Columns[column], xref.Table)!;
        return xref.Keys.Zip(all.KeyPlaces(lookup), (key, place) => new PlannedColumn(all.Carried.ElementAt(place), place, key, NeededByOthers: false));
    }

    void Add(TableDefinition table, ColumnDefinition column, XrefDefinition xref)
    {
        var all = Extend(table);
        if (Find(all, column, xref) is not null)
            return;
        // Named for the column, which is what findings speak of. No key is too long: it is only not found.
        var keys = xref.Key.Select(k => k with { Name = column.Name, Length = null, Nullable = true });
        extended[table.Name] = all with
        {
            Lookups = [.. all.Lookups, new(column.Name, xref, all.LookupKeys.Count)],
            LookupKeys = [.. all.LookupKeys, .. keys],
        };
    }

    static Lookup? Find(TableDefinition table, ColumnDefinition column, XrefDefinition xref) =>
        table.LookupsOf(column).FirstOrDefault(l => l.Xref.Name == xref.Name);
}
