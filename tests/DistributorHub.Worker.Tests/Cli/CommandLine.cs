using System.Diagnostics;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>What a verb of the real program gave.</summary>
sealed record VerbResult(int ExitCode, string Output, string Errors);

/// <summary>An installation of its own: a copy of the mappings and an empty data folder, used through the real program.</summary>
sealed class CommandLine : IDisposable
{
    readonly DirectoryInfo home = Directory.CreateTempSubdirectory("distributorhub-cli-");

    public CommandLine()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("mappings"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Mappings, Path.GetRelativePath(Repository.PathTo("mappings"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Mappings => Path.Combine(Home, "mappings");

    /// <summary>How many maps there are, tests left out.</summary>
    public int Maps => Directory.EnumerateFiles(Mappings, "*.yaml", SearchOption.AllDirectories)
        .Count(f => !Path.GetDirectoryName(f)!.EndsWith("tests", StringComparison.Ordinal) && File.ReadLines(f).Contains("hub: map/1"));

    public string Data => Path.Combine(Home, "data");

    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>What is typed; null leaves the standard input as the tests have it.</summary>
    public string? Typed { get; set; }

    /// <summary>The folder that all is typed in.</summary>
    public string Home => home.FullName;

    public Task<VerbResult> Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>A line as it is typed into a shell, in which <c>hub</c> is the program.</summary>
    public Task<VerbResult> Shell(string line) => Finish(StartProgram("/bin/sh", ["-c", line]));

    async Task<VerbResult> Finish(Process started)
    {
        using var process = started;
        if (Typed is not null)
        {
            await process.StandardInput.WriteAsync(Typed);
            process.StandardInput.Close();
        }
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>
    /// The program while it runs; whoever starts it ends it. Where the tests run in the background of a shell an interrupt is ignored, and what they start would
    /// ignore it as well: a terminal does not start it so.
    /// </summary>
    public Process Start(params string[] arguments) =>
        StartProgram("perl", ["-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV or die", Path.Combine(AppContext.BaseDirectory, "hub"), .. arguments]);

    Process StartProgram(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = Typed is not null,
            WorkingDirectory = Home,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = AppContext.BaseDirectory + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["Hub__Mappings"] = Mappings;
        start.Environment["Hub__Data"] = Data;
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static string Sample(params string[] parts) => Repository.PathTo(["sample-files", .. parts]);

    public void Dispose() => home.Delete(recursive: true);
}
