using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Draft;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map new</c>: a partner's file, map, code lists and golden tests, drafted from files of theirs.</summary>
static class MapNewCommand
{
    public static Command Create()
    {
        var files = Inputs.FilesOption("--from", "Files of one partner, EDIFACT or X12: the more kinds of what they send, the better.");
        var target = Inputs.TargetOption("--to", "Id of the target whose tables are filled, such as shop.");
        var partner = Inputs.NewPartner("--partner", "Id of the new partner; none = made from the sender's id.");
        var table = Inputs.Text("--table", "Table of the target that holds the documents; none = a shared map's, or by the names of the tables.");
        var currency = Inputs.Text("--currency", "Currency of what they send, where it does not say so: ISO 4217, such as EUR.", code => code.Length == 3 && code.All(char.IsAsciiLetterUpper) ? null : $"'{code}' is no currency: write the three letters of ISO 4217, such as EUR.");
        var command = new Command("new", "Drafts partner.yaml, maps, code lists and golden tests of a new partner from files of theirs. Overwrites nothing. Exit code 1 when something remains to be decided.")
        {
            files, target, partner, table, currency,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Commands.Settings();
            var definitions = DefinitionFolder.Open(settings);
            var library = MapFolder.Open(settings.Mappings, definitions);
            var mistakes = new List<Diagnostic>();
            if (library.Target(parsed.GetValue(target)!, mistakes) is not { } into)
            {
                foreach (var mistake in mistakes)
                    Console.Error.WriteLine(mistake);
                return ExitCode.Findings;
            }
            if (parsed.GetValue(table) is { } named && into.Find(named) is null)
                return Commands.Refuse(Inputs.NoSuch("table", named, [.. into.Tables.Select(t => t.Name)]));
            var samples = parsed.GetValue(files)!.Select(file => new SampleFile(file.Name, file.OpenRead)).ToList();
            var survey = Survey.Of(samples, definitions);
            var book = PartnerBook.Load(settings.Mappings, samples: true);
            if (PartnerDraft.Refusal(survey, book, parsed.GetValue(partner)) is { } sentence)
                return Commands.Refuse(sentence);
            var draft = new PartnerDraft(settings, survey, parsed.GetValue(partner), parsed.GetValue(currency));
            if (Directory.Exists(draft.Folder))
                return Commands.Refuse($"{draft.Folder} is there already, and nothing is overwritten: choose another id with --partner.");
            draft.Draft(library, samples, into, parsed.GetValue(table));
            return await draft.Write(parsed.GetValue(files)!, cancellation) ? ExitCode.Fine : ExitCode.Findings;
        });
        return command;
    }
}
