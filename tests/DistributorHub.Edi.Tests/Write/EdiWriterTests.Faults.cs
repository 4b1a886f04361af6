using System.Buffers;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <content>What cannot be written, and what is written in its place.</content>
public sealed partial class EdiWriterTests
{
    [Fact]
    public void A_character_that_the_set_lacks_ends_the_output_and_names_its_place()
    {
        var written = Message(w =>
        {
            w.Segment("BGM");
            w.Element("Grüße");
            w.Segment("NAD");
            w.Element("BY");
            w.Element("1");
            w.Component("Akşam");
            w.Segment("LOC");
            w.Element("ř");
        });
        Assert.Equal("BGM+Gr\u00fc\u00dfe'", written);
        Assert.DoesNotContain("UNT", Text, StringComparison.Ordinal);
        Assert.Equal(2, findings.Count);
        var finding = findings.Kept[0];
        Assert.Equal((Codes.CharacterNotInSet, Severity.Error, "NAD", "ş", "ISO-8859-1"), (finding.Code, finding.Severity, finding.Tag, finding.Found, finding.Expected));
        Assert.Equal(new Position(finding.At.Offset, 1, 0, 1, 3, 2, 2, 1), finding.At);
        Assert.Equal((4, 1), (findings.Kept[1].At.Segment, findings.Kept[1].At.Element));
    }

    [Theory]
    [InlineData("UNOC", "Akşam “Łódź” – 5 €", "Aksam \"L\u00f3dz\" - 5 EUR")]
    [InlineData("UNOA", "Straße №5, Ärger", "STRASSE NO5, AERGER")]
    [InlineData("UNOB", "Жук и Ωμέγα\r\n漢", "ZHuk i Omega   ")]
    [InlineData("UNOK", "Akşam", "Ak\u00feam")]
    [InlineData("UNOY", "Akşam", "Ak\u00c5\u009fam")]
    public void Transliteration_uses_what_the_set_has(string identifier, string value, string expected)
    {
        Assert.Equal($"FTX+{expected}'", Message(w =>
        {
            w.Segment("FTX");
            w.Element(value);
        }, new() { SyntaxIdentifier = identifier, Characters = CharacterPolicy.Transliterate }));
        Assert.Equal(0, findings.Errors);
        Assert.Equal(identifier is "UNOK" or "UNOY" ? 0 : 1, findings.Kept.Count(f => f.Code == Codes.CharacterTransliterated));
        Assert.Equal(identifier == "UNOB" ? 1 : 0, findings.Kept.Count(f => f.Code == Codes.CharacterReplaced));
    }

    [Fact]
    public void Substitution_is_told_once_for_an_interchange()
    {
        Assert.Equal("FTX+Ak-am -?:'FTX+-'", Message(w =>
        {
            w.Segment("FTX");
            w.Element("Akşam ř:");
            w.Segment("FTX");
            w.Element("\n");
        }, new() { Characters = CharacterPolicy.Substitute, Substitute = '-' }));
        Assert.Equal(Codes.CharacterReplaced, Assert.Single(findings.Kept).Code);
    }

    [Fact]
    public void Text_that_is_none_is_an_error()
    {
        Message(w =>
        {
            w.Segment("FTX");
            w.Element("a\ud800b");
            w.Element("a\u00c3"u8[..2]);
            w.Element([(byte)'x', 0xFF]);
        });
        Assert.Equal(["U+D800", "0xC3", "0xFF"], findings.Kept.Select(f => f.Found));
        Assert.All(findings.Kept, f => Assert.Equal(Codes.CharacterNotInSet, f.Code));
    }

    [Fact]
    public void A_delimiter_in_a_value_of_X12_is_an_error_or_replaced()
    {
        Assert.Equal("", Set(w =>
        {
            w.Segment("N1");
            w.Element("ST");
            w.Element("M8*10");
        }));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((Codes.DelimiterInValue, "*", 2), (finding.Code, finding.Found, finding.At.Element));
        output.Clear();
        Assert.Equal("N1*M8 10 ^~", Set(w =>
        {
            w.Segment("N1");
            w.Element("M8*10:^");
        }, new() { Standard = Standard.X12, DelimitersInValues = DelimiterPolicy.Substitute }));
        Assert.Equal(Codes.DelimiterReplaced, Assert.Single(findings.Kept, f => f != finding).Code);
    }

    [Fact]
    public void Values_that_their_place_in_a_header_cannot_hold_are_errors()
    {
        void Try(InterchangeHeading heading, Standard standard, params string[] expected)
        {
            var found = new Findings();
            var bytes = new ArrayBufferWriter<byte>();
            using (var writer = new EdiWriter(bytes, found, new() { Standard = standard }))
            {
                writer.BeginInterchange(heading);
                writer.EndInterchange();
                Assert.True(writer.Broken);
            }
            Assert.Equal(expected, found.Kept.Select(f => $"{f.Code} {f.Tag} {f.At.Element} {f.Found}"));
            Assert.Equal(0, bytes.WrittenCount);
        }
        Try(heading12 with { Sender = new("A123456789012345", "ZZ") }, Standard.X12, "WRT6006 ISA 6 A123456789012345");
        Try(heading12 with { Reference = "1234567890" }, Standard.X12, "WRT6006 ISA 13 1234567890");
        Try(heading12 with { Reference = "A1" }, Standard.X12, "WRT6007 ISA 13 A1");
        Try(heading12 with { Recipient = new("Ä", "ZZ") }, Standard.X12, "WRT6001 ISA 8 Ä");
        Try(Heading with { Reference = "123456789012345" }, Standard.Edifact, "WRT6006 UNB 5 123456789012345");
        Try(Heading with { Sender = new("", "14") }, Standard.Edifact, "WRT6007 UNB 2 ");
    }

    [Fact]
    public void Repetitions_without_a_separator_and_segments_beyond_the_limits_are_errors()
    {
        Message(w =>
        {
            w.Segment("ABC");
            w.Element("1");
            w.Repetition("2");
            w.Segment("DEF");
            w.Element(new string('x', Limits.SegmentBytesMax));
            w.Segment("GHI");
            for (var i = 0; i <= Limits.SegmentMarksMax; i++)
                w.Element("1");
        });
        Assert.Equal(["WRT6008 ABC", "WRT6009 DEF", "WRT6009 GHI"], findings.Kept.Select(f => $"{f.Code} {f.Tag}"));
    }

    [Fact]
    public void A_message_of_a_million_segments_has_no_place_for_its_count_in_syntax_3()
    {
        void Write(EdiWriter writer)
        {
            for (var i = 0; i < 999_998; i++)
            {
                writer.Segment("A1B"u8);
                writer.Element("1"u8);
            }
        }
        using var three = new EdiWriter(Stream.Null, findings);
        using var four = new EdiWriter(Stream.Null, findings, new() { SyntaxVersion = "4" });
        foreach (var writer in new[] { four, three })
        {
            writer.BeginInterchange(Heading);
            writer.BeginMessage(orders);
            Write(writer);
            Assert.Empty(findings.Kept);
            writer.EndMessage();
        }
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((Codes.CountTooLong, "UNT", "1000000"), (finding.Code, finding.Tag, finding.Found));
        Assert.False(four.Broken);
    }

    [Fact]
    public void A_binary_element_without_its_bytes_is_an_error()
    {
        Assert.Equal("", Set(w =>
        {
            w.Segment("BIN");
            w.Element(3);
            w.Element("ABCD");
        }));
        Assert.Equal(Codes.BinaryLengthWrong, Assert.Single(findings.Kept).Code);
    }

    [Fact]
    public void Calls_in_an_impossible_order_and_tags_that_are_none_are_exceptions()
    {
        using var writer = new EdiWriter(output, findings);
        Assert.Throws<InvalidOperationException>(() => writer.Segment("BGM"));
        Assert.Throws<InvalidOperationException>(() => writer.BeginMessage(orders));
        Assert.Throws<InvalidOperationException>(writer.EndInterchange);
        writer.BeginInterchange(Heading);
        Assert.Throws<InvalidOperationException>(() => writer.BeginInterchange(Heading));
        Assert.Throws<InvalidOperationException>(() => writer.Options = new());
        Assert.Throws<InvalidOperationException>(writer.EndGroup);
        writer.BeginMessage(orders);
        Assert.Throws<InvalidOperationException>(() => writer.Element("1"));
        Assert.Throws<InvalidOperationException>(() => writer.BeginMessage(orders));
        Assert.Throws<InvalidOperationException>(writer.EndInterchange);
        foreach (var tag in new[] { "bgm", "BG", "BGMX", "", "UNT", "UNB", "Ü1" })
            Assert.Throws<ArgumentException>(() => writer.Segment(tag));
        writer.Segment("BGM");
        Assert.Throws<InvalidOperationException>(() => writer.Component("1"));
    }

    [Theory]
    [InlineData(":+.?+'")]
    [InlineData(":+.?A'")]
    [InlineData("::.??'")]
    [InlineData(":+.?*1")]
    [InlineData("\0+.?*'")]
    public void Delimiters_that_cannot_be_told_apart_are_refused(string service) =>
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new()
        {
            SyntaxVersion = "4",
            Delimiters = new((byte)service[0], (byte)service[1], (byte)service[2], (byte)service[3], (byte)service[4], (byte)service[5]),
        }));

    [Fact]
    public void Unknown_character_sets_and_unusable_substitutes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new() { SyntaxIdentifier = "UNOX" }));
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new() { Charset = "utf-16" }));
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new() { Characters = CharacterPolicy.Substitute, Substitute = '+' }));
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new() { SyntaxIdentifier = "UNOA", Characters = CharacterPolicy.Substitute, Substitute = '#' }));
        Assert.Throws<ArgumentException>(() => new EdiWriter(output, findings, new() { Standard = Standard.X12, Delimiters = Delimiters.LevelA }));
    }
}
