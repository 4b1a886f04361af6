using DistributorHub.Edi;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>Price lists that arrive after newer ones, under numbers of their own.</summary>
public abstract partial class SellerContract
{
    [Fact]
    public async Task An_older_full_list_of_another_number_changes_expires_and_adds_nothing()
    {
        await LoadList("new", List("original", "2026-02-01", Items(1, 5), number: "L2"));
        var before = await Items();
        var findings = new Findings();
        var outcome = await LoadList("old", List("original", "2026-01-01", [.. Items(2, 5), ("sku01", "add", 500m), ("sku09", "add", 9m)], number: "L1"), findings);
        Assert.Equal(0, Assert.IsType<LoadOutcome.Loaded>(outcome).Rows["price_items"]);
        Assert.Equal(before, await Items());
        Assert.Equal(["L1|2026-01-01", "L2|2026-02-01"], await Rows("price_catalogue", "list_no, issued_on"));
        var warning = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.Older, Severity.Warning, "price_items", "6 of 6 rows"), (warning.Code, warning.Severity, warning.Path, warning.Found));
        Assert.StartsWith("Older list, 6 of its 6 rows left as they are", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_full_list_expires_nothing_that_a_newer_change_brought()
    {
        await LoadList("first", List("original", "2026-01-01", Items(1, 10), number: "L1"));
        await LoadList("change", List("change", "2026-03-01", [("sku02", "change", 99m), ("sku77", "add", 7m)], number: "L3"));
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Loaded>(await LoadList("late", List("original", "2026-02-01", [.. Items(1, 9).Select(i => i with { Price = i.Price + 20 })], number: "L2"), findings));
        Assert.Equal(
            [
                "sku01||21.0000", "sku02||99.0000", "sku03||23.0000", "sku04||24.0000", "sku05||25.0000", "sku06||26.0000", "sku07||27.0000",
                "sku08||28.0000", "sku09||29.0000", "sku10|2026-02-01|10.0000", "sku77||7.0000",
            ],
            await Prices());
        Assert.Equal("1 of 9 rows", Assert.Single(findings.Kept).Found);
    }

    [Fact]
    public async Task What_a_newer_full_list_left_out_does_not_return_with_an_older_list()
    {
        await LoadList("first", List("original", "2026-01-01", Items(1, 10), number: "L1"));
        await LoadList("new", List("original", "2026-03-01", Items(1, 9), number: "L3"));
        var before = await Items();
        await LoadList("late", List("original", "2026-02-01", Items(1, 10), number: "L2"));
        await LoadList("later", List("change", "2026-02-02", [("sku10", "change", 1m), ("sku11", "add", 1m), ("sku01", "delete", 1m)], number: "L2a"));
        Assert.Equal(before, await Items());
    }

    [Fact]
    public async Task An_older_list_deletes_nothing_that_a_newer_one_brought()
    {
        await LoadList("new", List("change", "2026-02-01", [("sku01", "add", 1m), ("sku02", "add", 2m)], number: "L2"));
        await LoadList("old", List("change", "2026-01-01", [("sku01", "delete", 1m), ("sku03", "add", 3m)], number: "L1"));
        Assert.Equal(["sku01||1.0000", "sku02||2.0000", "sku03||3.0000"], await Prices());
    }

    [Fact]
    public async Task A_replay_of_an_older_full_list_expires_nothing_and_changes_nothing()
    {
        await LoadList("old", List("original", "2026-01-01", Items(1, 5), number: "L1"));
        await LoadList("new", List("original", "2026-02-01", [.. Items(1, 5), ("sku06", "add", 6m)], number: "L2"));
        var before = await Items();
        var again = new DocumentIdentity("old", "acme", "PRICAT", "L", "hash of old", Replay: true);
        Assert.IsType<LoadOutcome.Loaded>(await List("original", "2026-01-01", [("sku01", "add", 500m)], number: "L1").LoadInto(seller, again, new(), ListTables));
        Assert.Equal(before, await Items());
    }

    [Fact]
    public async Task Lists_of_other_partners_do_not_make_a_list_older()
    {
        await LoadList("other", List("original", "2026-02-01", Items(1, 2), partner: "other", number: "L2"));
        var findings = new Findings();
        await LoadList("own", List("original", "2026-01-01", Items(1, 2), number: "L1"), findings);
        Assert.Equal(4, (await Prices()).Count);
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public async Task Of_two_lists_of_one_day_the_one_that_comes_later_counts()
    {
        await LoadList("a", List("original", "2026-01-01", Items(1, 5), number: "L1"));
        await LoadList("b", List("original", "2026-01-01", [("sku01", "change", 9m), .. Items(2, 5)], number: "L2"));
        Assert.Equal("sku01||9.0000", (await Prices())[0]);
    }

    async Task<IReadOnlyList<string>> Items() =>
    [
        .. await Rows("price_items", "item_id, list_id, supplier_sku, valid_to, description"),
        .. await Rows("price_tiers", "item_id, min_qty, price"),
        .. await Rows("price_allowances", "item_id, seq, percent"),
    ];
}
