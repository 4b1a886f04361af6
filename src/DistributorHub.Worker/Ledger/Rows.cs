using System.Data.Common;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Ledger;

/// <summary>One received file and what became of it.</summary>
public sealed record ExchangeRow
{
    public long Id { get; init; }
    public string Partner { get; init; } = "";
    public long? RemoteFileId { get; init; }
    public string File { get; init; } = "";
    public string Path { get; init; } = "";
    public string Sha256 { get; init; } = "";
    public long Bytes { get; init; }
    public DateTimeOffset ModifiedAt { get; init; }
    public ExchangeState State { get; init; }
    public string? Cause { get; init; }
    public FailureClass? Class { get; init; }
    public long? DuplicateOf { get; init; }
    public long Findings { get; init; }
    public long Errors { get; init; }
    public int CrashCount { get; init; }
    public int TransientTries { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public long Fence { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? AskedBy { get; init; }
    public string? AskedReason { get; init; }

    /// <summary>What the next run is for, when a person asked for it.</summary>
    public AttemptKind? AskedKind { get; init; }

    /// <summary>With a replay: the <see cref="MapChoice"/> that was asked for.</summary>
    public string? AskedMap { get; init; }

    /// <summary>Number of the dry run that the next run is bound by, or null.</summary>
    public long? AskedReplay { get; init; }

    /// <summary>Who cancels it, until that has happened; null when nobody does.</summary>
    public string? CancelBy { get; init; }
    public string? CancelReason { get; init; }

    public string? Job { get; init; }

    /// <summary>Why nothing of it may be deleted, or null.</summary>
    public string? LegalHold { get; init; }

    /// <summary>True for one that goes out: its file is written from a document of the seller's.</summary>
    public bool Outgoing { get; init; }
}

public sealed record InterchangeRow
{
    public int Ordinal { get; init; }
    public string Standard { get; init; } = "";
    public string Sender { get; init; } = "";
    public string SenderQualifier { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string RecipientQualifier { get; init; } = "";
    public string Reference { get; init; } = "";
    public bool Test { get; init; }
    public InterchangeState State { get; init; }

    /// <summary>The interchange as its header says, received.</summary>
    public static InterchangeRow Of(InterchangeInfo info) => new()
    {
        Ordinal = info.Ordinal,
        Standard = info.Standard.ToString(),
        Sender = info.Sender.Id,
        SenderQualifier = info.Sender.Qualifier,
        Recipient = info.Recipient.Id,
        RecipientQualifier = info.Recipient.Qualifier,
        Reference = info.Reference,
        Test = info.Test,
        State = InterchangeState.Received,
    };
}

/// <summary>One message of an exchange and what became of it.</summary>
public record DocumentRow
{
    /// <summary>Ordinal of the message in the file.</summary>
    public int Ordinal { get; init; }
    public string Identity { get; init; } = "";
    public string Type { get; init; } = "";
    public string Release { get; init; } = "";
    public string Reference { get; init; } = "";

    /// <summary>Business number, such as an order's, as the map makes it: the key in the seller's tables.</summary>
    public string? Number { get; init; }

    /// <summary>The number that the message itself gives its document: see <see cref="Flow.StatedNumber"/>.</summary>
    public string? StatedNumber { get; init; }

    /// <summary>What people call the document, as far as is known.</summary>
    public string Name => Number ?? StatedNumber ?? Reference;
    public string? BodyHash { get; init; }
    public DocumentState State { get; init; }
    public FailureClass? Class { get; init; }

    /// <summary>Why it failed, is held or was skipped, or why not all of it counts although it was loaded.</summary>
    public string? Cause { get; init; }
    public string? Map { get; init; }
    public string? MapVersion { get; init; }
    public int? Revision { get; init; }

    /// <summary>What the document says it is for; null where its standard has no place for it.</summary>
    public DocumentPurpose? Purpose { get; init; }
    public string? DuplicateOf { get; init; }
    public int Segments { get; init; }
    public long AtOffset { get; init; }

    /// <summary>Rows merged by table, as JSON.</summary>
    public string? RowsLoaded { get; init; }

    /// <summary>Why the run that made this row holds the document; null for one that is not held, or was read from the ledger.</summary>
    internal HoldNote? Hold { get; init; }

    /// <summary>What the run would have done that its dry run has not shown, so that nothing was done; null for all others.</summary>
    internal string? Departure { get; init; }

    /// <summary>What the run that made this row found that the list does; null for one that is no list, or was read from the ledger.</summary>
    internal CatalogueReview? Review { get; init; }

    /// <summary>Items in the rows that the run made of it; none for one that was read from the ledger.</summary>
    internal IReadOnlyCollection<string> Items { get; init; } = [];

    /// <summary>The document as it is known from the header of its message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sha256">Hash of the file it is in.</param>
    public static DocumentRow Of(MessageInfo message, string sha256) => new()
    {
        Ordinal = message.Ordinal,
        Identity = $"{sha256}/{message.Ordinal}",
        Type = message.Type,
        Release = message.FullRelease,
        Reference = message.Reference,
        AtOffset = message.Offset,
    };

    public IReadOnlyDictionary<string, long> Rows() =>
        RowsLoaded is null ? new Dictionary<string, long>() : JsonSerializer.Deserialize<Dictionary<string, long>>(RowsLoaded)!;
}

public record AttemptRow
{
    public long Id { get; init; }
    public long? ParentId { get; init; }
    public AttemptKind Kind { get; init; }
    public string Actor { get; init; } = "";
    public string? Reason { get; init; }
    public AttemptState State { get; init; }
    public string Worker { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public FailureClass? Class { get; init; }
    public string? Error { get; init; }

    /// <summary>The <see cref="MapChoice"/> that a person named; null when none did.</summary>
    public string? Map { get; init; }

    /// <summary>How far it has come, when that was noted; null for one that was over in a moment.</summary>
    public DateTimeOffset? NotedAt { get; init; }
    public long BytesRead { get; init; }
    public long SegmentsRead { get; init; }
    public long RowsStaged { get; init; }

    /// <summary>True while the rows of a document are merged into the seller's tables.</summary>
    public bool IsLoading { get; init; }
}

/// <summary>What a person did to an exchange: retry, approve, reject.</summary>
public record DecisionRow
{
    public DateTimeOffset At { get; init; }
    public string Actor { get; init; } = "";
    public string Action { get; init; } = "";
    public string? Reason { get; init; }
}

public sealed record FindingRow
{
    public string Code { get; init; } = "";
    public string Severity { get; init; } = "";
    public long AtOffset { get; init; }
    public int Interchange { get; init; }
    public int GroupOrdinal { get; init; }
    public int MessageOrdinal { get; init; }
    public int Segment { get; init; }
    public int Element { get; init; }
    public int Component { get; init; }
    public int Repetition { get; init; }
    public string? Tag { get; init; }
    public string? Path { get; init; }
    public string? Found { get; init; }
    public string? Expected { get; init; }
    public string Message { get; init; } = "";
    public string? Advice { get; init; }

    /// <summary>A finding as a row, without an attempt that it was made in.</summary>
    public static FindingRow Of(Finding finding) => new()
    {
        Code = finding.Code,
        Severity = finding.Severity.ToString(),
        AtOffset = finding.At.Offset,
        Interchange = finding.At.Interchange,
        GroupOrdinal = finding.At.Group,
        MessageOrdinal = finding.At.Message,
        Segment = finding.At.Segment,
        Element = finding.At.Element,
        Component = finding.At.Component,
        Repetition = finding.At.Repetition,
        Tag = finding.Tag,
        Path = finding.Path,
        Found = finding.Found,
        Expected = finding.Expected,
        Message = finding.Message,
        Advice = finding.Advice,
    };

    /// <summary>The finding as it was made; what it was acknowledged as is not kept.</summary>
    public Finding ToFinding() => new()
    {
        Code = Code,
        Severity = Enum.Parse<Severity>(Severity, ignoreCase: true),
        At = new(AtOffset, Interchange, GroupOrdinal, MessageOrdinal, Segment, Element, Component, Repetition),
        Tag = Tag,
        Path = Path,
        Found = Found,
        Expected = Expected,
        Message = Message,
        Advice = Advice,
    };
}

/// <summary>An exchange with all the ledger knows of it.</summary>
/// <param name="Exchange">The file.</param>
/// <param name="Interchanges">Its interchanges.</param>
/// <param name="Documents">Its messages.</param>
/// <param name="Attempts">Its runs, the first first.</param>
/// <param name="Findings">Findings of the last run, as many as are kept.</param>
/// <param name="Decisions">What people did to it, the first first.</param>
sealed record ExchangeDetails(
    ExchangeRow Exchange,
    IReadOnlyList<InterchangeRow> Interchanges,
    IReadOnlyList<DocumentRow> Documents,
    IReadOnlyList<AttemptRow> Attempts,
    IReadOnlyList<FindingRow> Findings,
    IReadOnlyList<DecisionRow> Decisions)
{
    /// <summary>True when documents wait for a person to approve or reject them.</summary>
    public bool AwaitsDecision => Transitions.IsEnded(Exchange.State) && Documents.Any(document => document.State == DocumentState.Held);

    /// <summary>Interchanges it sent, the newest last.</summary>
    public IReadOnlyList<SentRow> Sent { get; init; } = [];

    /// <summary>Answers to them, the first first.</summary>
    public IReadOnlyList<ReceivedRow> Answers { get; init; } = [];

    public IReadOnlyList<Finding> ToFindings() => [.. Findings.Select(row => row.ToFinding())];
}

/// <summary>An exchange that this process works on: its lease is ours as long as the fence is.</summary>
/// <param name="Exchange">The row as it was taken.</param>
/// <param name="Attempt">Id of the running attempt.</param>
/// <param name="Settled">Documents of earlier attempts that stay as they are, by ordinal.</param>
/// <param name="Poisoned">True when too many attempts ended with the process.</param>
sealed record ExchangeRun(
    ExchangeRow Exchange, long Attempt, IReadOnlyDictionary<int, DocumentState> Settled, bool Poisoned)
{
    public AttemptKind Kind { get; init; }

    /// <summary>What a replay maps with; null in other runs.</summary>
    public MapChoice? Map { get; init; }

    /// <summary>Number of the dry run that a replay is bound by, or null.</summary>
    public long? Replay => Exchange.AskedReplay;

    /// <summary>With <see cref="Replay"/>: what may happen, by ordinal of the document. Nothing happens to the others.</summary>
    public IReadOnlyDictionary<int, ExpectedRows> Expected { get; init; } = new Dictionary<int, ExpectedRows>();

    /// <summary>The states that documents are in, by ordinal.</summary>
    public IReadOnlyDictionary<int, DocumentState> Before { get; init; } = new Dictionary<int, DocumentState>();

    /// <summary>Versions of maps that documents are mapped with whatever the maps are now, by ordinal.</summary>
    public IReadOnlyDictionary<int, string> Pinned { get; init; } = new Dictionary<int, string>();

    /// <summary>Revisions that a replay replaces, by ordinal of the document.</summary>
    public IReadOnlyDictionary<int, int> Loaded { get; init; } = new Dictionary<int, int>();

    /// <summary>Documents, by ordinal, that a person lets pass their guard in this run.</summary>
    public IReadOnlySet<int> Approved { get; init; } = new HashSet<int>();

    /// <summary>Where its time goes.</summary>
    public StageTimes Times { get; } = new();

    /// <summary>How far it has come.</summary>
    public RunProgress Progress { get; } = new();
}

/// <summary>How the reading of an exchange ended.</summary>
sealed record ExchangeEnd
{
    public required ExchangeState State { get; init; }
    public FailureClass? Class { get; init; }
    public string? Cause { get; init; }
    public long? DuplicateOf { get; init; }

    /// <summary>The exception of a bug, for the attempt's record.</summary>
    public string? Error { get; init; }

    /// <summary>What the run would have done that its dry run has not shown, so that it was not done; null when all went as shown.</summary>
    public string? Departure { get; init; }

    /// <summary>What else is written in the transaction that ends the exchange, or null.</summary>
    public Func<DbConnection, DbTransaction, Task>? Commit { get; init; }
}

/// <summary>Another process took the exchange over, or a person cancels it; what this one still does has no effect.</summary>
sealed class LeaseLostException(long exchange) : Exception($"Exchange #{exchange} was taken over by another worker, or is cancelled.");
