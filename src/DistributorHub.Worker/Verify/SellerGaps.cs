using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Verify;

/// <summary>Compares what the ledger calls loaded with <c>hub_inbox</c>, in both directions, and the rows of versioned tables with both: page by page.</summary>
/// <param name="hub">The hub database.</param>
/// <param name="seller">The seller's database.</param>
/// <param name="targets">The seller's tables.</param>
sealed class SellerGaps(Database hub, Database seller, IReadOnlyList<TargetDefinition> targets)
{
    const int DocumentsPerPage = 500;

    const string LoadedQuery = """
        select d.id, d.exchange_id as exchange, d.identity, d.type, d.number, d.revision, e.partner
        from document d join exchange e on e.id = d.exchange_id
        where d.id > @After and d.state = 'Loaded' and e.created_at >= @Since and not e.outgoing and (@Partner is null or e.partner = @Partner)
        order by d.id limit @Most
        """;

    const string InboxQuery = """
        select document_id as identity, revision, partner, doc_type as type, doc_number as number, versions from hub_inbox
        where (document_id > @After or (document_id = @After and revision > @AfterRevision)) and loaded_at >= @Since and (@Partner is null or partner = @Partner)
        order by document_id, revision limit @Most
        """;

    public async IAsyncEnumerable<Gap> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var ledger = await hub.Open(cancellation);
        await using var shop = await seller.Open(cancellation);
        for (long after = 0; ;)
        {
            var page = (await ledger.QueryAsync<Row>(new CommandDefinition(
                LoadedQuery, new { After = after, scope.Since, scope.Partner, Most = DocumentsPerPage }, cancellationToken: cancellation))).AsList();
            if (page.Count == 0)
                break;
            var keys = await Keys(shop, ids => $"select document_id as identity, revision from hub_inbox where document_id in {ids}", page, cancellation);
            foreach (var row in page.Where(row => !keys.Contains((row.Identity, row.Revision ?? 1))))
                yield return new(GapKind.NotInInbox, row.Partner, Place(row), $"{row.Name} is Loaded in the ledger, and hub_inbox has no key of it: its rows are not in the seller's database.",
                    $"hub exchange replay {row.Exchange} --reason \"verify\"");
            after = page[^1].Id;
        }
        for (var (after, revision) = ("", 0); ;)
        {
            var page = (await shop.QueryAsync<Row>(new CommandDefinition(
                InboxQuery, new { After = after, AfterRevision = revision, scope.Since, scope.Partner, Most = DocumentsPerPage }, cancellationToken: cancellation))).AsList();
            if (page.Count == 0)
                break;
            var keys = await Keys(ledger, ids => $"select identity, max(case when state in ('Loaded', 'Superseded') then 1 else 0 end) as revision from document where identity in {ids} group by identity", page, cancellation);
            var known = keys.Select(key => key.Identity).ToHashSet(StringComparer.Ordinal);
            foreach (var row in page)
                if (!keys.Contains((row.Identity, 1)))
                    yield return known.Contains(row.Identity) ? Unfinished(row) : Unknown(row);
                else if (row.Versions is not null && await Lost(shop, row, cancellation) is { } lost)
                    yield return lost;
            (after, revision) = (page[^1].Identity, page[^1].Revision ?? 0);
        }
    }

    static Gap Unfinished(Row row) => new(GapKind.NotInLedger, row.Partner, row.Identity,
        $"{row.Name} is in the seller's database (hub_inbox), and not Loaded in the ledger. A retry finds the key and loads nothing twice.", $"hub exchange list --number {row.Number ?? "…"}; then hub exchange retry ID --reason \"verify\"");

    static Gap Unknown(Row row) => new(GapKind.NotInLedger, row.Partner, row.Identity,
        $"{row.Name} is in the seller's database (hub_inbox), and the ledger knows nothing of it: the hub database may be older than it. A file that is fetched again is recognised by its key and loads nothing twice, but is acknowledged again.",
        $"hub verify --raise-control-numbers 1000 --reason \"restored\"; then hub partner poll {row.Partner}");

    /// <summary>The first table of which rows that the document made are gone.</summary>
    async Task<Gap?> Lost(DbConnection shop, Row row, CancellationToken cancellation)
    {
        foreach (var (name, ids) in JsonSerializer.Deserialize<Dictionary<string, string[]>>(row.Versions!)!)
        {
            var table = targets.Select(target => target.Find(name)).FirstOrDefault(table => table is { Policy: TablePolicy.Version, Id: not null });
            // Keys that are no numbers cannot be looked up by an index in one text for both engines.
            if (table is null || ids.Length == 0 || !ids.All(id => long.TryParse(id, CultureInfo.InvariantCulture, out _)))
                continue;
            var sql = SellerDialect.Of(seller.Engine).Name(table);
            var parameters = new DynamicParameters();
            var there = await shop.ExecuteScalarAsync<long>(new CommandDefinition(
                $"select count(*) from {sql} where {SellerDialect.Quote(table.Id!)} in {parameters.AddList("id", ids.Select(Number))}", parameters, cancellationToken: cancellation));
            if (there < ids.Length)
                return new(GapKind.RowsGone, row.Partner, row.Identity, FormattableString.Invariant($"{row.Name} made {ids.Length} row(s) of {sql}, and {there} are there."),
                    "Ask who deleted them; hub exchange replay loads the document again.");
        }
        return null;
    }

    static string Place(Row row) => $"#{row.Exchange}";

    static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);

    static async Task<HashSet<(string Identity, int)>> Keys(DbConnection connection, Func<string, string> sql, List<Row> page, CancellationToken cancellation)
    {
        var parameters = new DynamicParameters();
        var query = sql(parameters.AddList("id", page.Select(row => row.Identity).Distinct()));
        return (await connection.QueryAsync<Row>(new CommandDefinition(query, parameters, cancellationToken: cancellation))).Select(row => (row.Identity, row.Revision ?? 0)).ToHashSet();
    }

    sealed record Row
    {
        public long Id { get; init; }
        public long Exchange { get; init; }
        public string Identity { get; init; } = "";
        public string Type { get; init; } = "";
        public string? Number { get; init; }
        public int? Revision { get; init; }
        public string Partner { get; init; } = "";
        public string? Versions { get; init; }

        public string Name => $"{Type} {Number}".TrimEnd();
    }
}
