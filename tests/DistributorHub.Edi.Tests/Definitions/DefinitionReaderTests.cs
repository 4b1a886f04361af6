using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    static readonly SegmentDictionary Segments = SegmentDictionaryReader.Read("segments T.1\nAAA 1000 an..3\nBBB 1000 an..3\nUNS 0081! a1\n", "segments");

    [Fact]
    public void Indentation_is_nesting_and_comments_are_skipped()
    {
        var definition = DefinitionReader.Read(
            Standard.Edifact, "# a test\nmessage TEST T.1\n\nAAA M1   # first\n+*BBB C> SG1\n  AAA C99\n  +AAA M2 SG2\n    BBB C1\nUNS M1\nAAA C1\n", Segments, "test");

        Assert.Equal(["TEST", "AAA", "BBB", "BBB", "AAA", "AAA", "AAA", "BBB", "UNS", "AAA"], definition.Nodes.Select(n => n.Tag));
        Assert.Equal([-1, 0, 0, 2, 2, 2, 5, 5, 0, 0], definition.Nodes.Select(n => n.Parent));
        Assert.Equal([1, 1, int.MaxValue, 1, 99, 2, 1, 1, 1, 1], definition.Nodes.Select(n => n.Max));
        Assert.Equal([10, 2, 8, 4, 5, 8, 7, 8, 9, 10], definition.Nodes.Select(n => n.End));
        Assert.Equal([9], definition.Nodes.Where(n => n.Summary).Select(n => n.Id));
        Assert.Equal((2, "SG2"), (definition.Detail, definition.Nodes[5].Label));
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("mesage TEST T.1", 1, "message TYPE RELEASE")]
    [InlineData("message TEST T.1\nAAA M1\n    BBB C1", 3, "indentation")]
    [InlineData("message TEST T.1\nAAA M1\n  BBB C1", 3, "indentation")]
    [InlineData("message TEST T.1\n BBB C1", 2, "indentation")]
    [InlineData("message TEST T.1\nQQQ M1", 2, "no segment \"QQQ\"")]
    [InlineData("message TEST T.1\nAAA X1", 2, "M, C or O")]
    [InlineData("message TEST T.1\nAAA M0", 2, "from 1")]
    [InlineData("message TEST T.1\nAAA", 2, "expected a tag")]
    [InlineData("message TEST T.1\n+*AAA M1\n+*BBB M1", 3, "one detail group")]
    public void A_mistake_in_a_message_is_told_with_its_line(string text, int line, string part)
    {
        var thrown = Assert.Throws<DefinitionTextException>(() => DefinitionReader.Read(Standard.Edifact, text, Segments, "my.txt"));

        Assert.Equal(line, thrown.Line);
        Assert.StartsWith($"my.txt:{line}: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AAA 1000 an..3", 1, "segments RELEASE")]
    [InlineData("segments T.1\nAAA 1000 zz..3", 2, "Found type \"zz\"")]
    [InlineData("segments T.1\nAAA 1000 an", 2, "length")]
    [InlineData("segments T.1\nAAA 1000 an..", 2, "number")]
    [InlineData("segments T.1\nAAA C001{1000 an..3", 2, "expected \"}\"")]
    [InlineData("segments T.1\nAAA 02:1000 an..3", 2, "the next is 01")]
    [InlineData("segments T.1\nAAA 1000 an..3\nAAA 1000 an..3", 3, "second time")]
    [InlineData("segments T.1\nAAA 1000 an..3  ~1001", 2, "no element \"1001\"")]
    [InlineData("segments T.1\nAAA 1000 an..3  tree(id 1000)", 2, "id, parent and level")]
    [InlineData("segments T.1\nAAA 1000 an..3  ID=pairs(03..04: 1 an..1, 2 an..2)", 2, "begin at position 3")]
    [InlineData("segments T.1\nAAA 1000 an..3  C001~1=2", 2, "no composite C001")]
    [InlineData("segments T.1\nAAA 1000x999999999 an..3", 2, "no more than 99")]
    [InlineData("segments T.1\nAAA 1000x99 an..3 1001 an..3", 2, "no more than 99")]
    [InlineData("segments T.1\nAAA C001{1000 an..3, 1001x99 an..3}", 2, "no more than 99")]
    [InlineData("segments T.1\nAAA C001{C002{1000 an..3}}", 2, "no other composite")]
    [InlineData("segments T.1\nTOOLONG 1000 an..3", 2, "segment tag")]
    public void A_mistake_in_a_segment_is_told_with_its_line(string text, int line, string part)
    {
        var thrown = Assert.Throws<DefinitionTextException>(() => SegmentDictionaryReader.Read(text, "segments.txt"));

        Assert.Equal(line, thrown.Line);
        Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_have_their_types_lengths_and_repeats()
    {
        var segment = SegmentDictionaryReader.Read(
            "segments T.1\nAAA 1000! an3  C001!x2{1001! n..5,\n     1002 a2..4}  1 N2:..15  2 dt8  3 tm4..8  4 R..9\n", "segments").Find("AAA")!;

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], segment.Elements.Select(e => e.Position));
        Assert.Equal([true, true, false, false, false, false, false], segment.Elements.Select(e => e.Mandatory));
        Assert.Equal(
            [ElementType.Text, ElementType.Composite, ElementType.Composite, ElementType.Implied, ElementType.Date, ElementType.Time, ElementType.Decimal],
            segment.Elements.Select(e => e.Type));
        Assert.Equal([(3, 3), (0, 15), (8, 8), (4, 8), (0, 9)], segment.Elements.Where(e => e.Type != ElementType.Composite).Select(e => (e.Min, e.Max)));
        Assert.Equal((2, true), (segment.Elements[3].ImpliedDecimals, segment.Elements[2].Components[1].AlphabeticOnly));
    }
}
