using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Edi.Write;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests;

/// <summary>The examples of the engine's README, word for word, and what they do; and its list of what is public.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    const string Order = "UNB+UNOC:3+4000001000005:14+4000002000004:14+260101:1200+REF77++++1'UNH+1+ORDERS:D:96A:UN'BGM+220+1'DTM+137:20260101:102'"
        + "LIN+1++4000862141404:EN'QTY+21:x'UNS+S'UNT+8+1'UNZ+1+REF77'";

    static readonly string readme = File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "README.md"));

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hub-readme");
    readonly List<string> lines = [];
    readonly Printer Console;
    readonly List<(string Type, string Text)> sent = [];

    public ReadmeTests()
    {
        Console = new(lines);
        File.WriteAllText(Path("order.edi"), Order);
    }

    public void Dispose() => folder.Delete(recursive: true);

    string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    /// <summary>Takes what an example prints.</summary>
    sealed class Printer(List<string> lines)
    {
        public void WriteLine(string line) => lines.Add(line);
    }

    void Send(string type, byte[] bytes) => sent.Add((type, Encoding.Latin1.GetString(bytes)));

    void Read(string path)
    {
        var findings = new Findings();
        using var reader = new EdiReader(File.OpenRead(path), findings);
        while (reader.Read())
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    Console.WriteLine($"{reader.Message!.Type} {reader.Message.FullRelease} from {reader.Interchange!.Sender.Id}");
                    break;
                case EdiEvent.Segment when reader.Segment.Tag.SequenceEqual("LIN"u8):
                    Console.WriteLine(Encoding.UTF8.GetString(reader.Segment.Value(element: 3, component: 1)));
                    break;
            }
        foreach (var finding in findings.Kept)
            Console.WriteLine($"{finding.Code} {finding.Severity} at byte {finding.At.Offset}: {finding.Message} {finding.Advice}");
    }

    void Validate(string path)
    {
        var findings = new Findings();
        using var reader = new EdiReader(File.OpenRead(path), findings);
        MessageValidator? validator = null;
        while (reader.Read())
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!);
                    if (definition is null)
                        findings.Add(MessageValidator.Unsupported(reader, reader.Message!, DefinitionLibrary.Embedded));
                    validator = MessageValidator.Next(validator, definition, findings);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    validator?.Accept(reader);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    break;
            }
        foreach (var finding in findings.Kept)
            Console.WriteLine($"{finding.Code} {finding.Path}: {finding.Message} Found {finding.Found}, expected {finding.Expected}.");
    }

    static void Write(string path)
    {
        var findings = new Findings();
        using var writer = new EdiWriter(File.Create(path), findings, new() { LineBreak = LineBreak.LineFeed });
        writer.BeginInterchange(new()
        {
            Sender = new("4012345000009", "14"),
            Recipient = new("4098765000003", "14"),
            Reference = "R1",
            Prepared = new(2026, 4, 1, 8, 15, 0),
        });
        writer.BeginMessage(new() { Type = "ORDERS", Version = "D", Release = "96A", Association = "EAN008" });
        writer.Segment("LIN");
        writer.Element(1);
        writer.Element();
        writer.Element("4000862141404");
        writer.Component("EN");
        writer.EndMessage();
        writer.EndInterchange();
    }

    void Copy(string path, string mended)
    {
        var findings = new Findings();
        using var reader = new EdiReader(File.OpenRead(path), findings);
        using var writer = new EdiWriter(File.Create(mended), findings);
        writer.CopyAll(reader, interchange => new WriterOptions().Like(interchange) with { Una = true, LineBreak = LineBreak.LineFeed });
        Console.WriteLine(writer.Broken ? "Cannot be sent." : $"{writer.BytesWritten} bytes, and {findings.Count} finding(s) mended or told.");
    }

    void Acknowledge(string path)
    {
        var builder = new AcknowledgementBuilder(new() { Technical = Answering.Requested, Functional = Answering.Always });
        var findings = new Findings { Added = builder.Add };
        using var reader = new EdiReader(File.OpenRead(path), findings);
        while (reader.Read())
            builder.Accept(reader);
        foreach (var answer in builder.End())
            Send(answer.Type, answer.Write(controlReference: "000000042", TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void Reading_shows_messages_lines_and_findings()
    {
        Read(Path("order.edi"));
        Assert.Equal(
            ["ORDERS D.96A from 4000001000005", "4000862141404",
            "ENV2012 Error at byte 160: UNT counts '8' segments, but the message has 7. Ask the partner whether something is missing."],
            lines);
    }

    [Fact]
    public void Validating_shows_what_a_message_lacks()
    {
        Validate(Path("order.edi"));
        Assert.Equal(
            ["ELM4005 ORDERS/LIN[1]/QTY/C186.6060: QTY element 1 component 2 (6060) is not a number. Found x, expected a number."],
            lines.Where(line => line.StartsWith("ELM", StringComparison.Ordinal)));
    }

    [Fact]
    public void Writing_makes_a_whole_interchange()
    {
        Write(Path("written.edi"));
        Assert.Equal(
            "UNB+UNOC:3+4012345000009:14+4098765000003:14+260401:0815+R1'\nUNH+1+ORDERS:D:96A:UN:EAN008'\nLIN+1++4000862141404:EN'\nUNT+3+1'\nUNZ+1+R1'\n",
            File.ReadAllText(Path("written.edi")));
    }

    [Fact]
    public void Copying_mends_the_trailer()
    {
        Copy(Path("order.edi"), Path("mended.edi"));
        Assert.Equal(["199 bytes, and 1 finding(s) mended or told."], lines);
        Assert.Contains("\nUNT+7+1'\nUNZ+1+REF77'\n", File.ReadAllText(Path("mended.edi")), StringComparison.Ordinal);
    }

    [Fact]
    public void Acknowledging_answers_the_interchange()
    {
        Acknowledge(Path("order.edi"));
        var (type, text) = Assert.Single(sent);
        Assert.Equal("CONTRL", type);
        Assert.Contains("UCI+REF77+4000001000005:14+4000002000004:14+7'UCM+1+ORDERS:D:96A:UN+4+29+UNT+2'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_of_the_README_are_these()
    {
        var source = File.ReadAllText(Repository.PathTo("tests", "DistributorHub.Edi.Tests", "ReadmeTests.cs"));
        var examples = Examples().Matches(readme).Select(match => match.Groups["code"].Value).ToList();

        Assert.Equal(5, examples.Count);
        Assert.All(examples, example => Assert.Contains(Indented(example), source, StringComparison.Ordinal));
    }

    static string Indented(string example) =>
        string.Concat(example.Split('\n')[..^1].Select(line => line.Length == 0 ? "\n" : $"        {line}\n"));

    [Fact]
    public void All_that_is_public_is_listed()
    {
        var table = readme[readme.IndexOf("| to | use |", StringComparison.Ordinal)..readme.IndexOf("That is all that is public", StringComparison.Ordinal)];
        Assert.Equal(
            typeof(EdiReader).Assembly.GetExportedTypes().Select(type => type.Name).Order(StringComparer.Ordinal),
            Names().Matches(table).Select(name => name.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Examples();

    [GeneratedRegex("`(?<name>[A-Za-z0-9]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
