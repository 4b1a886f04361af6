using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Follows the headers and trailers of an interchange: opens and closes its levels, checks counts and references,
/// and closes what a missing trailer left open, so that one fault stays one finding.
/// </summary>
sealed class Envelope(SegmentReader segments, Place place)
{
    readonly References interchanges = new();
    readonly References groups = new();
    readonly References messages = new();
    MessageInfo? lastMessage;
    int messageCount;
    int bareMessages;
    bool outsideReported;
    bool mixReported;
    bool typesReported;
    bool closing;
    string? groupType;

    public InterchangeInfo? Interchange { get; private set; }

    public GroupInfo? Group { get; private set; }

    public MessageInfo? Message { get; private set; }

    /// <summary>True when the event was made up because its segment is missing.</summary>
    public bool Implied { get; private set; }

    /// <summary>True when the current segment has still to be dealt with after the event.</summary>
    public bool Again { get; private set; }

    /// <summary>True when the missing trailers that the last implied ends stand for were forgiven.</summary>
    public bool TrailerForgiven { get; private set; }

    Standard Standard => segments.Header!.Standard;

    /// <summary>Forgets the level whose end was the last event.</summary>
    public void Leave(EdiEvent ended)
    {
        if (ended == EdiEvent.MessageEnd)
        {
            Message = null;
            place.Message = place.Segment = 0;
        }
        else if (ended == EdiEvent.GroupEnd)
        {
            Group = null;
            place.BeginGroup(0);
        }
        else if (ended == EdiEvent.InterchangeEnd)
        {
            Interchange = null;
        }
    }

    /// <summary>Deals with a segment that is no plain part of a message; returns the event it makes, or none.</summary>
    public EdiEvent Take()
    {
        Implied = Again = false;
        var service = segments.Service;
        if (Interchange is null)
            return IsForeign(service) ? EdiEvent.None : BeginInterchange(service);
        if (service is not (Service.None or Service.Binary))
            outsideReported = false;
        return service switch
        {
            Service.InterchangeHeader => segments.StartsInterchange() ? RestartInterchange() : Plain(),
            Service.GroupHeader => CloseFor(group: true) is var closed and not EdiEvent.None ? closed : BeginGroup(),
            Service.MessageHeader => CloseFor(group: false) is var closed and not EdiEvent.None ? closed : BeginMessage(),
            Service.MessageTrailer => EndMessage(),
            Service.GroupTrailer => EndGroup(),
            Service.InterchangeTrailer => CloseFor(group: true) is var closed and not EdiEvent.None ? closed : EndInterchange(),
            Service.InterchangeAcknowledgement when Message is null => Acknowledgement(),
            Service.InterchangeCompanion when Message is null => Companion(),
            _ => Plain(),
        };
    }

    EdiEvent Plain()
    {
        if (Message is not null)
            return EdiEvent.Segment;
        if (!outsideReported)
            Report(Codes.SegmentOutsideMessage, Severity.Error,
                $"The segment {Tag} stands outside any {EnvelopeLevel.Message(Standard).Name}; it and those after it are skipped.",
                "Ask the partner to send it within a message; a header or trailer may be in the wrong place.", Tag,
                Standard == Standard.Edifact ? "33" : "TA105:024");
        outsideReported = true;
        return EdiEvent.None;
    }

    string Tag => Encoding.UTF8.GetString(segments.Segment.Tag);

    EdiEvent Acknowledgement()
    {
        Interchange!.HasAcknowledgement = true;
        return EdiEvent.InterchangeAcknowledgement;
    }

    EdiEvent Companion()
    {
        var segment = segments.Segment;
        // X12.6 from version 00704: ISX01 announces a release character.
        if (segment.Tag.SequenceEqual("ISX"u8) && string.CompareOrdinal(Interchange!.SyntaxVersion, "00704") >= 0
            && segment.Value(1) is [var release] && !Header.IsLetterOrDigit(release) && !segments.Header!.IsService(release))
            segments.Release(release);
        return EdiEvent.None;
    }

    /// <summary>
    /// True where a UNA was followed by nothing that could be read, and then by the header of an interchange with other service characters:
    /// what was begun with that UNA is none.
    /// </summary>
    bool IsForeign(Service service)
    {
        if (service != Service.InterchangeHeader || !segments.Header!.Implied || segments.Segment.Marks.Length > 1)
            return false;
        place.TakeBackInterchange();
        segments.EndInterchangeBefore();
        return true;
    }

    EdiEvent BeginInterchange(Service service)
    {
        var implied = service != Service.InterchangeHeader;
        (bareMessages, outsideReported, mixReported, closing) = (0, false, false, false);
        groups.Clear();
        messages.Clear();
        Interchange = HeaderValues.Interchange(implied ? default : segments.Segment, segments.Header!, place.Interchange,
            segments.Charset.Name, segments.HeaderOffset, implied ? LineBreak.None : segments.LineBreakBehind);
        var level = EnvelopeLevel.Interchange(Standard);
        if (implied)
        {
            Implied = Again = true;
            place.Report(Codes.InterchangeHeaderMissing, Severity.Error, segments.Offset,
                $"The file starts without the interchange header {level.Header}, so its sender is unknown.",
                "Ask the partner to send whole interchanges.", Tag, level.Header, level.Header);
        }
        else if (!interchanges.Add($"{Interchange.Sender.Qualifier}:{Interchange.Sender.Id}:{Interchange.Recipient.Id}:{Interchange.Reference}"))
        {
            Report(Codes.InterchangeDuplicate, Severity.Error,
                $"The interchange reference {Brief(Interchange.Reference)} of {Brief(Interchange.Sender.Id)} was already used in this file.",
                "Ask the partner whether the interchange was sent twice.", Interchange.Reference,
                Standard == Standard.Edifact ? "26" : "TA105:025");
        }
        return EdiEvent.InterchangeStart;
    }

    EdiEvent BeginGroup()
    {
        Interchange!.Groups++;
        place.BeginGroup(Interchange.Groups);
        Group = HeaderValues.Group(segments.Segment, Standard, Interchange.Groups);
        messages.Clear();
        groupType = null;
        typesReported = false;
        if (!groups.Add(Group.Reference))
            Report(Codes.GroupDuplicate, Severity.Error, $"The group reference {Brief(Group.Reference)} was already used in this interchange.",
                "Ask the partner to number groups uniquely.", Group.Reference, Standard == Standard.Edifact ? "26" : "AK905:19");
        CheckMixture(bareMessages > 0);
        return EdiEvent.GroupStart;
    }

    EdiEvent BeginMessage()
    {
        Interchange!.Messages++;
        if (Group is null)
            bareMessages++;
        else
            Group.Messages++;
        place.Message = ++messageCount;
        place.Segment = 1;
        Message = lastMessage = HeaderValues.Message(segments.Segment, Standard, Group, messageCount, segments.Offset, lastMessage);
        Message.Refused = place.Refusal;
        var level = EnvelopeLevel.Message(Standard);
        if (!messages.Add(Message.Reference))
            Report(Codes.MessageDuplicate, Severity.Error,
                $"The {level.Name} reference {Brief(Message.Reference)} was already used in this {(Group is null ? "interchange" : "group")}.",
                "Ask the partner to number messages uniquely.", Message.Reference, Standard == Standard.Edifact ? "26" : "AK502:23",
                Standard == Standard.Edifact ? 1 : 2);
        if (Standard == Standard.Edifact)
            CheckType();
        else if (Group is null && !segments.Header!.Implied)
            Report(Codes.GroupHeaderMissing, Severity.Error, "A transaction set stands outside a functional group.",
                "Ask the partner to send a GS segment before it.", null, "TA105:024");
        return EdiEvent.MessageStart;
    }

    void CheckType()
    {
        CheckMixture(Group is null && Interchange!.Groups > 0);
        if (Group is null)
            return;
        groupType ??= Message!.Type;
        if (groupType != Message!.Type && !typesReported)
        {
            typesReported = true;
            Report(Codes.MessageTypesMixed, Severity.Error, $"A group of {Brief(groupType)} holds a message of type {Brief(Message.Type)}.",
                "Ask the partner to send one type of message in a group.", Message.Type, "31", 2);
        }
    }

    void CheckMixture(bool mixed)
    {
        if (Standard != Standard.Edifact || !mixed || mixReported)
            return;
        mixReported = true;
        Report(Codes.GroupsAndMessagesMixed, Severity.Error, "The interchange holds messages both in groups and outside them.",
            "Ask the partner to put all messages in groups, or none.", null, "30");
    }

    /// <summary>Closes, before a header or trailer of an outer level, what is still open inside; none when nothing is.</summary>
    EdiEvent CloseFor(bool group)
    {
        if (Message is null && (Group is null || !group))
        {
            closing = false;
            return EdiEvent.None;
        }
        return CloseInner(reach: group && Group is not null ? 1 : 0, before: 1);
    }

    EdiEvent RestartInterchange()
    {
        var closed = CloseInner(reach: 2, before: 1);
        if (closed == EdiEvent.InterchangeEnd)
        {
            segments.EndInterchangeBefore();
            Again = false;
        }
        return closed;
    }

    /// <summary>At the end of the file: closes one level after the other, then returns none.</summary>
    public EdiEvent Finish()
    {
        if (Interchange is null)
            return EdiEvent.None;
        Implied = true;
        var onlyImplied = Message is null && Group is null && segments.Header!.Implied;
        if (!closing)
            TrailerForgiven = !segments.CutOff && !onlyImplied && EndEarly() < Severity.Error;
        closing = true;
        return Close(before: 0);
    }

    Severity EndEarly()
    {
        var missing = Missing(reach: 2);
        return place.Report(Codes.FileEndsEarly, Severity.Error, segments.End, $"The file ends, but {missing} {(missing.Length > 3 ? "are" : "is")} missing.",
            "Ask the partner to send the whole file again.", "end of file", missing,
            acknowledgement: EnvelopeLevel.Interchange(Standard).MissingAcknowledgement);
    }

    EdiEvent CloseInner(int reach, int before)
    {
        Implied = Again = true;
        if (!closing)
        {
            var level = reach == 2 ? EnvelopeLevel.Interchange(Standard) : reach == 1 ? EnvelopeLevel.Group(Standard) : EnvelopeLevel.Message(Standard);
            var missing = Missing(reach);
            place.Segment = Math.Max(place.Segment - before, 0);
            var severity = Report(level.MissingCode, Severity.Error, $"{Tag} comes, but {missing} before it {(missing.Length > 3 ? "are" : "is")} missing.",
                "Ask the partner to send the trailers; a part of the file may be lost.", Tag, level.MissingAcknowledgement, expected: missing);
            TrailerForgiven = severity < Severity.Error;
            place.Segment += Message is null ? 0 : before;
        }
        closing = true;
        return Close(before);
    }

    string Missing(int reach)
    {
        var missing = new List<string>(3);
        if (Message is not null)
            missing.Add(EnvelopeLevel.Message(Standard).Trailer);
        if (Group is not null && reach > 0)
            missing.Add(EnvelopeLevel.Group(Standard).Trailer);
        if (reach > 1)
            missing.Add(EnvelopeLevel.Interchange(Standard).Trailer);
        return string.Join(" and ", missing);
    }

    EdiEvent Close(int before)
    {
        if (Message is not null)
        {
            Message.Segments = place.Segment -= before;
            return EdiEvent.MessageEnd;
        }
        if (Group is not null)
            return EdiEvent.GroupEnd;
        Interchange!.Segments = segments.Segments - before;
        return EdiEvent.InterchangeEnd;
    }

    EdiEvent EndMessage()
    {
        var level = EnvelopeLevel.Message(Standard);
        if (Message is null)
            return Stray(level);
        Message.Segments = place.Segment;
        CheckTrailer(level, Message.Segments, Message.Reference, Severity.Error, numeric: false);
        return EdiEvent.MessageEnd;
    }

    EdiEvent EndGroup()
    {
        var level = EnvelopeLevel.Group(Standard);
        if (Group is null)
            return Stray(level);
        if (CloseFor(group: false) is var closed and not EdiEvent.None)
            return closed;
        var counted = CheckTrailer(level, Group.Messages, Group.Reference, Severity.Error, Standard == Standard.X12);
        if (Group.Messages == 0 && counted)
            Report(Codes.GroupEmpty, Severity.Error, $"The group {Brief(Group.Reference)} holds no {level.Counted}.", "Ask the partner whether something is missing.",
                null, Standard == Standard.Edifact ? "32" : "AK905:5");
        return EdiEvent.GroupEnd;
    }

    EdiEvent EndInterchange()
    {
        var level = EnvelopeLevel.Interchange(Standard);
        var info = Interchange!;
        info.Segments = segments.Segments;
        var x12 = Standard == Standard.X12;
        // TA1 note code 001 accepts the interchange with errors noted, so a wrong IEA02 does not reject.
        var counted = CheckTrailer(level, x12 || info.Groups > 0 ? info.Groups : info.Messages,
            segments.Header!.Implied ? null : info.Reference, x12 ? Severity.Warning : Severity.Error, x12);
        if (info.Groups == 0 && info.Messages == 0 && counted && !info.HasAcknowledgement)
            Report(Codes.InterchangeEmpty, x12 ? Severity.Warning : Severity.Error, "The interchange holds no messages.",
                "Ask the partner whether something is missing.", null, x12 ? "TA105:024" : "32");
        segments.EndInterchange();
        return EdiEvent.InterchangeEnd;
    }

    EdiEvent Stray(EnvelopeLevel level)
    {
        Report(Codes.TrailerWithoutHeader, Severity.Error, $"The trailer {level.Trailer} comes without its header {level.Header}; it was skipped.",
            "Ask the partner to send the file again; a part of it may be lost.", Tag, Standard == Standard.Edifact ? "33" : "TA105:022",
            expected: level.Header);
        return EdiEvent.None;
    }

    /// <summary>Compares count and reference of a trailer; false when the count was wrong.</summary>
    bool CheckTrailer(EnvelopeLevel level, int actual, string? reference, Severity severity, bool numeric)
    {
        var trailer = segments.Segment;
        var right = long.TryParse(trailer.Value(1).TrimEnd((byte)' '), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count == actual;
        if (!right && trailer.Text(1) is var declared)
            Report(level.CountCode, Severity.Error, $"{level.Trailer} counts {Shown(declared)} {level.Counted}, but the {level.Name} has {actual}.",
                "Ask the partner whether something is missing.", declared, level.CountAcknowledgement, 1,
                actual.ToString(CultureInfo.InvariantCulture));
        if (reference is null || Ascii.Equals(trailer.Value(2), reference))
            return right;
        var repeated = trailer.Text(2);
        if (repeated.AsSpan().Trim().SequenceEqual(reference.AsSpan().Trim()))
            return right;
        if (numeric && SameNumber(repeated, reference))
            Report(Codes.ReferencePadding, Severity.Warning, $"{level.Trailer} writes the control number as {Brief(repeated)}, {level.Header} as {Brief(reference)}.",
                "Ask the partner to write both alike.", repeated, null, 2, reference, level.ReferenceAcknowledgement);
        else
            Report(level.ReferenceCode, severity, $"{level.Trailer} has the reference {Shown(repeated)}, but {level.Header} has {Shown(reference)}.",
                "Ask the partner whether parts of two files were mixed.", repeated, level.ReferenceAcknowledgement, 2, reference);
        return right;
    }

    static string Shown(string value) => value.Length == 0 ? "nothing" : $"'{Brief(value)}'";

    static string Brief(string value) => Finding.Cut(value, Limits.QuotedCharsMax);

    static bool SameNumber(string one, string other) =>
        long.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && long.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var b) && a == b;

    Severity Report(
        string code, Severity severity, string message, string? advice, string? found, string? acknowledgement, int element = 0, string? expected = null,
        string? refusedAs = null) =>
        place.Report(code, severity, segments.Offset, message, advice, found, expected, Tag, acknowledgement, element, refusedAs);
}
