namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Codes of 997 and 999. A finding's code names the element it is for: AK304, AK403, AK502 and AK905 hold for both sets; IK304, IK403 and
/// IK502 are the additional ones that only 999 has, for what a partner's guide asks beyond the standard.
/// </summary>
sealed class X12Codes(bool implementation, string version)
{
    /// <summary>What 997 says in place of an additional code.</summary>
    static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        ["304:I4"] = "2",
        ["304:I6"] = "3",
        ["304:I7"] = "3",
        ["304:I8"] = "3",
        ["304:I9"] = "2",
        ["403:I6"] = "7",
        ["403:I9"] = "2",
        ["403:I10"] = "3",
        ["403:I11"] = "1",
        ["403:I12"] = "6",
        ["403:I13"] = "10",
        ["502:I5"] = "5",
        ["502:I6"] = "1",
    };

    readonly bool isNewer = From5010(version);

    // The list of IK502 has I5 in 007020, and not in 005010.
    readonly bool hasGuideSegments = implementation && string.CompareOrdinal(version, "007020") >= 0;

    /// <summary>True from release 005010 on.</summary>
    public static bool From5010(string version) => string.CompareOrdinal(version, "005010") >= 0;

    public string? Segment(Finding finding) => Of(finding, "304:");

    public string? Element(Finding finding) => (isNewer, finding.Code) switch
    {
        (true, Codes.RepetitionsTooMany) => "12",
        (true, Codes.ComponentsTooMany or Codes.CompositeUnexpected) => "13",
        _ => Of(finding, "403:"),
    };

    public string? Set(Finding finding) => Of(finding, "502:") is { } code ? code == "I5" && !hasGuideSegments ? "5" : code : null;

    public static string? Group(Finding finding) => Behind(finding, "AK905:");

    /// <summary>TA105.</summary>
    public static string? Interchange(Finding finding) => Behind(finding, "TA105:");

    static string? Behind(Finding finding, string element) =>
        finding.Acknowledgement is { } code && code.StartsWith(element, StringComparison.Ordinal) ? code[element.Length..] : null;

    /// <summary>True for what AK2 to AK5 speak of.</summary>
    public static bool IsOfSet(Finding finding) =>
        finding.Acknowledgement is { } code && code[1..].StartsWith('K') && code[2..] is ['3' or '4' or '5', ..];

    /// <summary>What IK502 or AK502 says of a segment in error: 5, or I5 for what is wrong by the partner's guide and not by the standard.</summary>
    public string SegmentInError(Finding finding) => hasGuideSegments && finding.Acknowledgement is ['I', 'K', ..] ? "I5" : "5";

    string? Of(Finding finding, string element)
    {
        if (finding.Acknowledgement is not { } code || code.Length < 7 || !code.AsSpan(2).StartsWith(element))
            return null;
        return code[0] == 'I' && !implementation ? Plain.GetValueOrDefault(code[2..]) : code[6..];
    }
}
