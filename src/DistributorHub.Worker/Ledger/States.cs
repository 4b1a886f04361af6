namespace DistributorHub.Worker.Ledger;

/// <summary>A remote file, from its first listing to its last.</summary>
public enum FileState
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
public enum ExchangeState
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

    /// <summary>A person decided that what failed of it is not to be loaded.</summary>
    Ignored,

    /// <summary>A person ended its run: what it had not loaded by then is not loaded.</summary>
    Cancelled,
}

public enum InterchangeState
{
    Received,
    Accepted,
    PartiallyAccepted,
    Rejected,
    Duplicate,
    Conflict,
}

public enum DocumentState
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

public enum AttemptState
{
    Running,
    Succeeded,
    Failed,

    /// <summary>Its process died or let go; the next attempt starts from the archive.</summary>
    Abandoned,

    /// <summary>A person ended it.</summary>
    Cancelled,
}

/// <summary>What a run was for. Those that read nothing (Resend, Ignore) are over when they are written.</summary>
public enum AttemptKind
{
    First,

    /// <summary>The same bytes with the same maps: the world was broken, or the program.</summary>
    Retry,

    /// <summary>The same bytes with a map that is named; what was loaded is replaced as the next revision.</summary>
    Replay,

    /// <summary>The same bytes of an earlier list: it counts again, in place of those that were loaded after it.</summary>
    Rollback,

    /// <summary>A held document was let through.</summary>
    Approve,

    /// <summary>A duplicate is read although it is one.</summary>
    Force,

    /// <summary>The same bytes and number go to the partner again.</summary>
    Resend,

    /// <summary>A document is written anew under a new number.</summary>
    Regenerate,

    /// <summary>Nothing more is done for the exchange.</summary>
    Ignore,
}

/// <summary>Why something failed, which decides whether it is tried again by itself.</summary>
public enum FailureClass
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
