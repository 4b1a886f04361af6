using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// What a person decides about documents that a guard holds. A decision, who took it and why are written in one transaction.
/// </summary>
sealed class Decisions(Database database, TimeProvider clock)
{
    // Nothing is decided about an exchange that a worker has: it may end in another way.
    const string IsHeld = """
        id = @Id and state in ('Held', 'PartiallyCompleted')
            and exists (select 1 from document d where d.exchange_id = exchange.id and d.state = 'Held')
        """;

    /// <summary>
    /// Has the exchange read again from the archive, and lets the documents that are held now pass their guard in that one run; false when
    /// none is held.
    /// </summary>
    public Task<bool> Approve(long id, string actor, string reason, CancellationToken cancellation) => Decide(
        "approve", id, actor, reason,
        $"""
        update exchange set state = 'Received', ended_at = null, due_at = @Now, transient_tries = 0, crash_count = 0, asked_by = @Actor, asked_reason = @Reason, asked_kind = 'Approve'
        where {IsHeld}
        """,
        "update document set approved = true where exchange_id = @Id and state = 'Held'", cancellation);

    /// <summary>Ends the documents that are held, for good: they are never loaded. False when none is held.</summary>
    public Task<bool> Reject(long id, string actor, string reason, CancellationToken cancellation) => Decide(
        "reject", id, actor, reason,
        $"""
        update exchange set cause = case when state = 'Held' then @Cause else cause end, state = case
            when not exists (select 1 from document d where d.exchange_id = exchange.id and d.state in ('Loaded', 'Skipped', 'Superseded'))
                then case when state = 'Held' then 'Rejected' else 'Failed' end
            when state = 'Held' then 'Completed' else state end
        where {IsHeld}
        """,
        "update document set state = 'Cancelled', cause = @Cause, changed_at = @Now where exchange_id = @Id and state = 'Held'", cancellation);

    async Task<bool> Decide(
        string action, long id, string actor, string reason, string exchange, string documents, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var parameters = new { Id = id, Now = now, Actor = actor, Reason = reason, Cause = $"The held list was rejected by {actor}: {reason}" };
        if (await connection.ExecuteAsync(new CommandDefinition(exchange, parameters, transaction, cancellationToken: cancellation)) == 0)
            return false;
        await connection.ExecuteAsync(new CommandDefinition(documents, parameters, transaction, cancellationToken: cancellation));
        await Record(connection, transaction, now, actor, action, id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Writes what a person did to an exchange, in the transaction that does it.</summary>
    public static Task<int> Record(
        DbConnection connection, DbTransaction transaction, DateTimeOffset now, string actor, string action, long exchange, string? reason,
        CancellationToken cancellation) =>
        Audit.Add(connection, transaction, now, actor, action, Target(exchange), reason, cancellation);

    /// <summary>How the audit names an exchange.</summary>
    public static string Target(long exchange) => $"exchange {exchange}";
}
