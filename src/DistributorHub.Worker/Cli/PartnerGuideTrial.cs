using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>The guides of one partner, for a verb that checks files without mapping them.</summary>
sealed class PartnerGuideTrial
{
    readonly PartnerRoutes routes;
    readonly List<Diagnostic> diagnostics = [];
    readonly Dictionary<RouteDefinition, Guide?> guides = [];

    public PartnerGuideTrial(HubSettings settings, DefinitionLibrary definitions, string partner)
    {
        var book = PartnerBook.Load(settings.Mappings, samples: true);
        routes = new(MapFolder.Open(settings.Mappings, definitions, FunctionFolder.Open(settings)), book, diagnostics);
        Partner = book.Partners.Single(known => known.Id == partner);
    }

    public PartnerDefinition Partner { get; }

    /// <summary>What is wrong in the guides that were asked for.</summary>
    public IReadOnlyCollection<Diagnostic> Diagnostics => diagnostics;

    /// <summary>The guide of the message the reader stands at, or null.</summary>
    public Guide? Find(EdiReader reader)
    {
        if (PartnerMaps.Route(Partner, reader.Interchange!.Standard, reader.Message!) is not { } route)
            return null;
        if (!guides.TryGetValue(route, out var guide))
            guides.Add(route, guide = routes.Guide(Partner, route, map: null));
        return guide;
    }
}
