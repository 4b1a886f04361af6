using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Search;

/// <summary>What would be done to the exchanges of a filter.</summary>
/// <param name="Kind">Retry, Replay or Ignore.</param>
/// <param name="Filters">Which.</param>
/// <param name="UpTo">Number of the newest that is met: what comes later is not touched. 0 for none.</param>
/// <param name="States">How many there are in each state.</param>
/// <param name="Ready">Those it can be done to, the oldest first.</param>
/// <param name="IsTooMany">True when there are more than <see cref="Bulk.ExchangesMax"/>.</param>
public sealed record BulkPreview(AttemptKind Kind, ExchangeFilters Filters, long UpTo, IReadOnlyDictionary<ExchangeState, int> States, IReadOnlyList<ExchangeRow> Ready, bool IsTooMany)
{
    public int Met => States.Values.Sum();

    /// <summary>The first few, to be looked at.</summary>
    public IEnumerable<ExchangeRow> Sample => Ready.Take(Bulk.SampleSize);

    /// <summary>Why nothing can be done, or null.</summary>
    public string? Mistake => IsTooMany ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"More than {Bulk.ExchangesMax:N0} exchanges are met, and at most so many are touched at once: make the filter narrower.")
        : Met == 0 ? "No exchange is met by the filter."
        : Ready.Count == 0 ? $"{Verb} can be done to none of the {Met} exchanges that are met: they are {Counts}." : null;

    public string Verb => Kind.ToString().ToLowerInvariant();

    /// <summary>How many of each state, in words.</summary>
    public string Counts => string.Join(", ", States.OrderBy(state => state.Key).Select(state => $"{state.Value} {state.Key}"));

    public string Sentence => Mistake ?? $"{Met} exchange{(Met == 1 ? " is" : "s are")} met ({Counts}); {Verb} touches {(Ready.Count == Met ? "all of them." : $"{Ready.Count}, and the state of the other {Met - Ready.Count} does not allow it.")}";
}

/// <summary>
/// What is done to many exchanges at once: shown first, capped, and spread over time so that what comes in meanwhile goes before it. Whatever an exchange has become
/// since it was shown, it is left alone with a sentence when the thing cannot be done any more.
/// </summary>
sealed class Bulk(Hub hub)
{
    /// <summary>Most exchanges that one request touches.</summary>
    public const int ExchangesMax = 5_000;

    public const int SampleSize = 10;

    readonly ExchangeSearch search = new(hub);

    /// <summary>The verbs there are.</summary>
    public static readonly IReadOnlyList<AttemptKind> Kinds = [AttemptKind.Retry, AttemptKind.Replay, AttemptKind.Ignore];

    /// <summary>The verb of a word, or null.</summary>
    public static AttemptKind? KindOf(string? word) => Kinds.Where(kind => kind.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)).Cast<AttemptKind?>().FirstOrDefault();

    /// <summary>What would be done.</summary>
    /// <param name="kind">Retry, Replay or Ignore.</param>
    /// <param name="filters">To which exchanges.</param>
    /// <param name="upTo">Number of the newest that was shown; null for all there are now.</param>
    /// <param name="cancellation">Stops the search.</param>
    public async Task<BulkPreview> Preview(AttemptKind kind, ExchangeFilters filters, long? upTo, CancellationToken cancellation)
    {
        var met = await search.All(filters with { Before = upTo + 1 }, ExchangesMax + 1, cancellation);
        var states = met.GroupBy(exchange => exchange.State).ToDictionary(group => group.Key, group => group.Count());
        // Newest first is the order of the list; what came first is done first.
        var ready = met.Where(exchange => Interventions.Takes(kind, exchange)).OrderBy(exchange => exchange.Id).ToList();
        return new(kind, filters, met.Count == 0 ? 0 : met[0].Id, states, ready, met.Count > ExchangesMax);
    }

    /// <summary>Does it to all that were shown; what a replay changes is found out first by a dry run (<see cref="Replays"/>) when somebody wants to know.</summary>
    /// <param name="preview">What was shown.</param>
    /// <param name="map">With a replay: what it maps with.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops between two exchanges.</param>
    public async Task<BulkReport> Do(BulkPreview preview, MapChoice? map, string actor, string reason, CancellationToken cancellation)
    {
        var (queued, refused, start) = (new List<long>(), new List<Intervention>(), hub.Clock.GetUtcNow());
        var maps = new ResolvedChoices(hub.Versions, map ?? MapChoice.Current);
        foreach (var exchange in preview.Ready)
        {
            cancellation.ThrowIfCancellationRequested();
            var done = await One(exchange);
            if (done.Done)
                queued.Add(exchange.Id);
            else
                refused.Add(done);
        }
        await hub.Audit.Add(actor, $"bulk {preview.Verb}", preview.Filters.ToText(), $"{queued.Count} exchange(s): {reason}", cancellation);
        return new(queued, refused);

        async Task<Intervention> One(ExchangeRow exchange)
        {
            if (preview.Kind == AttemptKind.Ignore)
                return await hub.Interventions.Ignore(exchange.Id, actor, reason, cancellation);
            if (hub.WhyNotRun(exchange.Partner) is { } why)
                return new(exchange.Id, false, exchange.State, $"Exchange #{exchange.Id} is {exchange.State}: {why}");
            var how = new Rereading { DueAt = BulkReport.Due(start, queued.Count) };
            if (preview.Kind == AttemptKind.Replay)
            {
                var (choice, mistake) = await maps.Of(exchange.Partner, cancellation);
                if (choice is null)
                    return new(exchange.Id, false, exchange.State, $"Exchange #{exchange.Id} is {exchange.State}: {mistake}");
                how = how with { Map = choice };
            }
            return await hub.Interventions.Reread(exchange.Id, preview.Kind, how, actor, reason, cancellation);
        }
    }
}
