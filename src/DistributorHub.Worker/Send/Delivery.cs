using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Observe;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Send;

/// <summary>
/// Carries out what the outbox holds for a partner: files are moved or deleted on their side, acknowledgements and documents are put there.
/// Every effect can be repeated without harm: a crash between it and its note in the ledger costs a second look, nothing more.
/// </summary>
sealed class Delivery(FileSources sources, Outbox outbox, TimeProvider clock, ILogger<Delivery> log)
{
    const int RowsPerRound = 200;

    /// <summary>Carries out what is due; returns how many effects failed and wait for another try.</summary>
    /// <param name="partner">The partner.</param>
    /// <param name="partners">Partners and maps as they are now: they say whether and where to documents go, whatever was agreed when they were written.</param>
    /// <param name="cancellation">Stops before the next effect.</param>
    public async Task<int> Run(PartnerDefinition partner, PartnerMaps partners, CancellationToken cancellation)
    {
        var failures = 0;
        while (await outbox.Take(partner.Id, RowsPerRound, documents: !partners.Silent.Contains(partner.Id), cancellation) is { Count: > 0 } rows)
        {
            await using var heartbeat = new Heartbeat(Outbox.Lease / 4, token => outbox.Renew(rows, token), clock, cancellation);
            await using var noted = new DoneEffects(outbox, clock);
            try
            {
                await using var source = await sources.Reopen(partner, cancellation);
                foreach (var row in rows)
                    failures += await Telemetry.Finalise(partner.Id, row.ExchangeId, row.Kind.ToString(), () => Deliver(partner, partners, source, row, noted, cancellation)) ? 0 : 1;
            }
            catch (SourceException e)
            {
                log.DeliveryFailed(partner.Id, rows.Count, e.Message);
                foreach (var row in rows)
                    await outbox.Failed(row, e.Message, cancellation);
                return failures + rows.Count;
            }
        }
        return failures;
    }

    async Task<bool> Deliver(PartnerDefinition partner, PartnerMaps partners, IFileSource source, OutboxRow row, DoneEffects noted, CancellationToken cancellation)
    {
        try
        {
            var (gone, path) = (true, default(string));
            switch (row.Kind)
            {
                case OutboxKind.FinalizeRemote:
                    gone = await Finalise(partner, source, row, cancellation);
                    break;
                case OutboxKind.SendAcknowledgement:
                    await source.Put(SourcePaths.AcknowledgeTarget(partner, row.Payload), row.Content, cancellation);
                    break;
                case OutboxKind.SendDocument:
                    path = PathOf(partner, partners, row);
                    await source.Put(SourcePaths.Beside(partner.Source, path), row.Content, cancellation);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"No delivery of '{row.Kind}'.");
            }
            await noted.Add(new(row, gone, path), cancellation);
            return true;
        }
        catch (SourceException e)
        {
            log.DeliveryFailed(partner.Id, 1, e.Message);
            await outbox.Failed(row, e.Message, cancellation);
            return false;
        }
    }

    /// <summary>Where a document's file goes by the agreement of today; a folder that was wrong when it was written does not keep it.</summary>
    static string PathOf(PartnerDefinition partner, PartnerMaps partners, OutboxRow row) => partners.Sending(partner, row.Document!) is { Send: var send }
        ? SourcePaths.Join(send.Folder, row.Payload[(row.Payload.LastIndexOf('/') + 1)..])
        : throw new SourceException(SourceFault.Refused, $"No map under 'send' in the partner's file writes {row.Document} any more: its files wait.");

    async Task Move(SourceDefinition settings, IFileSource source, RemoteFile file, long exchange, CancellationToken cancellation)
    {
        foreach (var target in SourcePaths.MoveTargets(settings, file, clock.GetUtcNow(), exchange))
            if (await source.Move(file.Path, target, cancellation))
                return;
        throw new SourceException(SourceFault.Refused, $"Moving '{file.Path}': every name for it is taken in '{settings.MoveTo}'.");
    }

    /// <summary>True when the file is no longer in the partner's folder.</summary>
    async Task<bool> Finalise(PartnerDefinition partner, IFileSource source, OutboxRow row, CancellationToken cancellation)
    {
        if (await source.Stat(row.Path, cancellation) is not { } now)
            return true;
        // Another file has taken the name: it is new, and not ours to touch.
        if (now.Bytes != row.Bytes || Sightings.Stored(now.ModifiedAt) != row.ModifiedAt)
            return true;
        switch (partner.Source.AfterRead)
        {
            case AfterRead.Delete:
                await source.Delete(row.Path, cancellation);
                return true;
            case AfterRead.Move:
                await Move(partner.Source, source, now, row.ExchangeId, cancellation);
                return true;
            case AfterRead.Leave:
                return false;
            default:
                throw new System.Diagnostics.UnreachableException($"No way to '{partner.Source.AfterRead}'.");
        }
    }
}
