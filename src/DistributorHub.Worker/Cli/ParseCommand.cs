using System.CommandLine;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub parse FILE [--json]</c>: what a file holds and what is wrong with it.</summary>
static class ParseCommand
{
    public static Command Create()
    {
        var file = Inputs.File("file", "An EDIFACT or X12 file.");
        var json = Inputs.Json();
        var partner = Inputs.PartnerOption("Check as this partner's file: with its guides, its character set and its leniency.", samples: true);
        var charset = Inputs.Text("--charset", "Character set to read with in place of the declared one.", name =>
            CharacterSets.IsKnown(name) ? null : $"'{name}' is no character set that is known here: utf-8, or a set of one byte a character such as ISO-8859-1.");
        var command = new Command("parse", "Shows the structure and the findings of a file.") { file, json, partner, charset };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(json), parsed.GetValue(partner), parsed.GetValue(charset)));
        return command;
    }

    static int Run(FileInfo file, bool json, string? partnerId, string? charset)
    {
        var settings = Commands.Settings();
        if (Commands.IsBroken(settings, partnerId))
            return ExitCode.Findings;
        var definitions = DefinitionFolder.Open(settings);
        var guides = partnerId is null ? null : new PartnerGuideTrial(settings, definitions, partnerId);
        using var input = file.OpenRead();
        using var output = Console.OpenStandardOutput();
        var options = guides?.Partner.Reading ?? new();
        if (charset is not null)
            options = options with { Charset = charset };
        using var excerpts = new Excerpts(file.OpenRead, options);
        using var report = json ? (ParseReport)new JsonParseReport(output, file.Length, excerpts) : new TextParseReport(output, excerpts);
        var findings = new Findings { Added = report.Finding };
        using var reader = new EdiReader(input, findings, options);
        MessageValidator? validator = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.InterchangeStart:
                    report.InterchangeStart(reader.Interchange!);
                    break;
                case EdiEvent.InterchangeAcknowledgement:
                    MessageValidator.CheckAcknowledgement(reader, findings);
                    break;
                case EdiEvent.GroupStart:
                    report.Group(reader.Group!);
                    break;
                case EdiEvent.MessageStart:
                    validator = Validator(validator, reader, definitions, guides?.Find(reader), findings);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    validator?.Accept(reader);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    report.Message(reader.Message!, checkedAgainst: validator?.Definition);
                    break;
                case EdiEvent.InterchangeEnd:
                    report.InterchangeEnd(reader.Interchange!);
                    break;
            }
        }
        report.End(findings);
        foreach (var diagnostic in guides?.Diagnostics ?? [])
            Console.Error.WriteLine(diagnostic);
        return findings.Errors > 0 || guides is { Diagnostics.Count: > 0 } ? ExitCode.Findings : ExitCode.Fine;
    }

    static MessageValidator? Validator(MessageValidator? before, EdiReader reader, DefinitionLibrary definitions, Guide? guide, Findings findings)
    {
        var message = reader.Message!;
        var definition = guide?.Definition ?? definitions.Find(reader.Interchange!.Standard, message);
        if (definition is null)
            findings.Add(MessageValidator.Unsupported(reader, message, definitions));
        return MessageValidator.Next(before, definition, findings, guide);
    }
}
