using System.Text;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map new</c> as the first who gets a file of a new partner uses it.</summary>
public sealed class MapNewVerbTests : IDisposable
{
    readonly CommandLine hub = new();
    readonly DirectoryInfo files = Directory.CreateTempSubdirectory("distributorhub-new-");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string PathOf(string name) => Path.Combine([hub.Mappings, .. name.Split('/')]);

    async Task<string> Text(string name) => (await File.ReadAllTextAsync(PathOf(name), Cancellation)).ReplaceLineEndings("\n");

    /// <summary>A sample order of the shipped partner, as if another had sent it.</summary>
    async Task<string> Order(string name, string sender, Func<string, string>? change = null)
    {
        var text = await File.ReadAllTextAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), Encoding.Latin1, Cancellation);
        var path = Path.Combine(files.FullName, name);
        await File.WriteAllTextAsync(path, (change ?? (same => same))(text.Replace("UNB+UNOC:3+4012345000016:14", $"UNB+UNOC:3+{sender}:14", StringComparison.Ordinal)), Encoding.Latin1, Cancellation);
        return path;
    }

    [Fact]
    public async Task A_new_partner_has_a_map_that_compiles_and_golden_tests_that_pass_at_once()
    {
        var order = await Order("Order 1.edi", "4099999000012", text => text.Replace("QTY+21:60:PK", "QTY+21:60:KRT", StringComparison.Ordinal));
        var result = await hub.Run("map", "new", "--from", order, "--to", "shop", "--partner", "acme");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("partners/acme/tests/01-order-1.expect.yaml  passed, ", result.Output, StringComparison.Ordinal);
        Assert.Contains("order_lines.uom: code KRT is in no list; it stands in partners/acme/codes/uom.yaml as it was sent.", result.Output, StringComparison.Ordinal);

        var partner = await Text("partners/acme/partner.yaml");
        Assert.Contains("state: draft ", partner, StringComparison.Ordinal);
        Assert.Contains("currency: EUR\n", partner, StringComparison.Ordinal);
        Assert.Contains("- { standard: edifact, id: '4099999000012', qualifier: '14' }\n", partner, StringComparison.Ordinal);
        Assert.Contains("- { standard: edifact, message: 'ORDERS', release: 'D.96A', map: acme/orders }\n", partner, StringComparison.Ordinal);
        var map = await Text("partners/acme/orders.yaml");
        Assert.Contains("    #   MOA[203]  x5  Line item amount: MOA+203:2157.60 | MOA+203:1374.00\n", map, StringComparison.Ordinal);
        Assert.StartsWith("# Drafted from what came out.", await Text("partners/acme/tests/01-order-1.expect.yaml"), StringComparison.Ordinal);

        var check = await hub.Run("map", "check", "--strict");
        Assert.Matches("^[0-9]+ map\\(s\\) and [0-9]+ guide\\(s\\) checked: 0 mistake\\(s\\), 0 warning\\(s\\)\\.\n$", check.Output);
        var test = await hub.Run("map", "test", "--partner", "acme");
        Assert.Equal((0, "passed  partners/acme/tests/01-order-1\n1 golden test(s): 1 passed, 0 failed.\n"), (test.ExitCode, test.Output));

        // The same again overwrites nothing.
        var again = await hub.Run("map", "new", "--from", order, "--to", "shop", "--partner", "acme");
        Assert.Equal(2, again.ExitCode);
        Assert.Equal(map, await Text("partners/acme/orders.yaml"));
    }

    [Fact]
    public async Task What_remains_to_be_decided_is_told_with_its_place_and_fails()
    {
        var order = await Order("a.edi", "SHOP-7 GMBH", text => text.Replace("CUX+2:EUR:9'", "", StringComparison.Ordinal));
        var result = await hub.Run("map", "new", "--from", order, "--to", "shop");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("To be decided:\n  partners/shop-7-gmbh/orders.yaml:14:34 MAP2101 orders.currency needs $partner.currency, which is not set. (a.edi, message 1, segment 2, and 1 more)\n", result.Output, StringComparison.Ordinal);
        // The file says what is, and the test with it.
        Assert.Equal(0, (await hub.Run("map", "check")).ExitCode);
        Assert.Equal(0, (await hub.Run("map", "test", "--partner", "shop-7-gmbh")).ExitCode);
        Assert.Contains("rejected: yes", await Text("partners/shop-7-gmbh/tests/01-a.expect.yaml"), StringComparison.Ordinal);

        Directory.Delete(PathOf("partners/shop-7-gmbh"), recursive: true);
        result = await hub.Run("map", "new", "--from", order, "--to", "shop", "--currency", "CHF");
        // One of our counts is wrong now, as a segment is gone.
        Assert.DoesNotContain("currency", result.Output, StringComparison.Ordinal);
        Assert.Contains("currency: CHF\n", await Text("partners/shop-7-gmbh/partner.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sent_it_must_be_new_one_and_named()
    {
        var own = await hub.Run("map", "new", "--from", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--to", "shop");
        Assert.Equal((2, "EDIFACT sender '4012345000016' is a partner already: add the message to their partner.yaml, and the map beside it.\n"), (own.ExitCode, own.Errors));
        var (one, two) = (await Order("1.edi", "A"), await Order("2.edi", "B"));
        var several = await hub.Run("map", "new", "--from", one, two, "--to", "shop");
        Assert.Equal(2, several.ExitCode);
        Assert.StartsWith("These files have several senders: A, B.", several.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "new", "--from", one, two, "--to", "shop", "--partner", "ab")).ExitCode);
        Assert.Contains("2 golden test(s): 2 passed", (await hub.Run("map", "test", "--partner", "ab")).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(files.FullName, "text.txt"), "Dear all,", Cancellation);
        var nobody = await hub.Run("map", "new", "--from", Path.Combine(files.FullName, "text.txt"), "--to", "shop");
        Assert.Equal(2, nobody.ExitCode);
        Assert.StartsWith("text.txt does not say who sent it", nobody.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("map", "new", "--from", one, "--to", "shp")).ExitCode);
        Assert.Equal(2, (await hub.Run("map", "new", "--to", "shop")).ExitCode);
    }

    [Theory]
    [InlineData("FrendsPlatform__Frends.Edifact/TestFiles/D96A_ORDERS.txt")]
    [InlineData("aaronhuggins__node-x12/test/test-data/850_fat.edi")]
    [InlineData("jskrobak__underware.Edifact/src/underware.Edifact.Examples/Samples/D93A_ORDERS.txt")]
    [InlineData("irobayna__stupidedi/spec/fixtures/004010/SC832/fail/1.edi")]
    public async Task A_file_of_a_real_partner_becomes_a_partner(string file)
    {
        if (Repository.Shared is not { } shared)
            return;
        var result = await hub.Run("map", "new", "--from", Path.Combine(shared, "corpus", "files", file), "--to", "shop", "--partner", "acme", "--currency", "EUR");
        Assert.InRange(result.ExitCode, 0, 1);
        Assert.Equal(result.ExitCode == 1, result.Output.Contains("To be decided:", StringComparison.Ordinal));
        Assert.Equal(0, (await hub.Run("map", "check")).ExitCode);
        Assert.Equal(0, (await hub.Run("map", "test", "--partner", "acme")).ExitCode);
    }

    public void Dispose()
    {
        hub.Dispose();
        files.Delete(recursive: true);
    }
}
