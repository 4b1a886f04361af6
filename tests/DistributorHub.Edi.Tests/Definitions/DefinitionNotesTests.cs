using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Definitions;

public sealed class DefinitionNotesTests
{
    [Fact]
    public void Notes_hold_in_every_shipped_release()
    {
        var applied = 0;
        foreach (var directory in DefinitionLibrary.Embedded.Directories)
        {
            var notes = directory.Standard == Standard.X12 ? DefinitionNotes.X12 : DefinitionNotes.Edifact;
            foreach (var segment in directory.Segments.All.Values.Where(s => notes.Noted.Contains(s.Tag)))
            {
                applied++;
                Assert.True(
                    segment.Qualifier is not null || segment.Value is not null || segment.Moment is not null || segment.Tree is not null
                    || segment.Pairs.Count > 0 || segment.CompositeQualifiers.Count > 0,
                    $"{directory.Release} {segment.Tag}: no note fits.");
            }
        }
        Assert.InRange(applied, 400, int.MaxValue);
    }

    [Theory]
    // Where newer releases put the document number into a composite of its own.
    [InlineData("D.96A", "BGM", "1,1", "2,0")]
    [InlineData("D.97A", "BGM", "1,1", "2,1")]
    [InlineData("D.21B", "BGM", "1,1", "2,1")]
    [InlineData("D.93A", "QTY", "1,1", "1,2")]
    [InlineData("D.21B", "QTY", "1,1", "1,2")]
    [InlineData("D.01B", "COM", "1,2", "1,1")]
    [InlineData("D.07A", "FTX", "1,0", "4,1")]
    public void A_note_finds_its_elements_where_the_release_has_them(string release, string tag, string qualifier, string value)
    {
        var segment = DefinitionLibrary.Embedded.Directory(Standard.Edifact, "ORDERS", release)!.Segments.Find(tag)!;

        Assert.Equal((qualifier, value), ($"{segment.Qualifier!.Value.Element},{segment.Qualifier.Value.Component}", $"{segment.Value!.Value.Element},{segment.Value.Value.Component}"));
    }

    [Fact]
    public void The_second_note_is_taken_where_the_first_does_not_fit()
    {
        var notes = new DefinitionNotes("notes t\nsegment UNS 0081! a1\nAAA ~9=1\nAAA ~1=2\nBBB ~9\nUNS =0081\n", "notes");
        var segments = SegmentDictionaryReader.Read("segments T.1\nAAA 1000 an..3  1001 an..3\nBBB 1000 an..3\n", "segments", notes);

        Assert.Equal((new ElementAddress(1), new ElementAddress(2)), (segments.Find("AAA")!.Qualifier, segments.Find("AAA")!.Value));
        Assert.Null(segments.Find("BBB")!.Qualifier);
        Assert.Equal(new ElementAddress(1), segments.Find("UNS")!.Value);
    }

    [Fact]
    public void A_line_that_is_no_note_is_told_with_its_number()
    {
        var thrown = Assert.Throws<DefinitionTextException>(() => new DefinitionNotes("notes t\nAAA ~1\nDETAILS ORDERS LIN\n", "notes"));
        Assert.Equal(3, thrown.Line);
    }

    /// <summary>Which group is read a row at a time, by hand from the structures.</summary>
    [Theory]
    [InlineData("APERAK", "ERC", 0)]
    [InlineData("DELFOR", "LIN", 1)]
    [InlineData("DELJIT", "LIN", 1)]
    [InlineData("DESADV", "LIN", 1)]
    [InlineData("INVOIC", "LIN", 0)]
    [InlineData("INVRPT", "LIN", 0)]
    [InlineData("ORDCHG", "LIN", 0)]
    [InlineData("ORDERS", "LIN", 0)]
    [InlineData("ORDRSP", "LIN", 0)]
    [InlineData("OSTENQ", "LIN", 1)]
    [InlineData("OSTRPT", "LIN", 1)]
    [InlineData("PARTIN", "NAD", 0)]
    [InlineData("PRICAT", "LIN", 1)]
    [InlineData("PRODAT", "LIN", 0)]
    [InlineData("QUOTES", "LIN", 0)]
    [InlineData("RECADV", "LIN", 1)]
    [InlineData("REMADV", "DOC", 0)]
    [InlineData("REQOTE", "LIN", 0)]
    [InlineData("SLSFCT", "LIN", 1)]
    [InlineData("SLSRPT", "LIN", 1)]
    public void The_detail_group_is_the_same_in_every_release(string type, string tag, int depth)
    {
        foreach (var release in DefinitionLibrary.Embedded.List().Where(d => d.Type == type).Select(d => d.Release))
        {
            var definition = DefinitionLibrary.Embedded.Find(Standard.Edifact, type, release)!;
            var detail = definition.Nodes[definition.Detail];
            var depths = 0;
            for (var at = detail.Parent; at > 0; at = definition.Nodes[at].Parent)
                depths++;
            // PRICAT has no LIN yet in D.93A.
            if ((type, release) is ("PRICAT", "D.93A"))
                Assert.Equal(("PGI", 0), (detail.Tag, depths));
            else
                Assert.Equal((release, tag, depth), (release, detail.Tag, depths));
        }
    }
}
