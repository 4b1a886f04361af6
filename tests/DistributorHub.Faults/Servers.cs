using Npgsql;

namespace DistributorHub.Faults;

/// <summary>A database server that restarts, is full or is set back, and a disk that is full.</summary>
static class Servers
{
    const string DiskFull = "53100";
    const int Refusals = 3;
    static readonly TimeSpan Fullness = TimeSpan.FromSeconds(5);

    // A poll that was refused comes again only after a while.
    static readonly TimeSpan RefusedOften = TimeSpan.FromMinutes(2);

    /// <summary>pg_ctl restart in the mode "immediate" while a step is under way: what was not committed is gone, and it recovers from its log.</summary>
    public static async Task<bool> RestartDatabase(Round round, Point point, CancellationToken cancellation)
    {
        await using var gate = await round.Approach(point, cancellation);
        if (await round.Await(gate, cancellation) is not var (waiting, _) || !await round.StillThere(gate, waiting, cancellation))
            return false;
        await round.Lane.Server.Restart();
        await round.Lane.Gate.Disarm(cancellation);
        return true;
    }

    /// <summary>The hub database refuses writes of a step as a full disk does, several times.</summary>
    public static async Task<bool> DatabaseFull(Round round, Point point, CancellationToken cancellation)
    {
        var skip = round.Random.Next(3);
        await round.Lane.Gate.Refuse(point, skip, DiskFull, cancellation);
        await round.Lane.Put(round.Batch, cancellation);
        var hit = await Round.Until(async () => await round.Lane.Gate.Hits(Side.Hub, cancellation) >= skip + Refusals, cancellation, RefusedOften);
        await round.Lane.Gate.Disarm(cancellation);
        return hit || round.Miss("the step was not refused often enough");
    }

    /// <summary>No byte is free where downloads are kept; nothing may be taken from the partner meanwhile.</summary>
    public static async Task<bool> SpoolFull(Round round, CancellationToken cancellation)
    {
        if (await round.Lane.SmallSpool(cancellation) is not { } disk)
            return round.Miss("this account mounts nothing");
        disk.Fill();
        await round.Lane.Put(round.Batch, cancellation);
        var worker = round.Lane.Workers.First();
        var (before, mark) = (worker.Output.Length, "No space left");
        var met = await Round.Until(() => Task.FromResult(worker.Output[Math.Min(before, worker.Output.Length)..].Contains(mark, StringComparison.Ordinal)), cancellation);
        await Task.Delay(Fullness, cancellation);
        var untouched = round.Batch.Files.Keys.All(name => File.Exists(Path.Combine(round.Lane.Inbox, name)));
        disk.Free();
        return (met || round.Miss("nobody met the full disk")) && (untouched || round.Miss("a file was taken although it could not be kept"));
    }

    /// <summary>
    /// The hub's database is set back to a copy from the middle of the round, as after a restore: what it did since is in the seller's tables and in the
    /// partner's folders, and it does not know.
    /// </summary>
    public static async Task<bool> RestoreHub(Round round, CancellationToken cancellation)
    {
        var point = Point.Of(round.Random.Next(3) switch { 0 => "mapped", 1 => "verdict", _ => "ended" });
        string copy;
        await using (var gate = await round.Approach(point, cancellation))
        {
            if (await round.Await(gate, cancellation) is null)
                return false;
            copy = await Copy(round.Lane, cancellation);
        }
        var done = await Round.Until(async () => (await Judge.Look(round.Lane, round.Batch, cancellation)).IsClean, cancellation, TimeSpan.FromSeconds(90));
        await round.Lane.KillAll();
        round.Lane.Restore(copy);
        await round.Lane.Run(round.Workers, cancellation);
        return done || round.Miss("the round did not end before the restore");
    }

    // pg_dump reads beside the workers, as a backup does.
    static async Task<string> Copy(Lane lane, CancellationToken cancellation)
    {
        var target = await lane.Server.NewDatabase(cancellation);
        await lane.Server.Copy(new NpgsqlConnectionStringBuilder(lane.HubConnection).Database!, new NpgsqlConnectionStringBuilder(target).Database!);
        return target;
    }
}
