using System.Data.Common;
using System.Text.Json;
using Dapper;
using DistributorHub.Edi;

namespace DistributorHub.Worker.Ledger;

/// <summary>The life of exchanges: taken under a lease, ended once, tried again on purpose.</summary>
sealed class Exchanges(Database database, TimeProvider clock, string worker)
{
    /// <summary>Attempts that ended with their process before the file is set aside.</summary>
    public const int CrashesMax = 3;

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>What stops runs that people cancel.</summary>
    public Cancellations Cancellations { get; init; } = new(database, clock);

    /// <summary>Columns of an <see cref="ExchangeRow"/>.</summary>
    public const string Columns =
        """
        id, partner, remote_file_id, file, path, sha256, bytes, modified_at, state, cause, class, duplicate_of, findings, errors,
        crash_count, transient_tries, due_at, fence, created_at, ended_at, asked_by, asked_reason, asked_kind, asked_map, asked_replay, job, outgoing, legal_hold,
        cancel_by, cancel_reason
        """;

    /// <summary>
    /// Takes exchanges to work on, in one commit; those that have ended, are not due, or are another worker's are left out. The counter of crashes is raised here,
    /// before anything is parsed, so that a file that kills the process is counted.
    /// </summary>
    public async Task<IReadOnlyList<ExchangeRun>> Start(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var exchanges = (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"""
            update exchange set state = 'Processing', lease_owner = @Worker, lease_until = @Until, fence = fence + 1, crash_count = crash_count + 1
            where id in (select id from exchange where id in {database.NumbersIn("Ids")} and {Free}{database.LockedBy("id")})
            returning {Columns}
            """,
            new { Ids = JsonSerializer.Serialize(ids), Worker = worker, Until = now + Lease, Now = now }, transaction, cancellationToken: cancellation))).OrderBy(exchange => exchange.Id).ToList();
        if (exchanges.Count == 0)
            return [];
        var attempts = await StartAttempts(connection, transaction, exchanges, now, cancellation);
        var runs = new List<ExchangeRun>();
        foreach (var exchange in exchanges)
            runs.Add(await Run(connection, transaction, exchange, attempts[exchange.Id], cancellation));
        await transaction.CommitAsync(cancellation);
        return runs;
    }

    /// <summary>
    /// How many of the first of these may be started together. One that a process has died with comes first, or waits for the next time: of a file that kills,
    /// those that were started with it are counted once, and never set aside for it.
    /// </summary>
    public async Task<int> Together(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        if (ids.Count < 2)
            return ids.Count;
        await using var connection = await database.Open(cancellation);
        var crashed = (await connection.QueryAsync<long>(new CommandDefinition(
            $"select id from exchange where id in {database.NumbersIn("Ids")} and ended_at is null and crash_count > 0",
            new { Ids = JsonSerializer.Serialize(ids.Skip(1)) }, cancellationToken: cancellation))).ToHashSet();
        return 1 + ids.Skip(1).TakeWhile(id => !crashed.Contains(id)).Count();
    }

    // Nobody works on it, and it is due.
    const string Free = "ended_at is null and due_at <= @Now and (state = 'Received' or lease_until < @Now)";

    async Task<Dictionary<long, StartedAttempt>> StartAttempts(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<ExchangeRow> exchanges, DateTimeOffset now, CancellationToken cancellation)
    {
        if (exchanges.Where(IsAgain).Select(exchange => exchange.Id).ToList() is { Count: > 0 } again)
            await connection.ExecuteAsync(new CommandDefinition(
                $"update attempt set state = 'Abandoned', ended_at = @now where exchange_id in {database.NumbersIn("Ids")} and state = 'Running'",
                new { Ids = JsonSerializer.Serialize(again), now }, transaction, cancellationToken: cancellation));
        return (await connection.QueryAsync<StartedAttempt>(new CommandDefinition(
            $"""
            insert into attempt (exchange_id, parent_id, kind, actor, reason, map, replay_id, state, worker, started_at)
            select id, parent, coalesce(asked_kind, case when parent is null then 'First' else 'Retry' end), coalesce(asked_by, 'hub'), asked_reason, asked_map, asked_replay, 'Running', @worker, @now
            from (select e.*, (select max(a.id) from attempt a where a.exchange_id = e.id) as parent from exchange e where e.id in {database.NumbersIn("Ids")}) as started
            where true order by id
            returning exchange_id, id, kind
            """,
            new { Ids = JsonSerializer.Serialize(exchanges.Select(exchange => exchange.Id)), worker, now }, transaction, cancellationToken: cancellation))).ToDictionary(attempt => attempt.ExchangeId);
    }

    /// <summary>True for one that was started before: only such a one can have attempts and, unless it goes out, documents.</summary>
    static bool IsAgain(ExchangeRow exchange) => exchange.Fence > 1;

    static async Task<ExchangeRun> Run(DbConnection connection, DbTransaction transaction, ExchangeRow exchange, StartedAttempt attempt, CancellationToken cancellation)
    {
        var id = exchange.Id;
        var documents = IsAgain(exchange) || exchange.Outgoing ? await Documents(connection, transaction, id, cancellation) : [];
        var bound = exchange.AskedReplay is { } replay ? await BoundBy(connection, transaction, replay, id, cancellation) : null;
        var lists = exchange.AskedKind == AttemptKind.Rollback ? await Catalogues.FullLists(connection, transaction, id, cancellation) : [];
        var approved = exchange.AskedBy is null ? [] : await connection.QueryAsync<int>(new CommandDefinition(
            "select ordinal from document where exchange_id = @id and approved", new { id }, transaction, cancellationToken: cancellation));
        return Run(exchange, attempt.Id, attempt.Kind, exchange.AskedMap is { } map ? MapChoice.Parse(map) : null, documents, bound, lists) with { Approved = approved.ToHashSet() };
    }

    sealed record StartedAttempt
    {
        public long ExchangeId { get; init; }

        public long Id { get; init; }

        public AttemptKind Kind { get; init; }
    }

    /// <summary>The run that a replay would be, without taking the exchange; null when there is none of this number.</summary>
    public async Task<ExchangeRun?> Trial(long id, MapChoice map, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var exchange = await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            $"select {Columns} from exchange where id = @id", new { id }, cancellationToken: cancellation));
        return exchange is null ? null
            : Run(exchange with { AskedReplay = null }, 0, AttemptKind.Replay, map, await Documents(connection, null, id, cancellation), null);
    }

    /// <summary>The documents of an exchange as a dry run has shown them.</summary>
    static async Task<List<ShownDocument>> BoundBy(DbConnection connection, DbTransaction transaction, long replay, long id, CancellationToken cancellation)
    {
        var shown = (await connection.QueryAsync<ShownDocument>(new CommandDefinition(
            "select ordinal, digest, map_version from replay_document where replay_id = @replay and exchange_id = @id", new { replay, id }, transaction, cancellationToken: cancellation))).AsList();
        var rows = (await connection.QueryAsync<ShownRow>(new CommandDefinition(
            "select ordinal, table_name, row_key, kind, columns from replay_row where replay_id = @replay and exchange_id = @id order by ordinal, place",
            new { replay, id }, transaction, cancellationToken: cancellation))).ToLookup(row => row.Ordinal, row => row.ToDifference());
        return [.. shown.Select(document => document with { Expected = document.Digest is { } digest ? new(replay, digest, [.. rows[document.Ordinal]]) : null })];
    }

    static async Task<List<DocumentRow>> Documents(DbConnection connection, DbTransaction? transaction, long id, CancellationToken cancellation) =>
        (await connection.QueryAsync<DocumentRow>(new CommandDefinition(
            "select ordinal, state, revision, map_version from document where exchange_id = @id", new { id }, transaction, cancellationToken: cancellation))).AsList();

    static ExchangeRun Run(ExchangeRow exchange, long attempt, AttemptKind kind, MapChoice? map, List<DocumentRow> documents, List<ShownDocument>? bound, IReadOnlyCollection<int>? lists = null)
    {
        var settled = documents.Where(document => document.State switch
        {
            // Of an earlier list that is to count again, nothing else is read.
            _ when kind == AttemptKind.Rollback => document.State != DocumentState.Loaded || lists?.Contains(document.Ordinal) != true,
            DocumentState.Loaded => kind != AttemptKind.Replay || map is { FailedOnly: true },
            // What is read by force may be a duplicate.
            DocumentState.Skipped => kind != AttemptKind.Force,
            DocumentState.Superseded or DocumentState.Cancelled => true,
            _ => false,
        });
        // What was mapped once is mapped alike again, whatever the maps are now; a replay says with what.
        var pinned = documents.Where(document => document.MapVersion is not null && kind switch
        {
            AttemptKind.Retry or AttemptKind.Rollback => true,
            AttemptKind.Approve => document.State == DocumentState.Held,
            AttemptKind.Replay => map is { IsPinned: true },
            _ => false,
        });
        var run = new ExchangeRun(exchange, attempt, settled.ToDictionary(row => row.Ordinal, row => row.State), exchange.CrashCount > CrashesMax)
        {
            Kind = kind,
            Map = map,
            Pinned = pinned.ToDictionary(row => row.Ordinal, row => row.MapVersion!),
            Before = documents.ToDictionary(row => row.Ordinal, row => row.State),
            Loaded = documents.Where(row => row.State == DocumentState.Loaded).ToDictionary(row => row.Ordinal, row => row.Revision ?? 0),
        };
        if (bound is null)
            return run;
        // Only what was shown to change is touched, and by the very version of the map it was shown with.
        var left = bound.Where(document => document.Expected is null).ToDictionary(document => document.Ordinal, document => run.Before.GetValueOrDefault(document.Ordinal, DocumentState.Failed));
        foreach (var (ordinal, state) in run.Settled)
            left[ordinal] = state;
        return run with
        {
            Settled = left,
            Expected = bound.Where(document => document.Expected is not null).ToDictionary(document => document.Ordinal, document => document.Expected!),
            Pinned = bound.Where(document => document.MapVersion is not null).ToDictionary(document => document.Ordinal, document => document.MapVersion!),
        };
    }

    /// <summary>Lets exchanges that wait for one of these causes to go wait until <paramref name="due"/>; those that are due and wait for that.</summary>
    public async Task<IReadOnlyList<ExchangeRow>> Defer(IReadOnlyList<long> ids, IReadOnlyList<string> causes, DateTimeOffset due, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"""
            update exchange set due_at = @Due
            where id in (
                select id from exchange
                where id in {database.NumbersIn("Ids")} and cause in {database.ListIn("Causes")} and cancel_by is null and {Free}{database.LockedBy("id")})
            returning {Columns}
            """,
            new { Ids = JsonSerializer.Serialize(ids), Due = due, Now = clock.GetUtcNow(), Causes = JsonSerializer.Serialize(causes) }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>The cause of an exchange that waits for its partner's files to be mended.</summary>
    public static string AwaitsMending(string partner) => $"Waits: the files of partner {partner} have mistakes ('hub map check' lists them).";

    /// <summary>The cause of a document that waits for its partner to be live.</summary>
    public static string AwaitsLife(string partner) => $"Waits: documents go out only while partner {partner} is live.";

    /// <summary>Prolongs the lease; false when it was lost.</summary>
    public async Task<bool> Renew(ExchangeRun run, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Hold(connection, null, run, cancellation);
    }

    /// <summary>Prolongs the leases of exchanges that wait for their turn; whether they are still ours is asked when it comes.</summary>
    public async Task<bool> Renew(IEnumerable<ExchangeRun> runs, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update exchange set lease_until = @Until
            where id in (select id from exchange where id in {database.NumbersIn("Ids")} and state = 'Processing' and lease_owner = @worker{database.SkippingLocked})
            """,
            new { Ids = JsonSerializer.Serialize(runs.Select(run => run.Exchange.Id)), worker, Until = clock.GetUtcNow() + Lease }, cancellationToken: cancellation));
        return true;
    }

    /// <summary>Writes to the exchange's row under its fence: inside a transaction this keeps any other worker away until commit.</summary>
    public async Task<bool> Hold(DbConnection connection, DbTransaction? transaction, ExchangeRun run, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            $"update exchange set lease_until = @Until where {Cancellations.MayGoOn}",
            new { run.Exchange.Id, run.Exchange.Fence, Until = clock.GetUtcNow() + Lease }, transaction, cancellationToken: cancellation)) == 1;

    /// <summary>Ends the run: state, findings and the effects that follow, in one transaction. One that a person cancels has no other end than that.</summary>
    public async Task End(
        ExchangeRun run, ExchangeEnd end, Findings findings, IReadOnlyList<OutboxEntry> effects, CancellationToken cancellation)
    {
        if (!Transitions.Allows(ExchangeState.Processing, end.State) || !Transitions.IsEnded(end.State))
            throw new InvalidOperationException($"An exchange does not end as {end.State}.");
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update exchange set state = @State, class = @Class, cause = @Cause, duplicate_of = @DuplicateOf, findings = @Count, errors = @Errors,
                crash_count = 0, transient_tries = 0, lease_owner = null, lease_until = null, ended_at = @Now,
                asked_by = null, asked_reason = null, asked_kind = null, asked_map = null, asked_replay = null, cancel_by = null, cancel_reason = null
            where id = @Id and fence = @Fence and state = 'Processing' and (cancel_by is not null) = @IsCancelled
            """,
            new
            {
                run.Exchange.Id,
                run.Exchange.Fence,
                State = end.State.ToString(),
                Class = end.Class?.ToString(),
                end.Cause,
                end.DuplicateOf,
                findings.Count,
                findings.Errors,
                IsCancelled = end.State == ExchangeState.Cancelled,
                Now = clock.GetUtcNow(),
            }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            throw new LeaseLostException(run.Exchange.Id);
        await EndAttempt(connection, transaction, run, end.State == ExchangeState.Cancelled ? AttemptState.Cancelled : end.Departure is not null || Transitions.IsFailed(end.State) ? AttemptState.Failed : AttemptState.Succeeded,
            end.Class, end.Error ?? end.Departure ?? end.Cause, cancellation);
        // The guard was waived for this run only, however it ended.
        if (run.Approved.Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(
                "update document set approved = false where exchange_id = @Id and approved", new { run.Exchange.Id }, transaction, cancellationToken: cancellation));
        await AddFindings(connection, transaction, run, findings, cancellation);
        if (end.Commit is { } commit)
            await commit(connection, transaction);
        foreach (var effect in effects)
            await Outbox.Add(connection, transaction, run.Exchange, effect, clock.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The world was broken, not the file: it is tried again at <paramref name="due"/>.</summary>
    public Task Postpone(ExchangeRun run, DateTimeOffset due, string error, CancellationToken cancellation) =>
        LetGo(run, due, AttemptState.Failed, FailureClass.Transient, error, tries: 1, cancellation);

    /// <summary>Lets go of an exchange without counting anything: the service stops, or the exchange has to wait for another.</summary>
    public Task Release(ExchangeRun run, DateTimeOffset due, string reason, CancellationToken cancellation) =>
        LetGo(run, due, AttemptState.Abandoned, null, reason, tries: 0, cancellation);

    /// <summary>A person asks for another run; false when the exchange is not in a state to be tried again. <see cref="Interventions"/> says why.</summary>
    /// <param name="id">The exchange.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <param name="also">What else is written in the same transaction.</param>
    public async Task<bool> Retry(long id, string actor, string? reason, CancellationToken cancellation, Func<DbConnection, DbTransaction, Task>? also = null) =>
        (await new Interventions(database, clock, worker).Retry(id, actor, reason, cancellation, also)).Done;

    /// <summary>An earlier exchange of the partner with the same bytes that is completed, held, rejected, or not ended yet.</summary>
    /// <param name="exchange">The exchange that is asked for.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<ExchangeRow?> Original(ExchangeRow exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QueryFirstOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            $"""
            select {Columns} from exchange
            where partner = @Partner and sha256 = @Sha256 and id <> @Id and not outgoing
                and (state in ('Completed', 'Held', 'Rejected') or (id < @Id and state in ('Received', 'Processing')))
                -- Nobody decided on it in time: sent again, it is asked again.
                and not (state = 'Rejected' and exists (select 1 from hold h where h.exchange_id = exchange.id and h.state = 'Cancelled'))
            order by ended_at is null, id
            """,
            new { exchange.Partner, exchange.Sha256, exchange.Id }, cancellationToken: cancellation));
    }

    /// <summary>Exchanges that wait for a worker: due, and nobody's.</summary>
    public async Task<IReadOnlyList<ExchangeRow>> Due(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"""
            select {Columns} from exchange
            where {Free} and (@Partner is null or partner = @Partner)
            order by id limit @Most
            """,
            new { Now = clock.GetUtcNow(), Partner = partner, Most = most }, cancellationToken: cancellation))).AsList();
    }

    async Task LetGo(
        ExchangeRun run, DateTimeOffset due, AttemptState state, FailureClass? failure, string reason, int tries, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update exchange set state = 'Received', due_at = @Due, transient_tries = transient_tries + @Tries, crash_count = 0,
                class = @Class, cause = @Cause, lease_owner = null, lease_until = null
            where {Cancellations.MayGoOn}
            """,
            new { run.Exchange.Id, run.Exchange.Fence, Due = due, Tries = tries, Class = failure?.ToString(), Cause = reason },
            transaction, cancellationToken: cancellation));
        if (changed == 0)
            throw new LeaseLostException(run.Exchange.Id);
        await EndAttempt(connection, transaction, run, state, failure, reason, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    Task<int> EndAttempt(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, AttemptState state, FailureClass? failure, string? error,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update attempt set state = @State, ended_at = @Now, class = @Class, error = @Error where id = @Attempt and state = 'Running'",
            new { State = state.ToString(), Now = clock.GetUtcNow(), Class = failure?.ToString(), Error = error, run.Attempt },
            transaction, cancellationToken: cancellation));

    static Task<int> AddFindings(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, Findings findings, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            SqlText.Query("add-finding"),
            findings.Kept.Select((finding, index) => new
            {
                run.Attempt,
                Ordinal = index + 1,
                run.Exchange.Id,
                finding.Code,
                Severity = finding.Severity.ToString(),
                finding.At.Offset,
                finding.At.Interchange,
                finding.At.Group,
                finding.At.Message,
                finding.At.Segment,
                finding.At.Element,
                finding.At.Component,
                finding.At.Repetition,
                finding.Tag,
                finding.Path,
                finding.Found,
                finding.Expected,
                Text = finding.Message,
                finding.Advice,
                finding.Acknowledgement,
            }), transaction, cancellationToken: cancellation));
}
