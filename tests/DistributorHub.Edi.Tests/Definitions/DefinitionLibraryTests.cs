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

    /// <summary>
    /// Where the standards themselves leave two ways, found by the rule of the nearest place and looked at: DELFOR's lines belong to a party or
    /// to none, a DELJIT text to its line or to the message, an INVRPT quantity to its package or to the line, and LS of 832 is one of two.
    /// </summary>
    [Fact]
    public void Few_messages_are_ambiguous_and_these_are_known()
    {
        var ambiguous = Library.List().Where(d => Library.Find(d.Standard, d.Type, d.Release)!.Ambiguities().Count > 0).Select(d => $"{d.Type} {d.Release}");

        Assert.Equal(["832 005010", "DELFOR D.93A", "DELFOR D.96A", "DELJIT D.96A", "INVRPT D.96A"], ambiguous.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_imported_goes_before_what_is_shipped()
    {
        var library = With(("edifact/D.96A/ORDERS.txt", "message ORDERS D.96A\nBGM C7\n"), ("edifact/D.96A/segments.txt", "segments D.96A\nBGM 1004 an..35\n"));

        Assert.Equal(7, library.Find(Standard.Edifact, "ORDERS", "D.96A")!.Nodes[1].Max);
        Assert.Equal((false, true), (library.Directory(Standard.Edifact, "ORDERS", "D.96A")!.Shipped, library.Directory(Standard.Edifact, "PRICAT", "D.96A")!.Shipped));
        // The other messages of the release stay, with their own segments.
        Assert.Equal(47, library.Find(Standard.Edifact, "PRICAT", "D.96A")!.Nodes.Count(n => n.IsGroup) - 1);
        Assert.Single(library.List(), d => d is { Type: "ORDERS", Release: "D.96A" });
        Assert.Equal("D.96A", library.Base(library.Directories[0], "ORDERS")!.Value.Directory.Release);
        Assert.Null(Library.Base(Library.Directories[0], Library.Directories[0].Messages[0]));
    }

    [Fact]
    public void An_association_has_definitions_of_its_own_where_they_were_imported()
    {
        var library = With(("edifact/D.96A.EAN008/ORDERS.txt", "message ORDERS D.96A\nBGM C7\n"), ("edifact/D.96A.EAN008/segments.txt", "segments D.96A\nBGM 1004 an..35\n"));
        var message = new MessageInfo { Type = "ORDERS", Version = "D", Release = "96A", Association = "EAN008" };
        var other = new MessageInfo { Type = "ORDERS", Version = "D", Release = "96A", Association = "EAN007" };

        Assert.Equal(7, library.Find(Standard.Edifact, message)!.Nodes[1].Max);
        Assert.Equal(1, library.Find(Standard.Edifact, other)!.Nodes[1].Max);
        Assert.Equal(1, Library.Find(Standard.Edifact, message)!.Nodes[1].Max);
        Assert.Equal("D.96A", library.Base(library.Directory(Standard.Edifact, "ORDERS", "D.96A.EAN008")!, "ORDERS")!.Value.Directory.Release);
    }

    [Theory]
    [InlineData(Standard.Edifact, "ORDERS", "D.95B", "D.96A D.97A D.93A D.01B D.07A D.21B")]
    [InlineData(Standard.Edifact, "ORDERS", "D.23A", "D.21B D.07A D.01B D.97A D.96A D.93A")]
    [InlineData(Standard.Edifact, "OSTENQ", "D.96A", "D.97A D.01B D.07A D.21B")]
    [InlineData(Standard.Edifact, "CONTRL", "D.96A", "2.2 4.1 D.3")]
    [InlineData(Standard.X12, "850", "004030", "004010 005010")]
    [InlineData(Standard.X12, "999", "004010", "005010")]
    [InlineData(Standard.X12, "837", "005010", "")]
    [InlineData(Standard.Edifact, "850", "004010", "")]
    public void The_nearest_releases_are_those_nearest_in_time(Standard standard, string type, string release, string expected) =>
        Assert.Equal(expected, string.Join(' ', Library.Nearest(standard, type, release)));

    [Fact]
    public void Only_what_is_asked_for_is_read()
    {
        var read = new List<string>();
        var texts = new Dictionary<string, string>
        {
            ["edifact/D.99Z/ORDERS.txt"] = "message ORDERS D.99Z\nBGM M1\n",
            ["edifact/D.99Z/INVOIC.txt"] = "this is no definition",
            ["edifact/D.99Z/segments.txt"] = "segments D.99Z\nBGM 1004 an..35\n",
        };
        var library = new DefinitionLibrary(texts.Keys, path =>
        {
            read.Add(path);
            return System.Text.Encoding.UTF8.GetBytes(texts[path]);
        });
        Assert.Empty(read);
        Assert.NotNull(library.Find(Standard.Edifact, "ORDERS", "D.99Z"));
        Assert.NotNull(library.Find(Standard.Edifact, "ORDERS", "D.99Z"));
        Assert.Equal(["edifact/D.99Z/ORDERS.txt", "edifact/D.99Z/segments.txt"], read.Order(StringComparer.Ordinal));
    }

    static DefinitionLibrary With(params (string Path, string Text)[] files) =>
        new(files.Select(f => f.Path), path => System.Text.Encoding.UTF8.GetBytes(files.Single(f => f.Path == path).Text));
}
