using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>The service checks a partner's messages with the guide the agreement names.</summary>
public sealed class GuideFlowTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_guide_does_not_take_is_not_loaded_and_is_acknowledged_and_its_neighbour_loads()
    {
        await using var flow = await FlowFixture.Create();
        string[] copy = [.. Orders.Order("4711").Select(segment => segment.Replace("+4711+9", "+4711+5", StringComparison.Ordinal))];
        var exchange = await flow.Send("orders.edi", Orders.File("R1", copy, Orders.Order("4712")));

        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Failed, DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.StartsWith("GDE5006 BGM element 3 (1225) is '5': guide guides/nordlicht-orders takes 9", exchange.Documents[0].Cause, StringComparison.Ordinal);
        Assert.Equal(["4712"], await flow.OrderNumbers());
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4'UCS+2'UCD+12+4'", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guide_that_the_map_names_holds_where_the_agreement_names_none()
    {
        await using var flow = await FlowFixture.Create();
        var partner = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(flow.MappingPath("partners/nordlicht/orders.yaml"),
            "hub: map/1\nid: nordlicht/orders\nextends: base/orders-edifact\nguide: guides/nordlicht-orders\n", Cancellation);
        await File.WriteAllTextAsync(partner, (await File.ReadAllTextAsync(partner, Cancellation))
            .Replace("map: base/orders-edifact, guide: guides/nordlicht-orders", "map: nordlicht/orders", StringComparison.Ordinal), Cancellation);
        Assert.All(flow.Hub.Mappings.Refresh().Diagnostics, diagnostic => Assert.True(diagnostic.Warning));
        string[] copy = [.. Orders.Order("4711").Select(segment => segment.Replace("+4711+9", "+4711+5", StringComparison.Ordinal))];
        var exchange = await flow.Send("orders.edi", Orders.File("R1", copy));
        Assert.StartsWith("GDE5006 BGM element 3 (1225) is '5': guide guides/nordlicht-orders takes 9", exchange.Documents[0].Cause, StringComparison.Ordinal);

        await File.WriteAllTextAsync(flow.MappingPath("partners/nordlicht/orders.yaml"),
            "hub: map/1\nid: nordlicht/orders\nextends: base/orders-edifact\nguide: guides/nordlicht-order\n", Cancellation);
        Assert.Contains(flow.Hub.Mappings.Refresh().Diagnostics, diagnostic => diagnostic.ToString() ==
            "partners/nordlicht/orders.yaml:4:8 MAP1009 There is no guide 'guides/nordlicht-order'. (did you mean guides/nordlicht-orders?)");
    }

    [Fact]
    public async Task A_guide_that_changes_holds_for_the_next_run_and_one_that_breaks_changes_nothing()
    {
        await using var flow = await FlowFixture.Create();
        string[] copy = [.. Orders.Order("4711").Select(segment => segment.Replace("+4711+9", "+4711+5", StringComparison.Ordinal))];
        var exchange = await flow.Send("orders.edi", Orders.File("R1", copy));
        Assert.Equal(ExchangeState.Failed, exchange.Exchange.State);

        var path = flow.MappingPath("guides/nordlicht-orders.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text + "nonsense: here\n", Cancellation);
        Assert.Equal(["nordlicht"], flow.Hub.Mappings.Refresh().Kept);
        Assert.Equal(ExchangeState.Failed, (await flow.Send("still.edi", Orders.File("R3", copy))).Exchange.State);
        await File.WriteAllTextAsync(path, text.Replace("codes: ['9']", "codes: ['9', '5']", StringComparison.Ordinal), Cancellation);
        Assert.Empty(flow.Hub.Mappings.Refresh().Kept);

        Assert.Equal(ExchangeState.Completed, (await flow.Send("again.edi", Orders.File("R2", copy))).Exchange.State);
        Assert.Equal(["4711"], await flow.OrderNumbers());
    }
}
