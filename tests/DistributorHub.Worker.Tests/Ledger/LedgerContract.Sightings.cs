using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Ledger;

/// <content>What the listings of partners' folders lead to.</content>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task A_file_is_ready_only_after_two_equal_listings_far_enough_apart()
    {
        await using var ledger = await Ledger();
        var growing = ledger.Remote("a.edi", 50);
        Assert.Equal((0, 1), await Counts());
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        growing = growing with { Bytes = 100 };
        Assert.Equal((0, 1), await Counts());
        ledger.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((0, 1), await Counts());
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), await Counts());
        Assert.Equal(1, await ledger.Value<int>("select count(*) from remote_file"));

        async Task<(int, int)> Counts()
        {
            var sighted = await ledger.List(growing);
            return (sighted.Ready.Count, sighted.Unsettled);
        }
    }

    [Fact]
    public async Task One_poll_takes_no_more_files_than_its_cap_and_says_that_there_are_more()
    {
        await using var ledger = await Ledger();
        var files = Enumerable.Range(0, 5).Select(i => ledger.Remote($"{i}.edi")).ToArray();
        await ledger.List(files);
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        var sighted = await ledger.List(files);
        Assert.Equal(["acme/in/0.edi", "acme/in/1.edi", "acme/in/2.edi"], sighted.Ready.Select(row => row.Path));
        Assert.Equal(2, sighted.More);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_shown_once_and_never_taken()
    {
        await using var ledger = await Ledger();
        var huge = ledger.Remote("huge.edi", Limits.FileBytesMax + 1);
        Assert.Single((await ledger.List(huge)).TooLarge);
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        var again = await ledger.List(huge);
        Assert.Empty(again.TooLarge);
        Assert.Empty(again.Ready);
        Assert.Contains("limit", await ledger.Value<string>("select note from remote_file where state = 'Quarantined'"));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_taken_once_the_limit_is_raised()
    {
        await using var ledger = await Ledger();
        var file = ledger.Remote("large.edi", 1_000);
        var strict = ledger.Partner with { Source = ledger.Partner.Source with { FileBytesMax = 999 } };
        Assert.Single((await ledger.Sightings.Record(strict, [file], ledger.Clock.GetUtcNow(), Cancellation)).TooLarge);
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        var row = Assert.Single((await ledger.List(file)).Ready);
        Assert.NotNull(await ledger.Sightings.Claim(row, Cancellation));
    }

    [Fact]
    public async Task An_incomplete_file_waits_for_its_grace_unless_it_changes_or_goes()
    {
        await using var ledger = await Ledger();
        var file = ledger.Remote("cut.edi");
        var claim = Expect.Some(await ledger.Sightings.Claim(await ledger.Settle(file), Cancellation));
        await ledger.Sightings.Wait(claim, "no end", Cancellation);
        ledger.Clock.Advance(TimeSpan.FromMinutes(29));
        var waiting = await ledger.List(file);
        Assert.Equal("no end", Assert.Single(waiting.Incomplete).Note);
        Assert.Empty(waiting.Ready);
        Assert.Equal(0, waiting.Unsettled);
        Assert.Equal(FileState.Incomplete, Assert.Single(await ledger.Sightings.Left("acme", Cancellation)).State);
        Assert.Empty(await ledger.Sightings.Left("other", Cancellation));

        // Changed, it is another file, with a grace of its own.
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        var longer = file with { Bytes = 120 };
        Assert.Empty((await ledger.List(longer)).Incomplete);
        Assert.Empty(await ledger.Sightings.Left(null, Cancellation));
        claim = Expect.Some(await ledger.Sightings.Claim(await ledger.Settle(longer), Cancellation));
        await ledger.Sightings.Wait(claim, "no end", Cancellation);
        ledger.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Single((await ledger.List(longer)).Incomplete);
        ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        var over = await ledger.List(longer);
        Assert.Empty(over.Incomplete);
        Assert.NotNull(await ledger.Sightings.Claim(Assert.Single(over.Ready), Cancellation));
    }

    [Fact]
    public async Task A_file_is_claimed_by_one_process_and_by_another_only_after_the_lease()
    {
        await using var ledger = await Ledger();
        var row = await ledger.Settle(ledger.Remote("a.edi", 3));
        var first = Expect.Some(await ledger.Sightings.Claim(row, Cancellation));
        Assert.Null(await ledger.OtherSightings.Claim(row, Cancellation));
        ledger.Clock.Advance(Sightings.Lease + TimeSpan.FromSeconds(1));
        var second = Expect.Some(await ledger.OtherSightings.Claim(row, Cancellation));
        // The first comes back from the dead with its download: the fence keeps it out.
        Assert.Null(await ledger.Archive.Store(first, await ledger.Spool("abc"u8.ToArray()), Cancellation));
        Assert.NotNull(await ledger.Archive.Store(second, await ledger.Spool("abc"u8.ToArray()), Cancellation));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from exchange"));
    }

    [Fact]
    public async Task A_file_that_was_moved_away_and_put_back_is_new()
    {
        await using var ledger = await Ledger();
        var file = ledger.Remote("a.edi", 3);
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new(), [Finalise(id)], Cancellation);
        var row = Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        await ledger.Outbox.Done(row, gone: true, path: null, Cancellation);
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        // The same size and time as before.
        var back = new RemoteFile(row.Path, row.Bytes, row.ModifiedAt);
        Assert.Equal(1, (await ledger.List(back)).Unsettled);
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await ledger.List(back)).Ready);
        Assert.NotEqual(default, file);
    }

    [Fact]
    public async Task A_file_that_is_left_in_its_place_is_taken_once()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new(), [Finalise(id)], Cancellation);
        var row = Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        await ledger.Outbox.Done(row, gone: false, path: null, Cancellation);
        ledger.Clock.Advance(TimeSpan.FromSeconds(30));
        var sighted = await ledger.List(new RemoteFile(row.Path, row.Bytes, row.ModifiedAt));
        Assert.Equal((0, 0), (sighted.Ready.Count, sighted.Unsettled));
    }

    [Fact]
    public async Task A_file_that_is_ignored_is_neither_taken_nor_listed_until_it_changes()
    {
        await using var ledger = await Ledger();
        var (huge, small) = (ledger.Remote("huge.edi", bytes: long.MaxValue), ledger.Remote("small.edi"));
        Assert.Single((await ledger.List(huge, small)).TooLarge);
        Assert.Empty(await ledger.Sightings.Ignore("acme", "acme/in/none.edi", "mira", "no", Cancellation));
        Assert.Empty(await ledger.Sightings.Ignore("other", huge.Path, "mira", "no", Cancellation));
        Assert.Equal([FileState.Quarantined], await ledger.Sightings.Ignore("acme", huge.Path, "mira", "a film", Cancellation));
        Assert.Empty(await ledger.Sightings.Left("acme", Cancellation));
        Assert.Empty(await ledger.Sightings.Ignore("acme", huge.Path, "mira", "again", Cancellation));
        Assert.Equal("mira|ignore file|partner acme: acme/in/huge.edi|a film", await ledger.Value<string>("select actor || '|' || action || '|' || target || '|' || reason from audit"));

        Assert.Equal([FileState.Seen], await ledger.Sightings.Ignore("acme", small.Path, "mira", "a trial", Cancellation));
        ledger.Clock.Advance(ledger.Partner.Source.Settle);
        var sighted = await ledger.List(huge, small);
        Assert.Empty(sighted.Ready);
        Assert.Equal(0, sighted.Unsettled);
        // Another size: the partner has put another file there.
        var other = await ledger.Settle(small with { Bytes = 200 });
        Assert.NotNull(await ledger.Sightings.Claim(other, Cancellation));
        Assert.Equal([FileState.Claimed], await ledger.Sightings.Ignore("acme", small.Path, "mira", "too late", Cancellation));
        Assert.Equal("Claimed", await ledger.Value<string>("select state from remote_file where path = 'acme/in/small.edi' and bytes = 200"));
    }
}
