using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Workbench;

namespace DistributorHub.Worker.Tests.Workbench;

public sealed class MapFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("hub-map-file-").FullName;
    readonly HubSettings settings;

    public MapFileTests()
    {
        foreach (var (name, text) in new[] { ("mappings/base/orders.yaml", "hub: map/1\n"), ("mappings/partners/acme/orders.yaml", "hub: map/1\r\nid: acme/orders\r\n"), ("mappings/partners/acme/partner.yaml", "hub: partner/1\n"), ("mappings/partners/acme/guide.yaml", "hub: guide/1\n"), ("secret.yaml", "hub: map/1\n") })
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        settings = new()
        {
            Home = Repository.Root,
            Mappings = Path.Combine(folder, "mappings"),
            Definitions = Path.Combine(folder, "definitions"),
            Data = folder,
            Files = folder,
            HubConnection = "Data Source=none",
            SellerConnection = "Data Source=none",
            Embedded = false,
        };
    }

    string PathOf(string name) => Path.Combine(settings.Mappings, name);

    [Fact]
    public void A_map_is_found_where_maps_stand_and_nothing_else_is()
    {
        Assert.Equal("base/orders.yaml", MapFile.Find(settings, "base", "orders")?.Name);
        Assert.Equal(("partners/acme/orders.yaml", "acme"), (MapFile.Find(settings, "acme", "orders")?.Name, MapFile.Find(settings, "acme", "orders")?.Owner));
        foreach (var (owner, name) in new[]
        {
            ("acme", "partner"), ("acme", "guide"), ("acme", "nothing"), ("..", "secret"), ("base", "../../secret"), ("base", "..\\secret"), ("acme/../..", "secret"), (".", "orders"), ("", "orders"), ("base", ""),
            ("base", "orders\0"), ("base", "c:orders"), ("base/..", "base/orders"),
        })
            Assert.True(MapFile.Find(settings, owner, name) is null, $"{owner} {name}");
    }

    [Fact]
    public void A_text_takes_the_place_of_the_file_with_its_line_ends_and_leaves_nothing_beside_it()
    {
        var map = Assert.IsType<MapFile>(MapFile.Find(settings, "acme", "orders"));
        Assert.Equal("hub: map/1\nid: acme/orders\n", map.Read());
        Assert.Equal("the live text has changed a moment ago.", map.Replace("hub: map/1\n# new\n", MapFile.Hash("another")));
        Assert.Null(map.Replace("hub: map/1\n# new\n", MapFile.Hash(map.Read())));
        Assert.Equal("hub: map/1\r\n# new\r\n", File.ReadAllText(PathOf("partners/acme/orders.yaml")));
        Assert.Equal(MapFile.Hash("hub: map/1\n# new\n"), MapFile.Hash(File.ReadAllText(PathOf("partners/acme/orders.yaml"))));
        Assert.Equal(["guide.yaml", "orders.yaml", "partner.yaml"], Directory.GetFiles(PathOf("partners/acme")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_and_a_file_that_is_read_only_are_not_replaced()
    {
        File.SetAttributes(PathOf("base/orders.yaml"), FileAttributes.ReadOnly);
        Assert.Contains("base/orders.yaml is read-only", Replace("base", "orders"), StringComparison.Ordinal);
        File.SetAttributes(PathOf("base/orders.yaml"), FileAttributes.Normal);
        File.CreateSymbolicLink(PathOf("base/linked.yaml"), Path.Combine(folder, "secret.yaml"));
        Assert.Contains("linked.yaml is a link to", Replace("base", "linked"), StringComparison.Ordinal);
        Directory.CreateSymbolicLink(PathOf("partners/other"), PathOf("partners/acme"));
        Assert.Contains("other is a link to", Replace("other", "orders"), StringComparison.Ordinal);
        Assert.Equal("hub: map/1\n", File.ReadAllText(Path.Combine(folder, "secret.yaml")));
        Assert.Null(Replace("base", "orders"));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_the_refusal_says_so_and_the_file_stays()
    {
        await using var disk = await SmallDisk.Mount(1, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(disk.Path, "base"));
        await File.WriteAllTextAsync(Path.Combine(disk.Path, "base", "orders.yaml"), "hub: map/1\n", TestContext.Current.CancellationToken);
        var map = Assert.IsType<MapFile>(MapFile.Find(settings with { Mappings = disk.Path }, "base", "orders"));
        var (code, _, _) = await Machine.Run("mount", ["-o", "remount,ro", disk.Path], TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        Assert.Contains($"account, {Environment.UserName}, cannot write in base", map.Replace("hub: map/1\n# new\n", MapFile.Hash(map.Read())), StringComparison.Ordinal);
        Assert.Equal("hub: map/1\n", map.Read());
        Assert.Single(Directory.GetFiles(Path.Combine(disk.Path, "base")));
    }

    string? Replace(string owner, string name)
    {
        var map = Assert.IsType<MapFile>(MapFile.Find(settings, owner, name));
        return map.Replace("hub: map/1\n# new\n", MapFile.Hash(map.Read()));
    }

    [Theory]
    [InlineData("base/orders.yaml", "base/orders")]
    [InlineData("partners/acme/orders.yaml", "acme/orders")]
    [InlineData("partners/acme/partner.yaml", null)]
    [InlineData("codes/uom.yaml", null)]
    public void The_file_of_a_diagnostic_leads_to_its_map(string file, string? id) => Assert.Equal(id, MapFile.IdOf(file));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
