namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map port</c>.</summary>
public sealed class MapPortVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task Rules_to_change_fail_and_a_release_that_the_map_can_read_does_not()
    {
        var result = await hub.Run("map", "port", "base/orders-edifact", "--to", "D.01B");
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("base/orders-edifact.yaml:9:23 MAP1102 BGM has no element 1004. (it exists at BGM.C106.1004)\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("base/orders-edifact in D.01B: 3 rule(s) to change, 5 change(s) to look at.\n", result.Output, StringComparison.Ordinal);
        result = await hub.Run("map", "port", "base/pricat-x12", "--to", "005010");
        Assert.Equal((0, "base/pricat-x12 can read 005010: 0 change(s) to look at. Add it to 'release' in the map's head.\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_release_or_map_that_is_not_there_is_wrong_usage_and_a_map_with_mistakes_is_told_them()
    {
        var release = await hub.Run("map", "port", "base/orders-edifact", "--to", "D.96B");
        Assert.Equal((2, "There is no definition of ORDERS in release 'D.96B'. Did you mean D.96A?\n"), (release.ExitCode, release.Errors));
        Assert.Equal(2, (await hub.Run("map", "port", "base/orders-edifakt", "--to", "D.01B")).ExitCode);
        var file = Path.Combine(hub.Mappings, "base", "orders-edifact.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("BGM.1004", "BMG.1004", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var broken = await hub.Run("map", "port", "base/orders-edifact", "--to", "D.01B");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("base/orders-edifact.yaml:9:19 MAP1101", broken.Output, StringComparison.Ordinal);
        Assert.EndsWith("base/orders-edifact has mistakes of its own; mend those first.\n", broken.Output, StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
