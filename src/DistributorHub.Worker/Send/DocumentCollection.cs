using DistributorHub.Edi;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Send;

/// <summary>What a look for documents brought.</summary>
/// <param name="Exchanges">Exchanges that are to be written, the oldest first, as many as are handed on at once; others are due in the ledger.</param>
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
        // Documents of the seller's are in earnest, but for those that are agreed to be tests.
        foreach (var send in partner.Sends.Where(send => partner.State != PartnerState.Test || send.Test))
        {
            try
            {
                if (maps.Map(partner, send) is { } map && await Collect(partner, new(send, map), found, cancellation) is { } trouble)
                    Tell(trouble);
            }
            // Whatever it is, what the partner sends us does not wait for it.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Tell($"could not be looked for: {Failures.Sentence(e)}");
            }

            void Tell(string trouble)
            {
                troubles.Add($"{partner.Id}: documents of {send.Map} {trouble}");
                log.CollectionFailed(partner.Id, send.Map, trouble);
            }
        }
        return new(found, troubles);
    }

    /// <summary>What of it could not be done, or null.</summary>
    async Task<string?> Collect(PartnerDefinition partner, Sending sending, List<long> found, CancellationToken cancellation)
    {
        var document = sending.Map.Document;
        var unusable = new UnusableKeys();
        await foreach (var keys in documents.Keys(document, partner.Id, unusable, cancellation))
            foreach (var key in await ledger.Unknown(partner.Id, document.Id, keys, cancellation))
                if (await ledger.Add(partner.Id, document.Id, key, DocumentWriting.Unsent(partner, sending, key), cancellation) is { } exchange)
                    Found(exchange);
        for (long after = 0; await ledger.Failed(partner.Id, document.Id, after, Limits.DocumentKeysMax, cancellation) is { Count: > 0 } failed; after = failed[^1].ExchangeId)
            foreach (var row in failed)
                if (await RetryChanged(partner, sending, row, cancellation))
                    Found(row.ExchangeId);
        return unusable.Count == 0 ? null : $"have rows without a key that can be used; {document.Root.View}: {unusable}";

        void Found(long exchange)
        {
            if (found.Count < Limits.DocumentsPerLookMax)
                found.Add(exchange);
        }
    }

    async Task<bool> RetryChanged(PartnerDefinition partner, Sending sending, OutgoingRow failed, CancellationToken cancellation)
    {
        var now = await writing.Snapshot(partner, sending, failed.Key, cancellation);
        // Noted with the retry: should the next try fail for another reason, this change is no cause for a third.
        return now.Fingerprint != failed.Fingerprint && await exchanges.Retry(failed.ExchangeId, Hub, "the document, its map or the agreement has changed", cancellation,
            (connection, transaction) => OutgoingDocuments.Note(connection, transaction, failed.ExchangeId, now.Fingerprint, cancellation));
    }
}
