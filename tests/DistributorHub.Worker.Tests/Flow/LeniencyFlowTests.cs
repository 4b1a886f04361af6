using System.Text;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What a partner's leniency says holds in the service: what is loaded, and what is acknowledged.</summary>
public sealed class LeniencyFlowTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static async Task<FlowFixture> Create(string leniency)
    {
        var flow = await FlowFixture.Create();
        await File.AppendAllTextAsync(flow.MappingPath("partners/nordlicht/partner.yaml"), $"\nleniency: {{ {leniency} }}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Paused);
        return flow;
    }

    static Task<string> Answer(FlowFixture flow) => File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Encoding.Latin1, Cancellation);

    static string[] With(string number, string instead, string stands) =>
        [.. Orders.Order(number).Select(segment => segment.Replace(instead, stands, StringComparison.Ordinal))];

    [Fact]
    public async Task A_refused_fault_rejects_its_messages_and_the_others_load()
    {
        await using var flow = await Create("trailing_separators: error");
        var file = Orders.File("R1", With("4711", "PRI+AAA:10.00", "PRI+AAA:10.00++"), Orders.Order("4712"), With("4713", "CUX+2:EUR:9", "CUX+2:EUR:9+"));
        var exchange = await flow.Send("orders.edi", file);

        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Failed, DocumentState.Loaded, DocumentState.Failed], exchange.Documents.Select(document => document.State));
        Assert.Equal(["4712"], await flow.OrderNumbers());
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4'UCS+10+45'UCM+3+ORDERS:D:96A:UN:EAN008+4'UCS+6+45'UNT", await Answer(flow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_header_rejects_the_interchange_for_the_reason_that_is_told()
    {
        await using var flow = await Create("foreign_bytes: error");
        var exchange = await flow.Send("orders.edi", [.. "Dear all,\n"u8, .. Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"))]);

        Assert.Equal(ExchangeState.Failed, exchange.Exchange.State);
        Assert.All(exchange.Documents, document => Assert.StartsWith("SYN1002 10 bytes before an interchange", document.Cause, StringComparison.Ordinal));
        Assert.Equal(2, exchange.Documents.Count);
        Assert.Empty(await flow.OrderNumbers());
        Assert.Contains("+4+33'UNT+3+1'", await Answer(flow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_agreed_loads_and_is_not_spoken_of()
    {
        await using var flow = await Create("wrong_counts: accept, missing_trailers: accept");
        var file = Encoding.Latin1.GetString(Orders.File("R1", Orders.Order("4711"))).Replace("UNT+17+1'", "UNT+99+1'", StringComparison.Ordinal).Replace("UNZ+1+R1'", "", StringComparison.Ordinal);
        Assert.Contains("UNT+99", file, StringComparison.Ordinal);
        await flow.Drop("orders.edi", Encoding.Latin1.GetBytes(file));
        flow.Clock.Advance(TimeSpan.FromHours(1));
        await flow.Run();
        flow.Clock.Advance(TimeSpan.FromHours(1));
        await flow.Run();

        var exchange = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.Matches(@"UCI[^']*\+7'UNT", await Answer(flow));
    }
}
