using System.Diagnostics;
using System.Globalization;

namespace DistributorHub.Benchmarks;

/// <summary>Measures every stage on one file: medians of five passes, by process CPU time and by the clock.</summary>
sealed class QuickRun(string path, TextWriter output)
{
    const int Passes = 5;

    // Passes before the first one that counts; the compiler optimises in the background meanwhile.
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(1);

    public void Run()
    {
        var file = File.ReadAllBytes(path);
        output.WriteLine(Line($"{path}: {file.Length:N0} bytes; medians of {Passes} passes, MB = 1,000,000 bytes"));
        output.WriteLine($"{"stage",-10} {"MB/CPU s",10} {"MB/s",10} {"B alloc/B",10}");
        var speeds = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var stage in Stages.All)
            speeds[stage.Name] = Measure(stage, file, speeds);
    }

    double Measure(Stage stage, byte[] file, Dictionary<string, double> speeds)
    {
        var seen = stage.Run(file);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;)
            Expect(seen, stage.Run(file));
        var cpu = new double[Passes];
        var wall = new double[Passes];
        var allocated = new double[Passes];
        for (var pass = 0; pass < Passes; pass++)
        {
            GC.Collect();
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var before = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            Expect(seen, stage.Run(file));
            wall[pass] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            cpu[pass] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            allocated[pass] = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        }
        var speed = file.Length / 1e6 / Median(cpu);
        var note = stage.Reference;
        if (stage.ShareOf is { } other)
            note = Line($"{100 * speed / speeds[other]:N0} % of the {other}");
        output.WriteLine(Line($"{stage.Name,-10} {speed,10:N0} {file.Length / 1e6 / Median(wall),10:N0} {Median(allocated) / file.Length,10:N4}  {note}; {seen}"));
        return speed;
    }

    static void Expect(string expected, string actual)
    {
        if (expected != actual)
            throw new InvalidOperationException($"A pass saw '{actual}', an earlier one '{expected}'.");
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
