using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Ends the leases of processes that are seen to be dead, so that a restart goes on at once. All other leases run out by themselves.</summary>
sealed class DeadWorkers(Database database, TimeProvider clock)
{
    static readonly (string Table, string Owner)[] Leases =
        [("lease", "owner"), ("remote_file", "claimed_by"), ("exchange", "lease_owner"), ("outbox", "lease_owner")];

    /// <summary>Leases that were ended.</summary>
    public async Task<int> Release(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var now = clock.GetUtcNow();
        var ended = 0;
        foreach (var (table, owner) in Leases)
        {
            var owners = await connection.QueryAsync<string>(new CommandDefinition(
                $"select distinct {owner} from {table} where lease_until >= @now and {owner} is not null", new { now }, cancellationToken: cancellation));
            foreach (var dead in owners.Where(WorkerName.IsDead))
                ended += await connection.ExecuteAsync(new CommandDefinition(
                    $"update {table} set lease_until = @Past where {owner} = @dead and lease_until >= @now",
                    new { dead, now, Past = now.AddSeconds(-1) }, cancellationToken: cancellation));
        }
        return ended;
    }
}
