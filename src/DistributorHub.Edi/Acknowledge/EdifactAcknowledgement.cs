using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using static DistributorHub.Edi.Acknowledge.AnswerElement;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes CONTRL. When a message was accepted, UCI has action 7, which holds for all messages but the rejected ones, and these are listed.
/// When the interchange or a group has an error itself, or was cut off, 7 comes with that error and every message that came is listed, so that
/// the sender sees which did not. When no message was accepted for an error of the interchange, UCI rejects (4). Action 8, "received", promises
/// another CONTRL that accepts or rejects; the hub has decided before it answers, so it never says that.
/// </summary>
sealed class EdifactAcknowledgement(InterchangeVerdict verdict, AcknowledgementOptions options, AnswerForm form)
{
    const string Rejected = "4";
    const string Acknowledged = "7";
    const string DuplicateDetected = "26";
    const int SegmentsPerMessageMax = 999;
    const int ElementsPerSegmentMax = 99;
    const int ElementDigits = 3;

    readonly InterchangeInfo inbound = verdict.Info;
    readonly EdiWriter writer = form.Writer;
    readonly EdifactErrorCodes codes = new(options.ErrorCodes, IsEancom1997(options, verdict.Info));

    public byte[] Write()
    {
        var (version, release, association) = EdifactHeader.IsFour(inbound.SyntaxVersion) ? ("4", "1", "")
            : IsEancom1997(options, inbound) ? ("2", "2", "EAN002")
            : ("D", "3", "");
        writer.BeginMessage(new() { Type = "CONTRL", Version = version, Release = release, Association = association });
        Body();
        writer.EndMessage();
        return form.End();
    }

    static bool IsEancom1997(AcknowledgementOptions options, InterchangeInfo inbound) =>
        options.Contrl == ContrlVersion.Eancom1997 && !EdifactHeader.IsFour(inbound.SyntaxVersion);

    void Body()
    {
        var error = verdict.Findings.Find(f => f.IsError);
        var cut = verdict.Groups.Exists(g => g.Cut);
        var broken = error is not null || verdict.CutOff;
        // A rejected message that is not listed would count as accepted: too many of them to list reject the whole.
        var rejected = verdict.Duplicate || cut || (broken || verdict.Groups.Count == 0) && verdict.Accepted == 0;
        writer.Write(
            "UCI", [inbound.Reference, Composite(inbound.Sender.Id, inbound.Sender.Qualifier),
            Composite(inbound.Recipient.Id, inbound.Recipient.Qualifier), rejected ? Rejected : Acknowledged,
            .. verdict.Duplicate ? [codes.Of(DuplicateDetected, ErrorLevel.Interchange)]
            : error is not null || !broken && rejected ? Error(error, ErrorLevel.Interchange)
            : broken ? [codes.Of("13", ErrorLevel.Interchange), "UNZ"]
            : []]);
        if (rejected)
            return;
        foreach (var group in verdict.Groups)
            Group(group, listAll: broken || options.AcceptedLoops);
    }

    void Group(GroupVerdict group, bool listAll)
    {
        var error = group.Findings.Find(f => f.IsError);
        if (group.Info is { } info)
        {
            if (!listAll && group.Rejected == 0 && error is null)
                return;
            var rejected = group.Accepted == 0;
            listAll |= error is not null;
            writer.Write(
                "UCF", [info.Reference, info.Sender, info.Recipient, rejected ? Rejected : Acknowledged,
                .. error is not null ? Error(error, ErrorLevel.Envelope) : []]);
            if (rejected && error is not null)
                return;
        }
        foreach (var message in group.Messages)
            if (listAll || !message.Accepted)
                Message(message);
    }

    void Message(MessageVerdict message)
    {
        var info = message.Info;
        var errors = message.Accepted ? [] : message.Findings.FindAll(f => f.IsError);
        // What is wrong with UNH and UNT themselves is said of the message; all else of its segments.
        var own = errors.Find(IsOfMessage);
        writer.Write(
            "UCM", [info.Reference, Composite(info.Type, info.Version, info.Release, info.Agency, info.Association),
            message.Accepted ? Acknowledged : Rejected, .. own is null ? [] : Error(own, ErrorLevel.Envelope)]);
        var segments = 0;
        for (var i = 0; i < errors.Count && segments < SegmentsPerMessageMax;)
        {
            var first = errors[i++];
            if (IsOfMessage(first))
                continue;
            segments++;
            var position = first.At.Segment;
            writer.Write("UCS", AnswerForm.Place(Place(first)), first.At.Element == 0 ? codes.Of(first, ErrorLevel.Segment) : "");
            if (first.At.Element == 0)
                continue;
            Element(first);
            for (var elements = 1; i < errors.Count && errors[i].At.Segment == position && errors[i].At.Element > 0; i++)
                if (elements++ < ElementsPerSegmentMax)
                    Element(errors[i]);
        }
    }

    /// <summary>0085, the service segment it is about (0013), and the element of that (S011).</summary>
    AnswerElement[] Error(Finding? finding, ErrorLevel level)
    {
        var code = codes.Of(finding, level);
        var service = (level, finding?.Tag) switch
        {
            (ErrorLevel.Interchange, "UNA" or "UNB" or "UNZ") or (ErrorLevel.Envelope, "UNG" or "UNE" or "UNH" or "UNT") => finding!.Tag!,
            _ => "",
        };
        if (service.Length == 0 || finding!.At.Element == 0)
            return service.Length == 0 ? [code] : [code, service];
        // The findings of envelopes count a component in single elements too; 0104 is for composites.
        return [code, service, Place(IsComposite(service, finding.At.Element) ? finding.At : finding.At with { Component = 0 })];
    }

    static bool IsComposite(string service, int element) => (service, element) is ("UNB", <= 4 or 6) or ("UNG", 2 or 3 or 4 or 7) or ("UNH", 2 or 4);

    /// <summary>
    /// 0096. What is missing has no position: it is told with that of the last segment before its place. The finding stands at the
    /// segment that came instead.
    /// </summary>
    static int Place(Finding finding) =>
        Math.Max(finding.Code is Codes.SegmentMissing or Codes.GroupMissing or Codes.SectionControlMissing or Codes.GuideMissing ? finding.At.Segment - 1 : finding.At.Segment, 1);

    static bool IsOfMessage(Finding finding) => finding.Code.StartsWith("ENV", StringComparison.Ordinal) || finding.Code == Codes.MessageUnsupported
        || finding.Acknowledgement == "17";

    void Element(Finding finding) => writer.Write("UCD", codes.Of(finding, ErrorLevel.Element), Place(finding.At));

    // The segment tag counts as position 1 (data element 0098).
    static AnswerElement Place(Position at) => at.Component == 0 ? AnswerForm.Place(at.Element + 1, ElementDigits)
        : Composite(AnswerForm.Place(at.Element + 1, ElementDigits), AnswerForm.Place(at.Component, ElementDigits));
}
