using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Ledger;

public enum OutboxKind
{
    /// <summary>Delete, move or leave the remote file.</summary>
    FinalizeRemote,

    /// <summary>Put an acknowledgement into the partner's folder.</summary>
    SendAcknowledgement,

    /// <summary>Put a document of the seller's into the partner's folder.</summary>
    SendDocument,

    /// <summary>Tell people of alerts; its payload is the channel.</summary>
    Notify,
}

/// <summary>An effect outside the databases, to be repeated until it is done.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DedupeKey">The same effect has the same key: it is written once.</param>
/// <param name="Payload">Its particulars: a path.</param>
/// <param name="Content">Bytes to send, or null.</param>
sealed record OutboxEntry(OutboxKind Kind, string DedupeKey, string Payload, byte[]? Content);

sealed class OutboxRow
{
    public long Id { get; init; }
    public OutboxKind Kind { get; init; }
    public string Partner { get; init; } = "";
    public long ExchangeId { get; init; }
    public string Payload { get; init; } = "";
    public byte[]? Content { get; init; }
    public int Attempts { get; init; }

    /// <summary>Id of the definition of the document, for SendDocument.</summary>
    public string? Document { get; init; }

    // The remote file of the exchange, for FinalizeRemote.
    public long? RemoteFileId { get; init; }
    public string Path { get; init; } = "";
    public long Bytes { get; init; }
    public DateTimeOffset ModifiedAt { get; init; }
}

/// <summary>An effect that has happened.</summary>
/// <param name="Row">The effect.</param>
/// <param name="Gone">For a remote file: it is no longer in the partner's folder.</param>
/// <param name="Path">For a document: where its file was put, in the partner's file's terms.</param>
readonly record struct DoneEffect(OutboxRow Row, bool Gone = false, string? Path = null);

/// <summary>What still has to happen outside the databases.</summary>
sealed class Outbox(Database database, TimeProvider clock, string worker)
{
    /// <summary>Longest time that effects a dead process took stay with it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>Writes an effect in the transaction of its cause; one that is there already stays as it is.</summary>
    public static Task<int> Add(
        DbConnection connection, DbTransaction transaction, ExchangeRow exchange, OutboxEntry entry, DateTimeOffset now, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into outbox (kind, partner, exchange_id, dedupe_key, payload, content, due_at, created_at)
            values (@Kind, @Partner, @Id, @DedupeKey, @Payload, @Content, @Now, @Now) on conflict (dedupe_key) do nothing
            """,
            new { Kind = entry.Kind.ToString(), exchange.Partner, exchange.Id, entry.DedupeKey, entry.Payload, entry.Content, Now = now },
            transaction, cancellationToken: cancellation));

    public static async Task<bool> Holds(DbConnection connection, DbTransaction transaction, string dedupeKey, CancellationToken cancellation) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from outbox where dedupe_key = @dedupeKey)", new { dedupeKey }, transaction, cancellationToken: cancellation));

    /// <summary>Partners with effects that are due.</summary>
    /// <param name="silent">Partners who are sent no documents now.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<string>> DuePartners(IReadOnlyList<string> silent, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            select distinct partner from outbox
            where done_at is null and kind <> 'Notify' and due_at <= @Now and (lease_until is null or lease_until < @Now)
                and (kind <> 'SendDocument' or partner not in {database.ListIn("silent")})
            """,
            new { Now = clock.GetUtcNow(), silent = JsonSerializer.Serialize(silent) }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Has a partner's effects tried now that wait after a failure: a person asks.</summary>
    public async Task Hasten(string partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update outbox set due_at = @Now where partner = @partner and done_at is null and due_at > @Now",
            new { partner, Now = clock.GetUtcNow() }, cancellationToken: cancellation));
    }

    /// <summary>Takes a partner's due effects, oldest first, for a while.</summary>
    /// <param name="partner">The partner.</param>
    /// <param name="most">How many.</param>
    /// <param name="documents">False to leave documents where they are.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public Task<IReadOnlyList<OutboxRow>> Take(string partner, int most, bool documents, CancellationToken cancellation) => Take(
        """
        select o.id, o.kind, o.partner, o.exchange_id, o.payload, o.content, o.attempts, e.remote_file_id, e.path, e.bytes, e.modified_at, d.document
        from outbox o join exchange e on e.id = o.exchange_id left join outgoing_document d on d.exchange_id = e.id
        where o.partner = @Partner and (o.kind <> 'SendDocument' or @Documents) and o.done_at is null and o.due_at <= @Now and (o.lease_until is null or o.lease_until < @Now)
        order by o.id limit @Most
        """, partner, most, documents, cancellation);

    /// <summary>Takes due messages about alerts, oldest first, for a while.</summary>
    public Task<IReadOnlyList<OutboxRow>> TakeNotices(int most, CancellationToken cancellation) => Take(
        """
        select id, kind, partner, payload, content, attempts from outbox
        where kind = 'Notify' and done_at is null and due_at <= @Now and (lease_until is null or lease_until < @Now)
        order by id limit @Most
        """, "", most, documents: false, cancellation);

    async Task<IReadOnlyList<OutboxRow>> Take(string select, string partner, int most, bool documents, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = (await connection.QueryAsync<OutboxRow>(new CommandDefinition(
            select, new { Partner = partner, Now = now, Most = most, Documents = documents }, transaction, cancellationToken: cancellation))).AsList();
        if (rows.Count == 0)
            return rows;
        // The number of attempts says whether another took it since.
        var taken = (await connection.QueryAsync<(long Id, int Attempts)>(new CommandDefinition(
            $"""
            update outbox set lease_until = @Until, lease_owner = @Worker, attempts = attempts + 1
            where id in {database.NumbersIn("Ids")} and done_at is null and (lease_until is null or lease_until < @Now)
            returning id, attempts
            """,
            new { Ids = Ids(rows), Worker = worker, Now = now, Until = now + Lease }, transaction, cancellationToken: cancellation))).ToHashSet();
        await transaction.CommitAsync(cancellation);
        return rows.FindAll(row => taken.Contains((row.Id, row.Attempts + 1)));
    }

    static string Ids(IEnumerable<OutboxRow> rows) => JsonSerializer.Serialize(rows.Select(row => row.Id));

    /// <summary>Keeps effects that were taken; one that is done, or that another process has taken since, is left alone.</summary>
    public async Task<bool> Renew(IReadOnlyList<OutboxRow> rows, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update outbox set lease_until = @Until
            where id in (select id from outbox where id in {database.NumbersIn("Ids")} and lease_owner = @Worker and lease_until is not null and done_at is null{database.SkippingLocked})
            """,
            new { Ids = Ids(rows), Worker = worker, Until = clock.GetUtcNow() + Lease }, cancellationToken: cancellation));
        return true;
    }

    /// <summary>Effects have happened: all are noted in one commit. One that could not be noted happens once more, which does no harm.</summary>
    public async Task Done(IReadOnlyList<DoneEffect> effects, CancellationToken cancellation)
    {
        if (effects.Count == 0)
            return;
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            $"update outbox set done_at = @Now, lease_until = null, lease_owner = null, last_error = null where id in {database.NumbersIn("Ids")}",
            new { Ids = Ids(effects.Select(effect => effect.Row)), Now = now }, transaction, cancellationToken: cancellation));
        // A file that is left where it is has no end: seen again, it is the same file.
        foreach (var files in effects.Where(effect => effect.Row.Kind == OutboxKind.FinalizeRemote).GroupBy(effect => effect.Gone))
            await connection.ExecuteAsync(new CommandDefinition(
                $"update remote_file set state = 'Finalized', ended_at = @Ended where id in {database.NumbersIn("Ids")} and state = 'Archived'",
                new { Ids = JsonSerializer.Serialize(files.Select(effect => effect.Row.RemoteFileId)), Ended = files.Key ? now : (DateTimeOffset?)null },
                transaction, cancellationToken: cancellation));
        foreach (var (row, _, path) in effects.Where(effect => effect.Row.Kind == OutboxKind.SendDocument))
        {
            await ExpectedAnswers.Delivered(connection, transaction, row.ExchangeId, now, cancellation);
            if (path is not null)
                await connection.ExecuteAsync(new CommandDefinition(
                    "update exchange set path = @path where id = @ExchangeId", new { row.ExchangeId, path }, transaction, cancellationToken: cancellation));
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The effect failed; it is tried again after a wait that doubles from one second to half an hour.</summary>
    public async Task Failed(OutboxRow row, string error, CancellationToken cancellation)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(row.Attempts, 20)), LongestWait.TotalSeconds));
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update outbox set due_at = @Due, lease_until = null, last_error = @error where id = @Id",
            new { row.Id, Due = clock.GetUtcNow() + wait, error }, cancellationToken: cancellation));
    }
}
