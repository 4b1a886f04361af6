using System.Data.Common;
using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// Answers in a file that came, CONTRL, 997, 999 and TA1: each is matched with what was sent, told in findings, and noted in the transaction that writes its
/// document, so that it counts once. They are never answered themselves.
/// </summary>
sealed class AnswerReading(ExpectedAnswers ledger, ExchangeRun run, Findings findings, TimeProvider clock)
{
    readonly List<AnswerMatch> unwritten = [];
    // What this file has answered already, though the ledger does not know yet.
    readonly HashSet<(long Exchange, int Ordinal, bool IsTechnical)> answered = [];
    AnswerReader? reader;
    Position at;

    /// <summary>True while the open message is an answer.</summary>
    public bool IsOpen => reader is not null;

    /// <summary>Starts an answer at its header. What else the message is mapped to is no matter here.</summary>
    public void Start(EdiReader message)
    {
        var info = message.Message!;
        reader = ReceivedAnswer.IsAnswer(info.Type) ? new(message) : null;
        at = new(info.Offset, message.Interchange!.Ordinal, message.Group?.Ordinal ?? 0, info.Ordinal, Segment: 1);
    }

    /// <summary>The definition of an answer in a release that nobody has: it is built alike in all.</summary>
    public static MessageDefinition? Definition(DefinitionLibrary definitions, InterchangeInfo envelope, MessageInfo message) =>
        !ReceivedAnswer.IsAnswer(message.Type) ? null
        : envelope.Standard == Standard.X12 ? definitions.Find(Standard.X12, message.Type, message.Type == "999" ? "005010" : "004010")
        : definitions.Find(Standard.Edifact, message.Type, envelope.SyntaxVersion == "4" ? "4.1" : "D.3");

    /// <summary>Takes a segment.</summary>
    public void Accept(EdiReader segment) => reader?.Accept(segment);

    /// <summary>Ends the open answer; what became of its document.</summary>
    public async Task<DocumentRow> End(MessageReading message, DocumentRow document, bool whole, CancellationToken cancellation)
    {
        var answer = reader!.End();
        reader = null;
        // One that is wrong itself is not believed.
        if (!whole || message.Rejected)
            return message.Failed(document);
        if (answer is null)
        {
            findings.Add(AnswerFindings.Unclear(document.Type, at));
            return message.Failed(document);
        }
        var (match, isDuplicate) = await Match(answer, at, cancellation);
        if (match.Sent is not { } sent)
            return message.Failed(document);
        var what = $"{Name(sent)}: {Words(match.Verdict)}.";
        return isDuplicate
            ? document with { State = DocumentState.Skipped, StatedNumber = sent.Number, Cause = $"A second answer to {what}" }
            : document with { State = DocumentState.Loaded, StatedNumber = sent.Number, Cause = $"Answers {what}" };
    }

    /// <summary>Takes the TA1 the reader stands at.</summary>
    public async Task Technical(EdiReader ta1, CancellationToken cancellation)
    {
        if (AnswerReader.Technical(ta1) is { } answer)
            await Match(answer, ta1.Position, cancellation);
    }

    /// <summary>Notes in a transaction what was matched since the last time.</summary>
    public async Task Note(DbConnection connection, DbTransaction transaction, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var match in unwritten)
            await ExpectedAnswers.Note(connection, transaction, run.Exchange, match, now, cancellation);
    }

    /// <summary>What was matched is written.</summary>
    public void Noted() => unwritten.Clear();

    async Task<(AnswerMatch Match, bool IsDuplicate)> Match(ReceivedAnswer answer, Position place, CancellationToken cancellation)
    {
        var names = answer.Interchange.Length > 0 ? $"interchange {answer.Interchange}" : $"group {answer.GroupCode} {answer.GroupReference}";
        names += $" from {answer.Sender.Id} to {answer.Recipient.Id}";
        var (sent, near) = await ledger.Find(run.Exchange.Partner, answer, cancellation);
        var verdict = sent is null ? answer.Verdict : answer.Of(Message(answer, sent));
        var match = new AnswerMatch(answer, place.Offset, sent, verdict, names);
        unwritten.Add(match);
        if (sent is null)
        {
            findings.Add(AnswerFindings.Orphan(match, near, place));
            return (match, false);
        }
        var isDuplicate = !answered.Add((sent.ExchangeId, sent.Ordinal, answer.IsTechnical)) || (answer.IsTechnical ? sent.Technical : sent.Functional) is not null;
        if (isDuplicate)
            findings.Add(AnswerFindings.Duplicate(match, sent, place));
        else
            Tell(match, sent, place);
        return (match, isDuplicate);
    }

    /// <summary>The reference of our message as the answer writes it.</summary>
    static string Message(ReceivedAnswer answer, SentInterchange sent) =>
        answer.Messages.Keys.FirstOrDefault(reference => ExpectedAnswers.Plain(reference) == sent.MessageReference) ?? "";

    void Tell(AnswerMatch match, SentInterchange sent, Position place)
    {
        var answer = match.Answer;
        if (match.Verdict > AnswerVerdict.Accepted)
            findings.Add(AnswerFindings.NotAccepted(match, sent, place));
        foreach (var error in answer.Errors)
            findings.Add(AnswerFindings.Error(error, sent, place));
        foreach (var other in answer.Messages.Keys.Where(reference => ExpectedAnswers.Plain(reference) != sent.MessageReference).Take(1))
            findings.Add(AnswerFindings.OtherMessage(match, sent, other, place));
        if (sent.DueAt is { } due && clock.GetUtcNow() > due)
            findings.Add(AnswerFindings.Late(match, sent, due, place));
    }

    /// <summary>What was sent, as people know it.</summary>
    public static string Name(SentInterchange sent) =>
        string.Create(CultureInfo.InvariantCulture, $"{sent.MessageType} {sent.Number ?? sent.Reference} (exchange #{sent.ExchangeId}, control number {sent.Reference})");

    /// <summary>A verdict in words.</summary>
    public static string Words(AnswerVerdict verdict) => verdict switch
    {
        AnswerVerdict.Received => "received",
        AnswerVerdict.Accepted => "accepted",
        AnswerVerdict.AcceptedWithErrors => "accepted, with errors",
        AnswerVerdict.PartiallyAccepted => "accepted in part",
        _ => "rejected",
    };
}
