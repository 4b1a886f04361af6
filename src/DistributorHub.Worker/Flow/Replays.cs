using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Flow;

/// <summary>What became of many exchanges that something was wanted of.</summary>
/// <param name="Queued">Exchanges that are read by the next worker that is free.</param>
/// <param name="Refused">Why nothing is done to the others, each with the state it was met in.</param>
public sealed record BulkReport(IReadOnlyList<long> Queued, IReadOnlyList<Intervention> Refused)
{
    /// <summary>Exchanges of many that become due in a second, so that what comes in meanwhile is not held up.</summary>
    public const int PerSecond = 20;

    public string Sentence => FormattableString.Invariant($"{Queued.Count} queued, {Refused.Count} skipped because their state did not allow it, or has changed.");

    /// <summary>When the exchange of this place among many is read at the earliest.</summary>
    public static DateTimeOffset Due(DateTimeOffset start, int place) => start + TimeSpan.FromSeconds(place / PerSecond);
}

/// <summary>
/// Replays in two steps: first what they would change in the seller's database is found out, exchange by exchange, and kept; then that is applied, and nothing else.
/// Finding out writes nothing to the seller: each document is loaded in a transaction that is taken back. Documents are tried one by one, each against the database as
/// it is, so that one that builds on another of the same file is refused when it is applied.
/// </summary>
sealed class Replays(ReplayBook book, MapVersions versions, Exchanges exchanges, Interventions interventions, InboundFlow flow, ISeller seller, NamedLocks locks, TimeProvider clock)
{
    public ReplayBook Book => book;

    /// <summary>Begins a dry run; its number. <see cref="Run"/> makes it.</summary>
    /// <param name="selection">Which exchanges, as a person wrote it.</param>
    /// <param name="exchanges">Their numbers.</param>
    /// <param name="map">What they are mapped with.</param>
    /// <param name="actor">Who wants to know.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public Task<long> Begin(string selection, IReadOnlyList<long> exchanges, MapChoice map, string actor, CancellationToken cancellation) =>
        book.Add(selection, map, actor, exchanges, cancellation);

    /// <summary>Tries the exchanges of a dry run that are not tried yet; false when another worker is at it, or there is no such dry run.</summary>
    public async Task<bool> Run(long replay, CancellationToken cancellation)
    {
        await using var held = await locks.TryTake(FormattableString.Invariant($"replay/{replay}"), cancellation);
        if (held is null || await book.Find(replay, cancellation) is not { EndedAt: null } row)
            return false;
        var rowsMax = (await book.Counts(replay, cancellation)).Values.Sum() > 1 ? ReplayBook.RowsPerExchangeOfMany : ReplayBook.RowsPerExchangeMax;
        var wanted = MapChoice.Parse(row.Map)!;
        var maps = new ResolvedChoices(versions, wanted);
        while (await book.Next(replay, held.Token) is { } exchange)
            await Try(replay, exchange, wanted, maps, rowsMax, held.Token);
        await book.End(replay, held.Token);
        return true;
    }

    /// <summary>
    /// Has the exchanges of a dry run replayed that differ and were not read since. What they then write is what was shown, or nothing: the rows are compared once more
    /// in the transaction that writes them.
    /// </summary>
    /// <returns>Null after a sentence that says why nothing is done.</returns>
    public async Task<(BulkReport? Report, string? Mistake)> Apply(long replay, string actor, string reason, CancellationToken cancellation)
    {
        if (await book.Find(replay, cancellation) is not { } row)
            return (null, ReplayBook.NoSuch(replay));
        if (string.IsNullOrWhiteSpace(reason))
            return (null, "To apply a dry run needs a reason, which stands in the record.");
        if (row.EndedAt is null)
            return (null, $"Dry run #{replay} is not at its end.");
        if (!await book.Claim(replay, actor, reason, cancellation))
        {
            var applied = (await book.Find(replay, cancellation))!;
            return (null, $"Dry run #{replay} was applied before, at {applied.AppliedAt:u} by {applied.AppliedBy}: make another.");
        }
        var (queued, refused, start) = (new List<long>(), new List<Intervention>(), clock.GetUtcNow());
        foreach (var tried in await book.Exchanges(replay, ReplayOutcome.Different, int.MaxValue, cancellation))
        {
            var done = await interventions.Reread(tried.ExchangeId, AttemptKind.Replay,
                new() { Map = MapChoice.Parse(tried.Map!), Replay = replay, Fence = tried.Fence, DueAt = BulkReport.Due(start, queued.Count) }, actor, reason, cancellation);
            if (done.Done)
            {
                queued.Add(tried.ExchangeId);
                continue;
            }
            refused.Add(done);
            await book.Refuse(replay, tried.ExchangeId, done.Sentence, cancellation);
        }
        return (new(queued, refused), null);
    }

    async Task Try(long replay, long exchange, MapChoice map, ResolvedChoices maps, int rowsMax, CancellationToken cancellation)
    {
        if (await exchanges.Trial(exchange, map, cancellation) is not { } run)
        {
            await book.Keep(replay, new() { ExchangeId = exchange, Outcome = ReplayOutcome.Failed, Cause = $"There is no exchange #{exchange}." }, [], rowsMax, cancellation);
            return;
        }
        var (choice, mistake) = await maps.Of(run.Exchange.Partner, cancellation);
        var documents = new List<ReplayedDocument>();
        var cause = mistake ?? await interventions.WhyNot(exchange, AttemptKind.Replay, cancellation);
        if (cause is null)
            try
            {
                var end = await Read(run with { Map = choice }, documents, cancellation);
                cause = Transitions.IsFailed(end.State) ? end.Cause : null;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                cause = Failures.Sentence(e);
            }
        var outcome = documents.Exists(document => document.Digest is not null) ? ReplayOutcome.Different : cause is null ? ReplayOutcome.Same : ReplayOutcome.Failed;
        await book.Keep(replay, new()
        {
            ExchangeId = exchange,
            Outcome = outcome,
            State = run.Exchange.State,
            Fence = run.Exchange.Fence,
            Map = choice?.ToString(),
            Cause = cause ?? documents.Find(document => document.State == DocumentState.Held)?.Cause,
        }, documents, rowsMax, cancellation);
    }

    async Task<ExchangeEnd> Read(ExchangeRun run, List<ReplayedDocument> documents, CancellationToken cancellation)
    {
        var comparing = new ComparingSeller(seller);
        return await flow.Try(run, comparing, document =>
        {
            using var differences = comparing.Take();
            documents.Add(new()
            {
                ExchangeId = run.Exchange.Id,
                Ordinal = document.Ordinal,
                Type = document.Type,
                Name = document.Name,
                State = document.State,
                WasLoaded = run.Loaded.ContainsKey(document.Ordinal),
                Map = document.Map,
                MapVersion = document.MapVersion,
                Cause = document.Cause,
                Digest = differences is { Differs: true } ? differences.Digest : null,
                Tables = differences?.Tables ?? [],
                Rows = differences?.Rows ?? [],
            });
        }, cancellation);
    }
}
