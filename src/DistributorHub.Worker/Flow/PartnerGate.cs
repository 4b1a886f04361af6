using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>Whether the work of a partner goes on: by the state in its file, by mistakes there, and by pauses of the run time.</summary>
sealed class PartnerGate(PartnerPauses pauses)
{
    /// <summary>Why a partner is neither polled nor sent to, or null when it is.</summary>
    public async Task<string?> WhyStopped(PartnerDefinition partner, CancellationToken cancellation) =>
        ByFile(partner) ?? (await pauses.Of(partner.Id, cancellation))?.Waits;

    /// <summary>Partners whose exchanges wait, with the cause that these get.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Waiting(PartnerMaps partners, CancellationToken cancellation)
    {
        var waiting = (await pauses.List(cancellation)).ToDictionary(pause => pause.Partner, pause => pause.Waits, StringComparer.Ordinal);
        foreach (var partner in partners.Book.Partners.Where(partner => partner.State is PartnerState.Paused or PartnerState.Draft))
            waiting[partner.Id] = ByFile(partner)!;
        foreach (var partner in partners.Paused)
            waiting[partner] = Exchanges.AwaitsMending(partner);
        return waiting;
    }

    static string? ByFile(PartnerDefinition partner) => partner.IsServed ? null
        : $"Waits: partner {partner.Id} is {partner.State.ToString().ToLowerInvariant()}, as its partner.yaml says.";
}
