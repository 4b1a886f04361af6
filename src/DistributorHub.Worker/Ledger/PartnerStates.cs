using Dapper;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Ledger;

/// <summary>How the last poll of a partner ended, and whether polling waits for a person.</summary>
sealed class PartnerStatus
{
    public string Partner { get; init; } = "";
    public DateTimeOffset? PolledAt { get; init; }
    public string? Outcome { get; init; }
    public string? Message { get; init; }
    public int Failures { get; init; }
    public string? PausedReason { get; init; }

    /// <summary>Since when a partner who is expected to send has sent nothing for longer than agreed, or null.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>Moves, deletions and acknowledgements that failed and are not done yet, or null.</summary>
    public long? Waiting { get; init; }

    /// <summary>Why the oldest of them waits.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>What a person should look at although polls succeed, or null.</summary>
    public string? Attention => Waiting is > 0 ? $"needs attention: {Waiting} move(s), deletion(s), acknowledgement(s) or document(s) wait: {WaitingFor}" : null;
}

/// <summary>The state of partners' folders as polls found them.</summary>
sealed class PartnerStates(Database database, TimeProvider clock)
{
    public async Task<IReadOnlyList<PartnerStatus>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<PartnerStatus>(new CommandDefinition(
            """
            select s.partner, s.polled_at, s.outcome, s.message, s.failures, s.paused_reason, s.silent_since, w.waiting,
                (select o.last_error from outbox o where o.id = w.oldest) as waiting_for
            from partner_state s left join (
                select partner, count(*) as waiting, min(id) as oldest from outbox where done_at is null and last_error is not null and kind <> 'Notify' group by partner) w
                on w.partner = s.partner
            order by s.partner
            """,
            cancellationToken: cancellation))).AsList();
    }

    public Task Polled(string partner, int files, CancellationToken cancellation) =>
        Record(partner, files == 0 ? "Empty" : "Ok", null, null, cancellation);

    /// <summary>
    /// Refused sign-ins and foreign host keys pause the partner, so that no account is locked by our tries; a poll a person asks for
    /// is tried all the same.
    /// </summary>
    public Task Failed(string partner, SourceException failure, CancellationToken cancellation) =>
        Record(partner, failure.Fault.ToString(), failure.Message,
            Pauses(failure.Fault) ? failure.Message : null, cancellation);

    public static bool Pauses(SourceFault fault) => fault is SourceFault.SignInRefused or SourceFault.HostKeyMismatch;

    public async Task<string?> PausedReason(string partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select paused_reason from partner_state where partner = @partner", new { partner }, cancellationToken: cancellation));
    }

    /// <summary>True when the partner was polled after a moment, whatever came of it.</summary>
    public async Task<bool> PolledSince(string partner, DateTimeOffset moment, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from partner_state where partner = @partner and polled_at > @moment)", new { partner, moment }, cancellationToken: cancellation));
    }

    async Task Record(string partner, string outcome, string? message, string? paused, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            SqlText.Query("record-poll"),
            new { Partner = partner, Now = clock.GetUtcNow(), Outcome = outcome, Message = message, Paused = paused },
            cancellationToken: cancellation));
    }
}
