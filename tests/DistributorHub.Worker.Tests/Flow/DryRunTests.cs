using Dapper;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A replay shows what it would change, and then does that or nothing.</summary>
public sealed class DryRunTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dry_run_writes_nothing_and_what_it_showed_is_what_is_applied(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var loaded = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"), Orders.Order("4713", unit: "KRT")));
        var before = await Units(flow);
        await ReplayFlowTests.Means(flow, "PCE: BX, KRT: CT");

        var id = await Try(flow, loaded.Exchange.Id, MapChoice.Current);
        Assert.Equal(before, await Units(flow));
        Assert.Equal((ExchangeState.PartiallyCompleted, 1), ((await flow.Newest()).Exchange.State, (await flow.Newest()).Attempts.Count));
        var tried = Assert.Single(await flow.Hub.Replays.Book.Exchanges(id, null, 10, Cancellation));
        Assert.Equal((ReplayOutcome.Different, ExchangeState.PartiallyCompleted, "one.edi", null), (tried.Outcome, tried.State, tried.File, tried.Applied));
        var documents = await flow.Hub.Replays.Book.Documents(id, [loaded.Exchange.Id], Cancellation);
        Assert.Equal([("4711", true), ("4712", true), ("4713", false)], documents.Select(document => (document.Name, document.WasLoaded)));
        Assert.Equal(new TableDifferences("order_lines", 0, 2, 0, 0), documents[0].Tables.Single(table => table.Table == "order_lines"));
        Assert.Equal(new RowDifference("order_lines", "nordlicht/4711/1", DifferenceKind.Changed, []), documents[0].Rows[0] with { Columns = [] });
        Assert.Equal([new ColumnDifference("uom", "EA", "BX")], documents[0].Rows[0].Columns);
        Assert.Equal(new TableDifferences("order_lines", 2, 0, 0, 0), documents[2].Tables.Single(table => table.Table == "order_lines"));
        Assert.Equal([new("order_lines", 2, 4, 0, 0), new("order_parties", 2, 0, 4, 0), new("orders", 1, 0, 2, 0)], await flow.Hub.Replays.Book.Totals(id, Cancellation));
        Assert.Equal([(false, 1L, 5L), (true, 2L, 4L)], (await flow.Hub.Replays.Book.DocumentCounts(id, Cancellation)).Select(count => (count.WasLoaded, count.Count, count.Rows)).Order());

        Assert.Contains("needs a reason", (await flow.Hub.Replays.Apply(id, "inge", " ", Cancellation)).Mistake, StringComparison.Ordinal);
        var (report, mistake) = await flow.Hub.Replays.Apply(id, "inge", "they are boxes", Cancellation);
        Assert.Null(mistake);
        Assert.Equal("1 queued, 0 skipped because their state did not allow it, or has changed.", report!.Sentence);
        await flow.Process();
        Assert.Equal("BX BX BX BX CT CT", await Units(flow));
        var after = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, after.Exchange.State);
        Assert.Equal([2, 2, 1], after.Documents.Select(document => document.Revision!.Value));
        Assert.Equal((AttemptKind.Replay, "inge", "they are boxes", AttemptState.Succeeded), (after.Attempts[^1].Kind, after.Attempts[^1].Actor, after.Attempts[^1].Reason, after.Attempts[^1].State));
        Assert.Equal(AttemptState.Succeeded, Assert.Single(await flow.Hub.Replays.Book.Exchanges(id, null, 10, Cancellation)).Applied);
        Assert.Contains("was applied before", (await flow.Hub.Replays.Apply(id, "inge", "again", Cancellation)).Mistake, StringComparison.Ordinal);
        Assert.Single(flow.Acknowledgements());

        // Now it is as the maps have it.
        var same = await Try(flow, loaded.Exchange.Id, MapChoice.Current);
        Assert.Equal(ReplayOutcome.Same, Assert.Single(await flow.Hub.Replays.Book.Exchanges(same, null, 10, Cancellation)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_seller_s_rows_have_changed_since_nothing_is_written_and_it_is_said_what(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var loaded = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712")));
        await ReplayFlowTests.Means(flow, "PCE: BX");
        var id = await Try(flow, loaded.Exchange.Id, MapChoice.Current);
        await Seller(flow, "update {0} set uom = 'PC' where line_no = 1 and po_id = (select min(po_id) from {0})");
        await flow.Hub.Replays.Apply(id, "inge", "they are boxes", Cancellation);
        await flow.Process();

        Assert.Equal("BX BX EA PC", await Units(flow));
        var after = await flow.Newest();
        Assert.Equal((ExchangeState.Completed, AttemptState.Failed), (after.Exchange.State, after.Attempts[^1].State));
        Assert.Equal([1, 2], after.Documents.Select(document => document.Revision!.Value));
        var finding = Assert.Single(after.Findings, finding => finding.Code == LoadCodes.Departs);
        Assert.Contains("order_lines nordlicht/4711/1: uom EA → BX was shown, and now it would be uom PC → BX", finding.Message, StringComparison.Ordinal);
        Assert.Equal(finding.Message, Assert.Single(await flow.Hub.Replays.Book.Exchanges(id, null, 10, Cancellation)).Error);
    }

    [Fact]
    public async Task What_is_applied_is_mapped_as_it_was_shown_although_the_maps_have_changed_again()
    {
        await using var flow = await FlowFixture.Create();
        var loaded = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712", unit: "KRT")));
        await ReplayFlowTests.Means(flow, "PCE: BX");
        var id = await Try(flow, loaded.Exchange.Id, MapChoice.Current);
        await ReplayFlowTests.Means(flow, "PCE: CX, KRT: CT");
        await flow.Hub.Replays.Apply(id, "inge", "boxes", Cancellation);
        await flow.Process();
        // The one that still failed when it was tried is left as it is, too.
        Assert.Equal("BX BX", await Units(flow));
        Assert.Equal([DocumentState.Loaded, DocumentState.Failed], (await flow.Newest()).Documents.Select(document => document.State));
        Assert.Equal(ExchangeState.PartiallyCompleted, (await flow.Newest()).Exchange.State);
    }

    [Fact]
    public async Task An_exchange_that_was_read_since_is_left_alone()
    {
        await using var flow = await FlowFixture.Create();
        var loaded = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        await ReplayFlowTests.Means(flow, "PCE: BX");
        var id = await Try(flow, loaded.Exchange.Id, MapChoice.Current);
        Assert.True((await flow.Hub.Interventions.Replay(loaded.Exchange.Id, MapChoice.Pinned, "otto", "as it was", Cancellation)).Done);
        await flow.Process();
        var (report, _) = await flow.Hub.Replays.Apply(id, "inge", "boxes", Cancellation);
        Assert.Contains("has been read since the dry run, and is Completed now", Assert.Single(report!.Refused).Sentence, StringComparison.Ordinal);
        Assert.Equal("EA EA", await Units(flow));

        flow.Clock.Advance(ReplayBook.Kept + TimeSpan.FromSeconds(1));
        Assert.Contains("kept for 7 days", (await flow.Hub.Replays.Apply(id, "inge", "late", Cancellation)).Mistake, StringComparison.Ordinal);
        Assert.Equal(1, await flow.Hub.Replays.Book.RemoveOld(Cancellation));
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select (select count(*) from replay_row) + (select count(*) from replay_table) + (select count(*) from replay_document)"));
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_told_by_the_dry_run()
    {
        await using var flow = await FlowFixture.Create();
        var failed = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", unit: "KRT")));
        var still = Assert.Single(await flow.Hub.Replays.Book.Exchanges(await Try(flow, failed.Exchange.Id, MapChoice.Current), null, 10, Cancellation));
        Assert.Equal(ReplayOutcome.Failed, still.Outcome);
        Assert.Contains("KRT", still.Cause, StringComparison.Ordinal);
        var unknown = Assert.Single(await flow.Hub.Replays.Book.Exchanges(await Try(flow, failed.Exchange.Id, new("base/nothing")), null, 10, Cancellation));
        Assert.Contains("There is no map 'base/nothing'", unknown.Cause, StringComparison.Ordinal);
        var waiting = await flow.Hub.Replays.Begin("id=99", [99], MapChoice.Current, "inge", Cancellation);
        Assert.Contains("not at its end", (await flow.Hub.Replays.Apply(waiting, "inge", "soon", Cancellation)).Mistake, StringComparison.Ordinal);
        Assert.True(await flow.Hub.Replays.Run(waiting, Cancellation));
        Assert.Equal("There is no exchange #99.", Assert.Single(await flow.Hub.Replays.Book.Exchanges(waiting, null, 10, Cancellation)).Cause);
        Assert.False(await flow.Hub.Replays.Run(waiting, Cancellation));
    }

    static async Task<long> Try(FlowFixture flow, long exchange, MapChoice map)
    {
        var id = await flow.Hub.Replays.Begin($"id={exchange}", [exchange], map, "inge", Cancellation);
        Assert.True(await flow.Hub.Replays.Run(id, Cancellation));
        return id;
    }

    static async Task<string> Units(FlowFixture flow) => string.Join(' ', (await ReplayFlowTests.Units(flow)).Single().Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    static async Task Seller(FlowFixture flow, string sql)
    {
        var lines = SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(Assert.Single(flow.Hub.Partners.Targets()).Find("order_lines")!);
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        Assert.Equal(1, await connection.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, lines)));
    }

    async Task<FlowFixture> Create(bool onPostgres) =>
        onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
}
