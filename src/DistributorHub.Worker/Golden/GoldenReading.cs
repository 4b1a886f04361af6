using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Golden;

/// <summary>What golden tests are read with: the partners, their maps and guides, and maps on their own.</summary>
sealed class GoldenLibrary
{
    readonly MapLibrary library;
    readonly Dictionary<(string Map, string? Partner), CompiledMap> compiled = [];

    /// <param name="settings">The installation.</param>
    /// <param name="draft">A text that is tried in place of a file of the mappings, or null.</param>
    public GoldenLibrary(HubSettings settings, DraftText? draft = null)
    {
        Definitions = DefinitionFolder.Open(settings);
        library = MapFolder.Open(settings.Mappings, Definitions, FunctionFolder.Open(settings), draft);
        Partners = new(PartnerBook.Load(settings.Mappings, samples: true), library);
    }

    public DefinitionLibrary Definitions { get; }

    public PartnerMaps Partners { get; }

    /// <summary>A map with the code lists of its partner; null after diagnostics.</summary>
    public CompiledMap? Map(string id, string? partner, ICollection<Diagnostic> diagnostics)
    {
        if (compiled.TryGetValue((id, partner), out var known))
            return known;
        // One with mistakes is compiled again for the next who asks: each is told them.
        var map = library.Compile(id, partner, diagnostics);
        if (map is not null)
            compiled.Add((id, partner), map);
        return map;
    }

    /// <summary>A map that writes, with the code lists of its partner; null after diagnostics.</summary>
    public CompiledWriteMap? WriteMap(string id, string? partner, ICollection<Diagnostic> diagnostics) => library.CompileWrite(id, partner, diagnostics);

    /// <summary>Ids of all maps that read, each with the partner it belongs to.</summary>
    public IReadOnlyList<(string Id, string? Partner)> MapIds(HubSettings settings) => [.. MapFolder.MapIds(library, settings.Mappings).Where(map => !library.Writes(map.Id))];

    /// <summary>True when a partner's agreements lead to this map, or to one that extends it.</summary>
    public bool Uses(string partner, string map) => Partners.Find(partner)?.Routes.Any(route => IsOf(route.Map, map)) == true;

    /// <summary>True when a map is this one, or extends it.</summary>
    public bool IsOf(string map, string other) => library.Chain(map).Contains(other);
}

/// <summary>
/// One pass over the file of a golden test, as the service reads one: by the agreements of its partner, or by the map alone that is tested. Only the ledger
/// is not there.
/// </summary>
/// <param name="test">Whose file it is.</param>
/// <param name="library">Partners and maps.</param>
/// <param name="map">The map that is tested, or null: the partner's agreements say which.</param>
/// <param name="seller">Where rows go.</param>
/// <param name="findings">Takes what is wrong.</param>
sealed class GoldenReading(GoldenTest test, GoldenLibrary library, CompiledMap? map, TrialSeller seller, Findings findings)
{
    readonly PartnerDefinition? owner = test.Partner is null ? null : library.Partners.Find(test.Partner);
    readonly List<GoldenMessage> messages = [];
    readonly List<Finding> early = [];
    PartnerDefinition? partner;
    MessageReading? message;
    MessageValidator? validator;

    /// <summary>True to tell the map of another envelope than the file has, and of another file.</summary>
    public bool IsSentAgain { get; init; }

    /// <summary>True when a message made more rows than are kept to be compared.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The file's messages.</summary>
    /// <param name="exchange">What tells this exchange from others of the same file.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public async Task<IReadOnlyList<GoldenMessage>> Read(string exchange, CancellationToken cancellation)
    {
        findings.Added = finding =>
        {
            if (message is null && finding.At.Message > 0 && finding.Severity >= Severity.Error)
                early.Add(finding);
        };
        if (Records() is { } records)
        {
            await Read(records, exchange, cancellation);
            return messages;
        }
        using var reader = new EdiReader(test.Input!.OpenRead(), findings, owner?.Reading);
        try
        {
            while (reader.Read())
                await Step(reader, exchange, cancellation);
            if (message is not null)
                await End(reader.Message!, reader.Interchange!, exchange, whole: false, cancellation);
        }
        finally
        {
            if (message is not null)
                await message.DisposeAsync();
        }
        return messages;
    }

    async Task Step(EdiReader reader, string exchange, CancellationToken cancellation)
    {
        switch (reader.Event)
        {
            case EdiEvent.InterchangeStart:
                partner = map is not null ? owner : RoutingFindings.Identify(library.Partners.Book, reader.Interchange!, owner!.Id, findings);
                break;
            case EdiEvent.InterchangeAcknowledgement:
                MessageValidator.CheckAcknowledgement(reader, findings);
                break;
            case EdiEvent.MessageStart:
                await Start(reader, cancellation);
                break;
            case EdiEvent.Segment:
                message?.Accept(reader);
                break;
            case EdiEvent.MessageEnd when message is not null:
                message.End(reader);
                await End(reader.Message!, reader.Interchange!, exchange, whole: true, cancellation);
                break;
        }
    }

    async Task Start(EdiReader reader, CancellationToken cancellation)
    {
        var (envelope, info) = (reader.Interchange!, reader.Message!);
        seller.NextMessage();
        var agreement = map is null ? library.Partners.Find(partner, envelope.Standard, info)
            : new(null, map.Takes(envelope.Standard, info.Type) ? map.For(info) : null, null);
        validator = MessageValidator.Next(validator, agreement.Definition(library.Definitions, envelope.Standard, info), findings, agreement.Guide);
        var context = agreement.Map is null ? null : PartnerMaps.Context(reader, partner, test.Input!.Name);
        if (IsSentAgain && context is not null)
            context = SentAgain.Of(context);
        message = await MessageReading.Start(reader, findings, validator, agreement.Map, context, seller, cancellation);
        foreach (var finding in early)
            message.Note(finding);
        early.Clear();
        if (info.Refused is { } refused)
            message.Refuse(refused);
        if (map is null)
            Route(message, envelope, info, agreement);
    }

    void Route(MessageReading reading, InterchangeInfo envelope, MessageInfo info, Agreement agreement)
    {
        if (partner is null)
            reading.Note(findings.Kept.LastOrDefault(finding => finding.Code.StartsWith(RoutingFindings.Prefix, StringComparison.Ordinal))
                ?? RoutingFindings.UnknownPartner(envelope, "No partner sends this."));
        else if (agreement.Route is null)
            findings.Add(RoutingFindings.NoRoute(envelope, info, partner));
        else if (agreement.Broken is { } broken)
            findings.Add(RoutingFindings.Broken(envelope, info, broken));
    }

    /// <summary>The map of a file without an envelope; null for EDI.</summary>
    CompiledMap? Records() => map is not null ? map.ReadsRecords ? map : null
        : owner is not null && PartnerMaps.Route(owner, test.Input!.Name) is { } route ? library.Partners.Map(owner, route) : null;

    async Task Read(CompiledMap records, string exchange, CancellationToken cancellation)
    {
        partner = owner;
        using var reader = records.Open(test.Input!.OpenRead, owner?.Id ?? PartnerMaps.Stranger, findings);
        try
        {
            while (reader.Read())
            {
                switch (reader.Event)
                {
                    case RecordEvent.DocumentStart:
                        seller.NextMessage();
                        var context = PartnerMaps.Context(reader, owner, test.Input!.Name);
                        message = await MessageReading.Start(reader, findings, records, IsSentAgain ? SentAgain.Of(context) : context, seller, cancellation);
                        break;
                    case RecordEvent.Segment:
                        message!.Accept(reader);
                        break;
                    case RecordEvent.DocumentEnd:
                        message!.End();
                        await End(reader.Document!, reader.Envelope, exchange, whole: true, cancellation);
                        break;
                }
            }
            if (message is not null)
                await End(reader.Document!, reader.Envelope, exchange, whole: false, cancellation);
        }
        finally
        {
            if (message is not null)
                await message.DisposeAsync();
        }
    }

    async Task End(MessageInfo info, InterchangeInfo interchange, string exchange, bool whole, CancellationToken cancellation)
    {
        var reading = message!;
        var document = new DocumentRow { Ordinal = info.Ordinal, Identity = $"{exchange}/{info.Ordinal}", Type = info.Type };
        var from = partner?.Id ?? interchange.Sender.Id;
        var result = whole ? await reading.Load(document, from, LoadRules.Trial, cancellation) : reading.Failed(document);
        message = null;
        await reading.DisposeAsync();
        var rejected = result.State == DocumentState.Failed;
        IsTooLarge |= !rejected && seller.Rows is { } kept && kept.Count > kept.Rows.Count;
        messages.Add(new(info.Ordinal, info.Type, reading.Number, rejected, reading.Map?.Target, rejected ? [] : seller.Rows?.Rows ?? []));
    }
}
