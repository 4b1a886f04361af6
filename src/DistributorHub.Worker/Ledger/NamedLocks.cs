using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A lock that is held until it is disposed, or lost.</summary>
sealed class NamedLock(Heartbeat heartbeat, Func<Task> giveBack) : IAsyncDisposable
{
    /// <summary>For the work under the lock: cancelled when the lock is lost.</summary>
    public CancellationToken Token => heartbeat.Token;

    /// <summary>True once it was lost: somebody else may have it.</summary>
    public bool Lost => heartbeat.Lost;

    public async ValueTask DisposeAsync()
    {
        await heartbeat.DisposeAsync();
        await giveBack();
    }
}

/// <summary>
/// Locks by name between processes. PostgreSQL: a session advisory lock on a connection that nothing else uses meanwhile, free within a moment of
/// its holder's death; a holder whose connection dies is told. SQLite: a row with a lease.
/// </summary>
sealed class NamedLocks(Database database, TimeProvider clock, string worker)
{
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>The lock, to be disposed; null when someone else has it.</summary>
    /// <param name="name">What it is on.</param>
    /// <param name="cancellation">Cancels the work under it too.</param>
    public async Task<NamedLock?> TryTake(string name, CancellationToken cancellation)
    {
        if (database.Engine == Engine.Sqlite)
            return await TakeLease(name, cancellation) ? new(new(Lease / 4, token => RenewLease(name, token), clock, cancellation), () => GiveBack(name)) : null;
        var connection = await database.Open(cancellation);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_lock(hashtextextended(@name, 0))", new { name }, cancellationToken: cancellation)))
            return new(new(Lease / 4, token => IsAlive(connection, token), clock, cancellation), () => Unlock(connection, name));
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>The lock lives as long as its session: a connection that cannot be used has lost it, or soon will.</summary>
    static async Task<bool> IsAlive(DbConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition("select 1", commandTimeout: (int)Lease.TotalSeconds, cancellationToken: cancellation));
            return true;
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    async Task Unlock(DbConnection connection, string name)
    {
        try
        {
            // The connection goes back to a pool, so the lock is given back by name.
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended(@name, 0))", new { name });
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // Its session has ended, and the lock with it; or it ends now.
            database.Retire();
        }
        await connection.DisposeAsync();
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
}
