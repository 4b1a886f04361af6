using System.Globalization;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A file whose run a person ends.</summary>
public sealed class CancelFlowTests(PostgresFixture postgres)
{
    const int Items = 20_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_list_that_is_cancelled_while_it_is_loaded_leaves_no_row_and_loads_whole_when_it_is_retried(bool noticed)
    {
        await using var flow = await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var id = await Receive(flow, PriceLists.File("L1", "20261101", Items));
        Task<FlowResult?> running;
        await using (var others = await flow.Hub.SellerDatabase.Open(Cancellation))
        {
            // The merge takes as long as somebody else's work on the same table.
            await using var work = await others.BeginTransactionAsync(Cancellation);
            await others.ExecuteAsync($"lock table {Table(flow, "price_items")} in exclusive mode", transaction: work);
            running = Task.Run(() => flow.Hub.Flow.Process(id, Cancellation), Cancellation);
            await Until(async () => await Count(flow, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
            flow.Clock.Advance(RunProgress.Period);
            await Until(async () => (await Show(flow, id)).Attempts[^1].State == AttemptState.Running && await Noted(flow) > Items);
            Assert.True((await flow.Hub.Interventions.Cancel(id, "inge", "the wrong list", Cancellation)).Done);
            if (noticed)
            {
                // At the next look, the statement that waits is given up.
                flow.Clock.Advance(RunProgress.Period);
                Assert.Equal(ExchangeState.Cancelled, (await running)!.End!.State);
            }
            await work.RollbackAsync(Cancellation);
        }
        // The clock stands still: without a look, the commit is refused.
        Assert.Equal(ExchangeState.Cancelled, (await running)!.End!.State);
        Assert.Equal((0, 0), (await Count(flow, $"select count(*) from {Table(flow, "price_items")}"), await Count(flow, "select count(*) from hub_inbox")));
        var cancelled = await Show(flow, id);
        Assert.Equal((ExchangeState.Cancelled, "Cancelled by inge: the wrong list (nothing of it is loaded)"), (cancelled.Exchange.State, cancelled.Exchange.Cause));
        Assert.Equal(AttemptState.Cancelled, Assert.Single(cancelled.Attempts).State);
        Assert.Empty(cancelled.Documents);
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Empty(flow.Acknowledgements());
        Assert.Single(Directory.GetFiles(flow.Processed));

        Assert.True((await flow.Hub.Interventions.Retry(id, "inge", "it was the right one", Cancellation)).Done);
        await flow.Process();
        Assert.Equal(ExchangeState.Completed, (await Show(flow, id)).Exchange.State);
        Assert.Equal(Items, await Count(flow, $"select count(*) from {Table(flow, "price_items")}"));
        Assert.Equal(["cancel", "retry"], (await Show(flow, id)).Decisions.Select(decision => decision.Action));
    }

    [Fact]
    public async Task Orders_that_were_loaded_before_the_end_stand_in_the_record_and_are_not_loaded_twice()
    {
        await using var flow = await FlowFixture.Create();
        const int Orders = 400;
        var id = await Receive(flow, Flow.Orders.File("R1", [.. Enumerable.Range(1, Orders).Select(order => Flow.Orders.Order(order.ToString("D4", CultureInfo.InvariantCulture)))]));
        var running = Task.Run(() => flow.Hub.Flow.Process(id, Cancellation), Cancellation);
        await Until(async () => (await flow.OrderNumbers()).Count > 0);
        Assert.True((await flow.Hub.Interventions.Cancel(id, "inge", "enough", Cancellation)).Done);
        Assert.Equal(ExchangeState.Cancelled, (await running)!.End!.State);
        var loaded = (await flow.OrderNumbers()).Count;
        Assert.InRange(loaded, 1, Orders - 1);
        var cancelled = await Show(flow, id);
        Assert.Equal(loaded, cancelled.Documents.Count(document => document.State == DocumentState.Loaded));
        Assert.Contains($"({loaded} document", cancelled.Exchange.Cause, StringComparison.Ordinal);
        Assert.True((await flow.Hub.Interventions.Retry(id, "inge", null, Cancellation)).Done);
        await flow.Process();
        Assert.Equal((Orders, ExchangeState.Completed), ((await flow.OrderNumbers()).Count, (await Show(flow, id)).Exchange.State));
    }

    [Fact]
    public async Task What_waits_or_has_lost_its_worker_is_ended_by_the_next_that_takes_it()
    {
        await using var flow = await FlowFixture.Create();
        var waiting = await Receive(flow, Orders.File("R1", Orders.Order("4711")));
        Assert.True((await flow.Hub.Interventions.Cancel(waiting, "inge", "not wanted", Cancellation)).Done);
        await flow.Process();
        Assert.Equal(ExchangeState.Cancelled, (await Show(flow, waiting)).Exchange.State);

        var orphan = await Receive(flow, Orders.File("R2", Orders.Order("4712")));
        Assert.NotNull(await flow.Hub.Exchanges.Start(orphan, Cancellation));
        Assert.True((await flow.Hub.Interventions.Cancel(orphan, "inge", "not wanted", Cancellation)).Done);
        flow.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        await flow.Process();
        var ended = await Show(flow, orphan);
        Assert.Equal(ExchangeState.Cancelled, ended.Exchange.State);
        Assert.Equal([AttemptState.Abandoned, AttemptState.Cancelled], ended.Attempts.Select(attempt => attempt.State));
        Assert.Empty(await flow.OrderNumbers());
        Assert.Empty(await flow.Hub.Exchanges.Due(null, 10, Cancellation));
    }

    static async Task<long> Receive(FlowFixture flow, byte[] content)
    {
        await flow.Drop($"{content.Length}.edi", content);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        return Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges).Id;
    }

    static async Task<ExchangeDetails> Show(FlowFixture flow, long id) => (await flow.Hub.Queries.Show(id, Cancellation))!;

    static string Table(FlowFixture flow, string name) =>
        SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(Assert.Single(flow.Hub.Partners.Targets()).Find(name)!);

    static async Task<long> Noted(FlowFixture flow)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        return await connection.ExecuteScalarAsync<long?>("select max(rows_staged) from attempt where is_loading") ?? 0;
    }

    static async Task<long> Count(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await condition())
            await Task.Delay(20, limit.Token);
    }
}
