using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Name of a process in leases: <c>machine/process/user/namespace/start/random</c>. It says enough for another process of the same
/// machine and user to see that its bearer is dead; of any other it cannot know, and waits for the lease.
/// </summary>
static class WorkerName
{
    const int Parts = 6;

    // The start is computed from the machine's uptime, and two processes may come to slightly different results.
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>A name for this process.</summary>
    public static string Create()
    {
        using var self = Process.GetCurrentProcess();
        return string.Join('/', Here(), Start(self).ToString(CultureInfo.InvariantCulture), Guid.NewGuid().ToString("N")[..8]);
    }

    /// <summary>True when it is certain that the process of this name runs no more.</summary>
    public static bool IsDead(string name)
    {
        var (theirs, ours) = (name.Split('/'), Here().Split('/'));
        // In another container the same number is another process.
        if (theirs.Length != Parts || theirs[0] != ours[0] || theirs[2] != ours[2] || theirs[3] != ours[3]
            || !int.TryParse(theirs[1], CultureInfo.InvariantCulture, out var id) || !long.TryParse(theirs[4], CultureInfo.InvariantCulture, out var start))
            return false;
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited || Math.Abs(Start(process) - start) > Tolerance.TotalSeconds;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException)
        {
            // It ended while we looked, or may not be looked at.
            return false;
        }
    }

    static string Here() => string.Join('/', Plain(Environment.MachineName), Environment.ProcessId, Plain(Environment.UserName), Namespace());

    static string Plain(string text) => text.Replace('/', '_');

    static string Namespace() =>
        OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link ? Plain(link) : "";

    static long Start(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
}
