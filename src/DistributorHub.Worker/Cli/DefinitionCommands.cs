using System.CommandLine;
using DistributorHub.Edi.Definitions.Compile;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub definitions</c>: what messages the hub knows, what they look like, and how it learns others.</summary>
static class DefinitionCommands
{
    public static Command Create() =>
        new("definitions", "Lists, shows and imports the definitions of messages.") { List(), Show(), Import() };

    static Command List()
    {
        var message = new Option<string?>("--message") { Description = "Only releases that have this message, such as ORDERS or 850." };
        var command = new Command("list", "Lists the releases the hub has, with their messages.") { message };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(message);
            var directories = DefinitionFolder.Open(Commands.Settings()).Directories.Where(d => wanted is null || d.Messages.Contains(wanted)).ToList();
            TextTable.Write(Console.Out, ["STANDARD", "RELEASE", "SOURCE", "CODES", "MESSAGES"], directories.Select(d => (IReadOnlyList<string?>)
            [
                d.Standard.Name(), d.Release, d.Shipped ? "shipped" : "imported", d.HasCodes ? "yes" : "no",
                d.Messages.Count <= MessagesNamed ? string.Join(' ', d.Messages) : $"{string.Join(' ', d.Messages.Take(MessagesNamed))} and {d.Messages.Count - MessagesNamed} more",
            ]));
            return directories.Count > 0 ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }

    /// <summary>An imported release has up to 200 messages; <c>--message</c> finds the others.</summary>
    const int MessagesNamed = 30;

    static Command Show()
    {
        var message = new Argument<string>("message") { Description = "Such as ORDERS or 850." };
        var release = new Argument<string>("release") { Description = "Such as D.96A or 004010." };
        var segment = new Option<string?>("--segment") { Description = "Show the elements of this segment, such as LIN." };
        var codes = new Option<string?>("--codes") { Description = "Show the code list of this element, such as 1153." };
        var command = new Command("show", "Prints the structure of a message, the elements of a segment or a code list.") { message, release, segment, codes };
        command.SetAction(parsed =>
        {
            var library = DefinitionFolder.Open(Commands.Settings());
            var (type, name) = (parsed.GetValue(message)!, parsed.GetValue(release)!);
            var standard = name.StartsWith('0') ? Standard.X12 : Standard.Edifact;
            if (library.Directory(standard, type, name) is not { } directory)
            {
                var nearest = library.Nearest(standard, type, name);
                return Commands.Refuse(nearest.Count == 0 ? $"There is no definition of {type}. 'hub definitions list' shows what there is."
                    : $"There is no definition of {type} {name}. There is {type} of: {string.Join(", ", nearest)}.");
            }
            var page = new DefinitionPage(Console.Out, directory, directory.Find(type)!);
            if (parsed.GetValue(codes) is { } element)
                return page.Codes(element) ? ExitCode.Fine : Commands.Refuse($"Element {element} has no code list in {directory.Release}.");
            if (parsed.GetValue(segment) is { } tag)
                return page.Segment(tag) ? ExitCode.Fine : Commands.Refuse($"{directory.Release} has no segment {tag}.");
            page.Structure(library.Base(directory, type));
            return ExitCode.Fine;
        });
        return command;
    }

    static Command Import()
    {
        var zip = new Argument<FileInfo>("zip") { Description = "A UN/EDIFACT directory as UNECE publishes it, such as d16b.zip." };
        var to = new Option<DirectoryInfo?>("--to") { Description = "Folder to write to; none = Hub:Definitions/edifact." };
        var messages = new Option<string[]>("--message") { Description = "Messages to take, such as ORDERS INVOIC; none = all.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("import", "Takes the messages of a UN/EDIFACT directory into the hub's definitions.") { zip, to, messages };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(zip)!;
            if (!file.Exists)
                return Commands.NoFile(file);
            try
            {
                var folder = parsed.GetValue(to)?.FullName ?? Path.Combine(Commands.Settings().Definitions, "edifact");
                return Import(file, folder, parsed.GetValue(messages) is { Length: > 0 } wanted ? wanted.ToHashSet(StringComparer.Ordinal) : null);
            }
            catch (DirectoryException e)
            {
                return Commands.Refuse($"'{file}' cannot be imported. {e.Message}");
            }
        });
        return command;
    }

    static int Import(FileInfo zip, string folder, HashSet<string>? wanted)
    {
        using var stream = zip.OpenRead();
        var directory = DirectoryCompiler.Compile(stream, wanted);
        if (wanted?.Except(directory.Messages, StringComparer.Ordinal).FirstOrDefault() is { } missing && directory.Problems.Count == 0)
            return Commands.Refuse($"The directory {directory.Release} has no message {missing}. Nothing was imported.");
        var replaced = DefinitionFolder.Write(folder, directory);
        Console.WriteLine($"{directory.Release}: {directory.Messages.Count} messages, {directory.Segments} segments, {directory.Composites} composites, " +
            $"{directory.Elements} elements, {directory.Codes} codes in {directory.CodeLists} lists.");
        foreach (var problem in directory.Problems)
            Console.WriteLine($"  {problem}");
        if (directory.CodeLists == 0)
            Console.WriteLine("  The zip has no code lists: codes of this release are not checked.");
        Console.WriteLine($"{(replaced ? "Replaced" : "Written to")} {Path.Combine(folder, directory.Release)}. A running service sees it after its next start.");
        return directory.Problems.Count > 0 ? ExitCode.Findings : ExitCode.Fine;
    }
}
