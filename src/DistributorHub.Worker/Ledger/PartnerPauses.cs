using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A partner whom a person has paused while the service runs.</summary>
sealed record PartnerPause
{
    public string Partner { get; init; } = "";
    public string Actor { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateTimeOffset PausedAt { get; init; }

    /// <summary>The cause of an exchange that waits for it to end.</summary>
    public string Waits => $"Waits: partner {Partner} was paused by {Actor}: {Reason}";
}

/// <summary>
/// Partners that are paused at run time: they are not polled, nothing is sent to them, and what came from them waits. Who did it and why is kept.
/// </summary>
sealed class PartnerPauses(Database database, TimeProvider clock)
{
    public async Task<IReadOnlyList<PartnerPause>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<PartnerPause>(new CommandDefinition(
            "select partner, actor, reason, paused_at from partner_pause order by partner", cancellationToken: cancellation))).AsList();
    }

    /// <summary>The pause of a partner, or null.</summary>
    public async Task<PartnerPause?> Of(string partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QuerySingleOrDefaultAsync<PartnerPause>(new CommandDefinition(
            "select partner, actor, reason, paused_at from partner_pause where partner = @partner", new { partner }, cancellationToken: cancellation));
    }

    /// <summary>Pauses a partner; false when it is paused already.</summary>
    public async Task<bool> Pause(string partner, string actor, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.ExecuteAsync(new CommandDefinition(
            "insert into partner_pause (partner, actor, reason, paused_at) values (@partner, @actor, @reason, @now) on conflict (partner) do nothing",
            new { partner, actor, reason, now }, transaction, cancellationToken: cancellation)) == 0)
            return false;
        await Decisions.Record(connection, transaction, now, actor, "pause", Decisions.PartnerTarget(partner), reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>
    /// Lets a partner go on that was paused by a person, or whose polls stopped after a refused sign-in or a foreign host key; what waits is due at once.
    /// False when nothing stopped it.
    /// </summary>
    public async Task<bool> Resume(string partner, string actor, string? reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await connection.ExecuteAsync(new CommandDefinition(
            "delete from partner_pause where partner = @partner", new { partner }, transaction, cancellationToken: cancellation));
        ended += await connection.ExecuteAsync(new CommandDefinition(
            "update partner_state set paused_reason = null, paused_at = null where partner = @partner and paused_reason is not null",
            new { partner }, transaction, cancellationToken: cancellation));
        if (ended == 0)
            return false;
        await connection.ExecuteAsync(new CommandDefinition(
            "update exchange set due_at = @now where ended_at is null and due_at > @now and state = 'Received' and partner = @partner and cause like 'Waits: partner %'",
            new { partner, now }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, actor, "resume", Decisions.PartnerTarget(partner), reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
