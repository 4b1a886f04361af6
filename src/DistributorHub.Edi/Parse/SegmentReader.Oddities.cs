using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Parse;

/// <content>Segments that are not as they should be, and binary ones.</content>
sealed partial class SegmentReader
{
    // Offset of a binary segment whose length proved wrong, so that it is read as text.
    long binaryAsText = -1;

    bool TakeUnusual(int end)
    {
        if (end - terminatorLead > start)
        {
            // Of another interchange, the terminator of this one is no measure.
            if (Segments > 0 && StartsInterchange())
                return TakeForeignHeader();
            TooLong(start);
            return false;
        }
        if (place.First(Habit.SegmentEmpty))
            place.Report(Codes.SegmentEmpty, Severity.Warning, Offset,
                "A segment terminator stands where a segment should start; it was skipped. Further ones are not reported one by one.",
                "Ask the partner to send one terminator after each segment.", Header.Show(buffer.Bytes[end]));
        return false;
    }

    void TooLong(int at)
    {
        CutOff = true;
        place.Report(Codes.SegmentTooLong, Severity.Fatal, buffer.Origin + at,
            $"A segment is longer than {segmentBytesMax} bytes; its terminator {Header.Show(Header!.Delimiters.Terminator)} is probably missing. Reading stopped here.",
            "Ask the partner to send the file again.", Encoding.Latin1.GetString(buffer.Bytes, at, Math.Min(40, buffer.Count - at)),
            Header.Show(Header.Delimiters.Terminator), acknowledgement: Header.Standard == Standard.Edifact ? "47" : "TA105:022");
    }

    bool TakeTooWide(int count)
    {
        Count();
        place.Report(Codes.SegmentTooWide, Severity.Error, Offset,
            $"A segment has {count} elements and components, more than the {Limits.SegmentMarksMax} that are read; it was skipped.",
            "Ask the partner what the segment means.", count.ToString(CultureInfo.InvariantCulture), null,
            acknowledgement: Header!.Standard == Standard.Edifact ? "16" : "AK304:8");
        return false;
    }

    void TrailingSeparator()
    {
        if (place.First(Habit.TrailingSeparator))
            place.Report(Codes.TrailingSeparator, Severity.Warning, OffsetOf(textLength - 1),
                "A segment ends with a separator that separates nothing; it was ignored. Further ones are not reported one by one.",
                "Ask the partner to leave out separators at the end of a segment.", tag: Encoding.UTF8.GetString(Segment.Tag),
                acknowledgement: Header!.Standard == Standard.Edifact ? "45" : null);
    }

    void CheckLevelA()
    {
        var content = new ReadOnlySpan<byte>(text, textStart, textLength);
        var lower = content.IndexOfAnyInRange((byte)'a', (byte)'z');
        if (lower < 0)
            return;
        levelA = place.Refuses(Habit.LowerCaseInLevelA);
        if (!place.First(Habit.LowerCaseInLevelA))
            return;
        place.Report(Codes.CharacterOutsideSet, Severity.Warning, OffsetOf(lower),
            "The interchange declares level A (UNOA), which has no lower-case letters; they were kept. Further ones are not reported one by one.",
            "Ask the partner to declare UNOB or UNOC.", ((char)content[lower]).ToString(), "A to Z", acknowledgement: "21");
    }

    /// <summary>Mends a tag in lower case; skips a segment that has none.</summary>
    bool TakeInvalid()
    {
        var tag = Segment.Tag;
        Span<byte> upper = stackalloc byte[3];
        if (tag.Length is 2 or 3)
        {
            for (var i = 0; i < tag.Length; i++)
                upper[i] = (byte)char.ToUpperInvariant((char)tag[i]);
            Service = tags.Of(SegmentTags.Code(upper[..tag.Length]));
        }
        if (Service != Service.Invalid && Header!.Standard == Standard.Edifact == (tag.Length == 3))
            return TakeLowerCase(upper[..tag.Length]);
        if (StartsInterchange())
        {
            TakeHeaderTag();
            return true;
        }
        var shown = Encoding.UTF8.GetString(tag[..Math.Min(tag.Length, Limits.QuotedCharsMax)]);
        place.Report(Codes.TagInvalid, Severity.Error, Offset,
            $"A segment starts with '{shown}', which is no segment tag; the segment was skipped.",
            "Ask the partner to check the text before: a terminator or a release character is probably missing.", shown,
            Header!.Standard == Standard.Edifact ? "three letters or digits" : "two or three letters or digits",
            acknowledgement: Header.Standard == Standard.Edifact ? "15" : "AK304:1");
        return false;
    }

    bool TakeLowerCase(ReadOnlySpan<byte> upper)
    {
        var shown = Encoding.ASCII.GetString(Segment.Tag);
        if (!cleaned)
            Clean();
        upper.CopyTo(cleaner.Text);
        if (place.First(Habit.TagLowerCase))
            place.Report(Codes.TagLowerCase, Severity.Warning, Offset,
                $"The segment tag '{shown}' is written in lower case; it was read in upper case. Further ones are not reported one by one.",
                "Ask the partner to send tags in upper case.", shown, shown.ToUpperInvariant(), shown,
                Header!.Standard == Standard.Edifact ? "15" : "AK304:1");
        return Service != Service.Binary || TakeBinary();
    }

    /// <summary>
    /// Takes a binary segment: as many raw bytes as its length element says, delimiters or not.
    /// If that does not lead to a terminator, the segment is read again as text.
    /// </summary>
    bool TakeBinary()
    {
        if (Offset == binaryAsText)
            return true;
        var tag = Encoding.ASCII.GetString(Segment.Tag);
        var element = tag == "BIN" ? 1 : 2;
        var mark = Segment.Find(element, 1, 1);
        var digits = Encoding.UTF8.GetString(Segment.Value(element));
        // A number may end with NUL for the parser, and for nobody else.
        if (mark < 0 || Segment.Marks[mark].Kind != MarkKind.Element || digits.EndsWith('\0')
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return TakeBinaryAsText(tag, element, digits, "is no number of bytes");
        if (mark > element)
            return TakeBinaryAsText(tag, element, digits, "stands behind a component separator");
        if (length > Limits.BinaryBytesMax)
        {
            CutOff = true;
            place.Report(Codes.BinaryTooLong, Severity.Fatal, Offset,
                $"A binary element of {length} bytes is longer than the {Limits.BinaryBytesMax} that are read. Reading stopped here.",
                "Ask the partner to send large attachments another way.", digits, null, tag, "AK304:8", element);
            return false;
        }
        var data = Segment.Marks[mark].End + 1;
        // Where a line break was taken out of the segment, the bytes that follow were wrapped as well.
        var wrapped = !buffer.Bytes.AsSpan(start, buffer.Count - start).StartsWith(Segment.Text[..data]);
        var whole = data + (int)length;
        EnsureBehindStart(whole + terminatorLead + 1);
        if (wrapped || !IsTerminator(start + whole))
        {
            return TakeBinaryAsText(tag, element, digits, "does not lead to the end of the segment");
        }
        KeepOwnMarks();
        (text, textStart, textLength, cleaned) = (buffer.Bytes, start, whole, false);
        own[mark + 1] = new(whole, MarkKind.Terminator);
        markCount = mark + 2;
        Reindex(start + whole + terminatorLead + 1);
        return true;
    }

    bool IsTerminator(int at)
    {
        var last = at + terminatorLead;
        return last < buffer.Count && buffer.Bytes[last] == Header!.Delimiters.Terminator
            && buffer.Bytes.AsSpan(at, terminatorLead).SequenceEqual(Header.TerminatorLead);
    }

    void EnsureBehindStart(int bytes)
    {
        if (buffer.Count - start >= bytes || buffer.Ended)
            return;
        // In steps: a length may be announced that no bytes follow.
        do
        {
            buffer.Fill(start, Math.Min(bytes, 2 * (buffer.Count - start)));
            start = 0;
        }
        while (buffer.Count < bytes && !buffer.Ended);
        Reindex(0);
    }

    /// <summary>Goes on reading at another place than the index expects.</summary>
    void Reindex(int at)
    {
        position = at;
        index.Clear();
        next = 0;
    }

    /// <summary>Puts the current segment back.</summary>
    void Untake()
    {
        Reindex(start);
        Segments--;
        if (place.Message != 0)
            place.Segment--;
    }

    bool TakeBinaryAsText(string tag, int element, string found, string fault)
    {
        place.Report(Codes.BinaryLength, Severity.Error, Offset,
            $"The length of the binary element, '{Finding.Cut(found, Limits.QuotedCharsMax)}', {fault}; the segment is read as text.",
            "Ask the partner to send the number of bytes of the binary element.", found, "number of bytes", tag, "AK403:6", element);
        binaryAsText = Offset;
        Untake();
        return false;
    }

    /// <summary>ISA announces its own separators, so nothing in it is split at them but the elements.</summary>
    void Flatten()
    {
        KeepOwnMarks();
        var kept = 0;
        for (var i = 0; i < markCount; i++)
            if (own[i].Kind is MarkKind.Element or MarkKind.Terminator)
                own[kept++] = own[i];
        markCount = kept;
    }

    /// <summary>Makes the marks of the current segment ones that may be changed.</summary>
    void KeepOwnMarks()
    {
        if (marks == own)
            return;
        if (own.Length <= markCount)
            own = new Mark[Limits.SegmentMarksMax + 1];
        Segment.Marks.CopyTo(own);
        (marks, markStart, marksFrom) = (own, 0, 0);
    }

    /// <summary>Takes the tag of a header that starts another interchange, where the terminator of the open one occurs no more.</summary>
    bool TakeForeignHeader()
    {
        Count();
        TakeHeaderTag();
        return true;
    }

    /// <summary>Of a header that starts another interchange nothing but the tag can be told by the service characters of this one.</summary>
    void TakeHeaderTag()
    {
        Service = Service.InterchangeHeader;
        (text, textStart, textLength, cleaned, markCount) = (buffer.Bytes, start, 3, false, 1);
        (marks, markStart, marksFrom) = (own, 0, 0);
        own[0] = new(textLength, MarkKind.Terminator);
    }

    /// <summary>Takes what stands after the last terminator of the file: nothing, a trailer that lacks its terminator, or a torn segment.</summary>
    bool TakeLast()
    {
        start = position;
        if (Segments > 0 && position < buffer.Count && StartsInterchange())
            return TakeForeignHeader();
        var end = buffer.Count;
        if (end - position > segmentBytesMax)
        {
            TooLong(position);
            return false;
        }
        while (end > position && buffer.Bytes[end - 1] is <= (byte)' ' or 0x1A)
            end--;
        if (end == position)
            return false;
        var rest = buffer.Bytes.AsSpan(position, end - position);
        if (rest.StartsWith("UNZ"u8) || rest.StartsWith("IEA"u8))
        {
            var lead = Header!.TerminatorLead;
            lead.CopyTo(buffer.Bytes, end);
            buffer.Bytes[end + lead.Length] = Header.Delimiters.Terminator;
            IndexWindow(position, end + lead.Length + 1);
            if (index.SegmentCount == 1)
            {
                place.Report(Codes.LastTerminatorMissing, Severity.Warning, buffer.Origin + end,
                    "The last segment has no terminator; it was read nevertheless.", "Ask the partner to end every segment with its terminator.",
                    "end of file", Header.Show(Header.Delimiters.Terminator), Encoding.ASCII.GetString(rest[..3]));
                var taken = Take();
                Reindex(buffer.Count);
                return taken;
            }
        }
        CutOff = true;
        var shown = Encoding.Latin1.GetString(rest[..Math.Min(rest.Length, 40)]);
        place.Report(Codes.SegmentCutOff, Severity.Fatal, buffer.Origin + position,
            $"The file ends within a segment, after '{shown}'.", "Ask the partner to send the whole file again.", shown,
            Header.Show(Header!.Delimiters.Terminator), acknowledgement: Header.Standard == Standard.Edifact ? "13" : "TA105:023");
        return false;
    }
}
