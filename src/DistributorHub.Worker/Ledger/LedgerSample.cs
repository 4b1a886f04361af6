using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>The ledger as measures show it: what waits, since when, and how long partners have been silent.</summary>
sealed record LedgerSample
{
    public long OpenExchanges { get; init; }

    /// <summary>Exchanges that are due and nobody's.</summary>
    public long DueExchanges { get; init; }

    public DateTimeOffset? OldestExchange { get; init; }

    public long OutboxLength { get; init; }

    public DateTimeOffset? OldestEffect { get; init; }

    public long Workers { get; init; }

    /// <summary>Hangfire jobs that wait.</summary>
    public long QueuedJobs { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When each live partner's last file came; those that never sent one are left out.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LastFiles { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Open alerts by level.</summary>
    public IReadOnlyDictionary<string, long> OpenAlerts { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Asks the ledger; an index of what is open answers each question.</summary>
    /// <param name="database">The hub's.</param>
    /// <param name="partners">Live partners.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="cancellation">Stops asking.</param>
    public static async Task<LedgerSample> Take(Database database, IEnumerable<string> partners, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var sample = await connection.QuerySingleAsync<LedgerSample>(new CommandDefinition(
            """
            select
                (select count(*) from exchange where ended_at is null) as open_exchanges,
                (select count(*) from exchange where ended_at is null and due_at <= @now and (state = 'Received' or lease_until < @now)) as due_exchanges,
                (select min(created_at) from exchange where ended_at is null) as oldest_exchange,
                (select count(*) from outbox where done_at is null) as outbox_length,
                (select min(created_at) from outbox where done_at is null) as oldest_effect,
                (select count(*) from worker where seen_at >= @alive) as workers
            """,
            new { now, alive = now - WorkerRoll.Silence }, cancellationToken: cancellation));
        var alerts = await connection.QueryAsync<(string Level, long Count)>(new CommandDefinition(
            "select level, count(*) from alert where open group by level", cancellationToken: cancellation));
        var files = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var partner in partners)
            if (await connection.ExecuteScalarAsync<DateTimeOffset?>(new CommandDefinition(
                "select max(created_at) from exchange where partner = @partner and not outgoing", new { partner }, cancellationToken: cancellation)) is { } last)
                files[partner] = last;
        return sample with
        {
            At = now,
            LastFiles = files,
            OpenAlerts = Enum.GetNames<Partners.AlertLevel>().ToDictionary(
                level => level, level => alerts.FirstOrDefault(alert => alert.Level == level).Count, StringComparer.Ordinal),
        };
    }
}
