using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Flow;

/// <summary>The seller's database as one run sees it: its rows are counted, and nothing is committed once the run is cancelled or taken over.</summary>
sealed class RunSeller(ISeller seller, ExchangeRun run, Verdicts verdicts) : ISeller
{
    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation) =>
        new RunLoad(await seller.Begin(target, tables, cancellation), run, verdicts);

    sealed class RunLoad(ILoad load, ExchangeRun run, Verdicts verdicts) : ILoad
    {
        public void Write(RowBatch batch)
        {
            load.Write(batch);
            run.Progress.Rows += batch.Count;
        }

        public void Miss(TableDefinition table, long parentRow) => load.Miss(table, parentRow);

        public async Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation)
        {
            run.Progress.IsLoading = true;
            try
            {
                return await load.Commit(document with { Keep = token => verdicts.Keep(run, token) }, findings, cancellation);
            }
            finally
            {
                run.Progress.IsLoading = false;
            }
        }

        public ValueTask DisposeAsync() => load.DisposeAsync();
    }
}
