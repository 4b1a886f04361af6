using System.IO.Compression;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Cli;

public sealed class DefinitionVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task List_says_what_is_there_and_where_it_is_from()
    {
        var result = await hub.Run("definitions", "list");

        Assert.Equal(0, result.ExitCode);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(["STANDARD", "RELEASE", "SOURCE", "CODES", "MESSAGES"], lines[0]);
        foreach (var (release, messages) in new[] { ("D.93A", 14), ("D.96A", 17), ("D.97A", 20), ("D.01B", 20), ("D.07A", 20), ("D.21B", 20), ("004010", 28), ("005010", 29) })
        {
            var line = Assert.Single(lines, words => words[1] == release);
            Assert.Equal((release, "shipped", messages), (line[1], line[2], line.Length - 4));
        }
    }

    [Fact]
    public async Task Show_prints_a_message_a_segment_and_a_code_list()
    {
        var message = await hub.Run("definitions", "show", "ORDERS", "D.96A");
        var segment = await hub.Run("definitions", "show", "ORDERS", "D.96A", "--segment", "LIN");
        var codes = await hub.Run("definitions", "show", "ORDERS", "D.96A", "--codes", "1153");
        var x12 = await hub.Run("definitions", "show", "850", "004010", "--segment", "CTP");

        Assert.All(new[] { message, segment, codes, x12 }, result => Assert.Equal(0, result.ExitCode));
        Assert.StartsWith("ORDERS D.96A  Purchase order message\n", message.Output, StringComparison.Ordinal);
        Assert.Contains("+ LIN                      C 200000  SG25  Line item  (detail)\n", message.Output, StringComparison.Ordinal);
        Assert.Contains("  + PRI                    C 25      SG28  Price details\n", message.Output, StringComparison.Ordinal);
        Assert.Contains("03.2    7143   C    an..3      69     Item number type, coded\n", segment.Output, StringComparison.Ordinal);
        Assert.Contains("  ON   Order number (purchase)\n", codes.Output, StringComparison.Ordinal);
        Assert.Contains("Condition P0405\n", x12.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_told_with_what_is()
    {
        var release = await hub.Run("definitions", "show", "ORDERS", "D.95B");
        var segment = await hub.Run("definitions", "show", "ORDERS", "D.96A", "--segment", "QQQ");
        var zip = await hub.Run("definitions", "import", Repository.PathTo("README.md"));

        Assert.Equal((2, "There is no definition of ORDERS D.95B. There is ORDERS of: D.96A, D.97A, D.93A, D.01B, D.07A, D.21B.\n"), (release.ExitCode, release.Errors));
        Assert.Equal((2, "D.96A has no segment QQQ.\n"), (segment.ExitCode, segment.Errors));
        Assert.Equal(2, zip.ExitCode);
        Assert.Contains("not a zip", zip.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_release_is_there_for_the_next_file_and_says_where_it_differs()
    {
        var file = Path.Combine(hub.Mappings, "tester.edi");
        await File.WriteAllTextAsync(file, "UNB+UNOA:3+A+B+260101:1200+1'UNH+1+ORDERS:D:05A:UN'BGM+220+1'QTY+77:5'UNT+4+1'UNZ+1+1'", TestContext.Current.CancellationToken);
        var before = await hub.Run("parse", file);
        var import = await hub.Run("definitions", "import", Zip("D.05A", "05A"));
        var after = await hub.Run("parse", file);
        var again = await hub.Run("definitions", "import", Zip("D.05A", "05A"));
        var other = await hub.Run("definitions", "import", Zip("D.96A", "96A"));
        var shown = await hub.Run("definitions", "show", "ORDERS", "D.96A");

        Assert.Equal(1, before.ExitCode);
        Assert.Contains("STR3000", before.Output, StringComparison.Ordinal);
        Assert.Contains("the nearest are D.07A, D.01B, D.97A", before.Output, StringComparison.Ordinal);
        Assert.Equal(0, import.ExitCode);
        Assert.StartsWith("D.05A: 1 messages, 2 segments, 0 composites, 0 elements, 1 codes in 1 lists.\nWritten to", import.Output, StringComparison.Ordinal);
        Assert.Contains("A running service sees it after its next start.", import.Output, StringComparison.Ordinal);
        Assert.Equal(0, after.ExitCode);
        Assert.Contains("warning ELM4015", after.Output, StringComparison.Ordinal);
        Assert.Contains("(6063) is '77', which is not in its code list.", after.Output, StringComparison.Ordinal);
        Assert.Contains("Replaced", again.Output, StringComparison.Ordinal);
        Assert.Equal(0, other.ExitCode);
        Assert.Contains("Takes the place of ORDERS D.96A (shipped)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("BGM                        C 4             Begin  <- was M 1\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("<- removed: UNS\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("QTY                        C 2             Quantity  <- added\n", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_directory_is_imported_and_a_real_file_is_checked_with_it()
    {
        if (Repository.Shared is not { } shared)
            return;
        var file = Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "D16B_INVOIC.txt", SearchOption.AllDirectories).First();
        var before = await hub.Run("parse", file);
        var import = await hub.Run("definitions", "import", Path.Combine(shared, "facts", "unece", "d16b.zip"));
        var after = await hub.Run("parse", file);

        Assert.Contains("no definition of DESADV D.16B", before.Output, StringComparison.Ordinal);
        Assert.Equal(0, import.ExitCode);
        Assert.StartsWith("D.16B: 195 messages, 156 segments, 198 composites, 646 elements, 11059 codes in 254 lists.", import.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("STR3", after.Output, StringComparison.Ordinal);
        Assert.Contains("DESADV/CPS[2]/PAC[1]/PCI[1]/GIN[1]/7405", after.Output, StringComparison.Ordinal);
    }

    /// <summary>A directory of one message, as small as one can be.</summary>
    string Zip(string release, string version)
    {
        var path = Path.Combine(hub.Mappings, $"{release}.zip");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var rule = new string('-', 70);
        Write($"ORDERS_{release}", "4.3.1 Segment table\n\n0010 UNH Message header  M 1\n0020 BGM Begin  C 4\n0030 QTY Quantity  C 2\n0040 UNT Trailer  M 1\n");
        Write($"EDSD.{version}", $"{rule}\n\n  BGM  BEGIN\n\n010 1001 DOCUMENT NAME CODE  C 1 an..3\n\n020 1004 NUMBER  C 1 an..35\n\n{rule}\n\n  QTY  QUANTITY\n\n010 C186 QUANTITY DETAILS  M 1\n    6063 Quantity type  M an..3\n    6060 Quantity  M n..15\n\n");
        Write($"UNCL.{version}", $"{rule}\n\n  6063  Quantity type\n\n  Repr: an..3\n\n     21    Ordered quantity\n");
        return path;

        void Write(string name, string text)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    public void Dispose() => hub.Dispose();
}
