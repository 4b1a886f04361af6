using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>The guides that partners' agreements name.</summary>
static class PartnerGuides
{
    /// <summary>The guide of an agreement; null when it names none, or after diagnostics.</summary>
    /// <param name="library">Where guides are.</param>
    /// <param name="book">Where the partner is from.</param>
    /// <param name="partner">Whose agreement it is.</param>
    /// <param name="route">The agreement.</param>
    /// <param name="map">Its map, which must read the message the guide narrows; null when it is not known.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static Guide? Read(
        MapLibrary library, PartnerBook book, PartnerDefinition partner, RouteDefinition route, CompiledMap? map, ICollection<Diagnostic> diagnostics)
    {
        if (route.Guide.Length == 0 || library.Guide(route.Guide, diagnostics) is not { } guide)
            return null;
        var (definition, read) = (guide.Definition, map?.Message ?? guide.Definition);
        if (read == definition && definition.Standard == route.Standard && definition.Type == route.Message)
            return guide;
        var file = book.FileOf(partner.Id);
        var (line, column) = PartnerBook.PlaceOf(file, "messages", partner.Routes.ToList().IndexOf(route));
        diagnostics.Add(new(
            file, line, column, "PTN1012", $"Guide {guide.Id} is of {definition.Type} {definition.Release}, but this takes {route.Message}"
                + (read == definition ? "." : $" with a map of {read.Type} {read.Release}."),
            "guide and map are of one message and release"));
        return null;
    }
}
