namespace DistributorHub.Faults;

/// <summary>Something bad that can happen to a hub at work.</summary>
/// <param name="Name">Its name on the command line and in the table.</param>
/// <param name="Workers">Hubs that run meanwhile.</param>
/// <param name="Strike">Puts the files there and does it; true when a handshake proved that it happened where it should.</param>
sealed record Fault(string Name, int Workers, Func<Round, CancellationToken, Task<bool>> Strike)
{
    const int SharedFiles = 24;
    static readonly string[] Commits = ["archive-commit", "start-commit", "load-commit", "verdict-commit", "end-commit", "effects-taken-commit", "file-moved-commit", "acknowledgement-sent-commit"];
    static readonly string[] Freezing = ["claimed", "archive-chunk", "started", "read", "mapped", "load-rows", "load-commit", "verdict", "verdict-commit", "ended", "effects-taken-commit", "acknowledgement-sent"];
    static readonly string[] Cutting = ["listed", "archive-chunk", "started", "read", "load-rows", "load-inbox", "verdict-document", "verdict-number", "ended", "effects-taken", "file-moved"];
    static readonly string[] Full = ["listed", "claimed", "archive-chunk", "archive-exchange", "started", "verdict", "verdict-document", "verdict-number", "verdict-acknowledgement", "ended", "end-outbox", "effects-taken", "file-moved", "acknowledgement-sent"];

    public static IReadOnlyList<Fault> All { get; } =
    [
        .. Point.All.Select(point => new Fault($"kill/{point.Name}", 1, (round, cancellation) => Kills.At(round, point, cancellation))),
        .. Freezing.Select(name => new Fault($"takeover/{name}", 2, (round, cancellation) => Kills.At(round, Point.Of(name), cancellation))),
        new("kill/download", 1, Kills.InDownload),
        new("kill/upload", 1, Kills.InUpload),
        new("kill/random", 1, Kills.AtRandom),
        new("kill/random-of-three", 3, Kills.AtRandom),
        .. Freezing.Select(name => new Fault($"freeze/{name}", 2, (round, cancellation) => Kills.Freeze(round, Point.Of(name), cancellation))),
        .. Cutting.Select(name => new Fault($"cut-database/{name}", 2, (round, cancellation) => Network.CutDatabase(round, Point.Of(name), cancellation))),
        .. Commits.Select(name => new Fault($"answer-lost/{name}", 1, (round, cancellation) => Network.LoseAnswer(round, Point.Of(name), cancellation))),
        new("cut-remote/download", 1, Network.CutDownload),
        new("cut-remote/random", 2, Network.CutAtRandom),
        new("slow-network", 2, Network.Slow),
        new("refused-network", 2, Network.Refused),
        .. Cutting.Select(name => new Fault($"restart-postgres/{name}", 2, (round, cancellation) => Servers.RestartDatabase(round, Point.Of(name), cancellation))),
        .. Full.Select(name => new Fault($"database-full/{name}", 2, (round, cancellation) => Servers.DatabaseFull(round, Point.Of(name), cancellation))),
        new("spool-full", 1, Servers.SpoolFull),
        new("remote/truncated", 1, RemoteFiles.Truncated),
        new("remote/grown", 1, RemoteFiles.Grown),
        new("remote/truncated-and-restored", 1, RemoteFiles.TruncatedAndRestored),
        new("workers/two", 2, Undisturbed),
        new("workers/three", 3, Undisturbed),
        new("restore/older-hub", 1, Servers.RestoreHub),
    ];

    /// <summary>Several workers, and nothing else: they must not tread on each other's toes. It counts when more than one had a part in it.</summary>
    static async Task<bool> Undisturbed(Round round, CancellationToken cancellation)
    {
        // All of them must be up, and there must be enough to do for all.
        await Round.Until(async () => await round.Count("select count(*) from hub.worker where seen_at > now() - interval '15 seconds'", cancellation) >= round.Workers, cancellation);
        round.Batch = Batch.Small(round.Number, SharedFiles, round.Random);
        await round.Lane.Put(round.Batch, cancellation);
        var shared = await Round.Until(async () => await round.Count("""
            select count(distinct a.worker) from hub.attempt a join hub.exchange e on e.id = a.exchange_id where e.file like @prefix
            """, cancellation) > 1, cancellation);
        return shared || round.Miss("one worker did it all");
    }
}
