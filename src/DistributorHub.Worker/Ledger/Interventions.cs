using System.Collections.Frozen;
using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>What became of something a person wants done to an exchange.</summary>
/// <param name="Exchange">Its number.</param>
/// <param name="Done">True when it is done, or will be by the next run; false when nothing has happened.</param>
/// <param name="Found">The state it was met in; null when there is no such exchange.</param>
/// <param name="Sentence">What happens now, or why nothing does.</param>
public sealed record Intervention(long Exchange, bool Done, ExchangeState? Found, string Sentence);

/// <summary>How an exchange is read again.</summary>
sealed record Rereading
{
    /// <summary>With a replay: what it maps with.</summary>
    public MapChoice? Map { get; init; }

    /// <summary>With a replay: the dry run it is bound by, or null.</summary>
    public long? Replay { get; init; }

    /// <summary>The run (<see cref="ExchangeRow.Fence"/>) after which nothing may have happened; null when that does not matter.</summary>
    public long? Fence { get; init; }

    /// <summary>When it is read at the earliest; null for at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Says, while nobody else can change the exchange, why nothing is to be done after all; or null.</summary>
    public Func<DbConnection, DbTransaction, Task<string?>>? Refuse { get; init; }

    /// <summary>What else is written in the same transaction.</summary>
    public Func<DbConnection, DbTransaction, Task>? Also { get; init; }
}

/// <summary>
/// What a person can have done to an exchange: every one of these is an attempt linked to the one before, with actor and reason, stands in the audit in the
/// same transaction, and is refused with the state that was found. Command line, pages and the HTTP API call these and nothing else. A run that is asked for
/// is made by the next worker that is free (<see cref="InboundFlow.Process(IReadOnlyList{long}, CancellationToken)"/>).
/// </summary>
sealed class Interventions(Database database, TimeProvider clock, string worker)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    static readonly FrozenDictionary<AttemptKind, ExchangeState[]> From = new Dictionary<AttemptKind, ExchangeState[]>
    {
        [AttemptKind.Retry] = [ExchangeState.Failed, ExchangeState.PartiallyCompleted, ExchangeState.Quarantined, ExchangeState.Held, ExchangeState.Ignored, ExchangeState.Cancelled],
        [AttemptKind.Replay] =
            [ExchangeState.Completed, ExchangeState.Failed, ExchangeState.PartiallyCompleted, ExchangeState.Quarantined, ExchangeState.Held, ExchangeState.Ignored, ExchangeState.Cancelled],
        // What is loaded of them can count again; what failed or is held of them stays as it is.
        [AttemptKind.Rollback] = [ExchangeState.Completed, ExchangeState.PartiallyCompleted, ExchangeState.Ignored],
        [AttemptKind.Force] =
            [ExchangeState.Duplicate, ExchangeState.Completed, ExchangeState.Failed, ExchangeState.PartiallyCompleted, ExchangeState.Quarantined, ExchangeState.Held, ExchangeState.Ignored, ExchangeState.Cancelled],
        [AttemptKind.Ignore] = [ExchangeState.Failed, ExchangeState.PartiallyCompleted, ExchangeState.Quarantined],
    }.ToFrozenDictionary();

    /// <summary>The same bytes once more, of what failed.</summary>
    /// <param name="id">The exchange.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <param name="also">What else is written in the same transaction.</param>
    public Task<Intervention> Retry(long id, string actor, string? reason, CancellationToken cancellation, Func<DbConnection, DbTransaction, Task>? also = null) =>
        Reopen(id, AttemptKind.Retry, actor, reason, new() { Also = also }, cancellation);

    /// <summary>A duplicate, or what was taken for one, is read all the same. The keys of its documents are looked at as ever: what is loaded is not loaded twice.</summary>
    public Task<Intervention> Force(long id, string actor, string reason, CancellationToken cancellation) =>
        Reopen(id, AttemptKind.Force, actor, reason, new(), cancellation);

    /// <summary>The same bytes, also of what did not fail, with the maps that are named; what was loaded before is replaced as the next revision.</summary>
    /// <param name="id">The exchange.</param>
    /// <param name="map">With what; a map that is named with its whole version (<see cref="Flow.MapVersions.Resolve"/>).</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public Task<Intervention> Replay(long id, MapChoice map, string actor, string reason, CancellationToken cancellation) =>
        Reopen(id, AttemptKind.Replay, actor, reason, new() { Map = map }, cancellation);

    /// <summary>A retry or a replay as one of many: see <see cref="Rereading"/>.</summary>
    public Task<Intervention> Reread(long id, AttemptKind kind, Rereading how, string actor, string reason, CancellationToken cancellation) =>
        Reopen(id, kind, actor, reason, how, cancellation);

    /// <summary>
    /// The repetition that helps, for who has no words to choose one: what failed for its content or our settings is read with the maps as they are now, since those
    /// it had would refuse it again; the rest as before. What is loaded stays.
    /// </summary>
    public async Task<Intervention> Again(long id, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var failure = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select class from exchange where id = @id and not outgoing and state <> 'Quarantined'", new { id }, cancellationToken: cancellation));
        return failure is nameof(FailureClass.Data) or nameof(FailureClass.Config)
            ? await Replay(id, MapChoice.Current with { FailedOnly = true }, actor, reason, cancellation)
            : await Retry(id, actor, reason, cancellation);
    }

    /// <summary>The full lists that an exchange has loaded are read again, and count in place of those loaded after them: see <see cref="Catalogues"/>.</summary>
    /// <param name="id">The exchange of the earlier list.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="refuse">Says, while nobody else can change the exchange, why nothing is to be done after all; or null.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public Task<Intervention> Rollback(
        long id, string actor, string reason, Func<DbConnection, DbTransaction, Task<string?>> refuse, CancellationToken cancellation) =>
        Reopen(id, AttemptKind.Rollback, actor, reason, new() { Refuse = refuse }, cancellation);

    /// <summary>Nothing more is done for what failed of an exchange; what is loaded of it stays.</summary>
    public async Task<Intervention> Ignore(long id, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (refusal, found) = await Refusal(connection, transaction, id, AttemptKind.Ignore, reason, cancellation);
        if (refusal is not null)
            return refusal;
        if (await Count(connection, transaction, "select count(*) from document where exchange_id = @id and state = 'Held'", id, cancellation) > 0)
            return new(id, false, found, $"Exchange #{id} has documents that are held: approve or reject them first.");
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            "update exchange set state = 'Ignored', cause = @cause where id = @id and state = @Found",
            new { id, Found = found.ToString(), cause = $"Ignored by {actor}: {reason}" }, transaction, cancellationToken: cancellation));
        await AddAttempt(connection, transaction, id, AttemptKind.Ignore, actor, reason, worker, now, cancellation);
        await Decisions.Record(connection, transaction, now, actor, "ignore", id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(id, true, found, $"Exchange #{id} is ignored from now on.");
    }

    /// <summary>True when a thing can be done to an exchange in the state it is in.</summary>
    public static bool Takes(AttemptKind kind, ExchangeRow exchange) =>
        From[kind].Contains(exchange.State) && !(exchange.Outgoing && ReadsAFile(kind));

    // What goes out has none.
    static bool ReadsAFile(AttemptKind kind) => kind is AttemptKind.Replay or AttemptKind.Rollback or AttemptKind.Force;

    /// <summary>Why a thing cannot be done to an exchange, apart from a reason that is missing; null when it can.</summary>
    public async Task<string?> WhyNot(long id, AttemptKind kind, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await Refusal(connection, null, id, kind, "asked", cancellation)).Refusal?.Sentence;
    }

    /// <summary>
    /// Ends the run of an exchange that waits or is worked on. From now on nothing more of it is loaded; its worker, or the next that is free, writes the end.
    /// </summary>
    public async Task<Intervention> Cancel(long id, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        var isAsked = !string.IsNullOrWhiteSpace(reason) && await Cancellations.Ask(connection, transaction, id, actor, reason, now, cancellation);
        var exchange = await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            "select id, state, outgoing, cancel_by from exchange where id = @id", new { id }, transaction, cancellationToken: cancellation));
        if (exchange is null)
            return new(id, false, null, $"There is no exchange #{id}.");
        if (string.IsNullOrWhiteSpace(reason))
            return new(id, false, exchange.State, "To cancel an exchange needs a reason, which stands in the record.");
        if (exchange.Outgoing)
            return new(id, false, exchange.State, $"Exchange #{id} goes out and is not read: there is nothing to cancel.");
        if (!isAsked)
            return new(id, false, exchange.State, exchange.CancelBy is { } other ? $"Exchange #{id} is being cancelled already, by {other}."
                : $"Exchange #{id} is {exchange.State}: its run is over. Cancel takes those that are Received or Processing.");
        await Decisions.Record(connection, transaction, now, actor, "cancel", id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(id, true, exchange.State, $"Exchange #{id} is being cancelled: nothing more of it is loaded.");
    }

    async Task<Intervention> Reopen(long id, AttemptKind kind, string actor, string? reason, Rereading how, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (refusal, found) = await Refusal(connection, transaction, id, kind, reason, cancellation);
        if (refusal is not null)
            return refusal;
        var now = clock.GetUtcNow();
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update exchange set state = 'Received', ended_at = null, due_at = @Due, transient_tries = 0, crash_count = 0,
                asked_by = @actor, asked_reason = @reason, asked_kind = @Kind, asked_map = @Map, asked_replay = @Replay
            where id = @id and state = @Found and fence = coalesce(@Fence, fence)
            """,
            new { id, Found = found.ToString(), Due = how.DueAt ?? now, actor, reason, Kind = kind.ToString(), Map = how.Map?.ToString(), how.Replay, how.Fence }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            return new(id, false, found, how.Fence is null ? $"Exchange #{id} was {found} a moment ago, and is no longer: look again."
                : $"Exchange #{id} has been read since the dry run, and is {found} now: make another.");
        if (how.Refuse is { } refuse && await refuse(connection, transaction) is { } sentence)
            return new(id, false, found, sentence);
        if (how.Also is { } also)
            await also(connection, transaction);
        await Decisions.Record(connection, transaction, now, actor, Verb(kind), id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(id, true, found, $"Exchange #{id} was {found}, and is read again.");
    }

    /// <summary>Why nothing is done, or null; and the state the exchange is in.</summary>
    static async Task<(Intervention? Refusal, ExchangeState Found)> Refusal(
        DbConnection connection, DbTransaction? transaction, long id, AttemptKind kind, string? reason, CancellationToken cancellation)
    {
        var exchange = await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            "select id, state, outgoing from exchange where id = @id", new { id }, transaction, cancellationToken: cancellation));
        if (exchange is null)
            return (new(id, false, null, $"There is no exchange #{id}."), default);
        if (kind != AttemptKind.Retry && string.IsNullOrWhiteSpace(reason))
            return (new(id, false, exchange.State, $"To {Verb(kind)} an exchange needs a reason, which stands in the record."), exchange.State);
        if (exchange.Outgoing && ReadsAFile(kind))
            return (new(id, false, exchange.State, $"Exchange #{id} goes out and is not read: resend sends it again, regenerate writes it anew."), exchange.State);
        if (From[kind].Contains(exchange.State))
            return (null, exchange.State);
        var hint = exchange.State switch
        {
            ExchangeState.Received or ExchangeState.Processing => "it is being worked on, or waits for that",
            ExchangeState.Duplicate => "nothing of it was read, because the same came before; force reads it all the same",
            ExchangeState.Rejected => "a person ended it for good",
            ExchangeState.Completed when kind == AttemptKind.Retry => "nothing of it failed; replay reads it with the maps as they are now",
            ExchangeState.Held => "approve or reject decides about it",
            _ => "there is nothing to be done",
        };
        return (new(id, false, exchange.State, $"Exchange #{id} is {exchange.State}: {hint}. {Verb(kind)} takes those that are {string.Join(", ", From[kind])}."), exchange.State);
    }

    static Task<long> Count(DbConnection connection, DbTransaction transaction, string sql, long id, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new { id }, transaction, cancellationToken: cancellation));

    static string Verb(AttemptKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Writes an attempt that reads nothing and is over, linked to the one before.</summary>
    public static Task<int> AddAttempt(
        DbConnection connection, DbTransaction transaction, long exchange, AttemptKind kind, string actor, string? reason, string worker, DateTimeOffset now,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into attempt (exchange_id, parent_id, kind, actor, reason, state, worker, started_at, ended_at)
            select @exchange, max(id), @Kind, @actor, @reason, 'Succeeded', @worker, @now, @now from attempt where exchange_id = @exchange
            """,
            new { exchange, Kind = kind.ToString(), actor, reason, worker, now }, transaction, cancellationToken: cancellation));
}
