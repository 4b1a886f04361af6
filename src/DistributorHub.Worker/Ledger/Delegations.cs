using System.Data.Common;
using System.Globalization;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Approvers who let others decide in their place for a while. Every change is in the audit.</summary>
sealed class Delegations(Database database, TimeProvider clock)
{
    /// <summary>Longest time one person decides for another.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);

    const string Columns = "id, delegator, delegate, from_at, until_at, reason, made_at, revoked_at";

    /// <summary>How a day is written.</summary>
    public const string DayForm = "yyyy-MM-dd";

    /// <summary>The same for whole days in UTC.</summary>
    /// <param name="from">The approver.</param>
    /// <param name="to">Who decides in their place.</param>
    /// <param name="first">The first day; null for today.</param>
    /// <param name="last">The last day.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public Task<string?> Add(string from, string to, DateOnly? first, DateOnly last, string reason, CancellationToken cancellation)
    {
        return Add(from, to, Start(first ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)), Start(last.AddDays(1)), reason, cancellation);

        static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }

    /// <summary>Lets <paramref name="to"/> decide for <paramref name="from"/>; the reason it was refused for, or null.</summary>
    /// <param name="from">The approver, who says so: nobody gives away the right of another.</param>
    /// <param name="to">Who decides in their place.</param>
    /// <param name="start">From when on.</param>
    /// <param name="end">Until when; the moment itself is not in it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<string?> Add(
        string from, string to, DateTimeOffset start, DateTimeOffset end, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (from == to)
            return $"{from} decides for themselves already.";
        if (end <= start || end <= now)
            return "It would be over before it begins.";
        if (end - start > LongestTime)
            return FormattableString.Invariant($"It may last {LongestTime.Days} days at most.");
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into delegation (delegator, delegate, from_at, until_at, reason, made_at) values (@from, @to, @start, @end, @reason, @now)
            """,
            new { from, to, start, end, reason, now }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, from, "delegate", string.Create(CultureInfo.InvariantCulture, $"{from} to {to}, {start:u} to {end:u}"), reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>Ends a delegation now; false when it has ended.</summary>
    public async Task<bool> Revoke(long id, string actor, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await connection.QuerySingleOrDefaultAsync<DelegationRow>(new CommandDefinition(
            $"update delegation set revoked_at = @now where id = @id and revoked_at is null and until_at > @now returning {Columns}",
            new { id, now }, transaction, cancellationToken: cancellation));
        if (ended is null)
            return false;
        await Decisions.Record(connection, transaction, now, actor, "revoke delegation", $"{ended.Delegator} to {ended.Delegate}", reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Those that hold now or will.</summary>
    public async Task<IReadOnlyList<DelegationRow>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<DelegationRow>(new CommandDefinition(
            $"select {Columns} from delegation where revoked_at is null and until_at > @Now order by from_at, id",
            new { Now = clock.GetUtcNow() }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>For whom a person decides at a moment.</summary>
    public static async Task<IReadOnlyList<string>> Delegators(
        DbConnection connection, DbTransaction? transaction, string actor, DateTimeOffset now, CancellationToken cancellation) =>
        (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select distinct delegator from delegation
            where delegate = @actor and from_at <= @now and until_at > @now and revoked_at is null order by delegator
            """,
            new { actor, now }, transaction, cancellationToken: cancellation))).AsList();
}
