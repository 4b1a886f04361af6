using System.Collections.Frozen;

namespace DistributorHub.Worker.Ledger;

/// <summary>A remote file, from its first listing to its last.</summary>
enum FileState
{
    Seen,
    Settling,
    Claimed,
    Archived,
    Finalized,
    Incomplete,
    Ignored,
    Quarantined,
}

/// <summary>A received file and everything in it: the fold over its documents.</summary>
enum ExchangeState
{
    Received,
    Processing,
    Completed,
    PartiallyCompleted,
    Failed,
    Held,
    Quarantined,

    /// <summary>The same bytes of the same partner were completed before; nothing was loaded.</summary>
    Duplicate,

    /// <summary>A person ended what was held, and nothing of the file was loaded.</summary>
    Rejected,
}

enum InterchangeState
{
    Received,
    Accepted,
    PartiallyAccepted,
    Rejected,
    Duplicate,
    Conflict,
}

enum DocumentState
{
    Parsed,
    Mapped,
    Held,
    Loaded,
    Failed,

    /// <summary>An identical document was loaded before.</summary>
    Skipped,
    Superseded,
    Cancelled,
}

enum AttemptState
{
    Running,
    Succeeded,
    Failed,

    /// <summary>Its process died or let go; the next attempt starts from the archive.</summary>
    Abandoned,
}

enum AttemptKind
{
    First,
    Retry,
    Replay,
}

/// <summary>Why something failed, which decides whether it is tried again by itself.</summary>
enum FailureClass
{
    /// <summary>Network or database: tried again after the partner's waits.</summary>
    Transient,

    /// <summary>The partner's file is wrong.</summary>
    Data,

    /// <summary>Our settings are: no such partner, no route, a map that does not compile.</summary>
    Config,

    /// <summary>The program is.</summary>
    Bug,
}

/// <summary>Which state may follow which: the only place that says so. The database's constraints hold the same line from below.</summary>
static class Transitions
{
    static readonly FrozenDictionary<ExchangeState, ExchangeState[]> Exchanges = new Dictionary<ExchangeState, ExchangeState[]>
    {
        [ExchangeState.Received] = [ExchangeState.Processing, ExchangeState.Quarantined],
        // Back to Received: a transient failure waits for its next try, or the service was stopped.
        [ExchangeState.Processing] =
        [
            ExchangeState.Received, ExchangeState.Completed, ExchangeState.PartiallyCompleted, ExchangeState.Failed,
            ExchangeState.Held, ExchangeState.Quarantined, ExchangeState.Duplicate,
        ],
        // A person may have any ended exchange tried again; what was loaded stays loaded. Without what was held and is rejected, nothing may be left of it.
        [ExchangeState.PartiallyCompleted] = [ExchangeState.Received, ExchangeState.Failed],
        [ExchangeState.Failed] = [ExchangeState.Received],
        // Approved or rejected: completed when other documents of the file are loaded.
        [ExchangeState.Held] = [ExchangeState.Received, ExchangeState.Completed, ExchangeState.Rejected],
        [ExchangeState.Quarantined] = [ExchangeState.Received],
        [ExchangeState.Duplicate] = [ExchangeState.Received],
        // A document that was sent is written anew by OutgoingDocuments.Regenerate alone, which takes nothing that came in.
        [ExchangeState.Completed] = [],
        [ExchangeState.Rejected] = [],
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<DocumentState, DocumentState[]> Documents = new Dictionary<DocumentState, DocumentState[]>
    {
        [DocumentState.Parsed] = [DocumentState.Mapped, DocumentState.Failed],
        [DocumentState.Mapped] = [DocumentState.Held, DocumentState.Loaded, DocumentState.Failed, DocumentState.Skipped],
        [DocumentState.Held] = [DocumentState.Loaded, DocumentState.Failed, DocumentState.Cancelled, DocumentState.Skipped, DocumentState.Held],
        // A new attempt reads the file again, so that it may end in any way.
        [DocumentState.Failed] = [DocumentState.Loaded, DocumentState.Held, DocumentState.Failed, DocumentState.Skipped, DocumentState.Cancelled],
        [DocumentState.Loaded] = [DocumentState.Superseded],
        [DocumentState.Skipped] = [],
        [DocumentState.Superseded] = [],
        [DocumentState.Cancelled] = [],
    }.ToFrozenDictionary();

    public static bool Allows(ExchangeState from, ExchangeState to) => Exchanges[from].Contains(to);

    public static bool Allows(DocumentState from, DocumentState to) => Documents[from].Contains(to);

    public static bool IsEnded(ExchangeState state) => state is not (ExchangeState.Received or ExchangeState.Processing);

    /// <summary>True for what a person should look at.</summary>
    public static bool IsFailed(ExchangeState state) =>
        state is ExchangeState.Failed or ExchangeState.PartiallyCompleted or ExchangeState.Quarantined;

    /// <summary>The state of an exchange whose reading has ended.</summary>
    /// <param name="good">Documents loaded, or skipped as loaded before.</param>
    /// <param name="held">Documents that wait for a person.</param>
    /// <param name="failed">Documents that failed.</param>
    /// <param name="errors">True when errors stand outside of documents: envelopes, unknown partners.</param>
    public static ExchangeState RollUp(int good, int held, int failed, bool errors) => (good, held, failed, errors) switch
    {
        (_, _, 0, false) when held > 0 => ExchangeState.Held,
        (_, _, 0, false) => ExchangeState.Completed,
        (0, 0, _, _) => ExchangeState.Failed,
        _ => ExchangeState.PartiallyCompleted,
    };
}
