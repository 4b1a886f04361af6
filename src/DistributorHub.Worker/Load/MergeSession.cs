using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Load;

/// <summary>Runs the statements of one merge, all in its transaction.</summary>
sealed class MergeSession(DbTransaction transaction, CancellationToken cancellation)
{
    // A catalogue of millions of rows takes its time; cancelling is the caller's business, not a clock's.
    const int NoTimeout = 0;

    public Task<int> Execute(string sql, object? parameters = null) => transaction.Connection!.ExecuteAsync(Command(sql, parameters));

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

    CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, NoTimeout, cancellationToken: cancellation);
}
