using System.Collections.Concurrent;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// SFTP connections that were given back are kept for a moment, one for a partner: signing in costs both sides more than the small files of a poll, and poll and
/// delivery follow each other within seconds. A connection that does not answer, or whose settings were changed, is not used again.
/// </summary>
sealed class KeptConnections(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>A little more than the shortest time between two polls.</summary>
    static readonly TimeSpan idleLongest = TimeSpan.FromSeconds(15);

    /// <summary>Then we sign in again: a partner who has locked us out should not be visited for ever.</summary>
    static readonly TimeSpan ageLongest = TimeSpan.FromMinutes(10);

    // Settings that are read anew are other settings, whatever they say.
    readonly ConcurrentDictionary<SourceDefinition, Kept> idle = new(ReferenceEqualityComparer.Instance);
    volatile bool closed;

    /// <summary>A connected source; disposed, it gives its connection back.</summary>
    public async Task<IFileSource> Open(SourceDefinition source, CancellationToken cancellation)
    {
        var connection = await Reuse(source, cancellation) ?? await SftpSource.Connect(source, clock, cancellation);
        return new SftpSource(source, connection, () => Keep(source, connection), clock);
    }

    async Task<SftpConnection?> Reuse(SourceDefinition source, CancellationToken cancellation)
    {
        if (!idle.TryRemove(source, out var kept))
            return null;
        await kept.Taken.CancelAsync();
        if (await kept.Connection.Answers(cancellation))
            return kept.Connection;
        await kept.Connection.DisposeAsync();
        return null;
    }

    async ValueTask Keep(SourceDefinition source, SftpConnection connection)
    {
        var kept = new Kept(connection, new());
        if (!closed && connection.IsOpen && clock.GetUtcNow() - connection.Since < ageLongest && idle.TryAdd(source, kept))
            _ = Expire(source, kept);
        else
            await connection.DisposeAsync();
    }

    async Task Expire(SourceDefinition source, Kept kept)
    {
        await Task.Delay(idleLongest, clock, kept.Taken.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (idle.TryRemove(new(source, kept)))
            await kept.Connection.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        closed = true;
        foreach (var (source, kept) in idle)
            if (idle.TryRemove(new(source, kept)))
            {
                await kept.Taken.CancelAsync();
                await kept.Connection.DisposeAsync();
            }
    }

    sealed record Kept(SftpConnection Connection, CancellationTokenSource Taken);
}
