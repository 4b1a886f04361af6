using Dapper;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>What came of one message type with one map and version lately.</summary>
sealed record MapUse
{
    public string Type { get; init; } = "";
    public string Release { get; init; } = "";
    public string? Map { get; init; }
    public string? MapVersion { get; init; }
    public long Count { get; init; }
    public long Failed { get; init; }
    public DateTimeOffset First { get; init; }
    public DateTimeOffset Last { get; init; }
}

/// <summary>A kind of finding in a partner's last files.</summary>
sealed record FindingUse
{
    public string Code { get; init; } = "";
    public string? Path { get; init; }
    public string? Found { get; init; }
    public long Count { get; init; }
    public DateTimeOffset First { get; init; }
    public DateTimeOffset Last { get; init; }
    public long Exchange { get; init; }
}

/// <summary>What the ledger knows of one partner.</summary>
sealed class PartnerQueries(Hub hub)
{
    /// <summary>Exchanges that the statistics are of, the newest.</summary>
    public const int ExchangesMax = 1_000;

    const int FindingsMax = 20;

    const string Newest = "select id, created_at from exchange where partner = @Partner order by id desc limit @Most";

    public Task<IReadOnlyList<MapUse>> Maps(string partner, CancellationToken cancellation) => All<MapUse>(
        $"""
        select d.type, d.release, d.map, d.map_version, count(*) as count, sum(case when d.state = 'Failed' then 1 else 0 end) as failed,
            min(e.created_at) as first, max(e.created_at) as last
        from ({Newest}) as e join document d on d.exchange_id = e.id
        group by d.type, d.release, d.map, d.map_version order by max(e.created_at) desc, d.type limit 50
        """, partner, cancellation);

    public Task<IReadOnlyList<FindingUse>> Findings(string partner, CancellationToken cancellation) => All<FindingUse>(
        $"""
        select f.code, f.path, f.found, count(*) as count, min(e.created_at) as first, max(e.created_at) as last, max(e.id) as exchange
        from ({Newest}) as e join finding f on f.exchange_id = e.id
        group by f.code, f.path, f.found order by count(*) desc, f.code limit {FindingsMax}
        """, partner, cancellation);

    async Task<IReadOnlyList<T>> All<T>(string sql, string partner, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, new { Partner = partner, Most = ExchangesMax }, cancellationToken: cancellation))).AsList();
    }
}
