using System.Collections.Concurrent;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker;

/// <summary>What one run did, as counts.</summary>
/// <param name="Completed">Exchanges that ended well, duplicates included.</param>
/// <param name="Failed">Exchanges that a person should look at.</param>
/// <param name="Held">Exchanges that wait for a decision.</param>
/// <param name="Postponed">Exchanges that are tried again later.</param>
/// <param name="Troubles">Partners that could not be polled or delivered to, or are paused, and why.</param>
sealed record RunSummary(int Completed, int Failed, int Held, int Postponed, IReadOnlyList<string> Troubles)
{
    public bool IsFine => Failed == 0 && Postponed == 0 && Troubles.Count == 0;

    public override string ToString() =>
        $"{Completed} file(s) completed, {Failed} failed, {Held} held, {Postponed} postponed"
        + string.Concat(Troubles.Select(trouble => $"{Environment.NewLine}{trouble}"));
}

/// <summary><c>hub run --once</c>: poll, process everything, deliver, say what was done. The way is the service's, without Hangfire.</summary>
sealed class OneRun(Hub hub)
{
    const int DuePerRound = 1_000;

    readonly ConcurrentBag<string> troubles = [];
    int completed, failed, held, postponed;

    /// <param name="partner">Id of the only partner to look at, or null for every live one.</param>
    /// <param name="cancellation">Stops the run; what is under way is taken up by the next one.</param>
    public async Task<RunSummary> Run(string? partner, CancellationToken cancellation)
    {
        foreach (var paused in hub.Partners.Paused.Where(id => partner is null || partner == id))
            troubles.Add($"{paused} is paused: its files have mistakes.");
        var partners = hub.Partners.Live.Where(live => partner is null || live.Id == partner).ToList();
        await Task.WhenAll(partners.Select(live => Receive(live, cancellation)));
        await Drain(partner, cancellation);
        foreach (var live in partners)
            if (await hub.Flow.Finalise(live, cancellation) is > 0 and var failures)
                troubles.Add($"{live.Id}: {failures} move(s), deletion(s) or acknowledgement(s) wait.");
        return new(completed, failed, held, postponed, [.. troubles.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Looks twice, as far apart as files need to settle, and then until every settled file is taken.</summary>
    async Task Receive(PartnerDefinition partner, CancellationToken cancellation)
    {
        var waited = false;
        while (true)
        {
            var result = await hub.Flow.Receive(partner, cancellation);
            if (result.Failure is { } failure)
                troubles.Add($"{partner.Id}: {failure.Message}");
            if (result.More)
                continue;
            if (result.Unsettled == 0 || waited)
                return;
            waited = true;
            await Task.Delay(partner.Source.Settle, hub.Clock, cancellation);
        }
    }

    async Task Drain(string? partner, CancellationToken cancellation)
    {
        while (await hub.Exchanges.Due(partner, DuePerRound, cancellation) is { Count: > 0 } due)
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = hub.Settings.Workers, CancellationToken = cancellation },
                async (exchange, token) => Count(await hub.Flow.Process(exchange.Id, token)));
    }

    void Count(FlowResult? result)
    {
        switch (result)
        {
            case null:
                break;
            case { End: null }:
                Interlocked.Increment(ref postponed);
                break;
            case { End.State: ExchangeState.Held }:
                Interlocked.Increment(ref held);
                break;
            case { End.State: var state } when Transitions.IsFailed(state):
                Interlocked.Increment(ref failed);
                break;
            default:
                Interlocked.Increment(ref completed);
                break;
        }
    }
}
