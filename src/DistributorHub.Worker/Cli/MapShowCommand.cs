using System.CommandLine;
using DistributorHub.Mapping;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map show</c>: a map as it is written, or with <c>--resolved</c> together with those it extends.</summary>
static class MapShowCommand
{
    public static Command Create()
    {
        var id = Inputs.OneMap("map", "Id such as base/orders-edifact.");
        var resolved = Inputs.Flag("--resolved", "Together with the maps it extends, each line with the place it comes from. What is printed is a map.");
        var command = new Command("show", "Prints a map.") { id, resolved };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            var map = parsed.GetValue(id)!;
            if (!parsed.GetValue(resolved))
            {
                Console.Write(File.ReadAllText(Path.Combine(settings.Mappings, MapLibrary.FileOf(map))));
                return ExitCode.Fine;
            }
            var diagnostics = new List<Diagnostic>();
            var lines = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings)).Resolve(map, diagnostics);
            foreach (var diagnostic in diagnostics)
                Console.Error.WriteLine(diagnostic);
            foreach (var line in lines ?? [])
                Console.WriteLine(line);
            return lines is null ? ExitCode.Findings : ExitCode.Fine;
        });
        return command;
    }
}
