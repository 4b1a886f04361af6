using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class StructureTableTests
{
    /// <summary>
    /// The numbers were computed apart from this program, over the official tables, by the same three rules and without the start;
    /// 850 has one more, because LS may be followed by LE at once where the LDT group is optional.
    /// </summary>
    [Theory]
    [InlineData(Standard.Edifact, "ORDERS", "D.96A", 2050 + 1)]
    [InlineData(Standard.Edifact, "PRICAT", "D.96A", 1413 + 1)]
    [InlineData(Standard.X12, "850", "004010", 3276 + 2)]
    [InlineData(Standard.X12, "832", "004010", 1658 + 1)]
    public void No_legal_segment_fits_two_places(Standard standard, string type, string release, int pairs)
    {
        var table = DefinitionLibrary.Embedded.Find(standard, type, release)!.Structure;

        Assert.Empty(table.Ambiguities);
        Assert.Equal(pairs, table.LegalPairs);
    }

    [Fact]
    public void A_structure_with_two_ways_on_says_where()
    {
        var segments = SegmentDictionaryReader.Read("segments T.1\nAAA 1000 an..3\nBBB 1000 an..3\n", "segments");
        var definition = DefinitionReader.Read(Standard.Edifact, "message TEST T.1\nAAA M1\n+BBB C9\nBBB C5\n", segments, "test");

        var ambiguity = Assert.Single(definition.Structure.Ambiguities, a => a.Place == 1);
        Assert.Equal(("BBB", 3, 4), (ambiguity.Tag, ambiguity.Taken, ambiguity.Other));
        Assert.Contains("After AAA, BBB can be that of BBB and that of TEST.", definition.Ambiguities());
    }

    [Fact]
    public void Of_two_ways_on_the_second_is_taken_when_the_first_is_used_up()
    {
        var segments = SegmentDictionaryReader.Read("segments T.1\nAAA 1000 an..3\nBBB 1000 an..3\n", "segments");
        var definition = DefinitionReader.Read(Standard.Edifact, "message TEST T.1\nAAA M1\n+BBB C2\nBBB C5\n", segments, "test");
        var cursor = new StructureCursor(definition.Structure);

        int[] places = [.. new[] { "AAA", "BBB", "BBB", "BBB", "BBB" }.Select(tag => cursor.Accept(Encoding.ASCII.GetBytes(tag)).Node)];

        Assert.Equal([1, 3, 3, 4, 4], places);
    }

    [Fact]
    public void Every_tag_of_every_message_is_found_and_others_are_not()
    {
        foreach (var (standard, type, release) in DefinitionLibrary.Embedded.List())
        {
            var definition = DefinitionLibrary.Embedded.Find(standard, type, release)!;
            var table = definition.Structure;
            foreach (var node in definition.Nodes.Skip(1))
                Assert.Equal(table.TagOf[node.Id], table.TagIndex(Encoding.ASCII.GetBytes(node.Tag)));
            foreach (var tag in new[] { "", "Q", "QQQ", "BG", "BGMX", "bgm", "\0\0\0" })
                Assert.Equal(-1, table.TagIndex(Encoding.ASCII.GetBytes(tag)));
        }
    }
}
