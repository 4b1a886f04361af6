using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>What became of an interchange and its messages, and the acknowledgement that says so: one transaction.</summary>
sealed class Verdicts(Database database, TimeProvider clock, Exchanges exchanges)
{
    static readonly string SaveInterchange = SqlText.Query("save-interchange");
    static readonly string SaveDocument = SqlText.Query("save-document");

    /// <summary>
    /// Writes an interchange and documents of it. May be called several times with more documents; the acknowledgement goes with the last.
    /// </summary>
    /// <param name="run">The run; its fence is checked.</param>
    /// <param name="interchange">As it stands now.</param>
    /// <param name="documents">Those not written yet.</param>
    /// <param name="acknowledge">
    /// Makes the acknowledgement with control numbers from the delegate it is given; null for none. It is made once per interchange:
    /// a repeated run finds it in the outbox and never numbers it anew.
    /// </param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task Save(
        ExchangeRun run, InterchangeRow interchange, IReadOnlyList<DocumentRow> documents,
        Func<Func<string, Task<long>>, Task<OutboxEntry>>? acknowledge, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await exchanges.Hold(connection, transaction, run, cancellation))
            throw new LeaseLostException(run.Exchange.Id);
        var now = clock.GetUtcNow();
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            SaveInterchange,
            new
            {
                Exchange = run.Exchange.Id,
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
            SaveDocument, documents.Select(document => Parameters(run, id, document, now)), transaction, cancellationToken: cancellation));
        // A file that gets on is no poison: only runs that died without any progress count towards its quarantine.
        if (documents.Any(document => document.State is DocumentState.Loaded or DocumentState.Skipped && !run.Settled.ContainsKey(document.Ordinal)))
            await connection.ExecuteAsync(new CommandDefinition(
                "update exchange set crash_count = 1 where id = @Id and fence = @Fence",
                new { run.Exchange.Id, run.Exchange.Fence }, transaction, cancellationToken: cancellation));
        if (acknowledge is not null
            && !await Outbox.Holds(connection, transaction, AcknowledgementKey(run.Exchange.Id, interchange.Ordinal), cancellation))
        {
            var entry = await acknowledge(scope => ControlNumber(connection, transaction, scope, cancellation));
            await Outbox.Add(connection, transaction, run.Exchange, entry, now, cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    public static string AcknowledgementKey(long exchange, int interchange) => $"acknowledgement/{exchange}/{interchange}";

    // Counted in the transaction of the acknowledgement, so that no number is lost or used twice.
    static Task<long> ControlNumber(DbConnection connection, DbTransaction transaction, string scope, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "insert into control_number (scope, value) values (@scope, 1) on conflict (scope) do update set value = control_number.value + 1 returning value",
            new { scope }, transaction, cancellationToken: cancellation));

    static object Parameters(ExchangeRun run, long interchange, DocumentRow document, DateTimeOffset now) => new
    {
        Exchange = run.Exchange.Id,
        Interchange = interchange,
        document.Ordinal,
        document.Identity,
        document.Type,
        document.Release,
        document.Reference,
        document.Number,
        document.BodyHash,
        State = document.State.ToString(),
        Class = document.Class?.ToString(),
        document.Cause,
        document.Map,
        document.MapVersion,
        document.Revision,
        document.DuplicateOf,
        document.Segments,
        document.AtOffset,
        document.RowsLoaded,
        Now = now,
    };
}
