using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace DistributorHub.Worker.Access;

/// <summary>Someone who is signed in at one browser.</summary>
sealed record Session
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>Address of the sign-in.</summary>
    public string FromAddress { get; init; } = "";

    /// <summary>True for an account of the company, false for one of the hub.</summary>
    public bool Company { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UsedAt { get; init; }
}

/// <summary>
/// The sessions of the pages, in the hub database, for all workers. Each request asks for its own, so that one that is ended here is over at once. The id stands in a
/// cookie that only the hub can make, and is no secret.
/// </summary>
sealed class Sessions(Database database, TimeProvider clock)
{
    /// <summary>A session ends when it is not used for this long.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>A session ends after this time however much it is used.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    // A write for each request would be the most frequent write of all.
    static readonly TimeSpan UsedPrecision = TimeSpan.FromMinutes(1);

    // The cookie knows to the second when its time is over; what is noted of its use is a minute old at most.
    const string Lasts = "created_at > @Begun and used_at > @Used";

    /// <summary>Begins one, and forgets those whose time is over.</summary>
    public async Task<string> Begin(string name, string from, bool company, CancellationToken cancellation)
    {
        var (id, now) = (RandomNumberGenerator.GetHexString(16, lowercase: true), clock.GetUtcNow());
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition($"delete from web_session where not ({Lasts})", Limits(now), cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into web_session (id, name, from_address, company, created_at, used_at) values (@id, @name, @from, @company, @now, @now)",
            new { id, name, from, company, now }, cancellationToken: cancellation));
        return id;
    }

    /// <summary>True while a session lasts; notes that it is used.</summary>
    public async Task<bool> Lives(string id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        var used = await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select used_at from web_session where id = @id", new { id }, cancellationToken: cancellation));
        if (used is not null && now - used >= UsedPrecision)
            await connection.ExecuteAsync(new CommandDefinition("update web_session set used_at = @now where id = @id", new { id, now }, cancellationToken: cancellation));
        return used is not null;
    }

    /// <summary>Sessions that last, the one used last first.</summary>
    public async Task<IReadOnlyList<Session>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<Session>(new CommandDefinition(
            $"select id, name, from_address, company, created_at, used_at from web_session where {Lasts} order by used_at desc, id", Limits(clock.GetUtcNow()), cancellationToken: cancellation))).AsList();
    }

    /// <summary>Ends a session of one who signs out.</summary>
    public async Task SignOut(string id, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("delete from web_session where id = @id", new { id }, cancellationToken: cancellation));
    }

    /// <summary>Ends one session; whose it was, or null when it has ended already.</summary>
    public async Task<string?> End(string id, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var name = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "delete from web_session where id = @id returning name", new { id }, transaction, cancellationToken: cancellation));
        if (name is null)
            return null;
        await Audit.Add(connection, transaction, clock.GetUtcNow(), actor, "end session", Accounts.Target(name), id, cancellation);
        await transaction.CommitAsync(cancellation);
        return name;
    }

    /// <summary>Ends all sessions of a name, in capitals or not; how many.</summary>
    public async Task<int> EndAll(string name, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await EndAll(connection, transaction, name, cancellation);
        if (ended > 0)
            await Audit.Add(connection, transaction, clock.GetUtcNow(), actor, "end sessions", Accounts.Target(name), FormattableString.Invariant($"{ended} session(s)"), cancellation);
        await transaction.CommitAsync(cancellation);
        return ended;
    }

    /// <summary>The same in the transaction of what ends them.</summary>
    public static Task<int> EndAll(DbConnection connection, DbTransaction transaction, string name, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition("delete from web_session where lower(name) = lower(@name)", new { name }, transaction, cancellationToken: cancellation));

    static object Limits(DateTimeOffset now) => new { Begun = now - Longest, Used = now - Idle - UsedPrecision };
}
