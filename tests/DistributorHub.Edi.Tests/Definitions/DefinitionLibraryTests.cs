using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Definitions;

public sealed class DefinitionLibraryTests
{
    static readonly DefinitionLibrary Library = DefinitionLibrary.Embedded;

    public static TheoryData<Standard, string, string> Held()
    {
        var held = new TheoryData<Standard, string, string>();
        foreach (var (standard, type, release) in Library.List())
            held.Add(standard, type, release);
        return held;
    }

    [Theory, MemberData(nameof(Held))]
    public void Every_definition_it_lists_loads_and_marks_its_detail_group(Standard standard, string type, string release)
    {
        var definition = Library.Find(standard, type, release);

        Assert.NotNull(definition);
        Assert.Equal((standard, type, release), (definition.Standard, definition.Type, definition.Release));
        Assert.True(definition.Nodes[definition.Detail].IsGroup);
        for (var id = 0; id < definition.Nodes.Count; id++)
        {
            var node = definition.Nodes[id];
            Assert.Equal(id, node.Id);
            Assert.All(node.Children, child => Assert.Equal(id, definition.Nodes[child].Parent));
            if (node.IsGroup && id > 0)
                Assert.Equal((id + 1, node.Tag), (node.Children[0], definition.Nodes[node.Children[0]].Tag));
        }
    }

    [Theory]
    [InlineData(Standard.Edifact, "ORDERS", "D.96A", "LIN", 54)]
    [InlineData(Standard.Edifact, "PRICAT", "D.96A", "LIN", 47)]
    [InlineData(Standard.X12, "850", "004010", "PO1", 31)]
    [InlineData(Standard.X12, "832", "004010", "LIN", 14)]
    public void The_four_messages_have_their_groups(Standard standard, string type, string release, string detail, int groups)
    {
        var definition = Library.Find(standard, type, release)!;

        Assert.Equal(detail, definition.Nodes[definition.Detail].Tag);
        Assert.Equal(groups, definition.Nodes.Count(n => n.IsGroup) - 1);
    }

    [Fact]
    public void The_second_allowance_group_of_orders_stands_in_the_summary()
    {
        var orders = Library.Find(Standard.Edifact, "ORDERS", "D.96A")!;

        var allowances = orders.Nodes.Where(n => n is { IsGroup: true, Tag: "ALC", Parent: 0 }).ToArray();
        Assert.Equal([false, true], allowances.Select(n => n.Summary));
        Assert.Equal(["SG18", "SG54"], allowances.Select(n => n.Label));
        Assert.False(Assert.Single(orders.Nodes, n => n.Tag == "UNS").Summary);
    }

    [Fact]
    public void An_unknown_type_or_release_is_not_found()
    {
        Assert.Null(Library.Find(Standard.Edifact, "ORDERS", "D.31Z"));
        Assert.Null(Library.Find(Standard.Edifact, "XXXXXX", "D.96A"));
        Assert.Null(Library.Find(Standard.X12, "ORDERS", "D.96A"));
    }

    [Fact]
    public void A_release_with_the_name_of_an_industry_convention_is_its_base_release() =>
        Assert.Same(Library.Find(Standard.X12, "850", "004010"), Library.Find(Standard.X12, "850", "004010VICS"));

    [Fact]
    public void Qualifiers_and_values_are_where_the_directory_has_them()
    {
        var edifact = Library.Find(Standard.Edifact, "ORDERS", "D.96A")!.Segments;
        var x12 = Library.Find(Standard.X12, "850", "004010")!.Segments;

        Assert.Equal((new ElementAddress(1, 1), new ElementAddress(1, 2)), (edifact.Find("QTY")!.Qualifier, edifact.Find("QTY")!.Value));
        Assert.Equal(new MomentDefinition(new(1, 2), new(1, 3)), edifact.Find("DTM")!.Moment);
        Assert.Equal([new CompositeQualifier("C504", 1, 2)], edifact.Find("CUX")!.CompositeQualifiers);
        Assert.Equal(["4347", "C212", "C212", "C212", "C212", "C212"], edifact.Find("PIA")!.Elements.Select(e => e.Id));
        Assert.Equal([true, true, false, false, false, false], edifact.Find("PIA")!.Elements.Select(e => e.Mandatory));
        Assert.Equal((new ElementAddress(1, 2), new ElementAddress(1, 1)), (edifact.Find("COM")!.Qualifier, edifact.Find("COM")!.Value));
        Assert.Equal([new PairDefinition("ID", 6, 25)], x12.Find("PO1")!.Pairs);
        Assert.Equal(25, x12.Find("PO1")!.Elements.Count);
        Assert.Equal([new PairDefinition("COM", 3, 8)], x12.Find("PER")!.Pairs);
        Assert.Equal(2, x12.Find("SAC")!.Elements[4].ImpliedDecimals);
        Assert.Equal((2, 3), (x12.Find("N1")!.Elements[0].Min, x12.Find("N1")!.Elements[0].Max));
    }
}
