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

    /// <summary>True when the poll took as many files as one poll takes, and there are more.</summary>
    public bool More { get; init; }

    /// <summary>Why the partner could not be polled, or null.</summary>
    public SourceException? Failure { get; init; }

    /// <summary>True when another process was polling the partner.</summary>
    public bool Busy { get; init; }
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
            await using var source = await sources.Open(partner, cancellation);
            var listedAt = clock.GetUtcNow();
            var listing = await source.List(cancellation);
            var sighted = await sightings.Record(partner, listing, listedAt, cancellation);
            foreach (var row in sighted.TooLarge)
                log.FileTooLarge(partner.Id, row.Path, row.Bytes, partner.Source.FileBytesMax);
            var exchanges = await Fetch(partner, source, listing, sighted.Ready, cancellation);
            await states.Polled(partner.Id, listing.Count, cancellation);
            return new() { Exchanges = exchanges, Listed = listing.Count, Unsettled = sighted.Unsettled, More = sighted.More > 0 };
        }
        catch (SourceException e)
        {
            await states.Failed(partner.Id, e, cancellation);
            log.PollFailed(partner.Id, e.Fault, e.Message);
            return new() { Failure = e };
        }
    }

    async Task<IReadOnlyList<(long Id, long Bytes)>> Fetch(
        PartnerDefinition partner, IFileSource source, IReadOnlyList<RemoteFile> listing, IReadOnlyList<RemoteFileRow> ready, CancellationToken cancellation)
    {
        await using var heartbeat = new Heartbeat(Sightings.Lease / 4, Renewed, clock, cancellation);
        // The listing's own times: the ledger keeps microseconds, a comparison with the partner's side needs all there is.
        var listed = listing.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var claims = new Dictionary<string, RemoteFileRow>(StringComparer.Ordinal);
        foreach (var row in ready)
            if (await sightings.Claim(row, heartbeat.Token) is { } claim)
                claims.Add(claim.Path, claim);
        var files = ready.Where(row => claims.ContainsKey(row.Path)).Select(row => listed[row.Path]);
        var exchanges = new List<(long, long)>();
        await foreach (var (file, outcome) in downloader.Run(source, partner.Source, files, heartbeat.Token))
            if (await Keep(claims[file.Path], outcome, heartbeat.Token) is { } exchange)
                exchanges.Add((exchange, file.Bytes));
        return exchanges;

        async Task<bool> Renewed(CancellationToken token)
        {
            await sightings.Renew(partner.Id, token);
            return true;
        }
    }

    async Task<long?> Keep(RemoteFileRow claim, DownloadOutcome outcome, CancellationToken cancellation)
    {
        switch (outcome)
        {
            case DownloadOutcome.Downloaded file:
                try
                {
                    return await archive.Store(claim, new(file.SpoolPath, file.Bytes, file.Sha256), cancellation);
                }
                finally
                {
                    File.Delete(file.SpoolPath);
                }
            case DownloadOutcome.Failed failed:
                log.DownloadFailed(claim.Partner, claim.Path, failed.Reason);
                await sightings.Release(claim, failed.Reason, cancellation);
                return null;
            default:
                await sightings.Release(claim, "changed or gone while it was read", cancellation);
                return null;
        }
    }
}
