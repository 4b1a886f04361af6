using System.Data.Common;
using System.Globalization;
using Dapper;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Documents that wait for people, and what people decide. Each decision is one transaction that holds the exchange's row, so that of two
/// approvals that arrive together one is the last, and only that one lets the document through.
/// </summary>
sealed class Holds(Database database, Func<string, ApprovalPolicy?> policies, TimeProvider clock)
{
    static readonly string OpenHold = SqlText.Query("open-hold");

    const string Hold = """
        h.id, h.exchange_id, h.ordinal, h.partner, e.file, d.type, d.number, d.stated_number, d.reference, h.rules, h.reason, h.amount, h.needed, h.state,
        h.opened_at, h.expires_at, h.ends_as, h.closed_at
        from hold h join exchange e on e.id = h.exchange_id left join document d on d.exchange_id = h.exchange_id and d.ordinal = h.ordinal
        """;

    // Nothing is decided about an exchange that a worker has: it may end in another way. The write keeps every other decision away until the commit.
    const string TakeHeld = "update exchange set fence = fence where id = @id and state in ('Held', 'PartiallyCompleted')";

    const string WithdrawOthers = """
        update hold set state = 'Withdrawn', closed_at = @Now
        where exchange_id = @Exchange and ordinal = @Ordinal and state = 'Open' and (rules <> @Rules or reason <> @Reason or amount is distinct from @Amount)
        """;

    /// <summary>Notes which documents of a run are held, and that others are not any more, in the transaction that writes them.</summary>
    public static async Task Note(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, IReadOnlyList<DocumentRow> documents, DateTimeOffset now, CancellationToken cancellation)
    {
        var held = documents.Where(document => document is { State: DocumentState.Held, Hold: not null }).Select(document => new
        {
            Exchange = run.Exchange.Id,
            document.Ordinal,
            run.Exchange.Partner,
            Rules = string.Join(' ', document.Hold!.Rules),
            Reason = document.Cause ?? "",
            Amount = document.Hold.Amount?.ToString("0.######", CultureInfo.InvariantCulture),
            document.Hold.Policy.Needed,
            Now = now,
            Expires = now + document.Hold.Policy.Expires,
            EndsAs = document.Hold.Policy.Expired.ToString(),
        }).ToList();
        // What was approved is what was seen: another reason or amount is another question.
        if (held.Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(WithdrawOthers, held, transaction, cancellationToken: cancellation));
        if (held.Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(OpenHold, held, transaction, cancellationToken: cancellation));
        // Most exchanges were never held: only one that is read again can have holds.
        if (run.Exchange.AskedBy is not null)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update hold set state = 'Withdrawn', closed_at = @now
                where exchange_id = @Id and state = 'Open' and exists (
                    select 1 from document d where d.exchange_id = hold.exchange_id and d.ordinal = hold.ordinal and d.state not in ('Held', 'Parsed'))
                """,
                new { run.Exchange.Id, now }, transaction, cancellationToken: cancellation));
    }

    /// <summary>Holds by the time they have left, those without an end last.</summary>
    public async Task<IReadOnlyList<HoldRow>> List(HoldFilter filter, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var delegators = filter.Mine is { } user ? await Delegations.Delegators(connection, null, user, clock.GetUtcNow(), cancellation) : [];
        var holds = await WithDecisions(connection, null, await connection.QueryAsync<HoldRow>(new CommandDefinition(
            $"""
            select {Hold}
            where (@Partner is null or h.partner = @Partner) and (@Exchange is null or h.exchange_id = @Exchange) and (not @Open or h.state = 'Open')
            order by case when h.state = 'Open' then 0 else 1 end, h.expires_at is null, h.expires_at, case when h.state = 'Open' then h.id else -h.id end limit @Limit
            """,
            // Whether a person may decide depends on partner files, which the database does not know.
            new { filter.Partner, filter.Exchange, filter.Open, Limit = filter.Mine is null ? filter.Most : int.MaxValue }, cancellationToken: cancellation)), cancellation);
        return filter.Mine is { } mine ? [.. holds.Where(hold => hold.State == HoldState.Open && Right(hold, mine, delegators).Approver is not null).Take(filter.Most)] : holds;
    }

    /// <summary>Counts an approval for the open holds of an exchange that the actor may decide, and lets those through that have all they need.</summary>
    /// <param name="id">The exchange.</param>
    /// <param name="actor">Who approves.</param>
    /// <param name="reason">Why; required.</param>
    /// <param name="ordinal">Only this document of the exchange, or null for all.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<DecisionAnswer> Approve(long id, string actor, string reason, int? ordinal, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (holds, refused) = await Take(connection, transaction, id, actor, ordinal, forApproval: true, cancellation);
        if (refused is { } sentence)
            return new(DecisionEffect.Refused, sentence);
        var now = clock.GetUtcNow();
        await Decide(connection, transaction, holds, actor, "Approved", reason, now, cancellation);
        var released = holds.Where(hold => hold.Row.Decisions.Count + 1 >= hold.Row.Needed).Select(hold => hold.Row).ToList();
        foreach (var hold in released)
        {
            await Close(connection, transaction, hold.Id, HoldState.Approved, now, cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                "update document set approved = true where exchange_id = @ExchangeId and ordinal = @Ordinal and state = 'Held'", hold, transaction, cancellationToken: cancellation));
        }
        if (released.Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update exchange set state = 'Received', ended_at = null, due_at = @now, transient_tries = 0, crash_count = 0, asked_by = @actor, asked_reason = @reason, asked_kind = 'Approve'
                where id = @id
                """,
                new { id, now, actor, reason }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, actor, "approve", id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return released.Count > 0 ? new(DecisionEffect.Released, $"Approved: {string.Join(", ", released.Select(hold => hold.Name))}.")
            : new(DecisionEffect.Counted, $"Counted: {string.Join(", ", holds.Select(hold => $"{hold.Row.Name} has {hold.Row.Decisions.Count + 1} of {hold.Row.Needed} approvals"))}.");
    }

    /// <summary>Ends the open holds of an exchange that the actor may decide: their documents are never loaded.</summary>
    /// <param name="id">The exchange.</param>
    /// <param name="actor">Who rejects.</param>
    /// <param name="reason">Why; required.</param>
    /// <param name="ordinal">Only this document of the exchange, or null for all.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<DecisionAnswer> Reject(long id, string actor, string reason, int? ordinal, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (holds, refused) = await Take(connection, transaction, id, actor, ordinal, forApproval: false, cancellation);
        if (refused is { } sentence)
            return new(DecisionEffect.Refused, sentence);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from hold_decision where hold_id = @Id and (approver = @Approver or actor = @actor)",
            holds.Select(hold => new { hold.Row.Id, hold.Approver, actor }), transaction, cancellationToken: cancellation));
        await Decide(connection, transaction, holds, actor, "Rejected", reason, now, cancellation);
        var cause = $"{(holds.Count == 1 ? $"The held {holds[0].Row.Name} was" : "What was held was")} rejected by {actor}: {reason}";
        foreach (var (hold, _) in holds)
            await End(connection, transaction, hold, HoldState.Rejected, cause, now, cancellation);
        await Decisions.Record(connection, transaction, now, actor, "reject", id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(DecisionEffect.Rejected, cause);
    }

    /// <summary>Ends holds whose time is over, as their partner's file says; how many.</summary>
    public async Task<int> Expire(int most, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        var due = (await connection.QueryAsync<long>(new CommandDefinition(
            "select id from hold where state = 'Open' and expires_at <= @now order by expires_at limit @most", new { now, most }, cancellationToken: cancellation))).AsList();
        var ended = 0;
        foreach (var id in due)
            if (await Expire(connection, id, now, cancellation))
                ended++;
        return ended;
    }

    static async Task<bool> Expire(DbConnection connection, long id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var exchange = await connection.ExecuteScalarAsync<long?>(new CommandDefinition("select exchange_id from hold where id = @id", new { id }, transaction, cancellationToken: cancellation));
        if (await connection.ExecuteAsync(new CommandDefinition(TakeHeld, new { id = exchange }, transaction, cancellationToken: cancellation)) == 0)
            return false;
        var hold = await connection.QuerySingleOrDefaultAsync<HoldRow>(new CommandDefinition(
            $"select {Hold} where h.id = @id and h.state = 'Open' and h.expires_at <= @now", new { id, now }, transaction, cancellationToken: cancellation));
        if (hold is null)
            return false;
        var cause = string.Create(CultureInfo.InvariantCulture,
            $"Nobody decided on the held {hold.Name} until {hold.ExpiresAt:yyyy-MM-dd HH:mm} UTC, so it was {(hold.EndsAs == HoldState.Rejected ? "rejected" : "cancelled")}.");
        await End(connection, transaction, hold, hold.EndsAs, cause, now, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(AddExpiry, new { hold.ExchangeId, hold.Ordinal, cause, Found = hold.Rules }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "update exchange set findings = findings + 1 where id = @ExchangeId", hold, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, "hub", "expire", hold.ExchangeId, cause, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    // Belongs to the run that held it: nothing has run since.
    const string AddExpiry = """
        insert into finding (attempt_id, ordinal, exchange_id, code, severity, at_offset, interchange, group_ordinal, message_ordinal, segment, element, component,
            repetition, found, message, advice)
        select a.id, coalesce((select max(f.ordinal) from finding f where f.attempt_id = a.id), 0) + 1, @ExchangeId, 'HLD6006', 'Warning',
            coalesce((select d.at_offset from document d where d.exchange_id = @ExchangeId and d.ordinal = @Ordinal), 0), 0, 0, @Ordinal, 0, 0, 0, 0, @Found, @cause,
            'Ask the partner whether the document still counts; if so, have it sent again.'
        from attempt a where a.id = (select max(id) from attempt where exchange_id = @ExchangeId)
        """;

    /// <summary>Takes the exchange and the holds the actor may decide; or says why nothing can be decided.</summary>
    async Task<(List<(HoldRow Row, string Approver)> Holds, string? Refused)> Take(
        DbConnection connection, DbTransaction transaction, long id, string actor, int? ordinal, bool forApproval, CancellationToken cancellation)
    {
        var taken = await connection.ExecuteAsync(new CommandDefinition(TakeHeld, new { id }, transaction, cancellationToken: cancellation));
        var open = taken == 0 ? [] : await WithDecisions(connection, transaction, await connection.QueryAsync<HoldRow>(new CommandDefinition(
            $"select {Hold} where h.exchange_id = @id and h.state = 'Open' and d.state = 'Held' and (@ordinal is null or h.ordinal = @ordinal) order by h.ordinal",
            new { id, ordinal }, transaction, cancellationToken: cancellation)), cancellation);
        if (open.Count == 0)
        {
            var state = await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select state from exchange where id = @id", new { id }, transaction, cancellationToken: cancellation));
            return ([], state is null ? $"There is no exchange #{id}." : $"Exchange #{id} is {state}, and nothing of it is held{(ordinal is null ? "" : $" as document {ordinal}")}. 'hub hold list' shows what is.");
        }
        var delegators = await Delegations.Delegators(connection, transaction, actor, clock.GetUtcNow(), cancellation);
        var rights = open.Select(hold => (Row: hold, Right: Right(hold, actor, delegators, forApproval))).ToList();
        var mine = rights.Where(right => right.Right.Approver is not null).Select(right => (right.Row, right.Right.Approver!)).ToList();
        return mine.Count > 0 ? (mine, null) : ([], rights[0].Right.Refused);
    }

    /// <summary>Whose right a person would use to decide a hold, or why they have none.</summary>
    (string? Approver, string? Refused) Right(HoldRow hold, string actor, IReadOnlyList<string> delegators, bool forApproval = true)
    {
        // Who approved may still think better of it.
        if (forApproval && hold.Decisions.Any(decision => decision.Actor == actor))
            return (null, $"{actor} has decided on {hold.Name} already; {hold.Decisions.Count} of {hold.Needed} approvals are there.");
        var policy = policies(hold.Partner) ?? new();
        if (policy.Approvers.Count == 0)
            return (actor, null);
        var refused = $"{actor} is no approver of partner {hold.Partner}: {string.Join(", ", policy.Approvers.Select(approver => approver.User))}.";
        foreach (var user in delegators.Prepend(actor))
        {
            if (policy.Find(user) is not { } approver)
                continue;
            if (forApproval && hold.Decisions.Any(decision => decision.Approver == user))
                refused = $"{user} has decided on {hold.Name} already.";
            else if (forApproval && approver.UpTo is { } most && (hold.Value is null || hold.Value > most))
                refused = FormattableString.Invariant($"{user} may approve amounts up to {most}, and {hold.Name} has {(hold.Value is { } value ? value.ToString(CultureInfo.InvariantCulture) : "none that is known")}.");
            else
                return (user, null);
        }
        return (null, refused);
    }

    static Task<int> Decide(
        DbConnection connection, DbTransaction transaction, IEnumerable<(HoldRow Row, string Approver)> holds, string actor, string verdict, string reason, DateTimeOffset now,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into hold_decision (hold_id, approver, actor, verdict, reason, at) values (@Id, @Approver, @actor, @verdict, @reason, @now)",
            holds.Select(hold => new { hold.Row.Id, hold.Approver, actor, verdict, reason, now }), transaction, cancellationToken: cancellation));

    static Task<int> Close(DbConnection connection, DbTransaction transaction, long id, HoldState state, DateTimeOffset now, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update hold set state = @State, closed_at = @now where id = @id and state = 'Open'", new { id, State = state.ToString(), now }, transaction, cancellationToken: cancellation));

    /// <summary>Ends a held document for good, and its exchange with it when nothing else of it waits.</summary>
    static async Task End(
        DbConnection connection, DbTransaction transaction, HoldRow hold, HoldState state, string cause, DateTimeOffset now, CancellationToken cancellation)
    {
        await Close(connection, transaction, hold.Id, state, now, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update document set state = 'Cancelled', cause = @cause, changed_at = @now where exchange_id = @ExchangeId and ordinal = @Ordinal and state = 'Held'",
            new { hold.ExchangeId, hold.Ordinal, cause, now }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update exchange set cause = case when state = 'Held' then @cause else cause end, state = case
                when not exists (select 1 from document d where d.exchange_id = exchange.id and d.state in ('Loaded', 'Skipped', 'Superseded'))
                    then case when state = 'Held' then 'Rejected' else 'Failed' end
                when state = 'Held' then 'Completed' else state end
            where id = @ExchangeId and not exists (select 1 from document d where d.exchange_id = exchange.id and d.state = 'Held')
            """,
            new { hold.ExchangeId, cause }, transaction, cancellationToken: cancellation));
    }

    static async Task<IReadOnlyList<HoldRow>> WithDecisions(
        DbConnection connection, DbTransaction? transaction, IEnumerable<HoldRow> holds, CancellationToken cancellation)
    {
        var list = new List<HoldRow>();
        foreach (var hold in holds)
            list.Add(hold with
            {
                Decisions = (await connection.QueryAsync<HoldDecisionRow>(new CommandDefinition(
                    "select hold_id, approver, actor, verdict, reason, at from hold_decision where hold_id = @Id order by at", new { hold.Id }, transaction, cancellationToken: cancellation))).AsList(),
            });
        return list;
    }
}
