using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Something that has no end yet, and that nobody works on for longer than it should take.</summary>
sealed record StuckItem
{
    /// <summary>What it is: exchange, remote file, effect (a file to move, something to send) or document.</summary>
    public string Kind { get; init; } = "";

    public string Partner { get; init; } = "";

    /// <summary>Its number among its kind.</summary>
    public long Id { get; init; }

    /// <summary>The exchange it belongs to, or null for a remote file.</summary>
    public long? ExchangeId { get; init; }

    /// <summary>File, path, or what is to be done.</summary>
    public string Name { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>Since when nothing has happened.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What is known of why, or null.</summary>
    public string? Why { get; init; }
}

/// <summary>
/// Every file ends: what is neither ended nor being worked on, nor waiting for a moment that is still to come, is stuck. The sweeper takes up all that is due
/// within seconds, so that something here says that no worker runs, or that each one fails at it.
/// </summary>
sealed class StuckWork(Database database, TimeProvider clock)
{
    /// <summary>How long something may be due, or its lease be over, before it counts as stuck.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    // Each looks at what is open by an index of its own, not at the whole ledger.
    const string Query = """
        select 'exchange' as kind, partner, id, id as exchange_id, file as name, state, due_at as since, cause as why from exchange
        where ended_at is null and due_at < @Before and (state = 'Received' or lease_until < @Before) and (@partner is null or partner = @partner)
        union all
        select 'remote file', partner, id, null, path, state, last_seen, note from remote_file
        where state in ('Seen', 'Settling', 'Claimed') and last_seen < @Before and (state <> 'Claimed' or lease_until < @Before)
            and (@partner is null or partner = @partner)
        union all
        select 'effect', partner, id, exchange_id, payload, kind, created_at, last_error from outbox
        where done_at is null and due_at < @Before and (lease_until is null or lease_until < @Before) and (@partner is null or partner = @partner)
        union all
        select 'document', e.partner, d.id, d.exchange_id, coalesce(d.number, d.stated_number, d.reference), d.state, d.changed_at, d.cause
        from document d join exchange e on e.id = d.exchange_id
        where d.state in ('Parsed', 'Mapped') and e.ended_at < @Before and not e.outgoing and (@partner is null or e.partner = @partner)
        order by since limit @most
        """;

    /// <summary>What is stuck, the longest first.</summary>
    /// <param name="partner">Only this partner's, or null.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<StuckItem>> List(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<StuckItem>(new CommandDefinition(
            Query, new { partner, most, Before = clock.GetUtcNow() - After }, cancellationToken: cancellation))).AsList();
    }
}
