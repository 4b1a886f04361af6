using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi.Write;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests;

/// <summary>The README's examples of findings: each gives its code and no other, in the words that stand there; every code has one.</summary>
public sealed partial class FindingExamplesTests
{
    static readonly string section = Section();

    static readonly string[] sound = [.. Blocks().Matches(section).Select(match => match.Groups["text"].Value)];

    static readonly (string Code, string Instead, string Stands, string Says)[] examples =
        [.. Rows().Matches(section).Select(row => (row.Groups["code"].Value, Cell(row, "instead"), Cell(row, "stands"), Cell(row, "says")))];

    static string Section()
    {
        var readme = File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "README.md"));
        var start = readme.IndexOf("## Examples of findings", StringComparison.Ordinal);
        return readme[start..readme.IndexOf("\n## ", start, StringComparison.Ordinal)];
    }

    static string Cell(Match row, string name) => row.Groups[name].Value is "nothing" or "whole file" ? "" : row.Groups[name].Value.Trim('`');

    public static TheoryData<string> Listed => [.. examples.Select(example => example.Code)];

    /// <summary>The example of a code, as a file.</summary>
    internal static byte[] FileOf(string code)
    {
        var example = examples.Single(e => e.Code == code);
        return Changed(example.Instead, example.Stands);
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void An_example_gives_its_finding_and_no_other(string code)
    {
        var example = examples.Single(e => e.Code == code);
        var findings = Findings(Changed(example.Instead, example.Stands), withMessages: code[..3] is "STR" or "ELM");

        Assert.Equal([code], findings.Select(finding => finding.Code).Distinct());
        Assert.Equal(example.Says, findings[0].Message);
    }

    // Guides are read by the mapping project; its tests hold the examples of their findings.
    [Fact]
    public void Every_code_has_an_example()
    {
        var codes = typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(code => code[..3] != "GDE");
        Assert.Equal(codes.Order(StringComparer.Ordinal), examples.Select(e => e.Code).Concat(written.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_files_that_the_examples_change_are_sound() => Assert.All(sound, file => Assert.Empty(Findings(Bytes(file), withMessages: true)));

    static IReadOnlyList<Finding> Findings(byte[] file, bool withMessages) =>
        withMessages ? new Validate.Reading(new MemoryStream(file)).Findings.Kept : Parse.Reading.Of(file).Findings.Kept;

    static byte[] Changed(string instead, string stands) =>
        Bytes(instead.Length == 0 ? stands : sound.Single(file => file.Split(instead).Length == 2).Replace(instead, stands, StringComparison.Ordinal));

    /// <summary>The bytes of a text where <c>\x0A</c> is one byte and <c>⟨A⟩×9</c> is nine times A.</summary>
    static byte[] Bytes(string text)
    {
        text = Repeated().Replace(text, match => string.Concat(Enumerable.Repeat(
            match.Groups["text"].Value, int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture))));
        text = Hex().Replace(text, match => ((char)Convert.ToByte(match.Groups["byte"].Value, 16)).ToString());
        return Encoding.Latin1.GetBytes(text);
    }

    // What cannot be written comes from calls, not from bytes.
    static readonly Dictionary<string, Action<EdiWriter>> written = new(StringComparer.Ordinal)
    {
        [Codes.CharacterNotInSet] = writer => Value(writer, "ş"),
        [Codes.CharacterTransliterated] = writer => Value(writer, "ş", new() { Characters = CharacterPolicy.Transliterate }),
        [Codes.CharacterReplaced] = writer => Value(writer, "漢", new() { Characters = CharacterPolicy.Substitute }),
        [Codes.DelimiterInValue] = writer => Value(writer, "M8*10", new() { Standard = Edi.Parse.Standard.X12 }),
        [Codes.DelimiterReplaced] = writer =>
            Value(writer, "M8*10", new() { Standard = Edi.Parse.Standard.X12, DelimitersInValues = DelimiterPolicy.Substitute }),
        [Codes.HeaderValueTooLong] = writer => Begin(writer, new() { Standard = Edi.Parse.Standard.X12 }, reference: "1234567890"),
        [Codes.HeaderValueInvalid] = writer => Begin(writer, new() { Standard = Edi.Parse.Standard.X12 }, reference: "A1"),
        [Codes.RepetitionNotPossible] = writer =>
        {
            Value(writer, "1");
            writer.Repetition("2");
        },
        [Codes.SegmentNotWritable] = writer => Value(writer, new string('A', 70_000)),
        [Codes.CountTooLong] = writer =>
        {
            Begin(writer, new());
            for (var segment = 0; segment < 1_000_000; segment++)
            {
                writer.Segment("LIN"u8);
                writer.Element(1);
            }
            writer.EndMessage();
        },
        [Codes.InterchangeNotCopied] = writer =>
        {
            using var reader = new Edi.Parse.EdiReader(new MemoryStream("UNH+1+ORDERS:D:96A:UN'UNT+2+1'"u8.ToArray()), new());
            writer.CopyAll(reader);
        },
        [Codes.BinaryLengthWrong] = writer =>
        {
            Begin(writer, new() { Standard = Edi.Parse.Standard.X12 });
            writer.Segment("BIN"u8);
            writer.Element("12"u8);
            writer.Element("AB"u8);
        },
    };

    public static TheoryData<string> Written => [.. written.Keys];

    [Theory]
    [MemberData(nameof(Written))]
    public void What_cannot_be_written_gives_its_finding_and_no_other(string code)
    {
        var findings = new Findings();
        using (var writer = new EdiWriter(new System.Buffers.ArrayBufferWriter<byte>(), findings))
            written[code](writer);

        Assert.Equal([code], findings.Kept.Select(finding => finding.Code).Distinct());
    }

    static void Begin(EdiWriter writer, WriterOptions options, string reference = "1")
    {
        writer.Options = options;
        writer.BeginInterchange(new() { Sender = new("A", "ZZ"), Recipient = new("B", "ZZ"), Reference = reference, Prepared = new(2026, 4, 1) });
        if (options.Standard == Edi.Parse.Standard.X12)
            writer.BeginGroup(new() { Code = "PO", Sender = new("A", ""), Recipient = new("B", ""), Prepared = new(2026, 4, 1), Agency = "X", Release = "004010" });
        writer.BeginMessage(new() { Type = "850", Version = "D", Release = "96A" });
    }

    static void Value(EdiWriter writer, string value, WriterOptions? options = null)
    {
        Begin(writer, options ?? new());
        writer.Segment("FTX"u8);
        writer.Element(value);
    }

    [GeneratedRegex("```\\n(?<text>.*?)\\n```", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| (?<code>[A-Z]{3}\d{4}) \| (?<instead>[^|]*) \| (?<stands>[^|]*) \| (?<says>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rows();

    [GeneratedRegex("⟨(?<text>[^⟩]*)⟩×(?<times>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Repeated();

    [GeneratedRegex(@"\\x(?<byte>[0-9A-F]{2})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hex();
}
