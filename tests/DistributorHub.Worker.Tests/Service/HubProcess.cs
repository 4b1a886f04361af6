using System.Collections.Concurrent;
using System.Diagnostics;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>The real program in a process of its own.</summary>
sealed class HubProcess : IAsyncDisposable
{
    readonly Process process;
    readonly ConcurrentQueue<string> lines = new();

    HubProcess(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is not null)
                lines.Enqueue(e.Data);
        }
    }

    public Uri Address { get; }

    public string Output => string.Join('\n', lines);

    public bool HasExited => process.HasExited;

    /// <param name="settings">Settings as environment variables: <c>Hub__Data</c> and so on.</param>
    /// <param name="arguments">The verb.</param>
    public static HubProcess Start(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["Hub__Address"] = address.ToString();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new(Process.Start(start)!, address);
    }

    /// <summary>kill -9: nothing of the program runs any more.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks it to stop, as systemd does, and gives its exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return await Exit(cancellation);
    }

    /// <summary>True once the program itself answers to SIGTERM; before that the system ends it. What reads the verbs is loaded next.</summary>
    public async Task<bool> TakesStops() =>
        (await File.ReadAllTextAsync($"/proc/{process.Id}/maps")).Contains("System.CommandLine.dll", StringComparison.Ordinal);

    public async Task<int> Exit(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(90), cancellation);
        return process.ExitCode;
    }

    /// <summary>Waits until the program is in a state; fails with its output when it never is.</summary>
    public async Task Until(Func<Task<bool>> state, string description, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await state())
        {
            Assert.False(process.HasExited, $"The program ended before {description}:\n{Output}");
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60), $"Not within a minute: {description}. It said:\n{Output}");
            await Task.Delay(50, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }
}
