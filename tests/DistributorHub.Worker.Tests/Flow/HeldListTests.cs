using Dapper;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What becomes of a price list that leaves out more than its guard lets pass.</summary>
public sealed class HeldListTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_approval_lets_the_list_pass_once(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var held = await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 6));
        Assert.Equal((ExchangeState.Held, true), (held.Exchange.State, held.AwaitsDecision));
        Assert.StartsWith("The full list leaves out 4 of the 10 rows", held.Exchange.Cause, StringComparison.Ordinal);
        var finding = Assert.Single(held.Findings);
        Assert.Equal((LoadCodes.Held, "4 of 10 rows missing (40 %)", "at most 20 % missing (guard max_missing)"), (finding.Code, finding.Found, finding.Expected));
        Assert.Contains("hub exchange approve", finding.Advice, StringComparison.Ordinal);
        Assert.Equal(10, await Current(flow));
        // Syntax is what CONTRL speaks of, and there is nothing wrong with it.
        Assert.Equal(InterchangeState.Accepted, Assert.Single(held.Interchanges).State);

        Assert.True(await flow.Hub.Exchanges.Retry(held.Exchange.Id, HubJobs.DashboardActor, "requeued", Cancellation));
        await flow.Process();
        Assert.Equal(ExchangeState.Held, (await flow.Newest()).Exchange.State);

        Assert.True((await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "season ended", null, Cancellation)).IsTaken);
        Assert.False((await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "twice", null, Cancellation)).IsTaken);
        await flow.Process();
        var loaded = await flow.Newest();
        Assert.Equal((ExchangeState.Completed, DocumentState.Loaded), (loaded.Exchange.State, Assert.Single(loaded.Documents).State));
        Assert.Equal(6, await Current(flow));
        Assert.Equal(("inge", "season ended"), (loaded.Attempts[^1].Actor, loaded.Attempts[^1].Reason));
        Assert.Equal(["retry dashboard requeued", "approve inge season ended"], loaded.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}"));

        Assert.Equal(ExchangeState.Held, (await flow.Send("l3.edi", PriceLists.File("L3", "20261103", 3))).Exchange.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rejected_list_is_never_loaded(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var held = await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 6));
        Assert.False((await flow.Hub.Holds.Reject(held.Exchange.Id - 1, "inge", "not this one", null, Cancellation)).IsTaken);
        Assert.True((await flow.Hub.Holds.Reject(held.Exchange.Id, "inge", "cut off", null, Cancellation)).IsTaken);
        var ended = await flow.Newest();
        Assert.Equal((ExchangeState.Rejected, "The held PRICAT L2 was rejected by inge: cut off"), (ended.Exchange.State, ended.Exchange.Cause));
        Assert.Equal((DocumentState.Cancelled, false), (Assert.Single(ended.Documents).State, ended.AwaitsDecision));
        Assert.Equal("reject inge cut off", Assert.Single(ended.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}")));
        Assert.False((await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "after all", null, Cancellation)).IsTaken);
        Assert.False(await flow.Hub.Exchanges.Retry(held.Exchange.Id, "inge", "after all", Cancellation));
        Assert.Equal(10, await Current(flow));
        Assert.Empty(await flow.Hub.Exchanges.Due(null, 10, Cancellation));
        var again = await flow.Send("again.edi", PriceLists.File("L2", "20261102", 6));
        Assert.Equal((ExchangeState.Duplicate, $"The same bytes were received as #{held.Exchange.Id} (l2.edi), which was rejected."), (again.Exchange.State, again.Exchange.Cause));
        using var ledger = Hub.OpenLedger(flow.Hub.Settings);
        await using var connection = await ledger.Open(Cancellation);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => connection.ExecuteAsync("update exchange set state = 'Refused'"));
    }

    [Theory]
    [InlineData("PCE", ExchangeState.Held, ExchangeState.Completed)]
    [InlineData("KRT", ExchangeState.PartiallyCompleted, ExchangeState.Failed)]
    internal async Task What_is_left_of_a_file_without_its_rejected_list_decides_its_state(string unit, ExchangeState before, ExchangeState after)
    {
        await using var flow = await Create(onPostgres: false);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var both = await flow.Send("two.edi", PriceLists.File("two", [PriceLists.List("L2", "20261102", 10, unit: unit), PriceLists.List("L3", "20261103", 4)]));
        Assert.Equal((before, DocumentState.Held), (both.Exchange.State, both.Documents[1].State));
        Assert.True((await flow.Hub.Holds.Reject(both.Exchange.Id, "inge", "cut off", null, Cancellation)).IsTaken);
        Assert.Equal(after, (await flow.Newest()).Exchange.State);
    }

    [Fact]
    public async Task An_approval_is_for_what_was_held_and_used_up_by_the_run_that_follows()
    {
        await using var flow = await Create(onPostgres: false);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        // The second list cannot be mapped at first, so that nobody has seen what it leaves out.
        var file = PriceLists.File("two", [PriceLists.List("L2", "20261102", 7), PriceLists.List("L3", "20261103", 4, unit: "KRT")]);
        var both = await flow.Send("two.edi", file);
        Assert.Equal(ExchangeState.PartiallyCompleted, both.Exchange.State);
        Assert.Equal([DocumentState.Held, DocumentState.Failed], both.Documents.Select(document => document.State));
        var codes = Directory.CreateDirectory(flow.MappingPath("partners/nordlicht/codes")).FullName;
        await File.WriteAllTextAsync(Path.Combine(codes, "uom.yaml"), "hub: codes/1\nid: uom\nmap: { KRT: CT }\n", Cancellation);
        await flow.Restart();

        Assert.True((await flow.Hub.Holds.Approve(both.Exchange.Id, "inge", "seen", null, Cancellation)).IsTaken);
        await flow.Process();
        var after = await flow.Newest();
        Assert.Equal([DocumentState.Loaded, DocumentState.Held], after.Documents.Select(document => document.State));
        Assert.Equal(7, await Current(flow));
        Assert.True(await flow.Hub.Exchanges.Retry(both.Exchange.Id, "inge", null, Cancellation));
        await flow.Process();
        Assert.Equal(ExchangeState.Held, (await flow.Newest()).Exchange.State);
        Assert.Equal(7, await Current(flow));
    }

    [Fact]
    public async Task A_held_list_that_has_become_old_takes_nothing_back_when_it_is_approved()
    {
        await using var flow = await Create(onPostgres: false);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        var held = await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 6));
        Assert.Equal(ExchangeState.Completed, (await flow.Send("l3.edi", PriceLists.File("L3", "20261103", 10, "12.00"))).Exchange.State);
        Assert.True((await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "late", null, Cancellation)).IsTaken);
        await flow.Process();
        var after = (await flow.Hub.Queries.Show(held.Exchange.Id, Cancellation))!;
        Assert.Equal(ExchangeState.Completed, after.Exchange.State);
        Assert.Equal((LoadCodes.Older, "6 of 6 rows"), (Assert.Single(after.Findings).Code, after.Findings[0].Found));
        Assert.StartsWith("Older list, 6 of its 6 rows left as they are", Assert.Single(after.Documents).Cause, StringComparison.Ordinal);
        Assert.Equal(10, await Current(flow));
    }

    async Task<FlowFixture> Create(bool onPostgres) => onPostgres
        ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync())
        : await FlowFixture.Create();

    /// <summary>Items that are valid without an end.</summary>
    static async Task<long> Current(FlowFixture flow)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        var items = SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(Assert.Single(flow.Hub.Partners.Targets()).Find("price_items")!);
        return await connection.ExecuteScalarAsync<long>($"select count(*) from {items} where valid_to is null");
    }
}
