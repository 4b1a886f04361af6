using System.Text;
using DistributorHub.Worker.Tests.Fixtures;
using static DistributorHub.Worker.Tests.Flow.OutgoingHelp;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>How files that go out are written for a partner, and where their elements come from.</summary>
public sealed class OutgoingFormTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Separators_and_line_breaks_are_those_the_partner_wants()
    {
        await using var flow = await Create(postgres, more: ", line_breaks: crlf, separators: { element: '|', decimal: ',' }");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var lines = (await File.ReadAllTextAsync(Assert.Single(Files(flow)), Cancellation)).Split("\r\n");
        Assert.Equal("UNA:|,? '", lines[0]);
        Assert.StartsWith("UNB|UNOC:3|4012345000009:14|4012345000016:14|", lines[1], StringComparison.Ordinal);
        Assert.Contains("QTY|21:2,5:PCE'", lines);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", charset: utf-8", "FTX+AAI+++\u0141\u00f3d\u017a")]
    [InlineData(", characters: transliterate", "FTX+AAI+++L\u00f3dz")]
    [InlineData(", syntax: 'UNOY:4'", "FTX+AAI+++\u0141\u00f3d\u017a")]
    public async Task Characters_that_the_set_lacks_are_refused_unless_something_else_is_agreed(string more, string? expected)
    {
        await using var flow = await Create(postgres, more: more);
        await Insert(flow, 1, "AB-1", "accepted");
        await Execute(flow, "update {0} set note = '\u0141\u00f3d\u017a'");
        await SendAll(flow);
        if (expected is null)
        {
            Assert.Contains("cannot be written", (await flow.Newest()).Exchange.Cause, StringComparison.Ordinal);
            // A change of the agreement is a reason to try again.
            await Agree(flow, "folder: replies", "folder: replies, charset: utf-8");
            await SendAll(flow);
            Assert.Single(Files(flow));
            return;
        }
        var bytes = await File.ReadAllBytesAsync(Assert.Single(Files(flow)), Cancellation);
        Assert.Contains(expected, (more.Contains("translit", StringComparison.Ordinal) ? Encoding.Latin1 : Encoding.UTF8).GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("separators: { element: A }", "PTN1015", "cannot be a service character")]
    [InlineData("separators: { element: '++' }", "PTN1004", "'element' is '++'.")]
    [InlineData("separators: { elements: '+' }", "PTN1002", "no setting 'elements'")]
    [InlineData("charset: klingon", "PTN1015", "Nothing can be written as this entry says")]
    [InlineData("syntax: UNOQ", "PTN1015", "Nothing can be written as this entry says")]
    [InlineData("line_breaks: yes", "PTN1004", "'line_breaks' is 'yes'.")]
    public async Task A_form_that_nobody_could_read_is_a_mistake_of_the_partners_file(string form, string code, string message)
    {
        await using var flow = await Create(postgres);
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Cancellation)).Replace("folder: replies", $"folder: replies, {form}", StringComparison.Ordinal), Cancellation);
        var mistake = Assert.Single(flow.Hub.Mappings.Refresh().Diagnostics);
        Assert.Equal(code, mistake.Code);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task X12_groups_have_their_own_parties_where_these_are_agreed()
    {
        await using var flow = await Create(postgres);
        await Agree(flow, "map: base/ordrsp-edifact, folder: replies, sender: '4012345000009', sender_qualifier: '14'",
            "map: base/ordrsp-x12, folder: replies, sender: US, sender_qualifier: ZZ, recipient: THEM, recipient_qualifier: '01', group_sender: OURS, group_recipient: THEIRS, separators: { element: '|', terminator: newline }");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var lines = await File.ReadAllLinesAsync(Assert.Single(flow.Acknowledgements("855-*.x12")), Cancellation);
        Assert.Equal(["GS", "PR", "OURS", "THEIRS"], lines[1].Split('|')[..4]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_element_names_the_row_and_column_it_came_from(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var explained = await flow.Hub.Flow.Explain((await flow.Newest()).Exchange.Id, flow.Partner, Cancellation);
        var elements = explained.Trace!.Elements;
        var number = elements.Single(element => element.Element == "BGM.1004");
        Assert.Equal((2, "AB-1", "response_no"), (number.Segment, number.Value, number.Rule));
        Assert.StartsWith("base/ordrsp-edifact.yaml:8:", number.Place, StringComparison.Ordinal);
        var source = Assert.Single(number.Sources);
        Assert.Equal(("edi.order_response", "response_no", "", "AB-1"), (source.View, source.Column, source.Row, source.Value));
        // Line 10 is the first, by the document's order: UNH BGM DTM RFF DTM NAD NAD CUX LIN PIA QTY.
        var quantity = elements.Single(element => element is { Element: "QTY[21].C186.6411", Row: 1 });
        Assert.Equal((11, "PCE", "lines"), (quantity.Segment, quantity.Value, quantity.List));
        Assert.Equal([("edi.order_response_line", "uom", "lines 1", "EA")], quantity.Sources.Select(field => (field.View, field.Column, field.Row, field.Value!)));
        var note = elements.Single(element => element.Element == "FTX[AAI].C108.4440");
        Assert.Equal((0, null), (note.Segment, note.Value));
        Assert.True(elements.Single(element => element.Rule == "count(lines)").Sources[0].IsFold);
        Assert.Equal(explained.Bytes.Length > 0, explained.Findings.Errors == 0);
    }
}
