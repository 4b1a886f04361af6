using System.Globalization;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>What processes take of the machine, as proc(5) tells it.</summary>
static class Consumption
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    const double TicksPerSecond = 100;
    const int Parent = 1, UserTime = 11, ChildrensSystemTime = 14;

    /// <summary>Seconds of CPU that a process, those that it waited for and those that descend from it have used.</summary>
    public static double CpuSeconds(int root)
    {
        var all = new Dictionary<int, string[]>();
        foreach (var folder in Directory.GetDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Read(Path.Combine(folder, "stat")) is { } stat)
                // The name stands in parentheses and may hold anything; state and parent follow it.
                all[id] = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var family = new List<int> { root };
        for (var i = 0; i < family.Count; i++)
            family.AddRange(all.Where(pair => Number(pair.Value[Parent]) == family[i]).Select(pair => pair.Key));
        return family.Where(all.ContainsKey).Sum(id => all[id][UserTime..(ChildrensSystemTime + 1)].Sum(Number)) / TicksPerSecond;
    }

    /// <summary>Bytes of a process in memory; 0 when it has ended.</summary>
    public static long ResidentBytes(int process) =>
        Read($"/proc/{process}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
            ? (long)Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 : 0;

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // A process may end while it is looked at.
    static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
