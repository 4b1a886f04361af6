using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

/// <summary>What an alert is about. The first four are written by the database itself, in the transaction that changes an exchange's state.</summary>
enum AlertKind
{
    ExchangeFailed,
    ExchangePartiallyCompleted,
    ExchangeQuarantined,
    ExchangeHeld,

    /// <summary>It is due, or under way, for longer than anything takes.</summary>
    ExchangeStuck,
    PartnerUnreachable,
    SignInRefused,
    HostKeyChanged,

    /// <summary>The partner's files have mistakes, and it is paused.</summary>
    PartnerBroken,
    PartnerSilent,
    AcknowledgementOverdue,

    /// <summary>The partner refused what was sent.</summary>
    AcknowledgementRejected,
    OutboxStuck,
    WorkerGone,
    CredentialExpires,
}

/// <summary>Something that is so now and that a person should know of.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Partner">Whose; empty = the installation's.</param>
/// <param name="Subject">Tells it from others of the kind and partner.</param>
/// <param name="Level">How urgent.</param>
/// <param name="Facts">A sentence for people, without anything out of a document.</param>
/// <param name="Exchange">Number of the exchange it is about, or null.</param>
sealed record AlertCondition(AlertKind Kind, string Partner, string Subject, AlertLevel Level, string Facts, long? Exchange = null);

/// <summary>An alert as the ledger has it.</summary>
sealed record AlertRow
{
    public long Id { get; init; }
    public string Partner { get; init; } = "";
    public AlertKind Kind { get; init; }
    public AlertLevel Level { get; init; }

    /// <summary>Code of the first error, or the class of the failure; null when there is none.</summary>
    public string? Code { get; init; }
    public string? Facts { get; init; }
    public long? ExchangeId { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public bool Open { get; init; }

    /// <summary>State and errors of the exchange as it is now.</summary>
    public ExchangeState? ExchangeState { get; init; }
    public long Errors { get; init; }
}

/// <summary>Alerts from their beginning to their end. Each is told once when it begins and once when it is over.</summary>
sealed class AlertBook(Database database, TimeProvider clock)
{
    // More changes of one partner than this go into the next message.
    const int ToldMax = 1_000;

    const string Select =
        """
        select a.id, a.partner, a.kind, a.level, a.facts, a.exchange_id, a.opened_at, a.open, e.state as exchange_state, coalesce(e.errors, 0) as errors,
            coalesce((select f.code from finding f where f.exchange_id = a.exchange_id and f.severity in ('Error', 'Fatal') order by f.attempt_id desc, f.ordinal limit 1), a.code) as code
        from alert a left join exchange e on e.id = a.exchange_id
        """;

    const string Untold = "(a.opened_told_at is null or (not a.open and a.closed_told_at is null))";

    /// <summary>Open alerts, the most urgent and then the oldest first.</summary>
    public async Task<IReadOnlyList<AlertRow>> Open(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<AlertRow>(new CommandDefinition(
            $"{Select} where a.open and (@partner is null or a.partner = @partner) order by a.level, a.id limit @most", new { partner, most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Opens an alert for each condition that has none, and ends those whose condition is gone. Alerts the database writes itself are left alone.</summary>
    public async Task Reconcile(IReadOnlyCollection<AlertCondition> conditions, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var open = (await connection.QueryAsync<(long Id, string Partner, string Kind, string Subject)>(new CommandDefinition(
            """
            select id, partner, kind, subject from alert
            where open and kind not in ('ExchangeFailed', 'ExchangePartiallyCompleted', 'ExchangeQuarantined', 'ExchangeHeld')
            """,
            transaction: transaction, cancellationToken: cancellation))).ToDictionary(row => (row.Partner, row.Kind, row.Subject), row => row.Id);
        var now = clock.GetUtcNow();
        foreach (var condition in conditions.DistinctBy(Key))
            if (!open.Remove(Key(condition)))
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into alert (partner, kind, subject, level, facts, exchange_id, opened_at) values (@Partner, @Kind, @Subject, @Level, @Facts, @Exchange, @now)
                    on conflict (partner, kind, subject) where open do nothing
                    """,
                    new { condition.Partner, Kind = condition.Kind.ToString(), condition.Subject, Level = condition.Level.ToString(), condition.Facts, condition.Exchange, now },
                    transaction, cancellationToken: cancellation));
        foreach (var id in open.Values)
            await connection.ExecuteAsync(new CommandDefinition("update alert set open = false where id = @id", new { id }, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);

        static (string Partner, string Kind, string Subject) Key(AlertCondition condition) => (condition.Partner, condition.Kind.ToString(), condition.Subject);
    }

    /// <summary>Partners with something to tell, whose last message is at least a window old.</summary>
    public async Task<IReadOnlyList<string>> Due(TimeSpan window, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            $"select distinct a.partner from alert a left join alert_window w on w.partner = a.partner where {Untold} and (w.told_at is null or w.told_at <= @Before)",
            new { Before = clock.GetUtcNow() - window }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>
    /// Writes the messages about a partner's changes into the outbox and notes that they are told, in one transaction: a change is in one message, whenever
    /// the process ends. Nothing happens when another process was faster.
    /// </summary>
    /// <param name="partner">Whose; empty = the installation's.</param>
    /// <param name="window">Least time since the last message.</param>
    /// <param name="write">Makes the messages: channel and content.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task Tell(
        string partner, TimeSpan window, Func<IReadOnlyList<AlertRow>, IReadOnlyList<OutboxEntry>> write, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Whoever comes second waits here, and finds that the window has begun anew.
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            insert into alert_window (partner, told_at) values (@partner, @now)
            on conflict (partner) do update set told_at = excluded.told_at where alert_window.told_at <= @Before returning partner
            """,
            new { partner, now, Before = now - window }, transaction, cancellationToken: cancellation)) is null)
            return;
        var rows = (await connection.QueryAsync<AlertRow>(new CommandDefinition(
            $"{Select} where a.partner = @partner and {Untold} order by a.level, a.id limit @ToldMax", new { partner, ToldMax }, transaction, cancellationToken: cancellation))).AsList();
        if (rows.Count == 0)
            return;
        foreach (var entry in write(rows))
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into outbox (kind, partner, dedupe_key, payload, content, due_at, created_at)
                values (@Kind, @partner, @DedupeKey, @Payload, @Content, @now, @now) on conflict (dedupe_key) do nothing
                """,
                new { Kind = entry.Kind.ToString(), partner, entry.DedupeKey, entry.Payload, entry.Content, now }, transaction, cancellationToken: cancellation));
        await Note(connection, transaction, rows, now, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // By the state they were read in: what is over since then is told next time.
    static async Task Note(DbConnection connection, DbTransaction transaction, IReadOnlyList<AlertRow> rows, DateTimeOffset now, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "update alert set opened_told_at = @now where id = @Id and opened_told_at is null", rows.Select(row => new { row.Id, now }), transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "update alert set closed_told_at = @now where id = @Id", rows.Where(row => !row.Open).Select(row => new { row.Id, now }), transaction, cancellationToken: cancellation));
    }
}
