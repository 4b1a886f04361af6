using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Flow;

/// <summary>What is agreed on a message, as far as it is there and right.</summary>
readonly record struct Agreement(RouteDefinition? Route, CompiledMap? Map, Guide? Guide)
{
    /// <summary>What of a known agreement has mistakes and cannot be used, such as <c>map base/orders-edifact</c>; null when all is right.</summary>
    public string? Broken => Route is not { } route ? null
        : Map is null ? $"map {route.Map}"
        : Guide is null && PartnerRoutes.GuideOf(route, Map) is { Length: > 0 } guide ? $"guide {guide}"
        : null;

    /// <summary>What the message is checked against: the definition its map reads, otherwise the library's.</summary>
    public MessageDefinition? Definition(DefinitionLibrary definitions, Standard standard, MessageInfo message) =>
        Map?.Message ?? Guide?.Definition ?? definitions.Find(standard, message);
}

/// <summary>What is agreed on a kind of document that goes out, and the map that writes it.</summary>
sealed record Sending(SendDefinition Send, CompiledWriteMap Map);

/// <summary>
/// The partners and their compiled maps: immutable, read once. A partner whose file, map or guide has mistakes goes on as it was read before, or is
/// paused when it was not; the others run.
/// </summary>
sealed class PartnerMaps
{
    /// <summary>Stands for the partner's id where a file without an envelope is tried as nobody's.</summary>
    public const string Stranger = "partner";

    readonly Dictionary<(string Partner, RouteDefinition Route), CompiledMap> maps = [];
    readonly Dictionary<(string Partner, RouteDefinition Route), Guide> guides = [];
    readonly Dictionary<(string Partner, SendDefinition Send), CompiledWriteMap> sends = [];
    readonly HashSet<string> paused = new(StringComparer.Ordinal);
    readonly HashSet<string> kept = new(StringComparer.Ordinal);
    readonly List<Diagnostic> diagnostics;

    /// <param name="book">The partners.</param>
    /// <param name="library">Their maps and guides.</param>
    /// <param name="before">What was in use until now, or null at the start.</param>
    public PartnerMaps(PartnerBook book, MapLibrary library, PartnerMaps? before = null)
    {
        diagnostics = [.. book.Diagnostics];
        paused.UnionWith(book.Broken);
        var routes = new PartnerRoutes(library, book, diagnostics);
        foreach (var partner in book.Partners.Concat(book.Drafts).Where(partner => partner.State != PartnerState.Retired))
        {
            foreach (var route in partner.Routes)
                Add(routes, partner, route);
            foreach (var send in partner.Sends)
                if (routes.Map(partner, send) is { } written)
                    sends[(partner.Id, send)] = written;
                else
                    paused.Add(partner.Id);
            // Rules are about what maps fill: where one has mistakes, that is told first.
            if (!paused.Contains(partner.Id) && !HoldRuleCheck.Pass(book, partner, [.. partner.Routes.Select(route => maps[(partner.Id, route)])], diagnostics))
                paused.Add(partner.Id);
        }
        diagnostics = [.. diagnostics.Distinct()];
        if (before is not null)
            foreach (var id in paused.Where(id => before.Find(id) is not null && !before.Paused.Contains(id) && !IsToStop(book, id)).ToList())
                Keep(id, before);
        Book = book.With([.. kept.Select(id => before!.Find(id)!)]);
        Silent = [.. Book.Partners.Where(partner => !partner.IsServed).Select(partner => partner.Id).Union(paused)];
    }

    void Add(PartnerRoutes routes, PartnerDefinition partner, RouteDefinition route)
    {
        var map = routes.Map(partner, route);
        var guide = routes.Guide(partner, route, map);
        if (map is null || guide is null && PartnerRoutes.GuideOf(route, map).Length > 0)
            paused.Add(partner.Id);
        if (map is not null)
            maps[(partner.Id, route)] = map;
        if (guide is not null)
            guides[(partner.Id, route)] = guide;
    }

    // Mistakes or not: who is written to be no longer live does not go on.
    static bool IsToStop(PartnerBook book, string id) =>
        book.Partners.Concat(book.Drafts).FirstOrDefault(partner => partner.Id == id) is { State: not PartnerState.Live };

    /// <summary>All of a partner as it was: its file, maps and guides belong together.</summary>
    void Keep(string id, PartnerMaps before)
    {
        foreach (var key in maps.Keys.Where(key => key.Partner == id).ToList())
            maps.Remove(key);
        foreach (var key in guides.Keys.Where(key => key.Partner == id).ToList())
            guides.Remove(key);
        foreach (var key in sends.Keys.Where(key => key.Partner == id).ToList())
            sends.Remove(key);
        foreach (var (key, map) in before.sends.Where(map => map.Key.Partner == id))
            sends.Add(key, map);
        foreach (var (key, map) in before.maps.Where(map => map.Key.Partner == id))
            maps.Add(key, map);
        foreach (var (key, guide) in before.guides.Where(guide => guide.Key.Partner == id))
            guides.Add(key, guide);
        paused.Remove(id);
        kept.Add(id);
    }

    public PartnerBook Book { get; }

    /// <summary>What is wrong in partner files, maps, guides, targets and code lists.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    /// <summary>Partners that wait until their files are mended.</summary>
    public IReadOnlyCollection<string> Paused => paused;

    /// <summary>Partners that go on as they were read before, because what their files say now has mistakes.</summary>
    public IReadOnlyCollection<string> Kept => kept;

    /// <summary>Partners that are polled: live ones, and those under test.</summary>
    public IEnumerable<PartnerDefinition> Live =>
        Book.Partners.Where(partner => partner.IsServed && !paused.Contains(partner.Id));

    /// <summary>How often files are expected, of each partner with whom that is agreed and who is polled.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ExpectedEvery() =>
        Live.Where(partner => partner.ExpectedEvery is not null).ToDictionary(partner => partner.Id, partner => partner.ExpectedEvery!.Value, StringComparer.Ordinal);

    /// <summary>Partners that are sent no documents now.</summary>
    public IReadOnlyList<string> Silent { get; }

    /// <summary>The targets that maps fill, each once.</summary>
    public IReadOnlyList<TargetDefinition> Targets() => [.. maps.Values.Select(map => map.Target).DistinctBy(target => target.Id)];

    /// <summary>True for a partner whose file is there, be it right or not.</summary>
    public bool Knows(string id) => Find(id) is not null || Book.Broken.Contains(id);

    public PartnerDefinition? Find(string id) => Book.Partners.FirstOrDefault(partner => partner.Id == id);

    /// <summary>The agreement for a message, or null: its type or release is not exchanged with this partner.</summary>
    public static RouteDefinition? Route(PartnerDefinition partner, Standard standard, MessageInfo message)
    {
        foreach (var route in partner.Routes)
            if (route.Files.Length == 0 && route.Standard == standard && route.Message == message.Type && (route.Release.Length == 0 || route.Release == message.FullRelease))
                return route;
        return null;
    }

    /// <summary>The agreement for a file that its name alone tells; null when it is to be read as EDI.</summary>
    public static RouteDefinition? Route(PartnerDefinition partner, string file)
    {
        foreach (var route in partner.Routes)
            if (route.Files.Length > 0 && FilePattern.Matches(route.Files, file))
                return route;
        return null;
    }

    /// <summary>The map of a route; null when it cannot be used: it has mistakes, or it is of another message.</summary>
    public CompiledMap? Map(PartnerDefinition partner, RouteDefinition route) => maps.GetValueOrDefault((partner.Id, route));

    /// <summary>The map of what is sent; null when it cannot be used.</summary>
    public CompiledWriteMap? Map(PartnerDefinition partner, SendDefinition send) => sends.GetValueOrDefault((partner.Id, send));

    /// <summary>What sends a kind of document to a partner; null when nothing does, or its map cannot be used.</summary>
    public Sending? Sending(PartnerDefinition partner, string document)
    {
        foreach (var send in partner.Sends)
            if (Map(partner, send) is { } map && map.Document.Id == document)
                return new(send, map);
        return null;
    }

    /// <summary>The agreement for a message of a partner with its map and guide; nothing of it where there is none, or no partner.</summary>
    public Agreement Find(PartnerDefinition? partner, Standard standard, MessageInfo message) =>
        partner is not null && Route(partner, standard, message) is { } route
            ? new(route, Map(partner, route)?.For(message), guides.GetValueOrDefault((partner.Id, route))) : default;

    /// <summary>What a map may ask of the partner and of the message the reader stands at; of a stranger it is told the sender's id.</summary>
    public static MapContext Context(EdiReader reader, PartnerDefinition? partner, string file) =>
        Context(reader.Interchange!, reader.Group, reader.Message!, partner, file);

    /// <summary>The same of a document of a file without an envelope.</summary>
    public static MapContext Context(RecordReader reader, PartnerDefinition? partner, string file) => Context(reader.Envelope, null, reader.Document!, partner, file);

    static MapContext Context(InterchangeInfo interchange, GroupInfo? group, MessageInfo message, PartnerDefinition? partner, string file)
    {
        var sender = interchange.Sender.Id;
        var about = partner?.Values() ?? new(StringComparer.Ordinal) { ["id"] = sender, ["name"] = sender };
        return new()
        {
            Partner = about,
            Interchange = interchange,
            Group = group,
            Message = message,
            File = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = file },
        };
    }
}
