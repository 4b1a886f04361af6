using Dapper;
using DistributorHub.Worker.Search;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Exchanges are found by an article that stands in them.</summary>
public sealed class FindByItemTests(PostgresFixture postgres)
{
    const string Gtin = "4054321001013";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_GTIN_finds_the_files_it_stands_in_with_or_without_its_zero_until_their_record_is_deleted(bool onPostgres)
    {
        await using var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        var list = await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 3));
        var order = await flow.Send("o1.edi", Orders.File("R1", Orders.Order("4711", lines: 2)));
        Assert.Equal([order.Exchange.Id, list.Exchange.Id], await Find(flow, Gtin));
        Assert.Equal([order.Exchange.Id, list.Exchange.Id], await Find(flow, "0" + Gtin));
        Assert.Empty(await Find(flow, "4054321001014"));

        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        flow.Clock.Advance(TimeSpan.FromDays(3_000));
        await flow.Hub.Retention.Run(Cancellation);
        Assert.Empty(await Find(flow, Gtin));
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from document_item"));
    }

    [Fact]
    public async Task Nothing_is_noted_where_that_is_switched_off()
    {
        await using var flow = await FlowFixture.Create(change: settings => settings with { IndexItems = false });
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 3));
        Assert.Empty(await Find(flow, Gtin));
    }

    [Theory]
    [InlineData("04054321001013", Gtin)]
    [InlineData("12345670", "12345670")]
    [InlineData("1234567", null)]
    [InlineData("405432100101X", null)]
    [InlineData("123456789012345", null)]
    public void A_GTIN_has_8_to_14_digits(string text, string? expected) => Assert.Equal(expected, Worker.Flow.ItemCodes.Normal(text));

    static async Task<IEnumerable<long>> Find(FlowFixture flow, string text) =>
        (await new ExchangeSearch(flow.Hub).Find(new() { Text = text }, Cancellation)).Lines.Select(line => line.Exchange.Id);
}
