using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What a list of prices changes, and how the one before is made to count again.</summary>
public sealed class CatalogueTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_is_compared_with_what_was_there(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var first = await Review(flow);
        Assert.Equal((true, 10L, 10L, 0L, 0L, 0L), (first.IsFull, first.Items, first.New, first.Changed, first.Removed, first.Before!.Value));

        // Two items gone, one new, one dearer, one cheaper by much, one in another unit.
        var items = PriceLists.List("L2", "20261102", 9).ToList();
        items.RemoveRange(items.FindIndex(segment => segment.StartsWith("LIN+1+", StringComparison.Ordinal)), 5);
        Change(items, 2, "PRI+AAA:10.00", "PRI+AAA:10.30");
        Change(items, 3, "PRI+AAA:10.00", "PRI+AAA:4.00");
        Change(items, 4, "PRI+AAA:10.00:CT:NTP:1:PCE", "PRI+AAA:95.00:CT:NTP:10:PCE");
        items.AddRange(["LIN+10+3+4054321001013:EN", "PIA+1+HX-777:SA", "IMD+F++:::Brand new", "PRI+AAA:7.00:CT:NTP:1:PCE", "RNG+4+PCE:1"]);
        Assert.Equal(ExchangeState.Completed, (await flow.Send("l2.edi", PriceLists.File("L2", [[.. items]]))).Exchange.State);

        var second = await Review(flow);
        Assert.Equal((9L, 10L, 1L, 3L, 5L, 2L), (second.Items, second.Before!.Value, second.New, second.Changed, second.Unchanged, second.Removed));
        Assert.Equal((1L, 0.2m, 0.2m), (second.Terms, second.Lost!.Value, second.MaxMissing!.Value));
        Assert.Equal("1 at bar 0, 1 at bar 7", string.Join(", ", second.Histogram.Select((count, bar) => (count, bar)).Where(pair => pair.count > 0).Select(pair => $"{pair.count} at bar {pair.bar}")));
        Assert.Equal(["HX-003 10 EA 1 EUR -60", "HX-002 10 EA 1 EUR 3"], second.Samples.Prices.Select(price => $"{price.Item} {price.Was} {price.Percent:0.#}"));
        Assert.Equal(["HX-004 10 EA 1 EUR 95 EA 10 EUR"], second.Samples.Terms.Select(price => $"{price.Item} {price.Was} {price.Becomes}"));
        Assert.Equal([("HX-777", "Brand new")], second.Samples.Added.Select(item => (item.Item, item.Description!)));
        Assert.Equal([("HX-001", "Item 1"), ("HX-010", "Item 10")], second.Samples.Removed.Select(item => (item.Item, item.Description!)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_list_before_counts_again_whatever_its_date_and_stands_in_the_record(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var first = await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        flow.Clock.Advance(TimeSpan.FromHours(1));
        var second = await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 12, "12.00"));
        Assert.Contains("needs a reason", (await flow.Hub.Catalogues.Rollback(second.Exchange.Id, null, "inge", " ", Cancellation)).Sentence, StringComparison.Ordinal);
        var early = await flow.Hub.Catalogues.Rollback(first.Exchange.Id, null, "inge", "wrong one", Cancellation);
        Assert.Equal($"List L2 (#{second.Exchange.Id}) was loaded after L1, at 2026-11-16 09:00 UTC, and is the one that counts: roll that one back.", early.Sentence);

        flow.Clock.Advance(TimeSpan.FromHours(1));
        var asked = await flow.Hub.Catalogues.Rollback(second.Exchange.Id, null, "inge", "wrong prices", Cancellation);
        Assert.True(asked.Done, asked.Sentence);
        Assert.Equal(first.Exchange.Id, asked.Exchange);
        var twice = await flow.Hub.Catalogues.Rollback(second.Exchange.Id, null, "inge", "twice", Cancellation);
        Assert.False(twice.Done);
        Assert.Contains("it is being worked on", twice.Sentence, StringComparison.Ordinal);
        await flow.Process();

        var restored = (await flow.Hub.Queries.Show(first.Exchange.Id, Cancellation))!;
        Assert.Equal((ExchangeState.Completed, DocumentState.Loaded, 2), (restored.Exchange.State, restored.Documents[0].State, restored.Documents[0].Revision));
        Assert.Equal([AttemptKind.First, AttemptKind.Rollback], restored.Attempts.Select(attempt => attempt.Kind).Order());
        Assert.Equal("10 items at 10", await Prices(flow));
        Assert.Equal($"roll back inge to #{first.Exchange.Id}: wrong prices", (await flow.Hub.Queries.Show(second.Exchange.Id, Cancellation))!.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}").Last());
        var versions = await flow.Hub.Catalogues.Versions((await flow.Hub.Catalogues.Find(first.Exchange.Id, null, Cancellation))!, 10, Cancellation);
        Assert.Equal([("L1", true, false), ("L2", false, true)], versions.Select(version => (version.Name, version.IsLive, version.RolledBackAt is not null)));
        Assert.Contains("was rolled back at 2026-11-16 10:00 UTC already", (await flow.Hub.Catalogues.Rollback(second.Exchange.Id, null, "inge", "again", Cancellation)).Sentence, StringComparison.Ordinal);

        // Forward again: it is the newer one, so that an ordinary replay is enough.
        flow.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await flow.Hub.Interventions.Replay(second.Exchange.Id, MapChoice.Current, "inge", "they were right", Cancellation)).Done);
        await flow.Process();
        Assert.Equal("12 items at 12", await Prices(flow));
        Assert.True((await flow.Hub.Catalogues.Find(second.Exchange.Id, null, Cancellation))!.IsLive);
    }

    [Fact]
    public async Task A_list_with_nothing_before_it_cannot_be_rolled_back()
    {
        await using var flow = await Create(onPostgres: false);
        var only = await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 3));
        var refused = await flow.Hub.Catalogues.Rollback(only.Exchange.Id, null, "inge", "no", Cancellation);
        Assert.Equal((false, ExchangeState.Completed), (refused.Done, refused.Found));
        Assert.Contains("No full list was loaded before L1", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal("There is no exchange #99.", (await flow.Hub.Catalogues.Rollback(99, null, "inge", "no", Cancellation)).Sentence);
    }

    [Fact]
    public async Task A_held_list_is_compared_too_and_its_items_go_with_its_bytes()
    {
        await using var flow = await Create(onPostgres: false);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var held = await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 6, "11.00"));
        Assert.Equal(ExchangeState.Held, held.Exchange.State);
        var review = await Review(flow);
        Assert.Equal((6L, 4L, 6L, 0.4m), (review.Items, review.Removed, review.Changed, review.Lost!.Value));
        Assert.False((await flow.Hub.Catalogues.Find(held.Exchange.Id, null, Cancellation))!.IsLive);
        Assert.Equal([("L2", DocumentState.Held), ("L1", DocumentState.Loaded)], (await flow.Hub.Catalogues.List(null, 10, Cancellation)).Select(list => (list.Name, list.State)));

        Assert.True((await flow.Hub.Holds.Reject(held.Exchange.Id, "inge", "cut off", null, Cancellation)).IsTaken);
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        flow.Clock.Advance(TimeSpan.FromDays(200));
        await flow.Hub.Retention.Run(Cancellation);
        var later = await Review(flow);
        Assert.Equal((4L, 0), (later.Removed, later.Samples.Removed.Count));
    }

    static void Change(List<string> segments, int item, string from, string to)
    {
        var at = segments.FindIndex(segments.FindIndex(segment => segment.StartsWith($"LIN+{item}+", StringComparison.Ordinal)), segment => segment.StartsWith("PRI", StringComparison.Ordinal));
        segments[at] = segments[at].Replace(from, to, StringComparison.Ordinal);
    }

    async Task<FlowFixture> Create(bool onPostgres) => onPostgres
        ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync())
        : await FlowFixture.Create();

    static async Task<CatalogueReview> Review(FlowFixture flow) =>
        (await flow.Hub.Catalogues.Find((await flow.Newest()).Exchange.Id, null, Cancellation))!.Review();

    /// <summary>Items that are valid without an end, and their prices.</summary>
    static async Task<string> Prices(FlowFixture flow)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        var (dialect, target) = (SellerDialect.Of(flow.Hub.SellerDatabase.Engine), Assert.Single(flow.Hub.Partners.Targets()));
        var prices = await connection.QueryAsync<decimal>(
            $"select p.price from {dialect.Name(target.Find("price_items")!)} i join {dialect.Name(target.Find("price_tiers")!)} p on p.item_id = i.item_id where i.valid_to is null");
        var all = prices.ToList();
        return $"{all.Count} items at {string.Join(" and ", all.Distinct().Select(price => price.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)))}";
    }
}
