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
                    Add(block.Table!, block.Table!.Columns[index].Name, xref.Table);
    }

    public TableDefinition Extend(TableDefinition table) => extended.GetValueOrDefault(table.Name, table);

    /// <summary>The rules of the columns that carry the keys of one xref.</summary>
    public IEnumerable<PlannedColumn> Keys(TableDefinition table, int column, BoundExpr.Xref xref)
    {
        var all = Extend(table);
        var first = Find(all, table.Columns[column].Name, xref.Table)!.FirstKey;
        return xref.Keys.Select((key, i) => new PlannedColumn(all.LookupKeys[first + i], all.Columns.Count + first + i, key, NeededByOthers: false));
    }

    void Add(TableDefinition table, string column, XrefDefinition xref)
    {
        var all = Extend(table);
        if (Find(all, column, xref) is not null)
            return;
        // Named for the column, which is what findings speak of. No key is too long: it is only not found.
        var keys = xref.Key.Select(k => k with { Name = column, Length = null, Nullable = true });
        extended[table.Name] = all with
        {
            Lookups = [.. all.Lookups, new(column, xref, all.LookupKeys.Count)],
            LookupKeys = [.. all.LookupKeys, .. keys],
        };
    }

    static Lookup? Find(TableDefinition table, string column, XrefDefinition xref) =>
        table.Lookups.FirstOrDefault(l => l.Column == column && l.Xref.Name == xref.Name);
}
