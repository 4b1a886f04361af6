using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Search;

/// <summary>What is done to many exchanges at once.</summary>
public sealed class BulkTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filter_chooses_by_partner_state_type_code_and_day(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        await flow.Send("good.edi", Orders.File("R1", Orders.Order("1")));
        await flow.Send("bad.edi", Orders.File("R2", Orders.Order("2", unit: "KRT")));
        flow.Clock.Advance(TimeSpan.FromDays(1));
        await flow.Send("later.edi", Orders.File("R3", Orders.Order("3", unit: "KRT")));
        var bulk = new Bulk(flow.Hub);
        foreach (var (filter, files) in new[]
        {
            ("partner=nordlicht", "good.edi bad.edi later.edi"),
            ("partner=nobody", ""),
            ("state=failed", "bad.edi later.edi"),
            ("type=ORDERS code=map2105", "bad.edi later.edi"),
            ("type=INVOIC", ""),
            ("code=MAP2105 until=2026-11-16", "bad.edi"),
            ("from=2026-11-17", "later.edi"),
            ("q=good.edi", "good.edi"),
            ("direction=out", ""),
        })
        {
            var parsed = ExchangeFilters.Parse(filter, out var mistake);
            Assert.Null(mistake);
            Assert.Equal(filter.ToLowerInvariant(), parsed!.ToText().ToLowerInvariant().Replace("code=map2105 type=orders", "type=orders code=map2105", StringComparison.Ordinal));
            var met = await new ExchangeSearch(flow.Hub).All(parsed, 10, Cancellation);
            Assert.Equal(files, string.Join(' ', met.Reverse().Select(exchange => exchange.File)));
        }
        var preview = await bulk.Preview(AttemptKind.Retry, ExchangeFilters.Parse("partner=nordlicht", out _)!, null, Cancellation);
        Assert.Equal((3, 2, false), (preview.Met, preview.Ready.Count, preview.IsTooMany));
        Assert.Equal("3 exchanges are met (1 Completed, 2 Failed); retry touches 2, and the state of the other 1 does not allow it.", preview.Sentence);
        Assert.Contains("can be done to none", (await bulk.Preview(AttemptKind.Ignore, ExchangeFilters.Parse("state=completed", out _)!, null, Cancellation)).Mistake, StringComparison.Ordinal);
        Assert.Equal("No exchange is met by the filter.", (await bulk.Preview(AttemptKind.Retry, ExchangeFilters.Parse("type=INVOIC", out _)!, null, Cancellation)).Mistake);
    }

    [Fact]
    public async Task Many_are_queued_over_time_and_those_that_have_changed_since_are_told()
    {
        await using var flow = await FlowFixture.Create();
        for (var i = 1; i <= 3; i++)
            await flow.Send($"{i}.edi", Orders.File($"R{i}", Orders.Order($"{i}", unit: "KRT")));
        await ReplayFlowTests.Means(flow, "KRT: CT");
        var bulk = new Bulk(flow.Hub);
        var preview = await bulk.Preview(AttemptKind.Replay, ExchangeFilters.Parse("state=failed", out _)!, null, Cancellation);
        var ids = preview.Ready.Select(exchange => exchange.Id).ToList();
        // What comes after the preview is not in it.
        await flow.Send("4.edi", Orders.File("R4", Orders.Order("4", unit: "XXX")));
        Assert.True((await flow.Hub.Interventions.Ignore(ids[1], "otto", "not wanted", Cancellation)).Done);
        Assert.True((await flow.Hub.Interventions.Replay(ids[2], MapChoice.Current, "otto", "faster", Cancellation)).Done);
        var again = await bulk.Preview(AttemptKind.Replay, preview.Filters, preview.UpTo, Cancellation);
        Assert.Equal(ids[..1], again.Ready.Select(exchange => exchange.Id));

        var report = await bulk.Do(preview, MapChoice.Current, "inge", "cartons", Cancellation);
        Assert.Equal("2 queued, 1 skipped because their state did not allow it, or has changed.", report.Sentence);
        Assert.Equal((ids[2], ExchangeState.Received), (Assert.Single(report.Refused).Exchange, report.Refused[0].Found));
        await flow.Process();
        Assert.Equal(["1", "2", "3"], await flow.OrderNumbers());
        var audit = await flow.Hub.Audit.List(new() { Actor = "inge", Most = 10 }, Cancellation);
        Assert.Equal(("bulk replay", "state=failed", "2 exchange(s): cartons"), (audit[0].Action, audit[0].Target, audit[0].Reason));
    }

    [Fact]
    public async Task More_than_a_second_s_share_is_due_later_and_too_many_are_refused()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("1.edi", Orders.File("R1", Orders.Order("1", unit: "KRT")));
        await using (var connection = await flow.Hub.Database.Open(Cancellation))
            await connection.ExecuteAsync(
                """
                with recursive n(i) as (select 1 union all select i + 1 from n where i < @more)
                insert into exchange (partner, file, path, sha256, bytes, modified_at, state, class, cause, due_at, created_at, ended_at)
                select partner, i || '.edi', path, sha256, bytes, modified_at, state, class, cause, due_at, created_at, ended_at from exchange, n
                """, new { more = Bulk.ExchangesMax - 1 });
        var bulk = new Bulk(flow.Hub);
        var all = await bulk.Preview(AttemptKind.Ignore, ExchangeFilters.Parse("state=failed", out _)!, null, Cancellation);
        Assert.Equal((Bulk.ExchangesMax, false), (all.Ready.Count, all.IsTooMany));
        var some = await bulk.Preview(AttemptKind.Retry, all.Filters, all.Ready[44].Id, Cancellation);
        Assert.Equal(45, some.Ready.Count);
        await bulk.Do(some, null, "inge", "again", Cancellation);
        Assert.Equal(20, (await flow.Hub.Exchanges.Due(null, 100, Cancellation)).Count);
        flow.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(40, (await flow.Hub.Exchanges.Due(null, 100, Cancellation)).Count);
        flow.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(45, (await flow.Hub.Exchanges.Due(null, 100, Cancellation)).Count);
        await flow.Send("last.edi", Orders.File("R9", Orders.Order("9", unit: "KRT")));
        Assert.True((await bulk.Preview(AttemptKind.Replay, ExchangeFilters.Parse("partner=nordlicht", out _)!, null, Cancellation)).IsTooMany);
    }

    [Theory]
    [InlineData("colour=red")]
    [InlineData("state=done")]
    [InlineData("from=yesterday")]
    [InlineData("since=2w")]
    [InlineData("partner")]
    [InlineData("partner=nordlicht and more")]
    [InlineData("")]
    public void A_filter_that_says_nothing_or_something_unknown_is_refused(string text)
    {
        Assert.Null(ExchangeFilters.Parse(text, out var mistake));
        Assert.Contains("Terms are partner=", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_with_blanks_stands_in_quotes()
    {
        var filters = ExchangeFilters.Parse("partner=nordlicht cause=\"MAP2105 the code 'KRT' is not there.\"", out _)!;
        Assert.Equal("MAP2105 the code 'KRT' is not there.", filters.Cause);
        Assert.Equal(filters, ExchangeFilters.Parse(filters.ToText(), out _));
    }

    async Task<FlowFixture> Create(bool onPostgres) =>
        onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
}
