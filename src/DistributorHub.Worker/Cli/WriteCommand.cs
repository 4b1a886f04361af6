using System.CommandLine;
using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map write</c>: prints the message that a map makes of a document in a file.</summary>
static class WriteCommand
{
    public static Command Create()
    {
        var map = Inputs.WriteMap("map", "Id of a map that writes, such as base/ordrsp-edifact.");
        var file = Inputs.File("document", "The document: a JSON or YAML file.");
        var partner = Inputs.PartnerOption("Write it for this partner, with its code lists.", samples: true);
        var command = new Command("write", "Writes a document from a file as a message and prints it: control numbers are 1, the time is fixed. Reads no database.") { map, file, partner };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Commands.Settings();
            if (Commands.IsBroken(settings, parsed.GetValue(partner)))
                return ExitCode.Findings;
            var (diagnostics, findings) = (new List<Diagnostic>(), new Findings());
            var named = parsed.GetValue(partner);
            var whom = named is null ? null : PartnerBook.Load(settings.Mappings, samples: true).Partners.First(p => p.Id == named);
            var compiled = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings), FunctionFolder.Open(settings)).CompileWrite(parsed.GetValue(map)!, named, diagnostics);
            var document = parsed.GetValue(file)!;
            var written = compiled is null ? null : DocumentTrial.Write(compiled, document.Name, await File.ReadAllTextAsync(document.FullName, cancellation), whom, diagnostics, findings);
            foreach (var diagnostic in diagnostics)
                await Console.Error.WriteLineAsync(diagnostic.ToString());
            foreach (var finding in findings.Kept)
                await Console.Error.WriteLineAsync($"{finding.Severity.ToString().ToLowerInvariant()} {finding.Code}: {Harmless.Text(finding.Message)}{(finding.Advice is null ? "" : $" ({finding.Advice})")}");
            if (written is null)
                return ExitCode.Findings;
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(written, cancellation);
            return ExitCode.Fine;
        });
        return command;
    }
}
