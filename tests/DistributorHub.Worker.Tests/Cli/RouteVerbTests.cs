namespace DistributorHub.Worker.Tests.Cli;

/// <summary>An agreement that leads to a map of another message: every verb says so, and no message goes that way.</summary>
public sealed class RouteVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static string Order => CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi");

    [Fact]
    public async Task It_is_reported_by_the_checks_and_pauses_the_partner_at_the_start()
    {
        var path = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text.Replace("map: base/orders-edifact, guide: guides/nordlicht-orders", "map: base/pricat-edifact", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        const string mistake = @"partners/nordlicht/partner\.yaml:\d+:62 PTN1013 Map base/pricat-edifact is of EDIFACT PRICAT, but this takes EDIFACT ORDERS\. \(name a map of ORDERS here\)";

        var check = await hub.Run("map", "check");
        Assert.Equal(1, check.ExitCode);
        Assert.Matches(mistake, check.Output);
        var partner = await hub.Run("partner", "check", "nordlicht");
        Assert.Equal(1, partner.ExitCode);
        Assert.Matches(mistake, partner.Errors);
        var trial = await hub.Run("map", "run", Order);
        Assert.Equal(1, trial.ExitCode);
        Assert.Matches(mistake, trial.Output);
        Assert.DoesNotContain("row(s)", trial.Output, StringComparison.Ordinal);
        var run = await hub.Run("run", "--once");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(mistake, run.Output);
        Assert.Contains("nordlicht is paused: its files have mistakes.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ORDERS 4500017201", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_is_tried_on_another_message_is_not_run()
    {
        var result = await hub.Run("map", "run", Order, "--map", "base/pricat-edifact");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Map base/pricat-edifact is of EDIFACT PRICAT, and message 1 is EDIFACT ORDERS.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("row(s)", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
