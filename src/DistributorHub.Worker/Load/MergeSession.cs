using System.Data.Common;
using System.Text;
using Dapper;

namespace DistributorHub.Worker.Load;

/// <summary>
/// Runs the statements of one merge, all in its transaction. Those whose outcome nobody waits for are kept and go to the server together with the next one:
/// for a small document the way there and back costs more than the work.
/// </summary>
/// <param name="transaction">The merge's.</param>
/// <param name="kept">Temporary tables that the session has from loads before.</param>
/// <param name="cancellation">Stops before a statement.</param>
sealed class MergeSession(DbTransaction transaction, IReadOnlySet<string> kept, CancellationToken cancellation)
{
    // A catalogue of millions of rows takes its time; cancelling is the caller's business, not a clock's.
    const int NoTimeout = 0;

    readonly StringBuilder queued = new();
    readonly List<string> made = [];

    /// <summary>Temporary tables that the session keeps from this load on; none when it had all of them.</summary>
    public IReadOnlyList<string> Kept => made.Count == 0 ? [] : [.. kept, .. made];

    /// <summary>Has a statement run before the next one that is waited for. It has no parameters.</summary>
    public void Queue(string sql) => queued.Append(sql).Append(";\n");

    /// <summary>Makes a temporary table that stays with the session, unless it has it already.</summary>
    public void Keep(string table, string create)
    {
        if (kept.Contains(table) || made.Contains(table))
            return;
        Queue(create);
        made.Add(table);
    }

    public Task Execute(string sql, object? parameters = null) => transaction.Connection!.ExecuteAsync(Command(sql, parameters));

    /// <summary>Runs a statement that changes rows; how many.</summary>
    public async Task<int> Count(string sql)
    {
        await Flush();
        return await transaction.Connection!.ExecuteAsync(Command(sql, null));
    }

    /// <summary>Runs what is queued.</summary>
    public async Task Flush()
    {
        if (queued.Length > 0)
            await Execute("");
    }

    public Task<T?> Scalar<T>(string sql, object? parameters = null) => transaction.Connection!.ExecuteScalarAsync<T>(Command(sql, parameters));

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await transaction.Connection!.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>Goes through the rows of a query, of which there may be very many.</summary>
    public async Task Read(string sql, object? parameters, Action<DbDataReader> take)
    {
        await using var rows = await transaction.Connection!.ExecuteReaderAsync(Command(sql, parameters));
        while (await rows.ReadAsync(cancellation))
            take(rows);
    }

    CommandDefinition Command(string sql, object? parameters)
    {
        var text = queued.Append(sql).ToString();
        queued.Clear();
        return new(text, parameters, transaction, NoTimeout, cancellationToken: cancellation);
    }
}
