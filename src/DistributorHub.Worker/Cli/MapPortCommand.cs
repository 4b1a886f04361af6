using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Draft;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map port</c>: what of a map another release of its message asks to be changed.</summary>
static class MapPortCommand
{
    public static Command Create()
    {
        var id = Inputs.OneMap("map", "Id of the map, such as base/orders-edifact.");
        var release = Inputs.Text("--to", "The release it is to read, such as D.01B or 005010.");
        release.Required = true;
        var partner = Inputs.PartnerOption("Compare with this partner's code lists.", samples: true);
        var command = new Command("port", "Lists what of a map no longer resolves in another release, with the nearest that does, and what changes in type or length. Changes nothing.") { id, release, partner };
        command.SetAction(parsed =>
        {
            var (map, to) = (parsed.GetValue(id)!, parsed.GetValue(release)!);
            var settings = Commands.Settings();
            var definitions = DefinitionFolder.Open(settings);
            var library = MapFolder.Open(settings.Mappings, definitions);
            var mistakes = new List<Diagnostic>();
            if (library.Compile(map, parsed.GetValue(partner), mistakes) is { } compiled && definitions.Find(compiled.Message.Standard, compiled.Message.Type, to) is null)
                return Commands.Refuse(Inputs.NoSuch($"definition of {compiled.Message.Type} in release", to, definitions.Nearest(compiled.Message.Standard, compiled.Message.Type, to)));
            mistakes.Clear();
            if (MapPort.Compare(library, map, to, parsed.GetValue(partner), mistakes) is not { } changes)
            {
                foreach (var mistake in mistakes)
                    Console.WriteLine(mistake);
                Console.WriteLine($"{map} has mistakes of its own; mend those first.");
                return ExitCode.Findings;
            }
            foreach (var change in changes)
                Console.WriteLine(change);
            var errors = changes.Count(change => !change.Warning);
            Console.WriteLine(errors == 0
                ? $"{map} can read {to}: {changes.Count} change(s) to look at. Add it to 'release' in the map's head."
                : $"{map} in {to}: {errors} rule(s) to change, {changes.Count - errors} change(s) to look at.");
            return errors == 0 ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }
}
