using Dapper;
using DistributorHub.Worker.Search;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>What the bar at the top counts.</summary>
/// <param name="Failed">Exchanges that failed, as far as they are counted.</param>
/// <param name="Held">Exchanges with documents that wait for a person.</param>
sealed record NavigationCounts(long Failed, long Held)
{
    /// <summary>Nobody reads a larger number than this from the bar.</summary>
    public const int Most = 999;

    public static string Short(long count) => count > Most ? $"{Most}+" : Show.Count(count);

    public static string Title(string path, long count) => $"{Short(count)} {(path == "/exchanges" ? "failed" : "waiting")}";
}

/// <summary>Counts for the bar of every page; several pages that load at once share them.</summary>
sealed class NavigationQueries(Hub hub)
{
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(3);

    sealed record Counted(DateTimeOffset At, NavigationCounts Counts);

    volatile Counted? last;

    public async Task<NavigationCounts> Count(CancellationToken cancellation)
    {
        var now = hub.Clock.GetUtcNow();
        if (last is { } counted && now - counted.At < Kept)
            return counted.Counts;
        await using var connection = await hub.Database.Open(cancellation);
        var parameters = new { Most = NavigationCounts.Most + 1 };
        var failed = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from (select 1 from exchange where state in ({ExchangeStates.FailedList}) limit @Most) as counted", parameters, cancellationToken: cancellation));
        var held = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from (select distinct exchange_id from document where state = 'Held' limit @Most) as counted", parameters, cancellationToken: cancellation));
        last = new(now, new(failed, held));
        return last.Counts;
    }
}
