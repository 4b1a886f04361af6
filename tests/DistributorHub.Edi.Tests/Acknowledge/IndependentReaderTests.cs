using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Validate;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <summary>
/// Readers that are not ours (<c>Independent/read.js</c>) have nothing to say against our acknowledgements, and see in them what our own
/// reader sees. <c>tests/run.sh</c> installs them.
/// </summary>
public sealed class IndependentReaderTests : IDisposable
{
    static readonly string packages = Repository.PathTo("artifacts", "independent", "node_modules");

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("distributorhub-answers-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_kind_of_acknowledgement_is_read_by_others_as_by_us()
    {
        Needs(Directory.Exists(packages), "The independent readers are not installed: tests/run.sh does that, with npm.");
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var written = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (file, options, refuses) in Exchanges())
            foreach (var answer in new Reading(new MemoryStream(file), options, refuses ? Refuse : null).Acknowledgements)
            {
                kinds.Add(answer.Type);
                written[$"{written.Count:000}.{(answer.Interchange.Standard == Standard.X12 ? "x12" : "edi")}"] = answer.Write("42", new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero));
            }
        Assert.Equal(["824", "997", "999", "APERAK", "CONTRL", "TA1"], kinds);
        foreach (var (name, bytes) in written)
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), bytes, TestContext.Current.CancellationToken);

        using var seen = JsonDocument.Parse(await ReadByOthers());

        Assert.Equal(written.Count, seen.RootElement.GetArrayLength());
        foreach (var file in seen.RootElement.EnumerateArray())
        {
            var bytes = written[file.GetProperty("name").GetString()!];
            var text = Encoding.Latin1.GetString(bytes);
            Assert.Equal((null, text), (file.GetProperty("fault").GetString(), text));
            Assert.Equal(ReadByUs(bytes), file.GetProperty("segments").EnumerateArray().Select(segment => string.Join('\u241E',
                segment[1].EnumerateArray().Select(element => string.Join('\u241F', element.EnumerateArray().Select(value => value.GetString()))).Prepend(segment[0].GetString()))));
        }
    }

    // Good and bad messages of both standards, under every setting that changes an answer.
    static IEnumerable<(byte[] File, AcknowledgementOptions Options, bool Refuses)> Exchanges()
    {
        string[] orders = [AcknowledgementTests.GoodOrder, "BGM+220+1'LIN+1'UNS+S'", "BGM+220+?+2'DTM+137:99:102'LIN+?::1'QTY+21:x'UNS+S'"];
        string[] purchases = [AcknowledgementTests.GoodPurchase, "BEG*00*SA*1~PO1*1*5*EA~CTT*1~", "BEG*XX*SA*1**20261399~PO1*1*five~N9~CTT*1~"];
        foreach (var refuses in new[] { false, true })
        {
            foreach (var version in new[] { "2", "3", "4" })
                foreach (var contrl in Enum.GetValues<ContrlVersion>())
                    foreach (var list in Enum.GetValues<SyntaxErrorCodes>())
                        yield return (Edifact(version, orders), new() { Technical = Answering.Always, Business = true, AcceptedLoops = true, Contrl = contrl, ErrorCodes = list }, refuses);
            foreach (var version in new[] { "004010", "005010" })
                foreach (var group in Enum.GetValues<GroupAnswer>())
                    foreach (var loops in new[] { false, true })
                        yield return (X12(version, purchases), new() { Technical = Answering.Always, Business = true, AcceptedLoops = loops, X12 = group }, refuses);
        }
    }

    static byte[] Edifact(string version, string[] bodies) => Encoding.Latin1.GetBytes(
        $"UNA:+.? 'UNB+UNOC:{version}+4000001000005:14+4000002000004:14+{(version == "4" ? "20" : "")}260101:1200+REF77++++1'"
        + string.Concat(bodies.Select((body, i) => $"UNH+{i + 1}+ORDERS:D:96A:UN:EAN008'{body}UNT+{body.Count(c => c == '\'') + 2}+{i + 1}'"))
        + $"UNZ+{bodies.Length}+REF77'");

    static byte[] X12(string version, string[] bodies) => Encoding.Latin1.GetBytes(
        $"ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260101*1200*{(version == "004010" ? "U*00401" : "^*00501")}*000000905*1*T*>~"
        + $"GS*PO*ACMEGS*SHOPGS*20260101*1200*12*X*{version}~"
        + string.Concat(bodies.Select((body, i) => $"ST*850*{i + 1:0000}~{body}SE*{body.Count(c => c == '~') + 2}*{i + 1:0000}~"))
        + $"GE*{bodies.Length}*12~IEA*1*000000905~");

    static Finding[] Refuse(EdiReader reader) =>
    [
        new()
        {
            Code = "MAP2105", Severity = Severity.Error, At = reader.Position with { Element = 3 }, Tag = "QTY", Found = "KRT",
            Message = "The unit 'KRT' is in no list: it's +1 :too? many.",
        },
        new() { Code = "LOD5001", Severity = Severity.Error, At = reader.Position, Message = "The order was refused." },
    ];

    static List<string> ReadByUs(byte[] file)
    {
        var findings = new Findings();
        var segments = new List<string>();
        using var reader = new EdiReader(new MemoryStream(file), findings);
        while (reader.Read())
            segments.Add(Shown(reader.Segment));
        Assert.Empty(findings.Kept);
        return segments;
    }

    static string Shown(Segment segment)
    {
        var shown = new StringBuilder();
        var from = 0;
        for (var i = 0; i < segment.Marks.Length; i++)
        {
            var mark = segment.Marks[i];
            // Others leave out the blanks that fill an element of ISA.
            shown.Append(Encoding.UTF8.GetString(segment.Text[from..mark.End]).Trim());
            if (mark.Kind != MarkKind.Terminator)
                shown.Append(mark.Kind == MarkKind.Component ? '\u241F' : '\u241E');
            from = mark.End + 1;
        }
        return shown.ToString();
    }

    async Task<string> ReadByOthers()
    {
        var start = new ProcessStartInfo("node", [Repository.PathTo("tests", "DistributorHub.Edi.Tests", "Acknowledge", "Independent", "read.js"), folder.FullName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = packages;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, await errors));
        return output;
    }

    static void Needs(bool present, string missing)
    {
        if (!present && Environment.GetEnvironmentVariable("DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS") == "1")
            Assert.Fail(missing);
        Assert.SkipUnless(present, missing);
    }
}
