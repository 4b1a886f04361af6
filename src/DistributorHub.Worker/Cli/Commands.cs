using System.CommandLine;

namespace DistributorHub.Worker.Cli;

/// <summary>What a verb's exit code says.</summary>
static class ExitCode
{
    public const int Fine = 0;

    /// <summary>Findings in a file, a map with mistakes, an exchange that failed.</summary>
    public const int Findings = 1;

    public const int WrongUsage = 2;

    /// <summary>Database, network or disk.</summary>
    public const int BrokenWorld = 3;
}

/// <summary>The verbs of <c>hub</c>. No verb means <c>run</c>.</summary>
static class Commands
{
    public static async Task<int> Invoke(string[] arguments, CancellationToken cancellation)
    {
        var root = new RootCommand("DistributorHub: distributors' EDI files into the seller's database.")
        {
            ParseCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.WrongUsage;
        }
        return await parsed.InvokeAsync(cancellationToken: cancellation);
    }
}
