using System.Diagnostics;
using System.Globalization;
using DistributorHub.Tests;

namespace DistributorHub.Faults;

/// <summary>One running hub: the real program, in a process of its own, that can be killed, frozen and thawed.</summary>
sealed class RunningHub : IAsyncDisposable
{
    readonly Process process;
    readonly string log;

    RunningHub(Process process, string name, string log) => (this.process, Name, this.log) = (process, name, log);

    /// <summary>Name of its connections on the database server.</summary>
    public string Name { get; }

    public bool HasExited => process.HasExited;

    public int Id => process.Id;

    /// <summary>What it said.</summary>
    public string Output => File.Exists(log) ? File.ReadAllText(log) : "";

    /// <param name="program">The hub.</param>
    /// <param name="name">Its name among the workers; also that of the machine it believes to be on, where that can be told.</param>
    /// <param name="settings">Settings as environment variables.</param>
    /// <param name="log">File for what it says.</param>
    /// <param name="arguments">The verb; none runs the service.</param>
    public static RunningHub Start(string program, string name, IReadOnlyDictionary<string, string> settings, string log, params string[] arguments)
    {
        // Another machine's name: then nobody can see that the process is dead, and its leases must run out.
        string[] machine = Environment.IsPrivilegedProcess ? ["unshare", "--uts", "sh", "-c", $"hostname {name} && exec \"$@\"", "sh"] : [];
        string[] command = ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. machine, program, .. arguments];
        var start = new ProcessStartInfo("sh", command) { UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        start.Environment["Hub__Address"] = $"http://127.0.0.1:{Ports.Free()}";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        return new(Process.Start(start)!, name, log);
    }

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: nothing of it runs until <see cref="Thaw"/>.</summary>
    public Task Freeze() => Signal("-STOP");

    public Task Thaw() => Signal("-CONT");

    /// <summary>SIGTERM, as systemd does; its exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        await Signal("-TERM");
        return await Exit(cancellation);
    }

    public async Task<int> Exit(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Memory that it has in use now, in bytes.</summary>
    public long Memory()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }
}
