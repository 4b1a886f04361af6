using System.Diagnostics;
using System.Globalization;

namespace DistributorHub.Faults;

/// <summary>Runs rounds in lanes side by side and judges each.</summary>
sealed class Runner(int seed, int lanes, string program, Break? broken, TextWriter output)
{
    /// <summary>Longest time from a fault to a world in order: leases, sweeps and waits before repetitions one after the other, on a machine under load.</summary>
    static readonly TimeSpan Healing = TimeSpan.FromMinutes(4);

    readonly Table table = new();
    int next;

    /// <summary>True when all is there once, in every round.</summary>
    public async Task<bool> Run(IReadOnlyList<Fault> faults, int rounds, double minutes, CancellationToken cancellation)
    {
        if (faults.Count == 0)
        {
            await output.WriteLineAsync("No fault has such a name; 'list' names them.");
            return false;
        }
        await output.WriteLineAsync(Line($"seed {seed}, {rounds} rounds of {faults.Count} faults in {lanes} lanes"));
        var used = await Breaks.Program(broken, program, cancellation);
        var (since, good) = (Stopwatch.GetTimestamp(), true);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(lanes, rounds)).Select(async _ =>
        {
            await using var lane = await Lane.Create(used, cancellation);
            await Breaks.Apply(broken, lane, cancellation);
            var done = new List<Batch>();
            while (Interlocked.Increment(ref next) is var number && number <= rounds && Stopwatch.GetElapsedTime(since).TotalMinutes < minutes)
                done.Add(await Play(lane, faults[(number - 1) % faults.Count], number, cancellation));
            good &= await Final(lane, done, cancellation);
        }));
        await output.WriteLineAsync(table.Render());
        await output.WriteLineAsync(Line($"{table.Counted} rounds counted in {Stopwatch.GetElapsedTime(since).TotalMinutes:0.0} minutes; {(good && table.IsClean ? "everything once" : "NOT everything once")}"));
        return good && table.IsClean;
    }

    async Task<Batch> Play(Lane lane, Fault fault, int number, CancellationToken cancellation)
    {
        var random = new Random(HashCode.Combine(seed, number));
        var round = new Round(lane, number, random, fault.Workers);
        lane.PicksUp = random.Next(2) == 0;
        await lane.Run(fault.Workers, cancellation);
        var since = Stopwatch.GetTimestamp();
        var counts = await fault.Strike(round, cancellation);
        if (!counts && round.Missed.Length == 0)
            round.Miss("no proof");
        if (round.Batch.Files.Keys.All(name => !File.Exists(Path.Combine(lane.Inbox, name)) && !File.Exists(Path.Combine(lane.Processed, name))))
            await lane.Put(round.Batch, cancellation);
        var judgement = await Settle(lane, round.Batch, cancellation);
        // The judge does without the hub's code; that the hub comes to the same result is a promise of its own.
        if (judgement.IsClean)
            judgement = judgement.And(await lane.Verify(cancellation));
        var took = Stopwatch.GetElapsedTime(since);
        table.Add(new(fault.Name, number, round.Missed, judgement, took));
        await Tell(lane, fault, round, judgement, took);
        lane.Database.Mend();
        lane.Remote.Mend();
        await lane.Gate.Disarm(cancellation);
        return round.Batch;
    }

    async Task Tell(Lane lane, Fault fault, Round round, Judgement judgement, TimeSpan took)
    {
        await output.WriteLineAsync(Line($"{round.Number} {fault.Name}: {(judgement.IsClean ? "once" : $"{judgement.Lost} lost, {judgement.Doubled} doubled, {judgement.Wrong} wrong")}{(round.Missed.Length == 0 ? "" : $" (does not count: {round.Missed})")}, {took.TotalSeconds:0.0} s"));
        if (judgement.IsClean)
            return;
        foreach (var reason in judgement.Reasons.Take(10))
            await output.WriteLineAsync("  " + reason);
        await output.WriteLineAsync(lane.Logs());
    }

    /// <summary>Gives the world the time it takes to heal; what is not as it should be then is the judgement.</summary>
    static async Task<Judgement> Settle(Lane lane, Batch batch, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            Judgement now;
            var late = Stopwatch.GetElapsedTime(since) > Healing;
            try
            {
                if (!late && !Judge.IsWorthALook(lane, batch))
                {
                    await Task.Delay(100, cancellation);
                    continue;
                }
                now = await Judge.Look(lane, batch, cancellation);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or IOException)
            {
                // The server is restarting, or a file was moved while it was looked at.
                now = new(0, 0, 1, [e.Message]);
            }
            if (now.IsClean || late)
                return now;
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>All rounds once more, when nothing is under way any more: what came late would be seen now.</summary>
    async Task<bool> Final(Lane lane, List<Batch> done, CancellationToken cancellation)
    {
        var reasons = Judge.Numbers(lane).ToList();
        foreach (var batch in done)
            reasons.AddRange((await Judge.Look(lane, batch, cancellation)).Reasons);
        foreach (var reason in reasons.Take(20))
            await output.WriteLineAsync($"at the end: {reason}");
        return reasons.Count == 0;
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
