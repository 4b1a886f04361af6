using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Draft;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>All that is drafted of one new partner, and how it comes into the folder of mappings.</summary>
sealed class PartnerDraft
{
    // A golden test is a small file.
    const long TestBytesMax = 1024 * 1024;

    readonly HubSettings settings;
    readonly Survey survey;
    readonly PartnerDefinition partner;
    readonly List<(SurveyedMessages Messages, MapDraft Map)> maps = [];
    readonly List<string> decisions = [];
    IReadOnlyList<(string File, string Text)> codeLists = [];

    public PartnerDraft(HubSettings settings, Survey survey, string? id, string? currency)
    {
        (this.settings, this.survey) = (settings, survey);
        partner = new()
        {
            Id = id ?? IdOf(survey.Senders[0].Sender.Id),
            Name = survey.Senders[0].Sender.Id,
            Identities = [.. survey.Senders.Select(sender => new PartnerIdentity(sender.Standard, sender.Sender.Id, sender.Sender.Qualifier))],
            Currency = currency ?? (survey.Currencies is [var only] ? only : null),
            Source = new() { Kind = SourceKind.Folder, Path = "" },
            Routes = [],
        };
    }

    /// <summary>The partner's own folder.</summary>
    public string Folder => Path.Combine(settings.Mappings, "partners", partner.Id);

    /// <summary>Why nothing can be drafted from these files, or null.</summary>
    public static string? Refusal(Survey survey, PartnerBook book, string? id)
    {
        if (survey.WithoutSender is [var file, ..])
            return $"{file} does not say who sent it: it has no UNB or ISA with a sender. A draft needs whole interchanges.";
        foreach (var (standard, sender) in survey.Senders)
            if (book.Match(standard, sender.Id, sender.Qualifier) is not PartnerMatch.Unknown)
                return $"{standard.Name()} sender '{Harmless.Text(sender.Id)}' is a partner already: add the message to their partner.yaml, and the map beside it.";
        if (survey.Senders.Select(sender => sender.Sender.Id).Distinct().Count() > 1 && id is null)
            return $"These files have several senders: {string.Join(", ", survey.Senders.Select(sender => Harmless.Text(sender.Sender.Id)))}. Give the files of one partner at a time, or name the partner they all are with --partner.";
        return null;
    }

    /// <summary>An id from a sender's: lower-case letters, digits and single hyphens.</summary>
    static string IdOf(string sender)
    {
        var id = string.Join('-', string.Concat(sender.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return id.Length > 0 ? id : "partner";
    }

    /// <summary>Drafts a map for each type of message.</summary>
    public void Draft(MapLibrary library, IReadOnlyList<SampleFile> samples, TargetDefinition target, string? table)
    {
        var drafter = new MapDrafter(library, samples, partner.Id, (reader, file) => PartnerMaps.Context(reader, partner, file));
        foreach (var kind in survey.Messages)
        {
            var name = $"{kind.Standard.Name()} {Harmless.Text(kind.Type)}";
            foreach (var release in kind.Unknown)
                decisions.Add($"{name} {Harmless.Text(release)}: there is no definition of it{Near(kind, release)} ('hub definitions import' brings others). Its messages have no map.");
            if (kind.Definitions.Count == 0)
                continue;
            if (drafter.Draft(kind, target, table) is { } map)
                maps.Add((kind, map));
            else
                decisions.Add($"{name}: no table of {target.Id} is called so that it would hold such documents; name it with --table. Its messages have no map.");
        }
        codeLists = drafter.CodeLists;
    }

    string Near(SurveyedMessages kind, string release) => DefinitionFolder.Open(settings).Nearest(kind.Standard, kind.Type, release) is [var near, ..] ? $", the nearest is {near}" : "";

    /// <summary>Writes everything and tells what it is; true when nothing remains to be decided.</summary>
    public async Task<bool> Write(IReadOnlyList<FileInfo> files, CancellationToken cancellation)
    {
        if (maps.Count == 0)
        {
            Console.WriteLine("Nothing is written, as there is no map to draft.");
            return Tell();
        }
        await Write(PartnerBook.NameOf(partner.Id), PartnerText(files), cancellation);
        foreach (var (kind, map) in maps)
        {
            await Write(map.File, map.Text, cancellation);
            Console.WriteLine($"  {kind.Count} {kind.Type} message(s), by {map.From}{(map.Compiles ? "" : "; it does not compile yet")}");
            foreach (var note in map.Notes)
                Console.WriteLine($"  {Harmless.Text(note)}");
            decisions.AddRange(map.Decisions);
        }
        foreach (var (file, text) in codeLists)
            await Write(file, text, cancellation);
        if (maps.TrueForAll(map => map.Map.Compiles))
            await WriteTests(files, cancellation);
        else
            Console.WriteLine("There are no golden tests yet: they need maps that compile.");
        return Tell();
    }

    bool Tell()
    {
        if (decisions.Count > 0)
            Console.WriteLine("To be decided:");
        foreach (var decision in decisions.Distinct())
            Console.WriteLine($"  {Harmless.Text(decision)}");
        if (decisions.Count == 0)
            Console.WriteLine($"Read it line by line, set source: and state: in {PartnerBook.NameOf(partner.Id)}, then 'hub map check' and 'hub map test --partner {partner.Id}'.");
        return decisions.Count == 0;
    }

    async Task Write(string relative, string text, CancellationToken cancellation)
    {
        var path = Path.Combine(settings.Mappings, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, cancellation);
        Console.WriteLine(relative);
    }

    string PartnerText(IReadOnlyList<FileInfo> files)
    {
        var text = new StringBuilder();
        text.Append($"# Drafted from {string.Join(", ", files.Select(file => Harmless.Text(file.Name)))}.\n");
        text.Append("hub: partner/1\n");
        text.Append($"name: {Quoted(partner.Name)}   # as people know them\n");
        text.Append("state: draft   # then test, then live\n");
        text.Append(partner.Currency is { } currency ? $"currency: {currency}\n" : "# currency: EUR   # what $partner.currency gives in maps: the samples do not say it\n");
        text.Append("\nidentities:\n");
        foreach (var identity in partner.Identities)
            text.Append($"- {{ standard: {(identity.Standard == Standard.X12 ? "x12" : "edifact")}, id: {Quoted(identity.Id)}{(identity.Qualifier.Length > 0 ? $", qualifier: {Quoted(identity.Qualifier)}" : "")} }}\n");
        text.Append($"\nsource:   # where their files come from: write it before the partner goes live\n  kind: folder\n  path: {partner.Id}/in\n\nmessages:\n");
        foreach (var (kind, map) in maps)
            foreach (var release in kind.Releases)
                text.Append($"- {{ standard: {(kind.Standard == Standard.X12 ? "x12" : "edifact")}, message: {Quoted(kind.Type)}, release: {Quoted(release)}, map: {map.Id} }}\n");
        return text.ToString();
    }

    static string Quoted(string text) => $"'{string.Concat(text.Where(c => !char.IsControl(c))).Replace("'", "''")}'";

    async Task WriteTests(IReadOnlyList<FileInfo> files, CancellationToken cancellation)
    {
        var folder = Path.Combine(Folder, "tests");
        Directory.CreateDirectory(folder);
        var ending = partner.Identities[0].Standard == Standard.X12 ? "x12" : "edi";
        var number = 0;
        foreach (var file in files)
        {
            if (file.Length > TestBytesMax)
            {
                Console.WriteLine($"{Harmless.Text(file.Name)} is too large for a golden test; keep a few lines of each kind of it as one.");
                continue;
            }
            file.CopyTo(Path.Combine(folder, $"{++number:00}-{IdOf(Path.GetFileNameWithoutExtension(file.Name))}.{ending}"), overwrite: false);
        }
        var runner = new GoldenRunner(settings, TimeProvider.System);
        foreach (var test in GoldenTests.Find(settings.Mappings).Where(test => test.Partner == partner.Id))
        {
            if ((await runner.Run(test, cancellation)).Outcome is not { } outcome)
                continue;
            const string opening = "# Drafted from what came out. It proves nothing before somebody has compared it with the bytes of the file.\n";
            await File.WriteAllTextAsync(runner.PathOf(test), ExpectWriter.Write(outcome, opening), cancellation);
            var result = await runner.Run(test, cancellation);
            Console.WriteLine($"{test.ExpectName}  {(result.Passed ? "passed" : "FAILED")}, {outcome.Messages.Sum(message => message.Rows.Count)} row(s)");
            foreach (var problem in result.Problems)
                decisions.Add(problem.ToString());
            var rejected = outcome.Messages.Where(message => message.Rejected).Select(message => message.Ordinal).ToHashSet();
            foreach (var finding in outcome.Findings.Where(finding => finding.Severity >= Edi.Severity.Error && !finding.Code.StartsWith("MAP", StringComparison.Ordinal)))
            {
                var sentence = $"{Path.GetFileName(test.Name)}: {finding.Code} in message {finding.At.Message}, segment {finding.At.Segment}: {finding.Message}";
                if (rejected.Contains(finding.At.Message))
                    decisions.Add(sentence);
                else
                    Console.WriteLine($"  {Harmless.Text(sentence)}");
            }
        }
    }
}
