using System.Runtime.CompilerServices;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Verify;

/// <summary>What the ledger alone tells: stuck exchanges, overdue effects, verdicts and counts that do not add up. Each is one query, read row by row.</summary>
sealed class LedgerGaps(Database database, StuckWork stuck, TimeProvider clock)
{
    /// <summary>Effects wait up to half an hour between tries.</summary>
    static readonly TimeSpan EffectPatience = TimeSpan.FromHours(1);

    const int StuckMax = 1_000;

    const string OverdueQuery = """
        select exchange_id as id, partner, payload as name, kind as state, created_at as at, last_error as text from outbox
        where done_at is null and kind <> 'Notify' and created_at < @Late and (@Partner is null or partner = @Partner) order by id
        """;

    // What was not read to its end by our own fault has no verdict, and duplicates are not judged by their documents.
    const string VerdictQuery = """
        select e.id, e.partner, i.ordinal as number, i.state, count(case when d.state = 'Failed' then 1 end) as failed, count(d.id) as documents
        from exchange e join interchange i on i.exchange_id = e.id left join document d on d.interchange_id = i.id
        where e.created_at >= @Since and e.ended_at is not null and not e.outgoing and (@Partner is null or e.partner = @Partner)
            and e.state in ('Completed', 'PartiallyCompleted', 'Failed', 'Held', 'Rejected') and (e.class is null or e.class = 'Data')
            and i.state in ('Accepted', 'PartiallyAccepted', 'Rejected')
        group by e.id, e.partner, i.id, i.ordinal, i.state
        having count(d.id) > 0 and i.state <> case
            when count(case when d.state = 'Failed' then 1 end) = 0 then 'Accepted'
            when count(case when d.state = 'Failed' then 1 end) = count(d.id) then 'Rejected' else 'PartiallyAccepted' end
        order by e.id, i.ordinal
        """;

    const string FindingsQuery = """
        select id, partner, file as name, findings as number, kept as documents from (
            select e.id, e.partner, e.file, e.findings,
                (select count(*) from finding f where f.exchange_id = e.id and f.attempt_id = (select max(a.id) from attempt a where a.exchange_id = e.id)) as kept
            from exchange e
            where e.created_at >= @Since and e.ended_at is not null and (@Partner is null or e.partner = @Partner)) as counted
        where kept <> case when findings > @Most then @Most else findings end order by id
        """;

    public async IAsyncEnumerable<Gap> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var item in await stuck.List(scope.Partner, StuckMax, cancellation))
            // Effects have a query of their own, which knows those as well that fail again and again.
            if (item.Kind != "effect")
                yield return new(GapKind.Stuck, item.Partner, item.ExchangeId is { } exchange ? $"#{exchange}" : item.Name, $"The {item.Kind} {item.Name} is {item.State} since {item.Since:u}, and no worker has it.", $"hub run --once --partner {item.Partner}");
        await foreach (var row in Rows(OverdueQuery, new { scope.Partner, Late = now - EffectPatience }, cancellation))
            yield return new(GapKind.Overdue, row.Partner, $"#{row.Id}", $"{row.State} of {row.Name} waits since {row.At:u}{(row.Text is null ? "." : $": {row.Text}")}",
                $"hub partner check {row.Partner}; then hub partner poll {row.Partner}");
        await foreach (var row in Rows(VerdictQuery, new { scope.Partner, scope.Since }, cancellation))
            yield return new(GapKind.WrongVerdict, row.Partner, $"#{row.Id}", $"Interchange {row.Number} is {row.State}, and {row.Failed} of its {row.Documents} documents failed.", Retry(row.Id));
        await foreach (var row in Rows(FindingsQuery, new { scope.Partner, scope.Since, Most = Limits.FindingsPerFileMax }, cancellation))
            yield return new(GapKind.FindingsMiscounted, row.Partner, $"#{row.Id}", $"{row.Name} counts {row.Number} findings, and {row.Documents} are kept.", Retry(row.Id));
    }

    static string Retry(long exchange) => FormattableString.Invariant($"hub exchange retry {exchange} --reason \"verify\"");

    async IAsyncEnumerable<Row> Rows(string sql, object parameters, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await foreach (var row in connection.QueryUnbufferedAsync<Row>(sql, parameters).WithCancellation(cancellation))
            yield return row;
    }

    sealed record Row
    {
        public long Id { get; init; }
        public string Partner { get; init; } = "";
        public string Name { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string? Text { get; init; }
        public long Number { get; init; }
        public long Failed { get; init; }
        public long Documents { get; init; }
    }
}
