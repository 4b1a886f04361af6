using System.Collections.Concurrent;
using System.Data.Common;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>The seller's live tables, remembered between loads. Forgotten after any failure, because the tables may have changed.</summary>
sealed class LiveSchema(SellerDialect dialect)
{
    readonly ConcurrentDictionary<string, LiveTable> known = new(StringComparer.Ordinal);

    public SellerDialect Dialect => dialect;

    public void Forget() => known.Clear();

    /// <summary>Gives every table its live counterpart; throws when one does not fit.</summary>
    public async Task Compare(IReadOnlyList<StagedTable> tables, DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var table in tables)
        {
            var live = await Find(table.Table, connection, transaction, cancellation);
            problems.AddRange(table.Compare(live));
            foreach (var lookup in table.Table.Lookups)
                problems.AddRange(table.Compare(lookup.Xref, await Find(lookup.Xref.Table, connection, transaction, cancellation)));
        }
        if (problems.Count > 0)
            throw new TargetDriftException(problems);
    }

    /// <summary>A table as the database has it.</summary>
    public async Task<LiveTable> Find(TableDefinition table, DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        var name = dialect.Name(table);
        if (known.TryGetValue(name, out var live))
            return live;
        live = await dialect.Read(connection, transaction, table, cancellation);
        return known[name] = live;
    }
}
