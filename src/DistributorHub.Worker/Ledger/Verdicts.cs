using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>An effect that takes control numbers of ours, made in the transaction that counts them.</summary>
/// <param name="DedupeKey">Key of the effect: one that is in the outbox is not made again.</param>
/// <param name="Make">Makes it with control numbers from the delegate, which gives the next one of a scope.</param>
sealed record NumberedEffect(string DedupeKey, Func<Func<string, Task<long>>, Task<OutboxEntry>> Make);

/// <summary>What became of an interchange, or of some of its messages.</summary>
/// <param name="Interchange">As it stands now.</param>
/// <param name="Documents">Those not written yet.</param>
/// <param name="Acknowledgements">Each is made once per interchange: a repeated run finds it in the outbox and never numbers it anew.</param>
/// <param name="Also">What else is written in the transaction, at the time it is given; or null.</param>
sealed record Verdict(
    InterchangeRow Interchange, IReadOnlyList<DocumentRow> Documents, IReadOnlyList<NumberedEffect> Acknowledgements, Func<DbConnection, DbTransaction, DateTimeOffset, Task>? Also = null);

/// <summary>What became of an interchange and its messages, and the acknowledgements that say so: one transaction.</summary>
sealed class Verdicts(Database database, TimeProvider clock, Exchanges exchanges)
{
    /// <summary>True when documents are to be found by the items in them.</summary>
    public bool IndexesItems { get; init; } = true;

    static readonly string SaveInterchange = SqlText.Query("save-interchange");
    static readonly string SaveDocument = SqlText.Query("save-document");

    /// <summary>
    /// Writes an interchange and documents of it. May be called several times with more documents; the acknowledgements go with the last.
    /// </summary>
    /// <param name="run">The run; its fence is checked.</param>
    /// <param name="verdict">What is written.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task Save(ExchangeRun run, Verdict verdict, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await exchanges.Hold(connection, transaction, run, cancellation))
            throw new LeaseLostException(run.Exchange.Id);
        // A file that gets on is no poison: only runs that died without any progress count towards its quarantine.
        if (verdict.Documents.Any(document => document.State is DocumentState.Loaded or DocumentState.Skipped && !run.Settled.ContainsKey(document.Ordinal)))
            await connection.ExecuteAsync(new CommandDefinition(
                "update exchange set crash_count = 1 where id = @Id and fence = @Fence",
                new { run.Exchange.Id, run.Exchange.Fence }, transaction, cancellationToken: cancellation));
        await Write(connection, transaction, run, verdict, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The last of a run, to be written by the commit that ends the exchange (<see cref="ExchangeEnd.Commit"/>).</summary>
    public Func<DbConnection, DbTransaction, Task> Last(ExchangeRun run, Verdict verdict, CancellationToken cancellation) =>
        (connection, transaction) => run.Times.Acknowledge(() => Write(connection, transaction, run, verdict, cancellation));

    async Task Write(DbConnection connection, DbTransaction transaction, ExchangeRun run, Verdict verdict, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var documents = verdict.Documents;
        await Save(connection, transaction, run, verdict.Interchange, documents, now, cancellation);
        if (IndexesItems && documents.SelectMany(document => document.Items).ToHashSet(StringComparer.Ordinal) is { Count: > 0 } items)
            await connection.ExecuteAsync(new CommandDefinition(
                $"insert into document_item (code, exchange_id) select code, @Id from (select value as code from {database.ListOf("items")}) as listed where true on conflict do nothing",
                new { run.Exchange.Id, items = JsonSerializer.Serialize(items) }, transaction, cancellationToken: cancellation));
        foreach (var effect in verdict.Acknowledgements)
        {
            if (await Outbox.Holds(connection, transaction, effect.DedupeKey, cancellation))
                continue;
            var entry = await effect.Make(scope => ControlNumber(connection, transaction, scope, cancellation));
            await Outbox.Add(connection, transaction, run.Exchange, entry, now, cancellation);
        }
        if (verdict.Also is { } also)
            await also(connection, transaction, now);
    }

    /// <summary>Keeps the run's right to commit a document elsewhere: see <see cref="Cancellations.Keep"/>.</summary>
    public Task<IAsyncDisposable> Keep(ExchangeRun run, CancellationToken cancellation) => exchanges.Cancellations.Keep(run, cancellation);

    /// <summary>Writes an interchange and documents of it in a transaction that holds the exchange.</summary>
    public static async Task Save(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, InterchangeRow interchange, IReadOnlyList<DocumentRow> documents, DateTimeOffset now,
        CancellationToken cancellation)
    {
        await Write(connection, transaction, run.Exchange.Id, interchange, documents, run.Kind == AttemptKind.Force, now, cancellation);
        await Holds.Note(connection, transaction, run, documents, now, cancellation);
        await Catalogues.Note(connection, transaction, run, documents, now, cancellation);
        foreach (var document in documents.Where(document => document is
        { State: DocumentState.Loaded, Number: not null, Type: "ORDERS" or "ORDCHG" or "850" or "860", Purpose: DocumentPurpose.Change or DocumentPurpose.Replace or DocumentPurpose.Cancel }))
            await connection.ExecuteAsync(new CommandDefinition(
                Supersede, Superseded(run, document, now), transaction, cancellationToken: cancellation));
    }

    /// <summary>The same outside of a run, for documents of which nothing is held.</summary>
    public static async Task Write(
        DbConnection connection, DbTransaction transaction, long exchange, InterchangeRow interchange, IReadOnlyList<DocumentRow> documents, bool forced, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            SaveInterchange,
            new
            {
                Exchange = exchange,
                interchange.Ordinal,
                interchange.Standard,
                interchange.Sender,
                interchange.SenderQualifier,
                interchange.Recipient,
                interchange.RecipientQualifier,
                interchange.Reference,
                interchange.Test,
                State = interchange.State.ToString(),
                Now = now,
            }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            SaveDocument, documents.Select(document => Parameters(exchange, id, document, forced, now)), transaction, cancellationToken: cancellation));
    }

    /// <summary>The control number used last in a scope; 0 when none was.</summary>
    public async Task<long> LastControlNumber(string scope, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select value from control_number where scope = @scope", new { scope }, cancellationToken: cancellation)) ?? 0;
    }

    /// <summary>Leaves out control numbers in every scope: those after a backup that was restored may be used already. How many scopes there are.</summary>
    public async Task<int> RaiseControlNumbers(int by, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var scopes = await connection.ExecuteAsync(new CommandDefinition(
            "update control_number set value = value + @by", new { by }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), actor, "raise control numbers", FormattableString.Invariant($"{scopes} counter(s) by {by}"), reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return scopes;
    }

    /// <summary>The next control number of a scope, counted in the transaction of what carries it, so that none is lost or used twice.</summary>
    public static Task<long> ControlNumber(DbConnection connection, DbTransaction transaction, string scope, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "insert into control_number (scope, value) values (@scope, 1) on conflict (scope) do update set value = control_number.value + 1 returning value",
            new { scope }, transaction, cancellationToken: cancellation));

    // The order that a change, a replacement or a cancellation is of: what is loaded is their work now.
    const string Supersede = """
        update document set state = 'Superseded', cause = @Cause, changed_at = @now
        where lower(number) = lower(@Number) and number = @Number and state = 'Loaded' and type in (@Type, @Of)
            and not (exchange_id = @Id and ordinal = @Ordinal)
            and exists (select 1 from exchange e where e.id = document.exchange_id and e.partner = @Partner and not e.outgoing)
        """;

    static object Superseded(ExchangeRun run, DocumentRow document, DateTimeOffset now) => new
    {
        document.Number,
        document.Type,
        Of = document.Type switch { "ORDCHG" => "ORDERS", "860" => "850", var type => type },
        document.Ordinal,
        run.Exchange.Id,
        run.Exchange.Partner,
        Cause = $"{document.Purpose} by {document.Type} {document.Number} in #{run.Exchange.Id} ({run.Exchange.File}).",
        now,
    };

    static object Parameters(long exchange, long interchange, DocumentRow document, bool forced, DateTimeOffset now) => new
    {
        Exchange = exchange,
        Interchange = interchange,
        document.Ordinal,
        document.Identity,
        document.Type,
        document.Release,
        document.Reference,
        document.Number,
        document.StatedNumber,
        document.BodyHash,
        State = document.State.ToString(),
        Class = document.Class?.ToString(),
        document.Cause,
        document.Map,
        document.MapVersion,
        document.Revision,
        Purpose = document.Purpose?.ToString(),
        document.DuplicateOf,
        document.Segments,
        document.AtOffset,
        document.RowsLoaded,
        Forced = forced,
        Now = now,
    };
}
