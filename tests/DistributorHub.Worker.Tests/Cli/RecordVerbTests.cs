using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>The verbs of maps on files without an envelope.</summary>
public sealed class RecordVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Prices => Path.Combine(hub.Mappings, "base", "pricelist-csv.tests", "01-basic.csv");

    async Task<string> Broken()
    {
        var path = Path.Combine(hub.Mappings, "broken.csv");
        await File.WriteAllTextAsync(path, "list_no;issued_on;currency;sku;price;Lagerort\nL-1;2026-03-01;EUR;B-6;8.50;A\nL-1;2026-03-01;EUR;B-8;8,50;B\n", Cancellation);
        return path;
    }

    [Fact]
    public async Task A_map_is_tried_on_a_file_and_says_where_it_is_wrong()
    {
        var fine = await hub.Run("map", "run", Prices, "--map", "base/pricelist-csv");
        Assert.Equal((0, ""), (fine.ExitCode, fine.Errors));
        Assert.StartsWith("PRICAT L-2026-3  8 row(s)\n", fine.Output, StringComparison.Ordinal);
        var wrong = await hub.Run("map", "run", await Broken(), "--map", "base/pricelist-csv");
        Assert.Equal(1, wrong.ExitCode);
        Assert.EndsWith("""
              error MAP2104 at line 3, column 1 (message 1, segment 3, byte 76), PRICAT/price: price_tiers.price needs a decimal with '.', found '8,50'.
                  L-1;2026-03-01;EUR;B-8;8,50;B
                  The partner has to correct the value.

            """, wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_goes_by_its_name_to_the_map_of_its_partner()
    {
        var partner = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        await File.WriteAllTextAsync(partner, (await File.ReadAllTextAsync(partner, Cancellation)).Replace("messages:\n", "messages:\n- { files: '*.CSV', map: base/pricelist-csv }\n", StringComparison.Ordinal), Cancellation);
        var run = await hub.Run("map", "run", Prices, "--partner", "nordlicht");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  nordlicht   L-2026-3  original  2026-03-01  EUR       3\n", run.Output, StringComparison.Ordinal);
        var nobody = await hub.Run("map", "run", Prices);
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("A file without an envelope goes by its name and its partner: --partner ID; to try a map on it: --map ID.\n", nobody.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_is_traced_to_its_field()
    {
        var result = await hub.Run("map", "explain", Prices, "--map", "base/pricelist-csv", "--row", "price_tiers:2", "--column", "price");
        Assert.Equal(0, result.ExitCode);
        var file = await File.ReadAllTextAsync(Prices, Cancellation);
        var at = System.Text.Encoding.UTF8.GetByteCount(file[..file.IndexOf("7.90", StringComparison.Ordinal)]) + 3;
        Assert.Contains($"price_tiers[2].price = 7.9  base/pricelist-csv.yaml:64:19  price_2\n  <- price_2, segment 2, bytes {at}-{at + 3}: record;B-6;", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_the_document_and_of_its_first_line_are_explained_by_the_bytes_of_each()
    {
        // Both segments start at the same byte of the file.
        var file = Path.Combine(hub.Mappings, "base", "orders-csv.tests", "01-two-orders.tsv");
        var result = await hub.Run("map", "explain", file, "--map", "base/orders-csv", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        using var document = JsonDocument.Parse(result.Output);
        var sources = Sources(document.RootElement).ToList();
        Assert.True(sources.Count > 10, $"{sources.Count} sources");
        foreach (var (start, end, text) in sources)
            Assert.Equal(text, System.Text.Encoding.Latin1.GetString(bytes[start..end]));
    }

    static IEnumerable<(int Start, int End, string Text)> Sources(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Sources),
        JsonValueKind.Object when element.TryGetProperty("start", out var start) && element.TryGetProperty("end", out var end) && element.TryGetProperty("found", out var text) => [(start.GetInt32(), end.GetInt32(), text.GetString()!)],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Sources(property.Value)),
        _ => [],
    };

    [Fact]
    public async Task Columns_that_the_map_does_not_name_are_told()
    {
        var text = await hub.Run("map", "coverage", await Broken(), "--map", "base/pricelist-csv");
        Assert.Contains("  broken.csv holds, and from: does not name: 1\n    Lagerort\n", text.Output, StringComparison.Ordinal);
        var json = await hub.Run("map", "coverage", await Broken(), "--map", "base/pricelist-csv", "--json");
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal("Lagerort", document.RootElement.GetProperty("files")[0].GetProperty("unnamed")[0].GetString());
        Assert.Equal("base/pricelist-csv", document.RootElement.GetProperty("maps")[0].GetProperty("map").GetString());
    }

    public void Dispose() => hub.Dispose();
}
