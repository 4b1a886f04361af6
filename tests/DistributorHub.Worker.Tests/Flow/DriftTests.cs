using Dapper;
using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What comes into a partner's messages and what goes out of them is seen, with the exchanges that show it.</summary>
public sealed class DriftTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    async Task<FlowFixture> Create(bool onPostgres) =>
        onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_qualifier_and_a_segment_that_come_and_one_that_goes_are_told_with_their_exchanges(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var usual = await flow.Send("usual.edi", Many("A", 25, order => order));
        Assert.Empty(await Report(flow));
        Assert.Equal(25, await flow.Hub.DriftReport.Documents("nordlicht", Cancellation));

        flow.Clock.Advance(TimeSpan.FromDays(2));
        var fresh = await flow.Send("fresh.edi", Many("B", 2, order => [.. order[..3], "NAD+UC+4012345000099::9", "FTX+DEL+++ring twice", .. order[3..]]));
        var drift = await Report(flow);
        Assert.Equal(["FTX[DEL]", "NAD[UC]"], drift.Select(one => one.Place).Order(StringComparer.Ordinal));
        var party = drift.Single(one => one.Place == "NAD[UC]");
        Assert.Equal(("ORDERS", "D.96A", "New qualifier", "in 2 of 2 documents"), (party.Type, party.Release, party.What, party.Share));
        Assert.Equal((fresh.Exchange.Id, fresh.Exchange.Id), (party.FirstExchange, party.LastExchange));
        Assert.Equal(flow.Clock.GetUtcNow().Date, party.FirstAt.UtcDateTime.Date);
        Assert.Equal("New segment", drift.Single(one => one.Place == "FTX[DEL]").What);

        // The currency goes: not after a few documents without it, but when it has been usual and none of the last 20 has it.
        var few = await flow.Send("few.edi", Many("C", DriftReport.Missing - 1, WithoutCurrency));
        Assert.DoesNotContain(await Report(flow), one => one.IsGone);
        await flow.Send("more.edi", Many("D", 1, WithoutCurrency));
        var gone = Assert.Single(await Report(flow), one => one.IsGone && one.Path == "CUX");
        Assert.Equal(("Gone segment", "CUX", "in 27 of 27 documents; not in the 20 since"), (gone.What, gone.Place, gone.Share));
        Assert.Equal((usual.Exchange.Id, fresh.Exchange.Id), (gone.FirstExchange, gone.LastExchange));
        Assert.True(few.Exchange.Id > gone.LastExchange);

        // The names that were new have gone again, but were never usual.
        Assert.DoesNotContain(await Report(flow), one => one.Place == "NAD[UC]" && one.IsGone);
        flow.Clock.Advance(TimeSpan.FromDays(DriftReport.DaysUsual + 1));
        Assert.Empty(await Report(flow));
        Assert.NotEmpty(await flow.Hub.DriftReport.List("nordlicht", 90, Cancellation));
    }

    [Fact]
    public async Task What_is_read_again_is_counted_once_and_counting_goes_on_after_a_restart()
    {
        await using var flow = await FlowFixture.Create();
        var first = await flow.Send("first.edi", Many("A", 21, order => order));
        await flow.Hub.Interventions.Replay(first.Exchange.Id, MapChoice.Current, "test", "again", Cancellation);
        await flow.Process();
        await flow.Restart();
        Assert.Equal(21, await flow.Hub.DriftReport.Documents("nordlicht", Cancellation));

        // Another process has counted them; what it knows is not new to this one.
        await flow.Send("second.edi", Many("B", 1, order => [.. order[..3], "NAD+DP+4012345000099::9", .. order[3..]]));
        Assert.Equal("NAD[DP]", Assert.Single(await Report(flow)).Place);
    }

    [Fact]
    public async Task Another_kind_of_message_is_new_when_the_partner_has_been_known_for_some_time()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("first.edi", Many("A", 1, order => order));
        await flow.Send("list.edi", PriceLists.File("L1", "20261101", 1));
        Assert.Empty(await Report(flow));
        flow.Clock.Advance(DriftReport.Settled);
        var other = await flow.Send("other.edi", Orders.Replace(Many("B", 1, order => order), "ORDERS:D:96A:UN:EAN008", "ORDERS:D:01B:UN:EAN010"));
        var kind = Assert.Single(await Report(flow));
        Assert.Equal(("New message", "ORDERS", "D.01B", other.Exchange.Id), (kind.What, kind.Type, kind.Release, kind.FirstExchange));
    }

    [Fact]
    public async Task Qualifiers_that_are_never_the_same_are_kept_up_to_a_limit_also_over_restarts()
    {
        await using var flow = await FlowFixture.Create();
        for (var round = 0; round < 2; round++)
        {
            var next = round * 2_000;
            await flow.Send($"{round}.edi", Many($"R{round}", 60, order => [.. order[..3], .. Enumerable.Range(0, 20).Select(_ => $"NAD+Q{next++}"), .. order[3..]]));
            await flow.Restart();
        }
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(Limits.DriftKeysMax, await connection.ExecuteScalarAsync<long>("select count(*) from drift_key"));
        Assert.Equal(120, await connection.ExecuteScalarAsync<long>("select documents from drift_kind"));
    }

    static string[] WithoutCurrency(string[] order) => [.. order.Where(segment => !segment.StartsWith("CUX", StringComparison.Ordinal))];

    static byte[] Many(string prefix, int count, Func<string[], string[]> change) =>
        Orders.File(prefix, [.. Enumerable.Range(1, count).Select(number => change(Orders.Order($"{prefix}-{number}")))]);

    static async Task<IReadOnlyList<Drift>> Report(FlowFixture flow)
    {
        await flow.Hub.Drift.Write(all: true, Cancellation);
        return await flow.Hub.DriftReport.List("nordlicht", DriftReport.DaysUsual, Cancellation);
    }
}
