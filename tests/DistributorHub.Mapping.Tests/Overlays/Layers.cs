using DistributorHub.Mapping.Tests.Language;

namespace DistributorHub.Mapping.Tests.Overlays;

/// <summary>Maps that extend those of the checkout.</summary>
static class Layers
{
    public const string Acme = "partners/acme/orders.yaml", Lock = "partners/acme/orders.lock", Id = "acme/orders";

    /// <summary>A map <c>acme/orders</c> over a base map; <paramref name="body"/> starts in line 4.</summary>
    public static Maps Over(string body, string below = "base/orders-edifact") => new() { [Acme] = Text(body, below) };

    public static string Text(string body, string below = "base/orders-edifact", string id = Id) => $"hub: map/1\nid: {id}\nextends: {below}\n{body}";

    /// <summary>Writes the lock, as <c>--accept</c> does.</summary>
    public static void Accept(this Maps maps, string id = Id) => maps[MapLibrary.LockOf(id)] = maps.Library.Lock(id, null, out _)!;

    /// <summary>The map, and what is said of it beside the lock that these tests have not written.</summary>
    public static (CompiledMap? Map, List<string> Said) Compiled(this Maps maps, string id = Id, string? partner = null)
    {
        var (map, diagnostics) = maps.Compile(id, partner);
        return (map, [.. diagnostics.Where(d => !MapLibrary.IsAboutLock(d)).Select(d => d.ToString().Replace(Acme + ':', "", StringComparison.Ordinal))]);
    }

    public static CompiledMap Fine(this Maps maps, string id = Id)
    {
        var (map, said) = maps.Compiled(id);
        Assert.Empty(said);
        return map!;
    }

    /// <summary>Every rule of a map as <c>table.name: expression</c>, blocks as <c>table for what</c>.</summary>
    public static List<string> Rules(CompiledMap map) =>
        [.. map.Streams.Blocks.SelectMany(block => block.Values.Select(value => $"{block.Table}.{value.Name}: {value.Rule}").Prepend($"{block.Table} for {block.Rows}"))];
}
