using System.Text;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>What is no EDI at all is told for what it is.</summary>
public sealed class OtherFormatTests
{
    [Theory]
    [InlineData("PK\u0003\u0004\u0014\0\0\0", "a ZIP archive (or an Excel or Word file, which is one)")]
    [InlineData("\u001F\u008B\u0008\0", "a gzip archive")]
    [InlineData("BZh91AY", "a bzip2 archive")]
    [InlineData("%PDF-1.4\n", "a PDF document")]
    [InlineData("\u0089PNG\r\n\u001A\n", "a PNG picture")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1", "an old Excel, Word or Outlook file")]
    [InlineData("\u00EF\u00BB\u00BF<?xml version='1.0'?><order/>", "an XML file")]
    [InlineData("\r\n <!doctype HTML><p>403", "an HTML page")]
    [InlineData("<Order><Line/></Order>", "an XML or HTML file")]
    [InlineData("{ \"orders\": [] }", "a JSON file")]
    [InlineData("-----BEGIN PGP MESSAGE-----\n", "a file encrypted or signed with PGP")]
    [InlineData("MIME-Version: 1.0\r\n", "an e-mail message (MIME)")]
    [InlineData("EDI_DC40  1000000000", "an IDoc of SAP")]
    [InlineData("STX=ANA:1+5000000000000", "a TRADACOMS file")]
    [InlineData("UIB+UNOA:4+++1+++S+R'UIH+IHCLME:D:00B'", "an interactive EDIFACT interchange (UIB), a dialogue between two programs")]
    public void A_file_of_another_format_is_named(string file, string name)
    {
        var finding = Assert.Single(Reading.Of(file).Findings.Kept);
        Assert.Equal((Codes.OtherFormat, Severity.Fatal, 0L, name), (finding.Code, finding.Severity, finding.At.Offset, finding.Found));
        Assert.Equal($"The file is {name}, and holds no interchange.", finding.Message);
        Assert.False(string.IsNullOrEmpty(finding.Advice));
    }

    [Fact]
    public void A_tar_archive_is_told_by_the_mark_inside()
    {
        var file = new byte[1024];
        "orders.edi"u8.CopyTo(file);
        "ustar"u8.CopyTo(file.AsSpan(257));
        Assert.Equal("a tar archive", Assert.Single(Reading.Of(file).Findings.Kept).Found);
    }

    [Theory]
    [InlineData("HELLO")]
    [InlineData("")]
    [InlineData("ORDER;4711;2026-04-01\n")]
    public void What_is_not_known_holds_no_interchange(string file) => Assert.Equal([Codes.NoInterchange], Reading.Of(file).Codes);

    [Fact]
    public void An_interchange_inside_another_format_is_read()
    {
        var reading = Reading.Of("MIME-Version: 1.0\r\n\r\nUNB+UNOC:3+A+B+260401:0815+R1'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+R1'");
        Assert.Equal([Codes.BytesSkipped], reading.Codes);
        Assert.Single(reading.Messages);
    }

    [Fact]
    public void A_large_file_is_named_by_its_beginning() =>
        Assert.Equal("a PDF document", Assert.Single(Reading.Of(Encoding.Latin1.GetBytes("%PDF-1.4\n" + new string('U', 700_000))).Findings.Kept).Found);
}
