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

    CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, NoTimeout, cancellationToken: cancellation);
}
