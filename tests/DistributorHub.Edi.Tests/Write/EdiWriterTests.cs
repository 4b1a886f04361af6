using System.Buffers;
using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>Bytes that were laid out by hand from ISO 9735 and X12.5/X12.6.</summary>
public sealed partial class EdiWriterTests
{
    internal static readonly InterchangeHeading Heading = new()
    {
        Sender = new("4012345000009", "14"),
        Recipient = new("4098765000003", "14"),
        Reference = "R1",
        Prepared = new(2026, 4, 1, 8, 15, 30),
    };

    static readonly InterchangeHeading heading12 = Heading with { Sender = new("ACME", "ZZ"), Recipient = new("BIGRETAIL", "01"), Reference = "905" };

    static readonly MessageHeading orders = new() { Type = "ORDERS", Version = "D", Release = "96A", Association = "EAN008" };

    static readonly GroupHeading purchaseOrders = new()
    {
        Code = "PO",
        Sender = new("S", ""),
        Recipient = new("R", ""),
        Prepared = new(2026, 4, 1, 8, 15, 0),
        Agency = "X",
        Release = "004010",
    };

    readonly ArrayBufferWriter<byte> output = new();
    readonly Findings findings = new();

    string Text => Encoding.Latin1.GetString(output.WrittenSpan);

    /// <summary>One EDIFACT message around some segments; what stands before and after them is taken off again.</summary>
    string Message(Action<EdiWriter> segments, WriterOptions? options = null)
    {
        using (var writer = new EdiWriter(output, findings, options))
        {
            writer.BeginInterchange(Heading);
            writer.BeginMessage(orders);
            writer.Flush();
            var from = (int)writer.BytesWritten;
            segments(writer);
            writer.Flush();
            var written = Text[from..];
            writer.EndMessage();
            writer.EndInterchange();
            return written;
        }
    }

    string Set(Action<EdiWriter> segments, WriterOptions? options = null)
    {
        using var writer = new EdiWriter(output, findings, options ?? new() { Standard = Standard.X12 });
        writer.BeginInterchange(heading12);
        writer.BeginGroup(purchaseOrders);
        writer.BeginMessage(new() { Type = "850" });
        writer.Flush();
        var from = (int)writer.BytesWritten;
        segments(writer);
        writer.Flush();
        var written = Text[from..];
        writer.EndMessage();
        writer.EndGroup();
        writer.EndInterchange();
        return written;
    }

    [Fact]
    public void An_EDIFACT_interchange_gets_its_counts_references_and_trailers()
    {
        using var writer = new EdiWriter(output, findings);
        writer.BeginInterchange(Heading with { ApplicationReference = "ORDERS", AcknowledgementRequested = true, Test = true });
        for (var i = 0; i < 2; i++)
        {
            writer.BeginMessage(orders);
            writer.Segment("BGM");
            writer.Element("220");
            writer.Element("PO1");
            writer.Element(9);
            writer.EndMessage();
        }
        writer.EndInterchange();
        Assert.Equal(
            "UNB+UNOC:3+4012345000009:14+4098765000003:14+260401:0815+R1++ORDERS++1++1'"
            + "UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO1+9'UNT+3+1'"
            + "UNH+2+ORDERS:D:96A:UN:EAN008'BGM+220+PO1+9'UNT+3+2'UNZ+2+R1'", Text);
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void UNZ_counts_groups_where_there_are_some_and_syntax_4_has_dates_of_eight_digits()
    {
        using var writer = new EdiWriter(output, findings, new() { SyntaxVersion = "4", LineBreak = LineBreak.CarriageReturnLineFeed });
        writer.BeginInterchange(Heading with { Security = new("PASS", "AA"), Agreement = "AGR" });
        writer.BeginGroup(new()
        {
            Code = "ORDERS",
            Sender = new("A", "14"),
            Recipient = new("B", ""),
            Prepared = new(2026, 4, 1, 8, 15, 0),
            Agency = "UN",
            Version = "D",
            Release = "96A",
        });
        for (var i = 0; i < 2; i++)
        {
            writer.BeginMessage(orders with { Association = "", Reference = $"M{i}" });
            writer.EndMessage();
        }
        writer.EndGroup();
        writer.EndInterchange();
        Assert.Equal(
            "UNB+UNOC:4+4012345000009:14+4098765000003:14+20260401:0815+R1+PASS:AA++++AGR'\r\n"
            + "UNG+ORDERS+A:14+B+20260401:0815+1+UN+D:96A'\r\nUNH+M0+ORDERS:D:96A:UN'\r\nUNT+2+M0'\r\nUNH+M1+ORDERS:D:96A:UN'\r\nUNT+2+M1'\r\nUNE+2+1'\r\nUNZ+1+R1'\r\n", Text);
    }

    [Fact]
    public void ISA_is_padded_to_its_106_characters_and_X12_counts_groups_sets_and_segments()
    {
        using var writer = new EdiWriter(output, findings, new() { Standard = Standard.X12 });
        writer.BeginInterchange(heading12);
        writer.Segment("TA1"u8);
        writer.Element("000000905");
        writer.BeginGroup(purchaseOrders);
        writer.BeginMessage(new() { Type = "850" });
        writer.Segment("BEG"u8);
        writer.Element("00"u8);
        writer.EndMessage();
        writer.EndGroup();
        writer.EndInterchange();
        Assert.Equal(
            "ISA*00*          *00*          *ZZ*ACME           *01*BIGRETAIL      *260401*0815*U*00401*000000905*0*P*:~TA1*000000905~"
            + "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~IEA*1*000000905~", Text);
        Assert.Equal('~', Text[105]);
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void X12_00501_shows_its_repetition_separator_and_00704_its_release_character()
    {
        using var writer = new EdiWriter(output, findings, new()
        {
            Standard = Standard.X12,
            SyntaxVersion = "00704",
            Delimiters = new((byte)'>', (byte)'|', (byte)'.', (byte)'?', (byte)'^', (byte)'\n'),
            LineBreak = LineBreak.LineFeed,
        });
        writer.BeginInterchange(heading12 with { Test = true, AcknowledgementRequested = true });
        writer.BeginGroup(purchaseOrders with { Release = "007040", Reference = "77" });
        writer.BeginMessage(new() { Type = "850", Reference = "0123", Association = "007040X1" });
        writer.Segment("REF");
        writer.Element("A|B>C^D?");
        writer.Repetition("2");
        writer.Component("3");
        writer.EndMessage();
        writer.EndGroup();
        writer.EndInterchange();
        Assert.Equal(
            "ISA|00|          |00|          |ZZ|ACME           |01|BIGRETAIL      |260401|0815|^|00704|000000905|1|T|>\nISX|?\n"
            + "GS|PO|S|R|20260401|0815|77|X|007040\nST|850|0123|007040X1\nREF|A?|B?>C?^D??^2>3\nSE|3|0123\nGE|1|77\nIEA|1|000000905\n", Text);
    }

    [Fact]
    public void Delimiters_in_values_are_released() => Assert.Equal("FTX+AAI+++O?'NEIL?+CO??:A?:B.C*D'", Message(w =>
    {
        w.Segment("FTX");
        w.Element("AAI");
        w.Element();
        w.Element();
        w.Element("O'NEIL+CO?");
        w.Component("A:B.C*D");
    }));

    [Fact]
    public void Empty_ends_are_dropped_inner_places_kept_and_blank_segments_left_out() => Assert.Equal("LIN+1++:EN'", Message(w =>
    {
        w.Segment("LIN");
        w.Element("1");
        w.Element("");
        w.Component(default(ReadOnlySpan<byte>));
        w.Element(default(ReadOnlySpan<byte>));
        w.Component("EN");
        w.Component("");
        w.Element();
        w.Component("");
        w.Segment("FTX");
        w.Element();
        w.Component("");
    }));

    [Fact]
    public void Repetitions_keep_their_places() => Assert.Equal("ABC+1**:3+4*5'", Message(w =>
    {
        w.Segment("ABC");
        w.Element("1");
        w.Component("");
        w.Repetition("");
        w.Repetition("");
        w.Component("3");
        w.Repetition("");
        w.Element("4");
        w.Repetition(5);
    }, new() { SyntaxVersion = "4" }));

    [Theory]
    [InlineData(',', "MOA+203:-1234,50:0,001:7'")]
    [InlineData('.', "MOA+203:-1234.50:0.001:7'")]
    public void Numbers_have_the_mark_of_decimals_of_the_interchange(char mark, string expected)
    {
        Assert.Equal(expected, Message(w =>
        {
            w.Segment("MOA");
            w.Element(203);
            w.Component(-1234.50m);
            w.Component(0.001m);
            w.Component(7m);
        }, new() { Delimiters = Delimiters.LevelA with { Decimal = (byte)mark } }));
        Assert.StartsWith(mark == ',' ? "UNA:+,? 'UNB" : "UNB", Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", "", false, "UNB+")]
    [InlineData("3", "", true, "UNA:+.? 'UNB+")]
    [InlineData("4", "", true, "UNA:+.?*'UNB+")]
    [InlineData("3", "|^.!~;", false, "UNA|^.!~;UNB^")]
    [InlineData("3", ":+.\0\0'", false, "UNA:+.  'UNB+")]
    [InlineData("4", ":+.?\0'", false, "UNA:+.? 'UNB+")]
    [InlineData("3", "\u001F\u001D.\0\0\u001C", false, "UNB\u001D")]
    public void UNA_comes_where_it_is_needed_or_asked_for(string version, string service, bool asked, string expected)
    {
        var options = new WriterOptions { SyntaxVersion = version, Una = asked };
        if (service.Length > 0)
            options = options with { Delimiters = new((byte)service[0], (byte)service[1], (byte)service[2], (byte)service[3], (byte)service[4], (byte)service[5]) };
        Message(_ => { }, options);
        Assert.StartsWith(expected, Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('\n', LineBreak.CarriageReturnLineFeed, "BGM+1\n")]
    [InlineData('\r', LineBreak.CarriageReturnLineFeed, "BGM+1\r\n")]
    [InlineData('\r', LineBreak.CarriageReturn, "BGM+1\r")]
    [InlineData('~', LineBreak.CarriageReturn, "BGM+1~\r")]
    [InlineData('~', LineBreak.LineFeed, "BGM+1~\n")]
    [InlineData('~', LineBreak.None, "BGM+1~")]
    public void A_terminator_that_breaks_the_line_gets_no_second_break(char terminator, LineBreak lineBreak, string expected) =>
        Assert.Equal(expected, Message(w =>
        {
            w.Segment("BGM");
            w.Element(1);
        }, new() { Delimiters = Delimiters.LevelA with { Terminator = (byte)terminator }, LineBreak = lineBreak }));

    [Fact]
    public void Binary_elements_are_written_as_they_are() => Assert.Equal("BIN*7*A~B*C:\u00e9~", Set(w =>
    {
        w.Segment("BIN");
        w.Binary("A~B*C:"u8.ToArray().Append((byte)0xE9).ToArray());
    }));

    [Fact]
    public void Delimiters_may_be_characters_of_several_bytes()
    {
        var options = new WriterOptions
        {
            Standard = Standard.X12,
            Charset = "utf-8",
            Delimiters = new(0xA6, (byte)'*', (byte)'.', 0, 0, (byte)'~'),
            ComponentLead = new byte[] { 0xC2 },
            DelimitersInValues = DelimiterPolicy.Substitute,
        };
        var written = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Set(w =>
        {
            w.Segment("N1");
            w.Element("æ¦é");
            w.Component("2");
        }, options)));
        Assert.Equal("N1*æ é¦2~", written);
    }

    [Fact]
    public void What_was_not_ended_stays_without_its_trailer()
    {
        using (var writer = new EdiWriter(output, findings))
        {
            writer.BeginInterchange(Heading);
            writer.BeginMessage(orders);
        }
        Assert.EndsWith("UNH+1+ORDERS:D:96A:UN:EAN008'", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_segment_costs_an_allocation()
    {
        using var writer = new EdiWriter(Stream.Null, findings);
        writer.BeginInterchange(Heading);
        writer.BeginMessage(orders);
        void Segments(int count)
        {
            for (var i = 0; i < count; i++)
            {
                writer.Segment("LIN"u8);
                writer.Element(i);
                writer.Element("O'Neil ü".AsSpan());
                writer.Component("EN"u8);
            }
        }
        Segments(10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Segments(50_000);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);
    }
}
