using DistributorHub.Mapping.Targets;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Targets;

public sealed class TargetReaderTests
{
    [Fact]
    public void The_shop_of_the_repository_is_read_whole()
    {
        var target = Read(File.ReadAllText(Repository.PathTo("mappings", "targets", "shop.target.yaml")), out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.NotNull(target);
        Assert.Equal(["orders", "order_parties", "order_lines", "price_catalogue", "price_items", "price_tiers", "price_allowances"],
            target.Tables.Select(t => t.Name));
        var orders = target.Find("orders")!;
        Assert.Equal(("sales", "purchase_order", "po_id", TablePolicy.Version), (orders.Schema, orders.Physical, orders.Id, orders.Policy));
        Assert.Equal(new VersionRule("revision", "is_current", "ordered_on"), orders.Version);
        Assert.Equal(new ColumnDefinition { Name = "order_no", Physical = "po_number", Kind = ColumnKind.Text, Length = 35, Nullable = false }, orders.Find("order_no"));
        Assert.Equal(new ColumnDefinition { Name = "total_amount", Physical = "total_amount", Kind = ColumnKind.Numeric, Precision = 14, Scale = 2 }, orders.Find("total_amount"));
        var items = target.Find("price_items")!;
        Assert.Equal(("price_catalogue", "list_id"), (items.Parent, items.ParentColumn));
        Assert.Equal(["partner_id"], items.Catalogue!.Scope);
        Assert.Equal(("function", "original"), items.Catalogue.FullWhen);
        Assert.Equal((MissingRows.Expire, "valid_to", "action", 0.20m),
            (items.Catalogue.Missing, items.Catalogue.ExpireColumn, items.Catalogue.ActionColumn, items.Catalogue.MaxMissing));
    }

    [Fact]
    public void Parents_come_before_their_children_whatever_the_order_of_the_file()
    {
        var target = Read("""
            hub: target/1
            id: x
            tables:
              line: { parent: head.id, key: [id, no], policy: children, columns: { no: int not null } }
              head: { id: id, key: [no], policy: skip, columns: { no: bigint not null = nr } }
            """, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Equal(["head", "line"], target!.Tables.Select(t => t.Name));
        Assert.Equal("seller", target.Connection);
        Assert.True(target.Find("head")!.Find("no")!.Wide);
    }

    [Theory]
    [InlineData("head.id", "id")]
    [InlineData("head.id = head_id", "head_id")]
    [InlineData("head.id= Kopf Nr", "Kopf Nr")]
    public void The_column_that_refers_to_the_parent_may_be_called_otherwise_than_the_parents_id(string parent, string column)
    {
        var target = Read($$"""
            hub: target/1
            id: x
            tables:
              head: { id: id, key: [no], policy: skip, columns: { no: bigint not null } }
              line: { parent: {{parent}}, key: [{{column}}, no], policy: children, columns: { no: int not null } }
            """, out var diagnostics);
        Assert.Empty(diagnostics);
        var line = target!.Find("line")!;
        Assert.Equal(("head", "id", column), (line.Parent, line.ParentId, line.ParentColumn));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_each_at_its_place()
    {
        var target = Read("""
            hub: target/2
            id: x
            tables:
              orders:
                is: sales.po
                id: po_id
                key: [number]
                policy: upsert
                columns:
                  order_no: text(0)
                  total: numeric(40,2)
                  po_id: int
              lines:
                parent: order.po_id
                key: [po_id]
                policy: version
                columns: {}
              prices:
                key: [sku]
                policy: catalogue
                catalogue: { scope: [sku], missing: expire, action: verb, guard: { max_missing: many } }
                colums: {}
                columns: { sku: text not null }
            """, out var diagnostics);
        Assert.Null(target);
        Assert.Equal(
            "1:6 TGT1001, 5:5 TGT1014, 7:10 TGT1007, 8:13 TGT1006, 10:17 TGT1012, 11:14 TGT1012, 14:5 TGT1010, 14:5 TGT1010, "
            + "14:13 TGT1008, 16:13 TGT1010, 17:14 TGT1004, 21:16 TGT1011, 21:16 TGT1011, 21:16 TGT1011, 21:85 TGT1011, 22:5 TGT1002",
            string.Join(", ", diagnostics.OrderBy(d => (d.Line, d.Column)).Select(d => $"{d.Line}:{d.Column} {d.Code}")));
    }

    [Theory]
    [InlineData("parent: b.bid, id: aid, key: [k], policy: update, columns: { k: int not null }", "parent: a.aid, id: bid, key: [k], policy: update, columns: { k: int not null }", "TGT1013")]
    [InlineData("id: id, key: [k], policy: update, columns: { k: int not null }", "parent: a.other, key: [k], policy: update, columns: { k: int not null }", "TGT1009")]
    [InlineData("key: [k], policy: update, columns: { k: int not null }", "parent: a.id, key: [k], policy: update, columns: { k: int not null }", "TGT1009")]
    [InlineData("id: id, key: [k], policy: update, columns: { k: int not null }", "parent: a.other = a_id, key: [k], policy: update, columns: { k: int not null }", "TGT1009")]
    [InlineData("id: id, key: [k], policy: update, columns: { k: int not null }", "parent: a.id =, key: [k], policy: update, columns: { k: int not null }", "TGT1008")]
    [InlineData("is: t, key: [k], policy: update, columns: { k: int not null }", "is: t, key: [k], policy: update, columns: { k: int not null }", "TGT1014")]
    [InlineData("key: [k], policy: update, columns: { k: int }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1007")]
    [InlineData("key: [k], policy: children, columns: { k: int not null }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1008")]
    [InlineData("key: [k], policy: skip, version: { newer_by: k }, columns: { k: int not null }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1010")]
    [InlineData("key: [k], policy: update, version: { newer_by: k }, columns: { k: text not null }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1010")]
    [InlineData("key: [k], policy: skip, columns: { k: money not null }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1012")]
    [InlineData("is: a.b.c, key: [k], policy: skip, columns: { k: int not null }", "key: [k], policy: skip, columns: { k: int not null }", "TGT1005")]
    public void One_mistake_gives_one_kind_of_diagnostic_with_a_place(string a, string b, string code)
    {
        Assert.Null(Read($"hub: target/1\nid: x\ntables:\n  a: {{ {a} }}\n  b: {{ {b} }}\n", out var diagnostics));
        Assert.All(diagnostics, d => Assert.Equal(code, d.Code));
        Assert.All(diagnostics, d => Assert.InRange(d.Line, 4, 5));
        Assert.NotEmpty(diagnostics);
    }

    [Theory]
    [InlineData("text(35) not null")]
    [InlineData("numeric(15,4)")]
    [InlineData("bigint not null = physical name")]
    [InlineData("timestamp")]
    public void A_type_is_written_as_it_is_read(string type) =>
        Assert.Equal(type, ColumnType.Write(ColumnType.Parse("column", type, out _)!));

    static TargetDefinition? Read(string text, out List<Diagnostic> diagnostics)
    {
        diagnostics = [];
        return TargetReader.Read("x.target.yaml", text, diagnostics);
    }
}
