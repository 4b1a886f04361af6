using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Load;

/// <summary>
/// The seller's database for a partner who is under test: the same tables in another schema (in SQLite, whose names start with it). Values are looked up in the
/// tables of production. In <c>hub_inbox</c> what is loaded on trial has keys of its own, so that it is no duplicate of what comes later in earnest.
/// </summary>
sealed class ShadowSeller(ISeller seller, string schema) : ISeller
{
    const string Mark = "test/";

    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation) =>
        new ShadowLoad(await seller.Begin(Shadow(target, schema), [.. tables.Select(table => table with { Schema = schema })], cancellation));

    /// <summary>A target whose tables are in another schema.</summary>
    public static TargetDefinition Shadow(TargetDefinition target, string schema) =>
        target with { Tables = [.. target.Tables.Select(table => table with { Schema = schema })] };

    sealed class ShadowLoad(ILoad load) : ILoad
    {
        public void Write(RowBatch batch) => load.Write(batch);

        public void Miss(TableDefinition table, long parentRow) => load.Miss(table, parentRow);

        public async Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation) =>
            await load.Commit(document with { Id = Mark + document.Id, Partner = Mark + document.Partner, Holds = [.. document.Holds.Where(rule => rule.Kind != HoldKind.Test)] }, findings, cancellation) switch
            {
                LoadOutcome.Duplicate duplicate => new LoadOutcome.Duplicate(duplicate.OriginalId[Mark.Length..]),
                var outcome => outcome,
            };

        public ValueTask DisposeAsync() => load.DisposeAsync();
    }
}
