using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A service that is no longer seen, and did not say that it stops.</summary>
sealed record GoneWorker
{
    public string Name { get; init; } = "";
    public string Machine { get; init; } = "";
    public DateTimeOffset SeenAt { get; init; }
}

/// <summary>Which services run on this hub database. Each says so every few seconds, and says when it stops.</summary>
sealed class WorkerRoll(Database database, TimeProvider clock, string worker)
{
    /// <summary>After this time without a sign a service counts as gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    // A machine that was taken away for good is no news for ever.
    static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    static string Machine => Environment.MachineName;

    /// <summary>
    /// This service runs. One that starts takes the place of those of its machine that are dead, or else of one that is gone from another: then nothing is
    /// missing any more.
    /// </summary>
    public async Task Seen(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var known = await connection.ExecuteAsync(new CommandDefinition(
            "update worker set seen_at = @now where name = @worker", new { worker, now }, transaction, cancellationToken: cancellation));
        if (known == 0)
        {
            var others = (await connection.QueryAsync<GoneWorker>(new CommandDefinition(
                "select name, machine, seen_at from worker order by seen_at", transaction: transaction, cancellationToken: cancellation))).AsList();
            var replaced = others.Where(other => WorkerName.IsDead(other.Name)).ToList();
            if (replaced.Count == 0)
                replaced = [.. others.Where(other => other.SeenAt < now - Silence).OrderBy(other => other.Machine != Machine).Take(1)];
            foreach (var other in replaced)
                await connection.ExecuteAsync(new CommandDefinition("delete from worker where name = @Name", new { other.Name }, transaction, cancellationToken: cancellation));
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into worker (name, machine, started_at, seen_at) values (@worker, @Machine, @now, @now)", new { worker, Machine, now }, transaction, cancellationToken: cancellation));
        }
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from worker where seen_at < @Before", new { Before = now - Forgotten }, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>This service stops, and is not missed.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("delete from worker where name = @worker", new { worker }, cancellationToken: cancellation));
    }

    public async Task<IReadOnlyList<GoneWorker>> Gone(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<GoneWorker>(new CommandDefinition(
            "select name, machine, seen_at from worker where seen_at < @Before order by seen_at",
            new { Before = clock.GetUtcNow() - Silence }, cancellationToken: cancellation))).AsList();
    }
}
