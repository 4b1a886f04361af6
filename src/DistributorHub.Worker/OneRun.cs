using System.Collections.Concurrent;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker;

/// <summary>What one run did, as counts.</summary>
/// <param name="Completed">Exchanges that ended well, duplicates included.</param>
/// <param name="Failed">Exchanges that a person should look at.</param>
/// <param name="Held">Exchanges that wait for a decision.</param>
/// <param name="Postponed">Exchanges that are tried again later.</param>
/// <param name="Troubles">What was left undone and why: partners that could not be polled or delivered to or are paused, files that are incomplete.</param>
sealed record RunSummary(int Completed, int Failed, int Held, int Postponed, IReadOnlyList<string> Troubles)
{
    public bool IsFine => Failed == 0 && Held == 0 && Postponed == 0 && Troubles.Count == 0;

    public override string ToString() =>
        $"{Completed} file(s) completed, {Failed} failed, {Held} held, {Postponed} postponed"
        + string.Concat(Troubles.Select(trouble => $"{Environment.NewLine}{trouble}"));
}

/// <summary><c>hub run --once</c>: poll, process everything, deliver, say what was done. The way is the service's, without Hangfire.</summary>
sealed class OneRun(Hub hub)
{
    const int DuePerRound = 1_000;

    // Of five seconds each. A twin that is postponed itself, or another process's, is not waited for any longer.
    const int TwinWaitsMax = 4;

    readonly ConcurrentBag<string> troubles = [];
    // The last end of each: an exchange that waited for its twin counts once.
    readonly ConcurrentDictionary<long, FlowResult> results = new();

    /// <param name="partner">Id of the only partner to look at, or null for every live one.</param>
    /// <param name="cancellation">Stops the run; what is under way is taken up by the next one.</param>
    public async Task<RunSummary> Run(string? partner, CancellationToken cancellation)
    {
        foreach (var paused in hub.Partners.Paused.Where(id => partner is null || partner == id))
            troubles.Add($"{paused} is paused: its files have mistakes.");
        var partners = hub.Partners.Live.Where(live => partner is null || live.Id == partner).ToList();
        foreach (var pause in await hub.Pauses.List(cancellation))
            if (partners.Any(live => live.Id == pause.Partner))
                troubles.Add(pause.Waits);
        foreach (var silent in await hub.Silence.List(hub.Partners.ExpectedEvery(), cancellation))
            if (partner is null || silent.Partner == partner)
                troubles.Add($"{silent.Partner}: no file since {silent.Since:u}; one is expected every {silent.ExpectedEvery:g}.");
        await Task.WhenAll(partners.Select(live => Receive(live, cancellation)));
        await Drain(partner, cancellation);
        if (partner is not null)
            await hub.Outbox.Hasten(partner, cancellation);
        foreach (var live in partners)
            if (await hub.Flow.Finalise(live, cancellation) is > 0 and var failures)
                troubles.Add($"{live.Id}: {failures} move(s), deletion(s), acknowledgement(s) or document(s) wait.");
        foreach (var overdue in await hub.ExpectedAnswers.MarkOverdue(cancellation))
            troubles.Add($"{overdue.Partner}: interchange {overdue.Reference} (#{overdue.ExchangeId}) has no answer; it was due at {overdue.DueAt:u}.");
        var (postponed, failed, held) = (results.Values.Count(result => result.End is null), results.Values.Count(IsFailed), results.Values.Count(IsHeld));
        return new(results.Count - postponed - failed - held, failed, held, postponed, [.. troubles.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Looks twice, as far apart as files need to settle, and then until every settled file is taken.</summary>
    async Task Receive(PartnerDefinition partner, CancellationToken cancellation)
    {
        var waited = false;
        foreach (var trouble in (await hub.Flow.Collect(partner, cancellation)).Troubles)
            troubles.Add(trouble);
        while (true)
        {
            var result = await hub.Flow.Receive(partner, cancellation);
            if (result.Failure is { } failure)
                troubles.Add($"{partner.Id}: {failure.Message}");
            if (result.Busy)
                troubles.Add($"{partner.Id}: another process is polling, or did so on another machine until it died less than half a minute ago.");
            if (result.More)
                continue;
            if (result.Unsettled == 0 || waited)
            {
                foreach (var file in result.Incomplete)
                    troubles.Add($"{partner.Id}: {file}");
                return;
            }
            waited = true;
            await Task.Delay(partner.Source.Settle, hub.Clock, cancellation);
        }
    }

    async Task Drain(string? partner, CancellationToken cancellation)
    {
        var waits = 0;
        do
            while (await hub.Exchanges.Due(partner, DuePerRound, cancellation) is { Count: > 0 } due)
                await Parallel.ForEachAsync(
                    due, new ParallelOptions { MaxDegreeOfParallelism = hub.Settings.Workers, CancellationToken = cancellation },
                    async (exchange, token) =>
                    {
                        if (await hub.Flow.Process(exchange.Id, token) is { } result)
                            results[exchange.Id] = result;
                    });
        while (waits++ < TwinWaitsMax && await AwaitTwins(cancellation));
    }

    /// <summary>Files with the bytes of another one wait until that has ended; here it has. False when none waits.</summary>
    async Task<bool> AwaitTwins(CancellationToken cancellation)
    {
        var due = results.Values.Where(result => result is { End: null, AwaitsTwin: true }).Max(result => result.RetryAt);
        var wait = due - hub.Clock.GetUtcNow();
        if (wait is null)
            return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait.Value + TimeSpan.FromMilliseconds(50), hub.Clock, cancellation);
        return true;
    }

    static bool IsHeld(FlowResult result) => result.End?.State == ExchangeState.Held;

    static bool IsFailed(FlowResult result) => result.End is { } end && Transitions.IsFailed(end.State);
}
