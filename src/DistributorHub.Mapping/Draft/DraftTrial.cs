using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Draft;

/// <summary>What a draft makes of the samples.</summary>
/// <param name="Written">The map as it was tried.</param>
/// <param name="Mistakes">Why it does not compile; empty when it does.</param>
/// <param name="Findings">What running it found, with the file it was found in.</param>
/// <param name="Coverages">For each release: rules that were used, values that were not.</param>
sealed record DraftOutcome(
    WrittenDraft Written, IReadOnlyList<Diagnostic> Mistakes, IReadOnlyList<(string File, Finding Finding)> Findings, IReadOnlyList<MapCoverage> Coverages);

/// <summary>Compiles a draft and maps the samples with it, in memory.</summary>
/// <param name="library">The folder it will stand in.</param>
/// <param name="samples">Files of the partner.</param>
/// <param name="partner">Id of the partner.</param>
/// <param name="context">What the map may ask, of the message a reader stands at, in a file.</param>
/// <param name="codes">Code lists of the partner, which all drafts share: list → their code → ours.</param>
sealed class DraftTrial(
    MapLibrary library, IReadOnlyList<SampleFile> samples, string partner, Func<EdiReader, string, MapContext> context,
    SortedDictionary<string, SortedDictionary<string, string>> codes)
{
    public SortedDictionary<string, SortedDictionary<string, string>> Codes => codes;

    public MapLibrary Library => library;

    public string Partner => partner;

    public DraftOutcome Try(DraftMap map)
    {
        var written = DraftWriter.Write(map);
        var mistakes = new List<Diagnostic>();
        var texts = Codes.ToDictionary(list => CodeFile(list.Key), list => PlainList(list.Key, list.Value), StringComparer.Ordinal);
        texts[map.File] = written.Text;
        var compiled = library.With(texts).Compile(map.Id, partner, mistakes);
        if (compiled is null)
            return new(written, [.. mistakes.Where(mistake => !mistake.Warning)], [], []);
        var findings = new List<(string, Finding)>();
        var coverages = new Dictionary<CompiledMap, MapCoverage>();
        foreach (var sample in samples)
            Run(sample, compiled, coverages, findings);
        return new(written, [], findings, [.. coverages.Values]);
    }

    public string CodeFile(string list) => CodeFile(partner, list);

    public static string CodeFile(string partner, string list) => $"partners/{partner}/codes/{list}.yaml";

    static string PlainList(string id, IEnumerable<KeyValuePair<string, string>> codes) =>
        $"hub: codes/1\nid: {id}\nmap: {{ {string.Join(", ", codes.Select(code => $"{DraftWriter.Scalar(code.Key)}: {DraftWriter.Scalar(code.Value)}"))} }}\n";

    void Run(SampleFile sample, CompiledMap compiled, Dictionary<CompiledMap, MapCoverage> coverages, List<(string, Finding)> all)
    {
        var findings = new Findings();
        using var reader = new EdiReader(sample.Open(), findings);
        MessagePass.Read(reader, findings, at =>
        {
            if (!compiled.Takes(at.Interchange!.Standard, at.Message!.Type))
                return default;
            var map = compiled.For(at.Message);
            if (!coverages.TryGetValue(map, out var coverage))
                coverages.Add(map, coverage = new(map));
            return (new(map, context(at, sample.Name), new CollectSink(), findings, coverage), null);
        });
        all.AddRange(findings.Kept.Where(finding => finding.Severity >= Severity.Error).Select(finding => (sample.Name, finding)));
    }
}
