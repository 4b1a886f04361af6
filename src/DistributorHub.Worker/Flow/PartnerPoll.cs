using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Flow;

/// <summary>What a poll brought.</summary>
sealed record PollResult
{
    /// <summary>New exchanges and their sizes, in the order of their files.</summary>
    public IReadOnlyList<(long Id, long Bytes)> Exchanges { get; init; } = [];

    /// <summary>Files the listing showed.</summary>
    public int Listed { get; init; }

    /// <summary>Files that had no time to settle yet.</summary>
    public int Unsettled { get; init; }

    /// <summary>Files that lack the end of their interchange and are left to the partner for a while.</summary>
    public IReadOnlyList<IncompleteFile> Incomplete { get; init; } = [];

    /// <summary>True when the poll took as many files as one poll takes, and there are more.</summary>
    public bool More { get; init; }

    /// <summary>Why the partner could not be polled, or null.</summary>
    public SourceException? Failure { get; init; }

    /// <summary>True when another process was polling the partner.</summary>
    public bool Busy { get; init; }
}

/// <summary>A file whose end is not there yet.</summary>
/// <param name="Path">Path on the partner's side.</param>
/// <param name="TakenAt">When it is taken as it is, should it not change before.</param>
/// <param name="IsNew">True when this poll found out.</param>
sealed record IncompleteFile(string Path, DateTimeOffset TakenAt, bool IsNew)
{
    public const string Reason = "the end of its interchange (UNZ or IEA) is missing";

    public override string ToString() =>
        $"{Path} is incomplete: {Reason}. It is looked at again when it changes, and taken as it is from {TakenAt:u}.";
}

/// <summary>
/// One look into a partner's folder: list, let files settle, claim, download, archive. Each file is a ledger row and archived bytes in
/// one commit, or it is still the partner's.
/// </summary>
sealed class PartnerPoll(
    FileSources sources, Downloader downloader, Sightings sightings, Archive archive, PartnerStates states, NamedLocks locks,
    TimeProvider clock, ILogger<PartnerPoll> log)
{
    public async Task<PollResult> Run(PartnerDefinition partner, CancellationToken cancellation)
    {
        await using var held = await locks.TryTake($"poll/{partner.Id}", cancellation);
        if (held is null)
            return new() { Busy = true };
        try
        {
            return await Poll(partner, held.Token);
        }
        catch (OperationCanceledException) when (held.Lost && !cancellation.IsCancellationRequested)
        {
            // Another process may poll now. What was claimed here goes back when its lease ends.
            log.PollLost(partner.Id);
            return new() { Busy = true };
        }
    }

    async Task<PollResult> Poll(PartnerDefinition partner, CancellationToken cancellation)
    {
        try
        {
            await using var source = await sources.Reopen(partner, cancellation);
            var listedAt = clock.GetUtcNow();
            var listing = await source.List(cancellation);
            var sighted = await sightings.Record(partner, listing, listedAt, cancellation);
            foreach (var row in sighted.TooLarge)
                log.FileTooLarge(partner.Id, row.Path, row.Bytes, partner.Source.FileBytesMax);
            var incomplete = sighted.Incomplete.Select(row => Describe(row, partner, isNew: false)).ToList();
            var exchanges = await Fetch(partner, source, listing, sighted.Ready, incomplete, cancellation);
            await states.Polled(partner.Id, listing.Count, cancellation);
            return new()
            {
                Exchanges = exchanges,
                Listed = listing.Count,
                Unsettled = sighted.Unsettled,
                Incomplete = incomplete,
                More = sighted.More > 0,
            };
        }
        catch (SourceException e)
        {
            await states.Failed(partner.Id, e, cancellation);
            log.PollFailed(partner.Id, e.Fault, e.Message);
            if (PartnerStates.Pauses(e.Fault))
                log.PollingStopped(partner.Id);
            return new() { Failure = e };
        }
    }

    async Task<IReadOnlyList<(long Id, long Bytes)>> Fetch(
        PartnerDefinition partner, IFileSource source, IReadOnlyList<RemoteFile> listing, IReadOnlyList<RemoteFileRow> ready,
        List<IncompleteFile> incomplete, CancellationToken cancellation)
    {
        await using var heartbeat = new Heartbeat(Sightings.Lease / 4, Renewed, clock, cancellation);
        // The listing's own times: the ledger keeps microseconds, a comparison with the partner's side needs all there is.
        var listed = listing.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var claims = (await sightings.Claim(ready, heartbeat.Token)).ToDictionary(claim => claim.Path, StringComparer.Ordinal);
        var files = ready.Where(row => claims.ContainsKey(row.Path)).Select(row => listed[row.Path]);
        var exchanges = new List<(long, long)>();
        await using var batch = new ArchiveBatch(archive);
        await foreach (var (file, outcome) in downloader.Run(source, partner.Source, files, heartbeat.Token))
        {
            var claim = claims[file.Path];
            if (outcome is DownloadOutcome.Downloaded { Trailer: TrailerState.NoTrailer } cut && Sightings.AwaitsTrailer(claim, partner.Source, clock.GetUtcNow()))
            {
                File.Delete(cut.SpoolPath);
                incomplete.Add(await Leave(claim, partner, heartbeat.Token));
            }
            else if (outcome is DownloadOutcome.Downloaded whole)
            {
                batch.Add(claim, new(whole.SpoolPath, whole.Bytes, whole.Sha256));
                if (batch.IsFull)
                    exchanges.AddRange(await batch.Store(heartbeat.Token));
            }
            else
            {
                await Release(claim, outcome, heartbeat.Token);
            }
        }
        exchanges.AddRange(await batch.Store(heartbeat.Token));
        return exchanges;

        async Task<bool> Renewed(CancellationToken token)
        {
            await sightings.Renew(partner.Id, token);
            return true;
        }
    }

    async Task<IncompleteFile> Leave(RemoteFileRow claim, PartnerDefinition partner, CancellationToken cancellation)
    {
        var file = Describe(claim, partner, isNew: true);
        await sightings.Wait(claim, $"{IncompleteFile.Reason}; it is taken as it is from {file.TakenAt:u}", cancellation);
        log.FileIncomplete(partner.Id, file);
        return file;
    }

    static IncompleteFile Describe(RemoteFileRow row, PartnerDefinition partner, bool isNew) =>
        new(row.Path, row.FirstSeen + partner.Source.IncompleteGrace, isNew);

    async Task Release(RemoteFileRow claim, DownloadOutcome outcome, CancellationToken cancellation)
    {
        var failure = (outcome as DownloadOutcome.Failed)?.Reason;
        if (failure is not null)
            log.DownloadFailed(claim.Partner, claim.Path, failure);
        await sightings.Release(claim, failure ?? "changed or gone while it was read", cancellation);
    }
}
