using System.Text;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class TrailerTests
{
    const string Isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*U*00401*000000001*0*P*>";

    static TrailerState Check(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return Trailer.Check(bytes.AsSpan(0, Math.Min(bytes.Length, Trailer.HeadBytes)), bytes.AsSpan(Math.Max(0, bytes.Length - Trailer.TailBytes)));
    }

    [Theory]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'\r\nUNZ+1+1'\r\n")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\u001a\0\0")]
    [InlineData("UNA:+.? 'UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'")]
    [InlineData("UNA|;,! ~\r\nUNB;UNOC|3;A;B;260301|1200;1~UNZ;1;1~")]
    [InlineData("\u00ef\u00bb\u00bf\r\nUNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'")]
    [InlineData("UNB\u001dUNOB\u001f1\u001dA\u001dB\u001d260301\u001f1200\u001d1\u001cUNZ\u001d1\u001d1\u001c")]
    [InlineData(Isa + "~GS*PO~GE*1*1~IEA*1*000000001~")]
    [InlineData(Isa + "~IEA*1*000000001~\r\n")]
    [InlineData(Isa + "\nIEA*1*000000001\n\n")]
    [InlineData(Isa + "\r\nIEA*1*000000001\r\n")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\r\n-- \r\nSent by Mailer 3.1\r\n")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\u0003\u0004")]
    [InlineData(Isa + "~IEA*1*000000001~</payload>")]
    [InlineData(Isa + "\nIEA*1*000000001\nend of file\n")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\r\nVISA and ISA say UNBEKANNT, not UNA\r\nIBU")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'ISA\n")]
    internal void A_file_that_ends_with_its_trailer_is_complete(string text) => Assert.Equal(TrailerState.Complete, Check(text));

    [Theory]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNH+1+ORDERS:D:96A:UN'")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'FTX+AAI+++UNZ+1+1?'")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'FTX+?'UNZ+1+1'")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ'")]
    [InlineData("UNA:+")]
    [InlineData("ISA*00*          *00*")]
    [InlineData(Isa + "~GS*PO~GE*1*1~")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'UNB+UNOC:3+A")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\r\nUN")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'\r\nU")]
    [InlineData("UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'text\nUNA:+.? '")]
    [InlineData(Isa + "~IEA*1*000000001~" + Isa + "~GS*PO~")]
    [InlineData(Isa + "~IEA*1*0000")]
    [InlineData(Isa)]
    internal void A_file_cut_before_its_trailer_is_not(string text) => Assert.Equal(TrailerState.NoTrailer, Check(text));

    [Theory]
    [InlineData("")]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("UNB")]
    [InlineData("a;b;c\n")]
    internal void Of_a_file_that_is_no_EDI_nothing_is_said(string text) => Assert.Equal(TrailerState.Unknown, Check(text));

    [Fact]
    public void Cutting_a_file_anywhere_is_noticed()
    {
        const string whole = "UNB+UNOC:3+A+B+260301:1200+1'UNH+1+ORDERS:D:96A:UN'BGM+220+UNZ?'1'UNT+3+1'UNZ+1+1'";
        for (var length = 4; length < whole.Length; length++)
            Assert.Equal(TrailerState.NoTrailer, Check(whole[..length]));
        Assert.Equal(TrailerState.Complete, Check(whole));
    }

    [Fact]
    public void The_rest_of_a_block_behind_it_does_not_hide_the_trailer() =>
        Assert.Equal(TrailerState.Complete, Check(Isa + "~IEA*1*000000001~" + new string('\0', 32_760)));

    [Fact]
    public void A_released_release_character_releases_nothing() =>
        Assert.Equal(TrailerState.Complete, Check("UNB+UNOC:3+A+B+260301:1200+1'FTX+AAI+++really??'UNZ+1+1'"));
}
