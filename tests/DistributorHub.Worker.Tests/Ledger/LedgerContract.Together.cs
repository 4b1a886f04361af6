using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>Exchanges that are started together.</summary>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task Exchanges_are_started_together_each_with_an_attempt_of_its_own_and_keep_their_leases()
    {
        await using var ledger = await Ledger();
        var ids = new List<long>();
        foreach (var name in new[] { "a.edi", "b.edi", "c.edi", "d.edi" })
            ids.Add(await ledger.Receive(name, [.. System.Text.Encoding.UTF8.GetBytes(name)]));
        // One has ended, and one is another worker's.
        await ledger.Exchanges.End(Expect.Some(await ledger.Exchanges.Start(ids[1], Cancellation)), new() { State = ExchangeState.Completed }, new(), [], Cancellation);
        Assert.NotNull(await ledger.OtherExchanges.Start(ids[2], Cancellation));
        var runs = await ledger.Exchanges.Start(ids, Cancellation);
        Assert.Equal([ids[0], ids[3]], runs.Select(run => run.Exchange.Id));
        Assert.All(runs, run => Assert.Equal(AttemptKind.First, run.Kind));
        Assert.Equal(2, runs.Select(run => run.Attempt).Distinct().Count());
        Assert.Empty(await ledger.Exchanges.Start(ids, Cancellation));

        ledger.Clock.Advance(Exchanges.Lease / 2);
        await ledger.Exchanges.Renew(runs, Cancellation);
        ledger.Clock.Advance(Exchanges.Lease / 2 + TimeSpan.FromSeconds(1));
        // Only the other worker has not renewed.
        Assert.Equal([ids[2]], (await ledger.Exchanges.Due(null, 10, Cancellation)).Select(due => due.Id));
        var taken = Expect.Some(await ledger.Exchanges.Start(ids[2], Cancellation));
        Assert.Equal(AttemptKind.Retry, taken.Kind);
        Assert.Equal([AttemptState.Abandoned, AttemptState.Running], Expect.Some(await ledger.Queries.Show(ids[2], Cancellation)).Attempts.Select(attempt => attempt.State));
    }

    [Fact]
    public async Task A_file_that_kills_the_process_is_set_aside_and_those_started_with_it_are_not()
    {
        await using var ledger = await Ledger();
        var ids = new List<long>();
        foreach (var name in new[] { "a.edi", "poison.edi", "c.edi", "d.edi" })
            ids.Add(await ledger.Receive(name, [.. System.Text.Encoding.UTF8.GetBytes(name)]));
        var poison = ids[1];
        var (lives, set) = (0, false);
        // A worker takes what is due until the poison kills it; the next one takes its place.
        while (!set && lives++ < 10)
        {
            var left = (await ledger.Exchanges.Due(null, 10, Cancellation)).Select(due => due.Id).ToList();
            for (var died = false; left.Count > 0 && !died;)
            {
                var together = left.Take(await ledger.Exchanges.Together(left, Cancellation)).ToList();
                foreach (var run in await ledger.Exchanges.Start(together, Cancellation))
                {
                    if (died)
                        continue;
                    set |= run.Exchange.Id == poison && run.Poisoned;
                    Assert.True(run.Exchange.Id == poison || !run.Poisoned, $"{run.Exchange.File} is set aside");
                    died = run.Exchange.Id == poison && !run.Poisoned;
                    if (!died)
                        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new(), [], Cancellation);
                }
                left.RemoveRange(0, together.Count);
            }
            ledger.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        }
        Assert.Equal(Exchanges.CrashesMax + 1, lives);
        Assert.Equal(4, await ledger.Value<int>("select count(*) from exchange where state = 'Completed'"));
    }

    [Fact]
    public async Task What_a_run_found_and_its_end_are_one_commit()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        var verdict = new Verdict(Interchange, [Document], [new("answer/1", async next =>
        {
            await next("pair");
            return new(OutboxKind.SendAcknowledgement, "answer/1", "x.edi", [1]);
        })]);
        var cut = ledger.Verdicts.Last(run, verdict with { Also = (_, _, _) => throw new IOException("cut") }, Cancellation);
        await Assert.ThrowsAsync<IOException>(() => ledger.Exchanges.End(run, new() { State = ExchangeState.Completed, Commit = cut }, new(), [Finalise(id)], Cancellation));
        Assert.Equal(0, await ledger.Value<int>("select (select count(*) from document) + (select count(*) from outbox) + (select count(*) from control_number)"));
        Assert.Equal("Processing", await ledger.Value<string>("select state from exchange"));
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed, Commit = ledger.Verdicts.Last(run, verdict, Cancellation) }, new(), [Finalise(id)], Cancellation);
        Assert.Equal(DocumentState.Loaded, Assert.Single(Expect.Some(await ledger.Queries.Show(id, Cancellation)).Documents).State);
        Assert.Equal(2, await ledger.Value<int>("select count(*) from outbox"));
    }
}
