using System.Text.Json;
using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>A dry run of a replay.</summary>
public sealed record ReplayRow
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Actor { get; init; } = "";

    /// <summary>Which exchanges, as it was written.</summary>
    public string Selection { get; init; } = "";

    /// <summary>The <see cref="MapChoice"/>.</summary>
    public string Map { get; init; } = "";

    /// <summary>When all of its exchanges had been tried; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? AppliedAt { get; init; }
    public string? AppliedBy { get; init; }

    /// <summary>Why it was applied.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a replay would do to an exchange.</summary>
public enum ReplayOutcome
{
    /// <summary>It is not tried yet.</summary>
    Waiting,

    /// <summary>Rows would change.</summary>
    Different,

    /// <summary>No row would change.</summary>
    Same,

    /// <summary>Nothing can be read of it so; the cause says why.</summary>
    Failed,
}

/// <summary>An exchange of a dry run.</summary>
sealed record ReplayedExchange
{
    public long ExchangeId { get; init; }
    public ReplayOutcome Outcome { get; init; }

    /// <summary>The state it was met in.</summary>
    public ExchangeState? State { get; init; }
    public long? Fence { get; init; }

    /// <summary>The <see cref="MapChoice"/> with its whole version.</summary>
    public string? Map { get; init; }
    public string? Cause { get; init; }

    /// <summary>Why it was not applied to this exchange, or null.</summary>
    public string? Refused { get; init; }
    public string File { get; init; } = "";
    public string Partner { get; init; } = "";

    /// <summary>How the run that applied it ended; null while there is none.</summary>
    public AttemptState? Applied { get; init; }
    public string? Error { get; init; }
}

/// <summary>A document of a dry run.</summary>
sealed record ReplayedDocument
{
    public long ExchangeId { get; init; }
    public int Ordinal { get; init; }
    public string Type { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>What would become of it.</summary>
    public DocumentState State { get; init; }

    /// <summary>True when it is loaded already.</summary>
    public bool WasLoaded { get; init; }
    public string? Map { get; init; }
    public string? MapVersion { get; init; }
    public string? Cause { get; init; }

    /// <summary>Hash of all rows that differ; null when nothing of it would be written.</summary>
    public string? Digest { get; init; }
    public IReadOnlyCollection<TableDifferences> Tables { get; init; } = [];
    public IReadOnlyList<RowDifference> Rows { get; init; } = [];
}

/// <summary>Documents of a dry run of which the same would become.</summary>
sealed record ReplayedDocuments
{
    public DocumentState State { get; init; }
    public bool WasLoaded { get; init; }
    public bool Differs { get; init; }
    public long Count { get; init; }
    public long Rows { get; init; }
}

/// <summary>Where dry runs are kept: in the hub database, for <see cref="Kept"/>.</summary>
sealed class ReplayBook(Database database, TimeProvider clock)
{
    /// <summary>How long the result of a dry run is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>What is said where there is no dry run of a number.</summary>
    public static string NoSuch(long id) => $"There is no dry run #{id}; they are kept for {Kept.TotalDays} days.";

    /// <summary>Rows of one exchange that are kept with their columns, and of each exchange of many; all are counted and hashed.</summary>
    public const int RowsPerExchangeMax = 500, RowsPerExchangeOfMany = 50;

    const string Columns = "id, at, actor, selection, map, ended_at, applied_at, applied_by, reason";

    public async Task<long> Add(string selection, MapChoice map, string actor, IReadOnlyList<long> exchanges, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "insert into replay (at, actor, selection, map) values (@now, @actor, @selection, @Map) returning id",
            new { now = clock.GetUtcNow(), actor, selection, Map = map.ToString() }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into replay_exchange (replay_id, exchange_id, outcome) values (@id, @exchange, 'Waiting')",
            exchanges.Select(exchange => new { id, exchange }), transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return id;
    }

    /// <summary>The dry run of this number; null when there is none, or its time is over.</summary>
    public async Task<ReplayRow?> Find(long id, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QuerySingleOrDefaultAsync<ReplayRow>(new CommandDefinition(
            $"select {Columns} from replay where id = @id and at >= @Since", new { id, Since = clock.GetUtcNow() - Kept }, cancellationToken: cancellation));
    }

    /// <summary>The newest dry runs.</summary>
    public async Task<IReadOnlyList<ReplayRow>> List(int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReplayRow>(new CommandDefinition(
            $"select {Columns} from replay where at >= @Since order by id desc limit @most", new { most, Since = clock.GetUtcNow() - Kept }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Dry runs that are not at their end, whoever makes them.</summary>
    public async Task<IReadOnlyList<long>> Unfinished(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            "select id from replay where at >= @Since and ended_at is null order by id", new { Since = clock.GetUtcNow() - Kept }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>The next exchange that is to be tried, or null.</summary>
    public async Task<long?> Next(long replay, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select min(exchange_id) from replay_exchange where replay_id = @replay and outcome = 'Waiting'", new { replay }, cancellationToken: cancellation));
    }

    /// <summary>Keeps what was found out of an exchange.</summary>
    public async Task Keep(long replay, ReplayedExchange exchange, IReadOnlyList<ReplayedDocument> documents, int rowsMax, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Write(
            "update replay_exchange set outcome = @Outcome, state = @State, fence = @Fence, map = @Map, cause = @Cause where replay_id = @replay and exchange_id = @ExchangeId",
            new { replay, exchange.ExchangeId, Outcome = exchange.Outcome.ToString(), State = exchange.State?.ToString(), exchange.Fence, exchange.Map, exchange.Cause });
        await Write(
            """
            insert into replay_document (replay_id, exchange_id, ordinal, type, name, state, was_loaded, map, map_version, cause, digest)
            values (@replay, @ExchangeId, @Ordinal, @Type, @Name, @State, @WasLoaded, @Map, @MapVersion, @Cause, @Digest)
            """,
            documents.Select(d => new { replay, exchange.ExchangeId, d.Ordinal, d.Type, d.Name, State = d.State.ToString(), d.WasLoaded, d.Map, d.MapVersion, d.Cause, d.Digest }));
        await Write(
            """
            insert into replay_table (replay_id, exchange_id, ordinal, table_name, added, changed, same, removed)
            values (@replay, @ExchangeId, @Ordinal, @Table, @Added, @Changed, @Same, @Removed)
            """,
            documents.SelectMany(d => d.Tables.Select(t => new { replay, exchange.ExchangeId, d.Ordinal, t.Table, t.Added, t.Changed, t.Same, t.Removed })));
        await Write(
            """
            insert into replay_row (replay_id, exchange_id, ordinal, place, table_name, row_key, kind, columns)
            values (@replay, @ExchangeId, @Ordinal, @Place, @Table, @Key, @Kind, @Columns)
            """,
            documents.SelectMany(d => d.Rows.Select(row => (d.Ordinal, Row: row))).Take(rowsMax).Select((row, place) => new
            {
                replay,
                exchange.ExchangeId,
                row.Ordinal,
                Place = place,
                row.Row.Table,
                row.Row.Key,
                Kind = row.Row.Kind.ToString(),
                Columns = JsonSerializer.Serialize(row.Row.Columns),
            }));
        await transaction.CommitAsync(cancellation);

        Task Write(string sql, object parameters) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation));
    }

    /// <summary>Notes that all has been tried.</summary>
    public async Task End(long replay, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update replay set ended_at = @now where id = @replay and ended_at is null", new { replay, now = clock.GetUtcNow() }, cancellationToken: cancellation));
    }

    /// <summary>Notes that it is applied; false when it was before.</summary>
    public async Task<bool> Claim(long replay, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update replay set applied_at = @now, applied_by = @actor, reason = @reason where id = @replay and applied_at is null and ended_at is not null",
            new { replay, actor, reason, now = clock.GetUtcNow() }, cancellationToken: cancellation)) == 1;
    }

    /// <summary>Notes why it was not applied to an exchange.</summary>
    public async Task Refuse(long replay, long exchange, string sentence, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update replay_exchange set refused = @sentence where replay_id = @replay and exchange_id = @exchange", new { replay, exchange, sentence }, cancellationToken: cancellation));
    }

    /// <summary>Exchanges of a dry run, the first first.</summary>
    /// <param name="replay">The dry run.</param>
    /// <param name="outcome">Only these; null for all.</param>
    /// <param name="most">How many.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <param name="after">Only those after this number.</param>
    public async Task<IReadOnlyList<ReplayedExchange>> Exchanges(long replay, ReplayOutcome? outcome, int most, CancellationToken cancellation, long after = 0)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReplayedExchange>(new CommandDefinition(
            """
            select r.exchange_id, r.outcome, r.state, r.fence, r.map, r.cause, r.refused, coalesce(e.file, '') as file, coalesce(e.partner, '') as partner,
                (select a.state from attempt a where a.replay_id = r.replay_id and a.exchange_id = r.exchange_id order by a.id desc limit 1) as applied,
                (select a.error from attempt a where a.replay_id = r.replay_id and a.exchange_id = r.exchange_id order by a.id desc limit 1) as error
            from replay_exchange r left join exchange e on e.id = r.exchange_id
            where r.replay_id = @replay and r.exchange_id > @after and (@Outcome is null or r.outcome = @Outcome) order by r.exchange_id limit @most
            """,
            new { replay, Outcome = outcome?.ToString(), most, after }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Documents of some exchanges of a dry run, with their tables and the rows that are kept.</summary>
    public async Task<IReadOnlyList<ReplayedDocument>> Documents(long replay, IReadOnlyList<long> exchanges, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        if (exchanges.Count == 0)
            return [];
        var of = new DynamicParameters(new { replay });
        var among = $"replay_id = @replay and exchange_id in {of.AddList("exchange", exchanges)}";
        var tables = (await connection.QueryAsync<TableRow>(new CommandDefinition(
            $"select exchange_id, ordinal, table_name, added, changed, same, removed from replay_table where {among}", of, cancellationToken: cancellation)))
            .ToLookup(row => (row.ExchangeId, row.Ordinal), row => new TableDifferences(row.TableName, row.Added, row.Changed, row.Same, row.Removed));
        var rows = (await connection.QueryAsync<ShownRow>(new CommandDefinition(
            $"select exchange_id, ordinal, table_name, row_key, kind, columns from replay_row where {among} order by exchange_id, place", of, cancellationToken: cancellation)))
            .ToLookup(row => (row.ExchangeId, row.Ordinal), row => row.ToDifference());
        var documents = await connection.QueryAsync<ReplayedDocument>(new CommandDefinition(
            $"select exchange_id, ordinal, type, name, state, was_loaded, map, map_version, cause, digest from replay_document where {among} order by exchange_id, ordinal",
            of, cancellationToken: cancellation));
        return [.. documents.Select(document => document with
        {
            Tables = [.. tables[(document.ExchangeId, document.Ordinal)]],
            Rows = [.. rows[(document.ExchangeId, document.Ordinal)]],
        })];
    }

    /// <summary>How many exchanges there are of each outcome.</summary>
    public async Task<IReadOnlyDictionary<ReplayOutcome, long>> Counts(long replay, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<OutcomeRow>(new CommandDefinition(
            "select outcome, count(*) as count from replay_exchange where replay_id = @replay group by outcome", new { replay }, cancellationToken: cancellation)))
            .ToDictionary(row => row.Outcome, row => row.Count);
    }

    /// <summary>All that a dry run would do, table by table.</summary>
    public async Task<IReadOnlyList<TableDifferences>> Totals(long replay, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return [.. (await connection.QueryAsync<TableRow>(new CommandDefinition(
            """
            select table_name, cast(sum(added) as bigint) as added, cast(sum(changed) as bigint) as changed, cast(sum(same) as bigint) as same, cast(sum(removed) as bigint) as removed
            from replay_table where replay_id = @replay group by table_name order by table_name
            """,
            new { replay }, cancellationToken: cancellation))).Select(row => new TableDifferences(row.TableName, row.Added, row.Changed, row.Same, row.Removed))];
    }

    /// <summary>What would become of the documents of a dry run, and how many rows of each would be written.</summary>
    public async Task<IReadOnlyList<ReplayedDocuments>> DocumentCounts(long replay, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReplayedDocuments>(new CommandDefinition(
            """
            select d.state, d.was_loaded, d.digest is not null as differs, count(*) as count,
                cast(coalesce(sum((select sum(t.added + t.changed + t.removed) from replay_table t
                    where t.replay_id = d.replay_id and t.exchange_id = d.exchange_id and t.ordinal = d.ordinal)), 0) as bigint) as rows
            from replay_document d where d.replay_id = @replay group by d.state, d.was_loaded, d.digest is not null
            """,
            new { replay }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Forgets dry runs whose time is over; how many.</summary>
    public async Task<int> RemoveOld(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from replay where at < @Before", new { Before = clock.GetUtcNow() - Kept }, cancellationToken: cancellation));
    }

    sealed record OutcomeRow
    {
        public ReplayOutcome Outcome { get; init; }
        public long Count { get; init; }
    }

    sealed record TableRow
    {
        public long ExchangeId { get; init; }
        public int Ordinal { get; init; }
        public string TableName { get; init; } = "";
        public long Added { get; init; }
        public long Changed { get; init; }
        public long Same { get; init; }
        public long Removed { get; init; }
    }
}
