using System.Text.RegularExpressions;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>The tutorial of mappings/README.md, typed as it stands there.</summary>
public sealed class TutorialTests : IDisposable
{
    static readonly string[] steps =
    [
        "parse", "map new", "map check", "map run", "map explain", "map coverage", "map test",
        "ack", "partner check", "partner poll", "exchange list", "exchange show", "exchange explain",
    ];

    readonly CommandLine hub = new();

    public TutorialTests()
    {
        hub.Settings["Hub__Data"] = Path.Combine(hub.Home, ".hub");
        var samples = Directory.CreateDirectory(Path.Combine(hub.Home, "sample-files", "lahntal", "in"));
        foreach (var file in Directory.GetFiles(CommandLine.Sample("lahntal", "in")))
            File.Copy(file, Path.Combine(samples.FullName, Path.GetFileName(file)));
    }

    [Fact]
    public async Task Every_command_gives_what_the_tutorial_shows()
    {
        List<string> typed = [];
        foreach (var block in Tutorial.Blocks())
            switch (block.Kind)
            {
                case "console":
                    foreach (var command in Tutorial.Commands(block))
                    {
                        typed.Add(command.Typed);
                        Compare(command, await hub.Shell(command.Typed));
                    }
                    break;
                case "yaml":
                    Tutorial.Write(block, hub.Home);
                    break;
                case "diff":
                    Tutorial.Change(block, hub.Home);
                    break;
                default:
                    Assert.Fail($"mappings/README.md:{block.Line}: a block of the tutorial is console, yaml or diff, not '{block.Kind}'.");
                    break;
            }
        Assert.All(steps, step => Assert.Contains(typed, line => line.StartsWith($"hub {step} ", StringComparison.Ordinal) || line == $"hub {step}"));
    }

    /// <summary>The lines that are shown come in this order; '…' in one of them is any text.</summary>
    static void Compare(TutorialCommand command, VerbResult result)
    {
        var came = (result.Output + result.Errors).ReplaceLineEndings("\n");
        Assert.True(command.ExitCode == result.ExitCode, $"mappings/README.md:{command.Line}: exit code {result.ExitCode} of '{command.Typed}':\n{came}");
        var rest = came.Split('\n').AsEnumerable();
        foreach (var shown in command.Shown)
        {
            var pattern = "^" + Regex.Escape(shown).Replace("…", ".+", StringComparison.Ordinal) + "$";
            rest = rest.SkipWhile(line => !Regex.IsMatch(line, pattern, RegexOptions.None, TimeSpan.FromSeconds(5))).ToList();
            Assert.True(rest.Any(), $"mappings/README.md:{command.Line}: '{command.Typed}' does not print\n{shown}\nhere, but\n{came}");
            rest = rest.Skip(1);
        }
    }

    public void Dispose() => hub.Dispose();
}
