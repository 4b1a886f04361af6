using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Locks by name between processes. PostgreSQL: a session advisory lock on an idle connection of its own, free within a moment of
/// its holder's death. SQLite: a row with a lease.
/// </summary>
sealed class NamedLocks(Database database, TimeProvider clock, string worker)
{
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>The lock, to be disposed; null when someone else has it.</summary>
    public async Task<IAsyncDisposable?> TryTake(string name, CancellationToken cancellation)
    {
        if (database.Engine == Engine.Sqlite)
            return await TakeLease(name, cancellation) ? new RowLock(this, name, clock) : null;
        var connection = await database.Open(cancellation);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_lock(hashtextextended(@name, 0))", new { name }, cancellationToken: cancellation)))
            return new SessionLock(connection, name);
        await connection.DisposeAsync();
        return null;
    }

    async Task<bool> TakeLease(string name, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            insert into lease (name, owner, lease_until, fence) values (@name, @Worker, @Until, 1)
            on conflict (name) do update set owner = excluded.owner, lease_until = excluded.lease_until, fence = lease.fence + 1
            where lease.lease_until < @Now
            returning owner
            """,
            new { name, Worker = worker, Until = now + Lease, Now = now }, cancellationToken: cancellation)) is not null;
    }

    async Task<bool> RenewLease(string name, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update lease set lease_until = @Until where name = @name and owner = @Worker",
            new { name, Worker = worker, Until = clock.GetUtcNow() + Lease }, cancellationToken: cancellation)) == 1;
    }

    async Task GiveBack(string name)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await connection.ExecuteAsync("delete from lease where name = @name and owner = @Worker", new { name, Worker = worker });
    }

    sealed class SessionLock(DbConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The connection goes back to a pool, so the lock is given back by name.
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended(@name, 0))", new { name });
            await connection.DisposeAsync();
        }
    }

    sealed class RowLock : IAsyncDisposable
    {
        readonly NamedLocks locks;
        readonly string name;
        readonly Heartbeat heartbeat;

        public RowLock(NamedLocks locks, string name, TimeProvider clock)
        {
            (this.locks, this.name) = (locks, name);
            heartbeat = new(Lease / 4, cancellation => locks.RenewLease(name, cancellation), clock, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await heartbeat.DisposeAsync();
            await locks.GiveBack(name);
        }
    }
}
