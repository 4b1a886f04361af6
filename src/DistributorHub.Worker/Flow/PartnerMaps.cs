using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>What is agreed on a message, as far as it is there and right.</summary>
readonly record struct Agreement(RouteDefinition? Route, CompiledMap? Map, Guide? Guide)
{
    /// <summary>What of a known agreement has mistakes and cannot be used, such as <c>map base/orders-edifact</c>; null when all is right.</summary>
    public string? Broken => Route is not { } route ? null
        : Map is null ? $"map {route.Map}"
        : Guide is null && route.Guide.Length > 0 ? $"guide {route.Guide}"
        : null;

    /// <summary>What the message is checked against: the definition its map reads, otherwise the library's.</summary>
    public MessageDefinition? Definition(DefinitionLibrary definitions, Standard standard, MessageInfo message) =>
        Map?.Message ?? Guide?.Definition ?? definitions.Find(standard, message);
}

/// <summary>
/// The partners and their compiled maps: immutable, read once. A partner whose file, map or guide has mistakes is paused; the others run.
/// </summary>
sealed class PartnerMaps
{
    readonly Dictionary<(string Partner, RouteDefinition Route), CompiledMap> maps = [];
    readonly Dictionary<(string Partner, RouteDefinition Route), Guide> guides = [];
    readonly HashSet<string> paused = new(StringComparer.Ordinal);
    readonly List<Diagnostic> diagnostics;

    public PartnerMaps(PartnerBook book, MapLibrary library)
    {
        Book = book;
        diagnostics = [.. book.Diagnostics];
        paused.UnionWith(book.Broken);
        var routes = new PartnerRoutes(library, book, diagnostics);
        foreach (var partner in book.Partners.Concat(book.Drafts).Where(partner => partner.State != PartnerState.Retired))
            foreach (var route in partner.Routes)
                Add(routes, partner, route);
        diagnostics = [.. diagnostics.Distinct()];
    }

    void Add(PartnerRoutes routes, PartnerDefinition partner, RouteDefinition route)
    {
        var map = routes.Map(partner, route);
        var guide = routes.Guide(partner, route, map);
        if (map is null || guide is null && route.Guide.Length > 0)
            paused.Add(partner.Id);
        if (map is not null)
            maps[(partner.Id, route)] = map;
        if (guide is not null)
            guides[(partner.Id, route)] = guide;
    }

    public PartnerBook Book { get; }

    /// <summary>What is wrong in partner files, maps, guides, targets and code lists.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    /// <summary>Partners that wait until their files are mended.</summary>
    public IReadOnlyCollection<string> Paused => paused;

    /// <summary>Partners that are polled.</summary>
    public IEnumerable<PartnerDefinition> Live =>
        Book.Partners.Where(partner => partner.State == PartnerState.Live && !paused.Contains(partner.Id));

    /// <summary>The targets that maps fill, each once.</summary>
    public IReadOnlyList<TargetDefinition> Targets() => [.. maps.Values.Select(map => map.Target).DistinctBy(target => target.Id)];

    public PartnerDefinition? Find(string id) => Book.Partners.FirstOrDefault(partner => partner.Id == id);

    /// <summary>The agreement for a message, or null: its type or release is not exchanged with this partner.</summary>
    public static RouteDefinition? Route(PartnerDefinition partner, Standard standard, MessageInfo message)
    {
        foreach (var route in partner.Routes)
            if (route.Standard == standard && route.Message == message.Type && (route.Release.Length == 0 || route.Release == message.FullRelease))
                return route;
        return null;
    }

    /// <summary>The map of a route; null when it cannot be used: it has mistakes, or it is of another message.</summary>
    public CompiledMap? Map(PartnerDefinition partner, RouteDefinition route) => maps.GetValueOrDefault((partner.Id, route));

    /// <summary>The agreement for a message of a partner with its map and guide; nothing of it where there is none, or no partner.</summary>
    public Agreement Find(PartnerDefinition? partner, Standard standard, MessageInfo message) =>
        partner is not null && Route(partner, standard, message) is { } route
            ? new(route, Map(partner, route), guides.GetValueOrDefault((partner.Id, route))) : default;

    /// <summary>What a map may ask of the partner and of the message the reader stands at; of a stranger it is told the sender's id.</summary>
    public static MapContext Context(EdiReader reader, PartnerDefinition? partner, string file)
    {
        var sender = reader.Interchange!.Sender.Id;
        var about = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = partner?.Id ?? sender, ["name"] = partner?.Name ?? sender };
        if (partner?.Currency is { } currency)
            about["currency"] = currency;
        return new()
        {
            Partner = about,
            Interchange = reader.Interchange!,
            Group = reader.Group,
            Message = reader.Message!,
            File = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = file },
        };
    }
}
