using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;
using static DistributorHub.Edi.Acknowledge.AcknowledgementText;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes CONTRL: D:3 for syntax 1 to 3, 4:1 for syntax 4. An accepted interchange is answered by one UCI with action 7, which holds
/// for all its messages but the rejected ones, and these are listed. When the interchange itself has an error, or was cut off, although messages
/// of it were accepted, UCI says only "received" (8) and every message is listed.
/// </summary>
sealed class EdifactAcknowledgement(InterchangeVerdict verdict, string controlReference, DateTimeOffset time)
{
    const string Rejected = "4";
    const string Acknowledged = "7";
    const string Received = "8";
    const int SegmentsPerMessageMax = 999;
    const int ElementsPerSegmentMax = 99;

    readonly InterchangeInfo inbound = verdict.Info;
    readonly bool version4 = verdict.Info.SyntaxVersion.StartsWith('4');

    public byte[] Write()
    {
        var delimiters = version4 ? Delimiters.LevelA4 : Delimiters.LevelA;
        var utf8 = inbound.SyntaxIdentifier is "UNOW" or "UNOX" or "UNOY";
        var text = new AcknowledgementText(delimiters, utf8 ? Encoding.UTF8 : Encoding.Latin1);
        text.Raw(version4 ? "UNA:+.?*'" : "UNA:+.? '");
        text.Segment(
            "UNB",
            Composite(inbound.SyntaxIdentifier, inbound.SyntaxVersion),
            Composite(inbound.Recipient.Id, inbound.Recipient.Qualifier),
            Composite(inbound.Sender.Id, inbound.Sender.Qualifier),
            Composite(time.ToString(version4 ? "yyyyMMdd" : "yyMMdd", CultureInfo.InvariantCulture), time.ToString("HHmm", CultureInfo.InvariantCulture)),
            controlReference, "", "", "", "", "", inbound.Test ? "1" : "");
        var before = text.Segments;
        text.Segment("UNH", "1", version4 ? Composite("CONTRL", "4", "1", "UN") : Composite("CONTRL", "D", "3", "UN"));
        Body(text);
        text.Segment("UNT", Number(text.Segments - before + 1), "1");
        text.Segment("UNZ", "1", controlReference);
        return text.Bytes();
    }

    void Body(AcknowledgementText text)
    {
        var error = verdict.Findings.Find(f => f.Severity >= Severity.Error);
        var cut = verdict.Groups.Exists(g => g.Cut);
        // An unlisted message would count as accepted: too many to list is an answer of its own.
        var broken = error is not null || verdict.CutOff;
        var action = (broken || verdict.Groups.Count == 0) && verdict.Accepted == 0 ? Rejected
            : cut && (broken || verdict.Rejected > 0) ? Rejected
            : broken ? Received
            : Acknowledged;
        text.Segment(
            "UCI", inbound.Reference, Composite(inbound.Sender.Id, inbound.Sender.Qualifier),
            Composite(inbound.Recipient.Id, inbound.Recipient.Qualifier), action,
            action == Rejected ? error?.Acknowledgement ?? "18" : "");
        if (action == Rejected)
            return;
        foreach (var group in verdict.Groups)
            Group(text, group, listAll: action == Received);
    }

    static void Group(AcknowledgementText text, GroupVerdict group, bool listAll)
    {
        var error = group.Findings.Find(f => f.Severity >= Severity.Error);
        if (group.Info is { } info)
        {
            if (!listAll && group.Rejected == 0 && error is null)
                return;
            var rejected = group.Accepted == 0;
            text.Segment(
                "UCF", info.Reference, info.Sender, info.Recipient, rejected ? Rejected : Acknowledged,
                rejected ? error?.Acknowledgement ?? "" : "");
            if (rejected && error is not null)
                return;
        }
        foreach (var message in group.Messages)
            if (listAll || !message.Accepted)
                Message(text, message);
    }

    static void Message(AcknowledgementText text, MessageVerdict message)
    {
        var info = message.Info;
        var errors = message.Accepted ? [] : message.Findings.FindAll(f => f.Severity >= Severity.Error);
        // What is wrong with UNH and UNT themselves is said of the message; all else of its segments.
        var own = errors.Find(IsOfMessage);
        text.Segment(
            "UCM", info.Reference, Composite(info.Type, info.Version, info.Release, info.Agency, info.Association),
            message.Accepted ? Acknowledged : Rejected, own?.Acknowledgement ?? "");
        var segments = 0;
        for (var i = 0; i < errors.Count && segments < SegmentsPerMessageMax;)
        {
            var first = errors[i++];
            if (IsOfMessage(first))
                continue;
            segments++;
            var position = first.At.Segment;
            text.Segment("UCS", Number(Math.Max(position, 1)), first.At.Element == 0 ? first.Acknowledgement! : "");
            if (first.At.Element == 0)
                continue;
            Element(text, first);
            for (var elements = 1; i < errors.Count && errors[i].At.Segment == position && errors[i].At.Element > 0; i++)
                if (elements++ < ElementsPerSegmentMax)
                    Element(text, errors[i]);
        }
    }

    static bool IsOfMessage(Finding finding) => finding.Code.StartsWith("ENV", StringComparison.Ordinal) || finding.Code == Codes.MessageUnsupported;

    // The segment tag counts as position 1 (data element 0098).
    static void Element(AcknowledgementText text, Finding finding) =>
        text.Segment("UCD", finding.Acknowledgement!, Composite(Number(finding.At.Element + 1), finding.At.Component == 0 ? "" : Number(finding.At.Component)));

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
