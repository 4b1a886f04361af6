using System.Collections.Frozen;
using System.Data.Common;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Which state may follow which: the only place that says so. At the start of a program the table <c>transition</c> of the hub database is made to
/// say the same (<see cref="Publish"/>), and triggers refuse every change of a state that is not in it.
/// </summary>
static class Transitions
{
    static readonly FrozenDictionary<FileState, FileState[]> Files = new Dictionary<FileState, FileState[]>
    {
        [FileState.Seen] = [FileState.Settling, FileState.Claimed, FileState.Quarantined, FileState.Ignored],
        [FileState.Settling] = [FileState.Claimed, FileState.Quarantined, FileState.Ignored],
        // Back to Settling: it changed while it was read, or could not be read.
        [FileState.Claimed] = [FileState.Settling, FileState.Incomplete, FileState.Archived, FileState.Quarantined],
        [FileState.Incomplete] = [FileState.Claimed, FileState.Quarantined, FileState.Ignored],
        // Over the limit, which may be raised.
        [FileState.Quarantined] = [FileState.Claimed, FileState.Ignored],
        [FileState.Archived] = [FileState.Finalized],
        // Gone, and there again: the partner put it back.
        [FileState.Finalized] = [FileState.Seen],
        [FileState.Ignored] = [],
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<ExchangeState, ExchangeState[]> Exchanges = new Dictionary<ExchangeState, ExchangeState[]>
    {
        [ExchangeState.Received] = [ExchangeState.Processing],
        // Back to Received: a transient failure waits for its next try, or the service was stopped.
        [ExchangeState.Processing] =
        [
            ExchangeState.Received, ExchangeState.Completed, ExchangeState.PartiallyCompleted, ExchangeState.Failed,
            ExchangeState.Held, ExchangeState.Quarantined, ExchangeState.Duplicate, ExchangeState.Cancelled,
        ],
        // A person may have any ended exchange tried again; what was loaded stays loaded. Without what was held and is rejected, nothing may be left of it.
        [ExchangeState.PartiallyCompleted] = [ExchangeState.Received, ExchangeState.Failed, ExchangeState.Ignored],
        [ExchangeState.Failed] = [ExchangeState.Received, ExchangeState.Ignored],
        // Approved or rejected: completed when other documents of the file are loaded.
        [ExchangeState.Held] = [ExchangeState.Received, ExchangeState.Completed, ExchangeState.Rejected],
        [ExchangeState.Quarantined] = [ExchangeState.Received, ExchangeState.Ignored],
        [ExchangeState.Duplicate] = [ExchangeState.Received],
        // Replayed, or a document that is written anew.
        [ExchangeState.Completed] = [ExchangeState.Received],
        [ExchangeState.Rejected] = [],
        [ExchangeState.Ignored] = [ExchangeState.Received],
        [ExchangeState.Cancelled] = [ExchangeState.Received],
    }.ToFrozenDictionary();

    // The fold over its documents, made anew by every run that reads to the end. What was accepted is no duplicate any more.
    static readonly FrozenDictionary<InterchangeState, InterchangeState[]> Interchanges = new Dictionary<InterchangeState, InterchangeState[]>
    {
        [InterchangeState.Received] =
            [InterchangeState.Accepted, InterchangeState.PartiallyAccepted, InterchangeState.Rejected, InterchangeState.Duplicate, InterchangeState.Conflict],
        [InterchangeState.Accepted] = [InterchangeState.PartiallyAccepted, InterchangeState.Rejected],
        [InterchangeState.PartiallyAccepted] = [InterchangeState.Accepted, InterchangeState.Rejected],
        [InterchangeState.Rejected] = [InterchangeState.Accepted, InterchangeState.PartiallyAccepted, InterchangeState.Duplicate, InterchangeState.Conflict],
        // Read all the same, because a person wants it to be.
        [InterchangeState.Duplicate] = [InterchangeState.Accepted, InterchangeState.PartiallyAccepted, InterchangeState.Rejected],
        [InterchangeState.Conflict] = [InterchangeState.Accepted, InterchangeState.PartiallyAccepted, InterchangeState.Rejected],
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<DocumentState, DocumentState[]> Documents = new Dictionary<DocumentState, DocumentState[]>
    {
        // Mapping and loading are written together, so that a document seldom stands as Mapped.
        [DocumentState.Parsed] =
            [DocumentState.Mapped, DocumentState.Held, DocumentState.Loaded, DocumentState.Failed, DocumentState.Skipped],
        [DocumentState.Mapped] = [DocumentState.Held, DocumentState.Loaded, DocumentState.Failed, DocumentState.Skipped],
        [DocumentState.Held] = [DocumentState.Loaded, DocumentState.Failed, DocumentState.Cancelled, DocumentState.Skipped],
        // Only by a new attempt, which reads the file again and may end in any way.
        [DocumentState.Failed] =
            [DocumentState.Parsed, DocumentState.Loaded, DocumentState.Held, DocumentState.Skipped, DocumentState.Cancelled],
        [DocumentState.Loaded] = [DocumentState.Superseded],
        // A duplicate that a person has read all the same.
        [DocumentState.Skipped] = [DocumentState.Loaded, DocumentState.Held, DocumentState.Failed],
        [DocumentState.Superseded] = [],
        [DocumentState.Cancelled] = [],
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<AttemptState, AttemptState[]> Attempts = new Dictionary<AttemptState, AttemptState[]>
    {
        [AttemptState.Running] = [AttemptState.Succeeded, AttemptState.Failed, AttemptState.Abandoned, AttemptState.Cancelled],
        [AttemptState.Succeeded] = [],
        [AttemptState.Failed] = [],
        [AttemptState.Abandoned] = [],
        [AttemptState.Cancelled] = [],
    }.ToFrozenDictionary();

    public static bool Allows(FileState from, FileState to) => Files[from].Contains(to);

    public static bool Allows(ExchangeState from, ExchangeState to) => Exchanges[from].Contains(to);

    public static bool Allows(InterchangeState from, InterchangeState to) => Interchanges[from].Contains(to);

    public static bool Allows(DocumentState from, DocumentState to) => Documents[from].Contains(to);

    public static bool Allows(AttemptState from, AttemptState to) => Attempts[from].Contains(to);

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

    /// <summary>Every transition there is, by the table whose column <c>state</c> it is of.</summary>
    public static IReadOnlyList<Transition> All { get; } =
        [.. Of("remote_file", Files), .. Of("exchange", Exchanges), .. Of("interchange", Interchanges), .. Of("document", Documents), .. Of("attempt", Attempts)];

    /// <summary>Tells the database, whose triggers look there.</summary>
    public static async Task Publish(DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        var known = await connection.QueryAsync<Transition>(new CommandDefinition(
            "select subject, from_state as FromState, to_state as ToState from transition", transaction: transaction, cancellationToken: cancellation));
        if (known.ToHashSet().SetEquals(All))
            return;
        await connection.ExecuteAsync(new CommandDefinition("delete from transition", transaction: transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into transition (subject, from_state, to_state) values (@Subject, @FromState, @ToState)", All, transaction, cancellationToken: cancellation));
    }

    static IEnumerable<Transition> Of<T>(string subject, FrozenDictionary<T, T[]> table)
        where T : struct, Enum => table.SelectMany(from => from.Value.Select(to => new Transition(subject, from.Key.ToString(), to.ToString())));
}

/// <summary>That one state may follow another.</summary>
/// <param name="Subject">The table.</param>
/// <param name="FromState">The state before.</param>
/// <param name="ToState">The state after.</param>
sealed record Transition(string Subject, string FromState, string ToState);
