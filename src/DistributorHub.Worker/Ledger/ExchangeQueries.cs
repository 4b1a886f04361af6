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

/// <summary>The ledger for reading.</summary>
sealed class ExchangeQueries(Database database)
{
    readonly AnswerQueries answers = new(database);

    const string Document =
        """
        ordinal, identity, type, release, reference, number, stated_number, body_hash, state, class, cause, map, map_version, revision, duplicate_of,
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
                "select id, parent_id, kind, actor, reason, state, worker, started_at, ended_at, class, error from attempt where exchange_id = @id order by id"),
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
