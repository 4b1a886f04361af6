using System.CommandLine;
using DistributorHub.Mapping.Schema;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub schema</c>: writes the JSON Schemas that YAML editors complete and check the files of <c>mappings/</c> with.</summary>
static class SchemaCommand
{
    public static Command Create()
    {
        var check = Inputs.Flag("--check", "Write nothing; exit code 1 when the schemas are not as they would be written.");
        var command = new Command("schema", "Writes JSON Schemas of maps, targets, guides, code lists, partners and golden tests for YAML editors.") { check };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            var definitions = DefinitionFolder.Open(settings);
            var files = SchemaFolder.Of(MapFolder.Open(settings.Mappings, definitions, FunctionFolder.Open(settings)), definitions);
            if (parsed.GetValue(check))
            {
                var stale = SchemaFolder.Stale(settings.Mappings, files);
                foreach (var path in stale)
                    Console.WriteLine($"{path} is not as 'hub schema' writes it.");
                return stale.Count == 0 ? ExitCode.Fine : ExitCode.Findings;
            }
            var written = SchemaFolder.Write(settings.Mappings, files);
            foreach (var path in written)
                Console.WriteLine(files.ContainsKey(path) ? $"{path} is written." : $"{path} is removed.");
            if (SchemaFolder.WriteEditor(settings.Mappings))
                Console.WriteLine($"{SchemaFolder.EditorFile} is written.");
            else if (!SchemaFolder.IsWired(settings.Mappings))
                Console.WriteLine($"{SchemaFolder.EditorFile} is there already: add \"yaml.schemas\": {{ \"./{SchemaFolder.Name}/{SchemaSet.RootFile}\": [\"**/*.yaml\"] }}.");
            if (written.Count == 0)
                Console.WriteLine("The schemas are up to date.");
            return ExitCode.Fine;
        });
        return command;
    }
}
