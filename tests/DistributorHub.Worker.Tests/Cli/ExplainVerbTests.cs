using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map explain</c> and <c>hub exchange explain</c> as people use them.</summary>
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

    [Fact]
    public async Task A_loaded_exchange_is_explained_from_the_archive_and_says_when_its_map_has_changed()
    {
        await hub.Run("run", "--once");
        using var list = JsonDocument.Parse((await hub.Run("exchange", "list", "--number", "4500017201", "--json")).Output);
        var id = list.RootElement[0].GetProperty("id").ToString();
        var fromFile = await hub.Run("map", "explain", Order);
        var fromArchive = await hub.Run("exchange", "explain", id);
        Assert.Equal(fromFile, fromArchive);

        var map = Path.Combine(hub.Mappings, "base", "orders-edifact.yaml");
        var text = await File.ReadAllTextAsync(map, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(map, text.Replace("code(QTY[21].C186.6411 ?? 'PCE', uom)", "code(QTY[21].C186.6411 ?? 'PR', uom)", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var changed = await hub.Run("exchange", "explain", id, "--row", "order_lines:2", "--column", "uom");
        Assert.Equal(0, changed.ExitCode);
        Assert.Matches(
            @"^ORDERS 4500017201\r?\nbase/orders-edifact has changed since this message was mapped \(the map, its code lists or its target\): version [0-9a-f]{12} then, [0-9a-f]{12} now\. This is how it is mapped now\.",
            changed.Output);
        Assert.Contains("?? 'PR'", changed.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("exchange", "explain", "999")).ExitCode);
    }

    [Fact]
    public async Task The_map_that_took_a_message_explains_it_though_the_agreement_names_another_now()
    {
        await hub.Run("run", "--once");
        File.Copy(Path.Combine(hub.Mappings, "base", "orders-edifact.yaml"), Path.Combine(hub.Mappings, "base", "orders-new.yaml"));
        await Replace(Path.Combine(hub.Mappings, "base", "orders-new.yaml"), "id: base/orders-edifact", "id: base/orders-new");
        await Replace(Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml"), "map: base/orders-edifact", "map: base/orders-new");
        using var list = JsonDocument.Parse((await hub.Run("exchange", "list", "--number", "4500017201", "--json")).Output);
        var explained = await hub.Run("exchange", "explain", list.RootElement[0].GetProperty("id").ToString(), "--row", "orders");
        Assert.Equal(0, explained.ExitCode);
        Assert.Contains("base/orders-edifact.yaml:", explained.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("has changed", explained.Output, StringComparison.Ordinal);
        Assert.Contains("base/orders-new.yaml:", (await hub.Run("map", "explain", Order, "--row", "orders")).Output, StringComparison.Ordinal);
    }

    static async Task Replace(string file, string old, string with)
    {
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(old, with, StringComparison.Ordinal), TestContext.Current.CancellationToken);
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
