using System.Text;
using System.Text.Unicode;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>
/// Every file of the corpus, read and written again: the same bytes come back, or it is shown what in the file is not canonical. A
/// reason is no entry of a list but a rule that is applied to the file and to its copy: only with all reasons named do the two become equal,
/// and without any one of them they do not.
/// </summary>
public sealed class CorpusCopyTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_file_of_the_corpus_comes_back_or_is_shown_not_to_be_canonical()
    {
        if (Repository.Shared is null)
            return;
        var folder = Path.Combine(Repository.Shared, "corpus", "files");
        var unexplained = new List<string>();
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int files = 0, identical = 0, refused = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            files++;
            var name = Path.GetRelativePath(folder, path);
            var file = File.ReadAllBytes(path);
            var result = CopyOf(file, name);
            if (result.Refused is { } why)
            {
                refused++;
                output.WriteLine($"{name}: cannot be copied: {why}");
                continue;
            }
            if (result.Copy.AsSpan().SequenceEqual(file))
            {
                identical++;
                continue;
            }
            var copied = CopyOf(result.Copy, result.Charset, out _, out _).Interchanges;
            var found = NotCanonical.Reasons(file, result.Copy, result.Interchanges, copied);
            if (found is null)
                unexplained.Add($"{name}\n{NotCanonical.Difference(file, result.Copy, result.Interchanges, copied)}");
            else
                output.WriteLine($"{name}: {string.Join("; ", found)}{(result.Charset is null ? "" : $" (read as {result.Charset})")}");
            foreach (var reason in found ?? [])
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }
        output.WriteLine($"{files} files: {identical} came back identical, {refused} hold nothing that can be copied, the others are not canonical:");
        foreach (var (reason, count) in reasons)
            output.WriteLine($"  {count} {reason}");
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
        Assert.True(identical >= 38, $"{identical} came back identical");
    }

    sealed record Result(byte[] Copy, List<InterchangeInfo> Interchanges, string? Charset, string? Refused);

    static Result CopyOf(byte[] file, string name)
    {
        var result = CopyOf(file, charset: null, out var findings, out var broken);
        if (!broken)
        {
            // A byte order mark is the only declaration of UTF-8 that X12 has, and a copy has none.
            AssertSame(file, result.Copy, file is [0xEF, 0xBB, 0xBF, ..] ? "utf-8" : null, name);
            return result;
        }
        var first = findings.Kept.First(f => f.Code.StartsWith("WRT", StringComparison.Ordinal) && f.Severity == Severity.Error);
        if (first.Code == Codes.InterchangeNotCopied)
            return result with { Refused = "it has no UNB or ISA" };
        if (first.Code is Codes.HeaderValueTooLong or Codes.HeaderValueInvalid)
        {
            Assert.Contains(first.Found!, Encoding.Latin1.GetString(file), StringComparison.Ordinal);
            return result with { Refused = first.Message };
        }
        if (first.Code == Codes.BinaryLengthWrong)
        {
            Assert.Contains(findings.Kept, f => f.Code == Codes.BinaryLength);
            return result with { Refused = first.Message };
        }
        // Characters outside the declared set: with a set that has them agreed upon, the file can be written.
        Assert.True(first.Code == Codes.CharacterNotInSet, $"{name}: {first}");
        var charset = Utf8.IsValid(file) ? "utf-8" : file.Any(b => b is >= 0x80 and < 0xA0) ? "windows-1252" : "iso-8859-1";
        result = CopyOf(file, charset, out findings, out broken);
        if (broken && findings.Kept.FirstOrDefault(f => f.Code == Codes.CharacterNotInSet) is { } control)
            // Control characters in values are in no set.
            return result with { Refused = $"{control.Message}" };
        Assert.False(broken, name);
        AssertSame(file, result.Copy, charset, name);
        return result;
    }

    static Result CopyOf(byte[] file, string? charset, out Findings findings, out bool broken)
    {
        findings = new();
        var interchanges = new List<InterchangeInfo>();
        using var copy = new MemoryStream();
        using (var reader = new EdiReader(new MemoryStream(file), findings, new() { Charset = charset }))
        using (var writer = new EdiWriter(copy, findings))
        {
            writer.CopyAll(reader, info =>
            {
                interchanges.Add(info);
                return writer.Options.Like(info);
            });
            broken = writer.Broken;
        }
        return new(copy.ToArray(), interchanges, charset, interchanges.Count == 0 ? "no interchange: " + string.Join(' ', findings.Kept.Select(f => f.Code)) : null);
    }

    /// <summary>Whatever the bytes are, the copy reads as the file does; and it can be copied to the same bytes.</summary>
    static void AssertSame(byte[] file, byte[] copy, string? charset, string name)
    {
        var expected = Values(file, charset);
        var actual = Values(copy, charset);
        Assert.True(expected.SequenceEqual(actual), $"{name}: {string.Join('\n', expected.Except(actual).Take(3))}\n{string.Join('\n', actual.Except(expected).Take(3))}");
        var again = CopyOf(copy, charset, out _, out _).Copy;
        Assert.True(again.AsSpan().SequenceEqual(copy), $"{name}\n{Encoding.Latin1.GetString(copy)}\n{Encoding.Latin1.GetString(again)}");
    }

    static List<string> Values(byte[] file, string? charset)
    {
        var values = new List<string>();
        using var reader = new EdiReader(new MemoryStream(file), new(), new() { Charset = charset });
        while (reader.Read())
            values.Add(reader.Event switch
            {
                EdiEvent.Segment => Trimmed(RoundTripTests.Show(reader.Segment)),
                EdiEvent.MessageStart => $"{reader.Message!.Reference} {reader.Message.Type} {reader.Message.FullRelease} {reader.Message.Association}",
                EdiEvent.GroupStart => $"{reader.Group!.Reference} {reader.Group.Sender} {reader.Group.Recipient} {reader.Group.Version}",
                EdiEvent.InterchangeStart => $"{reader.Interchange!.Reference} {reader.Interchange.Sender} {reader.Interchange.Recipient} {reader.Interchange.Delimiters}",
                _ => reader.Event.ToString(),
            });
        return values;
    }

    internal static string Trimmed(string segment)
    {
        var elements = segment.Split('\u0001').Select(e => string.Join('\u0002', e.Split('\u0002').Select(r => r.TrimEnd('\u0003'))).TrimEnd('\u0002'));
        return string.Join('\u0001', elements).TrimEnd('\u0001');
    }
}
