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
    readonly PartnerBook book;
    readonly MapLibrary library;
    readonly List<Diagnostic> diagnostics = [];
    readonly Dictionary<RouteDefinition, Guide?> guides = [];

    public PartnerGuideTrial(HubSettings settings, DefinitionLibrary definitions, string partner)
    {
        book = PartnerBook.Load(settings.Mappings, samples: true);
        library = MapFolder.Open(settings.Mappings, definitions);
        Partner = book.Partners.FirstOrDefault(known => known.Id == partner);
    }

    /// <summary>The partner, or null when there is none of this id.</summary>
    public PartnerDefinition? Partner { get; }

    /// <summary>What is wrong in the guides that were asked for.</summary>
    public IReadOnlyCollection<Diagnostic> Diagnostics => diagnostics;

    /// <summary>The guide of the message the reader stands at, or null.</summary>
    public Guide? Find(EdiReader reader)
    {
        if (Partner is null || PartnerMaps.Route(Partner, reader.Interchange!.Standard, reader.Message!) is not { } route)
            return null;
        if (!guides.TryGetValue(route, out var guide))
            guides.Add(route, guide = PartnerGuides.Read(library, book, Partner, route, map: null, diagnostics));
        return guide;
    }
}
