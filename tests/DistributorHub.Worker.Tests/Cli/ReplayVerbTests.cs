using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub exchange replay</c>: what it shows before, and what it does then.</summary>
public sealed class ReplayVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_dry_run_shows_rows_and_columns_and_is_applied_by_its_number()
    {
        await hub.Run("run", "--once", "--partner", "nordlicht");
        using var failed = JsonDocument.Parse((await hub.Run("exchange", "list", "--state", "Failed", "--json")).Output);
        var id = Assert.Single(failed.RootElement.EnumerateArray()).GetProperty("id").ToString();
        using var loaded = JsonDocument.Parse((await hub.Run("exchange", "list", "--number", "4500017201", "--json")).Output);
        var good = Assert.Single(loaded.RootElement.EnumerateArray()).GetProperty("id").ToString();
        Directory.CreateDirectory(Path.Combine(hub.Mappings, "partners", "nordlicht", "codes"));
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "partners", "nordlicht", "codes", "uom.yaml"),
            "hub: codes/1\nid: uom\nmap: { KRT: CT, PCE: PC }\n", TestContext.Current.CancellationToken);

        var first = await hub.Run("exchange", "replay", good, "--dry-run");
        Assert.Equal(0, first.ExitCode);
        Assert.Matches(@"order_lines +nordlicht/4500017201/\d+ +uom +EA +PC", first.Output);
        Assert.Contains("Dry run #1, kept until", first.Output, StringComparison.Ordinal);
        var second = await hub.Run("exchange", "replay", id, "--dry-run", "--json");
        using var told = JsonDocument.Parse(second.Output);
        Assert.Equal(2, told.RootElement.GetProperty("id").GetInt64());
        Assert.Equal("Different", told.RootElement.GetProperty("exchanges")[0].GetProperty("outcome").GetString());
        Assert.Contains(told.RootElement.GetProperty("documents")[0].GetProperty("rows").EnumerateArray(), row => row.GetProperty("kind").GetString() == "Added");

        var applied = await hub.Run("exchange", "replay", "--apply", "2", "--reason", "KRT is a carton");
        Assert.Equal(0, applied.ExitCode);
        Assert.Contains("Completed", applied.Output, StringComparison.Ordinal);
        var again = await hub.Run("exchange", "replay", "--apply", "2", "--reason", "once more");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("was applied before", again.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no dry run #77", (await hub.Run("exchange", "replay", "--apply", "77", "--reason", "x")).Errors, StringComparison.Ordinal);
        var unknown = await hub.Run("exchange", "replay", good, "--map", "base/nothing", "--reason", "x");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("There is no map 'base/nothing'", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("exchange", "replay", good, "--map", "newest", "--reason", "x")).ExitCode);
        Assert.Equal(2, (await hub.Run("exchange", "replay", "--reason", "x")).ExitCode);
    }

    [Fact]
    public async Task Many_are_shown_first_and_done_when_that_is_wanted()
    {
        await hub.Run("run", "--once");
        var shown = await hub.Run("exchange", "retry", "--filter", "state=failed type=ORDERS");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("1 exchange is met (1 Failed); retry touches all of them.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("orders-4500017203-broken.edi", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was done.", shown.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("exchange", "retry", "--filter", "state=failed", "--yes")).ExitCode);
        var done = await hub.Run("exchange", "retry", "--filter", "state=failed", "--yes", "--reason", "once more");
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("1 queued, 0 skipped", done.Output, StringComparison.Ordinal);
        var none = await hub.Run("exchange", "ignore", "--filter", "state=failed", "--yes", "--reason", "x");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("No exchange is met", none.Errors, StringComparison.Ordinal);
        var tried = await hub.Run("exchange", "replay", "--filter", "partner=prairie", "--dry-run");
        Assert.Equal(0, tried.ExitCode);
        Assert.Matches("order_lines +0 +0 +[1-9]", tried.Output);
        Assert.DoesNotContain("--apply", tried.Output, StringComparison.Ordinal);
        foreach (var wrong in new[] { "exchange retry", "exchange retry 1 --filter state=failed", "exchange retry --filter colour=red", "exchange retry --filter state=failed --force --reason x" })
            Assert.Equal(2, (await hub.Run(wrong.Split(' '))).ExitCode);
    }
}
