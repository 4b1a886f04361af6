using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>One agreement and one map take a message in several releases.</summary>
public sealed class ReleaseFlowTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_checked_and_mapped_in_its_own_release()
    {
        await using var flow = await FlowFixture.Create();
        await Change(flow, "base/orders-edifact.yaml", "release: D.96A", "release: [D.96A, D.93A]");
        await Change(flow, "partners/nordlicht/partner.yaml", "message: ORDERS, release: D.96A, map: base/orders-edifact, guide: guides/nordlicht-orders", "message: ORDERS, map: base/orders-edifact");
        Assert.Empty(flow.Hub.Mappings.Refresh().Diagnostics);

        var exchange = await flow.Send("orders.edi", Orders.Replace(Orders.File("R1", Orders.Order("4711"), Orders.Order("4712")), "UNH+2+ORDERS:D:96A", "UNH+2+ORDERS:D:93A"));

        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal([("D.96A", DocumentState.Loaded), ("D.93A", DocumentState.Loaded)], exchange.Documents.Select(document => (document.Release, document.State)));
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
    }

    [Fact]
    public async Task A_guide_beside_a_map_of_several_releases_wants_an_agreement_for_its_release()
    {
        await using var flow = await FlowFixture.Create();
        await Change(flow, "base/orders-edifact.yaml", "release: D.96A", "release: [D.96A, D.93A]");
        Assert.Empty(flow.Hub.Mappings.Refresh().Diagnostics);

        await Change(flow, "partners/nordlicht/partner.yaml", "message: ORDERS, release: D.96A,", "message: ORDERS,");
        Assert.Equal(
            ["PTN1012 Guide guides/nordlicht-orders is of ORDERS D.96A, but this takes ORDERS with a map of ORDERS D.93A."],
            flow.Hub.Mappings.Refresh().Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.Message}"));
    }

    static async Task Change(FlowFixture flow, string file, string before, string after)
    {
        var text = await File.ReadAllTextAsync(flow.MappingPath(file), Cancellation);
        Assert.Contains(before, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(flow.MappingPath(file), text.Replace(before, after, StringComparison.Ordinal), Cancellation);
    }
}
