using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map coverage</c> as people and builds use it.</summary>
public sealed class CoverageVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static string Order => CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi");

    string Map => Path.Combine(hub.Mappings, "base", "orders-edifact.yaml");

    [Fact]
    public async Task What_is_unread_is_shown_and_fails_only_a_strict_run()
    {
        var result = await hub.Run("map", "coverage", Order, CommandLine.Sample("prairie", "in", "850-20261116.x12"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("base/orders-edifact: ORDERS D.96A, 2 messages", result.Output, StringComparison.Ordinal);
        Assert.Contains("    LIN/MOA[203] x5: MOA+203:2157.60 | MOA+203:1374.00 | MOA+203:372.00", result.Output, StringComparison.Ordinal);
        Assert.Contains("prairie/orders: 850 004010, 2 messages", result.Output, StringComparison.Ordinal);
        Assert.Contains("    orders.buyer_gln  base/orders-x12.yaml:15:19  gln(N1[BY, 03=UL].04?): no value in 2 rows", result.Output, StringComparison.Ordinal);
        Assert.Contains("    RFF[CT]? of orders.contract_no  base/orders-edifact.yaml:14:19  x2", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await hub.Run("map", "coverage", Order, "--strict")).ExitCode);
    }

    [Fact]
    public async Task A_map_that_says_what_it_leaves_out_passes_a_strict_run()
    {
        var text = await File.ReadAllTextAsync(Map, TestContext.Current.CancellationToken);
        string[] left = ["BGM.C002.1001", "NAD.C082.3055", "NAD/CTA.3139", "NAD/CTA.C056.3412", "CUX.C504[2].6343", "LIN/PIA.4347", "LIN/MOA[203]"];
        await File.WriteAllTextAsync(Map, text.Replace("to: shop\n", $"to: shop\nignore:\n{string.Concat(left.Select(path => $"- {path}\n"))}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var result = await hub.Run("map", "coverage", Order, "--strict", "--json");
        using var json = JsonDocument.Parse(result.Output);
        var map = json.RootElement.GetProperty("maps")[0];
        Assert.Equal([], map.GetProperty("unread").EnumerateArray().Select(unread => unread.GetProperty("path").GetString()));
        Assert.Equal([], map.GetProperty("unfired").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(0, (await hub.Run("map", "check", "base/orders-edifact")).ExitCode);
    }

    [Fact]
    public async Task A_file_with_faults_fails_and_is_told()
    {
        var result = await hub.Run("map", "coverage", CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("orders-4500017203-broken.edi:", result.Output, StringComparison.Ordinal);
        Assert.Contains("error MAP2105", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_wrong_usage()
    {
        var result = await hub.Run("map", "coverage", Order, "none.edi");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("There is no file 'none.edi'.", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
