using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Files that end too early: waited for while they may still grow, then read as far as they go.</summary>
public sealed class IncompleteFileTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_file_keeps_the_messages_that_are_whole()
    {
        await using var flow = await FlowFixture.Create();
        var whole = Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"));
        await flow.Drop("cut.edi", whole[..^120]);
        await flow.Run();
        flow.Clock.Advance(flow.Partner.Source.IncompleteGrace);
        await flow.Run();
        var exchange = await flow.Newest();
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Loaded, DocumentState.Failed], exchange.Documents.Select(document => document.State));
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.True(exchange.Exchange.Errors > 0);
    }

    [Fact]
    public async Task What_stands_behind_a_whole_interchange_keeps_nobody_waiting()
    {
        await using var flow = await FlowFixture.Create();
        var exchange = await flow.Send("mailed.edi", [.. Orders.File("R1", Orders.Order("4711")), .. "-- \r\nSent by a mail gateway\r\n"u8]);
        Assert.Equal([DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.Contains(exchange.Findings, finding => finding.Code == "SYN1002");
        Assert.Empty(await flow.Hub.Sightings.Left(null, Cancellation));
    }

    [Fact]
    public async Task A_file_whose_end_is_missing_is_left_alone_and_loaded_once_it_is_whole()
    {
        await using var flow = await FlowFixture.Create();
        var whole = Orders.File("R1", Orders.Order("4711"));
        await flow.Drop("slow.edi", whole[..^8]);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        var found = await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        Assert.Empty(found.Exchanges);
        var incomplete = Assert.Single(found.Incomplete);
        Assert.True(incomplete.IsNew);
        Assert.Matches(@"in/slow\.edi is incomplete: .*UNZ.* from 2026-11-16 08:30:00Z", incomplete.ToString());
        Assert.False(Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Incomplete).IsNew);
        Assert.Equal(whole[..^8], await File.ReadAllBytesAsync(Path.Combine(flow.Inbox, "slow.edi"), Cancellation));
        Assert.Empty(Directory.GetFiles(flow.Hub.Settings.Spool));
        Assert.Empty(await flow.Hub.Queries.List(new(), Cancellation));

        var exchange = await flow.Send("slow.edi", whole);
        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.Empty(await flow.Hub.Sightings.Left(null, Cancellation));
    }

    [Fact]
    public async Task A_file_that_never_gets_its_end_is_taken_after_the_grace_and_fails_with_findings()
    {
        await using var flow = await FlowFixture.Create();
        var whole = Orders.File("R1", Orders.Order("4711"));
        await flow.Drop("cut.edi", whole[..^40]);
        await flow.Run();
        // Seen first a moment of settling ago: the next look is one moment early, the one after that is in time.
        flow.Clock.Advance(flow.Partner.Source.IncompleteGrace - 2 * flow.Partner.Source.Settle);
        Assert.Empty((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges);
        await flow.Run();
        var exchange = await flow.Newest();
        Assert.Equal((ExchangeState.Failed, FailureClass.Data), (exchange.Exchange.State, exchange.Exchange.Class));
        Assert.NotEmpty(exchange.Findings);
        Assert.Empty(Directory.GetFiles(flow.Inbox));
        Assert.True(await flow.Hub.Exchanges.Retry(exchange.Exchange.Id, "inge", "again", Cancellation));
    }

    [Fact]
    public async Task A_partner_without_trailer_check_has_incomplete_files_taken_at_once()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("cut.edi", Orders.File("R1", Orders.Order("4711"))[..^8]);
        await flow.Run();
        Assert.Single(await flow.Hub.Sightings.Left("nordlicht", Cancellation));
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("kind: folder", "kind: folder\n  require_trailer: no", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        await flow.Run();
        Assert.Equal(ExchangeState.PartiallyCompleted, (await flow.Newest()).Exchange.State);
    }
}
