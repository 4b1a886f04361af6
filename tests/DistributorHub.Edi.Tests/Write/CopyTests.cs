using System.Text;
using CsCheck;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>What a copy mends, what it changes when asked to, and what it cannot do.</summary>
public sealed class CopyTests
{
    const string Isa = "ISA*00*          *00*          *ZZ*ACME           *ZZ*BIGRETAIL      *260401*0815*U*00401*000000905*0*P*:~";

    readonly Findings findings = new();

    string Copy(string file, Func<InterchangeInfo, WriterOptions>? choose = null)
    {
        using var output = new MemoryStream();
        using (var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes(file)), new()))
        using (var writer = new EdiWriter(output, findings))
            writer.CopyAll(reader, choose);
        return Encoding.Latin1.GetString(output.ToArray());
    }

    static string Edifact(string segments, int count, string syntax = "UNOC:3", string una = "") =>
        $"{una}UNB+{syntax}+A:14+B:14+260401:0815+R1'UNH+1+ORDERS:D:96A:UN'{segments}UNT+{count + 2}+1'UNZ+1+R1'";

    [Theory]
    [InlineData("ABC+1+2++'", "ABC+1+2'")]
    [InlineData("ABC+1::+2'", "ABC+1+2'")]
    [InlineData("ABC+1234567890:12345::+2'", "ABC+1234567890:12345+2'")]
    [InlineData("ABC+12345678901:+2'", "ABC+12345678901+2'")]
    [InlineData("ABC+1:2:'", "ABC+1:2'")]
    [InlineData("ABC+:'", "ABC'")]
    [InlineData("ABC'", "ABC'")]
    [InlineData("ABC++:2+3'", "ABC++:2+3'")]
    [InlineData("ABC+?A?+?:B'", "ABC+A?+?:B'")]
    [InlineData("ABC+1\r\n2'", "ABC+12'")]
    [InlineData("abc+1'", "ABC+1'")]
    [InlineData("ABC+1''", "ABC+1'")]
    public void Segments_come_out_in_their_shortest_form(string segment, string expected) =>
        Assert.Equal(Edifact(expected, 1), Copy(Edifact(segment, 1)));

    [Theory]
    [InlineData("ABC+1*2**+3*+*'", "ABC+1*2+3'")]
    [InlineData("ABC+1:*2+**4'", "ABC+1*2+**4'")]
    [InlineData("ABC+1**3:4+5'", "ABC+1**3:4+5'")]
    public void Repetitions_come_out_in_their_shortest_form(string segment, string expected) =>
        Assert.Equal(Edifact(expected, 1, "UNOC:4"), Copy(Edifact(segment, 1, "UNOC:4")));

    [Fact]
    public void TA1_is_copied_where_it_stands()
    {
        const string ta1 = "TA1*000000001*260401*0815*A*000~";
        Assert.Equal($"{Isa}{ta1}{ta1}IEA*0*000000905~", Copy($"{Isa}{ta1}{ta1}IEA*0*000000905~"));
        const string group = "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~";
        Assert.Equal($"{Isa}{ta1}{group}{ta1}IEA*1*000000905~", Copy($"{Isa}{ta1}{group}{ta1}IEA*1*000000905~"));
    }

    [Fact]
    public void Trailers_become_right_or_come_at_all()
    {
        Assert.Equal(Edifact("ABC+1'", 1), Copy(Edifact("ABC+1'", 7).Replace("+1'UNZ+1+R1", "+9'UNZ+4+R2", StringComparison.Ordinal)));
        Assert.Equal(Edifact("ABC+1'", 1), Copy("UNB+UNOC:3+A:14+B:14+260401:0815+R1'UNH+1+ORDERS:D:96A:UN'ABC+1'"));
        Assert.Equal(
            $"{Isa}TA1*1~GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~IEA*1*000000905~",
            Copy($"{Isa}TA1*1~GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~IEA*5*905~"));
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void A_short_ISA_is_padded() => Assert.Equal(
        $"{Isa}IEA*0*000000905~", Copy("ISA*00**00**ZZ*ACME*ZZ*BIGRETAIL*260401*0815*U*00401*905*0*P*:~IEA*0*905~"));

    [Fact]
    public void Form_and_character_set_can_change_on_the_way()
    {
        var file = Edifact("FTX+AAI+++O?'Neil+Gr\u00fc\u00dfe|x'", 1);
        Assert.Equal(
            "UNA|^,!*~\r\nUNB^UNOY|3^A|14^B|14^260401|0815^R1~\r\nUNH^1^ORDERS|D|96A|UN~\r\nFTX^AAI^^^O'Neil^Gr\u00c3\u00bc\u00c3\u009fe!|x~\r\nUNT^3^1~\r\nUNZ^1^R1~\r\n",
            Copy(file, _ => new()
            {
                SyntaxIdentifier = "UNOY",
                Delimiters = new((byte)'|', (byte)'^', (byte)',', (byte)'!', (byte)'*', (byte)'~'),
                LineBreak = LineBreak.CarriageReturnLineFeed,
            }));
        Assert.Empty(findings.Kept);
        Assert.Equal(
            "UNB+UNOB:3+A:14+B:14+260401:0815+R1'UNH+1+ORDERS:D:96A:UN'",
            Copy(file, i => new WriterOptions().Like(i) with { SyntaxIdentifier = "UNOB", Charset = null }));
        Assert.Equal(["ü", "ß", "|"], findings.Kept.Select(f => f.Found));
        Assert.All(findings.Kept, f => Assert.Equal(Codes.CharacterNotInSet, f.Code));
    }

    [Fact]
    public void An_interchange_without_header_cannot_be_copied()
    {
        Assert.Equal("", Copy("UNH+1+ORDERS:D:96A:UN'BGM+220'UNT+3+1'"));
        Assert.Equal(Codes.InterchangeNotCopied, Assert.Single(findings.Kept).Code);
    }

    [Fact]
    public void Another_standard_or_syntax_version_is_a_mistake()
    {
        using var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes(Edifact("", 0))), findings);
        reader.Read();
        using var x12 = new EdiWriter(Stream.Null, findings, new() { Standard = Standard.X12 });
        using var four = new EdiWriter(Stream.Null, findings, new() { SyntaxVersion = "4" });
        Assert.Throws<InvalidOperationException>(() => x12.Copy(reader));
        Assert.Throws<InvalidOperationException>(() => four.Copy(reader));
    }

    [Fact]
    public void Binary_segments_are_copied_as_they_are()
    {
        var file = $"{Isa}GS*PO*S*R*20260401*0815*1*X*004010~ST*841*0001~BIN*9*A~\u00e9*:\0B?D~BDS*ASC*3*~~~~SE*4*0001~GE*1*1~IEA*1*000000905~";
        Assert.Equal(file, Copy(file));
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void A_binary_segment_of_wrong_length_is_not_copied_as_if_it_were_text()
    {
        Assert.EndsWith("ST*841*0001~", Copy($"{Isa}GS*PO*S*R*20260401*0815*1*X*004010~ST*841*0001~BIN*7*AB~SE*3*0001~GE*1*1~IEA*1*000000905~"), StringComparison.Ordinal);
        Assert.Equal(Codes.BinaryLengthWrong, Assert.Single(findings.Kept).Code);
    }

    /// <summary>No bytes make a copy throw; what comes out reads as the file did.</summary>
    [Fact]
    public void Damaged_files_are_copied_or_refused()
    {
        string[] files =
        [
            Edifact("FTX+AAI+++O?'NEIL:?+?:??'LIN+1++4000862141404:EN'QTY+21:5.00'ABC+1*2:3*'", 4, "UNOC:4", "UNA:+.?*'"),
            "UNB+UNOA:1+A+B+260401:0815+1'UNG+ORDERS+A+B+260401:0815+7+UN+D:96A'UNH+1+ORDERS:D:96A:UN'BGM+220'UNT+3+1'UNE+1+7'UNZ+1+1'",
            $"{Isa.Replace("*U*00401", "*^*00501", StringComparison.Ordinal)}GS*PO*S*R*20260401*0815*1*X*005010~ST*850*0001~BIN*12*AB~CD*EF:GHI~REF*A^B:C**~SE*4*0001~GE*1*1~IEA*1*000000905~",
        ];
        var copied = 0;
        Damage.ToOneOf(files, most: 3).Sample(
            file =>
            {
                if (Try(file))
                    Interlocked.Increment(ref copied);
            },
            iter: 6000,
            print: Encoding.Latin1.GetString);
        Assert.True(copied > 2000, $"{copied} were copied");
    }

    static bool Try(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        using var output = new MemoryStream();
        bool broken;
        using (var reader = new EdiReader(new MemoryStream(file), new()))
        using (var writer = new EdiWriter(output, new()))
        {
            writer.CopyAll(reader);
            broken = writer.Broken;
        }
        if (broken)
            return false;
        var expected = Values(file);
        var actual = Values(output.ToArray());
        Assert.True(expected.SequenceEqual(actual), $"{text}\n{Encoding.Latin1.GetString(output.ToArray())}\n{string.Join('\n', expected)}\n-\n{string.Join('\n', actual)}");
        return true;
    }

    static List<string> Values(byte[] file)
    {
        var values = new List<string>();
        using var reader = new EdiReader(new MemoryStream(file), new());
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                values.Add(CorpusCopyTests.Trimmed(RoundTripTests.Show(reader.Segment)));
            else
                values.Add(reader.Event.ToString());
        return values;
    }
}
