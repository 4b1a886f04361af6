using System.Diagnostics;
using Npgsql;

namespace DistributorHub.Faults;

/// <summary>One round in a lane: files are put there, something bad happens, and in the end everything must be there once.</summary>
/// <param name="Lane">Where.</param>
/// <param name="Number">Its number, which all its names carry.</param>
/// <param name="Random">Its throws: the same for the same seed and number.</param>
/// <param name="Workers">How many hubs run.</param>
sealed record Round(Lane Lane, int Number, Random Random, int Workers)
{
    /// <summary>Longest wait for a step to be come to; on a machine under load a start of the program takes seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>The files; a fault that wants others replaces them before it puts them there.</summary>
    public Batch Batch { get; set; } = Batch.Small(Number, Random.Next(4, 7), Random);

    /// <summary>Why the round does not count, when it does not.</summary>
    public string Missed { get; private set; } = "";

    /// <summary>What the handshake saw; true, so that a strike can end with it.</summary>
    public bool Miss(string why)
    {
        Missed = why;
        return false;
    }

    /// <summary>Makes a step wait, after some that pass, and puts the files there.</summary>
    public async Task<Gate.Closed> Approach(Point point, CancellationToken cancellation)
    {
        var first = await Lane.Gate.Close(point.After is null ? point : Point.Of(point.After), Random.Next(3), cancellation);
        await Lane.Put(Batch, cancellation);
        if (point.After is null)
            return first;
        await using (first)
        {
            await Await(first, cancellation);
            return await Lane.Gate.Close(point, 0, cancellation);
        }
    }

    /// <summary>Waits until a step holds a worker up; null when none came.</summary>
    public async Task<(Waiting Waiting, RunningHub Worker)?> Await(Gate.Closed gate, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Patience)
        {
            foreach (var waiting in await gate.Look(cancellation))
                if (Lane.Find(waiting.Worker) is { HasExited: false } worker)
                    return (waiting, worker);
            await Task.Delay(10, cancellation);
        }
        Miss("nobody came to the step");
        return null;
    }

    /// <summary>True when the same backend still waits in the same step, so that whatever happened meanwhile happened inside it.</summary>
    public async Task<bool> StillThere(Gate.Closed gate, Waiting waiting, CancellationToken cancellation) =>
        (await gate.Look(cancellation)).Contains(waiting) || Miss("the step was left before the blow fell");

    public static async Task<bool> Until(Func<Task<bool>> state, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await state())
        {
            if (Stopwatch.GetElapsedTime(since) > (patience ?? Patience))
                return false;
            await Task.Delay(10, cancellation);
        }
        return true;
    }

    /// <summary>A number from the hub database.</summary>
    public async Task<long> Count(string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(Lane.HubConnection + ";Pooling=false;Application Name=harness");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("prefix", Batch.Prefix + "%");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }
}
