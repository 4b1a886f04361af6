using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// What partners' agreements name: their maps and guides. What is wrong with the agreement itself is told at its place in the partner's file,
/// what is wrong in a map or guide at its place there.
/// </summary>
sealed class PartnerRoutes(MapLibrary library, PartnerBook book, ICollection<Diagnostic> diagnostics)
{
    readonly Dictionary<(string Map, string? Partner), CompiledMap?> compiled = [];
    readonly Dictionary<(string Partner, string Document), string> sent = [];
    readonly Dictionary<string, Guide?> guides = new(StringComparer.Ordinal);

    /// <summary>A map with a partner's code lists, or with the shared ones alone; null after diagnostics. Each is compiled once.</summary>
    public CompiledMap? Compile(string id, string? partner)
    {
        if (!compiled.TryGetValue((id, partner), out var map))
            compiled.Add((id, partner), map = library.Compile(id, partner, diagnostics));
        return map;
    }

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
        if (library.Writes(route.Map))
        {
            Report(partner, route, "map", "PTN1013", $"Map {route.Map} writes messages, and here are those that come.", $"name a map that reads {route.Message} here");
            return null;
        }
        var map = Compile(route.Map, partner.Id);
        if (map is null || !route.IsWhole || (route.Files.Length > 0 ? map.ReadsRecords : map.Takes(route.Standard, route.Message)))
            return map;
        if (route.Files.Length > 0)
        {
            Report(partner, route, "map", "PTN1013", $"Map {route.Map} reads {map.Message.Standard.Name()}, whose envelope says what it is; this takes files by their name.",
                $"{{ standard: {map.Message.Standard.Name().ToLowerInvariant()}, message: {map.Message.Type}, map: {route.Map} }}");
            return null;
        }
        Report(partner, route, "map", "PTN1013", $"Map {route.Map} is of {map.Message.Standard.Name()} {map.Message.Type}, but this takes {route.Standard.Name()} {route.Message}.",
            $"name a map of {route.Message} here");
        return null;
    }

    /// <summary>The map of what is sent; null after diagnostics: there is none, it has mistakes, it reads, or its document cannot be found by the hub, or is sent already.</summary>
    public CompiledWriteMap? Map(PartnerDefinition partner, SendDefinition send)
    {
        if (send.Map.Length == 0)
            return null;
        if (!library.HasMap(send.Map))
            Report(partner, send, "PTN1014", $"There is no map '{send.Map}'.", Known(send.Map, "maps", library.Maps()));
        else if (!library.Writes(send.Map))
            Report(partner, send, "PTN1013", $"Map {send.Map} reads messages, and here are those that go out.", "name a map that writes here");
        else if (library.CompileWrite(send.Map, partner.Id, diagnostics) is { } map)
        {
            if (map.Document.Connection != "seller")
                Report(partner, send, "PTN1015", $"Document {map.Document.Id} is of the connection '{map.Document.Connection}'.", "the hub reads documents from the seller's database: connection: seller");
            else if (map.Document.Lists.SelectMany(list => list.Key).FirstOrDefault(field => !SellerDocuments.CanBeKey(field)) is { } field)
                Report(partner, send, "PTN1015", $"Document {map.Document.Id} has '{field.Name}' in a key, which is neither text nor a whole number.", "documents are told apart by such fields only");
            else if (send.Recipient.Length == 0 && !partner.Identities.Any(identity => identity.Standard == map.Message.Standard))
                Report(partner, send, "PTN1015", $"The partner has no identity in {map.Message.Standard.Name()}.", "name the recipient here");
            else if (send.Form.Fault(map.Message.Standard) is { } fault)
                Report(partner, send, "PTN1015", $"Nothing can be written as this entry says: {fault}", "see 'syntax', 'charset' and 'separators' of it");
            else if (!sent.TryAdd((partner.Id, map.Document.Id), send.Map))
                Report(partner, send, "PTN1008", $"Document {map.Document.Id} is sent to them already, by map {sent[(partner.Id, map.Document.Id)]}.", "a document goes to a partner once, by one map");
            else
                return map;
        }
        return null;
    }

    void Report(PartnerDefinition partner, SendDefinition send, string code, string message, string? hint)
    {
        var (line, column) = PartnerBook.PlaceOf(book.FileOf(partner.Id), "send", partner.Sends.ToList().IndexOf(send), "map");
        diagnostics.Add(new(PartnerBook.NameOf(partner.Id), line, column, code, message, hint));
    }

    /// <summary>The guide of an agreement; null when it names none, or after diagnostics.</summary>
    /// <param name="partner">Whose agreement it is.</param>
    /// <param name="route">The agreement.</param>
    /// <param name="map">Its map, which must be of the message the guide narrows; null when it is not known.</param>
    public Guide? Guide(PartnerDefinition partner, RouteDefinition route, CompiledMap? map)
    {
        if (GuideOf(route, map) is not { Length: > 0 } id)
            return null;
        if (!library.HasGuide(id))
        {
            Report(partner, route, "guide", "PTN1014", $"There is no guide '{id}'.", Known(id, "guides", library.Guides()));
            return null;
        }
        if (!guides.TryGetValue(id, out var guide))
            guides.Add(id, guide = library.Guide(id, diagnostics));
        if (guide is null || !route.IsWhole)
            return null;
        var definition = guide.Definition;
        var read = Read(route, map).FirstOrDefault(message => message != definition) ?? definition;
        if (read == definition && definition.Standard == route.Standard && definition.Type == route.Message)
            return guide;
        Report(partner, route, "guide", "PTN1012", $"Guide {guide.Id} is of {definition.Type} {definition.Release}, but this takes {route.Message}"
            + (read == definition ? "." : $" with a map of {read.Type} {read.Release}."), "guide and map are of one message and release");
        return null;
    }

    /// <summary>Id of the guide of an agreement: its own, or the one its map names; empty = none.</summary>
    public static string GuideOf(RouteDefinition route, CompiledMap? map) => route.Guide.Length > 0 ? route.Guide : map?.Guide ?? "";

    /// <summary>The definitions messages of an agreement are read by.</summary>
    static IEnumerable<MessageDefinition> Read(RouteDefinition route, CompiledMap? map) =>
        map is null ? []
        : route.Release.Length == 0 ? map.Releases.Select(release => release.Message)
        // Of one release there may be definitions of associations too.
        : [map.For(route.Release).Message, .. map.Releases.Select(release => release.Message).Where(message => message.Release.StartsWith(route.Release + '.', StringComparison.Ordinal))];

    static string? Known(string written, string kind, IReadOnlyCollection<string> known) =>
        Nearest.Find(written, known) is { } near ? $"did you mean {near}?" : known.Count == 0 ? null : $"{kind}: {string.Join(", ", known)}";

    void Report(PartnerDefinition partner, RouteDefinition route, string setting, string code, string message, string? hint)
    {
        var (line, column) = PartnerBook.PlaceOf(book.FileOf(partner.Id), "messages", partner.Routes.ToList().IndexOf(route), setting);
        diagnostics.Add(new(PartnerBook.NameOf(partner.Id), line, column, code, message, hint));
    }
}
