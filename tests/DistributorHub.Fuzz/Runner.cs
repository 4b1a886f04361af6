using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Fuzz;

/// <summary>
/// Checks a range of inputs, in blocks that workers take one after the other. An exception ends the task of a block, which says what it
/// was; the worker goes on behind it. A watchdog tells the number of an input that takes too long.
/// </summary>
sealed class Runner(long from, long count, int workers, TextWriter output)
{
    const long Block = 20_000;
    const int ShownMax = 50;

    static readonly TimeSpan tick = TimeSpan.FromSeconds(2);
    static readonly TimeSpan report = TimeSpan.FromSeconds(60);
    static readonly TimeSpan patience = TimeSpan.FromSeconds(120);

    readonly ConcurrentDictionary<long, string> troubles = [];
    readonly long[] current = new long[workers];
    readonly int[] alive = new int[workers];
    readonly long began = Stopwatch.GetTimestamp();
    readonly long first = from;
    long next = from;
    long done;

    /// <summary>Inputs that broke something, with what they broke.</summary>
    public IReadOnlyDictionary<long, string> Troubles => troubles;

    /// <summary>True when all were checked; false when one took too long.</summary>
    public async Task<bool> Run()
    {
        output.WriteLine(Invariant($"{DateText()} {count} inputs from {first}, with vectors of {Vectors}"));
        var all = Task.WhenAll(Enumerable.Range(0, workers).Select(Work));
        using var timer = new PeriodicTimer(tick);
        var watched = new (long Number, long Since)[workers];
        var reported = began;
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, timer.WaitForNextTickAsync().AsTask());
            if (Stopwatch.GetElapsedTime(reported) > report)
            {
                reported = Stopwatch.GetTimestamp();
                output.WriteLine(Progress());
            }
            for (var i = 0; i < workers; i++)
            {
                var number = Volatile.Read(ref current[i]);
                if (number != watched[i].Number)
                    watched[i] = (number, Stopwatch.GetTimestamp());
                else if (Volatile.Read(ref alive[i]) != 0 && Stopwatch.GetElapsedTime(watched[i].Since) > patience)
                {
                    output.WriteLine(Invariant($"input {number}: still at work after {patience.TotalSeconds:N0} s"));
                    return false;
                }
            }
        }
        await all;
        output.WriteLine(Progress());
        return true;
    }

    async Task Work(int worker)
    {
        while (true)
        {
            var at = Interlocked.Add(ref next, Block) - Block;
            var to = Math.Min(at + Block, first + count);
            if (at >= to)
                return;
            while (at < to)
            {
                var start = at;
                var task = Task.Run(() => CheckBlock(worker, start, to));
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var reached = Volatile.Read(ref current[worker]);
                if (task.Exception?.InnerException is { } broken)
                    Add(reached, broken.ToString());
                at = task.IsFaulted ? reached + 1 : to;
                Interlocked.Add(ref done, at - start);
            }
        }
    }

    void CheckBlock(int worker, long start, long to)
    {
        var checker = new Checker();
        Volatile.Write(ref alive[worker], 1);
        for (var number = start; number < to; number++)
        {
            Volatile.Write(ref current[worker], number);
            if (checker.Check(number) is { } trouble)
                Add(number, trouble);
        }
        Volatile.Write(ref alive[worker], 0);
    }

    void Add(long number, string trouble)
    {
        if (troubles.TryAdd(number, trouble) && troubles.Count <= ShownMax)
            output.WriteLine(Invariant($"input {number}: {trouble}"));
    }

    string Progress()
    {
        var cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        return Invariant($"{DateText()} {done} of {count} inputs from {first}, {troubles.Count} failures, {done / cpu:N0} inputs per CPU second, {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s, heap {GC.GetTotalMemory(false) >> 20} MB, working set {Environment.WorkingSet >> 20} MB, {GC.GetTotalAllocatedBytes() / Math.Max(done, 1) >> 10} kB allocated for each");
    }

    /// <summary>What decides which index the readers use that are not <see cref="Shape.Single"/>.</summary>
    static string Vectors => Avx512Vbmi2.IsSupported ? "AVX-512 VBMI2" : Avx2.IsSupported ? "AVX2" : "no AVX2";

    static string DateText() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
