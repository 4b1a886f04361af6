namespace DistributorHub.Faults;

/// <summary>A network that breaks, delays and swallows.</summary>
static class Network
{
    static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    /// <summary>Every connection to the database breaks while a step is under way; the processes live.</summary>
    public static async Task<bool> CutDatabase(Round round, Point point, CancellationToken cancellation)
    {
        await using var gate = await round.Approach(point, cancellation);
        if (await round.Await(gate, cancellation) is not var (waiting, _))
            return false;
        round.Lane.Database.Refuses = true;
        var cut = round.Lane.Database.Cut();
        var inside = await round.StillThere(gate, waiting, cancellation);
        await gate.DisposeAsync();
        await Task.Delay(round.Random.Next(100, 3_000), cancellation);
        round.Lane.Database.Mend();
        return inside && cut > 0;
    }

    /// <summary>The server is told to commit and does; its answer never arrives.</summary>
    public static async Task<bool> LoseAnswer(Round round, Point point, CancellationToken cancellation)
    {
        await using var gate = await round.Approach(point, cancellation);
        if (await round.Await(gate, cancellation) is not var (waiting, _))
            return false;
        round.Lane.Database.CutClients();
        return await round.StillThere(gate, waiting, cancellation);
    }

    public static async Task<bool> CutDownload(Round round, CancellationToken cancellation)
    {
        if (!await RemoteFiles.HoldDownload(round, cancellation))
            return false;
        var inside = RemoteFiles.UnderWay(round);
        round.Lane.Remote.Cut();
        round.Lane.Remote.Pass();
        return inside || round.Miss("the download was over before the cut");
    }

    public static async Task<bool> CutAtRandom(Round round, CancellationToken cancellation)
    {
        round.Lane.Remote.Delay = TimeSpan.FromMilliseconds(5);
        await round.Lane.Put(round.Batch, cancellation);
        var cut = 0;
        for (var i = 0; i < 15; i++)
        {
            await Task.Delay(round.Random.Next(50, 500), cancellation);
            cut += round.Lane.Remote.Cut();
        }
        round.Lane.Remote.Mend();
        return cut > 0 || round.Miss("nothing was connected");
    }

    /// <summary>Every piece takes its time on both ways.</summary>
    public static async Task<bool> Slow(Round round, CancellationToken cancellation)
    {
        var before = round.Lane.Database.Delivered;
        round.Lane.Database.Delay = TimeSpan.FromMilliseconds(round.Random.Next(2, 8));
        round.Lane.Remote.Delay = TimeSpan.FromMilliseconds(round.Random.Next(10, 60));
        await round.Lane.Put(round.Batch, cancellation);
        await Round.Until(async () => await round.Count("select count(*) from hub.exchange where file like @prefix and ended_at is not null", cancellation) == round.Batch.Files.Count, cancellation);
        round.Lane.Database.Mend();
        round.Lane.Remote.Mend();
        return round.Lane.Database.Delivered > before;
    }

    /// <summary>First the partner's server, then the database cannot be reached for a while.</summary>
    public static async Task<bool> Refused(Round round, CancellationToken cancellation)
    {
        round.Lane.Remote.Refuses = true;
        round.Lane.Remote.Cut();
        await round.Lane.Put(round.Batch, cancellation);
        await Task.Delay(Outage, cancellation);
        round.Lane.Remote.Mend();
        await Task.Delay(round.Random.Next(1_000, 3_000), cancellation);
        round.Lane.Database.Refuses = true;
        var cut = round.Lane.Database.Cut();
        await Task.Delay(Outage, cancellation);
        round.Lane.Database.Mend();
        return cut > 0;
    }
}
