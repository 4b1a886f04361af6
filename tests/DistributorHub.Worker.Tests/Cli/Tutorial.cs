using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>A fenced block of the tutorial: its kind, its lines and the line of the file its first one stands on.</summary>
sealed record TutorialBlock(string Kind, int Line, IReadOnlyList<string> Lines);

/// <summary>A command of the tutorial with the output that is shown below it.</summary>
sealed record TutorialCommand(string Typed, int ExitCode, int Line, IReadOnlyList<string> Shown);

/// <summary>The first section of mappings/README.md, as a reader takes it: what is typed and what is written into which file, in order.</summary>
static class Tutorial
{
    const string Fence = "```";
    const string ExitCode = "   # exit code ";

    public static IReadOnlyList<TutorialBlock> Blocks()
    {
        List<TutorialBlock> blocks = [];
        List<string>? lines = null;
        var number = 0;
        var sections = 0;
        foreach (var line in File.ReadLines(Repository.PathTo("mappings", "README.md")))
        {
            number++;
            if (lines is null && line.StartsWith("## ", StringComparison.Ordinal) && ++sections > 1)
                break;
            if (line == Fence)
                lines = null;
            else if (lines is not null)
                lines.Add(line);
            else if (line.StartsWith(Fence, StringComparison.Ordinal))
                blocks.Add(new(line[Fence.Length..], number + 1, lines = []));
        }
        return blocks;
    }

    public static IEnumerable<TutorialCommand> Commands(TutorialBlock block)
    {
        for (var at = 0; at < block.Lines.Count;)
        {
            Assert.StartsWith("$ ", block.Lines[at], StringComparison.Ordinal);
            var typed = block.Lines[at][2..].Split(ExitCode);
            List<string> shown = [.. block.Lines.Skip(at + 1).TakeWhile(line => !line.StartsWith("$ ", StringComparison.Ordinal))];
            yield return new(typed[0], typed.Length > 1 ? int.Parse(typed[1], null) : 0, block.Line + at, shown);
            at += 1 + shown.Count;
        }
    }

    /// <summary>Makes the file whose name its first line is a comment of.</summary>
    public static void Write(TutorialBlock block, string home)
    {
        Assert.StartsWith("# ", block.Lines[0], StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(home, block.Lines[0][2..]), string.Join('\n', block.Lines) + "\n");
    }

    /// <summary>Makes the changes to the file its first line names: the lines before '+' are the next of this text in the file.</summary>
    public static void Change(TutorialBlock block, string home)
    {
        Assert.StartsWith("--- ", block.Lines[0], StringComparison.Ordinal);
        var path = Path.Combine(home, block.Lines[0][4..]);
        List<string> lines = [.. File.ReadLines(path)];
        var at = 0;
        foreach (var (change, text) in block.Lines.Skip(1).Select(line => (line[0], line[1..])))
        {
            if (change == '+')
            {
                lines.Insert(at++, text);
                continue;
            }
            at = lines.IndexOf(text, at);
            Assert.True(at >= 0, $"mappings/README.md:{block.Line}: '{text}' is not in {path}.");
            if (change == '-')
                lines.RemoveAt(at);
            else
                at++;
        }
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
    }
}
