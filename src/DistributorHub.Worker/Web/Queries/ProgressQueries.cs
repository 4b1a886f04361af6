using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>Running attempts, for pages that follow them.</summary>
sealed class ProgressQueries(Hub hub)
{
    /// <summary>An exchange and its running attempt; null when there is no such exchange.</summary>
    public async Task<(ExchangeRow Exchange, AttemptRow? Attempt)?> Read(long id, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        return await connection.QuerySingleOrDefaultAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where id = @id", new { id }, cancellationToken: cancellation)) is not { } exchange ? null
            : (exchange, exchange.State == ExchangeState.Processing ? (await Running([id], cancellation)).GetValueOrDefault(id) : null);
    }

    /// <summary>The running attempts of exchanges that have noted how far they have come, by exchange.</summary>
    public async Task<IReadOnlyDictionary<long, AttemptRow>> Running(IReadOnlyList<long> exchanges, CancellationToken cancellation)
    {
        if (exchanges.Count == 0)
            return new Dictionary<long, AttemptRow>();
        await using var connection = await hub.Database.Open(cancellation);
        return (await connection.QueryAsync<Running>(new CommandDefinition(
            "select exchange_id, id, state, started_at, noted_at, bytes_read, segments_read, rows_staged, is_loading from attempt where exchange_id in @exchanges and state = 'Running' and noted_at is not null",
            new { exchanges }, cancellationToken: cancellation))).ToDictionary(running => running.ExchangeId, running => (AttemptRow)running);
    }
}

/// <summary>An attempt that runs.</summary>
sealed record Running : AttemptRow
{
    public long ExchangeId { get; init; }
}
