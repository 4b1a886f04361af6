using System.Text.Json;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Validate;

/// <summary>Files of real partners, with facts about their structure that were found by another program.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Real_files_have_the_structure_faults_that_are_known_of_them_and_no_others()
    {
        if (Repository.Shared is not { } shared)
            return;
        var corpus = Path.Combine(shared, "corpus");
        using var facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(corpus, "facts.json")));
        var wrong = new List<string>();
        int sound = 0, faulty = 0;
        foreach (var file in facts.RootElement.EnumerateObject())
        {
            var known = file.Value.GetProperty("structure").EnumerateArray().Select(s => s.GetProperty("result").GetString()!).ToArray();
            if (known.Length == 0)
                continue;
            using var stream = File.OpenRead(Path.Combine(corpus, "files", file.Name));
            var reading = new Reading(stream);
            if (reading.Messages.Count != known.Length)
                continue;
            for (var i = 0; i < known.Length; i++)
            {
                var (info, defined) = reading.Messages[i];
                // A tag that cannot be one ("unexpected InvalidS at 7") is the reader's finding, not one of structure.
                if (!defined || known[i] == "no-schema" || known[i].Contains("InvalidS", StringComparison.Ordinal))
                    continue;
                var errors = reading.Findings.Kept.Where(f => f.At.Message == info.Ordinal && f.Code.StartsWith("STR", StringComparison.Ordinal)
                    && (f.Severity >= Severity.Error || f.Code == Codes.SectionControlMissing)).ToArray();
                // "missing BGM (before segment 2)" or "unexpected FII at 15"
                var tag = known[i] == "ok" ? null : known[i].Split(' ')[1];
                if (tag is null ? errors.Length > 0 : !errors.Any(e => e.Tag == tag))
                    wrong.Add($"{file.Name} {info.Type}: known {known[i]}, found {string.Join("; ", errors.Select(e => $"{e.Code} {e.At.Segment} {e.Message}"))}");
                _ = tag is null ? sound++ : faulty++;
            }
        }
        Assert.Empty(wrong);
        Assert.InRange(sound, 40, int.MaxValue);
        Assert.InRange(faulty, 4, int.MaxValue);
    }

    /// <summary>
    /// Unknown codes and unmet conditions in the files of partners, each looked up by hand: codes of associations or partners that do not say
    /// so with 1131 or 3055 (SRV, API, 33E, ZZZ), codes of later releases, and files made faulty on purpose. Qualifiers, units and item
    /// numbers of sound files must not be among them.
    /// </summary>
    [Fact]
    public void Real_files_have_few_unknown_codes_and_unmet_conditions()
    {
        if (Repository.Shared is not { } shared)
            return;
        int messages = 0, withCodes = 0, withConditions = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "*", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(path);
            var reading = new Reading(stream);
            foreach (var (info, _) in reading.Messages.Where(m => m.Defined))
            {
                var own = reading.Findings.Kept.Where(f => f.At.Message == info.Ordinal).ToList();
                Assert.DoesNotContain(own, f => f.Code is Codes.CodeUnknown or Codes.ElementConditional or Codes.ElementsExclusive && f.Severity >= Severity.Error);
                messages++;
                withCodes += own.Exists(f => f.Code == Codes.CodeUnknown) ? 1 : 0;
                withConditions += own.Exists(f => f.Code is Codes.ElementConditional or Codes.ElementsExclusive) ? 1 : 0;
            }
        }
        Assert.InRange(messages, 90, int.MaxValue);
        Assert.InRange(withCodes, 10, messages / 5);
        Assert.InRange(withConditions, 3, messages / 10);
    }
}
