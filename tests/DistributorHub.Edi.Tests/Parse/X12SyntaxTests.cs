using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class X12SyntaxTests
{
    const string Rest = "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~IEA*1*000000905~";

    [Fact]
    public void The_headers_say_who_what_and_when()
    {
        var reading = Reading.Of(Reading.Isa().Replace("*0*P*", "*1*T*") + Rest);
        var i = Assert.Single(reading.Interchanges);
        Assert.Equal((new Party("ACME", "ZZ"), new Party("BIGRETAIL", "ZZ"), "000000905", "00401"), (i.Sender, i.Recipient, i.Reference, i.SyntaxVersion));
        Assert.Equal((true, true, new DateOnly(2026, 4, 1), 7), (i.Test, i.AcknowledgementRequested, i.Date, i.Segments));
        Assert.Equal(("PO", "1", "004010", "X"), (reading.Groups[0].Code, reading.Groups[0].Reference, reading.Groups[0].Version, reading.Groups[0].Agency));
        Assert.Equal(("850", "004010", "X", "0001", 3), (reading.Messages[0].Type, reading.Messages[0].FullRelease, reading.Messages[0].Agency, reading.Messages[0].Reference, reading.Messages[0].Segments));
        Assert.Empty(reading.Findings.Kept);
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r", "")]
    [InlineData("\r", "\n")]
    [InlineData("\x1C", "")]
    [InlineData("'", "")]
    [InlineData("~", "\r\n")]
    [InlineData("\u0085", "\n")]
    [InlineData("\u00E2\u0080\u00A6", "\n")]
    public void Any_terminator_is_found_in_the_ISA(string terminator, string suffix)
    {
        var reading = Reading.Of((Reading.Isa() + Rest).Replace("~", terminator + suffix));
        Assert.Equal(["BEG+00"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Theory]
    [InlineData("*P*:~", "*P*: ~", Codes.BlankBeforeTerminator)]
    [InlineData("ACME           ", "ACME", Codes.InterchangeHeaderLayout)]
    [InlineData("*00*          *00*          *", "*00* *00* *", Codes.InterchangeHeaderLayout)]
    [InlineData("ACME           ", "ACME            ", Codes.InterchangeHeaderTooLong)]
    [InlineData("*260401*", "*20260401*", Codes.InterchangeHeaderTooLong)]
    public void An_ISA_of_wrong_lengths_is_read_by_its_separators(string right, string wrong, string code)
    {
        var reading = Reading.Of(Reading.Isa().Replace(right, wrong) + Rest);
        Assert.Equal(["BEG+00"], reading.Segments);
        Assert.Equal([code], reading.Codes);
        Assert.Equal("000000905", reading.Interchanges[0].Reference);
    }

    [Fact]
    public void Each_element_of_ISA_that_is_too_long_is_told_and_the_short_ones_together()
    {
        var isa = Reading.Isa().Replace("ACME           ", "ACME WHOLESALE GMBH", StringComparison.Ordinal).Replace("BIGRETAIL      ", "BIGRETAIL", StringComparison.Ordinal)
            .Replace("*260401*", "*20260401*", StringComparison.Ordinal).Replace("*00*          *00*", "*00**00*", StringComparison.Ordinal);
        var reading = Reading.Of(isa + Rest);
        Assert.Equal(
            ["SYN1030 TA105:006 15 characters", "SYN1030 TA105:014 6 characters", "SYN1005 TA105:022 106 characters"],
            reading.Findings.Kept.Select(f => $"{f.Code} {f.Acknowledgement} {f.Expected}"));
        Assert.Equal(("ACME WHOLESALE GMBH", "BIGRETAIL"), (reading.Interchanges[0].Sender.Id, reading.Interchanges[0].Recipient.Id));
    }

    [Theory]
    [InlineData("ACME \u00C3\u00BC         ")]
    [InlineData("ACME \u00C3\u00BC        ")]
    public void A_character_of_two_bytes_counts_one_in_ISA_or_two(string sender) =>
        Assert.DoesNotContain("SYN1030", Reading.Of(Reading.Isa().Replace("ACME           ", sender, StringComparison.Ordinal) + Rest).Codes);

    [Theory]
    [InlineData("~", 80)]
    [InlineData("\n", 79)]
    public void An_ISA_wrapped_at_80_columns_is_whole(string terminator, int column)
    {
        var file = (Reading.Isa() + Rest).Replace("~", terminator);
        var reading = Reading.Of(file.Insert(column, terminator == "\n" ? "\n" : "\r\n"));
        Assert.Equal(["BEG+00"], reading.Segments);
        Assert.Equal("000000905", reading.Interchanges[0].Reference);
        Assert.Equal(0, reading.Findings.Errors);
    }

    [Theory]
    [InlineData("00401", "^", 1, false)]
    [InlineData("00501", "U", 1, true)]
    [InlineData("00402", "^", 2, false)]
    [InlineData("00501", "^", 2, false)]
    public void Values_repeat_from_00402_on(string version, string repetition, int values, bool warned)
    {
        var file = $"{Reading.Isa(version, repetition)}{Rest.Replace("BEG*00", "MSG*5^6 BOLT")}";
        var findings = new Findings();
        using var reader = new EdiReader(new MemoryStream(Encoding.ASCII.GetBytes(file)), findings);
        var marks = 0;
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                marks = reader.Segment.Marks.Length - 1;
        Assert.Equal(values, marks);
        Assert.Equal(warned, findings.Kept.Any(f => f.Code == Codes.RepetitionUnusable));
    }

    [Fact]
    public void Binary_data_is_taken_by_its_length_and_never_cut()
    {
        var reading = Reading.OfSet("BIN*12*AB~CD*EF:GHI~BDS*ASC*3*~*:~REF*A~", 3);
        Assert.Equal(["BIN+12+AB~CD*EF:GHI", "BDS+ASC+3+~*:", "REF+A"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Fact]
    public void Large_binary_data_needs_no_terminator_within_the_segment_limit()
    {
        var data = string.Concat(Enumerable.Repeat("\0\u00FF~*:ISA\r\n", 200_000));
        var reading = Reading.OfSet($"BIN*{data.Length}*{data}~REF*A~", 2);
        Assert.Equal(2, reading.Segments.Count);
        Assert.Empty(reading.Findings.Kept);
    }

    [Theory]
    [InlineData("BIN*5*ABC~REF*A~", 2)]
    [InlineData("BIN*x*ABC~REF*A~", 2)]
    [InlineData("BIN*999999*ABC~REF*A~", 2)]
    public void A_wrong_binary_length_is_an_error_and_the_segment_text(string segments, int count)
    {
        var reading = Reading.OfSet(segments, count);
        Assert.Equal([Codes.BinaryLength], reading.Codes);
        Assert.Equal("REF+A", reading.Segments[^1]);
        Assert.Equal(2, reading.Segments.Count);
    }

    [Fact]
    public void Tags_are_compared_whole() =>
        Assert.Equal(["STC+1", "SER+2", "GSX+3", "NM1+IL+1+ISAAC"], Reading.OfSet("STC*1~SER*2~GSX*3~NM1*IL*1*ISAAC~", 4).Segments);

    [Fact]
    public void ISX_announces_a_release_character()
    {
        var reading = Reading.Of($"{Reading.Isa("00704", "^")}ISX*\\~{Rest.Replace("BEG*00", "MSG*A\\*B\\~C")}");
        Assert.Equal(["MSG+A*B~C"], reading.Segments);
        Assert.Empty(reading.Findings.Kept);
    }

    [Theory]
    [InlineData("IEA*1*000000905", "IEA*1*000000906", Codes.InterchangeReference, Severity.Warning, "TA105:001")]
    [InlineData("IEA*1*000000905", "IEA*1*905", Codes.ReferencePadding, Severity.Warning, null)]
    [InlineData("IEA*1*", "IEA*2*", Codes.InterchangeCount, Severity.Error, "TA105:021")]
    [InlineData("GE*1*1", "GE*1*2", Codes.GroupReference, Severity.Error, "AK905:4")]
    [InlineData("GE*1*1", "GE*1*0001", Codes.ReferencePadding, Severity.Warning, null)]
    [InlineData("GE*1*1", "GE*2*1", Codes.GroupCount, Severity.Error, "AK905:5")]
    [InlineData("SE*3*0001", "SE*3*0002", Codes.MessageReference, Severity.Error, "AK502:3")]
    [InlineData("SE*3*0001", "SE*4*0001", Codes.MessageCount, Severity.Error, "AK502:4")]
    [InlineData("SE*3*0001~", "", Codes.MessageTrailerMissing, Severity.Error, "AK502:2")]
    [InlineData("GE*1*1~", "", Codes.GroupTrailerMissing, Severity.Error, "AK905:3")]
    [InlineData("IEA*1*000000905~", "", Codes.FileEndsEarly, Severity.Error, "TA105:023")]
    [InlineData("SE*3*0001~", "SE*3*0001~ST*850*0001~SE*2*0001~", Codes.MessageDuplicate, Severity.Error, "AK502:23")]
    public void Counts_and_references_must_agree(string right, string wrong, string code, Severity severity, string? acknowledgement)
    {
        var text = (Reading.Isa() + Rest).Replace(right, wrong);
        if (code == Codes.MessageDuplicate)
            text = text.Replace("GE*1*1", "GE*2*1");
        var finding = Assert.Single(Reading.Of(text).Findings.Kept);
        Assert.Equal((code, severity, acknowledgement), (finding.Code, finding.Severity, finding.Acknowledgement));
    }

    [Fact]
    public void Leading_zeros_of_a_count_do_not_matter() =>
        Assert.Empty(Reading.Of(Reading.Isa() + Rest.Replace("SE*3*", "SE*0000000003*")).Findings.Kept);

    [Fact]
    public void An_interchange_of_acknowledgements_alone_is_whole() =>
        Assert.Empty(Reading.Of(Reading.Isa() + "TA1*000000001*260401*0815*A*000~IEA*0*000000905~").Findings.Kept);

    [Fact]
    public void Every_group_has_its_release_and_ST03_is_nearer()
    {
        var reading = Reading.Of(Reading.Isa() + "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~SE*2*0001~GE*1*1~"
            + "GS*HC*S*R*20260401*0815*2*X*005010~ST*837*0001*005010X222A1~SE*2*0001~GE*1*2~IEA*2*000000905~");
        Assert.Equal(["004010", "005010X222A1"], reading.Messages.Select(m => m.Release));
        Assert.Empty(reading.Findings.Kept);
    }

    [Fact]
    public void A_torn_set_is_rejected_and_the_ones_before_are_delivered()
    {
        var reading = Reading.Of(Reading.Isa() + "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~SE*2*0001~ST*850*0002~PO1*1*5*E");
        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.SegmentCutOff, 2, "TA105:023"), (finding.Code, finding.At.Message, finding.Acknowledgement));
        Assert.Equal(["InterchangeStart", "GroupStart", "MessageStart", "MessageEnd", "MessageStart", "MessageEnd (implied)", "GroupEnd (implied)", "InterchangeEnd (implied)"], reading.Events);
    }

    [Fact]
    public void A_group_without_interchange_header_is_read_and_reported()
    {
        var reading = Reading.Of("GS*SH*44*99*20111206*1045*1*X*004060\nST*856*0001\nBSN*00\nSE*3*0001\nGE*1*1\n");
        Assert.Equal(["BSN+00"], reading.Segments);
        Assert.Equal([Codes.InterchangeHeaderMissing], reading.Codes);
    }
}
