using System.Globalization;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Folds a file's findings into acknowledgements while it is read.
/// Give it every finding (<see cref="Findings.Added"/>) and every event but <see cref="EdiEvent.Segment"/>, the message's end after
/// its validation ended; then call <see cref="End"/>.
/// A message with an error is rejected, and so is one the caller rejects. Acknowledgements are never acknowledged.
/// </summary>
/// <param name="options">Which answers are wanted; null for CONTRL, 997 or 999 always and TA1 on request.</param>
public sealed class AcknowledgementBuilder(AcknowledgementOptions? options = null)
{
    /// <summary>Accepted messages listed one by one in an acknowledgement, and rejected ones; more are counted.</summary>
    internal const int ListedMax = 100_000;

    readonly AcknowledgementOptions options = options ?? new();
    readonly List<Acknowledgement> finished = [];
    readonly List<Finding> waiting = [];
    readonly List<Finding> technical = [];
    InterchangeVerdict? interchange;
    GroupVerdict? group;
    MessageInfo? message;
    MessageVerdict? last;
    string? number;
    int findingsKept, acceptedListed, rejectedListed, refusalsKept;
    bool error, rejected, documents, acknowledgements;

    /// <summary>Takes a finding, at any time before the event that ends what it is about.</summary>
    public void Add(Finding finding)
    {
        error |= finding.IsError && finding.At.Message > 0;
        // 997 has "accepted, but errors were noted"; CONTRL has no word for warnings.
        var least = interchange?.Info.Standard == Standard.Edifact ? Severity.Error : Severity.Warning;
        if (finding.Severity >= least && finding.Acknowledgement is not null && findingsKept < Limits.FindingsPerFileMax)
        {
            findingsKept++;
            waiting.Add(finding);
        }
        // TA1 tells the worst one: a warning that came first must not hide it.
        if (X12Codes.Interchange(finding) is not null && technical.TrueForAll(f => f.Severity < finding.Severity))
            technical.Add(finding);
    }

    /// <summary>Names the open message by the document's own number, such as BGM 1004 or BEG03.</summary>
    public void Identify(string? documentNumber) => number = documentNumber;

    /// <summary>
    /// Tells that the application refused the message that has just ended. One that was rejected for its syntax is told so already.
    /// </summary>
    public void Refuse(IReadOnlyList<Finding> reasons)
    {
        if (!options.Business || interchange is null || last is not { Accepted: true } || IsAcknowledgement(last.Info.Type) || reasons.Count == 0
            || (group is not { Info: { Code.Length: > 0, Reference.Length: > 0 } } && interchange.Info.Standard == Standard.X12))
            return;
        var room = Limits.FindingsPerFileMax - refusalsKept;
        if (room <= 0)
            return;
        var kept = reasons.Take(room).ToList();
        refusalsKept += kept.Count;
        interchange.Refusals.Add(new(group?.Info, last.Info, last.Number, kept));
    }

    /// <summary>
    /// Tells that an interchange of this control reference was taken before, so that nothing of the open one is: TA1 R with 025, or CONTRL 4 with 26, as far as
    /// the partner wants answers; no group is answered.
    /// </summary>
    public void Duplicate() => interchange?.Duplicate = true;

    /// <summary>Rejects the open message for a reason that is no finding.</summary>
    public void Reject() => rejected = true;

    /// <summary>Takes the reader's event.</summary>
    public void Accept(EdiReader reader)
    {
        switch (reader.Event)
        {
            case EdiEvent.InterchangeStart:
                CloseInterchange();
                interchange = new InterchangeVerdict(reader.Interchange!);
                break;
            case EdiEvent.GroupStart:
                CloseGroup();
                OpenGroup(reader.Group);
                break;
            case EdiEvent.MessageStart:
                CloseMessage(ended: false);
                message = reader.Message;
                rejected |= message!.Refused is not null;
                if (group is null)
                    OpenGroup(reader.Group);
                break;
            case EdiEvent.MessageEnd:
                CloseMessage(ended: true);
                break;
            case EdiEvent.GroupEnd:
                Declare(reader);
                CloseGroup();
                break;
            case EdiEvent.InterchangeEnd:
                interchange?.CutOff |= reader.Segment.IsEmpty && !reader.TrailerForgiven;
                CloseInterchange();
                break;
        }
    }

    /// <summary>Ends the file. An interchange that is still open was cut off: its open message is rejected.</summary>
    public IReadOnlyList<Acknowledgement> End()
    {
        interchange?.CutOff = true;
        CloseInterchange();
        return finished;
    }

    void Declare(EdiReader reader)
    {
        if (group is not null && !reader.Segment.IsEmpty
            && int.TryParse(reader.Segment.Value(1), NumberStyles.None, CultureInfo.InvariantCulture, out var declared))
            group.Declared = declared;
    }

    void OpenGroup(GroupInfo? info)
    {
        acknowledgements |= info is { Code: "FA" or "CONTRL" or "APERAK" };
        group = new GroupVerdict(info);
        interchange?.Groups.Add(group);
    }

    void CloseMessage(bool ended)
    {
        if (message is null || group is null)
            return;
        var verdict = last = new MessageVerdict { Info = message.Brief(), Number = number is null ? null : Finding.Cut(number, Limits.RepeatedCharsMax), Accepted = ended && !error && !rejected };
        Move(f => f.At.Message == verdict.Info.Ordinal, verdict.Findings);
        Order(verdict.Findings);
        if (verdict.Accepted)
            group.Accepted++;
        else
            group.Rejected++;
        if (IsAcknowledgement(message.Type))
            acknowledgements = true;
        else
        {
            documents = true;
            group.HasDocuments = true;
            if (IsListed(verdict))
                List(verdict, group);
        }
        (message, number, error, rejected) = (null, null, false, false);
    }

    /// <summary>What is accepted and not named counts as accepted; what is rejected has to be named, and so has a limit of its own.</summary>
    void List(MessageVerdict verdict, GroupVerdict to)
    {
        ref var listed = ref verdict.Accepted ? ref acceptedListed : ref rejectedListed;
        if (listed++ < ListedMax)
            to.Messages.Add(verdict);
        else
            to.Cut |= !verdict.Accepted;
    }

    /// <summary>
    /// True when the answer may have to name the message. A broken EDIFACT interchange names all of them, and is known to be broken only
    /// at its end; X12 counts what needs no words.
    /// </summary>
    bool IsListed(MessageVerdict verdict)
    {
        if (interchange is not { Info: var info } || !WantsFunctional(info, errors: true))
            return false;
        return info.Standard == Standard.Edifact || options.AcceptedLoops || !verdict.Accepted || verdict.Findings.Count > 0;
    }

    bool WantsFunctional(InterchangeInfo info, bool errors) =>
        AcknowledgementOptions.Wants(options.Functional, info.Standard == Standard.Edifact && info.AcknowledgementRequested, errors);

    void CloseGroup()
    {
        CloseMessage(ended: false);
        if (group is { Info: not null })
            Move(f => f.At is { Message: 0, Group: > 0 }, group.Findings);
        group = null;
    }

    void CloseInterchange()
    {
        CloseGroup();
        if (interchange is null)
            return;
        Move(_ => true, interchange.Findings);
        var info = interchange.Info;
        interchange.Technical.AddRange(technical);
        interchange.Groups.RemoveAll(g => !g.HasDocuments && g.Accepted + g.Rejected > 0);
        // 997 answers a group by its GS01 and GS06. Without them, or without groups, the answer is TA1.
        if (info.Standard == Standard.X12)
            interchange.Groups.RemoveAll(g => g.Info is null or { Code: "FA" or "" } or { Reference: "" });
        // Without a header there is nobody to answer, nobody who answers, and no reference to name.
        if (info.Reference.Length > 0 && info.Sender.Id.Length > 0 && info.Recipient.Id.Length > 0 && (documents || !acknowledgements && !info.HasAcknowledgement))
            Answer(interchange);
        technical.Clear();
        (interchange, last, findingsKept, acceptedListed, rejectedListed, refusalsKept) = (null, null, 0, 0, 0, 0);
        (error, rejected, documents, acknowledgements) = (false, false, false, false);
    }

    void Answer(InterchangeVerdict verdict)
    {
        var (info, x12) = (verdict.Info, verdict.Info.Standard == Standard.X12);
        if (verdict.Duplicate)
        {
            if (x12 ? IsControlNumber(info.Reference) && AcknowledgementOptions.Wants(options.Technical, info.AcknowledgementRequested, errors: true) : WantsFunctional(info, errors: true))
                finished.Add(new(x12 ? AcknowledgementKind.Technical : AcknowledgementKind.Functional, verdict, options));
            return;
        }
        if (x12 && IsControlNumber(info.Reference) && AcknowledgementOptions.Wants(options.Technical, info.AcknowledgementRequested, verdict.CutOff || verdict.Technical.Count > 0))
            finished.Add(new(AcknowledgementKind.Technical, verdict, options));
        var errors = verdict.Rejected > 0 || verdict.CutOff || verdict.Groups.Exists(g => g.Findings.Exists(f => f.IsError)) || verdict.Findings.Exists(f => f.IsError);
        if ((verdict.Groups.Count > 0 || (!x12 && info.Messages == 0)) && WantsFunctional(info, errors))
            finished.Add(new(AcknowledgementKind.Functional, verdict, options));
        if (verdict.Refusals.Count > 0)
            finished.Add(new(AcknowledgementKind.Business, verdict, options));
    }

    // TA101 has nine digits; what is no number cannot be named there.
    static bool IsControlNumber(string reference) => reference.Length <= 9 && reference.All(char.IsAsciiDigit);

    void Move(Predicate<Finding> belongs, List<Finding> to)
    {
        if (waiting.Count == 0)
            return;
        to.AddRange(waiting.FindAll(belongs));
        waiting.RemoveAll(belongs);
    }

    /// <summary>What a guide's condition held back comes late; answers name segments in their order.</summary>
    static void Order(List<Finding> findings)
    {
        var ordered = findings.OrderBy(f => f.At.Segment).ToList();
        findings.Clear();
        findings.AddRange(ordered);
    }

    static bool IsAcknowledgement(string type) => type is "CONTRL" or "APERAK" or "997" or "999" or "824" or "TA1";
}
