namespace DistributorHub.Worker.Tests.Cli;

/// <summary>Maps that extend others, at the command line: <c>hub map check</c>, <c>show</c>, <c>test</c>, <c>run</c>, <c>explain</c> and <c>coverage</c>.</summary>
public sealed class OverlayVerbTests : IDisposable
{
    const string Map = "prairie/orders";

    readonly CommandLine hub = new();

    public void Dispose() => hub.Dispose();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string PathOf(string name) => Path.Combine([hub.Mappings, .. name.Split('/')]);

    string Order => PathOf("partners/prairie/orders.tests/01-from-a-blanket.x12");

    async Task Change(string name, string from, string to)
    {
        var text = await File.ReadAllTextAsync(PathOf(name), Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf(name), text.Replace(from, to, StringComparison.Ordinal), Cancellation);
    }

    [Fact]
    public async Task A_base_that_changes_under_an_override_stops_the_check_until_a_person_keeps_or_takes()
    {
        await Change("base/orders-x12.yaml", "REF[CT]?", "REF[CO]?");
        var check = await hub.Run("map", "check");
        const string said = "partners/prairie/orders.yaml:7:3 MAP1606 The base rule of orders.contract_no was `REF[CT]?`, is now `REF[CO]?` (base/orders-x12.yaml:14:19); keep, or take?";
        Assert.Equal((1, ""), (check.ExitCode, check.Errors));
        Assert.Contains(said, check.Output, StringComparison.Ordinal);
        Assert.EndsWith(": 1 mistake(s), 0 warning(s).\n", check.Output, StringComparison.Ordinal);

        // Nobody who answers, and an answer that is no yes: nothing is written.
        var lockText = await File.ReadAllTextAsync(PathOf("partners/prairie/orders.lock"), Cancellation);
        foreach (var answer in new[] { "", "n\n", "take\n" })
        {
            hub.Typed = answer;
            var asked = await hub.Run("map", "check", Map, "--accept");
            Assert.Equal(1, asked.ExitCode);
            Assert.Contains(said, asked.Output, StringComparison.Ordinal);
            Assert.Contains("Keep what prairie/orders says? [y/N] ", asked.Output, StringComparison.Ordinal);
            Assert.Equal(lockText, await File.ReadAllTextAsync(PathOf("partners/prairie/orders.lock"), Cancellation));
        }
        hub.Typed = "y\n";
        var kept = await hub.Run("map", "check", Map, "--accept");
        Assert.Contains("partners/prairie/orders.lock is written.\n", kept.Output, StringComparison.Ordinal);
        Assert.Equal(0, kept.ExitCode);
        Assert.Contains("  'orders.contract_no': 'REF[CO]?'\n", await File.ReadAllTextAsync(PathOf("partners/prairie/orders.lock"), Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "check", "--strict")).ExitCode);
    }

    [Fact]
    public async Task A_lock_that_is_missing_or_old_is_a_warning_and_with_strict_a_mistake()
    {
        Assert.Equal(2, (await hub.Run("map", "check", "--yes")).ExitCode);
        Assert.Equal(0, (await hub.Run("map", "check", "--strict")).ExitCode);
        await Change("base/orders-x12.yaml", "first(PER.COM[EM]?)", "first(PER.COM[EM|EX]?)");
        var old = await hub.Run("map", "check");
        Assert.Equal(0, old.ExitCode);
        Assert.Contains("partners/prairie/orders.yaml:4:10 MAP1607 warning: Map base/orders-x12 has changed since map prairie/orders was locked", old.Output, StringComparison.Ordinal);
        File.Delete(PathOf("partners/prairie/orders.lock"));
        Assert.Equal(0, (await hub.Run("map", "check", Map)).ExitCode);
        var strict = await hub.Run("map", "check", "--strict");
        Assert.Equal(1, strict.ExitCode);
        Assert.Contains("partners/prairie/orders.yaml:4:10 MAP1607 Map prairie/orders has no lock", strict.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "check", "--strict", "--accept", "--yes")).ExitCode);
        Assert.True(File.Exists(PathOf("partners/prairie/orders.lock")));
        Assert.DoesNotContain("is written", (await hub.Run("map", "check", "--accept")).Output, StringComparison.Ordinal);

        await Change("partners/prairie/orders.yaml", "orders.contract_no:", "orders.contract:");
        var wrong = await hub.Run("map", "check", "--accept", "--yes");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("partners/prairie/orders.yaml:7:3 MAP1602 orders of map base/orders-x12 has no rule 'contract'. (did you mean contract_no?)", wrong.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is written", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_is_shown_as_written_or_as_one_and_what_is_shown_is_a_map()
    {
        Assert.Equal(await File.ReadAllTextAsync(PathOf("partners/prairie/orders.yaml"), Cancellation), (await hub.Run("map", "show", Map)).Output);
        Assert.Equal(2, (await hub.Run("map", "show", "prairie/ordres")).ExitCode);
        var shown = await hub.Run("map", "show", Map, "--resolved");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Errors));
        Assert.Matches(@"(?m)^    contract_no: REF\[BC\] \?\? REF\[CT\]\? +# partners/prairie/orders\.yaml:7$", shown.Output);
        Assert.Matches(@"(?m)^    order_no: BEG03 +# base/orders-x12\.yaml:9$", shown.Output);

        var before = await hub.Run("map", "run", Order, "--json");
        Assert.Contains("BL-88", before.Output, StringComparison.Ordinal);
        File.Delete(PathOf("partners/prairie/orders.lock"));
        await File.WriteAllTextAsync(PathOf("partners/prairie/orders.yaml"), shown.Output, Cancellation);
        Assert.Equal(0, (await hub.Run("map", "check", "--strict")).ExitCode);
        Assert.Equal(before, await hub.Run("map", "run", Order, "--json"));

        await File.WriteAllTextAsync(PathOf("partners/prairie/orders.yaml"), "hub: map/1\nid: prairie/orders\nextends: base/none\n", Cancellation);
        var none = await hub.Run("map", "show", Map, "--resolved");
        Assert.Equal((1, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("partners/prairie/orders.yaml:3:10 MAP1601 There is no map 'base/none'.", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_base_is_tested_with_all_that_extend_it()
    {
        // The overlay overrides this one: of what the base says now, its tests know nothing.
        await Change("base/orders-x12.yaml", "uom:          code(PO103, uom)", "uom:          code(PO103 ?? 'EA', uom)");
        await Change("base/orders-x12.yaml", "net_price:    PO104?", "net_price:    round(PO104?, 0)");
        var result = await hub.Run("map", "test", "base/orders-x12");
        Assert.Contains("FAILED  partners/prairie/orders.tests/01-from-a-blanket\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("net_price: expected '31.5', found '32'", result.Output, StringComparison.Ordinal);
        Assert.Contains("passed  partners/prairie/tests/01-order\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("passed  base/orders-x12.tests/02-wrong-check-digit\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nordlicht", result.Output, StringComparison.Ordinal);

        var own = await hub.Run("map", "test", Map);
        Assert.DoesNotContain("base/", own.Output, StringComparison.Ordinal);
        Assert.Contains("partners/prairie/tests/01-order\n", own.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explained_rules_and_those_that_never_fired_stand_in_either_file()
    {
        var explained = (await hub.Run("map", "explain", Order, "--row", "orders:1")).Output;
        Assert.Contains("orders[1].contract_no = BL-88  partners/prairie/orders.yaml:7:23  REF[BC] ?? REF[CT]?\n", explained, StringComparison.Ordinal);
        Assert.Contains("orders[1].order_no = PT-2  base/orders-x12.yaml:9:19  BEG03\n", explained, StringComparison.Ordinal);
        Assert.Contains("  uom: DI -> BX  partners/prairie/orders.yaml:12\n", (await hub.Run("map", "explain", Order, "--row", "order_lines:1", "--column", "uom")).Output, StringComparison.Ordinal);
        var coverage = (await hub.Run("map", "coverage", Order)).Output;
        Assert.StartsWith("prairie/orders: 850 004010, 1 message\n", coverage, StringComparison.Ordinal);
        Assert.Contains("orders.deliver_on  base/orders-x12.yaml:12:19", coverage, StringComparison.Ordinal);
        Assert.Contains("order_parties.code  partners/prairie/orders.yaml:8:23", coverage, StringComparison.Ordinal);
    }
}
