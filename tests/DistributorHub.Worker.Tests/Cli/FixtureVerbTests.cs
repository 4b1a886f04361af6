using System.Text;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub exchange fixture</c>: what happened in production becomes a test.</summary>
public sealed class FixtureVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string PathOf(string name) => Path.Combine([hub.Mappings, .. name.Split('/')]);

    async Task<string> Text(string name) => await File.ReadAllTextAsync(PathOf(name), Encoding.Latin1, Cancellation);

    /// <summary>Numbers of the sample exchanges by their files.</summary>
    async Task<Dictionary<string, string>> Exchanges()
    {
        var lines = (await hub.Run("exchange", "list")).Output.Split('\n').Skip(1).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 3);
        return lines.ToDictionary(cells => cells[3], cells => cells[0], StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_exchange_leaves_a_golden_test_that_passes_and_says_nothing_of_anybody()
    {
        await hub.Run("run", "--once");
        var exchanges = await Exchanges();
        foreach (var (file, id) in exchanges)
        {
            var partner = file.Contains("2026", StringComparison.Ordinal) && !file.StartsWith("pricat", StringComparison.Ordinal) ? "prairie" : "nordlicht";
            var result = await hub.Run("exchange", "fixture", id);
            Assert.Equal((0, ""), (result.ExitCode, result.Errors));
            Assert.StartsWith($"partners/{partner}/tests/exchange-{id}.", result.Output, StringComparison.Ordinal);
        }
        var tests = await hub.Run("map", "test");
        Assert.Equal(0, tests.ExitCode);
        foreach (var id in exchanges.Values)
            Assert.Contains($"/tests/exchange-{id}\n", tests.Output, StringComparison.Ordinal);

        // The broken one fails for the same reason at the same segment.
        var broken = exchanges["orders-4500017203-broken.edi"];
        Assert.EndsWith("messages:\n- message: ORDERS\n  rejected: yes\nfindings:\n- { code: MAP2105, message: 1, segment: 15 }\n", await Text($"partners/nordlicht/tests/exchange-{broken}.expect.yaml"), StringComparison.Ordinal);
        var order = exchanges["orders-4500017201.edi"];
        var (masked, expected) = (await Text($"partners/nordlicht/tests/exchange-{order}.edi"), await Text($"partners/nordlicht/tests/exchange-{order}.expect.yaml"));
        foreach (var original in new[] { "4500017201", "Nordlicht", "Hafenstra", "Kiel", "einkauf", "RV-2026", "HX-1001", "N-20431", "4054321001013", "Akku", "89.90", "2157.60", "Rampe", "Anlieferung" })
        {
            Assert.DoesNotContain(original, masked, StringComparison.Ordinal);
            Assert.DoesNotContain(original, expected, StringComparison.Ordinal);
        }
        Assert.Contains("line_count: 3\n", expected, StringComparison.Ordinal);
        Assert.Contains("uom: 'PK'\n", expected, StringComparison.Ordinal);
        Assert.Contains("ordered_on: 2026-11-16\n", expected, StringComparison.Ordinal);

        var again = await hub.Run("exchange", "fixture", order);
        Assert.Equal((2, $"partners/nordlicht/tests/exchange-{order} is there already, and nothing is overwritten: choose another name with --name.\n"), (again.ExitCode, again.Errors));
        Assert.Equal(0, (await hub.Run("exchange", "fixture", order, "--name", "07-incident")).ExitCode);
        Assert.True(File.Exists(PathOf("partners/nordlicht/tests/07-incident.edi")));
        Assert.Equal(2, (await hub.Run("exchange", "fixture", order, "--name", "../x")).ExitCode);
        Assert.Equal(2, (await hub.Run("exchange", "fixture", "99")).ExitCode);
    }

    [Fact]
    public async Task What_a_finding_depends_on_stays_as_it_was_sent_and_is_told()
    {
        var map = PathOf("base/orders-edifact.yaml");
        await File.WriteAllTextAsync(map, (await File.ReadAllTextAsync(map, Cancellation)).Replace("RFF[CT]?", "text(date(RFF[CT], 'yyMMdd'))", StringComparison.Ordinal), Cancellation);
        var order = await File.ReadAllTextAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), Encoding.Latin1, Cancellation);
        var folder = Directory.CreateDirectory(Path.Combine(hub.Data, "files", "nordlicht", "in"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "dated.edi"), order.Replace("RFF+CT:RV-2026-118'", "RFF+CT:261231'", StringComparison.Ordinal), Encoding.Latin1, Cancellation);
        await hub.Run("run", "--once");
        var id = (await Exchanges())["dated.edi"];
        var result = await hub.Run("exchange", "fixture", id);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("As it was sent, since a finding or a row depends on it: message 1, segment 6, element 1.", result.Output, StringComparison.Ordinal);
        Assert.Contains("RFF+CT:261231'", await Text($"partners/nordlicht/tests/exchange-{id}.edi"), StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "test", $"partners/nordlicht/tests/exchange-{id}")).ExitCode);
    }

    public void Dispose() => hub.Dispose();
}
