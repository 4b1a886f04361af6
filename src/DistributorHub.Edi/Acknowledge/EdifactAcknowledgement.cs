using DistributorHub.Edi.Parse;
using static DistributorHub.Edi.Acknowledge.AcknowledgementText;
using static DistributorHub.Edi.Acknowledge.EdifactEnvelope;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes CONTRL. An accepted interchange is answered by one UCI with action 7, which holds for all its messages but the rejected ones, and
/// these are listed. When the interchange itself has an error, or was cut off, although messages of it were accepted, UCI says only
/// "received" (8) and every message is listed.
/// </summary>
sealed class EdifactAcknowledgement(InterchangeVerdict verdict, AcknowledgementOptions options, EdifactEnvelope envelope)
{
    const string Rejected = "4";
    const string Acknowledged = "7";
    const string Received = "8";
    const int SegmentsPerMessageMax = 999;
    const int ElementsPerSegmentMax = 99;

    readonly InterchangeInfo inbound = verdict.Info;
    readonly AcknowledgementText text = envelope.Text;
    readonly EdifactErrorCodes codes = new(options.ErrorCodes, IsEancom1997(options, envelope));

    public byte[] Write()
    {
        if (envelope.Version4)
            envelope.BeginMessage("CONTRL", "4", "1", "UN");
        else if (IsEancom1997(options, envelope))
            envelope.BeginMessage("CONTRL", "2", "2", "UN", "EAN002");
        else
            envelope.BeginMessage("CONTRL", "D", "3", "UN");
        Body();
        envelope.EndMessage();
        return envelope.End();
    }

    static bool IsEancom1997(AcknowledgementOptions options, EdifactEnvelope envelope) =>
        options.Contrl == ContrlVersion.Eancom1997 && !envelope.Version4;

    void Body()
    {
        var error = verdict.Findings.Find(f => f.IsError);
        var cut = verdict.Groups.Exists(g => g.Cut);
        // An unlisted message would count as accepted: too many to list is an answer of its own.
        var broken = error is not null || verdict.CutOff;
        var action = (broken || verdict.Groups.Count == 0) && verdict.Accepted == 0 ? Rejected
            : cut && (broken || verdict.Rejected > 0) ? Rejected
            : broken ? Received
            : Acknowledged;
        var rejected = action == Rejected;
        text.Segment(
            "UCI", [inbound.Reference, Composite(inbound.Sender.Id, inbound.Sender.Qualifier),
            Composite(inbound.Recipient.Id, inbound.Recipient.Qualifier), action, .. rejected ? Error(error, ErrorLevel.Interchange) : []]);
        if (rejected)
            return;
        foreach (var group in verdict.Groups)
            Group(group, listAll: action == Received || options.AcceptedLoops);
    }

    void Group(GroupVerdict group, bool listAll)
    {
        var error = group.Findings.Find(f => f.IsError);
        if (group.Info is { } info)
        {
            if (!listAll && group.Rejected == 0 && error is null)
                return;
            var rejected = group.Accepted == 0;
            text.Segment(
                "UCF", [info.Reference, info.Sender, info.Recipient, rejected ? Rejected : Acknowledged,
                .. rejected && error is not null ? Error(error, ErrorLevel.Envelope) : []]);
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
        text.Segment(
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
            text.Segment("UCS", Number(Place(first)), first.At.Element == 0 ? codes.Of(first, ErrorLevel.Segment) : "");
            if (first.At.Element == 0)
                continue;
            Element(first);
            for (var elements = 1; i < errors.Count && errors[i].At.Segment == position && errors[i].At.Element > 0; i++)
                if (elements++ < ElementsPerSegmentMax)
                    Element(errors[i]);
        }
    }

    /// <summary>0085, the service segment it is about (0013), and the element of that (S011).</summary>
    string[] Error(Finding? finding, ErrorLevel level)
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
        Math.Max(finding.Code is Codes.SegmentMissing or Codes.GroupMissing ? finding.At.Segment - 1 : finding.At.Segment, 1);

    static bool IsOfMessage(Finding finding) => finding.Code.StartsWith("ENV", StringComparison.Ordinal) || finding.Code == Codes.MessageUnsupported
        || finding.Acknowledgement == "17";

    void Element(Finding finding) => text.Segment("UCD", codes.Of(finding, ErrorLevel.Element), Place(finding.At));

    // The segment tag counts as position 1 (data element 0098).
    static string Place(Position at) => Composite(Number(at.Element + 1), at.Component == 0 ? "" : Number(at.Component));
}
