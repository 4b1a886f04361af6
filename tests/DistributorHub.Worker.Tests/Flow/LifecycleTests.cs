using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>How far an agreement is: drafts, tests, live partners, pauses and retirement, missing numbers and silence.</summary>
public sealed class LifecycleTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Under_test_only_tests_are_taken_and_loaded_beside_production(bool embedded)
    {
        await using var flow = embedded ? await FlowFixture.Create() : await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await State(flow, "state: test\ntest: { schema: hub_test }");
        await TargetTables.Apply(flow.Hub.SellerDatabase, ShadowSeller.Shadow(Assert.Single(flow.Hub.Partners.Targets()), "hub_test"), Cancellation);

        var earnest = await flow.Send("earnest.edi", Order("1001"));
        Assert.Equal((ExchangeState.Failed, FailureClass.Config), (earnest.Exchange.State, earnest.Exchange.Class));
        Assert.Equal("RTE5006", earnest.Findings[0].Code);
        Assert.Contains("+4+25", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation), StringComparison.Ordinal);

        var test = await flow.Send("test.edi", Order("1002", test: true));
        Assert.Equal((ExchangeState.Completed, DocumentState.Loaded), (test.Exchange.State, test.Documents[0].State));
        Assert.Empty(await flow.OrderNumbers());
        Assert.Single(await TestOrders(flow));

        // The same order in earnest is no duplicate of the one that was tried.
        await State(flow, "state: live");
        var live = await flow.Send("live.edi", Order("1003"));
        Assert.Equal(DocumentState.Loaded, live.Documents[0].State);
        Assert.Single(await flow.OrderNumbers());
        var late = await flow.Send("late-test.edi", Order("1004", test: true));
        Assert.Equal((ExchangeState.Failed, "RTE5006"), (late.Exchange.State, late.Findings[0].Code));

        await State(flow, "state: live\ntest_indicator: accept");
        Assert.Equal(ExchangeState.Completed, (await flow.Send("accepted-test.edi", Order("1005", test: true))).Exchange.State);
    }

    [Fact]
    public async Task Without_tables_for_tests_a_test_is_checked_and_answered_and_not_loaded()
    {
        await using var flow = await FlowFixture.Create();
        await State(flow, "state: test");
        var test = await flow.Send("test.edi", Order("1001", test: true));
        Assert.Equal((ExchangeState.Failed, FailureClass.Config, "RTE5007"), (test.Exchange.State, test.Exchange.Class, Assert.Single(test.Findings, finding => finding.Severity == "Error").Code));
        Assert.Empty(await flow.OrderNumbers());
        Assert.Contains("+7'", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_partner_receives_and_sends_nothing_and_what_came_waits()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("first.edi", Order("1001"));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        Assert.True(await flow.Hub.Pauses.Pause("nordlicht", "tester", "stocktaking", Cancellation));
        Assert.False(await flow.Hub.Pauses.Pause("nordlicht", "tester", "again", Cancellation));

        await flow.Drop("second.edi", Order("1002"));
        await flow.Run();
        await flow.Run();
        var waiting = Assert.Single(await flow.Hub.Queries.List(new(), Cancellation)).Exchange;
        Assert.Equal((ExchangeState.Received, "Waits: partner nordlicht was paused by tester: stocktaking"), (waiting.State, waiting.Cause));
        Assert.Equal(0, waiting.CrashCount);
        Assert.Empty(await flow.OrderNumbers());
        Assert.True(File.Exists(Path.Combine(flow.Inbox, "first.edi")));

        Assert.True(await flow.Hub.Pauses.Resume("nordlicht", "tester", "done", Cancellation));
        Assert.False(await flow.Hub.Pauses.Resume("nordlicht", "tester", "again", Cancellation));
        await flow.Run();
        Assert.All(await flow.Hub.Queries.List(new(), Cancellation), summary => Assert.Equal(ExchangeState.Completed, summary.Exchange.State));
        Assert.False(File.Exists(Path.Combine(flow.Inbox, "first.edi")));
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(["pause stocktaking", "resume done"], await connection.QueryAsync<string>("select action || ' ' || reason from audit where target = 'partner nordlicht' order by id"));
    }

    [Theory]
    [InlineData("draft", nameof(ExchangeState.Received))]
    [InlineData("paused", nameof(ExchangeState.Received))]
    [InlineData("retired", nameof(ExchangeState.Failed))]
    public async Task What_came_before_waits_or_is_refused_by_the_state(string state, string becomes)
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("order.edi", Order("1001"));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        await State(flow, $"state: {state}");
        Assert.DoesNotContain(flow.Hub.Partners.Live, live => live.Id == "nordlicht");
        await flow.Run();
        var exchange = Assert.Single(await flow.Hub.Queries.List(new(), Cancellation)).Exchange;
        Assert.Equal(becomes, exchange.State.ToString());
        Assert.Contains(state, exchange.Cause, StringComparison.Ordinal);
        Assert.Empty(await flow.OrderNumbers());
        Assert.Empty(flow.Acknowledgements());

        await State(flow, "state: live");
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        if (exchange.State == ExchangeState.Failed)
            Assert.True(await flow.Hub.Exchanges.Retry(exchange.Id, "tester", null, Cancellation));
        await flow.Run();
        Assert.Single(await flow.OrderNumbers());
    }

    [Fact]
    public async Task Numbers_that_are_left_out_are_told_and_told_when_they_come()
    {
        await using var flow = await FlowFixture.Create();
        await State(flow, "state: live\nsequence: warn");
        Assert.DoesNotContain(await Numbers("100"), code => code.StartsWith("SEQ", StringComparison.Ordinal));
        Assert.DoesNotContain(await Numbers("101"), code => code.StartsWith("SEQ", StringComparison.Ordinal));
        Assert.Contains("SEQ8001 Warning", await Numbers("00105"));
        Assert.Equal([(102L, 104L)], await Open());
        Assert.Contains("SEQ8002 Information", await Numbers("103"));
        Assert.Equal([(102L, 102L), (104L, 104L)], (await Open()).Order());
        // Seen before: it fills nothing, and restarts nothing.
        Assert.DoesNotContain(await Numbers("103"), code => code.StartsWith("SEQ", StringComparison.Ordinal));
        Assert.Contains("SEQ8002 Information", await Numbers("102"));
        Assert.Contains("SEQ8002 Information", await Numbers("104"));
        Assert.Empty(await Open());
        Assert.Contains("SEQ8003 Information", await Numbers("1"));
        Assert.Contains("SEQ8001 Warning", await Numbers("3"));
        Assert.DoesNotContain(await Numbers("LT-7"), code => code.StartsWith("SEQ", StringComparison.Ordinal));

        async Task<IReadOnlyList<string>> Numbers(string reference)
        {
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
            var exchange = await flow.Send($"{Guid.NewGuid():N}.edi", Order(reference, number: $"PO-{Guid.NewGuid():N}"[..12]));
            Assert.True(Transitions.IsEnded(exchange.Exchange.State));
            return [.. exchange.Findings.Select(finding => $"{finding.Code} {finding.Severity}")];
        }

        async Task<IReadOnlyList<(long, long)>> Open() =>
            [.. (await flow.Hub.Sequences.Open("nordlicht", 10, Cancellation)).Select(gap => (gap.FirstNumber, gap.LastNumber))];
    }

    [Fact]
    public async Task Who_sends_nothing_for_longer_than_agreed_is_silent()
    {
        await using var flow = await FlowFixture.Create();
        await State(flow, "state: live\nsla: { expected_every: 4h }");
        var expected = flow.Hub.Partners.ExpectedEvery();
        Assert.Equal(TimeSpan.FromHours(4), Assert.Single(expected).Value);
        Assert.Empty((await flow.Hub.Silence.Mark(expected, Cancellation)).Fallen);
        var start = flow.Clock.GetUtcNow();
        flow.Clock.Advance(TimeSpan.FromHours(5));
        // From the first look on, though nothing ever came; told once.
        Assert.Equal(start, Assert.Single((await flow.Hub.Silence.Mark(expected, Cancellation)).Fallen).Since);
        Assert.Empty((await flow.Hub.Silence.Mark(expected, Cancellation)).Fallen);
        await flow.Send("order.edi", Order("1001"));
        Assert.Equal(["nordlicht"], (await flow.Hub.Silence.Mark(expected, Cancellation)).Returned);
        Assert.Empty(await flow.Hub.Silence.List(expected, Cancellation));
        flow.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Single(await flow.Hub.Silence.List(expected, Cancellation));
    }

    [Fact]
    public async Task A_lock_whose_connection_dies_ends_the_work_under_it()
    {
        await using var flow = await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await using (var held = await flow.Hub.Locks.TryTake("poll/nordlicht", Cancellation))
        {
            Assert.Null(await flow.Hub.Locks.TryTake("poll/nordlicht", Cancellation));
            Assert.False(held!.Token.IsCancellationRequested);
            await using (var connection = await flow.Hub.Database.Open(Cancellation))
                await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");
            // The clock stands still: each tick is one look at the connection.
            for (var look = 0; look < 3_000 && !held.Token.IsCancellationRequested; look++)
            {
                flow.Clock.Advance(TimeSpan.FromSeconds(5));
                await Task.Delay(20, Cancellation);
            }
            Assert.True(held.Lost);
        }
        await using var next = await flow.Hub.Locks.TryTake("poll/nordlicht", Cancellation);
        Assert.NotNull(next);
    }

    static async Task State(FlowFixture flow, string settings)
    {
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var lines = (await File.ReadAllLinesAsync(path, Cancellation))
            .Where(line => !new[] { "state:", "test:", "test_indicator:", "sequence:", "sla:" }.Any(setting => line.StartsWith(setting, StringComparison.Ordinal)));
        await File.WriteAllTextAsync(path, $"{string.Join('\n', lines)}\n{settings}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Diagnostics);
    }

    static byte[] Order(string reference, bool test = false, string number = "PO-1") => Orders.Replace(
        Orders.File(reference, Orders.Order(number)), $"{reference}++ORDERS'", $"{reference}++ORDERS{(test ? "++++1" : "")}'");

    static async Task<IReadOnlyList<string>> TestOrders(FlowFixture flow)
    {
        var target = ShadowSeller.Shadow(Assert.Single(flow.Hub.Partners.Targets()), "hub_test");
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        return (await connection.QueryAsync<string>($"select po_number from {SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(target.Find("orders")!)}")).AsList();
    }
}
