using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Web.Api;

/// <summary>What is asked for when something is done to an exchange.</summary>
/// <param name="Reason">Why; it stands in the record. Needed for everything but a retry.</param>
/// <param name="Force">With a retry: a duplicate is read all the same.</param>
/// <param name="Document">With approve and reject: only this document, by its ordinal in the file.</param>
sealed record ApiOrder(string? Reason, bool Force = false, int? Document = null);

/// <summary>What became of an order.</summary>
/// <param name="Exchange">Number of the exchange.</param>
/// <param name="Found">The state it was met in.</param>
/// <param name="Sentence">What happens now.</param>
sealed record ApiDone(long Exchange, string? Found, string Sentence);

/// <summary>One page of a list.</summary>
/// <param name="Items">Its items.</param>
/// <param name="After">What to send as <c>after</c> for the next page; null when this is the last.</param>
sealed record ApiPage<T>(IReadOnlyList<T> Items, long? After);

sealed record ApiDocumentSummary(string Type, string? Number, DocumentState State);

sealed record ApiExchange(
    long Id, string Partner, string File, ExchangeState State, string? Cause, bool Outgoing, long Bytes, DateTimeOffset Received, DateTimeOffset? Ended,
    IReadOnlyList<ApiDocumentSummary> Documents)
{
    public static ApiExchange Of(ExchangeRow row, IReadOnlyList<DocumentRow> documents) => new(
        row.Id, row.Partner, row.File, row.State, row.Cause, row.Outgoing, row.Bytes, row.CreatedAt, row.EndedAt,
        [.. documents.Select(document => new ApiDocumentSummary(document.Type, document.Number ?? document.StatedNumber, document.State))]);
}

sealed record ApiInterchange(int Ordinal, string Standard, string Sender, string Recipient, string Reference, bool Test, InterchangeState State);

sealed record ApiDocument(
    int Ordinal, string Type, string Release, string Reference, string? Number, DocumentState State, string? Cause, string? Map, string? MapVersion, int? Revision,
    int Segments, IReadOnlyDictionary<string, long> Rows);

sealed record ApiAttempt(
    long Id, AttemptKind Kind, string Actor, string? Reason, AttemptState State, DateTimeOffset Started, DateTimeOffset? Ended, FailureClass? Class);

sealed record ApiDecision(DateTimeOffset At, string Actor, string Action, string? Reason);

/// <summary>All about one exchange but its findings, which may be many, and its bytes.</summary>
sealed record ApiExchangeDetails(
    ApiExchange Exchange, string Sha256, long Findings, long Errors, long? DuplicateOf, IReadOnlyList<ApiInterchange> Interchanges, IReadOnlyList<ApiDocument> Documents,
    IReadOnlyList<ApiAttempt> Attempts, IReadOnlyList<ApiDecision> Decisions)
{
    public static ApiExchangeDetails Of(ExchangeDetails details) => new(
        ApiExchange.Of(details.Exchange, details.Documents), details.Exchange.Sha256, details.Exchange.Findings, details.Exchange.Errors, details.Exchange.DuplicateOf,
        [.. details.Interchanges.Select(row => new ApiInterchange(row.Ordinal, row.Standard, row.Sender, row.Recipient, row.Reference, row.Test, row.State))],
        [.. details.Documents.Select(row => new ApiDocument(
            row.Ordinal, row.Type, row.Release, row.Reference, row.Number ?? row.StatedNumber, row.State, row.Cause, row.Map, row.MapVersion, row.Revision, row.Segments, row.Rows()))],
        [.. details.Attempts.Select(row => new ApiAttempt(row.Id, row.Kind, row.Actor, row.Reason, row.State, row.StartedAt, row.EndedAt, row.Class))],
        [.. details.Decisions.Select(row => new ApiDecision(row.At, row.Actor, row.Action, row.Reason))]);
}

/// <summary>A fault of a file. What was found there is payload, and is left out for viewers.</summary>
sealed record ApiFinding(
    string Code, string Severity, long Offset, int Interchange, int MessageOrdinal, int Segment, int Element, int Component, string? Tag, string? Path, string? Found,
    string? Expected, string? Message, string? Advice)
{
    public static ApiFinding Of(Finding finding, bool payload) => new(
        finding.Code, finding.Severity.ToString().ToLowerInvariant(), finding.At.Offset, finding.At.Interchange, finding.At.Message, finding.At.Segment, finding.At.Element,
        finding.At.Component, finding.Tag, finding.Path, payload ? finding.Found : null, finding.Expected, payload ? finding.Message : null, payload ? finding.Advice : null);
}

sealed record ApiPartner(
    string Id, string? Name, string State, string? Schedule, DateTimeOffset? LastPoll, string? Outcome, string? Stopped, string? Attention, int Failures)
{
    public static ApiPartner Of(string id, PartnerDefinition? partner, PartnerStatus? last, bool mistakes) => new(
        id, partner?.Name, mistakes || partner is null ? "Mistakes" : partner.State.ToString(), partner?.Schedule, last?.PolledAt, last?.Outcome, last?.PausedReason, last?.Attention,
        last?.Failures ?? 0);
}

/// <summary>An interchange that was sent, and what its partner said to it.</summary>
sealed record ApiSent(
    long Exchange, string Partner, string File, string MessageType, string? Number, string Reference, AnswerState State, bool Late, DateTimeOffset? Sent, DateTimeOffset? Due,
    DateTimeOffset? Answered, long? AnsweredBy)
{
    public static ApiSent Of(SentRow row) => new(
        row.ExchangeId, row.Partner, row.File, row.MessageType, row.Number, row.Reference, row.State, row.Late, row.SentAt, row.DueAt, row.AnsweredAt, row.AnsweredBy);
}

sealed record ApiAudit(long Id, DateTimeOffset At, string Actor, string Action, string Target, string? Reason);
