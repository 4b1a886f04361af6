using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>What is done for many at once is done to each as it would be alone.</summary>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task Many_files_are_claimed_and_archived_in_one_go_and_one_that_was_lost_holds_up_none()
    {
        await using var ledger = await Ledger();
        RemoteFile[] files = [ledger.Remote("a.edi", 1), ledger.Remote("b.edi", 2), ledger.Remote("c.edi", 2)];
        await ledger.List(files);
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        var ready = (await ledger.List(files)).Ready;
        Assert.Single(await ledger.OtherSightings.Claim([ready[1]], Cancellation));
        var claims = (await ledger.Sightings.Claim(ready, Cancellation)).OrderBy(claim => claim.Path, StringComparer.Ordinal).ToList();
        Assert.Equal(["acme/in/a.edi", "acme/in/c.edi"], claims.Select(claim => claim.Path));
        Assert.Empty(await ledger.Sightings.Claim(ready, Cancellation));
        Assert.Empty(await ledger.Sightings.Claim([], Cancellation));

        // The lease of a.edi runs out, and another takes it while it is downloaded here; c.edi is kept.
        ledger.Clock.Advance(Sightings.Lease / 2);
        await ledger.Sightings.Renew("acme", Cancellation);
        await ledger.Value<int>("update remote_file set fence = fence + 1 where path = 'acme/in/a.edi'");
        var stored = await ledger.Archive.Store([(claims[0], await ledger.Spool("a"u8.ToArray())), (claims[1], await ledger.Spool("cc"u8.ToArray()))], Cancellation);
        Assert.Null(stored[0]);
        Assert.Equal("c.edi", Expect.Some(await ledger.Queries.Show(Assert.NotNull(stored[1]), Cancellation)).Exchange.File);
        Assert.Equal(1, await ledger.Value<int>("select count(*) from exchange"));
        Assert.Equal("Archived", await ledger.Value<string>("select state from remote_file where path = 'acme/in/c.edi'"));
        Assert.Equal("Claimed", await ledger.Value<string>("select state from remote_file where path = 'acme/in/a.edi'"));
    }

    [Fact]
    public async Task Exchanges_of_one_go_are_numbered_in_the_order_of_their_files_and_equal_bytes_are_kept_once()
    {
        await using var ledger = await Ledger();
        byte[][] contents = ["same"u8.ToArray(), Noise(2 * Archive.ChunkBytes), [], "same"u8.ToArray(), Noise(5 * Archive.ChunkBytes)];
        var claims = new List<(RemoteFileRow, SpooledFile)>();
        foreach (var (content, place) in contents.Select((content, place) => (content, place)))
            claims.Add((Expect.Some(await ledger.Sightings.Claim(await ledger.Settle(ledger.Remote($"{place}.edi", content.Length)), Cancellation)), await ledger.Spool(content)));
        var ids = await ledger.Archive.Store(claims, Cancellation);
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(4, await ledger.Value<int>("select count(*) from raw_file where sealed"));
        foreach (var (id, content) in ids.Zip(contents))
        {
            await using var stream = await ledger.Archive.Open((await ledger.Queries.Find(Assert.NotNull(id), Cancellation))!.Sha256, Cancellation);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Cancellation);
            Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()));
        }
    }

    [Fact]
    public async Task Effects_of_one_go_are_noted_each_by_its_kind()
    {
        await using var ledger = await Ledger();
        foreach (var name in new[] { "gone.edi", "left.edi", "waits.edi" })
        {
            var id = await ledger.Receive(name, [.. System.Text.Encoding.UTF8.GetBytes(name)]);
            var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
            await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new Findings(),
                [Finalise(id), new(OutboxKind.SendAcknowledgement, $"acknowledgement/{id}/1", "CONTRL.edi", [1])], Cancellation);
        }
        var rows = await ledger.Outbox.Take("acme", 10, documents: true, Cancellation);
        Assert.Equal(6, rows.Count);
        Assert.Equal(rows.OrderBy(row => row.Id), rows);
        ledger.Clock.Advance(Outbox.Lease / 2);
        await ledger.Outbox.Renew(rows, Cancellation);
        ledger.Clock.Advance(Outbox.Lease / 2);
        Assert.Empty(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        var done = rows.Where(row => row.Path != "acme/in/waits.edi").Select(row => new DoneEffect(row, Gone: row.Path == "acme/in/gone.edi"));
        await ledger.Outbox.Done([.. done], Cancellation);
        await ledger.Outbox.Done([], Cancellation);
        Assert.Equal(4, await ledger.Value<int>("select count(*) from outbox where done_at is not null and lease_until is null"));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from remote_file where state = 'Finalized' and ended_at is not null and path = 'acme/in/gone.edi'"));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from remote_file where state = 'Finalized' and ended_at is null and path = 'acme/in/left.edi'"));
        Assert.Equal("Archived", await ledger.Value<string>("select state from remote_file where path = 'acme/in/waits.edi'"));
        // What was not noted is taken again once its lease is over.
        ledger.Clock.Advance(Outbox.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(["acme/in/waits.edi", "acme/in/waits.edi"], (await ledger.Outbox.Take("acme", 10, documents: true, Cancellation)).Select(row => row.Path));
    }
}
