using DistributorHub.Tests;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Tests.Golden;

/// <summary>Every golden test under <c>mappings/</c> of this repository.</summary>
public sealed class OwnMappingsTests
{
    static readonly HubSettings Settings = Of(Repository.PathTo("mappings"));

    internal static HubSettings Of(string mappings) => new()
    {
        Mappings = mappings,
        Definitions = Path.Combine(mappings, "definitions"),
        Data = "",
        Files = "",
        HubConnection = "",
        SellerConnection = "",
        Embedded = true,
        Home = Repository.Root,
    };

    static readonly Lazy<GoldenRunner> Runner = new(() => new(Settings, TimeProvider.System));

    public static TheoryData<string> Names => [.. GoldenTests.Find(Settings.Mappings).Select(test => test.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_file_becomes_what_is_expected_and_nothing_more_when_it_comes_again(string name)
    {
        var test = GoldenTests.Find(Settings.Mappings).Single(test => test.Name == name);
        var result = await Runner.Value.Run(test, TestContext.Current.CancellationToken);
        Assert.Empty(result.Problems);
        // A message that is written is compared byte by byte.
        if (test.IsDocument)
            return;
        // The one form of an expect file: accepting what comes out would change nothing but its comments.
        var written = await File.ReadAllTextAsync(Runner.Value.PathOf(test), TestContext.Current.CancellationToken);
        Assert.Equal(written, ExpectWriter.Write(result.Outcome!, written));
    }

    [Fact]
    public void Every_shared_map_and_every_partner_has_a_test_of_a_good_and_of_a_bad_file()
    {
        var tests = GoldenTests.Find(Settings.Mappings);
        var maps = Directory.GetFiles(Repository.PathTo("mappings", "base"), "*.yaml").Select(path => $"base/{Path.GetFileNameWithoutExtension(path)}").ToList();
        foreach (var map in maps.Where(Writes))
            Assert.Contains(tests, test => test.Map == map && test.Message is not null);
        maps.RemoveAll(Writes);
        Assert.NotEmpty(maps);
        foreach (var own in maps.Select(map => tests.Where(test => test.Map == map))
            .Concat(Directory.GetDirectories(Repository.PathTo("mappings", "partners")).Select(home => tests.Where(test => test.Map is null && test.Partner == Path.GetFileName(home)))))
        {
            var rejects = own.Select(test => File.ReadAllText(Runner.Value.PathOf(test)).Contains("rejected: yes", StringComparison.Ordinal)).ToList();
            Assert.Contains(true, rejects);
            Assert.Contains(false, rejects);
        }
    }

    static bool Writes(string map) => File.ReadAllText(Repository.PathTo("mappings", $"{map}.yaml")).Contains("\nwrite:\n", StringComparison.Ordinal);
}
