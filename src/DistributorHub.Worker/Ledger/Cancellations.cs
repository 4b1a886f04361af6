using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// What stops a run that a person cancels. The request stands in the exchange's row; from its commit on nothing of the run is committed any more, because
/// every commit looks there first, and its worker ends the exchange as soon as it notices. One without a worker is ended by the next that takes it.
/// </summary>
/// <param name="database">The hub's database.</param>
/// <param name="clock">Says when.</param>
sealed class Cancellations(Database database, TimeProvider clock)
{
    /// <summary>Where a run may go on, in a statement on <c>exchange</c>.</summary>
    public const string MayGoOn = "exchange.id = @Id and exchange.fence = @Fence and exchange.state = 'Processing' and exchange.cancel_by is null";

    /// <summary>True when the hub and the seller share one SQLite file.</summary>
    public bool IsSellersFile { get; init; }

    /// <summary>
    /// Makes sure that the run may still commit something elsewhere, and that until the result is disposed nobody cancels it or takes it over.
    /// </summary>
    /// <exception cref="LeaseLostException">It may not.</exception>
    public async Task<IAsyncDisposable> Keep(ExchangeRun run, CancellationToken cancellation)
    {
        var connection = await database.Open(cancellation);
        try
        {
            // SQLite: BEGIN IMMEDIATE, which keeps out every other writer. In one file with the seller's tables, whose transaction is open, that has done so already.
            if (!IsSellersFile)
                await connection.BeginTransactionAsync(cancellation);
            if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
                $"select 1 from exchange where {MayGoOn}{(database.Engine == Engine.PostgreSql ? " for share" : "")}",
                new { run.Exchange.Id, run.Exchange.Fence }, cancellationToken: cancellation)) is null)
                throw new LeaseLostException(run.Exchange.Id);
            // Nothing was written: closing it is enough.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Notes how far the run has come; false when it may not go on.</summary>
    public async Task<bool> Note(ExchangeRun run, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update attempt set bytes_read = @Bytes, segments_read = @Segments, rows_staged = @Rows, is_loading = @IsLoading, noted_at = @Now
            where id = @Attempt and state = 'Running' and exists (select 1 from exchange where {MayGoOn})
            """,
            new
            {
                run.Attempt,
                run.Exchange.Id,
                run.Exchange.Fence,
                run.Progress.Bytes,
                run.Progress.Segments,
                run.Progress.Rows,
                run.Progress.IsLoading,
                Now = clock.GetUtcNow(),
            }, cancellationToken: cancellation)) == 1;
    }

    /// <summary>How the exchange ends that a person cancels; null when nobody does, or it is another worker's.</summary>
    public async Task<ExchangeEnd?> End(ExchangeRun run, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var asked = await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            "select id, cancel_by, cancel_reason from exchange where id = @Id and fence = @Fence and state = 'Processing' and cancel_by is not null",
            new { run.Exchange.Id, run.Exchange.Fence }, cancellationToken: cancellation));
        if (asked is null)
            return null;
        var left = run.Progress.Unwritten?.Documents ?? [];
        var loaded = left.Count(document => document.State == DocumentState.Loaded) + await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from document where exchange_id = @Id and state = 'Loaded'", new { run.Exchange.Id }, cancellationToken: cancellation));
        var cause = $"Cancelled by {asked.CancelBy}: {asked.CancelReason} {(loaded == 0 ? "(nothing of it is loaded)"
            : FormattableString.Invariant($"({loaded} document{(loaded == 1 ? " that was loaded before stays" : "s that were loaded before stay")} loaded)"))}";
        return new()
        {
            State = ExchangeState.Cancelled,
            Cause = cause,
            Commit = async (open, transaction) =>
            {
                var now = clock.GetUtcNow();
                if (run.Progress.Unwritten is { } unwritten)
                    await Verdicts.Save(open, transaction, run, unwritten.Interchange, unwritten.Documents, now, CancellationToken.None);
                // An earlier try has noted them as still to be read.
                await open.ExecuteAsync(new CommandDefinition(
                    "update document set state = 'Failed', class = coalesce(class, 'Transient'), cause = @cause, changed_at = @now where exchange_id = @Id and state in ('Parsed', 'Mapped')",
                    new { run.Exchange.Id, cause, now }, transaction));
            },
        };
    }

    /// <summary>Writes the request to an exchange that waits or is worked on; false when it is neither, or is being cancelled already.</summary>
    public static async Task<bool> Ask(DbConnection connection, DbTransaction transaction, long id, string actor, string reason, DateTimeOffset now, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update exchange set cancel_by = @actor, cancel_reason = @reason, due_at = case when state = 'Received' then @now else due_at end
            where id = @id and state in ('Received', 'Processing') and cancel_by is null
            """,
            new { id, actor, reason, now }, transaction, cancellationToken: cancellation)) == 1;
}
