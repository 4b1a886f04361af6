using System.Globalization;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Folds a file's findings into acknowledgements while it is read.
/// Give it every finding (<see cref="Findings.Added"/>) and every event but <see cref="EdiEvent.Segment"/>, the message's end after
/// its validation ended; then call <see cref="End"/>.
/// A message with an error is rejected, and so is one the caller rejects. Acknowledgements are never acknowledged.
/// </summary>
public sealed class AcknowledgementBuilder
{
    /// <summary>Messages listed one by one in an acknowledgement; more are counted.</summary>
    internal const int ListedMax = 100_000;

    readonly List<Acknowledgement> finished = [];
    readonly List<Finding> waiting = [];
    InterchangeVerdict? interchange;
    GroupVerdict? group;
    MessageInfo? message;
    int findingsKept;
    int listed;
    bool error;
    bool rejected;

    /// <summary>Takes a finding, at any time before the event that ends what it is about.</summary>
    public void Add(Finding finding)
    {
        error |= finding.Severity >= Severity.Error && finding.At.Message > 0;
        // 997 has "accepted, but errors were noted"; CONTRL has no word for warnings.
        var least = interchange?.Info.Standard == Standard.Edifact ? Severity.Error : Severity.Warning;
        if (finding.Severity >= least && finding.Acknowledgement is not null && findingsKept < Limits.FindingsPerFileMax)
        {
            findingsKept++;
            waiting.Add(finding);
        }
    }

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
                interchange?.CutOff |= reader.Segment.IsEmpty;
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
        group = new GroupVerdict(info);
        interchange?.Groups.Add(group);
    }

    void CloseMessage(bool ended)
    {
        if (message is null || group is null)
            return;
        var verdict = new MessageVerdict { Info = message, Accepted = ended && !error && !rejected };
        Move(f => f.At.Message == verdict.Info.Ordinal, verdict.Findings);
        if (verdict.Accepted)
            group.Accepted++;
        else
            group.Rejected++;
        if (!IsAcknowledgement(message.Type))
        {
            if (listed < ListedMax)
                group.Messages.Add(verdict);
            else
                group.Cut = true;
            listed++;
        }
        (message, error, rejected) = (null, false, false);
    }

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
        interchange.Groups.RemoveAll(g => g.Messages.Count == 0 && g.Accepted + g.Rejected > 0);
        // 997 answers a group by its GS01 and GS06. Without them, or without groups, the answer is TA1.
        if (info.Standard == Standard.X12)
            interchange.Groups.RemoveAll(g => g.Info is null or { Code: "FA" or "" } or { Reference: "" });
        // Without a header there is nobody to answer, and no reference to name.
        var hasAnswer = info.Reference.Length > 0 && info.Sender.Id.Length > 0
            && (interchange.Groups.Count > 0 || (info.Standard == Standard.Edifact && info.Messages == 0));
        if (hasAnswer)
            finished.Add(new Acknowledgement(interchange));
        (interchange, findingsKept, listed, error, rejected) = (null, 0, 0, false, false);
    }

    void Move(Predicate<Finding> belongs, List<Finding> to)
    {
        if (waiting.Count == 0)
            return;
        to.AddRange(waiting.FindAll(belongs));
        waiting.RemoveAll(belongs);
    }

    static bool IsAcknowledgement(string type) => type is "CONTRL" or "APERAK" or "997" or "999" or "TA1";
}
