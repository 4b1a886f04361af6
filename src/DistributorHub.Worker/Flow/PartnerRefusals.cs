using System.Globalization;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>Why what a person asks for a partner is not done, in the same words on the command line, on the pages and in the HTTP interface.</summary>
static class PartnerRefusals
{
    /// <param name="why">Why a run could only fail (<see cref="Hub.WhyNotRun"/>).</param>
    public static string Mistakes(string why) => $"{why} Nothing was tried: mend that first.";

    /// <param name="partner">A partner that is not live.</param>
    /// <param name="not">What is not done to it.</param>
    public static string NotLive(PartnerDefinition partner, string not) =>
        $"Partner {partner.Id} is {Word(partner.State)}, and is not {not}. Write 'state: live' into partners/{partner.Id}/partner.yaml.";

    /// <summary>A partner whom somebody has paused is not polled, nor paused again.</summary>
    /// <param name="pause">By whom and why.</param>
    public static string IsPaused(PartnerPause pause) => string.Create(CultureInfo.InvariantCulture,
        $"Partner {pause.Partner} is paused, by {pause.Actor} since {pause.PausedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {pause.Reason} 'hub partner resume {pause.Partner}' lets it go on.");

    /// <summary>A partner cannot be paused.</summary>
    /// <param name="partner">Its id.</param>
    /// <param name="pause">The pause that was found; null when it has just ended.</param>
    public static string NotPaused(string partner, PartnerPause? pause) =>
        pause is null ? $"Partner {partner} was paused, and has just been let go on." : IsPaused(pause);

    /// <summary>A partner that nothing stopped cannot go on.</summary>
    /// <param name="partner">Its id.</param>
    /// <param name="state">What its file says.</param>
    public static string NotResumed(string partner, PartnerState? state) =>
        $"Partner {partner} is paused by nobody, or somebody has let it go on meanwhile{(state is null or PartnerState.Live ? "" : $"; its state is {Word(state.Value)}, as its partner.yaml says")}.";

    static string Word(PartnerState state) => state.ToString().ToLowerInvariant();
}
