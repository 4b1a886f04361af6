using DistributorHub.Edi;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Workbench;

namespace DistributorHub.Worker.Tests.Ledger;

public abstract partial class LedgerContract
{
    const string OfOrders = "base/orders.yaml";

    static string Of(string text) => MapFile.Hash(text);

    [Fact]
    public async Task A_draft_is_kept_with_who_saved_it_and_what_it_began_from()
    {
        await using var ledger = await Ledger();
        var drafts = new MapDrafts(ledger.Database, ledger.Clock);
        Assert.Equal(Saving.Same, await drafts.Save(OfOrders, "live", Of("live"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Saving.Kept, await drafts.Save(OfOrders, "one", Of("live"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Saving.Same, await drafts.Save(OfOrders, "one", Of("one"), Of("live"), false, "jon", Cancellation));
        ledger.Clock.Advance(TimeSpan.FromHours(1));
        // The live text goes on meanwhile, and the draft still began from what it began from.
        Assert.Equal(Saving.Kept, await drafts.Save(OfOrders, "two", Of("one"), Of("other"), false, "jon", Cancellation));
        var draft = Expect.Some(await drafts.Of(OfOrders, Cancellation));
        Assert.Equal(("two", "jon", Of("live"), ledger.Clock.GetUtcNow()), (draft.Text, draft.SavedBy, draft.BaseSha256, draft.SavedAt));
        Assert.Equal(Of("two"), draft.Sha256);
        Assert.Equal(Saving.Kept, await drafts.Save(OfOrders, "two", Of("two"), Of("other"), again: true, "jon", Cancellation));
        Assert.Equal(Of("other"), Expect.Some(await drafts.Of(OfOrders, Cancellation)).BaseSha256);
        Assert.Equal("one", await drafts.Earlier(OfOrders, Of("one"), Cancellation));
        Assert.Equal((OfOrders, "jon"), (Assert.Single(await drafts.List(Cancellation)).File, Assert.Single(await drafts.List(Cancellation)).SavedBy));
    }

    [Fact]
    public async Task Nobody_saves_over_what_they_have_not_seen()
    {
        await using var ledger = await Ledger();
        var drafts = new MapDrafts(ledger.Database, ledger.Clock);
        Assert.Equal(Saving.Changed, await drafts.Save(OfOrders, "one", Of("an older live text"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Saving.Kept, await drafts.Save(OfOrders, "one", Of("live"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Saving.Changed, await drafts.Save(OfOrders, "two", Of("live"), Of("live"), false, "jon", Cancellation));
        Assert.Equal("one", Expect.Some(await drafts.Of(OfOrders, Cancellation)).Text);
        // Of many who save at the same moment one is the first.
        var savings = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => drafts.Save(OfOrders, $"text {i}", Of("one"), Of("live"), false, $"person {i}", Cancellation)));
        Assert.Equal((1, 5), (savings.Count(saving => saving == Saving.Kept), savings.Count(saving => saving == Saving.Changed)));
    }

    [Fact]
    public async Task Drafts_and_their_savings_are_bounded()
    {
        await using var ledger = await Ledger();
        var drafts = new MapDrafts(ledger.Database, ledger.Clock);
        for (var i = 0; i < Limits.MapDraftsMax; i++)
            Assert.Equal(Saving.Kept, await drafts.Save($"base/map-{i}.yaml", "one", Of("live"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Saving.Full, await drafts.Save("base/another.yaml", "one", Of("live"), Of("live"), false, "mira", Cancellation));
        for (var i = 0; i < Limits.MapDraftSavingsMax + 5; i++)
            Assert.Equal(Saving.Kept, await drafts.Save("base/map-0.yaml", $"text {i}", i == 0 ? Of("one") : Of($"text {i - 1}"), Of("live"), false, "mira", Cancellation));
        Assert.Equal(Limits.MapDraftSavingsMax, await ledger.Value<long>("select count(*) from map_draft where file = 'base/map-0.yaml'"));
        Assert.Null(await drafts.Earlier("base/map-0.yaml", Of("one"), Cancellation));
    }

    [Fact]
    public async Task A_draft_ends_once_and_only_as_it_was_seen()
    {
        await using var ledger = await Ledger();
        var drafts = new MapDrafts(ledger.Database, ledger.Clock);
        await drafts.Save(OfOrders, "one", Of("live"), Of("live"), false, "mira", Cancellation);
        var seen = Expect.Some(await drafts.Of(OfOrders, Cancellation));
        await drafts.Save(OfOrders, "two", Of("one"), Of("live"), false, "jon", Cancellation);
        Assert.False(await drafts.Discard("base/orders", seen, "mira", Cancellation));
        Assert.Contains("saved meanwhile", await drafts.PutLive("base/orders", seen, "mira", "because", () => throw new InvalidOperationException("It must not be written."), Cancellation), StringComparison.Ordinal);
        seen = Expect.Some(await drafts.Of(OfOrders, Cancellation));
        // What cannot be written leaves no trace of having been.
        Assert.Equal("the disk is full", await drafts.PutLive("base/orders", seen, "mira", "because", () => "the disk is full", Cancellation));
        Assert.Equal("two", Expect.Some(await drafts.Of(OfOrders, Cancellation)).Text);
        Assert.Empty(await new Audit(ledger.Database, ledger.Clock).List(new() { Target = "map base/orders", Most = 10 }, Cancellation));
        var written = 0;
        Assert.Null(await drafts.PutLive("base/orders", seen, "mira", "because", () => ++written > 1 ? "twice" : null, Cancellation));
        Assert.NotNull(await drafts.PutLive("base/orders", seen, "jon", "because", () => "twice", Cancellation));
        Assert.Null(await drafts.Of(OfOrders, Cancellation));
        var entry = Assert.Single(await new Audit(ledger.Database, ledger.Clock).List(new() { Target = "map base/orders", Most = 10 }, Cancellation));
        Assert.Equal(("mira", "put live", $"because (SHA-256 {Of("live")} became {Of("two")})"), (entry.Actor, entry.Action, entry.Reason));
    }
}
