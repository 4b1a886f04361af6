using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A list of prices, what became of it, and what it did or would do.</summary>
public sealed record CatalogueRow
{
    public long ExchangeId { get; init; }
    public int Ordinal { get; init; }
    public string Partner { get; init; } = "";

    /// <summary>Name of its table in maps.</summary>
    public string List { get; init; } = "";
    public string Scope { get; init; } = "";
    public bool IsFull { get; init; }
    public string Facts { get; init; } = "";
    public string? Samples { get; init; }
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>When its rows were written last; null for one that never was loaded.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>When an earlier list was made to count in its place.</summary>
    public DateTimeOffset? RolledBackAt { get; init; }
    public string File { get; init; } = "";
    public string Type { get; init; } = "";
    public string? Number { get; init; }
    public string? StatedNumber { get; init; }
    public string Reference { get; init; } = "";
    public DocumentState State { get; init; }

    /// <summary>True when it is the full list that counts now.</summary>
    public bool IsLive { get; init; }

    /// <summary>What people call it.</summary>
    public string Name => Number ?? StatedNumber ?? Reference;

    /// <summary>What it did; its samples are empty when they were not asked for, or their time is over.</summary>
    public CatalogueReview Review() =>
        JsonSerializer.Deserialize<CatalogueReview>(Facts)! with { Samples = Samples is null ? new() : JsonSerializer.Deserialize<CatalogueSamples>(Samples)! };
}

/// <summary>
/// Lists of prices: what each one changed, which one counts, and how the one before is made to count again. A list counts from when its rows were written; a list is
/// taken back by reading an earlier full one again, as a run that is like any other.
/// </summary>
sealed class Catalogues(Database database, Interventions interventions)
{
    /// <summary>Lists of one file of which samples are kept; of the others there are counts.</summary>
    const int SampledMax = 20;

    const string Columns = """
        c.exchange_id, c.ordinal, c.partner, c.list, c.scope, c.is_full, c.facts, c.made_at, c.loaded_at, c.rolled_back_at, e.file, d.type, d.number, d.stated_number,
        d.reference, d.state,
        c.is_full and c.loaded_at is not null and c.rolled_back_at is null and not exists (
            select 1 from catalogue_review x where x.partner = c.partner and x.list = c.list and x.scope = c.scope and x.is_full and x.loaded_at > c.loaded_at) as is_live
        """;

    const string From = """
        from catalogue_review c join exchange e on e.id = c.exchange_id join document d on d.exchange_id = c.exchange_id and d.ordinal = c.ordinal
        """;

    const string Save = """
        insert into catalogue_review (exchange_id, ordinal, partner, list, scope, is_full, facts, samples, made_at, loaded_at)
        values (@Exchange, @Ordinal, @Partner, @List, @Scope, @IsFull, @Facts, @Samples, @now, @Loaded)
        on conflict (exchange_id, ordinal) do update set
            scope = excluded.scope, facts = excluded.facts, samples = excluded.samples, made_at = excluded.made_at,
            loaded_at = coalesce(excluded.loaded_at, catalogue_review.loaded_at), rolled_back_at = null
        """;

    /// <summary>Notes what the lists of a run did or would do, in the transaction that writes their documents.</summary>
    public static async Task Note(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, IReadOnlyList<DocumentRow> documents, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var document in documents.Where(document => document is { Review: not null, State: DocumentState.Loaded or DocumentState.Held }))
        {
            var review = document.Review!;
            var loaded = document.State == DocumentState.Loaded;
            var list = new
            {
                Exchange = run.Exchange.Id,
                document.Ordinal,
                run.Exchange.Partner,
                List = review.Table,
                review.Scope,
                review.IsFull,
                Facts = JsonSerializer.Serialize(review with { Samples = new() }),
                Samples = document.Ordinal > SampledMax ? null : JsonSerializer.Serialize(review.Samples),
                Loaded = loaded ? now : (DateTimeOffset?)null,
                now,
            };
            if (loaded && run.Kind == AttemptKind.Rollback)
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update catalogue_review set rolled_back_at = @now
                    where partner = @Partner and list = @List and scope = @Scope and is_full and rolled_back_at is null and exchange_id <> @Exchange
                        and loaded_at > (select o.loaded_at from catalogue_review o where o.exchange_id = @Exchange and o.ordinal = @Ordinal)
                    """, list, transaction, cancellationToken: cancellation));
            await connection.ExecuteAsync(new CommandDefinition(Save, list, transaction, cancellationToken: cancellation));
        }
    }

    /// <summary>Ordinals of the full lists that an exchange has loaded.</summary>
    public static async Task<IReadOnlyCollection<int>> FullLists(DbConnection connection, DbTransaction transaction, long exchange, CancellationToken cancellation) =>
        (await connection.QueryAsync<int>(new CommandDefinition(
            "select ordinal from catalogue_review where exchange_id = @exchange and is_full and loaded_at is not null", new { exchange }, transaction, cancellationToken: cancellation))).ToHashSet();

    /// <summary>Lists without their samples: those that are held first, then the newest.</summary>
    public async Task<IReadOnlyList<CatalogueRow>> List(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<CatalogueRow>(new CommandDefinition(
            $"""
            select {Columns}
            from (select * from (
                    select h.* from document o join catalogue_review h on h.exchange_id = o.exchange_id and h.ordinal = o.ordinal
                    where o.state = 'Held' and (@partner is null or h.partner = @partner) order by h.made_at desc limit @most) as held
                union select * from (
                    select n.* from catalogue_review n where (@partner is null or n.partner = @partner) order by n.made_at desc limit @most) as newest) as c
                join exchange e on e.id = c.exchange_id join document d on d.exchange_id = c.exchange_id and d.ordinal = c.ordinal
            order by case when d.state = 'Held' then 0 else 1 end, c.made_at desc, c.exchange_id desc, c.ordinal limit @most
            """,
            new { partner, most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>One list with its samples; the first of the file unless another is named. Null when the exchange has none.</summary>
    public async Task<CatalogueRow?> Find(long exchange, int? ordinal, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QueryFirstOrDefaultAsync<CatalogueRow>(new CommandDefinition(
            $"select {Columns}, c.samples {From} where c.exchange_id = @exchange and (@ordinal is null or c.ordinal = @ordinal) order by c.ordinal limit 1",
            new { exchange, ordinal }, cancellationToken: cancellation));
    }

    /// <summary>Lists of the same partner, table and scope, the newest first, without their samples.</summary>
    public async Task<IReadOnlyList<CatalogueRow>> Versions(CatalogueRow list, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<CatalogueRow>(new CommandDefinition(
            $"""
            select {Columns} {From} where c.partner = @Partner and c.list = @List and c.scope in (@Scope, '')
            order by case when d.state = 'Held' then 0 else 1 end, coalesce(c.loaded_at, c.made_at) desc, c.exchange_id desc limit @most
            """,
            new { list.Partner, list.List, list.Scope, most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>The full list that counts for the partner, table and scope of another, and the one loaded before it; null where there is none.</summary>
    public async Task<(CatalogueRow? Live, CatalogueRow? Previous)> Line(CatalogueRow list, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Line(connection, null, list.Partner, list.List, list.Scope, cancellation);
    }

    static async Task<(CatalogueRow? Live, CatalogueRow? Previous)> Line(
        DbConnection connection, DbTransaction? transaction, string partner, string list, string scope, CancellationToken cancellation)
    {
        var newest = (await connection.QueryAsync<CatalogueRow>(new CommandDefinition(
            $"""
            select {Columns} {From}
            where c.partner = @partner and c.list = @list and c.scope = @scope and c.is_full and c.loaded_at is not null and c.rolled_back_at is null
            order by c.loaded_at desc, c.exchange_id desc limit 2
            """,
            new { partner, list, scope }, transaction, cancellationToken: cancellation))).AsList();
        return (newest.ElementAtOrDefault(0), newest.ElementAtOrDefault(1));
    }

    /// <summary>Takes back the list that counts: an earlier full list is read again, in its place. <see cref="Intervention.Exchange"/> is the earlier one's.</summary>
    /// <param name="id">The exchange of the list that is taken back; it must be the one that counts.</param>
    /// <param name="to">The exchange of the list that is to count again; null = the one loaded before.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<Intervention> Rollback(long id, long? to, string actor, string reason, CancellationToken cancellation)
    {
        (CatalogueRow? Earlier, string Sentence) found;
        await using (var connection = await database.Open(cancellation))
            found = await Earlier(connection, null, id, to, cancellation);
        if (found.Earlier is not { } earlier)
            return new(id, false, await State(id, cancellation), found.Sentence);
        var done = await interventions.Rollback(earlier.ExchangeId, actor, reason, async (connection, transaction) =>
        {
            var now = await Earlier(connection, transaction, id, earlier.ExchangeId, cancellation);
            if (now.Earlier is null)
                return now.Sentence;
            await Decisions.Record(connection, transaction, interventions.Now, actor, "roll back", id, $"to #{earlier.ExchangeId}: {reason}", cancellation);
            return null;
        }, cancellation);
        return done.Done ? done with { Sentence = found.Sentence } : done;
    }

    async Task<ExchangeState?> State(long id, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select state from exchange where id = @id", new { id }, cancellationToken: cancellation)) is { } state
            ? Enum.Parse<ExchangeState>(state) : null;
    }

    /// <summary>The list that is to count again, and what happens then; or null, and why nothing does.</summary>
    static async Task<(CatalogueRow? Earlier, string Sentence)> Earlier(DbConnection connection, DbTransaction? transaction, long id, long? to, CancellationToken cancellation)
    {
        if (await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(*) from exchange where id = @id", new { id }, transaction, cancellationToken: cancellation)) == 0)
            return (null, $"There is no exchange #{id}.");
        var list = await Loaded(id);
        if (list is null)
            return (null, $"Exchange #{id} has loaded no full list: there is nothing to roll back.");
        var (live, previous) = await Line(connection, transaction, list.Partner, list.List, list.Scope, cancellation);
        if (live is null || live.ExchangeId != id)
            return (null, list.RolledBackAt is { } at ? $"List {list.Name} (#{id}) was rolled back at {Time(at)} UTC already."
                : $"List {live?.Name} (#{live?.ExchangeId}) was loaded after {list.Name}, at {Time(live?.LoadedAt ?? default)} UTC, and is the one that counts: roll that one back.");
        var earlier = to is null ? previous : await Loaded(to.Value);
        if (earlier is null)
            return (null, to is null ? $"No full list was loaded before {list.Name} (#{id}), as far as the ledger goes back." : $"Exchange #{to} has loaded no full list that could count again.");
        if (earlier.ExchangeId == id || (earlier.Partner, earlier.List, earlier.Scope) != (list.Partner, list.List, list.Scope))
            return (null, $"Exchange #{to} is no other list of the same partner and scope as #{id}.");
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select r.removed_why from exchange e join raw_file r on r.sha256 = e.sha256 where e.id = @ExchangeId and r.removed_at is not null", earlier, transaction, cancellationToken: cancellation)) is { } why)
            return (null, $"The bytes of {earlier.Name} (#{earlier.ExchangeId}) were deleted ({why}), so that it cannot be read again. Ask the partner for it.");
        return (earlier, $"List {earlier.Name} (#{earlier.ExchangeId}) is read again, and counts in place of {list.Name} (#{id}).");

        Task<CatalogueRow?> Loaded(long exchange) => connection.QueryFirstOrDefaultAsync<CatalogueRow?>(new CommandDefinition(
            $"select {Columns} {From} where c.exchange_id = @exchange and c.is_full and c.loaded_at is not null order by c.ordinal limit 1",
            new { exchange }, transaction, cancellationToken: cancellation));
    }

    static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
