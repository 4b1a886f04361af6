using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// What partners' agreements name: their maps and guides. What is wrong with the agreement itself is told at its place in the partner's file,
/// what is wrong in a map or guide at its place there.
/// </summary>
sealed class PartnerRoutes(MapLibrary library, PartnerBook book, ICollection<Diagnostic> diagnostics)
{
    readonly Dictionary<(string Map, string Partner), CompiledMap?> compiled = [];

    /// <summary>
    /// The map of an agreement; null after diagnostics: there is none of that id, it has mistakes, or it is of another message than the agreement.
    /// </summary>
    public CompiledMap? Map(PartnerDefinition partner, RouteDefinition route)
    {
        // Its absence is a mistake of the file, and told already.
        if (route.Map.Length == 0)
            return null;
        if (!library.HasMap(route.Map))
        {
            Report(partner, route, "map", "PTN1014", $"There is no map '{route.Map}'.", Known(route.Map, "maps", library.Maps()));
            return null;
        }
        if (!compiled.TryGetValue((route.Map, partner.Id), out var map))
            compiled.Add((route.Map, partner.Id), map = library.Compile(route.Map, partner.Id, diagnostics));
        if (map is null || !route.IsWhole || map.Takes(route.Standard, route.Message))
            return map;
        Report(partner, route, "map", "PTN1013", $"Map {route.Map} is of {map.Message.Standard.Name()} {map.Message.Type}, but this takes {route.Standard.Name()} {route.Message}.",
            $"name a map of {route.Message} here");
        return null;
    }

    /// <summary>The guide of an agreement; null when it names none, or after diagnostics.</summary>
    /// <param name="partner">Whose agreement it is.</param>
    /// <param name="route">The agreement.</param>
    /// <param name="map">Its map, which must be of the message the guide narrows; null when it is not known.</param>
    public Guide? Guide(PartnerDefinition partner, RouteDefinition route, CompiledMap? map)
    {
        if (route.Guide.Length == 0)
            return null;
        if (!library.HasGuide(route.Guide))
        {
            Report(partner, route, "guide", "PTN1014", $"There is no guide '{route.Guide}'.", Known(route.Guide, "guides", library.Guides()));
            return null;
        }
        if (library.Guide(route.Guide, diagnostics) is not { } guide || !route.IsWhole)
            return null;
        var (definition, read) = (guide.Definition, map?.Message ?? guide.Definition);
        if (read == definition && definition.Standard == route.Standard && definition.Type == route.Message)
            return guide;
        Report(partner, route, "guide", "PTN1012", $"Guide {guide.Id} is of {definition.Type} {definition.Release}, but this takes {route.Message}"
            + (read == definition ? "." : $" with a map of {read.Type} {read.Release}."), "guide and map are of one message and release");
        return null;
    }

    static string? Known(string written, string kind, IReadOnlyCollection<string> known) =>
        Nearest.Find(written, known) is { } near ? $"did you mean {near}?" : known.Count == 0 ? null : $"{kind}: {string.Join(", ", known)}";

    void Report(PartnerDefinition partner, RouteDefinition route, string setting, string code, string message, string? hint)
    {
        var (line, column) = PartnerBook.PlaceOf(book.FileOf(partner.Id), "messages", partner.Routes.ToList().IndexOf(route), setting);
        diagnostics.Add(new(PartnerBook.NameOf(partner.Id), line, column, code, message, hint));
    }
}
