using System.Security.Cryptography;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Formats;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// One message on its way: each segment is validated, hashed and mapped as it comes, and its rows are staged. Nothing of it is in the
/// seller's tables before <see cref="Load"/>, and nothing at all when it has errors.
/// </summary>
sealed class MessageReading : IAsyncDisposable
{
    readonly Findings findings;
    readonly MessageInfo message;
    readonly Position start;
    readonly MessageValidator? validator;
    readonly MessageMapper? mapper;
    readonly ILoad? load;
    readonly ItemCodes? items;
    readonly IncrementalHash body = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    // Reasons that are kept for a partner who wants to know: more would be told to nobody.
    const int ReasonsMax = 100;

    readonly Action<Finding>? others;
    readonly List<Finding> reasons = [];
    Finding? firstError;
    string? older;
    bool isTest;

    MessageReading(
        Findings findings, MessageInfo message, Position start, MessageValidator? validator, CompiledMap? map, MapContext? context, ILoad? load)
    {
        (this.findings, this.message, this.start, this.validator, this.load, Map) = (findings, message, start, validator, load, map);
        items = load is null ? null : new(load);
        mapper = map is null || items is null ? null : new(map, context!, items, findings);
        others = findings.Added;
        findings.Added += Note;
    }

    /// <summary>The map that took the message, or null.</summary>
    public CompiledMap? Map { get; }

    /// <summary>True when the message may not be loaded.</summary>
    public bool Rejected => firstError is not null;

    /// <summary>Why the map or the seller's database refused the message: errors that are none of syntax, nor of our agreements.</summary>
    public IReadOnlyList<Finding> Reasons => reasons;

    /// <summary>Errors of this message.</summary>
    public long Errors { get; private set; }

    public string? Number => mapper?.DocumentNumber;

    /// <summary>Which segments and qualifiers the message has, when somebody wants to know.</summary>
    public MessageShape? Watched { get; private set; }

    /// <summary>Notes the segments and qualifiers of the message.</summary>
    public void Watch(MessageShape shape, MessageDefinition definition)
    {
        shape.Start(definition);
        Watched = shape;
    }

    /// <summary>Starts a message at its header segment.</summary>
    /// <param name="reader">Stands at the message's start.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="validator">Checks against the message's definition; null when this release is unknown. It is free again after the message.</param>
    /// <param name="map">The map, or null when the message is only checked.</param>
    /// <param name="context">What the map may ask.</param>
    /// <param name="seller">Where rows go.</param>
    /// <param name="cancellation">Stops the start of the load.</param>
    public static async Task<MessageReading> Start(
        EdiReader reader, Findings findings, MessageValidator? validator, CompiledMap? map, MapContext? context, ISeller seller,
        CancellationToken cancellation)
    {
        var staged = map is null ? null : await seller.Begin(map.Target, map.Tables, cancellation);
        var info = reader.Message!;
        var begin = new Position(info.Offset, reader.Interchange!.Ordinal, reader.Group?.Ordinal ?? 0, info.Ordinal, Segment: 1);
        var reading = new MessageReading(findings, info, begin, validator, map, context, staged) { isTest = reader.Interchange.Test };
        validator?.Start(reader);
        return reading;
    }

    /// <summary>Starts a document of a file without an envelope.</summary>
    /// <param name="reader">Stands at the document's start.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="map">The map, or null when the document is not to be loaded.</param>
    /// <param name="context">What the map may ask.</param>
    /// <param name="seller">Where rows go.</param>
    /// <param name="cancellation">Stops the start of the load.</param>
    public static async Task<MessageReading> Start(
        RecordReader reader, Findings findings, CompiledMap? map, MapContext context, ISeller seller, CancellationToken cancellation)
    {
        var staged = map is null ? null : await seller.Begin(map.Target, map.Tables, cancellation);
        return new(findings, reader.Document!, reader.Position, validator: null, map, context, staged);
    }

    /// <summary>Takes a segment between header and trailer.</summary>
    public void Accept(EdiReader reader)
    {
        Hash(reader.Segment);
        if (validator is null)
            return;
        var node = validator.Accept(reader);
        if (node < 0)
            return;
        mapper?.Accept(reader, node);
        Watched?.See(reader.Segment, node);
    }

    /// <summary>Takes a segment of a file without an envelope.</summary>
    public void Accept(RecordReader reader)
    {
        Hash(reader.Segment);
        mapper?.Accept(reader);
    }

    void Hash(Segment segment) => Hash(body, segment);

    /// <summary>Adds a segment between header and trailer to the hash of a message's content.</summary>
    public static void Hash(IncrementalHash body, Segment segment)
    {
        body.AppendData(segment.Text);
        body.AppendData("\n"u8);
    }

    /// <summary>Takes a finding into account that was made before the message started: its header segment has a fault.</summary>
    public void Note(Finding finding)
    {
        if (finding.Code == LoadCodes.Older)
            older ??= finding.Message;
        if (finding.Severity < Severity.Error)
            return;
        Errors++;
        firstError ??= finding;
        if (reasons.Count < ReasonsMax && finding.At.Message == message.Ordinal && AcknowledgementFile.IsBusiness(finding))
            reasons.Add(finding);
    }

    /// <summary>Refuses the message for a finding outside of it: the partner's settings refuse a fault of the header it came under.</summary>
    public void Refuse(Finding finding) => firstError ??= finding;

    /// <summary>Ends checking and mapping at the message's trailer.</summary>
    public void End(EdiReader reader)
    {
        validator?.End(reader);
        End();
    }

    /// <summary>Ends mapping at the end of a document.</summary>
    public void End() => mapper?.End();

    /// <summary>Commits the rows unless the message was rejected, and says what became of the message.</summary>
    /// <param name="document">The document as far as it is known from its envelope.</param>
    /// <param name="partner">Partner's id.</param>
    /// <param name="rules">How it is loaded.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public async Task<DocumentRow> Load(DocumentRow document, string partner, LoadRules rules, CancellationToken cancellation)
    {
        document = document with
        {
            Number = Number,
            BodyHash = Convert.ToHexStringLower(body.GetHashAndReset()),
            Segments = message.Segments,
            Map = Map?.Id,
            MapVersion = Map?.Version,
            Items = items?.Codes ?? [],
        };
        if (Rejected || load is null)
            return Failed(document);
        using var differences = rules.Expected is null ? null : new RowDifferences(rules.Expected);
        var identity = new DocumentIdentity(document.Identity, partner, document.Type, document.Number, document.BodyHash, rules.Replaces is not null, rules.Approved)
        {
            Holds = rules.Holding?.Holds ?? [],
            IsTest = isTest,
            Purpose = document.Purpose,
            SameContent = rules.Duplicates.OnSuspected,
            SameNumber = rules.Duplicates.OnDocument,
            Replaces = rules.Replaces ?? 0,
            Differences = differences,
            Reinstates = rules.Reinstates,
        };
        // A loader knows rows and the segments they came from; of which message, is known here.
        var loading = new Findings { Added = finding => findings.Add(finding with { At = Place(finding.At) }) };
        var outcome = await load.Commit(identity, loading, cancellation);
        document = document with { Review = outcome.Review };
        return outcome switch
        {
            LoadOutcome.Loaded loaded => document with
            {
                State = DocumentState.Loaded,
                Revision = loaded.Revision,
                RowsLoaded = JsonSerializer.Serialize(loaded.Rows),
                // Loaded, and yet not all of it counts: that should not be found out in the shop.
                Cause = Shortcomings,
            },
            // A run that died after its commit: what it did counts. Another file with the same bytes: nothing was done.
            LoadOutcome.AlreadyLoaded already => await rules.IsLoadedElsewhere(document.Identity)
                ? document with { State = DocumentState.Skipped, DuplicateOf = document.Identity, Cause = "The same document was loaded from another file." }
                : document with { State = DocumentState.Loaded, Revision = already.Revision, Cause = Shortcomings },
            LoadOutcome.Duplicate duplicate => document with
            {
                State = DocumentState.Skipped,
                DuplicateOf = duplicate.OriginalId,
                Cause = "A document with the same content was loaded before.",
            },
            LoadOutcome.Compared => document with { State = DocumentState.Loaded, Cause = Shortcomings },
            LoadOutcome.Departed departed => Depart(document, rules, departed.What),
            LoadOutcome.Suspected suspected => await Suspect(document, suspected, rules),
            LoadOutcome.Held held => document with
            {
                State = DocumentState.Held,
                Cause = string.Join(' ', held.Reasons.Select(reason => reason.Sentence)),
                Hold = new([.. held.Reasons.Select(reason => reason.Rule).Distinct()], held.Amount, rules.Holding?.Approvals ?? new()),
            },
            LoadOutcome.Refused => Failed(document),
            _ => throw new System.Diagnostics.UnreachableException($"No state for '{outcome}'."),
        };
    }

    /// <summary>Leaves a document as it is, after a finding that says what would have happened to it.</summary>
    DocumentRow Depart(DocumentRow document, LoadRules rules, string what)
    {
        var reason = $"Nothing was written: the seller's database is no longer as dry run #{rules.Expected!.Replay} has found it. {what}";
        findings.Add(new()
        {
            Code = LoadCodes.Departs,
            Severity = Severity.Warning,
            At = start,
            Found = document.Number,
            Message = reason,
            Advice = "Make another dry run, look at it, and apply that.",
        });
        return document with { State = rules.Before, Departure = reason };
    }

    /// <summary>Holds a document whose number was loaded before, after a finding that says where.</summary>
    async Task<DocumentRow> Suspect(DocumentRow document, LoadOutcome.Suspected suspected, LoadRules rules)
    {
        var earlier = await rules.NameOf(suspected.OriginalId) ?? "an exchange that is no longer in the ledger";
        var reason = suspected.SameContent
            ? $"{document.Type} {document.Number} was loaded before with the same content, under another control number, by {earlier}."
            : $"{document.Type} {document.Number} says that it is {(document.Purpose == DocumentPurpose.Duplicate ? "a copy" : "an original")}, and was loaded before with other content by {earlier}.";
        findings.Add(new()
        {
            Code = LoadCodes.Suspected,
            Severity = Severity.Warning,
            At = start,
            Found = document.Number,
            Message = reason,
            Advice = "Ask the partner what it was meant to be. 'hub exchange approve' loads it, 'hub exchange reject' ends it.",
        });
        return document with { State = DocumentState.Held, Cause = reason, DuplicateOf = suspected.OriginalId, Hold = new(["duplicate"], null, rules.Holding?.Approvals ?? new()) };
    }

    /// <summary>What of a loaded message does not count, or null when all does.</summary>
    string? Shortcomings
    {
        get
        {
            var rows = mapper?.LeftOut ?? [];
            if (rows.Count == 0)
                return older;
            var tables = string.Join(", ", rows.GroupBy(row => row.Table).Select(table => FormattableString.Invariant($"{table.Key} {table.Count()}")));
            var without = FormattableString.Invariant($"Loaded without {rows.Count} row{(rows.Count == 1 ? " that has" : "s that have")} faults ({tables}); the findings name them.");
            return older is null ? without : $"{without} {older}";
        }
    }

    /// <summary>The document as it stands when nothing is loaded for it.</summary>
    public DocumentRow Failed(DocumentRow document) => document with
    {
        State = DocumentState.Failed,
        Class = firstError?.Code.StartsWith(RoutingFindings.Prefix, StringComparison.Ordinal) == true ? FailureClass.Config : FailureClass.Data,
        Cause = firstError is null ? "The message was not read to its end." : $"{firstError.Code} {firstError.Message}",
    };

    Position Place(Position row) => row.Segment == 0 ? start : start with { Offset = row.Offset, Segment = row.Segment };

    public async ValueTask DisposeAsync()
    {
        findings.Added = others;
        body.Dispose();
        if (load is not null)
            await load.DisposeAsync();
    }
}
