using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Write;

/// <content>Headers and trailers.</content>
public sealed partial class EdiWriter
{
    const int NumberBytes = 11;

    /// <summary>Starts an interchange: UNA where it is needed, UNB; or ISA, and ISX where a release character has to be announced.</summary>
    public void BeginInterchange(InterchangeHeading heading)
    {
        StartInterchange();
        if (X12)
            Isa(heading);
        else
            Unb(heading);
    }

    void StartInterchange()
    {
        Expect(!interchange.Open, "The interchange before has not been ended.");
        messagesOfInterchange = 0;
        faults.BeginInterchange();
    }

    void Unb(InterchangeHeading heading)
    {
        UnaIfNeeded();
        Begin("UNB"u8);
        Element(options.SyntaxIdentifier);
        Component(options.Version);
        Party(heading.Sender.Id, heading.Sender.Qualifier);
        Party(heading.Recipient.Id, heading.Recipient.Qualifier);
        Date(heading.Prepared, Four ? "yyyyMMdd" : "yyMMdd");
        Component(heading.Prepared.ToString("HHmm", CultureInfo.InvariantCulture));
        Element(heading.Reference, 14, needed: true);
        interchange.Begin(Encoding.UTF8.GetBytes(heading.Reference));
        Element(heading.Security.Id, 14);
        Component(heading.Security.Qualifier, 2);
        Element(heading.ApplicationReference, 14);
        Element();
        Element(heading.AcknowledgementRequested ? "1"u8 : default);
        Element(heading.Agreement, 35);
        Element(heading.Test ? "1"u8 : default);
        EndSegment();
    }

    void UnaIfNeeded()
    {
        if (options.NeedsUna && !Broken)
            segments.Una();
    }

    bool Four => Parse.EdifactHeader.IsFour(options.Version);

    void Party(string id, string qualifier)
    {
        Element(id, 35, needed: true);
        Component(qualifier, 4);
    }

    void Date(DateTime date, string format) => Element(date.ToString(format, CultureInfo.InvariantCulture));

    void Isa(InterchangeHeading heading)
    {
        var d = options.Service;
        Begin("ISA"u8);
        Fixed(heading.Authorization.Qualifier, 2);
        Fixed(heading.Authorization.Id, 10);
        Fixed(heading.Security.Qualifier is { Length: > 0 } security ? security : "00", 2);
        Fixed(heading.Security.Id, 10);
        Fixed(heading.Sender.Qualifier, 2);
        Fixed(heading.Sender.Id, 15);
        Fixed(heading.Recipient.Qualifier, 2);
        Fixed(heading.Recipient.Id, 15);
        Fixed(heading.Prepared.ToString("yyMMdd", CultureInfo.InvariantCulture), 6);
        Fixed(heading.Prepared.ToString("HHmm", CultureInfo.InvariantCulture), 4);
        ShowRepetition(d.Repetition == 0 ? (byte)'U' : d.Repetition);
        Fixed(options.Version, 5);
        ControlNumber(Encoding.UTF8.GetBytes(heading.Reference));
        Fixed(heading.AcknowledgementRequested ? "1" : "0", 1);
        Fixed(heading.Test ? "T" : "P", 1);
        EndIsa();
    }

    void Fixed(string value, int width) => segments.Fixed(Encoding.UTF8.GetBytes(value), width);

    void ShowRepetition(byte shown)
    {
        segments.Element();
        segments.Separate();
        segments.Raw([shown]);
    }

    /// <summary>ISA13, which IEA02 repeats as it stands here.</summary>
    void ControlNumber(ReadOnlySpan<byte> reference)
    {
        Span<byte> digits = stackalloc byte[9];
        segments.Fixed(reference, digits.Length, digits: true);
        if (reference.IsEmpty || reference.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            faults.Invalid(reference, "digits");
        digits.Fill((byte)'0');
        var length = Math.Min(reference.Length, digits.Length);
        reference[..length].CopyTo(digits[^length..]);
        interchange.Begin(digits);
    }

    void EndIsa()
    {
        segments.ShowComponent();
        EndSegment(keepBlank: true);
        if (options.Service.Release == 0)
            return;
        Begin("ISX"u8);
        ShowRepetition(options.Service.Release);
        EndSegment(keepBlank: true);
    }

    /// <summary>Starts a group: UNG or GS.</summary>
    public void BeginGroup(GroupHeading heading)
    {
        StartGroup();
        Span<byte> ordinal = stackalloc byte[NumberBytes];
        var reference = heading.Reference is { } own ? Encoding.UTF8.GetBytes(own) : Number(interchange.Count, ordinal);
        if (X12)
            Gs(heading, reference);
        else
            Ung(heading, reference);
        group.Begin(reference);
        EndSegment();
    }

    void StartGroup()
    {
        EndSegment();
        Expect(interchange.Open, "No interchange is open.");
        Expect(!group.Open && !message.Open, "The group or message before has not been ended.");
        faults.Group = ++interchange.Count;
    }

    void Gs(GroupHeading heading, ReadOnlySpan<byte> reference)
    {
        Begin("GS"u8);
        Element(heading.Code, 2, needed: true);
        Element(heading.Sender.Id, 15, needed: true);
        Element(heading.Recipient.Id, 15, needed: true);
        // Eight digits from version 4 on.
        Date(heading.Prepared, string.CompareOrdinal(heading.Release, "004") < 0 ? "yyMMdd" : "yyyyMMdd");
        Element(heading.Prepared.ToString("HHmm", CultureInfo.InvariantCulture));
        Reference(reference, 1, 9);
        if (reference.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            faults.Invalid(reference, "digits");
        Element(heading.Agency, 2, needed: true);
        Element(heading.Release, 12, needed: true);
    }

    void Ung(GroupHeading heading, ReadOnlySpan<byte> reference)
    {
        Begin("UNG"u8);
        Element(heading.Code, 6, needed: true);
        Party(heading.Sender.Id, heading.Sender.Qualifier);
        Party(heading.Recipient.Id, heading.Recipient.Qualifier);
        Date(heading.Prepared, Four ? "yyyyMMdd" : "yyMMdd");
        Component(heading.Prepared.ToString("HHmm", CultureInfo.InvariantCulture));
        Reference(reference, 1, 14);
        Element(heading.Agency, 3, needed: true);
        Element(heading.Version, 3, needed: true);
        Component(heading.Release, 3);
        Component(heading.Association, 6);
    }

    /// <summary>Starts a message: UNH or ST.</summary>
    public void BeginMessage(MessageHeading heading)
    {
        StartMessage();
        Expect(!X12 || group.Open, "A transaction set stands in a group.");
        Span<byte> ordinal = stackalloc byte[NumberBytes];
        var reference = heading.Reference is { } own ? Encoding.UTF8.GetBytes(own)
            : X12 ? Number(group.Count, ordinal, width: 4) : Number(messagesOfInterchange, ordinal);
        message.Begin(reference);
        if (X12)
        {
            Begin("ST"u8);
            Element(heading.Type, 3, needed: true);
            Reference(reference, 4, 9);
            Element(heading.Association, 35);
        }
        else
        {
            Begin("UNH"u8);
            Reference(reference, 1, 14);
            Element(heading.Type, 6, needed: true);
            Component(heading.Version, 3);
            Component(heading.Release, 3);
            Component(heading.Agency, 3);
            Component(heading.Association, 6);
        }
        EndSegment();
    }

    void StartMessage()
    {
        EndSegment();
        Expect(interchange.Open, "No interchange is open.");
        Expect(!message.Open, "The message before has not been ended.");
        faults.Message++;
        messagesOfInterchange++;
        if (group.Open)
            group.Count++;
    }

    void Element(string value, int max, bool needed = false)
    {
        Element(value);
        Check(value, max, needed);
    }

    void Component(string value, int max)
    {
        Component(value);
        Check(value, max, needed: false);
    }

    void Check(string value, int max, bool needed)
    {
        if (value.Length > max)
            faults.TooLong(Encoding.UTF8.GetBytes(value), max);
        if (needed && value.Length == 0)
            faults.Invalid(default, "a value that identifies it");
    }

    void Reference(ReadOnlySpan<byte> reference, int min, int max)
    {
        Element(reference);
        if (reference.Length > max)
            faults.TooLong(reference, max);
        if (reference.Length < min)
            faults.Invalid(reference, $"{min} to {max} characters");
    }

    /// <summary>Ends the message with UNT or SE: the number of its segments, and its reference.</summary>
    public void EndMessage()
    {
        Expect(message.Open, "No message is open.");
        EndSegment();
        Trailer(X12 ? "SE"u8 : "UNT"u8, message, message.Count + 1, X12 || Four ? 10 : 6);
    }

    /// <summary>Ends the group with UNE or GE: the number of its messages, and its reference.</summary>
    public void EndGroup()
    {
        Expect(group.Open && !message.Open, "No group is open, or a message in it.");
        Trailer(X12 ? "GE"u8 : "UNE"u8, group, group.Count, 6);
        faults.Group = 0;
    }

    /// <summary>Ends the interchange with UNZ or IEA, and puts it out: the number of its groups (EDIFACT without groups: messages), and its reference.</summary>
    public void EndInterchange()
    {
        EndSegment();
        Expect(interchange.Open && !group.Open && !message.Open, "No interchange is open, or a group or message in it.");
        var count = X12 || interchange.Count > 0 ? interchange.Count : messagesOfInterchange;
        Trailer(X12 ? "IEA"u8 : "UNZ"u8, interchange, count, X12 ? 5 : 6);
        segments.Flush();
    }

    void Trailer(ReadOnlySpan<byte> tag, Level level, int count, int digits)
    {
        Begin(tag);
        Span<byte> number = stackalloc byte[NumberBytes];
        var text = Number(count, number);
        Element(text);
        if (text.Length > digits)
            faults.CountTooLong(count, digits);
        Element(level.Reference);
        EndSegment();
        level.End();
        faults.Segment = 0;
    }
}
