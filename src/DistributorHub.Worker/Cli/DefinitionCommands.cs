using System.CommandLine;

namespace DistributorHub.Worker.Cli;

static class DefinitionCommands
{
    public static Command Create() => new("definitions", "x") { Import() };

    static Command Import()
    {
        var zip = new Argument<FileInfo>("zip");
        var to = new Option<string>("--to");
        var messages = new Option<string[]>("--message") { AllowMultipleArgumentsPerToken = true };
        var command = new Command("import", "x") { zip, to, messages };
        command.SetAction(parsed =>
        {
            using var stream = parsed.GetValue(zip)!.OpenRead();
            var wanted = parsed.GetValue(messages) is { Length: > 0 } list ? list.ToHashSet() : null;
            var made = Edi.Definitions.Compile.DirectoryCompiler.Compile(stream, wanted);
            var folder = Path.Combine(parsed.GetValue(to)!, made.Release);
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in made.Files)
                File.WriteAllText(Path.Combine(folder, name), text);
            Console.WriteLine($"{made.Release}: {made.Messages.Count} messages, {made.Segments} segments, {made.Composites} composites, {made.Elements} elements, {made.CodeLists} lists, {made.Codes} codes");
            foreach (var problem in made.Problems)
                Console.WriteLine("  " + problem);
        });
        return command;
    }
}
