using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Run;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>Maps a file as the service would, into memory: what <c>hub map run</c>, <c>explain</c> and <c>coverage</c> show.</summary>
sealed class MapTrial
{
    readonly string? partnerId, mapId;
    readonly PartnerBook book;
    readonly PartnerRoutes routes;
    readonly List<Diagnostic> diagnostics = [];
    readonly Findings findings = new();
    readonly List<TriedMessage> messages = [];
    readonly List<string> problems = [];
    IReadOnlyCollection<string> unnamed = [];
    bool isEdi = true;
    readonly Func<CompiledMap, MapWatch>? watch;
    readonly Func<MessageInfo, string?>? taken;
    Func<Stream> open = () => Stream.Null;

    /// <summary>A message that a map took.</summary>
    public sealed record TriedMessage(MessageInfo Message, string? Number, CollectSink Rows, CompiledMap Map, MapWatch? Watch, IReadOnlyList<RowLeftOut> LeftOut);

    /// <param name="settings">Where maps and partners are.</param>
    /// <param name="partnerId">Id of the partner, or null to go by the sender.</param>
    /// <param name="mapId">Id of the map, or null to go by the partner's file.</param>
    /// <param name="watch">Answers who looks on while a message is mapped; null = nobody.</param>
    /// <param name="taken">Answers which map took a message when it was received, or null.</param>
    /// <param name="draft">A text that is tried in place of a file of the mappings, or null.</param>
    public MapTrial(HubSettings settings, string? partnerId, string? mapId, Func<CompiledMap, MapWatch>? watch = null, Func<MessageInfo, string?>? taken = null, DraftText? draft = null)
    {
        (this.watch, this.taken) = (watch, taken);
        (this.partnerId, this.mapId) = (partnerId, mapId);
        book = PartnerBook.Load(settings.Mappings, samples: true);
        routes = new(MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings), FunctionFolder.Open(settings), draft), book, diagnostics);
    }

    /// <summary>What was found in the maps it compiled, warnings as well.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => [.. diagnostics.Distinct()];

    /// <summary>What else kept messages from being mapped.</summary>
    public IReadOnlyList<string> Troubles => [.. problems.Distinct()];

    /// <summary>True for a file with an envelope; false for lines or records.</summary>
    public bool IsEdi => isEdi;

    /// <summary>What kept messages from being mapped.</summary>
    public IEnumerable<string> Problems =>
        diagnostics.Where(diagnostic => !diagnostic.Warning).Select(diagnostic => diagnostic.ToString()).Concat(problems).Distinct();

    /// <summary>Which message of the file is mapped, by its ordinal; null = all.</summary>
    public int? Only { get; init; }

    /// <summary>The messages that a map took.</summary>
    public IReadOnlyList<TriedMessage> Messages => messages;

    public IReadOnlyList<Finding> Findings => findings.Kept;

    /// <summary>Reads the whole file; true when every message was mapped without an error.</summary>
    public bool Run(string name, Func<Stream> file)
    {
        open = file;
        if (Records(name) is { } records)
        {
            isEdi = false;
            RunRecords(records, name);
            return findings.Errors == 0 && !Problems.Any();
        }
        using var reader = new EdiReader(open(), findings, Options());
        MessagePass.Read(reader, findings, at => Agreement(at, name), Ended);
        if (partnerId is null && mapId is null && findings.Kept.Any(finding => finding.Code is Edi.Codes.OtherFormat or Edi.Codes.NoInterchange))
            problems.Add("A file without an envelope goes by its name and its partner: --partner ID; to try a map on it: --map ID.");
        return findings.Errors == 0 && !Problems.Any();
    }

    /// <summary>The map of a file without an envelope: the one that is named, or that the partner's files of this name go to; null for EDI.</summary>
    CompiledMap? Records(string name)
    {
        if (mapId is not null)
            return routes.Compile(mapId, partnerId) is { ReadsRecords: true } named ? named : null;
        return Owner is { } partner && PartnerMaps.Route(partner, name) is { } route ? routes.Map(partner, route) : null;
    }

    PartnerDefinition? Owner => partnerId is null ? null : book.Partners.FirstOrDefault(partner => partner.Id == partnerId);

    void RunRecords(CompiledMap map, string name)
    {
        using var reader = map.Open(open, partnerId ?? PartnerMaps.Stranger, findings);
        MessageMapper? mapper = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case RecordEvent.DocumentStart:
                    var (rows, watcher) = (new CollectSink(), watch?.Invoke(map));
                    messages.Add(new(reader.Document!, null, rows, map, watcher, []));
                    mapper = new(map, PartnerMaps.Context(reader, Owner, name), rows, findings, watcher);
                    break;
                case RecordEvent.Segment:
                    mapper!.Accept(reader);
                    break;
                case RecordEvent.DocumentEnd:
                    mapper!.End();
                    Ended(mapper);
                    break;
            }
        }
        unnamed = reader.Unnamed;
    }

    void Ended(MessageMapper mapper) => messages[^1] = messages[^1] with { Number = mapper.DocumentNumber, LeftOut = mapper.LeftOut };

    /// <summary>What a file without an envelope holds and its map does not name.</summary>
    public IReadOnlyCollection<string> Unnamed => unnamed;

    Excerpts Excerpts() => isEdi ? new(open, Options()) : new(open, isEdi: false);

    ReaderOptions? Options() => (partnerId is null ? SenderTrial.Of(open, book) : Owner)?.Reading;

    (MessageMapper? Mapper, Guide? Guide) Agreement(EdiReader reader, string name)
    {
        var message = reader.Message!;
        if (Only is { } only && message.Ordinal != only)
            return default;
        var partner = Partner(reader);
        var named = mapId ?? taken?.Invoke(message);
        // A map that is named needs no partner: it is tried with the shared code lists.
        if (partner is null && (named is null || partnerId is not null))
            return default;
        var route = partner is null ? null : PartnerMaps.Route(partner, reader.Interchange!.Standard, message);
        if ((named ?? route?.Map) is not { } id)
        {
            problems.Add($"Partner {partner!.Id} has no map for {message.Type} {message.FullRelease}. Add it under 'messages' in its partner.yaml.");
            return default;
        }
        var map = named is null ? routes.Map(partner!, route!.Value) : routes.Compile(id, partner?.Id);
        if (map is not null && !map.Takes(reader.Interchange!.Standard, message.Type))
        {
            problems.Add($"Map {id} is of {map.Message.Standard.Name()} {map.Message.Type}, and message {message.Reference} is {reader.Interchange.Standard.Name()} {message.Type}.");
            map = null;
        }
        map = map?.For(message);
        // A map that is only tried need not be of the guide's release.
        var guide = route is { } agreed ? routes.Guide(partner!, agreed, named is null ? map : null) : null;
        if (map is null)
            return default;
        var rows = new CollectSink();
        var watcher = watch?.Invoke(map);
        messages.Add(new(message, null, rows, map, watcher, []));
        return (new(map, PartnerMaps.Context(reader, partner, name), rows, findings, watcher), guide?.Definition == map.Message ? guide : null);
    }

    PartnerDefinition? Partner(EdiReader reader)
    {
        if (partnerId is not null)
        {
            if (Owner is null)
                problems.Add($"Partner {partnerId} is not there, or its file has mistakes: 'hub map check' lists them.");
            return Owner;
        }
        var interchange = reader.Interchange!;
        switch (book.Match(interchange.Standard, interchange.Sender.Id, interchange.Sender.Qualifier))
        {
            case PartnerMatch.Found found:
                return found.Partner;
            case PartnerMatch.Unknown or PartnerMatch.Ambiguous when mapId is not null:
                return null;
            case PartnerMatch.Unknown unknown:
                problems.Add($"{unknown.Reason} To try it as a partner that is there: --partner ID; to try a map without one: --map ID.");
                return null;
            case PartnerMatch.Ambiguous ambiguous:
                problems.Add(ambiguous.Reason);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public void Print(TextWriter output)
    {
        foreach (var (message, number, rows, _, _, leftOut) in messages)
        {
            output.WriteLine($"{message.Type} {number ?? message.Reference}  {rows.Count} row(s){(leftOut.Count > 0 ? $", {leftOut.Count} left out" : "")}");
            output.Write(rows.ToTable());
        }
        if (messages.Exists(m => m.Rows.Rows.Any(r => r.Table.Lookups.Count > 0)))
            output.WriteLine("xref(…) stands for what the seller's database has under that key; it is looked up when the message is loaded.");
        PrintFaults(output);
    }

    /// <summary>True when there is something to tell, and be it a warning.</summary>
    public bool HasFaults => findings.Count > 0 || Problems.Any();

    /// <summary>What is wrong with the file, the maps and the partner.</summary>
    public void PrintFaults(TextWriter output)
    {
        foreach (var problem in Problems)
            output.WriteLine(problem);
        using var excerpts = Excerpts();
        FindingText.Write(output, findings.Kept, excerpts);
    }

    /// <summary>How the values of each message came about.</summary>
    public IReadOnlyList<MapTrace> Traces => [.. messages.Select(message => message.Watch).OfType<MapTrace>()];

    /// <param name="output">Where to.</param>
    /// <param name="note">What is to be said of a message and its map, or null.</param>
    public void PrintExplained(TextWriter output, Func<MessageInfo, CompiledMap, string?> note)
    {
        foreach (var (message, number, _, map, watched, leftOut) in messages)
        {
            output.WriteLine($"{message.Type} {Harmless.Text(number ?? message.Reference)}");
            if (note(message, map) is { } sentence)
                output.WriteLine(sentence);
            ExplainPage.Write(output, (MapTrace)watched!);
            ExplainPage.Write(output, leftOut);
        }
        PrintFaults(output);
    }

    public void WriteExplained(Utf8JsonWriter json, Func<MessageInfo, CompiledMap, string?> note)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var (message, number, _, map, watched, leftOut) in messages)
        {
            json.WriteStartObject();
            WriteHead(json, message, number);
            json.WriteString("map", map.Id);
            json.WriteString("mapVersion", map.Version);
            json.WriteString("note", note(message, map));
            ExplainPage.Write(json, (MapTrace)watched!);
            WriteLeftOut(json, leftOut);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteFaults(json);
        json.WriteEndObject();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var (message, number, rows, _, _, leftOut) in messages)
        {
            json.WriteStartObject();
            WriteHead(json, message, number);
            json.WritePropertyName("rows");
            rows.WriteJson(json);
            WriteLeftOut(json, leftOut);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteFaults(json);
        json.WriteEndObject();
    }

    static void WriteHead(Utf8JsonWriter json, MessageInfo message, string? number)
    {
        json.WriteString("type", message.Type);
        json.WriteString("reference", message.Reference);
        json.WriteString("number", number);
    }

    static void WriteLeftOut(Utf8JsonWriter json, IReadOnlyList<RowLeftOut> rows)
    {
        json.WriteStartArray("leftOut");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("table", row.Table);
            json.WriteNumber("_row", row.Row);
            json.WriteNumber("_segment", row.At.Segment);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void WriteFaults(Utf8JsonWriter json)
    {
        json.WriteStartArray("problems");
        foreach (var problem in Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        using var excerpts = Excerpts();
        json.WriteFindings(findings.Kept, excerpts);
    }
}
