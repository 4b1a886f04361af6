using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Flow;

/// <summary>The seller's database for a dry run: every load is taken to the point where it would be committed, asked what it changes, and taken back.</summary>
sealed class ComparingSeller(ISeller seller) : ISeller
{
    RowDifferences? last;

    /// <summary>What the load of the document that ended last would change; null when it was not loaded.</summary>
    public RowDifferences? Take()
    {
        var taken = last;
        last = null;
        return taken;
    }

    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation) =>
        new Load(this, await seller.Begin(target, tables, cancellation));

    sealed class Load(ComparingSeller owner, ILoad load) : ILoad
    {
        public void Write(RowBatch batch) => load.Write(batch);

        public void Miss(TableDefinition table, long parentRow) => load.Miss(table, parentRow);

        public async Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation)
        {
            var differences = new RowDifferences(expected: null);
            var outcome = await load.Commit(document with { Differences = differences }, findings, cancellation);
            owner.last = outcome is LoadOutcome.Compared ? differences : null;
            return outcome;
        }

        public ValueTask DisposeAsync() => load.DisposeAsync();
    }
}
