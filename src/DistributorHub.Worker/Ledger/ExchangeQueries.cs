using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A line of the list of exchanges.</summary>
/// <param name="Exchange">The file.</param>
/// <param name="Documents">Its messages.</param>
sealed record ExchangeSummary(ExchangeRow Exchange, IReadOnlyList<DocumentRow> Documents);

/// <summary>Which exchanges to list. Everything that is null is not asked for.</summary>
sealed record ExchangeFilter
{
    public string? Partner { get; init; }
    public ExchangeState? State { get; init; }

    /// <summary>Business number of a document, in capitals or not: its key in the seller's tables, or what the message says.</summary>
    public string? Number { get; init; }
    public int Most { get; init; } = 100;

    /// <summary>Only exchanges before this one: the last of the page before.</summary>
    public long? Before { get; init; }

    /// <summary>True for a document of the number asked for.</summary>
    public bool Names(DocumentRow document) =>
        Number is not null && new[] { document.Number, document.StatedNumber }.Contains(Number.Trim(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>An interchange that was received before.</summary>
/// <param name="Exchange">The exchange it came in: number, file and time.</param>
/// <param name="Documents">Its documents: ordinal, identity, type and hash.</param>
sealed record EarlierInterchange(ExchangeRow Exchange, IReadOnlyList<DocumentRow> Documents);

/// <summary>The ledger for reading.</summary>
sealed class ExchangeQueries(Database database)
{
    readonly AnswerQueries answers = new(database);

    const string Document =
        """
        ordinal, identity, type, release, reference, number, stated_number, body_hash, state, class, cause, map, map_version, revision, purpose, duplicate_of,
        segments, at_offset, rows_loaded
        """;

    /// <summary>The newest exchanges that match, newest first.</summary>
    public async Task<IReadOnlyList<ExchangeSummary>> List(ExchangeFilter filter, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var exchanges = await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"""
            select {Exchanges.Columns} from exchange
            where (@Before is null or id < @Before) and (@Partner is null or partner = @Partner) and (@State is null or state = @State)
                and (@Number is null or id in (
                    select exchange_id from document where lower(number) = lower(@Number) or lower(stated_number) = lower(@Number)))
            order by id desc limit @Most
            """,
            new { filter.Partner, State = filter.State?.ToString(), Number = filter.Number?.Trim(), filter.Before, filter.Most }, cancellationToken: cancellation));
        var list = new List<ExchangeSummary>();
        foreach (var exchange in exchanges)
            list.Add(new(exchange, (await connection.QueryAsync<DocumentRow>(new CommandDefinition(
                $"select {Document} from document where exchange_id = @Id order by ordinal", new { exchange.Id }, cancellationToken: cancellation))).AsList()));
        return list;
    }

    /// <summary>One exchange without what is in it; null when there is none of this number.</summary>
    public async Task<ExchangeRow?> Find(long id, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where id = @id", new { id }, cancellationToken: cancellation));
    }

    /// <summary>Everything about one exchange; null when there is none of this number.</summary>
    public async Task<ExchangeDetails?> Show(long id, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var exchange = await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where id = @id", new { id }, cancellationToken: cancellation));
        if (exchange is null)
            return null;
        return new(
            exchange,
            await All<InterchangeRow>(
                """
                select ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state
                from interchange where exchange_id = @id order by ordinal
                """),
            await All<DocumentRow>($"select {Document} from document where exchange_id = @id order by ordinal"),
            await All<AttemptRow>(
                "select id, parent_id, kind, actor, reason, state, worker, started_at, ended_at, class, error, map from attempt where exchange_id = @id order by id"),
            await All<FindingRow>(
                """
                select code, severity, at_offset, interchange, group_ordinal, message_ordinal, segment, element, component, repetition, tag, path,
                    found, expected, message, advice
                from finding where exchange_id = @id and attempt_id = (select max(id) from attempt where exchange_id = @id) order by at_offset, ordinal
                """),
            await All<DecisionRow>("select at, actor, action, reason from audit where target = @target order by id"))
        {
            Sent = exchange.Outgoing ? await answers.Of(id, cancellation) : [],
            Answers = exchange.Outgoing ? await answers.To(id, cancellation) : [],
        };

        async Task<IReadOnlyList<T>> All<T>(string sql) =>
            (await connection.QueryAsync<T>(new CommandDefinition(sql, new { id, target = Decisions.Target(id) }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>True when another exchange of the partner has loaded this very document.</summary>
    public async Task<bool> IsLoadedElsewhere(string partner, string identity, long exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
                select 1 from document d join exchange e on e.id = d.exchange_id
                where d.identity = @identity and d.state = 'Loaded' and e.partner = @partner and e.id <> @exchange)
            """,
            new { partner, identity, exchange }, cancellationToken: cancellation));
    }

    /// <summary>An exchange of the partner that has loaded this very document, or null.</summary>
    public async Task<ExchangeRow?> LoadedBy(string partner, string identity, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QueryFirstOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            """
            select e.id, e.file from document d join exchange e on e.id = d.exchange_id
            where d.identity = @identity and d.state in ('Loaded', 'Superseded') and e.partner = @partner order by e.id limit 1
            """,
            new { partner, identity }, cancellationToken: cancellation));
    }

    /// <summary>
    /// The interchange that used a control number first, with its documents; null when none did. A number is used up when its interchange was accepted or
    /// rejected, not by one that was never read to its end.
    /// </summary>
    /// <param name="exchange">The exchange that asks: what it has used itself is its own.</param>
    /// <param name="interchange">Its interchange.</param>
    /// <param name="since">How far back the ledger is asked.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<EarlierInterchange?> Earlier(ExchangeRow exchange, InterchangeRow interchange, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var earlier = await connection.QueryFirstOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            """
            select e.id, e.file, e.created_at from interchange i join exchange e on e.id = i.exchange_id
            where i.standard = @Standard and i.sender = @Sender and i.recipient = @Recipient and i.reference = @Reference and i.received_at >= @since
                and i.test = @Test and i.state in ('Accepted', 'PartiallyAccepted', 'Rejected') and e.partner = @Partner and not e.outgoing
                and (e.id <> @Id or i.ordinal < @Ordinal)
                -- Nobody decided on it in time: sent again, it is asked again.
                and not (e.state = 'Rejected' and exists (select 1 from hold h where h.exchange_id = e.id and h.state = 'Cancelled'))
                and not exists (select 1 from interchange o
                    where o.exchange_id = @Id and o.ordinal = @Ordinal and o.state in ('Accepted', 'PartiallyAccepted', 'Rejected'))
            order by i.id limit 1
            """,
            new
            {
                interchange.Standard,
                interchange.Sender,
                interchange.Recipient,
                interchange.Reference,
                interchange.Test,
                interchange.Ordinal,
                exchange.Id,
                exchange.Partner,
                since,
            }, cancellationToken: cancellation));
        if (earlier is null)
            return null;
        return new(earlier, (await connection.QueryAsync<DocumentRow>(new CommandDefinition(
            """
            select d.ordinal, d.identity, d.type, d.body_hash from document d join interchange i on i.id = d.interchange_id
            where d.exchange_id = @Id and i.standard = @Standard and i.sender = @Sender and i.recipient = @Recipient and i.reference = @Reference order by d.ordinal
            """,
            new { earlier.Id, interchange.Standard, interchange.Sender, interchange.Recipient, interchange.Reference }, cancellationToken: cancellation))).AsList());
    }

    /// <summary>Failed exchanges without a job on the dashboard, and exchanges with one that are no longer failed.</summary>
    public async Task<IReadOnlyList<ExchangeRow>> Misrepresented(int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"""
            select {Exchanges.Columns} from exchange
            where (state in ('Failed', 'PartiallyCompleted', 'Quarantined')) <> (job is not null) order by id limit @most
            """,
            new { most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Exchanges that say they have a job on the dashboard.</summary>
    public async Task<IReadOnlyList<ExchangeRow>> Represented(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where job is not null order by id", cancellationToken: cancellation))).AsList();
    }

    /// <summary>Notes which dashboard job stands for a failed exchange.</summary>
    public async Task SetJob(long id, string? job, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("update exchange set job = @job where id = @id", new { id, job }, cancellationToken: cancellation));
    }
}
