using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Load;

/// <summary>Which document a load belongs to. <c>hub_inbox</c> in the seller's database is keyed by <paramref name="Id"/> and revision.</summary>
/// <param name="Id">Made from content (hash of the file, ordinal of the message): the same after a restore of the hub database.</param>
/// <param name="Partner">Partner's id.</param>
/// <param name="Type">Message type: ORDERS, 850.</param>
/// <param name="Number">Business number, or null.</param>
/// <param name="BodyHash">SHA-256 of the message between header and trailer, in hex: equal content in another envelope has the same.</param>
/// <param name="Replay">True to load again as the next revision, replacing the rows of the one before.</param>
/// <param name="Approved">True when people have looked at what the guard or a rule held, and let it pass.</param>
sealed record DocumentIdentity(
    string Id, string Partner, string Type, string? Number, string BodyHash, bool Replay = false, bool Approved = false)
{
    /// <summary>Rules by which a document waits for a person before it is loaded.</summary>
    public IReadOnlyList<HoldRule> Holds { get; init; } = [];

    /// <summary>True when its interchange says that it is a test.</summary>
    public bool IsTest { get; init; }

    /// <summary>What happens when another document of this number and content is loaded.</summary>
    public Partners.OnSuspected SameContent { get; init; }

    /// <summary>What happens when another document of this number and with other content is loaded, and this one is an original.</summary>
    public Partners.OnDocument SameNumber { get; init; } = Partners.OnDocument.Process;

    public DocumentPurpose? Purpose { get; init; }

    /// <summary>With <see cref="Replay"/>: the revision that is replaced, so that a run that dies after its commit is not followed by another revision; 0 = whichever is there.</summary>
    public int Replaces { get; init; }

    /// <summary>Not null to find out what the load changes; then it is committed only when that is what it may do.</summary>
    public RowDifferences? Differences { get; init; }

    /// <summary>With <see cref="Replay"/>: it is an earlier list that people want to count again, whatever was loaded after it.</summary>
    public bool Reinstates { get; init; }

    /// <summary>Makes sure, right before the commit and until it is disposed, that this may still be loaded; null when nobody can take that back.</summary>
    public Func<CancellationToken, Task<IAsyncDisposable>>? Keep { get; init; }
}

/// <summary>One reason why a document is held.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Sentence">What it found.</param>
readonly record struct HoldReason(string Rule, string Sentence);

/// <summary>How a load ended. Everything but <see cref="Loaded"/> left the seller's tables as they were.</summary>
abstract record LoadOutcome
{
    LoadOutcome()
    {
    }

    /// <summary>What the document does to what was there, when it is a list of prices that was loaded, or is held.</summary>
    public CatalogueReview? Review { get; init; }

    /// <summary>Committed; rows merged by table (name in maps).</summary>
    public sealed record Loaded(int Revision, IReadOnlyDictionary<string, long> Rows) : LoadOutcome;

    /// <summary>Nothing was loaded: it was only asked what would change.</summary>
    public sealed record Compared : LoadOutcome;

    /// <summary>Nothing was loaded, because the load would do something else than its dry run has shown.</summary>
    /// <param name="What">What else.</param>
    public sealed record Departed(string What) : LoadOutcome;

    /// <summary>This document was loaded before: a retry whose first run had committed.</summary>
    public sealed record AlreadyLoaded(int Revision) : LoadOutcome;

    /// <summary>Another document of the same partner, type and number had the same content.</summary>
    public sealed record Duplicate(string OriginalId) : LoadOutcome;

    /// <summary>A guard or a rule wants a person to look.</summary>
    /// <param name="Reasons">Why: one or more.</param>
    /// <param name="Amount">The document's amount, as far as a rule says what that is.</param>
    public sealed record Held(IReadOnlyList<HoldReason> Reasons, decimal? Amount) : LoadOutcome;

    /// <summary>Another document of the same partner, type and number is loaded, and a person is to look.</summary>
    /// <param name="OriginalId">The other one.</param>
    /// <param name="SameContent">True when its content is the same.</param>
    public sealed record Suspected(string OriginalId, bool SameContent) : LoadOutcome;

    /// <summary>The rows contradict each other or the tables; the findings say how and name the segments.</summary>
    public sealed record Refused : LoadOutcome;
}

/// <summary>One document on its way into the seller's tables: rows are staged as they come, and merged in one transaction by <see cref="Commit"/>.</summary>
interface ILoad : IRowSink, IAsyncDisposable
{
    /// <summary>Merges by each table's policy together with the hub_inbox key: the only commit point. Throws when the database fails.</summary>
    Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation);
}

/// <summary>The seller's database, on PostgreSQL or SQLite.</summary>
interface ISeller
{
    /// <summary>Starts a load; disposing it without commit leaves nothing behind.</summary>
    Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> tables, CancellationToken cancellation);
}
