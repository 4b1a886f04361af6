using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class EnvelopeTests
{
    const string Unb = "UNB+UNOC:3+5412345000013:14+4012345500004:30+260401:0815+R1++ORDERS++1++1'";

    static string Message(int reference, string type = "ORDERS") => $"UNH+{reference}+{type}:D:96A:UN:EAN008'BGM+220'UNT+3+{reference}'";

    [Fact]
    public void The_headers_say_who_what_and_when()
    {
        var reading = Reading.Of($"{Unb}UNG+ORDERS+S+R+260402:0815+7+UN+D:96A'{Message(1)}UNE+1+7'UNZ+1+R1'");
        var i = Assert.Single(reading.Interchanges);
        Assert.Equal((new Party("5412345000013", "14"), new Party("4012345500004", "30"), "R1"), (i.Sender, i.Recipient, i.Reference));
        Assert.Equal((new DateOnly(2026, 4, 1), new TimeOnly(8, 15), true, true, "ORDERS"), (i.Date, i.Time, i.Test, i.AcknowledgementRequested, i.ApplicationReference));
        Assert.Equal((1, 1, 7, "ISO-8859-1"), (i.Groups, i.Messages, i.Segments, i.Charset));
        var g = Assert.Single(reading.Groups);
        Assert.Equal(("ORDERS", "S", "R", "7", "D.96A", "UN"), (g.Code, g.Sender, g.Recipient, g.Reference, g.Version, g.Agency));
        var m = Assert.Single(reading.Messages);
        Assert.Equal(("ORDERS", "D.96A", "UN", "EAN008", "1", 3), (m.Type, m.FullRelease, m.Agency, m.Association, m.Reference, m.Segments));
        Assert.Equal(["InterchangeStart", "GroupStart", "MessageStart", "Segment", "MessageEnd", "GroupEnd", "InterchangeEnd"], reading.Events);
        Assert.Empty(reading.Findings.Kept);
    }

    [Theory]
    [InlineData("UNT+12+1'", Codes.MessageCount, "29", 1)]
    [InlineData("UNT+3+2'", Codes.MessageReference, "28", 2)]
    [InlineData("UNT++1'", Codes.MessageCount, "29", 1)]
    public void A_message_trailer_must_agree(string trailer, string code, string acknowledgement, int element)
    {
        var reading = Reading.Of($"{Unb}UNH+1+ORDERS:D:96A:UN'BGM+220'{trailer}UNZ+1+R1'");
        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((code, acknowledgement, element, Severity.Error), (finding.Code, finding.Acknowledgement, finding.At.Element, finding.Severity));
        Assert.Equal((1, 1, 3), (finding.At.Interchange, finding.At.Message, finding.At.Segment));
        Assert.Contains("MessageEnd", reading.Events);
    }

    [Fact]
    public void Leading_zeros_of_a_count_do_not_matter() =>
        Assert.Empty(Reading.Of($"{Unb}UNH+1+ORDERS:D:96A:UN'BGM+220'UNT+000003+1'UNZ+01+R1'").Findings.Kept);

    [Theory]
    [InlineData("UNZ+2+R1'", Codes.InterchangeCount, "29")]
    [InlineData("UNZ+1+R2'", Codes.InterchangeReference, "28")]
    public void An_interchange_trailer_must_agree(string trailer, string code, string acknowledgement)
    {
        var finding = Assert.Single(Reading.Of($"{Unb}{Message(1)}{trailer}").Findings.Kept);
        Assert.Equal((code, acknowledgement, 0), (finding.Code, finding.Acknowledgement, finding.At.Message));
    }

    [Fact]
    public void Groups_are_counted_where_there_are_groups()
    {
        Assert.Empty(Reading.Of($"{Unb}UNG+ORDERS+++260401:0815+7+UN+D:96A'{Message(1)}{Message(2)}UNE+2+7'UNZ+1+R1'").Findings.Kept);
        Assert.Equal([Codes.GroupCount, Codes.GroupReference], Reading.Of($"{Unb}UNG+ORDERS+++260401:0815+7+UN+D:96A'{Message(1)}UNE+2+8'UNZ+1+R1'").Codes);
    }

    [Fact]
    public void A_missing_message_trailer_closes_the_message_before_the_next()
    {
        var reading = Reading.Of($"{Unb}UNH+1+ORDERS:D:96A:UN'BGM+220'{Message(2)}UNZ+2+R1'");
        Assert.Equal(["InterchangeStart", "MessageStart", "Segment", "MessageEnd (implied)", "MessageStart", "Segment", "MessageEnd", "InterchangeEnd"], reading.Events);
        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.MessageTrailerMissing, 1, "13"), (finding.Code, finding.At.Message, finding.Acknowledgement));
        Assert.Equal([2, 3], reading.Messages.Select(m => m.Segments));
    }

    [Theory]
    [InlineData("", "UNZ", 0)]
    [InlineData("UNH+2+ORDERS:D:96A:UN'BGM+220'", "UNT and UNZ", 2)]
    public void A_file_that_ends_early_is_one_finding_and_its_messages_are_delivered(string rest, string missing, int message)
    {
        var reading = Reading.Of($"{Unb}{Message(1)}{rest}");
        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.FileEndsEarly, missing, message), (finding.Code, finding.Expected, finding.At.Message));
        Assert.Equal("InterchangeEnd (implied)", reading.Events[^1]);
        Assert.Contains("MessageEnd", reading.Events);
    }

    [Theory]
    [InlineData("UNZ+1+R1?")]
    [InlineData("UNH+2+ORD")]
    public void A_torn_segment_is_fatal_and_what_came_before_is_delivered(string rest)
    {
        var reading = Reading.Of($"{Unb}{Message(1)}{rest}");
        Assert.Equal((Codes.SegmentCutOff, Severity.Fatal), (Assert.Single(reading.Findings.Kept).Code, reading.Findings.Kept[0].Severity));
        Assert.Equal(["InterchangeStart", "MessageStart", "Segment", "MessageEnd", "InterchangeEnd (implied)"], reading.Events);
    }

    [Fact]
    public void Only_the_last_terminator_missing_is_a_warning()
    {
        var reading = Reading.Of($"{Unb}{Message(1)}UNZ+1+R1\r\n");
        Assert.Equal([Codes.LastTerminatorMissing], reading.Codes);
        Assert.Equal(0, reading.Findings.Errors);
    }

    [Fact]
    public void An_interchange_without_trailer_is_closed_by_the_next()
    {
        foreach (var una in (string[])["", "UNA:+.? '", "UNA;|.? !"])
        {
            var next = una == "UNA;|.? !" ? "UNB|UNOC;3|A|B|260401;0815|R2!UNH|9|ORDERS;D;96A;UN!BGM|220!UNT|3|9!UNZ|1|R2!" : $"{Unb.Replace("R1", "R2")}{Message(1)}UNZ+1+R2'";
            var reading = Reading.Of($"{Unb}{Message(1)}\r\n{una}{next}");
            Assert.Equal([Codes.InterchangeTrailerMissing], reading.Codes);
            Assert.Equal(["R1", "R2"], reading.Interchanges.Select(i => i.Reference));
            Assert.Equal([4, 5], reading.Interchanges.Select(i => i.Segments));
            Assert.Equal(2, reading.Messages.Count);
        }
    }

    [Theory]
    [InlineData("UNH+1+X:1:1:UN'UNT+2+1'UNG+X+++260401:0815+7+UN+1:1'UNH+2+X:1:1:UN'UNT+2+2'UNE+1+7'UNZ+1+R1'", Codes.GroupsAndMessagesMixed, "30")]
    [InlineData("UNG+X+++260401:0815+7+UN+1:1'UNH+1+X:1:1:UN'UNT+2+1'UNH+2+Y:1:1:UN'UNT+2+2'UNE+2+7'UNZ+1+R1'", Codes.MessageTypesMixed, "31")]
    [InlineData("UNG+X+++260401:0815+7+UN+1:1'UNE+0+7'UNZ+1+R1'", Codes.GroupEmpty, "32")]
    [InlineData("UNZ+0+R1'", Codes.InterchangeEmpty, "32")]
    [InlineData("UNH+1+X:1:1:UN'UNT+2+1'LIN+1'LIN+2'UNZ+1+R1'", Codes.SegmentOutsideMessage, "33")]
    [InlineData("UNH+1+X:1:1:UN'UNT+2+1'UNT+2+1'UNZ+1+R1'", Codes.TrailerWithoutHeader, "33")]
    [InlineData("UNH+1+X:1:1:UN'UNT+2+1'UNH+1+X:1:1:UN'UNT+2+1'UNZ+2+R1'", Codes.MessageDuplicate, "26")]
    public void Levels_that_do_not_fit_together_are_one_finding(string rest, string code, string acknowledgement)
    {
        var finding = Assert.Single(Reading.Of(Unb + rest).Findings.Kept);
        Assert.Equal((code, acknowledgement, Severity.Error), (finding.Code, finding.Acknowledgement, finding.Severity));
        Assert.NotNull(finding.Advice);
    }

    [Fact]
    public void The_same_interchange_twice_in_a_file_is_a_duplicate_and_another_sender_is_not()
    {
        var one = $"{Unb}{Message(1)}UNZ+1+R1'";
        Assert.Equal([Codes.InterchangeDuplicate], Reading.Of(one + one).Codes);
        Assert.Empty(Reading.Of(one + one.Replace("5412345000013", "5412345000020")).Findings.Kept);
    }

    [Fact]
    public void Messages_without_interchange_header_are_read_and_rejected_as_a_whole()
    {
        var reading = Reading.Of(Message(1));
        Assert.Equal([Codes.InterchangeHeaderMissing], reading.Codes);
        Assert.Equal(["InterchangeStart (implied)", "MessageStart", "Segment", "MessageEnd", "InterchangeEnd (implied)"], reading.Events);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    [InlineData("Dear Sir or Madam, UNBELIEVABLE! ISA.")]
    public void A_file_without_interchange_says_so(string text) =>
        Assert.Equal(Severity.Fatal, Reading.Of(text).Only(Codes.NoInterchange).Severity);
}
