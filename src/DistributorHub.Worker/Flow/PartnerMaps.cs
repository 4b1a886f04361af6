using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// The partners and their compiled maps: immutable, read once. A partner whose file or map has mistakes is paused; the others run.
/// </summary>
sealed class PartnerMaps
{
    readonly Dictionary<(string Partner, string Map), CompiledMap> maps = [];
    readonly HashSet<string> paused = new(StringComparer.Ordinal);
    readonly List<Diagnostic> diagnostics;

    public PartnerMaps(PartnerBook book, MapLibrary library)
    {
        Book = book;
        diagnostics = [.. book.Diagnostics];
        paused.UnionWith(book.Broken);
        foreach (var partner in book.Partners.Where(partner => partner.State != PartnerState.Retired))
            foreach (var id in partner.Routes.Select(route => route.Map).Distinct(StringComparer.Ordinal))
                if (library.Compile(id, partner.Id, diagnostics) is { } map)
                    maps.Add((partner.Id, id), map);
                else
                    paused.Add(partner.Id);
        diagnostics = [.. diagnostics.Distinct()];
    }

    public PartnerBook Book { get; }

    /// <summary>What is wrong in partner files, maps, targets and code lists.</summary>
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

    /// <summary>The map of a route; null when it does not compile.</summary>
    public CompiledMap? Map(PartnerDefinition partner, RouteDefinition route) => maps.GetValueOrDefault((partner.Id, route.Map));

    /// <summary>The agreement for a message of a partner with its map; null where there is none, or no partner.</summary>
    public (RouteDefinition? Route, CompiledMap? Map) Find(PartnerDefinition? partner, Standard standard, MessageInfo message) =>
        partner is not null && Route(partner, standard, message) is { } route ? (route, Map(partner, route)) : (null, null);

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
