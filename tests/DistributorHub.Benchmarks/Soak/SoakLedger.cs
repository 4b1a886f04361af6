using System.Globalization;
using Dapper;
using DistributorHub.Worker;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>How far a soak is.</summary>
sealed record Progress
{
    /// <summary>Files that are no longer in their partner's folder.</summary>
    public long Finalised { get; init; }

    /// <summary>Acknowledgements and moves that are still due.</summary>
    public long Due { get; init; }

    /// <summary>Exchanges that ended otherwise than completed.</summary>
    public long Bad { get; init; }
}

/// <summary>Size of a table of the hub's database with its indexes.</summary>
sealed record TableSize
{
    public string Name { get; init; } = "";
    public long Bytes { get; init; }
}

/// <summary>A document that was loaded.</summary>
sealed record LoadedDocument
{
    public DateTimeOffset At { get; init; }

    /// <summary>Seconds from the end of its file's settling.</summary>
    public double Seconds { get; init; }

    public string Type { get; init; } = "";
}

/// <summary>What the hub's and the seller's databases say of a soak.</summary>
sealed class SoakLedger(Database hub, Database seller)
{
    public async Task<Progress> Progress(CancellationToken cancellation)
    {
        await using var connection = await hub.Open(cancellation);
        return await connection.QuerySingleAsync<Progress>(new CommandDefinition(
            """
            select (select count(*) from remote_file where state = 'Finalized') as finalised, (select count(*) from outbox where done_at is null) as due,
                (select count(*) from exchange where ended_at is not null and state <> 'Completed') as bad
            """, cancellationToken: cancellation));
    }

    /// <summary>Documents of files that were first seen since a moment, in the order of their loading.</summary>
    public async Task<IReadOnlyList<LoadedDocument>> Loaded(DateTimeOffset since, TimeSpan settle, CancellationToken cancellation)
    {
        await using var connection = await hub.Open(cancellation);
        return (await connection.QueryAsync<LoadedDocument>(new CommandDefinition(
            """
            select d.changed_at as at, cast(extract(epoch from d.changed_at - r.first_seen) - @Settle as double precision) as seconds, d.type
            from document d join exchange e on e.id = d.exchange_id join remote_file r on r.id = e.remote_file_id
            where d.state = 'Loaded' and r.first_seen >= @since order by d.changed_at
            """, new { since, Settle = settle.TotalSeconds }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Orders and lines that stand in the seller's tables.</summary>
    public async Task<(long Orders, long Lines)> Rows(CancellationToken cancellation)
    {
        var target = MapToSink.MapOf("ORDERS").Target;
        await using var connection = await seller.Open(cancellation);
        return (await Count("orders"), await Count("order_lines"));

        Task<long> Count(string table) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from {Worker.Load.SellerDialect.Of(seller.Engine).Name(target.Find(table)!)}", cancellationToken: cancellation));
    }

    /// <summary>Tables of the hub's database, the largest first.</summary>
    public async Task<IReadOnlyList<TableSize>> Sizes(CancellationToken cancellation)
    {
        await using var connection = await hub.Open(cancellation);
        return (await connection.QueryAsync<TableSize>(new CommandDefinition(
            """
            select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid) as bytes
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 2 desc
            """, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Begins to count statements.</summary>
    public async Task WatchStatements(CancellationToken cancellation)
    {
        await using var connection = await seller.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("create extension if not exists pg_stat_statements; select pg_stat_statements_reset()", cancellationToken: cancellation));
    }

    /// <summary>The statements of both databases that took most of the server's time, with their calls for each document.</summary>
    public async Task<IReadOnlyList<string>> Statements(int documents, CancellationToken cancellation)
    {
        await using var connection = await seller.Open(cancellation);
        var rows = await connection.QueryAsync<(long Calls, double Ms, string Query)>(new CommandDefinition(
            """
            select calls, total_exec_time + total_plan_time as ms, regexp_replace(left(query, 150), '\s+', ' ', 'g') as query
            from pg_stat_statements order by calls desc limit 80
            """, cancellationToken: cancellation));
        return [.. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Calls / (double)documents,8:0.00} {row.Ms / documents,8:0.000} ms  {row.Query}"))];
    }
}
