using System.CommandLine;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map test</c>: runs golden tests, and with <c>--accept</c> writes what comes out as what is expected.</summary>
static class MapTestCommand
{
    public static Command Create()
    {
        var ids = Inputs.MapsAndTests("map", "Ids of maps, whose tests and those of the partners who use them are run, or names of tests; none = all.");
        var partner = Inputs.PartnerOption("Only tests of this partner.", samples: true);
        var accept = Inputs.Flag("--accept", "Shows what differs, asks, and writes what came out as what is expected.");
        var yes = Inputs.Flag("--yes", "With --accept: writes without asking.");
        var trx = Inputs.NewFile("--trx", "Also write the results to this file as TRX.");
        var junit = Inputs.NewFile("--junit", "Also write the results to this file as JUnit XML.");
        var command = new Command("test", "Runs the golden tests beside the maps and of the partners.") { ids, partner, accept, yes, trx, junit };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(yes) && !parsed.GetValue(accept))
                return Commands.Refuse("--yes goes with --accept.");
            var clock = TimeProvider.System;
            var settings = Commands.Settings();
            var runner = new GoldenRunner(settings, clock);
            var tests = Selected(runner, GoldenTests.Find(settings.Mappings), parsed.GetValue(ids)!, parsed.GetValue(partner));
            var start = clock.GetUtcNow();
            var results = new List<GoldenResult>();
            foreach (var test in tests)
            {
                var result = await runner.Run(test, cancellation);
                Print(result);
                if (parsed.GetValue(accept) && result.Differs && (parsed.GetValue(yes) || Ask(test)))
                    result = await Accept(runner, result, cancellation);
                results.Add(result);
            }
            var wanted = parsed.GetValue(ids)!;
            if (wanted.Length > 0 || parsed.GetValue(partner) is null)
                foreach (var untested in runner.UntestedReleases(tests, map => wanted.Length == 0 || wanted.Contains(map)))
                    Console.WriteLine(Harmless.Text((untested with { Warning = true }).ToString()));
            if (parsed.GetValue(trx) is { } trxFile)
                TestReport.WriteTrx(trxFile, results, start, clock.GetUtcNow());
            if (parsed.GetValue(junit) is { } junitFile)
                TestReport.WriteJUnit(junitFile, results);
            var failed = results.Count(result => !result.Passed);
            Console.WriteLine(results.Count == 0 ? "There is no golden test of this." : $"{results.Count} golden test(s): {results.Count - failed} passed, {failed} failed.");
            return results.Count > 0 && failed == 0 ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }

    static IReadOnlyList<GoldenTest> Selected(GoldenRunner runner, IReadOnlyList<GoldenTest> all, string[] ids, string? partner) =>
    [
        .. all.Where(test => (partner is null || test.Partner == partner)
            && (ids.Length == 0 || ids.Any(id => id == test.Name || runner.Concerns(test, id)))),
    ];

    static void Print(GoldenResult result)
    {
        Console.WriteLine($"{(result.Passed ? "passed" : "FAILED")}  {result.Test.Name}");
        foreach (var problem in result.Problems)
            Console.WriteLine($"  {Harmless.Text(problem.ToString())}");
    }

    static bool Ask(GoldenTest test)
    {
        Console.Write($"  Write {test.ExpectName} as it came out? [y/N] ");
        var answer = Console.ReadLine()?.Trim();
        if (answer is null)
            Console.WriteLine();
        return answer is "y" or "Y" or "yes";
    }

    /// <summary>Writes the expect file and runs the test again: what a second load changes stays a problem.</summary>
    static async Task<GoldenResult> Accept(GoldenRunner runner, GoldenResult differs, CancellationToken cancellation)
    {
        var test = differs.Test;
        var path = runner.PathOf(test);
        if (differs.Written is { } message)
            await File.WriteAllBytesAsync(path, message, cancellation);
        else
            await File.WriteAllTextAsync(path, ExpectWriter.Write(differs.Outcome!, File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : null), cancellation);
        Console.WriteLine($"  {test.ExpectName} is written.");
        var result = await runner.Run(test.IsDocument ? test with { Message = test.ExpectName } : test, cancellation);
        if (!result.Passed)
            Print(result);
        return result;
    }
}
