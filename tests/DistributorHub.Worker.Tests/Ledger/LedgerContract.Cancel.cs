using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Ledger;

/// <content>A run that a person cancels.</content>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task A_run_that_is_cancelled_commits_nothing_more_and_has_no_other_end()
    {
        await using var ledger = await Ledger();
        var people = new Interventions(ledger.Database, ledger.Clock, "one");
        var stops = ledger.Exchanges.Cancellations;
        var id = await ledger.Receive("long.edi", "long"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        (run.Progress.Bytes, run.Progress.Rows) = (3, 7);
        Assert.True(await stops.Note(run, Cancellation));
        Assert.Equal(7, await ledger.Value<long>("select rows_staged from attempt where state = 'Running'"));
        await using (await stops.Keep(run, Cancellation))
        {
        }
        Assert.Null(await stops.End(run, Cancellation));
        Assert.Contains("needs a reason", (await people.Cancel(id, "inge", " ", Cancellation)).Sentence, StringComparison.Ordinal);
        Assert.Null((await people.Cancel(99, "inge", "gone", Cancellation)).Found);

        var asked = await people.Cancel(id, "inge", "the wrong list", Cancellation);
        Assert.Equal((true, ExchangeState.Processing), (asked.Done, asked.Found));
        var twice = await people.Cancel(id, "otto", "mine too", Cancellation);
        Assert.False(twice.Done);
        Assert.Contains("already, by inge", twice.Sentence, StringComparison.Ordinal);

        await Assert.ThrowsAsync<LeaseLostException>(() => stops.Keep(run, Cancellation));
        Assert.False(await stops.Note(run, Cancellation));
        Assert.False(await ledger.Exchanges.Renew(run, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => ledger.Verdicts.Save(run, Interchange, [Document], [], Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new(), [], Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => ledger.Exchanges.Postpone(run, ledger.Clock.GetUtcNow(), "away", Cancellation));

        // What was committed before it was asked for is not forgotten.
        run.Progress.Unwritten = (Interchange, [Document]);
        var end = Expect.Some(await stops.End(run, Cancellation));
        await ledger.Exchanges.End(run, end, new(), [Finalise(id)], Cancellation);
        var details = Expect.Some(await ledger.Queries.Show(id, Cancellation));
        Assert.Equal((ExchangeState.Cancelled, "Cancelled by inge: the wrong list (1 document that was loaded before stays loaded)"), (details.Exchange.State, details.Exchange.Cause));
        Assert.Equal(DocumentState.Loaded, Assert.Single(details.Documents).State);
        Assert.Equal(AttemptState.Cancelled, Assert.Single(details.Attempts).State);
        Assert.Equal("cancel inge the wrong list", Assert.Single(details.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}")));
        Assert.Null(details.Exchange.CancelBy);
        Assert.False((await people.Cancel(id, "inge", "once more", Cancellation)).Done);

        Assert.True((await people.Retry(id, "otto", "it was the right one", Cancellation)).Done);
        var again = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        Assert.Equal(DocumentState.Loaded, again.Settled[1]);
        await ledger.Exchanges.End(again, new() { State = ExchangeState.Completed }, new(), [], Cancellation);
    }

    [Fact]
    public async Task While_a_commit_is_under_way_its_run_cannot_be_cancelled()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("long.edi", "long"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        Task<Intervention> asked;
        await using (await ledger.Exchanges.Cancellations.Keep(run, Cancellation))
        {
            asked = Task.Run(() => new Interventions(ledger.Database, ledger.Clock, "one").Cancel(id, "inge", "stop", Cancellation), Cancellation);
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation));
            Assert.False(asked.IsCompleted);
        }
        Assert.True((await asked).Done);
    }
}
