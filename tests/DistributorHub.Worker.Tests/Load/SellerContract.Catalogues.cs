using DistributorHub.Edi;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>Price lists: full and partial, with the rows below their items.</summary>
public abstract partial class SellerContract
{
    static readonly string[] ListTables = ["price_catalogue", "price_items", "price_tiers", "price_allowances"];

    [Fact]
    public async Task A_full_list_expires_the_items_it_leaves_out_on_the_day_it_was_issued()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 10)));
        await LoadList("l2", List("original", "2026-02-01", Items(1, 9)));
        Assert.Equal(
            ["sku01|", "sku02|", "sku03|", "sku04|", "sku05|", "sku06|", "sku07|", "sku08|", "sku09|", "sku10|2026-02-01"],
            await Rows("price_items", "supplier_sku, valid_to"));
        Assert.Equal(["1|no|2026-01-01", "2|yes|2026-02-01"], await Rows("price_catalogue", "revision, !is_current, issued_on"));
        // Its prices stay: an order that is under way still refers to them.
        Assert.Equal(10, (await Rows("price_tiers", "price_type")).Count);
    }

    [Fact]
    public async Task An_item_that_returns_is_valid_again_and_belongs_to_the_newest_list()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 10)));
        var first = await Rows("price_items", "item_id");
        await LoadList("l2", List("original", "2026-02-01", Items(1, 9)));
        await LoadList("l3", List("original", "2026-03-01", Items(1, 10)));
        Assert.Equal(first, await Rows("price_items", "item_id"));
        Assert.All(await Rows("price_items", "valid_to"), v => Assert.Equal("", v));
        Assert.Equal(["10"], await Query($"select count(*) from {Table("price_items")} i join {Table("price_catalogue")} c on c.list_id = i.list_id where c.revision = 3"));
    }

    [Fact]
    public async Task A_partial_list_touches_only_the_items_it_names()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 5)));
        await LoadList("l2", List("change", "2026-02-01", [("sku02", "change", 99m), ("sku77", "add", 7m)]));
        Assert.Equal(["sku01||1.0000", "sku02||99.0000", "sku03||3.0000", "sku04||4.0000", "sku05||5.0000", "sku77||7.0000"], await Prices());
    }

    [Fact]
    public async Task An_item_marked_deleted_goes_with_its_prices_and_allowances()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 3)));
        Assert.Equal(3, (await Rows("price_allowances", "seq")).Count);
        var outcome = await LoadList("l2", List("change", "2026-02-01", [("sku02", "delete", 1m), ("sku99", "delete", 1m)]));
        Assert.Equal(1, Assert.IsType<LoadOutcome.Loaded>(outcome).Rows["price_items"]);
        Assert.Equal(["sku01||1.0000", "sku03||3.0000"], await Prices());
        Assert.Equal(2, (await Rows("price_tiers", "price")).Count);
        Assert.Equal(2, (await Rows("price_allowances", "seq")).Count);
    }

    [Fact]
    public async Task A_truncated_list_is_held_with_the_numbers_and_changes_nothing()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 10)));
        var before = await Snapshot();
        var held = Assert.IsType<LoadOutcome.Held>(await LoadList("l2", List("original", "2026-02-01", Items(1, 7))));
        Assert.Contains("3 of the 10 rows", held.Reasons[0].Sentence);
        Assert.Contains("30 %", held.Reasons[0].Sentence);
        Assert.Contains("20 %", held.Reasons[0].Sentence);
        Assert.Equal(before, await Snapshot());
        Assert.Equal(["l1"], await Query("select document_id from hub_inbox"));
    }

    [Fact]
    public async Task Items_that_expired_before_do_not_count_for_the_guard()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 10)));
        await LoadList("l2", List("original", "2026-02-01", Items(1, 8)));
        Assert.IsType<LoadOutcome.Loaded>(await LoadList("l3", List("original", "2026-03-01", Items(1, 7))));
        Assert.Equal(["2026-02-01", "2026-02-01", "2026-03-01"], (await Rows("price_items", "valid_to")).Where(v => v.Length > 0));
    }

    [Fact]
    public async Task A_full_list_of_one_partner_leaves_the_items_of_others_alone()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 5), partner: "other"));
        await LoadList("l2", List("original", "2026-02-01", Items(6, 9)));
        Assert.All(await Rows("price_items", "valid_to"), v => Assert.Equal("", v));
        Assert.Equal(9, (await Rows("price_items", "item_id")).Count);
    }

    [Fact]
    public async Task The_prices_of_a_listed_item_are_replaced_as_a_set()
    {
        await LoadList("l1", new RowFeed(Shop).Add("price_catalogue", 1, 0, [.. ListHeader("original", "2026-01-01", "acme")])
            .Add("price_items", 1, 1, ("partner_id", "acme"), ("supplier_sku", "sku01"), ("action", "add"))
            .Add("price_tiers", 1, 1, [.. Tier(1m, 10m)]).Add("price_tiers", 2, 1, [.. Tier(10m, 9m)]).Add("price_tiers", 3, 1, [.. Tier(100m, 8m)]));
        await LoadList("l2", new RowFeed(Shop).Add("price_catalogue", 1, 0, [.. ListHeader("original", "2026-02-01", "acme")])
            .Add("price_items", 1, 1, ("partner_id", "acme"), ("supplier_sku", "sku01"), ("action", "change"))
            .Add("price_tiers", 1, 1, [.. Tier(1m, 10m)]).Add("price_tiers", 2, 1, [.. Tier(10m, 9.5m)]).Add("price_tiers", 3, 1, [.. Tier(50m, 7m)]));
        Assert.Equal(["1.000|10.0000", "10.000|9.5000", "50.000|7.0000"], await Rows("price_tiers", "min_qty, price"));
        await LoadList("l3", new RowFeed(Shop).Add("price_catalogue", 1, 0, [.. ListHeader("change", "2026-02-01", "acme")])
            .Add("price_items", 1, 1, ("partner_id", "acme"), ("supplier_sku", "sku01"), ("action", "change")));
        Assert.Empty(await Rows("price_tiers", "min_qty"));
    }

    [Fact]
    public async Task An_older_list_does_not_touch_the_items_of_the_newer_one()
    {
        await LoadList("l2", List("original", "2026-02-01", Items(1, 4)));
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Loaded>(await LoadList("l1", List("original", "2026-01-01", [("sku01", "change", 500m)]), findings));
        Assert.Equal(["sku01||1.0000", "sku02||2.0000", "sku03||3.0000", "sku04||4.0000"], await Prices());
        Assert.Equal(["1|yes", "2|no"], await Rows("price_catalogue", "revision, !is_current"));
        Assert.Equal([("price_catalogue.partner_id+list_no", null), ("price_items", "1 of 1 rows")],
            findings.Kept.Where(finding => finding.Code == LoadCodes.Older).Select(finding => (finding.Path, finding.Path == "price_items" ? finding.Found : null)));
    }

    [Fact]
    public async Task A_replayed_list_keeps_its_version_and_its_items()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 3)));
        var ids = await Rows("price_items", "item_id, list_id");
        var again = new DocumentIdentity("l1", "acme", "PRICAT", "L", "hash of l1", Replay: true);
        Assert.Equal(2, Assert.IsType<LoadOutcome.Loaded>(await List("original", "2026-01-01", [("sku01", "add", 5m), ("sku02", "add", 5m), ("sku03", "add", 5m)])
            .LoadInto(seller, again, new(), ListTables)).Revision);
        Assert.Equal(ids, await Rows("price_items", "item_id, list_id"));
        Assert.Equal(["5.0000", "5.0000", "5.0000"], await Rows("price_tiers", "price"));
        Assert.Equal(["1|yes"], await Rows("price_catalogue", "revision, !is_current"));
    }

    [Fact]
    public async Task An_action_nobody_knows_refuses_the_list()
    {
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadList("l1", List("original", "2026-01-01", [("sku01", "add", 1m), ("sku02", "4", 1m)]), findings));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.UnknownAction, "4", "price_items.action"), (finding.Code, finding.Found, finding.Path));
        Assert.Empty(await Rows("price_catalogue", "list_id"));
    }

    [Fact]
    public async Task Missing_items_are_deleted_when_the_target_says_so()
    {
        var deleting = Shop with
        {
            Tables = [.. Shop.Tables.Select(t => t.Catalogue is { } rule
                ? t with { Catalogue = rule with { Missing = Mapping.Targets.MissingRows.Delete, MaxMissing = null, ExpireColumn = null } } : t)],
        };
        await LoadList("l1", List("original", "2026-01-01", Items(1, 5)));
        var list = new RowFeed(deleting).Add("price_catalogue", 1, 0, [.. ListHeader("original", "2026-02-01", "acme")]);
        AddItems(list, [("sku02", "change", 2m)], "acme");
        Assert.IsType<LoadOutcome.Loaded>(await LoadList("l2", list));
        Assert.Equal(["sku02||2.0000"], await Prices());
        Assert.Single(await Rows("price_allowances", "seq"));
    }

    [Fact]
    public async Task Children_may_reach_the_loader_before_their_parents()
    {
        var list = new RowFeed(Shop);
        AddItems(list, [.. Items(1, 3)], "acme");
        list.Add("price_catalogue", 1, 0, [.. ListHeader("original", "2026-01-01", "acme")]);
        Assert.IsType<LoadOutcome.Loaded>(await LoadList("l1", list));
        Assert.Equal(["sku01||1.0000", "sku02||2.0000", "sku03||3.0000"], await Prices());
    }

    private protected static (string Sku, string Action, decimal Price)[] Items(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i => ($"sku{i:00}", "add", (decimal)i))];

    private protected RowFeed List(string function, string issued, (string Sku, string Action, decimal Price)[] items, string partner = "acme", string number = "L")
    {
        var feed = new RowFeed(Shop).Add("price_catalogue", 1, 0, [.. ListHeader(function, issued, partner, number)]);
        AddItems(feed, items, partner);
        return feed;
    }

    static void AddItems(RowFeed feed, (string Sku, string Action, decimal Price)[] items, string partner)
    {
        foreach (var (item, i) in items.Select((item, i) => (item, i + 1)))
        {
            feed.Add("price_items", i, 1, ("partner_id", partner), ("supplier_sku", item.Sku), ("action", item.Action), ("description", $"Item {item.Sku}"))
                .Add("price_tiers", i, i, [.. Tier(1m, item.Price)])
                .Add("price_allowances", i, i, ("seq", 1), ("kind", "discount"), ("percent", 2.5m));
        }
    }

    private protected static IEnumerable<(string, object?)> ListHeader(string function, string issued, string partner, string number = "L") =>
    [
        ("partner_id", partner), ("list_no", number), ("function", function), ("issued_on", DateOnly.Parse(issued)), ("currency", "EUR"), ("item_count", 1),
    ];

    private protected static IEnumerable<(string, object?)> Tier(decimal quantity, decimal price) =>
        [("price_type", "net"), ("min_qty", quantity), ("uom", "PCE"), ("price", price), ("per", 1m), ("currency", "EUR")];

    private protected Task<LoadOutcome> LoadList(string id, RowFeed list, Findings? findings = null) =>
        list.LoadInto(seller, new(id, "acme", "PRICAT", "L", $"hash of {id}"), findings ?? new(), ListTables);

    Task<IReadOnlyList<string>> Prices() => Query(
        $"select i.supplier_sku, i.valid_to, t.price from {Table("price_items")} i join {Table("price_tiers")} t on t.item_id = i.item_id", sorted: true);

    async Task<IReadOnlyList<string>> Snapshot() =>
    [
        .. await Rows("price_catalogue", "list_id, list_no, revision, !is_current"),
        .. await Rows("price_items", "item_id, list_id, supplier_sku, valid_to, description"),
        .. await Rows("price_tiers", "item_id, min_qty, price"),
        .. await Rows("price_allowances", "item_id, seq, percent"),
    ];

    string Table(string name) => SellerDialect.Of(database.Engine).Name(Shop.Find(name)!);
}
