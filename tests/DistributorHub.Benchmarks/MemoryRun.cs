using System.Diagnostics;
using System.Globalization;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker;
using DistributorHub.Worker.Load;

namespace DistributorHub.Benchmarks;

/// <summary>
/// Peak memory (VmHWM, the most the kernel ever saw resident) of the real program while it takes one file from the partner's folder to
/// PostgreSQL: as <c>hub run --once</c>, and as the service with Hangfire and the dashboard.
/// </summary>
sealed class MemoryRun(IReadOnlyList<string> files, TextWriter output)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10), Patience = TimeSpan.FromMinutes(10);

    public async Task Run(CancellationToken cancellation)
    {
        await output.WriteLineAsync($"{"file",-24} {"MB",8} {"once, MB",10} {"service, MB",12}   (peaks, MB = 1,000,000 bytes; goal 250)");
        var peaks = new List<(double Once, double Service)>();
        foreach (var file in files)
        {
            var peak = (Once: await Measure(file, ["run", "--once"], cancellation), Service: await Measure(file, ["run"], cancellation));
            peaks.Add(peak);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file),-24} {new FileInfo(file).Length / 1e6,8:0.0} {peak.Once,10:0.0} {peak.Service,12:0.0}"));
        }
        if (peaks.Count > 1)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{"last / first",-33} {peaks[^1].Once / peaks[0].Once,10:0.00} {peaks[^1].Service / peaks[0].Service,12:0.00}   (goal 1.1 for a file five times as large)"));
    }

    static async Task<double> Measure(string file, string[] verb, CancellationToken cancellation)
    {
        await using var installation = await Installation.Create(cancellation);
        using var seller = new Database(installation.Settings.SellerConnection);
        using var ledger = Hub.OpenLedger(installation.Settings);
        await TargetTables.Apply(seller, MapToSink.MapOf("PRICAT").Target, cancellation);
        File.Copy(file, Path.Combine(installation.Inbox, Path.GetFileName(file)));
        using var hub = Start(installation.Settings, verb);
        var said = hub.StandardOutput.ReadToEndAsync(cancellation);
        try
        {
            long peak = 0;
            var since = Stopwatch.GetTimestamp();
            // Asked for seldom: the program's own database answers.
            for (var looks = 0; !hub.HasExited && (verb.Length > 1 || looks % 50 != 0 || await Ended(ledger, cancellation) == 0); looks++)
            {
                if (Stopwatch.GetElapsedTime(since) > Patience)
                    throw new TimeoutException($"{file} was not done within {Patience}.");
                peak = Math.Max(peak, HighWater(hub.Id));
                await Task.Delay(Look, cancellation);
            }
            if (!hub.HasExited)
                peak = Math.Max(peak, HighWater(hub.Id));
            if (await Ended(ledger, cancellation) == 0)
                throw new InvalidOperationException($"{file} was not loaded: the program ended with {hub.ExitCode}.\n{await said}");
            return peak * 1024 / 1e6;
        }
        finally
        {
            hub.Kill();
            await hub.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Exchanges that were loaded; a file that ends in any other way is an error here.</summary>
    static async Task<long> Ended(Database ledger, CancellationToken cancellation)
    {
        await using var connection = await ledger.Open(cancellation);
        // The program makes its tables when it starts.
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select cast(to_regclass('exchange') as text)", cancellationToken: cancellation)) is null)
            return 0;
        var bad = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select cause from exchange where ended_at is not null and state <> 'Completed'", cancellationToken: cancellation));
        return bad is not null
            ? throw new InvalidOperationException(bad)
            : await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(*) from exchange where ended_at is not null", cancellationToken: cancellation));
    }

    static Process Start(HubSettings settings, string[] verb)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hub"), verb) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["Hub__Address"] = $"http://127.0.0.1:{Ports.Free()}";
        start.Environment["Hub__Data"] = settings.Data;
        start.Environment["Hub__Mappings"] = settings.Mappings;
        start.Environment["Hub__Files"] = settings.Files;
        start.Environment["ConnectionStrings__Hub"] = settings.HubConnection;
        start.Environment["ConnectionStrings__Seller"] = settings.SellerConnection;
        return Process.Start(start) ?? throw new InvalidOperationException("The program does not start.");
    }

    /// <summary>Most kB the process ever held in memory; 0 when it has ended meanwhile.</summary>
    static long HighWater(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
