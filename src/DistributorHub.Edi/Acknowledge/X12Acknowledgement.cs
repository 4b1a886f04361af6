using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;
using static DistributorHub.Edi.Acknowledge.AcknowledgementText;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes 997: one transaction set for each functional group, inside one interchange with the delimiters, version and test flag of the
/// one that is answered. Sets of the same version and parties share a group, so that an answer rarely needs more than one GS06.
/// </summary>
sealed class X12Acknowledgement(InterchangeVerdict verdict, string controlReference, DateTimeOffset time)
{
    const int CodesMax = 5;
    const int CopyMax = 99;

    readonly InterchangeInfo inbound = verdict.Info;

    public byte[] Write()
    {
        var delimiters = inbound.Delimiters;
        var utf8 = inbound.Charset.StartsWith("UTF", StringComparison.OrdinalIgnoreCase);
        var text = new AcknowledgementText(delimiters, utf8 ? Encoding.UTF8 : Encoding.Latin1, inbound.ComponentLead, inbound.TerminatorLead);
        var control = controlReference.PadLeft(9, '0');
        Header(text, delimiters, control);
        var groups = 0;
        foreach (var answered in verdict.Groups.GroupBy(g => (g.Info?.Recipient, g.Info?.Sender, g.Info?.Version)))
        {
            var reference = Number((long.Parse(control, NumberStyles.None, CultureInfo.InvariantCulture) + groups) % 1_000_000_000);
            groups++;
            Group(text, [.. answered], reference);
        }
        text.Segment("IEA", Number(groups), control);
        return text.Bytes();
    }

    /// <summary>ISA has fixed widths, so it is laid out by hand.</summary>
    void Header(AcknowledgementText text, Delimiters delimiters, string control)
    {
        var separator = (char)delimiters.Element;
        var repetition = delimiters.Repetition == 0 ? 'U' : (char)delimiters.Repetition;
        string[] elements =
        [
            "ISA", "00", new(' ', 10), "00", new(' ', 10),
            inbound.Recipient.Qualifier.PadRight(2), inbound.Recipient.Id.PadRight(15),
            inbound.Sender.Qualifier.PadRight(2), inbound.Sender.Id.PadRight(15),
            time.ToString("yyMMdd", CultureInfo.InvariantCulture), time.ToString("HHmm", CultureInfo.InvariantCulture),
            repetition.ToString(), inbound.SyntaxVersion.PadLeft(5, '0'), control, "0", inbound.Test ? "T" : "P", "",
        ];
        text.Raw(string.Join(separator, elements));
        text.EndHeader();
    }

    void Group(AcknowledgementText text, List<GroupVerdict> answered, string reference)
    {
        var info = answered[0].Info;
        text.Segment(
            "GS", "FA", info?.Recipient ?? "", info?.Sender ?? "", time.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            time.ToString("HHmm", CultureInfo.InvariantCulture), reference, "X", info?.Version ?? "004010");
        for (var i = 0; i < answered.Count; i++)
            Set(text, answered[i], (i + 1).ToString("0000", CultureInfo.InvariantCulture));
        text.Segment("GE", Number(answered.Count), reference);
    }

    static void Set(AcknowledgementText text, GroupVerdict group, string reference)
    {
        var before = text.Segments;
        text.Segment("ST", "997", reference);
        text.Segment("AK1", group.Info?.Code ?? "", group.Info?.Reference ?? "");
        foreach (var message in group.Messages)
            Message(text, message);
        Trailer(text, group);
        text.Segment("SE", Number(text.Segments - before + 1), reference);
    }

    static void Trailer(AcknowledgementText text, GroupVerdict group)
    {
        var received = group.Accepted + group.Rejected;
        var codes = CodesOf(group.Findings, "AK905:");
        var warned = codes.Count > 0 || group.Messages.Exists(m => Listed(m).Count > 0);
        var code = group.Accepted == 0 && (received > 0 || codes.Count > 0) ? "R"
            : group.Rejected > 0 ? "P"
            : warned ? "E"
            : "A";
        text.Segment("AK9", [code, Number(group.Declared ?? received), Number(received), Number(group.Accepted), .. codes]);
    }

    static void Message(AcknowledgementText text, MessageVerdict message)
    {
        text.Segment("AK2", message.Info.Type, message.Info.Reference);
        var listed = Listed(message);
        var segments = false;
        for (var i = 0; i < listed.Count;)
        {
            var first = listed[i];
            if (first.Tag is not { Length: 2 or 3 } tag)
            {
                // AK301 takes a segment's tag. Without one, AK5 can still say that a segment is in error.
                segments |= Code(first, "AK304:") is not null || Code(first, "AK403:") is not null;
                i++;
            }
            else if (Code(first, "AK304:") is { } place)
            {
                text.Segment("AK3", tag, Number(Math.Max(first.At.Segment, 1)), "", place);
                segments = true;
                i++;
            }
            else if (Code(first, "AK403:") is not null)
            {
                text.Segment("AK3", tag, Number(Math.Max(first.At.Segment, 1)), "", "8");
                segments = true;
                for (; i < listed.Count && listed[i].At.Segment == first.At.Segment && Code(listed[i], "AK403:") is { } code; i++)
                    text.Segment("AK4", Place(listed[i].At), "", code, Copy(listed[i].Found));
            }
            else
                i++;
        }
        var codes = CodesOf(listed, "AK502:");
        if (segments && codes.Count < CodesMax)
            codes.Add("5");
        text.Segment("AK5", [message.Accepted ? listed.Count > 0 ? "E" : "A" : "R", .. codes]);
    }

    static List<Finding> Listed(MessageVerdict message) =>
        message.Findings.FindAll(f => f.Acknowledgement is { } code && (code.StartsWith("AK3", StringComparison.Ordinal)
            || code.StartsWith("AK4", StringComparison.Ordinal) || code.StartsWith("AK5", StringComparison.Ordinal)));

    static List<string> CodesOf(List<Finding> findings, string prefix)
    {
        var codes = new List<string>(CodesMax);
        foreach (var finding in findings)
            if (codes.Count < CodesMax && Code(finding, prefix) is { } code && !codes.Contains(code))
                codes.Add(code);
        return codes;
    }

    static string? Code(Finding finding, string prefix) =>
        finding.Acknowledgement?.StartsWith(prefix, StringComparison.Ordinal) == true ? finding.Acknowledgement[prefix.Length..] : null;

    static string Place(Position at) => at.Component == 0 ? Number(at.Element) : Composite(Number(at.Element), Number(at.Component));

    /// <summary>The bad value, when it can be repeated without breaking the answer.</summary>
    static string Copy(string? found)
    {
        var copy = found ?? "";
        return copy.Length > CopyMax || copy.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "" : copy.Trim();
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
