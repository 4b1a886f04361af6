using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Send;

/// <summary>What a look for documents brought.</summary>
/// <param name="Exchanges">Exchanges that are to be written, the oldest first.</param>
/// <param name="Troubles">What could not be looked for, and why.</param>
sealed record CollectedDocuments(IReadOnlyList<long> Exchanges, IReadOnlyList<string> Troubles);

/// <summary>
/// Looks into the seller's views for documents of a partner that the hub does not know, and makes an exchange of each. Those that failed are tried again when they,
/// their map or the agreement have changed.
/// </summary>
sealed class DocumentCollection(
    SellerDocuments documents, OutgoingDocuments ledger, DocumentWriting writing, Exchanges exchanges, NamedLocks locks, ILogger<DocumentCollection> log)
{
    const string Hub = "hub";

    public async Task<CollectedDocuments> Run(PartnerDefinition partner, PartnerMaps maps, CancellationToken cancellation)
    {
        var (found, troubles) = (new List<long>(), new List<string>());
        if (partner.Sends.Count == 0)
            return new(found, troubles);
        await using var held = await locks.TryTake($"send/{partner.Id}", cancellation);
        if (held is null)
            return new(found, troubles);
        foreach (var send in partner.Sends)
        {
            try
            {
                await Collect(partner, send, maps, found, cancellation);
            }
            // Whatever it is, what the partner sends us does not wait for it.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                troubles.Add($"{partner.Id}: documents of {send.Map} could not be looked for: {Failures.Sentence(e)}");
                log.CollectionFailed(partner.Id, send.Map, Failures.Sentence(e));
            }
        }
        return new(found, troubles);
    }

    async Task Collect(PartnerDefinition partner, SendDefinition send, PartnerMaps maps, List<long> found, CancellationToken cancellation)
    {
        if (maps.Map(partner, send) is not { } map)
            return;
        var known = await ledger.Known(partner.Id, map.Document.Id, cancellation);
        foreach (var key in await documents.Keys(map.Document, partner.Id, cancellation))
            if (!known.Contains(key) && await ledger.Add(partner.Id, map.Document.Id, key, $"{map.Document.Id} {key}", cancellation) is { } exchange)
                found.Add(exchange);
        foreach (var failed in await ledger.Failed(partner.Id, map.Document.Id, cancellation))
        {
            var now = await writing.Snapshot(partner, send, map, failed.Key, cancellation);
            if (now.Fingerprint == failed.Fingerprint)
                continue;
            // Noted first: should the next try fail for another reason, this change is no cause for a third.
            await ledger.Note(failed.ExchangeId, now.Fingerprint, cancellation);
            if (await exchanges.Retry(failed.ExchangeId, Hub, "the document, its map or the agreement has changed", cancellation))
                found.Add(failed.ExchangeId);
        }
    }
}
