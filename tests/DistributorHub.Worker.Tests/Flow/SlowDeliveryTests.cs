using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Send;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistributorHub.Worker.Tests.Flow;

public sealed class SlowDeliveryTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_effect_stays_with_its_process_while_a_server_takes_longer_than_the_lease()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        await using var ledger = await LedgerFixture.Create(LedgerFixture.SqliteFile());
        var id = await ledger.Receive("orders.edi", "content"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        var answer = new OutboxEntry(OutboxKind.SendAcknowledgement, "answer", "CONTRL-1.edi", "answer"u8.ToArray());
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new Findings(), [answer], Cancellation);
        var there = server.Partner();
        var partner = there with
        {
            Id = "acme",
            Acknowledge = new() { Folder = "in" },
            Source = there.Source with { ConnectTimeout = TimeSpan.FromMinutes(5), OperationTimeout = TimeSpan.FromHours(1) },
        };
        var delivery = new Delivery(new FileSources(server.Folder, ledger.Clock), ledger.Outbox, ledger.Clock, NullLogger<Delivery>.Instance);
        var other = new Outbox(ledger.Database, ledger.Clock, "two");

        await server.Freeze(Cancellation);
        var delivering = delivery.Run(partner, new(PartnerBook.Load(server.Folder, samples: false), MapFolder.Open(server.Folder, DefinitionLibrary.Embedded)), Cancellation);
        var lease = await Renewed("");
        for (var beat = 0; beat < 8; beat++)
        {
            ledger.Clock.Advance(Outbox.Lease / 4);
            lease = await Renewed(lease);
            Assert.Empty(await other.Take("acme", 10, documents: true, Cancellation));
        }
        await server.Thaw(Cancellation);
        Assert.Equal(0, await delivering);

        Assert.Equal("answer", await File.ReadAllTextAsync(Path.Combine(server.Folder, "in", "CONTRL-1.edi"), Cancellation));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from outbox where done_at is not null and attempts = 1"));
        Assert.Empty(await other.Take("acme", 10, documents: true, Cancellation));

        async Task<string> Renewed(string before)
        {
            for (var look = 0; look < 3_000; look++)
            {
                if (await ledger.Value<string?>("select lease_until from outbox") is { } now && now != before)
                    return now;
                await Task.Delay(10, Cancellation);
            }
            throw new InvalidOperationException($"Nobody renewed the lease that runs out at {before}.");
        }
    }
}
