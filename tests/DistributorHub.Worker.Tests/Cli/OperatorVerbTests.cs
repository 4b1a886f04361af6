using System.Text.Json;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>What a person types who decides, checks and erases: <c>hub hold</c>, <c>hub verify</c>, <c>hub privacy</c>, <c>hub sent</c>.</summary>
public sealed class OperatorVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Files => Path.Combine(hub.Data, "files", "nordlicht");

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_held_order_is_listed_and_loaded_when_its_approver_says_so()
    {
        var partner = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        await File.AppendAllTextAsync(partner, $$"""

            hold:
            - { when: amount, of: order_lines.net_price, times: qty, per: price_basis, over: 100 }
            approvals:
              needed: 1
              approvers: [{ user: {{Environment.UserName}} }]
            """, Cancellation);
        Assert.Equal("Nothing is held.", (await hub.Run("hold", "list")).Output.Trim());
        Assert.Equal(1, (await Poll(Orders.File("1", Orders.Order("big", 6)))).ExitCode);
        var listed = await hub.Run("hold", "list", "--mine", Environment.UserName);
        Assert.Matches(@"#1/1 +ORDERS big +nordlicht +The amount of 'order_lines.net_price' is 210, and up to 100 passes\. +210 .*0 of 1 .*Open", listed.Output);
        Assert.Equal("Nothing is held.", (await hub.Run("hold", "list", "--mine", "somebody-else")).Output.Trim());

        var delegated = await hub.Run("hold", "delegate", "--to", "nobody-here", "--until", "2026-13-40", "--reason", "leave");
        Assert.Equal(2, delegated.ExitCode);
        Assert.Contains("--until takes a day such as 2026-12-24, not '2026-13-40'.", delegated.Errors, StringComparison.Ordinal);
        var unknown = await hub.Run("hold", "revoke", "9", "--reason", "x");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("There is no delegation 9 that still holds.", unknown.Errors, StringComparison.Ordinal);

        var approved = await hub.Run("hold", "approve", "1", "--reason", "known customer");
        Assert.True(approved.ExitCode == 0, approved.Output + approved.Errors);
        Assert.Contains("Completed", approved.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await hub.Run("hold", "list", "--all", "--json")).Output);
        var hold = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("Approved", "known customer"), (hold.GetProperty("state").GetString(), hold.GetProperty("decisions")[0].GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task What_is_new_in_a_partners_messages_is_told_with_the_exchange_that_brought_it()
    {
        Assert.Equal(0, (await Poll(Orders.File("1", [.. Enumerable.Range(1, 20).Select(number => Orders.Order($"a{number}"))]))).ExitCode);
        Assert.Equal("Nothing new in 30 days, and nothing gone, in 20 document(s) of nordlicht that were counted.", (await hub.Run("partner", "drift", "nordlicht")).Output.Trim());
        var order = Orders.Order("b1");
        Assert.Equal(0, (await Poll(Orders.File("2", [[.. order[..3], "NAD+DP+4012345000099::9", .. order[3..]]]))).ExitCode);
        Assert.Matches(@"ORDERS D\.96A +New qualifier +NAD\[DP\] +in 1 of 1 document +.* #2 +.* #2", (await hub.Run("partner", "drift", "nordlicht", "--since", "1d")).Output);
        using var json = JsonDocument.Parse((await hub.Run("partner", "drift", "nordlicht", "--json")).Output);
        Assert.Equal(2, Assert.Single(json.RootElement.EnumerateArray()).GetProperty("firstExchange").GetInt64());
        var refused = await hub.Run("partner", "drift", "nordlicht", "--since", "ever");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--since takes days, such as 90d", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_never_taken_is_ignored_with_a_reason_and_a_partner_is_not_paused_twice()
    {
        Directory.CreateDirectory(Path.Combine(Files, "in"));
        await File.WriteAllBytesAsync(Path.Combine(Files, "in", "half.edi"), Orders.File("1", Orders.Order("half"))[..^20], Cancellation);
        Assert.Equal(1, (await hub.Run("partner", "poll", "nordlicht")).ExitCode);
        var left = Assert.Single((await hub.Run("exchange", "list")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), word => word.EndsWith("half.edi", StringComparison.Ordinal));
        var unreasoned = await hub.Run("partner", "ignore", "nordlicht", left);
        Assert.Equal(2, unreasoned.ExitCode);
        var ignored = await hub.Run("partner", "ignore", "nordlicht", left, "--reason", "a trial of theirs");
        Assert.True(ignored.ExitCode == 0, ignored.Errors);
        Assert.DoesNotContain("half.edi", (await hub.Run("exchange", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("partner", "poll", "nordlicht")).ExitCode);
        Assert.True(File.Exists(Path.Combine(Files, "in", "half.edi")));
        var again = await hub.Run("partner", "ignore", "nordlicht", left, "--reason", "again");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("No poll of nordlicht has seen a file", again.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await hub.Run("partner", "pause", "nordlicht", "--reason", "stocktaking.")).ExitCode);
        Assert.Matches($"Partner nordlicht is paused, by {Environment.UserName} since .* UTC: stocktaking\\. 'hub partner resume nordlicht' lets it go on\\.", (await hub.Run("partner", "pause", "nordlicht", "--reason", "x")).Errors);
        Assert.Equal(0, (await hub.Run("partner", "resume", "nordlicht")).ExitCode);
        Assert.Equal("Partner nordlicht is paused by nobody, or somebody has let it go on meanwhile.", (await hub.Run("partner", "resume", "nordlicht")).Errors.Trim());
    }

    [Fact]
    public async Task Verify_tells_a_file_that_nobody_took_and_what_is_erased_is_named()
    {
        Assert.Equal(0, (await Poll(Orders.File("1", Orders.Order("one")))).ExitCode);
        var clean = await hub.Run("verify", "--since", "1d", "--partner", "nordlicht");
        Assert.Equal(0, clean.ExitCode);
        Assert.StartsWith("No gaps since ", clean.Output, StringComparison.Ordinal);
        Assert.Contains("--since takes", (await hub.Run("verify", "--since", "yesterday")).Errors, StringComparison.Ordinal);
        var unreasoned = await hub.Run("verify", "--raise-control-numbers", "10");
        Assert.Equal(2, unreasoned.ExitCode);
        Assert.Contains("needs a --reason", unreasoned.Errors, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Path.Combine(Files, "in", "late.edi"), Orders.File("2", Orders.Order("late")), Cancellation);
        var gaps = await hub.Run("verify", "--since", "1d", "--partner", "nordlicht", "--json");
        Assert.Equal(1, gaps.ExitCode);
        using var told = JsonDocument.Parse(gaps.Output);
        var gap = Assert.Single(told.RootElement.EnumerateArray());
        Assert.Equal(("NotArchived", "nordlicht", "nordlicht/in/late.edi"), (gap.GetProperty("kind").GetString(), gap.GetProperty("partner").GetString(), gap.GetProperty("place").GetString()));
        Assert.StartsWith("hub ", gap.GetProperty("heal").GetString(), StringComparison.Ordinal);

        Assert.Equal(2, (await hub.Run("privacy", "erase", "--reason", "asked for")).ExitCode);
        Assert.Contains("characters or more", (await hub.Run("privacy", "erase", "--person", "Al", "--reason", "asked for")).Errors, StringComparison.Ordinal);
        var dry = await hub.Run("privacy", "erase", "--document", "one", "--reason", "asked for", "--dry-run");
        Assert.Contains("Would be erased: #1", dry.Output, StringComparison.Ordinal);
        Assert.Contains("Erased: #1", (await hub.Run("privacy", "erase", "--document", "one", "--reason", "asked for")).Output, StringComparison.Ordinal);
        Assert.Contains("Would be erased: no exchange", (await hub.Run("privacy", "erase", "--document", "two", "--reason", "asked for", "--dry-run")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_was_sent_the_verbs_say_so()
    {
        Assert.Equal("Nothing.", (await hub.Run("sent", "list")).Output.Trim());
        Assert.Equal("None.", (await hub.Run("sent", "orphans")).Output.Trim());
        var unknown = await hub.Run("sent", "list", "--partner", "nobody");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("nobody", unknown.Errors, StringComparison.Ordinal);
        var review = await hub.Run("sent", "review", "1", "--reason", "x");
        Assert.Equal(2, review.ExitCode);
        Assert.Contains("Exchange #1 has sent nothing.", review.Errors, StringComparison.Ordinal);
    }

    async Task<VerbResult> Poll(byte[] order)
    {
        await hub.Run("exchange", "list");
        var inbox = Path.Combine(Files, "in");
        foreach (var sample in Directory.GetFiles(inbox))
            File.Delete(sample);
        await File.WriteAllBytesAsync(Path.Combine(inbox, "order.edi"), order, Cancellation);
        return await hub.Run("run", "--once", "--partner", "nordlicht");
    }
}
