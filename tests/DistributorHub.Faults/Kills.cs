namespace DistributorHub.Faults;

/// <summary>Processes that die, or stand still for longer than their leases.</summary>
static class Kills
{
    const int RandomBlows = 3;

    /// <summary>Longer than any lease (20 s) and the sweep after it (10 s).</summary>
    static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(32);

    /// <summary>SIGKILL while the step is under way. What it had asked of the database is then carried out to its end, or undone.</summary>
    public static async Task<bool> At(Round round, Point point, CancellationToken cancellation)
    {
        await using (var gate = await round.Approach(point, cancellation))
        {
            if (await round.Await(gate, cancellation) is not var (waiting, worker))
                return false;
            await worker.Kill();
            if (!await round.StillThere(gate, waiting, cancellation))
                return false;
            if (round.Random.Next(2) == 0)
                await gate.Terminate(waiting, cancellation);
        }
        // With another worker the dead one stays dead until the round is over: the other has to do it.
        if (round.Workers == 1)
            await round.Lane.Run(round.Workers, cancellation);
        return true;
    }

    /// <summary>SIGSTOP in the step for longer than the lease, so that another takes over; then SIGCONT.</summary>
    public static async Task<bool> Freeze(Round round, Point point, CancellationToken cancellation)
    {
        await using var gate = await round.Approach(point, cancellation);
        if (await round.Await(gate, cancellation) is not var (waiting, worker))
            return false;
        await worker.Freeze();
        try
        {
            if (!await round.StillThere(gate, waiting, cancellation))
                return false;
            await gate.DisposeAsync();
            await Task.Delay(LongFreeze, cancellation);
        }
        finally
        {
            await worker.Thaw();
        }
        return true;
    }

    /// <summary>SIGKILL while the bytes of a file come.</summary>
    public static async Task<bool> InDownload(Round round, CancellationToken cancellation)
    {
        if (!await RemoteFiles.HoldDownload(round, cancellation))
            return false;
        var worker = round.Lane.Workers.First();
        await worker.Kill();
        // Its broken spool file is the proof: there, and shorter than what was to come.
        var died = RemoteFiles.UnderWay(round);
        round.Lane.Remote.Pass();
        await round.Lane.Run(round.Workers, cancellation);
        return died || round.Miss("the download was over before the blow fell");
    }

    /// <summary>SIGKILL while an acknowledgement is written: its file has its temporary name.</summary>
    public static async Task<bool> InUpload(Round round, CancellationToken cancellation)
    {
        round.Lane.Remote.Delay = TimeSpan.FromMilliseconds(20);
        await round.Lane.Put(round.Batch, cancellation);
        var worker = round.Lane.Workers.First();
        string? begun = null;
        if (!await Round.Until(() => Task.FromResult((begun = Directory.EnumerateFiles(round.Lane.Outbox, "*.part").FirstOrDefault()) is not null), cancellation))
            return round.Miss("no upload was seen");
        await worker.Freeze();
        var died = File.Exists(begun);
        await worker.Kill();
        round.Lane.Remote.Mend();
        await round.Lane.Run(round.Workers, cancellation);
        return died || round.Miss("the upload was over before the blow fell");
    }

    /// <summary>SIGKILL at moments that nobody chose, of any worker. It counts when a blow fell while a file of the round was under way.</summary>
    public static async Task<bool> AtRandom(Round round, CancellationToken cancellation)
    {
        // So many that they are under way for longer than the wait before a blow.
        round.Batch = Batch.Small(round.Number, round.Random.Next(15, 30), round.Random);
        await round.Lane.Put(round.Batch, cancellation);
        var met = false;
        // The worker may have been started just now, and until it is up there is nothing to meet.
        for (var blow = 0; blow < RandomBlows && await Round.Until(() => UnderWay(round, cancellation), cancellation); blow++)
        {
            await Task.Delay(round.Random.Next(500), cancellation);
            var worker = round.Lane.Workers.ElementAt(round.Random.Next(round.Workers));
            if (!worker.HasExited)
                await worker.Kill();
            // What is under way stays so while its worker is dead; another worker may end it in the meantime, and then it is not said to have met it.
            met |= await UnderWay(round, cancellation);
            await round.Lane.Run(round.Workers, cancellation);
        }
        return met || round.Miss("no file was under way at any blow");
    }

    static async Task<bool> UnderWay(Round round, CancellationToken cancellation) => await round.Count("""
        select (select count(*) from hub.remote_file where path like 'in/' || @prefix and state not in ('Seen', 'Finalized'))
             + (select count(*) from hub.exchange where file like @prefix and ended_at is null)
        """, cancellation) > 0;
}
