using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Send;

/// <summary>
/// Effects of one delivery that have happened, noted in the ledger together: many to a commit, and none later than about a second, so that little is done
/// twice when the process dies. Disposed, it notes the rest, also when the service stops.
/// </summary>
sealed class DoneEffects(Outbox outbox, TimeProvider clock) : IAsyncDisposable
{
    const int Most = 20;
    static readonly TimeSpan longest = TimeSpan.FromSeconds(1);

    readonly List<DoneEffect> effects = [];
    long first;

    public async Task Add(DoneEffect effect, CancellationToken cancellation)
    {
        if (effects.Count == 0)
            first = clock.GetTimestamp();
        effects.Add(effect);
        if (effects.Count >= Most || clock.GetElapsedTime(first) >= longest)
            await Note(cancellation);
    }

    async Task Note(CancellationToken cancellation)
    {
        await outbox.Done(effects, cancellation);
        effects.Clear();
    }

    public async ValueTask DisposeAsync() => await Note(CancellationToken.None);
}
