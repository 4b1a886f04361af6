using System.Runtime.CompilerServices;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Verify;

/// <summary>
/// Compares partners' folders, archive, ledger, the seller's database and acknowledgements with each other, and tells every gap with the command
/// that closes it. It changes nothing, and never holds more than a page of anything.
/// </summary>
sealed class Verification(Hub hub)
{
    public async IAsyncEnumerable<Gap> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var remote = new RemoteGaps(hub.Database, hub.Sources, hub.Clock);
        foreach (var partner in hub.Partners.Book.Partners.Where(partner => partner.State != PartnerState.Draft && partner.State != PartnerState.Retired && (scope.Partner is null || partner.Id == scope.Partner)))
            await foreach (var gap in remote.Run(partner, scope, cancellation))
                yield return gap;
        await foreach (var gap in new ArchiveGaps(hub.Database, hub.Archive).Run(scope, cancellation))
            yield return gap;
        await foreach (var gap in new LedgerGaps(hub.Database, hub.Stuck, hub.Clock).Run(scope, cancellation))
            yield return gap;
        await foreach (var gap in new SellerGaps(hub.Database, hub.SellerDatabase, hub.Partners.Targets()).Run(scope, cancellation))
            yield return gap;
    }
}
