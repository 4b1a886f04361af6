using System.Text.RegularExpressions;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Explain;

namespace DistributorHub.Mapping.Draft;

/// <summary>What the directory of a message calls its segments, elements and qualifiers.</summary>
sealed partial class DictionaryWords(DefinitionLibrary definitions, MessageDefinition message)
{
    const int ProposalsMax = 3;

    // Words that stand in half of all names.
    static readonly HashSet<string> Empty = new(["identification", "code", "coded", "details", "number", "information", "and", "or", "of", "the", "no", "name"], StringComparer.Ordinal);

    readonly DefinitionDirectory? directory = definitions.Directory(message.Standard, message.Type, message.Release);

    /// <summary>The name of a value: of its qualifier where that has one, else of its element; empty when there is none.</summary>
    /// <param name="path">Such as <c>LIN/DTM[64].C507.2380</c>.</param>
    public string NameOf(string path)
    {
        if (directory is null || PathForm().Match(path) is not { Success: true } match)
            return "";
        var tag = match.Groups["tag"].Value;
        var qualifier = match.Groups["code"].Value;
        var segment = message.Segments.Find(tag);
        var last = path[(path.LastIndexOfAny(['.', '/']) + 1)..];
        // A qualifier says what the segment's value is, not what else stands beside it.
        if (qualifier.Length > 0 && segment is not null && (last.EndsWith(']') || last == IdAt(segment, segment.Moment?.Value ?? segment.Value)) && IdAt(segment, segment.Qualifier) is { } element && message.Segments.Codes.Find(element)?.FirstOrDefault(code => code.Code == qualifier).Name is { Length: > 0 } name)
            return name;
        return directory.Names[last] is { Length: > 0 } called ? called : directory.Names[tag];
    }

    static string? IdAt(SegmentDefinition segment, ElementAddress? address) => address is not { } at ? null
        : segment.Elements.FirstOrDefault(element => element.Position == at.Element) is not { } found ? null
        : at.Component == 0 || found.Components.Count == 0 ? found.Id : found.Components.FirstOrDefault(component => component.Position == at.Component)?.Id;

    /// <summary>Paths of values that are called as a column is, the best first: half the words of the column at least.</summary>
    public IReadOnlyList<string> Rules(IReadOnlyList<string> column, IEnumerable<UnreadValue> values)
    {
        var words = column.Where(word => !Empty.Contains(word)).ToList();
        if (words.Count == 0)
            return [];
        return
        [
            .. values.Select(value => (value.Path, Score: Score(words, Words.Of(NameOf(value.Path)))))
                .Where(value => value.Score >= 0.5).OrderByDescending(value => value.Score).Select(value => Whole(value.Path)).Distinct(StringComparer.Ordinal).Take(ProposalsMax),
        ];
    }

    static double Score(List<string> words, List<string> name) =>
        name.Count == 0 ? 0 : words.Count(name.Contains) * 2.0 / (words.Count + name.Count(word => !Empty.Contains(word)));

    /// <summary>A date is read with its format: by its segment, not by the element its digits stand in.</summary>
    static string Whole(string path) => path.Contains("DTM[", StringComparison.Ordinal) && path.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? path[..(end + 1)] : path;

    [GeneratedRegex(@"(^|/)(?<tag>[A-Z0-9]{2,3})(@sum)?(\[(?<code>[^\]]*)\])?(\.[^/]*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PathForm();
}
