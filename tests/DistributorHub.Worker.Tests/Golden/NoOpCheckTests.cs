using DistributorHub.Edi;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Tests.Cli;

namespace DistributorHub.Worker.Tests.Golden;

public sealed class NoOpCheckTests : IDisposable
{
    const string Map = "base/orders-edifact";

    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    GoldenTest Find(string name) => GoldenTests.Find(hub.Mappings).Single(test => test.Name == name);

    [Theory]
    [InlineData("insert")]
    [InlineData("skip")]
    [InlineData("update")]
    public async Task Each_policy_keeps_its_promise_when_the_rows_come_again(string policy)
    {
        var path = Path.Combine(hub.Mappings, "targets", "shop.target.yaml");
        var target = await File.ReadAllTextAsync(path, Cancellation);
        const string versions = "    version: { number: revision, current: is_current, newer_by: ordered_on }\n";
        Assert.Contains(versions, target, StringComparison.Ordinal);
        target = target.Replace(versions, "", StringComparison.Ordinal)
            .Replace("    policy: version                      # insert | skip | update | version | children | catalogue\n", $"    policy: {policy}\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, target, Cancellation);
        var result = await new GoldenRunner(OwnMappingsTests.Of(hub.Mappings), TimeProvider.System).Run(Find($"{Map}.tests/01-basic"), Cancellation);
        Assert.Empty(result.Problems);
        Assert.Equal(policy, result.Outcome!.Messages[0].Target!.Find("orders")!.Policy.ToString(), ignoreCase: true);
    }

    [Fact]
    public async Task A_table_that_changed_is_named_with_the_rows()
    {
        var library = new GoldenLibrary(OwnMappingsTests.Of(hub.Mappings));
        var map = library.Map(Map, null, [])!;
        using var seller = new TrialSeller(TimeProvider.System);
        var check = new NoOpCheck(seller);
        await new GoldenReading(Find($"{Map}.tests/01-basic"), library, map, seller, new()).Read("first", Cancellation);
        await check.Take(Cancellation);
        foreach (var same in new[] { check.SameFile, check.SameRows, check.SameKeys })
            Assert.Empty(await same(Cancellation));

        // Another file, whose second order is loaded.
        await new GoldenReading(Find($"{Map}.tests/02-unknown-unit"), library, map, seller, new Findings()).Read("second", Cancellation);
        var file = await check.SameFile(Cancellation);
        Assert.Equal(3, file.Count);
        Assert.StartsWith("Loading the same file again changes orders (policy version): 1 row(s) more: po_id 2, partner_id 4012345000023, po_number A-1003, ", file[0], StringComparison.Ordinal);
        Assert.StartsWith("Loading the same file again changes order_lines (policy children): 1 row(s) more: ", file[2], StringComparison.Ordinal);
        Assert.StartsWith("Loading the same rows from a file the hub does not know changes orders", (await check.SameRows(Cancellation))[0], StringComparison.Ordinal);
        Assert.EndsWith("changes orders (policy version): 1 row(s) more: partner_id 4012345000023, po_number A-1003.", (await check.SameKeys(Cancellation))[0], StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
