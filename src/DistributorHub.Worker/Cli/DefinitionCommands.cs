using System.CommandLine;
using System.Globalization;
using DistributorHub.Edi.Definitions.Compile;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub definitions</c>: what messages the hub knows, what they look like, and how it learns others.</summary>
static class DefinitionCommands
{
    public static Command Create() =>
        new("definitions", "Lists, shows and imports the definitions of messages.") { List(), Show(), Import() };

    static Command List()
    {
        var message = Inputs.Text("--message", "Only releases that have this message, such as ORDERS or 850.");
        var command = new Command("list", "Lists the releases the hub has, with their messages.") { message };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(message);
            var directories = DefinitionFolder.Open(Commands.Settings()).Directories.Where(d => wanted is null || d.Messages.Contains(wanted)).ToList();
            if (directories.Count == 0)
                return NoDefinition(wanted!);
            TextTable.Write(Console.Out, ["STANDARD", "RELEASE", "SOURCE", "CODES", "MESSAGES"], directories.Select(d => (IReadOnlyList<string?>)
            [
                d.Standard.Name(), d.Release, d.Shipped ? "shipped" : "imported", d.HasCodes ? "yes" : "no",
                d.Messages.Count <= MessagesNamed ? string.Join(' ', d.Messages) : $"{string.Join(' ', d.Messages.Take(MessagesNamed))} and {d.Messages.Count - MessagesNamed} more",
            ]));
            Guides(wanted);
            return ExitCode.Fine;
        });
        return command;
    }

    static int NoDefinition(string message) => Commands.Refuse($"There is no definition of {message}. 'hub definitions list' shows what there is.");

    /// <summary>What is in <c>guides/</c>; nothing where there is none.</summary>
    static void Guides(string? wanted)
    {
        var settings = Commands.Settings();
        var library = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings));
        var rows = library.Guides().Select(id => (Id: id, Guide: library.Guide(id, [])))
            .Where(g => wanted is null || g.Guide?.Definition.Type == wanted)
            .Select(g => (IReadOnlyList<string?>)[g.Id, g.Guide is { } guide ? $"{guide.Definition.Type} {guide.Definition.Release}" : "has mistakes: hub map check", g.Guide?.Rules.Count.ToString(CultureInfo.InvariantCulture)])
            .ToList();
        if (rows.Count == 0)
            return;
        Console.WriteLine();
        TextTable.Write(Console.Out, ["GUIDE", "OF", "RULES"], rows);
    }

    /// <summary>An imported release has up to 200 messages; <c>--message</c> finds the others.</summary>
    const int MessagesNamed = 30;

    static Command Show()
    {
        var message = new Argument<string?>("message") { Description = "Such as ORDERS or 850.", Arity = ArgumentArity.ZeroOrOne };
        var release = new Argument<string?>("release") { Description = "Such as D.96A or 004010.", Arity = ArgumentArity.ZeroOrOne };
        var segment = Inputs.Text("--segment", "Show the elements of this segment, such as LIN.");
        var codes = Inputs.Text("--codes", "Show the code list of this element, such as 1153.");
        var guide = Inputs.Guide("--guide", "Show the message as this guide leaves it: its id, such as guides/acme-orders, or its file.");
        var command = new Command("show", "Prints the structure of a message, the elements of a segment or a code list.") { message, release, segment, codes, guide };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(guide) is not null && (parsed.GetValue(segment) is not null || parsed.GetValue(codes) is not null))
                return Commands.Refuse("--guide shows a structure; it does not go with --segment or --codes.");
            if (parsed.GetValue(guide) is null && parsed.GetValue(release) is null)
                return Commands.Refuse("Name a message and its release, or a guide.");
            if (parsed.GetValue(guide) is { } narrowed)
                return Show(narrowed, parsed.GetValue(message), parsed.GetValue(release));
            var library = DefinitionFolder.Open(Commands.Settings());
            var (type, name) = (parsed.GetValue(message)!, parsed.GetValue(release)!);
            var standard = name.StartsWith('0') ? Standard.X12 : Standard.Edifact;
            if (library.Directory(standard, type, name) is not { } directory)
            {
                var nearest = library.Nearest(standard, type, name);
                return nearest.Count == 0 ? NoDefinition(type) : Commands.Refuse(
                    $"There is no definition of {type} {name}. There is {type} of: {string.Join(", ", nearest)}.");
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

    static int Show(string guide, string? message, string? release)
    {
        var settings = Commands.Settings();
        var definitions = DefinitionFolder.Open(settings);
        var diagnostics = new List<Diagnostic>();
        var id = MapFolder.GuideId(settings.Mappings, guide);
        if (MapFolder.Open(settings.Mappings, definitions).Guide(id, diagnostics) is not { } found)
        {
            foreach (var diagnostic in diagnostics)
                Console.Error.WriteLine(diagnostic);
            return ExitCode.Findings;
        }
        var definition = found.Definition;
        if ((message ?? definition.Type, release ?? definition.Release) != (definition.Type, definition.Release))
            return Commands.Refuse($"The guide {id} is of {definition.Type} {definition.Release}.");
        new GuidePage(Console.Out, found, definitions.Directory(definition.Standard, definition.Type, definition.Release)!.Names).Print();
        return ExitCode.Fine;
    }

    static Command Import()
    {
        var zip = Inputs.File("zip", "A UN/EDIFACT directory as UNECE publishes it, such as d16b.zip.");
        var to = Inputs.Text("--to", "Folder to write to; none = Hub:Definitions/edifact.");
        var messages = new Option<string[]>("--message") { Description = "Messages to take, such as ORDERS INVOIC; none = all.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("import", "Takes the messages of a UN/EDIFACT directory into the hub's definitions.") { zip, to, messages };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(zip)!;
            try
            {
                var folder = parsed.GetValue(to) is { } path ? Path.GetFullPath(path) : Path.Combine(Commands.Settings().Definitions, "edifact");
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
