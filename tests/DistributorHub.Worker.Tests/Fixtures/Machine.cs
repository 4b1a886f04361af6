using System.Diagnostics;

namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>What the tests need of the machine they run on.</summary>
static class Machine
{
    /// <summary>
    /// Skips the test when something is not there. <c>tests/run.sh</c> has installed everything and says so with
    /// <c>DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS=1</c>: then the test fails, so that nothing goes untested unseen.
    /// </summary>
    public static void Needs(bool present, string missing)
    {
        if (!present && Environment.GetEnvironmentVariable("DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS") == "1")
            Assert.Fail(missing);
        Assert.SkipUnless(present, missing);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> Run(
        string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
