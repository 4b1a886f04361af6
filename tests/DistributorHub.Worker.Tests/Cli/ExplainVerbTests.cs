using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map explain</c> as people use it.</summary>
public sealed class ExplainVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static string Order => CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi");

    [Fact]
    public async Task A_value_is_followed_from_its_rule_to_the_bytes()
    {
        var result = await hub.Run("map", "explain", Order, "--row", "order_lines:2", "--column", "uom");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("""
            ORDERS 4500017201
            order_lines[2].uom = EA  base/orders-edifact.yaml:43:19  code(QTY[21].C186.6411 ?? 'PCE', uom)
              uom: PCE -> EA  codes/uom.yaml:4
                QTY[21].C186.6411 = PCE  <- LIN/QTY.C186.6411, segment 22, bytes 754-756: QTY+21:120:PCE
            ORDERS 4500017202
            order_lines[2].uom = PR  base/orders-edifact.yaml:43:19  code(QTY[21].C186.6411 ?? 'PCE', uom)
              uom: PR -> PR  codes/uom.yaml:21
                QTY[21].C186.6411 = PR  <- LIN/QTY.C186.6411, segment 21, bytes 1587-1588: QTY+21:200:PR

            """, result.Output, ignoreLineEndingDifferences: true);
        var bytes = await File.ReadAllBytesAsync(Order, TestContext.Current.CancellationToken);
        Assert.Equal("PCE"u8, bytes.AsSpan(754..757));
    }

    [Fact]
    public async Task Without_a_choice_all_rows_are_explained_and_nulls_say_why()
    {
        var result = await hub.Run("map", "explain", Order);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("orders[1].line_count = 3  base/orders-edifact.yaml:18:19  count(LIN)", result.Output, StringComparison.Ordinal);
        Assert.Contains("optional: no CTA/COM[EM] in segment 10", result.Output, StringComparison.Ordinal);
        Assert.Contains("DTM[2] = null  (optional: no DTM[2] in segments 13-18)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_is_explained_and_told()
    {
        var result = await hub.Run("map", "explain", CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi"), "--row", "order_lines:1", "--column", "uom");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("uom: KRT is not in codes/uom.yaml, that is an error", result.Output, StringComparison.Ordinal);
        Assert.Contains("error MAP2105", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_get_the_same_as_json()
    {
        var result = await hub.Run("map", "explain", Order, "--row", "order_lines:2", "--column", "uom", "--json");
        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        var value = json.RootElement.GetProperty("messages")[0].GetProperty("values")[0];
        Assert.Equal("EA", value.GetProperty("value").GetString());
        Assert.Equal("base/orders-edifact.yaml:43:19", value.GetProperty("place").GetString());
        var source = value.GetProperty("steps")[0].GetProperty("steps")[0].GetProperty("sources")[0];
        Assert.Equal((22, 754, 757, "PCE"),
            (source.GetProperty("segment").GetInt32(), source.GetProperty("start").GetInt32(), source.GetProperty("end").GetInt32(), source.GetProperty("found").GetString()));
    }

    [Theory]
    [InlineData("There is no row 9 of order_lines: a message of this file makes 3 at most.", "--row", "order_lines:9")]
    [InlineData("There is no row of a table 'order_line'. Did you mean order_lines?", "--row", "order_line")]
    [InlineData("No rule of order_lines sets 'color'.", "--row", "order_lines", "--column", "color")]
    [InlineData("--row takes a table and the number of a row, such as order_lines:2, not 'order_lines:x'.", "--row", "order_lines:x")]
    public async Task What_is_not_there_is_wrong_usage(string sentence, params string[] options)
    {
        var result = await hub.Run(["map", "explain", Order, .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    public void Dispose() => hub.Dispose();
}
