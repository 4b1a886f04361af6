using System.Text.Json;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>A price list that its guard holds, as the person sees it who has to decide.</summary>
public sealed class HeldListVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_held_list_says_why_and_what_to_do_and_is_approved_once()
    {
        await Loaded();
        var held = await Poll(PriceLists.File("L2", "20261102", 6, "12.00"));
        Assert.Equal(1, held.ExitCode);
        Assert.Contains("1 held", held.Output, StringComparison.Ordinal);
        Assert.Contains("Held: The full list leaves out 4 of the 10 rows of 'price_items'", held.Output, StringComparison.Ordinal);
        Assert.Contains("hub exchange approve 2", held.Output, StringComparison.Ordinal);
        var shown = await hub.Run("exchange", "show", "2");
        Assert.Contains("Held: The full list leaves out 4 of the 10 rows of 'price_items' in its scope (40 %), and at most 20 % may go missing.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("warning LOD5014", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Compare it with the list before, or ask the partner.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("hub exchange approve 2 --reason", shown.Output, StringComparison.Ordinal);
        Assert.Contains("hub exchange reject 2 --reason", shown.Output, StringComparison.Ordinal);

        var retried = await hub.Run("exchange", "retry", "2", "--reason", "again");
        Assert.Equal(1, retried.ExitCode);
        Assert.Contains("Held: ", retried.Output, StringComparison.Ordinal);
        Assert.Contains("held", (await hub.Run("exchange", "retry", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("held", (await hub.Run("run", "--help")).Output, StringComparison.Ordinal);

        Assert.Equal(2, (await hub.Run("exchange", "approve", "2")).ExitCode);
        Assert.Equal(2, (await hub.Run("exchange", "approve", "2", "--reason", " ")).ExitCode);
        var approved = await hub.Run("exchange", "approve", "2", "--reason", "season ended");
        Assert.True(approved.ExitCode == 0, approved.Output + approved.Errors);
        Assert.Contains("Completed", approved.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await hub.Run("exchange", "approve", "2", "--reason", "twice")).ExitCode);
        using var json = JsonDocument.Parse((await hub.Run("exchange", "show", "2", "--json")).Output);
        var decisions = json.RootElement.GetProperty("decisions").EnumerateArray()
            .Select(decision => $"{decision.GetProperty("action")}/{decision.GetProperty("actor")}/{decision.GetProperty("reason")}");
        Assert.Equal([$"retry/{Environment.UserName}/again", $"approve/{Environment.UserName}/season ended"], decisions);
        Assert.Contains("season ended", (await hub.Run("exchange", "show", "2")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("exchange", "approve", "99", "--reason", "none")).ExitCode);
    }

    [Fact]
    public async Task A_rejected_list_has_ended()
    {
        await Loaded();
        await Poll(PriceLists.File("L2", "20261102", 6));
        var rejected = await hub.Run("exchange", "reject", "2", "--reason", "cut off, they send it again");
        Assert.Equal(0, rejected.ExitCode);
        Assert.Contains($"Rejected: The held PRICAT L2 was rejected by {Environment.UserName}: cut off, they send it again", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("Cancelled", rejected.Output, StringComparison.Ordinal);
        foreach (var verb in new[] { "approve", "reject", "retry" })
            Assert.Equal(1, (await hub.Run("exchange", verb, "2", "--reason", "again")).ExitCode);
        Assert.Equal(0, (await hub.Run("partner", "poll", "nordlicht")).ExitCode);
        Assert.Contains("PRICAT L2 Cancelled", (await hub.Run("exchange", "list", "--state", "Rejected")).Output, StringComparison.Ordinal);
    }

    async Task Loaded()
    {
        await hub.Run("exchange", "list");
        foreach (var sample in Directory.GetFiles(Inbox))
            File.Delete(sample);
        Assert.Equal(0, (await Poll(PriceLists.File("L1", "20261101", 10))).ExitCode);
    }

    string Inbox => Path.Combine(hub.Data, "files", "nordlicht", "in");

    async Task<VerbResult> Poll(byte[] list)
    {
        await File.WriteAllBytesAsync(Path.Combine(Inbox, "list.edi"), list, Cancellation);
        return await hub.Run("run", "--once", "--partner", "nordlicht");
    }

    public void Dispose() => hub.Dispose();
}
