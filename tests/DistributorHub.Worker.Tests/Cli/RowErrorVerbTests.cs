using System.Text.Json;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>A row that was left out, in every verb that shows what became of a file.</summary>
public sealed class RowErrorVerbTests : IDisposable
{
    readonly CommandLine hub = new();
    readonly string file;

    public RowErrorVerbTests()
    {
        var map = Path.Combine(hub.Mappings, "base", "orders-edifact.yaml");
        File.WriteAllText(map, File.ReadAllText(map).Replace("to: shop\n", "to: shop\non_row_error: { quarantine: { max: 5 } }\n", StringComparison.Ordinal));
        file = Path.Combine(hub.Mappings, "without.edi");
        File.WriteAllBytes(file, Orders.Replace(Orders.File("I1", Orders.Order("A1", 3)), "QTY+21:2:PCE", "QTY+21:2:KRT"));
    }

    [Fact]
    public async Task A_trial_shows_the_rows_that_are_left_and_those_left_out()
    {
        var run = await hub.Run("map", "run", file);
        Assert.Equal(0, run.ExitCode);
        // The order, its two parties and two of its three lines.
        Assert.Contains("ORDERS A1  5 row(s), 1 left out", run.Output, StringComparison.Ordinal);
        Assert.Contains("order_lines (2)", run.Output, StringComparison.Ordinal);
        Assert.Contains("warning MAP2105", run.Output, StringComparison.Ordinal);
        Assert.Contains("This row of order_lines was left out.", run.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await hub.Run("map", "run", file, "--json")).Output);
        var leftOut = json.RootElement.GetProperty("messages")[0].GetProperty("leftOut")[0];
        Assert.Equal(("order_lines", 2, 11), (leftOut.GetProperty("table").GetString(), leftOut.GetProperty("_row").GetInt32(), leftOut.GetProperty("_segment").GetInt32()));

        var explain = await hub.Run("map", "explain", file, "--row", "order_lines:2");
        Assert.Equal(0, explain.ExitCode);
        Assert.Contains("order_lines[2].uom = none, see the finding below", explain.Output, StringComparison.Ordinal);
        Assert.Contains("order_lines[2]: left out for its faults (segment 11), see the findings below", explain.Output, StringComparison.Ordinal);

        var coverage = await hub.Run("map", "coverage", file);
        Assert.Equal(0, coverage.ExitCode);
        Assert.Contains("This row of order_lines was left out.", coverage.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_says_which_rows_may_be_left_out()
    {
        var check = await hub.Run("map", "check", "base/orders-edifact", "--stream");
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("A row with a fault of its own is left out, at most 5 of a message: order_parties, order_lines.", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", (await hub.Run("map", "check", "base/orders-x12", "--stream")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_golden_test_expects_the_row_not_to_be_there_and_its_finding()
    {
        var tests = Directory.CreateDirectory(Path.Combine(hub.Mappings, "base", "orders-edifact.tests")).FullName;
        File.Copy(file, Path.Combine(tests, "90-without.edi"));
        var expect = Path.Combine(tests, "90-without.expect.yaml");
        const string line = """
                  - line_no: {0}
                    action: 'add'
                    gtin: '4054321001013'
                    supplier_sku: 'HX-1001'
                    buyer_sku: 'N-20431'
                    qty: {0}
                    uom: 'EA'
                    net_price: 10
                    price_basis: 1

            """;
        const string head = """
            hub: expect/1
            messages:
            - message: ORDERS
              rows:
                orders:
                - partner_id: '4012345000016'
                  order_no: 'A1'
                  function: 'original'
                  ordered_on: 2026-11-16
                  currency: 'EUR'
                  buyer_gln: '4012345000016'
                  line_count: 3
                  order_parties:
                  - role: 'buyer'
                    gln: '4012345000016'
                    name: 'Nordlicht Werkzeughandel GmbH'
                    street: 'Hafenstrasse 12'
                    city: 'Kiel'
                    postcode: '24103'
                    country: 'DE'
                  - role: 'supplier'
                    gln: '4098765000027'
                  order_lines:

            """;
        string Line(string number) => line.Replace("{0}", number, StringComparison.Ordinal);
        const string finding = "findings:\n- { code: MAP2105, message: 1, segment: 13 }\n";
        await File.WriteAllTextAsync(expect, head + Line("1") + Line("3") + finding, Cancellation);
        var passed = await hub.Run("map", "test", "base/orders-edifact.tests/90-without");
        Assert.True(passed.ExitCode == 0, passed.Output);

        await File.WriteAllTextAsync(expect, head + Line("1") + Line("2") + Line("3") + finding, Cancellation);
        Assert.Equal(1, (await hub.Run("map", "test", "base/orders-edifact.tests/90-without")).ExitCode);
    }

    [Fact]
    public async Task An_exchange_says_in_plain_words_what_it_was_loaded_without()
    {
        await hub.Run("exchange", "list");
        foreach (var sample in Directory.GetFiles(Inbox))
            File.Delete(sample);
        File.Copy(file, Path.Combine(Inbox, "without.edi"));
        Assert.Equal(0, (await hub.Run("run", "--once", "--partner", "nordlicht")).ExitCode);

        var shown = (await hub.Run("exchange", "show", "1")).Output;
        Assert.Contains("Loaded without 1 row that has faults (order_lines 1); the findings name them.", shown, StringComparison.Ordinal);
        Assert.Contains("warning MAP2105", shown, StringComparison.Ordinal);
        Assert.Contains("the code 'KRT' is not in the list 'uom'. This row of order_lines was left out.", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("exchange retry", shown, StringComparison.Ordinal);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Inbox => Path.Combine(hub.Data, "files", "nordlicht", "in");

    public void Dispose() => hub.Dispose();
}
