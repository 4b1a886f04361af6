using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker;

/// <summary>
/// Every line the service writes. Ids, names and counts, never payloads. Event ids by stage: 1xxx service, 2xxx receive, 3xxx documents,
/// 4xxx exchanges, 5xxx send, 6xxx jobs.
/// </summary>
static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "DistributorHub {Version}: {Partners} partner(s), mappings in {Mappings}")]
    public static partial void Started(this ILogger log, string version, int partners, string mappings);

    [LoggerMessage(1002, LogLevel.Information, "Pages: {Address}")]
    public static partial void PagesAt(this ILogger log, string address);

    [LoggerMessage(1003, LogLevel.Information, "Hub database: {Applied} migration(s) applied")]
    public static partial void Migrated(this ILogger log, int applied);

    [LoggerMessage(1004, LogLevel.Error, "{Diagnostic}")]
    public static partial void MappingMistake(this ILogger log, string diagnostic);

    [LoggerMessage(1005, LogLevel.Error, "{Partner}  is paused until its files are mended; the other partners run")]
    public static partial void PartnerPaused(this ILogger log, string partner);

    [LoggerMessage(1006, LogLevel.Information, "Sample files copied to {Folder}")]
    public static partial void SamplesCopied(this ILogger log, string folder);

    [LoggerMessage(1007, LogLevel.Information, "{Summary}")]
    public static partial void RunEnded(this ILogger log, RunSummary summary);

    [LoggerMessage(1008, LogLevel.Information, "The mappings have changed and were read again: {Partners} partner(s)")]
    public static partial void MappingsChanged(this ILogger log, int partners);

    [LoggerMessage(1009, LogLevel.Information, "{Partner}  runs again")]
    public static partial void PartnerResumed(this ILogger log, string partner);

    [LoggerMessage(1010, LogLevel.Error, "The mappings in {Folder} cannot be read, so what was read before stays in use: {Reason}")]
    public static partial void MappingsUnreadable(this ILogger log, string folder, string reason);

    [LoggerMessage(1011, LogLevel.Error, "{Partner}  goes on as its files were before, until they are mended; it would be paused at the next start")]
    public static partial void PartnerKept(this ILogger log, string partner);

    [LoggerMessage(1012, LogLevel.Information, "{Partner}  goes on by its mended files")]
    public static partial void PartnerMended(this ILogger log, string partner);

    [LoggerMessage(1013, LogLevel.Warning, "The ledger could not be asked for its measures")]
    public static partial void NotSampled(this ILogger log, Exception reason);

    [LoggerMessage(1014, LogLevel.Information, "{Partner}  was {Before}, and is {Now}")]
    public static partial void PartnerStateChanged(this ILogger log, string partner, Partners.PartnerState before, Partners.PartnerState now);

    [LoggerMessage(2001, LogLevel.Warning, "{Partner}  {Path}  is left where it is: {Bytes} bytes, the limit is {BytesMax}")]
    public static partial void FileTooLarge(this ILogger log, string partner, string path, long bytes, long bytesMax);

    [LoggerMessage(2002, LogLevel.Warning, "{Partner}  cannot be polled ({Fault}): {Reason}")]
    public static partial void PollFailed(this ILogger log, string partner, SourceFault fault, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "{Partner}  {Path}  could not be fetched: {Reason}")]
    public static partial void DownloadFailed(this ILogger log, string partner, string path, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "{Partner}  {File}")]
    public static partial void FileIncomplete(this ILogger log, string partner, IncompleteFile file);

    [LoggerMessage(2005, LogLevel.Error, "{Partner}  is not polled any more until 'hub partner poll {Partner}' succeeds")]
    public static partial void PollingStopped(this ILogger log, string partner);

    [LoggerMessage(2012, LogLevel.Warning, "{Partner}  the poll ends: the connection that held its lock is gone")]
    public static partial void PollLost(this ILogger log, string partner);

    [LoggerMessage(2010, LogLevel.Warning, "{Partner}  has sent nothing since {Since:u}; a file is expected every {Every}")]
    public static partial void PartnerSilent(this ILogger log, string partner, DateTimeOffset since, TimeSpan every);

    [LoggerMessage(2011, LogLevel.Information, "{Partner}  sends again")]
    public static partial void PartnerSilentNoMore(this ILogger log, string partner);

    [LoggerMessage(3001, LogLevel.Information, "{Partner}  {File}  #{Exchange}  {Type} {Number}  loaded: {Rows}")]
    static partial void DocumentLoaded(this ILogger log, string partner, string file, long exchange, string type, string number, string rows);

    [LoggerMessage(3002, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  {Type} {Number}  failed: {Cause}")]
    static partial void DocumentFailed(this ILogger log, string partner, string file, long exchange, string type, string number, string? cause);

    [LoggerMessage(3003, LogLevel.Information, "{Partner}  {File}  #{Exchange}  {Type} {Number}  {Outcome}: {Cause}")]
    static partial void DocumentEnded(
        this ILogger log, string partner, string file, long exchange, string type, string number, string outcome, string? cause);

    [LoggerMessage(3004, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  {Type} {Number}  {Cause}")]
    static partial void DocumentNotNewest(this ILogger log, string partner, string file, long exchange, string type, string number, string cause);

    [LoggerMessage(4001, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  {State}, {Findings} finding(s): {Cause} Look: hub exchange show {Exchange}. It says how to try again.")]
    static partial void ExchangeFailed(
        this ILogger log, string partner, string file, long exchange, ExchangeState state, long findings, string? cause);

    [LoggerMessage(4002, LogLevel.Information, "{Partner}  {File}  #{Exchange}  {State}: {Cause}")]
    static partial void ExchangeEnded(this ILogger log, string partner, string file, long exchange, ExchangeState state, string? cause);

    [LoggerMessage(4003, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  is tried again at {Due:u}")]
    public static partial void Postponed(this ILogger log, Exception reason, string partner, string file, long exchange, DateTimeOffset due);

    [LoggerMessage(4007, LogLevel.Information, "{Partner}  {File}  #{Exchange}  its documents could not be noted either")]
    public static partial void Unnoted(this ILogger log, Exception reason, string partner, string file, long exchange);

    [LoggerMessage(4004, LogLevel.Error, "{Partner}  {File}  #{Exchange}  failed")]
    public static partial void FlowFailed(this ILogger log, Exception reason, string partner, string file, long exchange);

    [LoggerMessage(4005, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  was taken over by another worker")]
    public static partial void LeaseLost(this ILogger log, string partner, string file, long exchange);

    [LoggerMessage(4006, LogLevel.Warning, "{Partner}  {File}  #{Exchange}  Held: {Cause} Look: hub exchange show {Exchange}. Decide: hub exchange approve {Exchange} --reason … or hub exchange reject {Exchange} --reason …")]
    static partial void ExchangeHeld(this ILogger log, string partner, string file, long exchange, string? cause);

    [LoggerMessage(5001, LogLevel.Warning, "{Partner}  {Effects} move(s), deletion(s), acknowledgement(s) or document(s) wait: {Reason}")]
    public static partial void DeliveryFailed(this ILogger log, string partner, int effects, string reason);

    [LoggerMessage(5002, LogLevel.Error, "{Partner}  documents of {Map} {Reason}")]
    public static partial void CollectionFailed(this ILogger log, string partner, string map, string reason);

    [LoggerMessage(5010, LogLevel.Warning, "{Partner}  #{Exchange}  interchange {Reference} has no answer; it was due at {Due:u}")]
    public static partial void AnswerOverdue(this ILogger log, string partner, long exchange, string reference, DateTimeOffset due);

    [LoggerMessage(5003, LogLevel.Warning, "An alert message could not be sent by {Channel}, and is tried again: {Reason}")]
    public static partial void NoticeFailed(this ILogger log, string channel, string reason);

    [LoggerMessage(5004, LogLevel.Error, "Alerts could not be looked for or told; the next round is in {Seconds} s")]
    public static partial void AlertsFailed(this ILogger log, Exception reason, double seconds);

    [LoggerMessage(6001, LogLevel.Error, "The sweep failed; the next one is in {Seconds} s")]
    public static partial void SweepFailed(this ILogger log, Exception reason, double seconds);

    [LoggerMessage(6002, LogLevel.Warning, "The polls could not be scheduled yet; the next sweep tries again")]
    public static partial void NotScheduled(this ILogger log, Exception reason);

    [LoggerMessage(6016, LogLevel.Information, "Past their time: bytes of {Payloads} exchange(s) and the record of {Records} deleted, {Jobs} failed job(s) taken off the dashboard")]
    public static partial void Tidied(this ILogger log, int payloads, int records, int jobs);

    [LoggerMessage(6017, LogLevel.Warning, "What the last documents had in them was not counted for the partners' drift")]
    public static partial void DriftLost(this ILogger log, Exception reason);

    /// <summary>Says what became of a document.</summary>
    public static void Ended(this ILogger log, ExchangeRow exchange, DocumentRow document)
    {
        var (partner, file, id) = (exchange.Partner, exchange.File, exchange.Id);
        var number = document.Name;
        switch (document.State)
        {
            case DocumentState.Loaded:
                var rows = string.Join(", ", document.Rows().Where(table => table.Value > 0).Select(table => $"{table.Key} {table.Value}"));
                log.DocumentLoaded(partner, file, id, document.Type, number, rows.Length == 0 ? "before" : rows);
                if (document.Cause is { } cause)
                    log.DocumentNotNewest(partner, file, id, document.Type, number, cause);
                break;
            case DocumentState.Failed:
                log.DocumentFailed(partner, file, id, document.Type, number, document.Cause);
                break;
            default:
                log.DocumentEnded(partner, file, id, document.Type, number, document.State.ToString().ToLowerInvariant(), document.Cause);
                break;
        }
    }

    // Other programs' messages have no full stop, and another sentence follows.
    static string? Sentence(string? cause) => cause is null or [] or [.., '.' or '!' or '?'] ? cause : $"{cause}.";

    /// <summary>Says what became of a file, unless its documents have said all.</summary>
    public static void Ended(this ILogger log, ExchangeRow exchange, ExchangeEnd end, long findings)
    {
        if (Transitions.IsFailed(end.State))
            log.ExchangeFailed(exchange.Partner, exchange.File, exchange.Id, end.State, findings, Sentence(end.Cause));
        else if (end.State == ExchangeState.Held)
            log.ExchangeHeld(exchange.Partner, exchange.File, exchange.Id, Sentence(end.Cause));
        else if (end.State != ExchangeState.Completed)
            log.ExchangeEnded(exchange.Partner, exchange.File, exchange.Id, end.State, end.Cause);
    }
}
