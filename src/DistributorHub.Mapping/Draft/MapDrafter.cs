using System.Globalization;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Draft;

/// <summary>A drafted map.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">Its file, relative to the folder of mappings.</param>
/// <param name="Text">Its text.</param>
/// <param name="From">What it was drafted from, as people say it.</param>
/// <param name="Decisions">What remains to be decided, each with its place; while there is any, not every message is loaded.</param>
/// <param name="Notes">What was assumed and should be looked at.</param>
/// <param name="Compiles">False when a column that must have a value has no rule.</param>
public sealed record MapDraft(
    string Id, string File, string Text, string From, IReadOnlyList<string> Decisions, IReadOnlyList<string> Notes, bool Compiles);

/// <summary>Drafts maps from samples.</summary>
/// <param name="library">The folder of mappings.</param>
/// <param name="samples">Files of the partner.</param>
/// <param name="partner">Id of the partner.</param>
/// <param name="context">What a map may ask, of the message a reader stands at, in a file.</param>
public sealed class MapDrafter(MapLibrary library, IReadOnlyList<SampleFile> samples, string partner, Func<EdiReader, string, MapContext> context)
{
    const int RemarksMax = 40;
    const int SampleCharsMax = 60;

    readonly SortedDictionary<string, SortedDictionary<string, string>> codes = new(StringComparer.Ordinal);

    /// <summary>Code lists of the partner that go with the maps drafted so far: file → text.</summary>
    public IReadOnlyList<(string File, string Text)> CodeLists =>
    [
        .. codes.Where(list => list.Value.Count > 0 || library.Text($"codes/{list.Key}.yaml") is null)
            .Select(list => (DraftTrial.CodeFile(partner, list.Key), CodeText(list.Key, list.Value))),
    ];

    /// <summary>A map of the messages of one type; null when no table of the target holds such documents.</summary>
    /// <param name="messages">The messages, of which at least one has a definition.</param>
    /// <param name="target">Where their rows go.</param>
    /// <param name="table">The table that holds the documents, or null to go by the names.</param>
    public MapDraft? Draft(SurveyedMessages messages, TargetDefinition target, string? table)
    {
        var dictionary = new DictionaryWords(library.Definitions, messages.Definitions[0]);
        var id = $"{partner}/{messages.Type.ToLowerInvariant()}";
        var based = table is null ? BaseMaps.Find(library, messages.Standard, messages.Type, target.Id) : null;
        DraftMap map;
        if (based is not null)
        {
            map = BaseMaps.Start(library, based, id, messages.Definitions, target);
            DictionaryDraft.AddOthers(map, messages, dictionary);
        }
        else if ((table is null ? DictionaryDraft.DocumentTable(target, messages.Type) : target.Find(table)) is { } documents)
            map = DictionaryDraft.Start(id, messages, target, documents, dictionary);
        else
            return null;
        var trial = new DraftTrial(library, samples, partner, context, codes);
        var refiner = new DraftRefiner(map, trial);
        var outcome = refiner.Refine();
        var structure = new Structure(map.Messages[0]);
        Remark(map, outcome, structure, dictionary);
        Alternatives(map, messages, outcome);
        // Comments move lines: decisions are told where they stand in the end.
        outcome = trial.Try(map);
        return new(id, map.File, outcome.Written.Text, based ?? $"the names of {target.Id}", [.. Decisions(map, outcome).Distinct(StringComparer.Ordinal)], [.. refiner.Notes, .. Replaced(map)], outcome.Mistakes.Count == 0);
    }

    static IEnumerable<string> Replaced(DraftMap map) =>
        from block in map.All
        from rule in block.Columns
        where rule.FromBase && rule.Likeliest is not null
        select $"{block.Name}.{rule.Name}: {rule.Text} instead of {rule.Likeliest}, which the samples do not have.";

    static string CodeText(string list, SortedDictionary<string, string> codes) =>
        $"hub: codes/1\nid: {list}{new string(' ', Math.Max(2, 38 - list.Length))}# codes of the samples that no list had, as they were sent: write ours on the right\nmap:"
        + (codes.Count == 0 ? " {}\n" : "\n") + string.Concat(codes.Select(code => $"  {DraftWriter.Scalar(code.Key)}: {DraftWriter.Scalar(code.Value)}\n"));

    /// <summary>Says behind the rows of each block what of their segments no rule reads.</summary>
    static void Remark(DraftMap map, DraftOutcome outcome, Structure structure, DictionaryWords dictionary)
    {
        var first = map.Blocks.FirstOrDefault(block => block.Table is not null);
        var unread = outcome.Coverages.Where(coverage => coverage.Report().Message == structure.Name).SelectMany(coverage => coverage.Unread).ToList();
        var places = map.All.Where(block => block is { LeftOut: null, Table: not null, For: not null }).Select(block => (Block: block, Group: GroupOf(map, block, structure))).Where(place => place.Group > 0).ToList();
        foreach (var (node, value) in unread)
        {
            var (block, group) = places.Where(place => structure.Contains(place.Group, node)).OrderByDescending(place => place.Group).FirstOrDefault((first!, 0));
            if (block is null || block.Remarks.Count > RemarksMax)
                continue;
            if (block.Remarks.Count == 0)
                block.Remarks.Add("No rule reads:");
            var path = DraftMap.Relative(value.Path, group == 0 ? "" : structure.PathOf(group));
            var name = dictionary.NameOf(value.Path);
            block.Remarks.Add(block.Remarks.Count == RemarksMax ? "… and more: hub map coverage"
                : string.Create(CultureInfo.InvariantCulture, $"  {path}  x{value.Count}{(name.Length > 0 ? $"  {name}" : "")}: {string.Join(" | ", value.Samples.Take(2).Select(Short))}"));
        }
    }

    static string Short(string text) => text.Length <= SampleCharsMax ? text : $"{text[..SampleCharsMax]}…";

    /// <summary>The group whose instances are a block's rows, by the tags of its path; 0 when they are pairs or levels.</summary>
    static int GroupOf(DraftMap map, DraftBlock block, Structure structure)
    {
        var group = 0;
        foreach (var step in map.PathOf(block).Split('/'))
        {
            var tag = step.IndexOf('[', StringComparison.Ordinal) is > 0 and var at ? step[..at] : step;
            if (structure.Children(group, tag.Replace("@sum", "", StringComparison.Ordinal), tag.EndsWith("@sum", StringComparison.Ordinal)).FirstOrDefault() is not { IsGroup: true } found)
                return group;
            group = found.Id;
        }
        return group;
    }

    /// <summary>Names below a column what the samples have of the other rules it might take: a second qualifier is a second line.</summary>
    static void Alternatives(DraftMap map, SurveyedMessages messages, DraftOutcome outcome)
    {
        var unread = outcome.Coverages.SelectMany(coverage => coverage.Unread).Select(value => value.Value).ToList();
        if (outcome.Mistakes.Count > 0)
            unread = [.. messages.ValuesOf(map.Messages[0]).Select(value => value.Value)];
        foreach (var block in map.All)
            foreach (var column in block.Columns.Where(column => column is { LeftOut: null, Quoted: false }))
            {
                if (!column.FromBase && column.Text.Contains(" ?? '", StringComparison.Ordinal))
                    column.Note ??= "the default is a guess";
                foreach (var other in column.Others.Where(other => other.Contains('[', StringComparison.Ordinal) && !other.Contains(' ', StringComparison.Ordinal) && !other.Contains('(', StringComparison.Ordinal)))
                    if (unread.Find(value => value.Path == other || value.Path.StartsWith($"{other}.", StringComparison.Ordinal) || value.Path.EndsWith($"/{other}", StringComparison.Ordinal)
                        || value.Path.Contains($"/{other}.", StringComparison.Ordinal)) is { } also)
                        column.Also.Add(string.Create(CultureInfo.InvariantCulture, $"{other}  # x{also.Count}, such as {Short(also.Samples[0])}"));
            }
    }

    static IEnumerable<string> Decisions(DraftMap map, DraftOutcome outcome)
    {
        foreach (var block in map.All)
        {
            if (block.LeftOut is { } why && block.Table is not null)
                yield return $"{map.File}: {block.Name} is not filled: {why}";
            foreach (var column in block.Columns.Where(column => column.LeftOut is not null && block.LeftOut is null && block.Table?.Find(column.Name) is { Nullable: false }))
                yield return $"{map.File}:{outcome.Written.LineOf(block, null)} {block.Name}.{column.Name} must have a value, and nothing in the samples is known to be it{(column.Text.Length > 0 ? $" ({column.Text}: {column.LeftOut})" : "")}.";
        }
        foreach (var mistake in outcome.Mistakes)
            yield return mistake.ToString();
        // A rule that has a fault in every line has one that a person needs to hear of.
        foreach (var faults in outcome.Findings.Where(finding => finding.Finding.Code.StartsWith("MAP", StringComparison.Ordinal))
            .GroupBy(finding => (finding.Finding.Code, Rule: Faults.RuleOf(finding.Finding))).OrderBy(faults => faults.Key.Rule?.Line))
        {
            var (file, finding) = faults.First();
            var place = Faults.RuleOf(finding) is { } rule ? string.Create(CultureInfo.InvariantCulture, $"{map.File}:{rule.Line}:{rule.Column}") : map.File;
            yield return $"{place} {finding.Code} {finding.Message} ({file}, message {finding.At.Message.ToString(CultureInfo.InvariantCulture)}, segment {finding.At.Segment.ToString(CultureInfo.InvariantCulture)}{(faults.Count() > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {faults.Count() - 1} more") : "")})";
        }
    }
}
