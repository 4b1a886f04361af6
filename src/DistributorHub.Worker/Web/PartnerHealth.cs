using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Web;

/// <summary>How a partner is: the worst of what is known, in one word and one sentence.</summary>
/// <param name="Badge">The word.</param>
/// <param name="Sentence">What it is about; null when all is well.</param>
/// <param name="Order">The larger, the sooner a person should look.</param>
public readonly record struct PartnerHealth(Badge Badge, string? Sentence, int Order)
{
    /// <param name="id">The partner.</param>
    /// <param name="hub">What is configured.</param>
    /// <param name="status">Its last poll, or null.</param>
    /// <param name="failed">Its exchanges that failed and that nobody has put right.</param>
    /// <param name="held">Its exchanges that wait for a person.</param>
    internal static PartnerHealth Of(string id, Hub hub, PartnerStatus? status, long failed, long held)
    {
        var definition = hub.Partners.Find(id);
        if (hub.Partners.Paused.Contains(id) || definition is null)
            return new(new("Mistakes", "bad"), "Its files have mistakes: 'hub map check' lists them. Nothing is polled until they are mended.", 8);
        if (definition.State != PartnerState.Live)
            return new(new(definition.State.ToString(), definition.State is PartnerState.Draft or PartnerState.Test ? "wait" : ""), null, 0);
        if (status?.PausedReason is { } paused)
            return new(new("Stopped", "bad"), paused, 7);
        if (failed > 0)
            return new(new("Failing", "bad"), $"{Show.Count(failed, "exchange", "exchanges")} failed.", 6);
        if (held > 0)
            return new(new("Held", "hold"), $"{Show.Count(held, "exchange waits", "exchanges wait")} for a decision.", 5);
        if (status?.Failures > 0)
            return new(new("Unreachable", "retry"), status.Message, 4);
        if (status?.Attention is { } attention)
            return new(new("Look", "warn"), attention, 3);
        return status?.PolledAt is null ? new(new("Not polled yet", "wait"), null, 2) : new(new("Healthy", "ok"), null, 1);
    }
}
