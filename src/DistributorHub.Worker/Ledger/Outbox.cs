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
        var taken = new List<OutboxRow>();
        foreach (var row in rows)
            if (await connection.ExecuteAsync(new CommandDefinition(
                "update outbox set lease_until = @Until, lease_owner = @Worker, attempts = attempts + 1 where id = @Id and done_at is null and attempts = @Attempts",
                new { row.Id, row.Attempts, Worker = worker, Until = now + Lease }, transaction, cancellationToken: cancellation)) == 1)
                taken.Add(row);
        await transaction.CommitAsync(cancellation);
        return taken;
    }

    /// <summary>Keeps effects that were taken; one that is done, or that another process has taken since, is left alone.</summary>
    public async Task<bool> Renew(IReadOnlyList<OutboxRow> rows, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + Lease;
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update outbox set lease_until = @until where id = @Id and attempts = @Attempts + 1 and lease_until is not null and done_at is null",
            rows.Select(row => new { row.Id, row.Attempts, until }), transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The effect has happened.</summary>
    /// <param name="row">The effect.</param>
    /// <param name="gone">For a remote file: it is no longer in the partner's folder.</param>
    /// <param name="path">For a document: where its file was put, in the partner's file's terms.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task Done(OutboxRow row, bool gone, string? path, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update outbox set done_at = @Now, lease_until = null, last_error = null where id = @Id", new { row.Id, Now = now },
            transaction, cancellationToken: cancellation));
        if (row.Kind == OutboxKind.SendDocument)
            await ExpectedAnswers.Delivered(connection, transaction, row.ExchangeId, now, cancellation);
        // A file that is left where it is has no end: seen again, it is the same file.
        if (row.Kind == OutboxKind.FinalizeRemote)
            await connection.ExecuteAsync(new CommandDefinition(
                "update remote_file set state = 'Finalized', ended_at = @Ended where id = @RemoteFileId and state = 'Archived'",
                new { row.RemoteFileId, Ended = gone ? now : (DateTimeOffset?)null }, transaction, cancellationToken: cancellation));
        if (path is not null)
            await connection.ExecuteAsync(new CommandDefinition(
                "update exchange set path = @path where id = @ExchangeId", new { row.ExchangeId, path }, transaction, cancellationToken: cancellation));
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
