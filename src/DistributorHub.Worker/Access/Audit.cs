using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Access;

/// <summary>Who did what to what, when and why.</summary>
sealed record AuditRow
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Actor { get; init; } = "";
    public string Action { get; init; } = "";
    public string Target { get; init; } = "";
    public string? Reason { get; init; }
}

/// <summary>Which entries to list. Everything that is null is not asked for.</summary>
sealed record AuditFilter
{
    public string? Actor { get; init; }
    public string? Target { get; init; }

    /// <summary>Only entries older than this one: the last of the page before.</summary>
    public long? Before { get; init; }
    public required int Most { get; init; }
}

/// <summary>The record of what people do. It is only ever added to: triggers of the database refuse anything else.</summary>
sealed class Audit(Database database, TimeProvider clock)
{
    public async Task Add(string actor, string action, string target, string? reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await Add(connection, null, clock.GetUtcNow(), actor, action, target, reason, cancellation);
    }

    /// <summary>Writes an entry in the transaction that does what it tells.</summary>
    public static Task<int> Add(
        DbConnection connection, DbTransaction? transaction, DateTimeOffset now, string actor, string action, string target, string? reason,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into audit (at, actor, action, target, reason) values (@now, @actor, @action, @target, @reason)",
            new { now, actor, action, target, reason }, transaction, cancellationToken: cancellation));

    /// <summary>Entries, the newest first.</summary>
    public async Task<IReadOnlyList<AuditRow>> List(AuditFilter filter, CancellationToken cancellation)
    {
        var conditions = new List<string>();
        if (filter.Actor is not null)
            conditions.Add("actor = @Actor");
        if (filter.Target is not null)
            conditions.Add("target = @Target");
        if (filter.Before is not null)
            conditions.Add("id < @Before");
        var where = conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}";
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<AuditRow>(new CommandDefinition(
            $"select id, at, actor, action, target, reason from audit {where} order by id desc limit @Most", filter, cancellationToken: cancellation))).AsList();
    }
}
