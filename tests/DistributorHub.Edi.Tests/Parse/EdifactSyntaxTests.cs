using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class EdifactSyntaxTests
{
    [Theory]
    [InlineData("FTX+AAI+++O?'NEIL'", "FTX+AAI+++O'NEIL")]
    [InlineData("IFT+3+FLIGHTS 2??'", "IFT+3+FLIGHTS 2?")]
    [InlineData("IFT+3+MORE ???' X'", "IFT+3+MORE ?' X")]
    [InlineData("IFT+3+A??+B'", "IFT+3+A?+B")]
    [InlineData("IFT+3+A???+B'", "IFT+3+A?+B")]
    [InlineData("FTX+A+LINE ONE\r\n:TWO'", "FTX+A+LINE ONE:TWO")]
    [InlineData("FTX+A+O?\r\n'NEIL'", "FTX+A+O'NEIL")]
    [InlineData("NAD+SU++++Street'", "NAD+SU++++Street")]
    [InlineData("LIN+1++:EN'", "LIN+1++:EN")]
    [InlineData("DDD:1:2+data'", "DDD:1:2+data")]
    [InlineData("ODI'", "ODI")]
    [InlineData("F\r\nTX+A'", "FTX+A")]
    [InlineData("FTX+WHI++MAXUNA+9'", "FTX+WHI++MAXUNA+9")]
    [InlineData("END+2+1'", "END+2+1")]
    public void A_segment_is_cut_as_ISO_9735_says(string segment, string expected)
    {
        var reading = Reading.OfMessage(segment, 1);
        Assert.Equal([expected], reading.Segments);
        Assert.Equal(0, reading.Findings.Errors);
    }

    [Fact]
    public void Released_delimiters_are_data_and_their_neighbours_are_not()
    {
        var findings = new Findings();
        using var reader = new EdiReader(new MemoryStream(Encoding.ASCII.GetBytes("UNB+UNOA:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'IFT+3+A??+B'IFT+3+A???+B'UNT+4+1'UNZ+1+1'")), findings);
        var counts = new List<int>();
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                counts.Add(reader.Segment.ElementCount);
        Assert.Equal([3, 2], counts);
    }

    [Fact]
    public void A_needless_release_character_is_removed_with_a_warning()
    {
        var reading = Reading.OfMessage("FTX+++A?BC'", 1);
        Assert.Equal(["FTX+++ABC"], reading.Segments);
        Assert.Equal(Severity.Warning, reading.Only(Codes.ReleaseNeedless).Severity);
    }

    [Fact]
    public void Values_are_found_by_element_component_and_repetition()
    {
        using var reader = new EdiReader(new MemoryStream("UNB+UNOA:4+A+B+20260401:0815+1'UNH+1+X:4:1:UN'XYZ+A:B*C:D++E'UNT+3+1'UNZ+1+1'"u8.ToArray()), new());
        while (reader.Read() && reader.Event != EdiEvent.Segment)
            Assert.NotEqual(EdiEvent.InterchangeEnd, reader.Event);
        Assert.Equal("D", Encoding.UTF8.GetString(reader.Segment.Value(1, 2, 2)));
        Assert.Equal("E", Encoding.UTF8.GetString(reader.Segment.Value(3)));
        Assert.True(reader.Segment.Value(2).IsEmpty);
        Assert.Equal(-1, reader.Segment.Find(4, 1, 1));
    }

    [Theory]
    [InlineData("UNOC:4", "UNA:+.?*'", "XYZ+A*B*C", 3)]
    [InlineData("UNOC:4", "", "XYZ+A*B*C", 3)]
    [InlineData("UNOC:3", "UNA:+.?*'", "XYZ+A*B*C", 1)]
    [InlineData("UNOC:4", "UNA:+.? '", "XYZ+A B C", 1)]
    [InlineData("UNOA:X", "", "XYZ+A*B*C", 1)]
    public void Values_repeat_from_syntax_version_4_on(string syntax, string una, string segment, int values)
    {
        var findings = new Findings();
        var file = $"{una}UNB+{syntax}+A+B+260401:0815+1'UNH+1+ORDERS:D:96A:UN'{segment}'UNT+3+1'UNZ+1+1'";
        using var reader = new EdiReader(new MemoryStream(Encoding.ASCII.GetBytes(file)), findings);
        var marks = 0;
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                marks = reader.Segment.Marks.Length - 1;
        Assert.Equal(values, marks);
        Assert.Equal(una == "UNA:+.? '", findings.Kept.Any(f => f.Code == Codes.RepetitionUnusable));
    }

    [Fact]
    public void Level_B_control_characters_separate_without_UNA()
    {
        var reading = Reading.Of("UNB=UNOB>1=S=R=260401>0815=1<UNH=1=ORDERS>D>96A>UN<FTX=It's 1+1:2?<UNT=3=1<UNZ=1=1<"
            .Replace('=', '\u001D').Replace('>', '\u001F').Replace('<', '\u001C'));
        Assert.Equal(["FTX+It's 1+1:2?"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
        Assert.Equal(new Delimiters(0x1F, 0x1D, (byte)'.', 0, 0, 0x1C), reading.Interchanges[0].Delimiters);
    }

    [Fact]
    public void Separators_that_no_UNA_announces_end_the_reading_with_their_names()
    {
        var reading = Reading.Of("UNB|UNOA^3|A|B|260401^0815|1'");
        var finding = reading.Only(Codes.SeparatorsNotAnnounced);
        Assert.Equal(Severity.Fatal, finding.Severity);
        Assert.Contains("| and ^", finding.Message, StringComparison.Ordinal);
        Assert.Empty(reading.Events);
    }

    [Fact]
    public void UNA_sets_the_service_characters_and_must_agree_with_UNB()
    {
        var custom = Reading.Of("UNA;|,? !\r\nUNB|UNOA;3|A;14|B|260401;0815|1!UNH|1|ORDERS;D;96A;UN!FTX|1+1:2'|X?!Y!UNT|3|1!UNZ|1|1!");
        Assert.Equal(["FTX+1+1:2'+X!Y"], custom.Segments);
        Assert.Equal(new Delimiters((byte)';', (byte)'|', (byte)',', (byte)'?', 0, (byte)'!'), custom.Interchanges[0].Delimiters);
        Assert.Empty(custom.Findings.Kept);
        var contradiction = Reading.Of("UNA;|,? !UNB+UNOA:3+A+B+260401:0815+1'");
        Assert.Equal(Severity.Fatal, contradiction.Only(Codes.ServiceCharactersInvalid).Severity);
        Assert.Equal(Severity.Fatal, Reading.Of("UNA::,? 'UNB:UNOA:3'").Only(Codes.ServiceCharactersInvalid).Severity);
    }

    [Fact]
    public void Without_a_release_character_a_question_mark_is_data()
    {
        var reading = Reading.OfMessage("FTX+WHY?'", 1, una: "UNA:+.  '");
        Assert.Equal(["FTX+WHY?"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Fact]
    public void Faults_of_form_are_warned_of_once_and_read_over()
    {
        var reading = Reading.OfMessage("NAD+BY+++++'PIA+5+123:SA:'''bgm+220'", 3);
        Assert.Equal(["NAD+BY+++++", "PIA+5+123:SA:", "BGM+220"], reading.Segments);
        Assert.Equal([Codes.TrailingSeparator, Codes.SegmentEmpty, Codes.TagLowerCase], reading.Codes);
        Assert.Equal(0, reading.Findings.Errors);
    }

    [Theory]
    [InlineData("NA+BY'")]
    [InlineData("NADX+BY'")]
    [InlineData("N-D+BY'")]
    [InlineData("+BY'")]
    public void What_is_no_tag_is_an_error_of_that_segment_alone(string segment)
    {
        var reading = Reading.OfMessage($"BGM+220'{segment}UNS+S'", 3);
        Assert.Equal(["BGM+220", "UNS+S"], reading.Segments);
        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.TagInvalid, 3, 1), (finding.Code, finding.At.Segment, finding.At.Message));
    }

    [Fact]
    public void What_stands_around_interchanges_is_skipped()
    {
        var blank = Reading.Of("\r\n  UNB+UNOA:3+A+B+260401:0815+1'UNZ+0+1'\r\n\x1A\0\0  ");
        Assert.Equal([Codes.InterchangeEmpty], blank.Codes);
        var junk = Reading.Of("DOC+01=a UNABLE UNB 'UNA:+,? 'UNB+UNOA:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'UNT+2+1'UNZ+1+1'LIN+1'");
        Assert.Equal([Codes.BytesSkipped, Codes.BytesSkipped], junk.Codes);
        Assert.Equal(0, junk.Findings.Kept[0].At.Offset);
        Assert.Single(junk.Messages);
    }

    [Fact]
    public void A_second_interchange_has_its_own_service_characters_and_dialect()
    {
        var reading = Reading.Of("UNA;|,? !UNB|UNOA;3|A|B|260401;0815|1!UNH|1|X;1;1;UN!UNT|2|1!UNZ|1|1!"
            + "UNB+UNOC:3+A+B+260401:0815+2'UNH+1+X:1:1:UN'FTX+|!'UNT+3+1'UNZ+1+2'\n" + Reading.Isa() + "TA1*000000001*260401*0815*A*000~IEA*0*000000905~");
        Assert.Equal(["1", "2", "000000905"], reading.Interchanges.Select(i => i.Reference));
        Assert.Equal(["FTX+|!"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Fact]
    public void Lines_may_end_segments_without_UNA()
    {
        var reading = Reading.Of("UNB+UNOA:1+A+B+180525:2030+1\r\nUNH+1+X:1:1:UN\r\nFTX+It's\r\nUNT+3+1\r\nUNZ+1+1\r\n");
        Assert.Single(reading.Messages);
        Assert.Equal(Severity.Warning, reading.Only(Codes.TerminatorGuessed).Severity);
        Assert.Equal(0, reading.Findings.Errors);
    }

    [Fact]
    public void Offsets_lead_back_to_the_bytes_of_the_file()
    {
        var file = Encoding.Latin1.GetBytes("UNB+UNOC:3+A+B+260401:0815+1'\r\nUNH+1+X:1:1:UN'\r\nFTX+\u00fc?'+M\r\nUE+Z'\r\nUNT+3+1'UNZ+1+1'");
        using var reader = new EdiReader(new MemoryStream(file), new());
        while (reader.Read() && reader.Event != EdiEvent.Segment)
            Assert.NotEqual(EdiEvent.InterchangeEnd, reader.Event);
        Assert.Equal("FTX+ü'+MUE+Z", Encoding.UTF8.GetString(reader.Segment.Text));
        var ends = reader.Segment.Marks.ToArray().Select(m => (char)file[(int)reader.OffsetOf(m.End)]);
        Assert.Equal("++++'"[1..], string.Concat(ends));
        Assert.Equal((byte)'Z', file[(int)reader.OffsetOf(reader.Segment.Text.Length - 1)]);
        Assert.Equal((byte)'F', file[(int)reader.Position.Offset]);
    }
}
