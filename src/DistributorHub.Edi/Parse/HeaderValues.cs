using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>Reads what the header segments of an envelope say.</summary>
static class HeaderValues
{
    public static string Text(this Segment segment, int element, int component = 1) =>
        Encoding.UTF8.GetString(segment.Value(element, component)).TrimEnd(' ');

    /// <summary>The same, but the text at hand where it is equal: messages of an interchange mostly say the same of themselves.</summary>
    static string Text(this Segment segment, int element, int component, string? atHand) =>
        atHand is not null && Ascii.Equals(segment.Value(element, component), atHand) ? atHand : segment.Text(element, component);

    public static InterchangeInfo Interchange(Segment segment, Header header, int ordinal, string charset, long offset, LineBreak lineBreak) =>
        header.Standard == Standard.X12
            ? X12(segment, header, ordinal, charset, offset, lineBreak)
            : Edifact(segment, header, ordinal, charset, offset, lineBreak);

    static InterchangeInfo Edifact(Segment unb, Header header, int ordinal, string charset, long offset, LineBreak lineBreak) => new()
    {
        Ordinal = ordinal,
        Standard = Standard.Edifact,
        SyntaxIdentifier = header.SyntaxIdentifier,
        SyntaxVersion = header.SyntaxVersion,
        Sender = new(unb.Text(2), unb.Text(2, 2)),
        Recipient = new(unb.Text(3), unb.Text(3, 2)),
        Date = Date(unb.Text(4)),
        Time = Time(unb.Text(4, 2)),
        Reference = unb.Text(5),
        ApplicationReference = unb.Text(7),
        AcknowledgementRequested = unb.Text(9) == "1",
        Test = unb.Text(11) == "1",
        Delimiters = header.Delimiters,
        EitherDecimalMark = header.Prefix == 0 || header.Delimiters.Decimal == 0 || header.SyntaxVersion.StartsWith('4'),
        Charset = charset,
        HasUna = header.Prefix > 0,
        LineBreak = lineBreak,
        Offset = offset,
    };

    static InterchangeInfo X12(Segment isa, Header header, int ordinal, string charset, long offset, LineBreak lineBreak) => new()
    {
        Ordinal = ordinal,
        Standard = Standard.X12,
        SyntaxVersion = header.SyntaxVersion,
        Sender = new(isa.Text(6), isa.Text(5)),
        Recipient = new(isa.Text(8), isa.Text(7)),
        Date = Date(isa.Text(9)),
        Time = Time(isa.Text(10)),
        Prepared = (isa.Text(9), isa.Text(10)),
        Reference = isa.Text(13),
        AcknowledgementRequested = isa.Text(14) == "1",
        Test = isa.Text(15) == "T",
        Delimiters = header.Delimiters,
        TerminatorLead = header.TerminatorLead,
        ComponentLead = header.ComponentLead,
        Charset = charset,
        LineBreak = lineBreak,
        Offset = offset,
    };

    public static GroupInfo Group(Segment segment, Standard standard, int ordinal) => standard == Standard.X12
        ? new()
        {
            Ordinal = ordinal,
            Code = segment.Text(1),
            Sender = segment.Text(2),
            Recipient = segment.Text(3),
            Date = Date(segment.Text(4)),
            Reference = segment.Text(6),
            Agency = segment.Text(7),
            Version = segment.Text(8),
        }
        : new()
        {
            Ordinal = ordinal,
            Code = segment.Text(1),
            Sender = segment.Text(2),
            Recipient = segment.Text(3),
            Date = Date(segment.Text(4)),
            Reference = segment.Text(5),
            Agency = segment.Text(6),
            Version = Release(segment.Text(7), segment.Text(7, 2)),
        };

    static string Release(string version, string release) => release.Length == 0 ? version : $"{version}.{release}";

    /// <param name="before">The message before this one, or null.</param>
    public static MessageInfo Message(Segment segment, Standard standard, GroupInfo? group, int ordinal, long offset, MessageInfo? before) => standard == Standard.X12
        ? new()
        {
            Ordinal = ordinal,
            Type = segment.Text(1, 1, before?.Type),
            // ST03 names the implementation of this set and so is nearer than the group's GS08.
            Release = segment.Text(3) is { Length: > 0 } own ? own : group?.Version ?? "",
            Agency = group?.Agency ?? "",
            Reference = segment.Text(2),
            Offset = offset,
        }
        : new()
        {
            Ordinal = ordinal,
            Type = segment.Text(2, 1, before?.Type),
            Version = segment.Text(2, 2, before?.Version),
            Release = segment.Text(2, 3, before?.Release),
            Agency = segment.Text(2, 4, before?.Agency),
            Association = segment.Text(2, 5, before?.Association),
            Reference = segment.Text(1),
            Offset = offset,
        };

    /// <summary>Dates of envelopes have six digits (ISA09, UNB to syntax 3) or eight; the century of six is the nearer one around 2020.</summary>
    static DateOnly? Date(string text)
    {
        if (text.Length == 6)
            text = (text[0] >= '7' ? "19" : "20") + text;
        return DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    static TimeOnly? Time(string text) =>
        text.Length >= 4 && TimeOnly.TryParseExact(text[..4], "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
