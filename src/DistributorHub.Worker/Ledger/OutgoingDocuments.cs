using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A document of the seller's that the hub knows.</summary>
sealed record OutgoingRow
{
    /// <summary>Id of its definition.</summary>
    public string Document { get; init; } = "";
    public string Key { get; init; } = "";
    public long ExchangeId { get; init; }

    /// <summary>Hash of what it was written from when that failed, or null.</summary>
    public string? Fingerprint { get; init; }
}

/// <summary>A file that was written from a document: what the ledger keeps of it.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it is put by the agreement of now, in the partner's file's terms.</param>
/// <param name="Interchange">Its interchange.</param>
/// <param name="Document">Its message.</param>
/// <param name="Answer">The answer that is expected.</param>
sealed record WrittenFile(byte[] Bytes, string Name, string Path, InterchangeRow Interchange, DocumentRow Document, AnswerExpectation Answer);

/// <summary>
/// The seller's documents in the ledger. A document's key is written with its exchange; its number, its bytes and the effect that delivers it with the end of the
/// exchange: each is one transaction, so that a document goes out once however often it is looked for.
/// </summary>
sealed class OutgoingDocuments(Database database, TimeProvider clock, string worker)
{
    const string Unsent = "exchange_id = @Id and reference = ''";

    /// <summary>Makes the exchange of a document; null when it has one already.</summary>
    /// <param name="partner">Whom it is for.</param>
    /// <param name="document">Id of its definition.</param>
    /// <param name="key">Its key.</param>
    /// <param name="unsent">Its interchange and message as far as they are known, by which it is found until it is sent.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<long?> Add(string partner, string document, string key, (InterchangeRow Interchange, DocumentRow Document) unsent, CancellationToken cancellation)
    {
        var name = $"{document} {unsent.Document.StatedNumber}";
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Nothing is written yet: the archive has no bytes of it.
        var nothing = await Archive.Add(connection, transaction, [], now, cancellation);
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into exchange (partner, file, path, sha256, bytes, modified_at, state, due_at, created_at, outgoing)
            values (@partner, @name, '', @nothing, 0, @now, 'Received', @now, @now, true) returning id
            """,
            new { partner, name, nothing, now }, transaction, cancellationToken: cancellation));
        var added = await connection.ExecuteAsync(new CommandDefinition(
            "insert into outgoing_document (partner, document, key, exchange_id) values (@partner, @document, @key, @id) on conflict do nothing",
            new { partner, document, key, id }, transaction, cancellationToken: cancellation));
        if (added == 0)
            return null;
        await Verdicts.Write(connection, transaction, id, unsent.Interchange, [unsent.Document], forced: false, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return id;
    }

    /// <summary>The document of an exchange.</summary>
    public async Task<OutgoingRow> Of(long exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QuerySingleAsync<OutgoingRow>(new CommandDefinition(
            "select document, key, exchange_id, fingerprint from outgoing_document where exchange_id = @exchange", new { exchange }, cancellationToken: cancellation));
    }

    /// <summary>Those keys of a partner's documents of a kind that have no exchange yet, whichever map writes them, in their order.</summary>
    public async Task<IReadOnlyList<string>> Unknown(string partner, string document, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var known = (await connection.QueryAsync<string>(new CommandDefinition(
            $"select key from outgoing_document where partner = @partner and document = @document and key in {database.ListIn("keys")}",
            new { partner, document, keys = JsonSerializer.Serialize(keys) },
            cancellationToken: cancellation))).ToHashSet(StringComparer.Ordinal);
        return [.. keys.Where(key => !known.Contains(key))];
    }

    /// <summary>Documents of a kind that could not be written for a partner, by their exchanges from the one after <paramref name="after"/> on.</summary>
    public async Task<IReadOnlyList<OutgoingRow>> Failed(string partner, string document, long after, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<OutgoingRow>(new CommandDefinition(
            """
            select o.document, o.key, o.exchange_id, o.fingerprint from outgoing_document o join exchange e on e.id = o.exchange_id
            where o.partner = @partner and o.document = @document and e.state = 'Failed' and e.id > @after order by e.id limit @most
            """,
            new { partner, document, after, most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Notes in a transaction what a document that failed was written from.</summary>
    public static Task<int> Note(DbConnection connection, DbTransaction transaction, long exchange, string fingerprint, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update outgoing_document set fingerprint = @fingerprint where exchange_id = @exchange", new { exchange, fingerprint }, transaction, cancellationToken: cancellation));

    /// <summary>Notes in a transaction that holds the exchange why its document could not be written.</summary>
    public async Task Fail(DbConnection connection, DbTransaction transaction, long exchange, DocumentRow document, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update document set state = 'Failed', class = @Class, cause = @Cause, number = coalesce(@Number, number), map = coalesce(@Map, map),
                map_version = coalesce(@MapVersion, map_version), changed_at = @Now
            where exchange_id = @Id and interchange_id in (select id from interchange where {Unsent})
            """,
            new { Id = exchange, Class = document.Class?.ToString(), document.Cause, document.Number, document.Map, document.MapVersion, Now = clock.GetUtcNow() },
            transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            $"update interchange set state = 'Rejected' where {Unsent}", new { Id = exchange }, transaction, cancellationToken: cancellation));
    }

    /// <summary>The same on its own.</summary>
    public async Task Fail(long exchange, DocumentRow document, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Fail(connection, transaction, exchange, document, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Numbers, archives and hands over a file in the transaction that ends its exchange.</summary>
    /// <param name="connection">The hub database.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="run">The run that ends.</param>
    /// <param name="scope">Counter of the control numbers.</param>
    /// <param name="write">Writes the file with its number; throws when it cannot, and then nothing has happened.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task Commit(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, string scope, Func<long, WrittenFile> write, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var number = await Verdicts.ControlNumber(connection, transaction, scope, cancellation);
        var file = write(number);
        var sha256 = await Archive.Add(connection, transaction, file.Bytes, now, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update exchange set file = @Name, path = @Path, sha256 = @sha256, bytes = @Length, modified_at = @now where id = @Id",
            new { file.Name, file.Path, sha256, file.Bytes.Length, now, run.Exchange.Id }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            $"delete from document where exchange_id = @Id and interchange_id in (select id from interchange where {Unsent}); delete from interchange where {Unsent}",
            new { run.Exchange.Id }, transaction, cancellationToken: cancellation));
        // One that is written anew keeps what went before.
        var ordinal = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*) + 1 from interchange where exchange_id = @Id", new { run.Exchange.Id }, transaction, cancellationToken: cancellation));
        await Verdicts.Save(connection, transaction, run, file.Interchange with { Ordinal = ordinal },
            [file.Document with { Ordinal = ordinal, Identity = $"{sha256}/{ordinal}" }], now, cancellation);
        await Outbox.Add(connection, transaction, run.Exchange, new(OutboxKind.SendDocument, $"send/{run.Exchange.Id}/{ordinal}", file.Name, file.Bytes), now, cancellation);
        await ExpectedAnswers.Add(connection, transaction, run.Exchange, ordinal, file.Interchange, file.Document.Type, file.Answer, now, cancellation);
    }

    /// <summary>Sends the same bytes under the same number and name again; false when the exchange sent nothing, or has not yet.</summary>
    public async Task<bool> Resend(long exchange, string actor, string? reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            insert into outbox (kind, partner, exchange_id, dedupe_key, payload, content, due_at, created_at)
            select kind, partner, exchange_id, 'again/' || id, payload, content, @now, @now from outbox
            where {IsDelivered} and content is not null and id = (select max(id) from outbox where exchange_id = @exchange and kind = 'SendDocument')
            on conflict do nothing
            """,
            new { exchange, now }, transaction, cancellationToken: cancellation));
        if (added == 0)
            return false;
        await Interventions.AddAttempt(connection, transaction, exchange, AttemptKind.Resend, actor, reason, worker, now, cancellation);
        await Decisions.Record(connection, transaction, now, actor, "resend", exchange, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Has a document that was delivered written anew, from what the seller has now, under a new number; false when it was not.</summary>
    public async Task<bool> Regenerate(long exchange, string actor, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update exchange set state = 'Received', ended_at = null, due_at = @now, transient_tries = 0, crash_count = 0, asked_by = @actor, asked_reason = @reason, asked_kind = 'Regenerate'
            where id = @exchange and outgoing and state = 'Completed'
                and exists (select 1 from outbox where {IsDelivered})
                and not exists (select 1 from outbox where exchange_id = @exchange and kind = 'SendDocument' and done_at is null)
            """,
            new { exchange, now, actor, reason }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            return false;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into interchange (exchange_id, ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state, received_at)
            select exchange_id, ordinal + 1, standard, sender, sender_qualifier, recipient, recipient_qualifier, '', test, 'Received', @now
            from interchange where exchange_id = @exchange order by ordinal desc limit 1;
            insert into document (exchange_id, interchange_id, ordinal, identity, type, release, reference, number, stated_number, state, segments, at_offset, changed_at)
            select d.exchange_id, i.id, i.ordinal, d.identity || '/' || i.ordinal, d.type, d.release, d.reference, d.number, d.stated_number, 'Parsed', 0, 0, @now
            from document d join interchange i on i.exchange_id = d.exchange_id and i.ordinal = d.ordinal + 1 and i.reference = ''
            where d.exchange_id = @exchange
            """,
            new { exchange, now }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, actor, "regenerate", exchange, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    const string IsDelivered = "exchange_id = @exchange and kind = 'SendDocument' and done_at is not null";
}
