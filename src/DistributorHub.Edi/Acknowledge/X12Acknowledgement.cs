using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using static DistributorHub.Edi.Acknowledge.AnswerElement;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes 997 and 999: one transaction set for each functional group. Sets of the same kind, version and parties share a group, so that an
/// answer rarely needs more than one GS06.
/// </summary>
sealed class X12Acknowledgement(InterchangeVerdict verdict, AcknowledgementOptions options, AnswerForm form)
{
    const int CodesMax = 5;
    const int CopyMax = 99;
    const int ElementsPerSegmentMax = 99;
    const int ElementDigits = 2;
    const string Situation = "SITUATIONAL TRIGGER";
    const int ReleaseLength = 6;

    // What 999 of the health care guides calls itself; their versions are the release and X with the number of the guide.
    const string HealthCareGuide = "005010X231A1";

    readonly EdiWriter writer = form.Writer;

    public static string SetFor(GroupVerdict group, AcknowledgementOptions options) =>
        options.X12 == GroupAnswer.Auto && X12Codes.From5010(group.Info!.Version) ? "999" : "997";

    /// <summary>Groups that are answered, those that may share a group of the answer together.</summary>
    public static List<List<GroupVerdict>> Groups(InterchangeVerdict verdict, AcknowledgementOptions options) =>
        [.. verdict.Groups.GroupBy(g => (g.Info!.Recipient, g.Info.Sender, g.Info.Version, SetFor(g, options))).Select(group => group.ToList())];

    public byte[] Write()
    {
        foreach (var answered in Groups(verdict, options))
        {
            var info = answered[0].Info!;
            var set = SetFor(answered[0], options);
            var guide = set == "999" && IsHealthCare(info.Version) ? HealthCareGuide : "";
            form.BeginGroup("FA", info, guide.Length > 0 ? guide : info.Version);
            foreach (var group in answered)
            {
                writer.BeginMessage(new() { Type = set, Association = guide });
                Set(group, set == "999");
                writer.EndMessage();
            }
            writer.EndGroup();
        }
        return form.End();
    }

    static bool IsHealthCare(string version) => version.Length > ReleaseLength && version[ReleaseLength] == 'X';

    void Set(GroupVerdict group, bool is999)
    {
        var info = group.Info!;
        var codes = new X12Codes(is999, info.Version);
        writer.Write("AK1", info.Code, info.Reference, is999 ? info.Version : "");
        foreach (var message in group.Messages)
            // A set with neither type nor reference cannot be named; AK9 counts it.
            if (message.Info is not { Type: "", Reference: "" } && (options.AcceptedLoops || !message.Accepted || message.Findings.Exists(X12Codes.IsOfSet)))
                Message(info, message, codes, is999);
        Trailer(group);
    }

    void Trailer(GroupVerdict group)
    {
        var received = group.Accepted + group.Rejected;
        var codes = Distinct(group.Findings, X12Codes.Group);
        var warned = codes.Count > 0 || group.Messages.Exists(m => m.Findings.Exists(X12Codes.IsOfSet));
        var code = group.Accepted == 0 && (received > 0 || codes.Count > 0) ? "R"
            : group.Rejected > 0 ? "P"
            : warned ? "E"
            : "A";
        writer.Write("AK9", [code, AnswerForm.Place(group.Declared ?? received), AnswerForm.Place(received), AnswerForm.Place(group.Accepted), .. codes]);
    }

    void Message(GroupInfo group, MessageVerdict message, X12Codes codes, bool is999)
    {
        var info = message.Info;
        var implementation = is999 && (info.Release != group.Version || IsHealthCare(info.Release)) ? info.Release : "";
        writer.Write("AK2", info.Type, info.Reference, implementation);
        var listed = message.Findings.FindAll(X12Codes.IsOfSet);
        var inError = Segments(message, listed, codes, is999);
        var own = Distinct(listed, codes.Set);
        foreach (var code in inError)
            if (own.Count < CodesMax && !own.Contains(code))
                own.Add(code);
        writer.Write(is999 ? "IK5" : "AK5", [message.Accepted ? listed.Count > 0 ? "E" : "A" : "R", .. own]);
    }

    /// <summary>Writes the segments in error; returns what AK5 says of them.</summary>
    List<string> Segments(MessageVerdict message, List<Finding> listed, X12Codes codes, bool is999)
    {
        var inError = new List<Finding>();
        for (var i = 0; i < listed.Count;)
        {
            var first = listed[i];
            var place = codes.Segment(first);
            if (place is null && codes.Element(first) is null)
                i++;
            else if (first.Tag is not { Length: 2 or 3 })
            {
                // AK301 takes a segment's tag. Without one, AK5 can still say that a segment is in error.
                inError.Add(first);
                i++;
            }
            else
            {
                inError.Add(first);
                Segment(message, first, place ?? "8", is999);
                if (place is not null)
                    i++;
                else
                    i = Elements(listed, i, codes, is999);
            }
        }
        return Distinct(inError, codes.SegmentInError);
    }

    void Segment(MessageVerdict message, Finding finding, string code, bool is999)
    {
        writer.Write(is999 ? "IK3" : "AK3", finding.Tag!, AnswerForm.Place(Math.Max(finding.At.Segment, 1)), "", code);
        if (is999 && message.Number is { Length: > 0 and <= 35 } number)
            writer.Write("CTX", Composite("DOCUMENT NUMBER", FreeText.X12(number, form.Unicode)));
    }

    /// <summary>Writes the elements of one segment; returns the index after them.</summary>
    int Elements(List<Finding> listed, int i, X12Codes codes, bool is999)
    {
        var at = listed[i].At.Segment;
        for (var written = 0; i < listed.Count && listed[i].At.Segment == at && codes.Element(listed[i]) is { } code; i++)
        {
            if (written++ >= ElementsPerSegmentMax)
                continue;
            var finding = listed[i];
            writer.Write(is999 ? "IK4" : "AK4", Place(finding.At), "", code, Copy(finding.Found));
            // An element that others of its segment ask for or forbid: the trigger is that segment.
            if (is999 && finding is { Code: Codes.ElementConditional or Codes.ElementsExclusive, Tag: { Length: 2 or 3 } tag })
                writer.Write("CTX", Situation, tag, AnswerForm.Place(at));
        }
        return i;
    }

    static List<string> Distinct(List<Finding> findings, Func<Finding, string?> codeOf)
    {
        var codes = new List<string>(CodesMax);
        foreach (var finding in findings)
            if (codes.Count < CodesMax && codeOf(finding) is { } code && !codes.Contains(code))
                codes.Add(code);
        return codes;
    }

    static AnswerElement Place(Position at) => at.Component == 0 ? AnswerForm.Place(at.Element, ElementDigits)
        : Composite(AnswerForm.Place(at.Element, ElementDigits), AnswerForm.Place(at.Component, ElementDigits));

    /// <summary>The bad value, when it can be repeated without breaking the answer.</summary>
    static string Copy(string? found)
    {
        var copy = found ?? "";
        return copy.Length > CopyMax || copy.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "" : copy.Trim();
    }
}
