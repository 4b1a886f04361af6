using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

/// <summary>What a round of deleting did.</summary>
/// <param name="Payloads">Exchanges whose bytes were deleted.</param>
/// <param name="Records">Exchanges whose record was deleted.</param>
readonly record struct Deleted(int Payloads, int Records);

/// <summary>
/// Deletes what is older than its partner's file keeps it: first bytes, later records. Hashes and control numbers stay. Nothing is deleted that has not
/// ended, waits for a decision, or is under legal hold. Small transactions, so that nobody waits for it.
/// </summary>
sealed class Retention(Database database, Func<string, RetentionPolicy?> policies, TimeProvider clock)
{
    const int ExchangesPerBatch = 100;

    // Effects that wait need their bytes, and a decision needs the file. A twin has the same bytes: the youngest that is kept keeps them.
    const string Payloads = """
        select e.id, e.sha256 from exchange e join raw_file r on r.sha256 = e.sha256 and r.removed_at is null
        where e.partner = @Partner and e.created_at < @Before and e.id > @After and e.ended_at is not null and e.state <> 'Held' and e.legal_hold is null
            and not exists (select 1 from document d where d.exchange_id = e.id and d.state = 'Held')
            and not exists (select 1 from outbox o where o.exchange_id = e.id and o.done_at is null)
            and not exists (select 1 from exchange t where t.sha256 = e.sha256 and t.id <> e.id
                and (t.partner <> e.partner or t.created_at >= @Before or t.ended_at is null or t.state = 'Held' or t.legal_hold is not null))
        order by e.id limit @Most
        """;

    const string Records = """
        select e.id from exchange e join raw_file r on r.sha256 = e.sha256
        where e.partner = @Partner and e.created_at < @Before and e.id > @After and e.ended_at is not null and e.state <> 'Held' and e.legal_hold is null
            and not exists (select 1 from document d where d.exchange_id = e.id and d.state = 'Held')
            and not exists (select 1 from outbox o where o.exchange_id = e.id and o.done_at is null)
        order by e.id limit @Most
        """;

    // Children before parents; what other tables hang on an exchange goes with it.
    static string[] RecordDeletes(string ids) =>
    [
        $"delete from finding where exchange_id in {ids}",
        $"delete from hold_decision where hold_id in (select id from hold where exchange_id in {ids})",
        $"delete from hold where exchange_id in {ids}",
        $"delete from document where exchange_id in {ids}",
        $"""
        insert into past_interchange (partner, standard, sender, recipient, reference, sha256, received_at)
        select e.partner, i.standard, i.sender, i.recipient, i.reference, e.sha256, i.received_at
        from interchange i join exchange e on e.id = i.exchange_id where e.id in {ids}
        """,
        $"delete from interchange where exchange_id in {ids}",
        $"delete from outbox where exchange_id in {ids}",
        $"update attempt set parent_id = null where exchange_id in {ids}",
        $"delete from attempt where exchange_id in {ids}",
        $"delete from exchange where id in {ids}",
    ];

    /// <summary>Deletes all that is due, of every partner; one that has no file any more has the defaults.</summary>
    public async Task<Deleted> Run(CancellationToken cancellation)
    {
        IReadOnlyList<string> partners;
        await using (var connection = await database.Open(cancellation))
            partners = (await connection.QueryAsync<string>(new CommandDefinition("select distinct partner from exchange", cancellationToken: cancellation))).AsList();
        var deleted = new Deleted();
        foreach (var partner in partners)
        {
            var policy = policies(partner) ?? new();
            if (policy.LegalHold)
                continue;
            var now = clock.GetUtcNow();
            deleted = new(
                deleted.Payloads + await InBatches(partner, now.AddDays(-policy.PayloadDays), Payloads, RemovePayloads, cancellation),
                deleted.Records + await InBatches(partner, now.AddDays(-policy.MetadataDays), Records, RemoveRecords, cancellation));
        }
        return deleted;
    }

    async Task<int> InBatches(
        string partner, DateTimeOffset before, string sql, Func<DbConnection, DbTransaction, IReadOnlyList<Row>, string, CancellationToken, Task<int>> remove, CancellationToken cancellation)
    {
        var count = 0;
        for (long after = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var connection = await database.Open(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
                sql, new { Partner = partner, Before = before, After = after, Most = ExchangesPerBatch }, transaction, cancellationToken: cancellation))).AsList();
            if (rows.Count == 0)
                return count;
            count += await remove(connection, transaction, rows, partner, cancellation);
            await transaction.CommitAsync(cancellation);
            after = rows[^1].Id;
        }
    }

    async Task<int> RemovePayloads(DbConnection connection, DbTransaction transaction, IReadOnlyList<Row> rows, string partner, CancellationToken cancellation)
    {
        await RemovePayload(connection, transaction, rows, "the time it is kept is over", clock.GetUtcNow(), cancellation);
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), "hub", "delete payload", $"partner {partner}", Told(rows), cancellation);
        return rows.Count;
    }

    async Task<int> RemoveRecords(DbConnection connection, DbTransaction transaction, IReadOnlyList<Row> rows, string partner, CancellationToken cancellation)
    {
        var parameters = new DynamicParameters();
        foreach (var delete in RecordDeletes(parameters.AddList("id", rows.Select(row => row.Id))))
            await connection.ExecuteAsync(new CommandDefinition(delete, parameters, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), "hub", "delete record", $"partner {partner}", Told(rows), cancellation);
        return rows.Count;
    }

    /// <summary>Deletes the archived bytes of exchanges, and those of what was sent for them, and keeps the hash.</summary>
    public static async Task RemovePayload(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<Row> rows, string why, DateTimeOffset now, CancellationToken cancellation)
    {
        var parameters = new DynamicParameters(new { why, now });
        var (ids, hashes) = (parameters.AddList("id", rows.Select(row => row.Id)), parameters.AddList("hash", rows.Select(row => row.Sha256).Distinct()));
        await connection.ExecuteAsync(new CommandDefinition($"delete from raw_chunk where sha256 in {hashes}", parameters, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            $"update raw_file set sealed = false, removed_at = @now, removed_why = @why where sha256 in {hashes}", parameters, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            $"update catalogue_review set samples = null where exchange_id in {ids} and samples is not null", parameters, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            $"update outbox set content = null where exchange_id in {ids} and done_at is not null", parameters, transaction, cancellationToken: cancellation));
    }

    static string Told(IReadOnlyList<Row> rows) => FormattableString.Invariant($"{rows.Count} exchange(s), #{rows[0].Id} to #{rows[^1].Id}, whose time is over");

    /// <summary>Puts an exchange under legal hold, or ends that with a null <paramref name="hold"/>; false when there is nothing to change.</summary>
    public async Task<bool> SetLegalHold(long exchange, bool hold, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            "update exchange set legal_hold = @Why where id = @exchange and (legal_hold is null) = @hold",
            new { exchange, hold, Why = hold ? reason : null }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            return false;
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), actor, hold ? "legal hold" : "end legal hold", exchange, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public sealed record Row
    {
        public long Id { get; init; }
        public string Sha256 { get; init; } = "";
    }
}
