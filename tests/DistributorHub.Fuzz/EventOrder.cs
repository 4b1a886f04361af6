using System.Text;
using System.Text.Unicode;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Fuzz;

/// <summary>What holds of the events of every file: each start has its end, places ascend and lie in the file, values are text.</summary>
sealed class EventOrder(long fileLength)
{
    EdiEvent before;
    bool interchange, group, message;
    Position last;

    /// <summary>Looks at the reader's event; says what is wrong with it, or null.</summary>
    public string? Check(EdiReader reader)
    {
        var trouble = Levels(reader) ?? Places(reader) ?? Text(reader);
        before = reader.Event;
        return trouble;
    }

    public string? End() => interchange || group || message ? "the file ended and a level is still open" : null;

    string? Levels(EdiReader reader)
    {
        var holds = reader.Event switch
        {
            EdiEvent.InterchangeStart => !interchange && (interchange = true),
            EdiEvent.InterchangeAcknowledgement => interchange && !message,
            EdiEvent.GroupStart => interchange && !group && !message && (group = true),
            EdiEvent.MessageStart => interchange && !message && (message = true),
            EdiEvent.Segment => message,
            EdiEvent.MessageEnd => message && !(message = false),
            EdiEvent.GroupEnd => group && !message && !(group = false),
            EdiEvent.InterchangeEnd => interchange && !group && !message && !(interchange = false),
            _ => false,
        };
        if (!holds)
            return $"{reader.Event} comes after {before}";
        // A level is at hand up to its own end event.
        var levels = reader.Interchange is not null && (reader.Group is not null) == (group || reader.Event == EdiEvent.GroupEnd)
            && (reader.Message is not null) == (message || reader.Event == EdiEvent.MessageEnd);
        return levels ? null : $"the levels at hand are not those of {reader.Event}";
    }

    string? Places(EdiReader reader)
    {
        var at = reader.Position;
        if (at.Offset < last.Offset || at.Offset > fileLength)
            return $"{reader.Event} at {at.Offset} comes after {last.Offset} in a file of {fileLength} bytes";
        if (at.Interchange < last.Interchange || at.Message != 0 && at.Message < last.Message)
            return $"{at} comes after {last}";
        if ((at.Segment > 0) != (at.Message > 0))
            return $"{at} names a segment without a message, or the other way round";
        last = at;
        return null;
    }

    string? Text(EdiReader reader)
    {
        var segment = reader.Segment;
        if (segment.IsEmpty)
            return null;
        if (segment.Marks.Length > Limits.SegmentMarksMax || segment.Marks[^1].Kind != MarkKind.Terminator || segment.Marks[^1].End != segment.Text.Length)
            return $"the marks of the segment at {reader.Position.Offset} do not end with its text";
        // Where all is ASCII, every value is; of ISA16 and UNA the last byte of a delimiter may be left.
        var asItIs = Ascii.IsValid(segment.Text) || segment.Tag.SequenceEqual("BIN"u8) || segment.Tag.SequenceEqual("BDS"u8) || segment.Tag.SequenceEqual("ISA"u8) || segment.Tag.StartsWith("UNA"u8);
        var from = 0;
        var offset = reader.Position.Offset;
        for (var i = 0; i < segment.Marks.Length; i++)
        {
            var (end, at) = (segment.Marks[i].End, reader.OffsetOf(segment.Marks[i].End));
            if (end < from || at < offset || at > fileLength + 4 || (segment.Marks[i].Kind == MarkKind.Terminator) != (i == segment.Marks.Length - 1))
                return $"mark {i} of the segment at {reader.Position.Offset} is {segment.Marks[i]}, at {at}";
            if (!asItIs && !Utf8.IsValid(segment.Text[from..end]))
                return $"value {i} of the segment at {reader.Position.Offset} is no UTF-8";
            (from, offset) = (end + 1, at + 1);
        }
        return null;
    }
}
