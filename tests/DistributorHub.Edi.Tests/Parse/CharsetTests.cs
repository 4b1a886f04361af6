using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class CharsetTests
{
    static Reading Read(string syntax, byte[] text, string? charset = null)
    {
        byte[] file = [.. Encoding.ASCII.GetBytes($"UNB+{syntax}+A+B+260401:0815+1'UNH+1+X:1:1:UN'FTX+"), .. text, .. "'UNT+3+1'UNZ+1+1'"u8];
        return Reading.Of(file, new() { Charset = charset });
    }

    [Theory]
    [InlineData("UNOC:3", 0xFC, "ü")]
    [InlineData("UNOC:1", 0xFC, "ü")]
    [InlineData("UNOD:3", 0xB3, "ł")]
    [InlineData("UNOE:3", 0xB6, "Ж")]
    [InlineData("UNOF:3", 0xE1, "α")]
    [InlineData("UNOG:3", 0xA1, "Ħ")]
    [InlineData("UNOH:3", 0xB1, "ą")]
    [InlineData("UNOI:3", 0xC7, "ا")]
    [InlineData("UNOJ:3", 0xE0, "א")]
    [InlineData("UNOK:3", 0xFE, "ş")]
    [InlineData("UNOL:3", 0xA4, "€")]
    public void The_syntax_identifier_names_the_character_set(string syntax, byte character, string expected)
    {
        var reading = Read(syntax, [character, (byte)'+', character]);
        Assert.Equal([$"FTX+{expected}+{expected}"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Fact]
    public void UTF_8_is_read_where_declared_and_suspected_where_not()
    {
        byte[] text = [0xC3, 0xBC];
        Assert.Equal(["FTX+ü"], Read("UNOY:4", text).Segments);
        Assert.Equal(["FTX+ü"], Read("UNOC:3", text, "utf-8").Segments);
        var wrong = Read("UNOC:3", text);
        Assert.Equal(["FTX+Ã¼"], wrong.Segments);
        Assert.Equal(Severity.Warning, wrong.Only(Codes.LooksLikeUtf8).Severity);
    }

    [Fact]
    public void Broken_UTF_8_is_an_error_at_its_byte_and_replaced()
    {
        var reading = Read("UNOW:4", [(byte)'a', 0xC3, (byte)'b', 0xFF]);
        Assert.Equal(["FTX+a\uFFFDb\uFFFD"], reading.Segments);
        Assert.Equal([49, 51], reading.Findings.Kept.Select(f => f.At.Offset));
        Assert.All(reading.Findings.Kept, f => Assert.Equal((Codes.CharacterInvalid, Severity.Error, "21"), (f.Code, f.Severity, f.Acknowledgement)));
    }

    [Fact]
    public void Upper_control_characters_hint_at_windows_1252()
    {
        var reading = Read("UNOC:3", [0x80]);
        Assert.Equal(["FTX+\u0080"], reading.Segments);
        reading.Only(Codes.ControlCharacter);
        var agreed = Read("UNOC:3", [0x80], "windows-1252");
        Assert.Equal(["FTX+€"], agreed.Segments);
        Assert.Equal("WINDOWS-1252", agreed.Interchanges[0].Charset);
        Assert.Empty(agreed.Findings.Kept);
    }

    [Fact]
    public void What_level_A_does_not_have_is_warned_of_and_kept()
    {
        var lower = Read("UNOA:3", "abc"u8.ToArray());
        Assert.Equal(["FTX+abc"], lower.Segments);
        Assert.Equal((Severity.Warning, 48), (lower.Only(Codes.CharacterOutsideSet).Severity, lower.Findings.Kept[0].At.Offset));
        var latin = Read("UNOB:3", [0xFC]);
        Assert.Equal(["FTX+ü"], latin.Segments);
        Assert.Equal("21", latin.Only(Codes.CharacterOutsideSet).Acknowledgement);
    }

    [Fact]
    public void An_unknown_identifier_is_read_as_ASCII_with_a_warning()
    {
        var reading = Read("UNOZ:3", "A"u8.ToArray());
        Assert.Equal(["FTX+A"], reading.Segments);
        Assert.Equal("46", reading.Only(Codes.CharsetUnknown).Acknowledgement);
    }

    [Fact]
    public void X12_text_beyond_ASCII_is_UTF_8_if_valid_and_Latin_1_otherwise()
    {
        Assert.Equal(["MSG+ü"], Reading.OfSet("MSG*\u00C3\u00BC~", 1).Segments);
        Assert.Equal(["MSG+ü"], Reading.OfSet("MSG*\u00FC~", 1).Segments);
        Assert.Equal([Codes.CharacterOutsideSet], Reading.OfSet("MSG*\u00FC~MSG*\u00FC~", 2).Codes);
    }

    [Fact]
    public void A_byte_order_mark_says_UTF_8()
    {
        byte[] file = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("UNB+UNOC:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'FTX+ü'UNT+3+1'UNZ+1+1'")];
        var reading = Reading.Of(file);
        Assert.Equal(["FTX+ü"], reading.Segments);
        Assert.Equal([Codes.ByteOrderMark], reading.Codes);
        Assert.Equal(3, reading.Interchanges[0].Offset);
    }

    [Fact]
    public void UTF_16_is_refused_in_clear_words()
    {
        Assert.Equal([Codes.Utf16], Reading.Of([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("UNB+UNOC:3")]).Codes);
        Assert.Equal([Codes.Utf16], Reading.Of(Encoding.Unicode.GetBytes("ISA*00*")).Codes);
    }

    [Fact]
    public void A_character_set_that_does_not_exist_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => new EdiReader(Stream.Null, new(), new() { Charset = "klingon" }));
}
