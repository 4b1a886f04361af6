using DistributorHub.Edi;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>What a load would change is told before it does, and a load that is bound to that does nothing else.</summary>
public abstract partial class SellerContract
{
    [Fact]
    public async Task A_new_document_is_all_new_rows_and_the_version_it_replaces_counts_no_more()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        var before = await Rows("orders", "revision, !is_current");
        using var told = await Ask(Document("d2"), Order("4711", "2026-01-11", 20m, ("A-1", 2m, 10m), ("A-2", 1m, 5m)));
        Assert.Equal(before, await Rows("orders", "revision, !is_current"));
        Assert.Equal(["d1"], await Query("select document_id from hub_inbox"));
        Assert.Equal(
            [new("orders", 1, 1, 0, 0), new("order_parties", 1, 0, 0, 0), new("order_lines", 2, 0, 0, 0)], told.Tables);
        Assert.Equal(
            ["orders acme/4711: new", "orders acme/4711: is_current true → false", "order_parties acme/4711/buyer: new", "order_lines acme/4711/1: new", "order_lines acme/4711/2: new"], Words(told));
        var line = told.Rows[3].Columns;
        Assert.Contains(new("qty", null, "2.000"), line.Select(column => column with { After = decimal.TryParse(column.After, out var number) ? number.ToString("F3") : column.After }));
        Assert.DoesNotContain(line, column => column.After is null);
    }

    [Fact]
    public async Task A_replay_tells_what_it_overwrites_deletes_and_leaves()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m), ("A-2", 1m, 10m), ("A-3", 1m, 10m)));
        var again = Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m), ("A-9", 1m, 10m));
        using var told = await Ask(Document("d1") with { Replay = true }, again);
        Assert.Equal([new("orders", 0, 0, 1, 0), new("order_parties", 0, 0, 1, 0), new("order_lines", 0, 1, 1, 1)], told.Tables);
        Assert.Equal(["order_lines acme/4711/2: supplier_sku A-2 → A-9", "order_lines acme/4711/3: removed"], Words(told));

        // Bound to what it told, it does it, and afterwards nothing is left to do.
        using var bound = new RowDifferences(new(1, told.Digest, told.Rows));
        Assert.IsType<LoadOutcome.Loaded>(await Load(Document("d1") with { Replay = true, Differences = bound }, again));
        Assert.Equal(["1|A-1", "2|A-9"], await Rows("order_lines", "line_no, supplier_sku"));
        using var nothing = await Ask(Document("d1") with { Replay = true }, again);
        Assert.False(nothing.Differs);
    }

    [Fact]
    public async Task A_load_that_would_do_something_else_than_it_told_does_nothing_and_says_what()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m), ("A-2", 1m, 10m)));
        var again = Order("4711", "2026-01-10", 10m, ("A-8", 1m, 10m), ("A-9", 1m, 10m));
        using var told = await Ask(Document("d1") with { Replay = true }, again);
        var lines = SellerDialect.Of(Database.Engine).Name(Shop.Find("order_lines")!);
        await Execute($"update {lines} set supplier_sku = 'B-1' where line_no = 1");
        await Execute($"update {lines} set supplier_sku = 'A-9' where line_no = 2");
        using var bound = new RowDifferences(new(1, told.Digest, told.Rows));
        var departed = Assert.IsType<LoadOutcome.Departed>(await Load(Document("d1") with { Replay = true, Differences = bound }, again));
        Assert.Equal(["1|B-1", "2|A-9"], await Rows("order_lines", "line_no, supplier_sku"));
        Assert.Contains("order_lines acme/4711/1: supplier_sku A-1 → A-8 was shown, and now it would be supplier_sku B-1 → A-8", departed.What, StringComparison.Ordinal);
        Assert.Contains("order_lines acme/4711/2: supplier_sku A-2 → A-9 was shown, and there is nothing to do now", departed.What, StringComparison.Ordinal);
        Assert.Equal(["d1|1"], await Query("select document_id, revision from hub_inbox"));
    }

    [Fact]
    public async Task A_replay_that_makes_another_order_tells_that_the_one_before_counts_no_more()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        using var told = await Ask(Document("d1") with { Replay = true }, Order("0815", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        Assert.Equal(["orders acme/0815: new", "orders acme/4711: is_current true → false", "order_parties acme/0815/buyer: new", "order_lines acme/0815/1: new"], Words(told));
    }

    [Fact]
    public async Task A_list_tells_the_items_it_expires_and_the_rows_that_go_with_those_it_deletes()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 10)));
        using var full = await AskList("l2", List("original", "2026-02-01", Items(1, 9)));
        Assert.Contains("price_items acme/sku10: valid_to empty → 2026-02-01", Words(full));
        using var part = await AskList("l3", List("change", "2026-02-01", [("sku02", "delete", 1m)]));
        Assert.Contains("price_items acme/sku02: removed", Words(part));
        Assert.Equal(1, part.Tables.Single(table => table.Table == "price_tiers").Removed);
        Assert.Equal(10, (await Rows("price_items", "supplier_sku")).Count);
        Assert.All(await Rows("price_items", "valid_to"), end => Assert.Equal("", end));
    }

    [Fact]
    public async Task What_is_said_of_persons_is_compared_and_not_told()
    {
        await Load("d1", Person("a@example.com"));
        using var told = await Ask(Document("d1") with { Replay = true }, Person("b@example.com"));
        Assert.Equal(["order_parties acme/4711/supplier: email *** → ***"], Words(told));
        using var other = await Ask(Document("d1") with { Replay = true }, Person("c@example.com"));
        Assert.NotEqual(told.Digest, other.Digest);
    }

    RowFeed Person(string mail) => new RowFeed(Shop).Add("orders", 1, 0, [.. OrderHeader("4711", "2026-01-10", 10m)]).Add("order_parties", 1, 1, ("role", "supplier"), ("email", mail));

    static IEnumerable<string> Words(RowDifferences told) => told.Rows.Select(row => $"{row.Table} {row.Key}: {row.Words}");

    Task<RowDifferences> Ask(DocumentIdentity document, RowFeed rows) => Asked(differences => Load(document with { Differences = differences }, rows));

    Task<RowDifferences> AskList(string id, RowFeed rows) =>
        Asked(differences => rows.LoadInto(seller, Document(id) with { Type = "PRICAT", Differences = differences }, new Findings(), ListTables));

    static async Task<RowDifferences> Asked(Func<RowDifferences, Task<LoadOutcome>> load)
    {
        var differences = new RowDifferences(expected: null);
        Assert.IsType<LoadOutcome.Compared>(await load(differences));
        return differences;
    }
}
