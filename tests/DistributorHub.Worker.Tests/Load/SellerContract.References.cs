using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>How a seller's tables refer to each other: by surrogate keys under other names, and by natural keys.</summary>
public abstract partial class SellerContract
{
    const string WebTarget = """
        hub: target/1
        id: web
        tables:
          orders:
            is: web_orders
            id: id
            key: [order_no]
            policy: update
            columns:
              order_no: text(20) not null
          items:
            is: web_order_items
            id: id
            parent: orders.id = order_id
            key: [order_id, line_no]
            policy: children
            columns:
              line_no: int not null
              sku:     text(20)
          notes:
            is: web_item_notes
            parent: items.id = item
            key: [item, note]
            policy: children
            columns:
              note: text(40) not null
        """;

    // As 'target pull' lists them: a table may stand before the one it refers to.
    const string NaturalTarget = """
        hub: target/1
        id: natural
        tables:
          lines:
            is: natural_lines
            key: [partner, order_no, line_no]
            policy: update
            columns:
              partner:  text(20) not null
              order_no: text(20) not null
              line_no:  int not null
              sku:      text(20)
          orders:
            is: natural_orders
            key: [partner, order_no]
            policy: update
            columns:
              partner:  text(20) not null
              order_no: text(20) not null = number
              note:     text
        """;

    string WebTables
    {
        get
        {
            var id = SellerDialect.Of(Database.Engine).IdDeclaration("id");
            return $"""
                create table web_products ({id}, sku varchar(20) not null unique);
                create table web_orders ({id}, order_no varchar(20) not null unique);
                create table web_order_items ({id}, product_id bigint references web_products (id), order_id bigint not null references web_orders (id),
                  line_no int not null, sku varchar(20), unique (order_id, line_no));
                create table web_item_notes (item bigint not null references web_order_items (id), note varchar(40) not null, primary key (item, note));
                """;
        }
    }

    const string NaturalTables = """
        create table natural_orders (partner varchar(20) not null, number varchar(20) not null, note text, primary key (partner, number));
        create table natural_lines (partner varchar(20) not null, order_no varchar(20) not null, line_no int not null, sku varchar(20),
          primary key (partner, order_no, line_no), foreign key (partner, order_no) references natural_orders (partner, number));
        """;

    [Fact]
    public async Task A_reference_to_the_parent_may_have_a_name_of_its_own()
    {
        await Execute(WebTables);
        var target = ReadTarget(WebTarget);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        var first = new RowFeed(target).Add("orders", 1, 0, ("order_no", "A1")).Add("orders", 2, 0, ("order_no", "A2"))
            .Add("items", 1, 1, ("line_no", 1), ("sku", "X")).Add("items", 2, 1, ("line_no", 2), ("sku", "Y")).Add("items", 3, 2, ("line_no", 1), ("sku", "Z"))
            .Add("notes", 1, 1, ("note", "fragile")).Add("notes", 2, 2, ("note", "heavy"));
        Assert.IsType<LoadOutcome.Loaded>(await LoadWeb("d1", first));
        Assert.Equal(["A1|1|X|fragile", "A1|2|Y|heavy", "A2|1|Z|"], await WebItems());
        var second = new RowFeed(target).Add("orders", 1, 0, ("order_no", "A1")).Add("items", 1, 1, ("line_no", 2), ("sku", "W"));
        Assert.IsType<LoadOutcome.Loaded>(await LoadWeb("d2", second));
        Assert.Equal(["A1|2|W|", "A2|1|Z|"], await WebItems());

        Task<LoadOutcome> LoadWeb(string id, RowFeed rows) => rows.LoadInto(Seller, Document(id), new(), "orders", "items", "notes");
    }

    [Fact]
    public async Task Tables_are_made_with_the_reference_that_the_target_names()
    {
        var target = ReadTarget(WebTarget);
        await TargetTables.Apply(Database, target, Cancellation);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        await using var connection = await Database.Open(Cancellation);
        var items = await SellerDialect.Of(Database.Engine).Read(connection, null, target.Find("items")!, Cancellation);
        var reference = Assert.Single(items.References);
        Assert.Equal(("order_id", "id"), (Assert.Single(reference.Columns), Assert.Single(reference.TableColumns)));
    }

    [Fact]
    public async Task A_reference_to_another_table_than_the_parent_is_said()
    {
        await Execute(WebTables);
        var wrong = ReadTarget(WebTarget.Replace("orders.id = order_id", "orders.id = product_id").Replace("key: [order_id, line_no]", "key: [product_id, line_no]"));
        Assert.Contains("\"product_id\" refers to", string.Join('\n', await TargetCheck.Compare(Database, wrong, Cancellation)));
    }

    [Fact]
    public async Task A_draft_names_the_parent_and_what_other_columns_refer_to()
    {
        await Execute(WebTables);
        var text = await TargetPull.Draft(Database, "web", ["web_order_items", "web_orders", "web_products", "web_item_notes"], Cancellation);
        Assert.Contains("    parent: web_orders.id = order_id\n", text);
        Assert.Contains("    parent: web_order_items.id = item\n", text);
        Assert.Contains("refers to web_products.id", text);
        var target = ReadTarget(text);
        var items = target.Find("web_order_items")!;
        Assert.Equal(("web_orders", "order_id", TablePolicy.Children), (items.Parent, items.ParentColumn, items.Policy));
        Assert.Equal(["order_id", "line_no"], items.Key);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        var rows = new RowFeed(target).Add("web_orders", 1, 0, ("order_no", "A1")).Add("web_order_items", 1, 1, ("line_no", 1), ("sku", "X"));
        Assert.IsType<LoadOutcome.Loaded>(await rows.LoadInto(Seller, Document("d1"), new(), "web_orders", "web_order_items"));
        Assert.Equal(["A1|1|X|"], await WebItems());
    }

    [Fact]
    public async Task Rows_may_refer_to_rows_of_the_same_message_by_natural_keys()
    {
        await Execute(NaturalTables);
        var target = ReadTarget(NaturalTarget);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        Assert.IsType<LoadOutcome.Loaded>(await LoadNatural("d1", NaturalOrder(target, "A1", "first", "X"), new()));
        Assert.IsType<LoadOutcome.Loaded>(await LoadNatural("d2", NaturalOrder(target, "A1", "second", "Y"), new()));
        Assert.Equal(["A1|second|1|Y"], await NaturalRows());

        // Neither in the message nor in the table.
        var findings = new Findings();
        var lost = NaturalOrder(target, "A2", "third", "Z").Add("lines", 2, 0, ("partner", "acme"), ("order_no", "A3"), ("line_no", 1));
        Assert.IsType<LoadOutcome.Refused>(await LoadNatural("d3", lost, findings));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.NoReference, 3, "acme/A3"), (finding.Code, finding.At.Segment, finding.Found));
        Assert.Equal(["A1|second|1|Y"], await NaturalRows());
    }

    [Fact]
    public async Task A_draft_of_tables_with_natural_keys_loads_them()
    {
        await Execute(NaturalTables);
        var target = ReadTarget(await TargetPull.Draft(Database, "natural", ["natural_lines", "natural_orders"], Cancellation));
        Assert.Equal(["natural_orders", "natural_lines"], target.Tables.Select(t => t.Name));
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        var rows = new RowFeed(target)
            .Add("natural_lines", 1, 0, ("partner", "acme"), ("order_no", "A1"), ("line_no", 1), ("sku", "X"))
            .Add("natural_orders", 1, 0, ("partner", "acme"), ("number", "A1"), ("note", "n"));
        Assert.IsType<LoadOutcome.Loaded>(await rows.LoadInto(Seller, Document("d1"), new(), "natural_lines", "natural_orders"));
        Assert.Equal(["A1|n|1|X"], await NaturalRows());
    }

    static RowFeed NaturalOrder(TargetDefinition target, string number, string note, string sku) => new RowFeed(target)
        .Add("lines", 1, 0, ("partner", "acme"), ("order_no", number), ("line_no", 1), ("sku", sku))
        .Add("orders", 1, 0, ("partner", "acme"), ("order_no", number), ("note", note));

    Task<LoadOutcome> LoadNatural(string id, RowFeed rows, Findings findings) => rows.LoadInto(Seller, Document(id), findings, "lines", "orders");

    Task<IReadOnlyList<string>> NaturalRows() =>
        Query("select o.number, o.note, l.line_no, l.sku from natural_orders o join natural_lines l on l.order_no = o.number", sorted: true);

    Task<IReadOnlyList<string>> WebItems() => Query(
        "select o.order_no, i.line_no, i.sku, n.note from web_orders o join web_order_items i on i.order_id = o.id left join web_item_notes n on n.item = i.id", sorted: true);
}
