using System.Diagnostics;
using System.Globalization;

namespace DistributorHub.Benchmarks;

/// <summary>Measures every stage on one file, reading it included: medians of up to fifteen passes, by process CPU time and by the clock.</summary>
sealed class QuickRun(string path, TextWriter output)
{
    const int Passes = 15;

    // CPU time before the first pass that counts; the compiler optimises in the background meanwhile.
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(1.5);

    // On a large file or a busy machine fewer passes are made, so that all stages take less than a minute.
    static readonly TimeSpan warmUpMax = TimeSpan.FromSeconds(4);
    static readonly TimeSpan stageMax = TimeSpan.FromSeconds(8);

    public void Run()
    {
        var length = new FileInfo(path).Length;
        output.WriteLine(Line($"{path}: {length:N0} bytes; medians of at most {Passes} passes, MB = 1,000,000 bytes"));
        output.WriteLine($"{"stage",-10} {"MB/CPU s",10} {"MB/s",10} {"B alloc/B",10}");
        foreach (var stage in Stages.All)
            Measure(stage, length);
    }

    void Measure(Stage stage, long length)
    {
        var began = Stopwatch.GetTimestamp();
        var seen = stage.Run(path);
        var until = Environment.CpuUsage.TotalTime + warmUp;
        while (Environment.CpuUsage.TotalTime < until && Stopwatch.GetElapsedTime(began) < warmUpMax)
            Expect(seen, stage.Run(path));
        var other = Stages.All.FirstOrDefault(s => s.Name == stage.ShareOf);
        var (cpu, wall, allocated, shares) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        while (cpu.Count == 0 || (cpu.Count < Passes && Stopwatch.GetElapsedTime(began) < stageMax))
        {
            GC.Collect();
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            cpu.Add(Cpu(() => Expect(seen, stage.Run(path))));
            wall.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - bytes);
            // One right after the other: a machine that others use is rarely as fast a minute later. In turns who goes first,
            // since the second finds the file in the processor's cache.
            if (other is not null)
                shares.Add(shares.Count % 2 == 0 ? Cpu(() => other.Run(path)) / cpu[^1] : Cpu(() => other.Run(path)) / Cpu(() => stage.Run(path)));
        }
        var note = other is null ? stage.Reference : Line($"{100 * Median(shares):N0} % of the {other.Name}");
        output.WriteLine(Line($"{stage.Name,-10} {length / 1e6 / Median(cpu),10:N0} {length / 1e6 / Median(wall),10:N0} {Median(allocated) / length,10:N4}  {note}; {seen}"));
    }

    static double Cpu(Action run)
    {
        var before = Environment.CpuUsage.TotalTime;
        run();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    static void Expect(string expected, string actual)
    {
        if (expected != actual)
            throw new InvalidOperationException($"A pass saw '{actual}', an earlier one '{expected}'.");
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
