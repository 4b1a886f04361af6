using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Draft;
using DistributorHub.Mapping.Run;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Draft;

/// <summary>Files with other names and numbers in them.</summary>
public sealed class AnonymiserTests
{
    static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    static readonly Lazy<IReadOnlyList<CompiledMap>> Maps = new(() =>
    {
        var library = Drafting.Library();
        return [.. library.Maps().Where(id => id.StartsWith("base/", StringComparison.Ordinal) && !library.Writes(id)).Select(id => library.Compile(id, null, [])!)];
    });

    static Anonymiser Anonymiser() => new((standard, message) => DefinitionLibrary.Embedded.Find(standard, message), Maps.Value, Key);

    static string Masked(string text) => Encoding.Latin1.GetString(Anonymiser().Apply(Encoding.Latin1.GetBytes(text), null));

    static string Edifact(string message) => $"UNB+UNOC:3+S:14+R:14+260305:0900+4711'UNH+1+ORDERS:D:96A:UN'{message}UNT+9+1'UNZ+1+4711'";

    /// <summary>What is found in a file, and how many rows of which table each message makes.</summary>
    static (List<string> Findings, List<string> Rows) Read(byte[] file)
    {
        var findings = new Findings();
        var rows = new List<string>();
        using var reader = new EdiReader(new MemoryStream(file), findings);
        MessageValidator? validator = null;
        MessageMapper? mapper = null;
        CollectSink? sink = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!);
                    var map = definition is null ? null : Maps.Value.FirstOrDefault(map => map.Message == definition);
                    mapper = map is null ? null : new(map, new()
                    {
                        Partner = new Dictionary<string, string> { ["id"] = "acme", ["currency"] = "EUR" },
                        Interchange = reader.Interchange!,
                        Group = reader.Group,
                        Message = reader.Message!,
                        File = new Dictionary<string, string> { ["name"] = "file" },
                    }, sink = new(), findings);
                    validator = MessageValidator.Next(validator, definition, findings);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    if (validator?.Accept(reader) is { } node and >= 0)
                        mapper?.Accept(reader, node);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    mapper?.End();
                    if (mapper is not null)
                        rows.AddRange(sink!.Rows.GroupBy(row => row.Table.Name).Select(table => $"{reader.Message!.Ordinal} {table.Key} {table.Count()}"));
                    mapper = null;
                    break;
            }
        }
        return ([.. findings.Kept.Select(finding => $"{finding.Code} {finding.Severity} {finding.At}")], rows);
    }

    [Fact]
    public void Names_and_numbers_are_others_of_the_same_form_and_codes_dates_counts_and_the_envelope_stay()
    {
        const string text = "BGM+220+4711-AB+9'DTM+137:20260305:102'FTX+AAI+++Ring twice?: 12?+3'NAD+BY+4012345000016::9++Mill & Sons+High Street 7'LIN+1++4054321001013:EN'QTY+21:100.50:PCE'UNS+S'CNT+2:1'CNT+1:734'";
        var masked = Masked(Edifact(text));
        Assert.Matches(@"^UNB\+UNOC:3\+S:14\+R:14\+260305:0900\+4711'UNH\+1\+ORDERS:D:96A:UN'BGM\+220\+[1-9]{4}-[A-Z]{2}\+9'DTM\+137:20260305:102'"
            + @"FTX\+AAI\+\+\+[A-Z][a-z]{3} [a-z]{5}\?: [1-9]{2}\?\+[1-9]'NAD\+BY\+[1-9]0[1-9]{5}000[0-9]{3}::9\+\+[A-Z][a-z]{3} & [A-Z][a-z]{3}\+[A-Z][a-z]{3} [A-Z][a-z]{5} [1-9]'"
            + @"LIN\+1\+\+[0-9]{13}:EN'QTY\+21:[1-9]00\.[1-9]0:PCE'UNS\+S'CNT\+2:1'CNT\+1:[1-9]{3}'UNT\+9\+1'UNZ\+1\+4711'$", masked);
        foreach (var original in new[] { "4711-AB", "Ring", "twice", "4012345000016", "Mill", "Sons", "High", "Street", "4054321001013", "100.50", "734" })
            Assert.DoesNotContain(original, masked, StringComparison.Ordinal);
        Assert.True(CheckDigits.IsGtin(Encoding.ASCII.GetBytes(masked.Split("LIN+1++")[1][..13])));
        Assert.True(CheckDigits.IsGln(Encoding.ASCII.GetBytes(masked.Split("NAD+BY+")[1][..13])));
    }

    [Fact]
    public void The_same_is_replaced_by_the_same_and_different_by_different()
    {
        var masked = Masked(Edifact("BGM+220+A1234+9'RFF+CT:A1234'RFF+ON:00771'RFF+PL:771'LIN+1'QTY+21:1'LIN+2'QTY+21:2'LIN+3'QTY+21:3'LIN+4'QTY+21:4'")).Split('\'');
        var number = masked[2].Split('+')[2];
        Assert.Equal($"RFF+CT:{number}", masked[3]);
        Assert.Equal($"00{masked[5].Split(':')[1]}", masked[4].Split(':')[1]);
        var quantities = masked.Where(segment => segment.StartsWith("QTY", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, quantities.Distinct().Count());
        Assert.Equal(["LIN+1", "LIN+2", "LIN+3", "LIN+4"], masked.Where(segment => segment.StartsWith("LIN", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_number_without_its_check_digit_gets_none_and_a_code_that_no_list_has_gets_another_that_none_has()
    {
        var file = Encoding.Latin1.GetBytes(Edifact("BGM+220+4711+9'DTM+137:20260305:102'LIN+1++4054321001014:EN'QTY+21:5:BOTTLE'UNS+S'CNT+2:1'"));
        var masked = Anonymiser().Apply(file, null);
        Assert.DoesNotContain("BOTTLE", Encoding.Latin1.GetString(masked), StringComparison.Ordinal);
        Assert.Equal(Read(file).Findings, Read(masked).Findings);
        Assert.Contains(Read(masked).Findings, finding => finding.StartsWith("MAP2106", StringComparison.Ordinal));
    }

    [Fact]
    public void Passwords_and_what_stands_between_interchanges_are_replaced_and_letters_beyond_ascii_are_letters()
    {
        var masked = Masked($"From: Meyer\r\n{Edifact("FTX+AAI+++Größe für Müller'").Replace("+4711'UNH", "+4711+SESAM'UNH", StringComparison.Ordinal)}");
        foreach (var original in new[] { "Meyer", "From", "SESAM", "Größe", "Müller" })
            Assert.DoesNotContain(original, masked, StringComparison.Ordinal);
        Assert.Contains("+4711+", masked, StringComparison.Ordinal);
        Assert.Matches(@"FTX\+AAI\+\+\+[A-Z][a-z][\u00c0-\u00ff]{2}[a-z] [a-z][\u00c0-\u00ff][a-z] [A-Z][\u00c0-\u00ff][a-z]{4}'", masked);
    }

    /// <summary>Of files of real partners: the same findings at the same segments, as many rows, and nothing that was replaced is still there.</summary>
    [Fact]
    public void Real_files_keep_their_form_and_findings_and_none_of_their_texts()
    {
        if (Repository.Shared is not { } shared)
            return;
        List<string> different = [], left = [];
        int files = 0, texts = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "*", SearchOption.AllDirectories))
        {
            var file = File.ReadAllBytes(path);
            var anonymiser = Anonymiser();
            var masked = anonymiser.Apply(file, null);
            Assert.Equal(file.Length, masked.Length);
            files++;
            var (before, after) = (Read(file), Read(masked));
            if (!before.Findings.SequenceEqual(after.Findings) || !before.Rows.SequenceEqual(after.Rows))
                different.Add($"{path}: {string.Join(" | ", before.Findings.Except(after.Findings).Concat(after.Findings.Except(before.Findings)).Take(4))}");
            var originals = anonymiser.Replaced(file, null).Where(text => text.Length > 3 && text.Any(char.IsAsciiLetterOrDigit) && text.Any(c => c != '0' && char.IsAsciiLetterOrDigit(c))).ToHashSet(StringComparer.Ordinal);
            texts += originals.Count;
            left.AddRange(anonymiser.Replaced(masked, null).Where(originals.Contains).Select(text => $"{path}: {text}"));
        }
        Assert.True(left.Count == 0, string.Join("\n", left));
        Assert.True(different.Count == 0, string.Join("\n", different));
        Assert.InRange(files, 200, int.MaxValue);
        Assert.InRange(texts, 5_000, int.MaxValue);
    }
}
