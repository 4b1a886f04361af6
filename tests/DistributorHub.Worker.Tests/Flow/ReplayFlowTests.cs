using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A file that is loaded, read once more with the maps of now.</summary>
public sealed class ReplayFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_loaded_is_replaced_by_what_the_maps_make_of_it_now(bool onPostgres)
    {
        await using var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", lines: 3)));
        Assert.Equal(["EA EA EA"], await Units(flow));
        Assert.Contains("needs a reason", (await flow.Hub.Interventions.Replay(first.Exchange.Id, "inge", "", Cancellation)).Sentence, StringComparison.Ordinal);

        var codes = flow.MappingPath("codes/uom.yaml");
        await File.WriteAllTextAsync(codes, (await File.ReadAllTextAsync(codes, Cancellation)).Replace("PCE: EA", "PCE: PC", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        Assert.True((await flow.Hub.Interventions.Replay(first.Exchange.Id, "inge", "pieces are pieces", Cancellation)).Done);
        await flow.Process();

        var replayed = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, replayed.Exchange.State);
        Assert.Equal((DocumentState.Loaded, 2), (Assert.Single(replayed.Documents).State, replayed.Documents[0].Revision));
        Assert.Equal(["PC PC PC"], await Units(flow));
        Assert.Equal([AttemptKind.First, AttemptKind.Replay], replayed.Attempts.Select(attempt => attempt.Kind).Order());
        Assert.Equal("replay inge pieces are pieces", replayed.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}").Last());
    }

    static async Task<IReadOnlyList<string>> Units(FlowFixture flow)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        var table = Assert.Single(flow.Hub.Partners.Targets()).Find("order_lines")!;
        return [string.Join(' ', await connection.QueryAsync<string>($"select uom from {SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(table)}"))];
    }
}
