using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Observe;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Alerts;

/// <summary>How a try of a channel ended.</summary>
/// <param name="Channel">webhook, mail, or contacts (the partner's).</param>
/// <param name="Failure">Why it failed; null when the message was taken.</param>
sealed record ChannelTrial(string Channel, string? Failure);

/// <summary>
/// Tells people what they should know of: looks, writes one message for each partner and window into the outbox, and sends what is due. Alerts and
/// messages are in the ledger before anything is sent, so that none is lost; a message is in the outbox once, and is sent until its receiver has taken it.
/// </summary>
sealed class HubAlerts(Hub hub, ILogger<HubAlerts> log)
{
    const int NoticesPerRound = 50;

    readonly AlertWatch watch = new(hub);
    readonly AlertChannels channels = new(hub.Settings.Alerts, id => hub.Partners.Book.Partners.Concat(hub.Partners.Book.Drafts).FirstOrDefault(partner => partner.Id == id)?.Contacts);

    Uri Installation => hub.Settings.PublicAddress ?? hub.Settings.Address;

    /// <summary>One round. Of several services one looks and tells at a time.</summary>
    public async Task Round(CancellationToken cancellation)
    {
        await using var held = await hub.Locks.TryTake("alerts", cancellation);
        if (held is null)
            return;
        await hub.AlertBook.Reconcile(await watch.Look(cancellation), cancellation);
        var window = hub.Settings.Alerts.Window;
        foreach (var partner in await hub.AlertBook.Due(window, cancellation))
            await hub.AlertBook.Tell(partner, window, rows => Notices(partner, rows), cancellation);
        await Deliver(cancellation);
    }

    /// <summary>Open alerts, the most urgent first.</summary>
    /// <param name="partner">Only this partner's; empty = the installation's; null = all.</param>
    /// <param name="most">Most of them.</param>
    /// <param name="cancellation">Stops asking.</param>
    public Task<IReadOnlyList<AlertRow>> Open(string? partner, int most, CancellationToken cancellation) => hub.AlertBook.Open(partner, most, cancellation);

    /// <summary>Sends a message that says it is a trial, by every channel, now; empty when none is set.</summary>
    /// <param name="partner">Whose contacts are tried as well, or null.</param>
    /// <param name="cancellation">Stops trying.</param>
    public async Task<IReadOnlyList<ChannelTrial>> Test(string? partner, CancellationToken cancellation)
    {
        var content = Digest.OfTest(NewId(), hub.Clock.GetUtcNow(), Installation, partner).ToJson();
        var trials = new List<ChannelTrial>();
        // However urgent alerts must be for the contacts: they are to be seen to work.
        foreach (var channel in channels.For(partner ?? "", AlertLevel.Page))
            trials.Add(new(channel, await Send(channel, partner ?? "", content, cancellation)));
        return trials;
    }

    IReadOnlyList<OutboxEntry> Notices(string partner, IReadOnlyList<AlertRow> rows)
    {
        var digest = Digest.Of(NewId(), hub.Clock.GetUtcNow(), Installation, partner, rows);
        var content = digest.ToJson();
        return [.. channels.For(partner, digest.Level).Select(channel => new OutboxEntry(OutboxKind.Notify, $"notify/{digest.Id}/{channel}", channel, content))];
    }

    async Task Deliver(CancellationToken cancellation)
    {
        var rows = await hub.Outbox.TakeNotices(NoticesPerRound, cancellation);
        if (rows.Count == 0)
            return;
        await using var heartbeat = new Heartbeat(Outbox.Lease / 4, token => hub.Outbox.Renew(rows, token), hub.Clock, cancellation);
        // A receiver that is down keeps the others waiting for no longer than its own patience.
        foreach (var row in rows)
            if (await Send(row.Payload, row.Partner, row.Content!, heartbeat.Token) is { } failure)
            {
                log.NoticeFailed(row.Payload, failure);
                await hub.Outbox.Failed(row, failure, cancellation);
            }
            else
            {
                await hub.Outbox.Done([new(row)], cancellation);
            }
    }

    async Task<string?> Send(string channel, string partner, byte[] content, CancellationToken cancellation)
    {
        try
        {
            await channels.Send(channel, partner, content, cancellation);
            Telemetry.Notice(channel, "sent");
            return null;
        }
        catch (ChannelException e)
        {
            Telemetry.Notice(channel, "failed");
            return e.Message;
        }
    }

    static string NewId() => Guid.NewGuid().ToString("N");
}
