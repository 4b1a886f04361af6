using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Rewrites the segments that are not already clean ASCII: release characters and line breaks go, characters become UTF-8.
/// </summary>
sealed class SegmentCleaner(Place place)
{
    static ReadOnlySpan<byte> Replacement => [0xEF, 0xBF, 0xBD];

    Header header = null!;
    Charset charset = Charset.Ascii;
    byte[] text = new byte[1024];
    int length;

    // Where the text and the file run apart: from a text index on, how many bytes the file is ahead.
    int[] shiftIndex = new int[16];
    int[] shiftBytes = new int[16];
    int shifts;
    bool? utf8;

    public byte[] Text => text;

    public int Length => length;

    public void Configure(Header header, Charset charset) => (this.header, this.charset) = (header, charset);

    /// <summary>Bytes the file is ahead of the start of the segment plus an index in its text.</summary>
    public int ShiftAt(int index)
    {
        for (var i = shifts - 1; i >= 0; i--)
            if (shiftIndex[i] <= index)
                return shiftBytes[i];
        return 0;
    }

    /// <summary>Cleans one segment.</summary>
    /// <param name="raw">The buffer.</param>
    /// <param name="start">Start of the segment.</param>
    /// <param name="end">Its terminator.</param>
    /// <param name="packed">Its marks, counted from the start of the buffer.</param>
    /// <param name="specials">The bytes that need care, from the first one in the segment on.</param>
    /// <param name="origin">Offset in the file of the start of the buffer.</param>
    /// <param name="to">The marks of the clean text.</param>
    public void Clean(byte[] raw, int start, int end, ReadOnlySpan<Mark> packed, ReadOnlySpan<int> specials, long origin, Mark[] to)
    {
        // UTF-8 takes at most three bytes for one byte of a single-byte set or one broken byte.
        if (text.Length < 3 * (end - start) + InputBuffer.Padding)
            text = new byte[3 * (end - start) + InputBuffer.Padding];
        length = 0;
        shifts = 0;
        utf8 = null;
        var at = start;
        var mark = 0;
        var literal = -1;
        foreach (var special in specials)
        {
            if (special >= end)
                break;
            if (special < at)
                continue;
            mark = Copy(raw, start, at, special, packed, mark, to);
            at = special + Take(raw, special, start, end, ref literal, packed[mark..], origin);
            if (at - start != length + ShiftAt(length))
                Shift(at - start - length);
        }
        Copy(raw, start, at, end, packed, mark, to);
        to[packed.Length - 1] = new(length, MarkKind.Terminator);
    }

    int Copy(byte[] raw, int start, int from, int until, ReadOnlySpan<Mark> packed, int mark, Mark[] to)
    {
        raw.AsSpan(from, until - from).CopyTo(text.AsSpan(length));
        for (; mark < packed.Length && packed[mark].End < until; mark++)
            to[mark] = new(packed[mark].End - from + length, packed[mark].Kind);
        length += until - from;
        return mark;
    }

    void Shift(int bytes)
    {
        if (shifts == shiftIndex.Length)
        {
            Array.Resize(ref shiftIndex, 2 * shifts);
            Array.Resize(ref shiftBytes, 2 * shifts);
        }
        shiftIndex[shifts] = length;
        shiftBytes[shifts++] = bytes;
    }

    /// <summary>Writes what one byte that needs care stands for; returns how many bytes of the file it took.</summary>
    int Take(byte[] raw, int at, int start, int end, ref int literal, ReadOnlySpan<Mark> following, long origin)
    {
        var character = raw[at];
        if (character == header.Delimiters.Release && character != 0 && at != literal)
        {
            literal = Released(raw, at, end, origin);
            return 1;
        }
        if (character >= 0x80)
            return TakeHigh(raw, at, start, end, following, origin);
        if (character is (byte)'\r' or (byte)'\n' && at != literal)
        {
            if (place.First(Habit.LineBreakInSegment))
                place.Report(Codes.LineBreakInSegment, Severity.Warning, origin + at,
                    "A line break stands inside a segment; it was removed. Further ones are not reported one by one.",
                    "Ask the partner not to wrap lines.", "line break", acknowledgement: header.Standard == Standard.Edifact ? "21" : null);
            return 1;
        }
        // ISX announces the release character, which may be one.
        if (character < 0x20 && !raw.AsSpan(start).StartsWith("ISX"u8) && place.First(Habit.ControlCharacter))
            place.Report(Codes.ControlCharacter, Severity.Warning, origin + at,
                $"The control character {Header.Show(character)} stands in the data; it was kept. Further ones are not reported one by one.",
                "Ask the partner what it means; it usually is rubbish.", Header.Show(character),
                acknowledgement: header.Standard == Standard.Edifact ? "21" : "AK403:6");
        text[length++] = character;
        return 1;
    }

    /// <summary>Position of the character that a release character protects.</summary>
    int Released(byte[] raw, int at, int end, long origin)
    {
        var next = at + 1;
        while (next < end && raw[next] is (byte)'\r' or (byte)'\n' && !header.IsService(raw[next]))
            next++;
        var d = header.Delimiters;
        var character = raw[next];
        var needed = next < end && (character == d.Element || character == d.Component || character == d.Terminator
            || character == d.Release || character == d.Repetition);
        if (!needed && place.First(Habit.ReleaseNeedless))
            place.Report(Codes.ReleaseNeedless, Severity.Warning, origin + at,
                $"The release character {Header.Show(d.Release)} stands before {Header.Show(character)}, which needs none; it was removed. Further ones are not reported one by one.",
                $"To send a {Header.Show(d.Release)}, the partner has to write it twice.", Header.Show(character),
                acknowledgement: header.Standard == Standard.Edifact ? "20" : null);
        return next;
    }

    int TakeHigh(byte[] raw, int at, int start, int end, ReadOnlySpan<Mark> following, long origin)
    {
        if (header.TerminatorLead.Length + header.ComponentLead.Length > 0 && LeadsDelimiter(raw, at, following) is var lead and > 0)
            return lead;
        utf8 ??= IsUtf8(raw.AsSpan(start, end - start), at - start, origin + start);
        if (utf8.Value)
            return TakeUtf8(raw, at, Math.Min(end, following[0].End), origin);
        var set = charset.IsUtf8 || charset.Undeclared ? Charset.Latin1 : charset;
        if (raw[at] < 0xA0 && set.HasUpperControls && place.First(Habit.UpperControl))
            place.Report(Codes.ControlCharacter, Severity.Warning, origin + at,
                $"The byte {Header.Show(raw[at])} is a control character in {set.Name}; it was kept. Further ones are not reported one by one.",
                "The partner probably writes windows-1252: set that as the partner's character set.", Header.Show(raw[at]), set.Name,
                acknowledgement: header.Standard == Standard.Edifact ? "21" : "AK403:6");
        var written = set.Decode(raw[at], text.AsSpan(length));
        if (written == 0)
            Broken(raw, at, origin, set.Name);
        length += written;
        return 1;
    }

    int TakeUtf8(byte[] raw, int at, int end, long origin)
    {
        if (Rune.DecodeFromUtf8(raw.AsSpan(at, end - at), out _, out var bytes) == OperationStatus.Done)
        {
            raw.AsSpan(at, bytes).CopyTo(text.AsSpan(length));
            length += bytes;
            return bytes;
        }
        Broken(raw, at, origin, Charset.Utf8.Name);
        return bytes;
    }

    void Broken(byte[] raw, int at, long origin, string set)
    {
        place.Report(Codes.CharacterInvalid, Severity.Error, origin + at,
            $"The byte {Header.Show(raw[at])} is no character of {set}; it was replaced.",
            "Ask the partner which character set they send, and set it as the partner's character set.", Header.Show(raw[at]), set,
            acknowledgement: header.Standard == Standard.Edifact ? "21" : "AK403:6");
        Replacement.CopyTo(text.AsSpan(length));
        length += Replacement.Length;
    }

    int LeadsDelimiter(byte[] raw, int at, ReadOnlySpan<Mark> following)
    {
        var end = following[0].End;
        var lead = raw[end] == header.Delimiters.Terminator ? header.TerminatorLead
            : raw[end] == header.Delimiters.Component ? header.ComponentLead : [];
        return lead.Length > 0 && end - at <= lead.Length ? end - at : 0;
    }

    /// <summary>Whether the bytes from 0x80 of a segment are to be read as UTF-8.</summary>
    /// <param name="raw">The segment.</param>
    /// <param name="first">The first byte from 0x80 in it.</param>
    /// <param name="offset">Offset of the segment in the file.</param>
    bool IsUtf8(ReadOnlySpan<byte> raw, int first, long offset)
    {
        if (charset.IsUtf8)
            return true;
        if (!charset.Undeclared)
        {
            if (!place.Seen(Habit.LooksLikeUtf8) && charset.HasUpperControls && CouldBeUtf8(raw, first) && Utf8.IsValid(raw) && place.First(Habit.LooksLikeUtf8))
                place.Report(Codes.LooksLikeUtf8, Severity.Warning, offset + first,
                    $"The text looks like UTF-8, but the interchange declares {charset.Name}, and was read as that.",
                    "If names look broken, set utf-8 as the partner's character set.", Header.Show(raw[first]), charset.Name);
            return false;
        }
        if (place.First(Habit.OutsideSet))
        {
            var set = header.Standard == Standard.X12 ? "ASCII, the character set of X12" : $"the characters of {header.SyntaxIdentifier}";
            place.Report(Codes.CharacterOutsideSet, Severity.Warning, offset + first,
                $"The byte {Header.Show(raw[first])} is outside {set}. Such text is read as UTF-8 where it is valid UTF-8, else as ISO-8859-1. Further ones are not reported one by one.",
                "Set the partner's character set, so that nothing has to be guessed.", Header.Show(raw[first]), "ASCII",
                acknowledgement: header.Standard == Standard.Edifact ? "21" : "AK403:6");
        }
        return Utf8.IsValid(raw);
    }

    /// <summary>Tells most text of single-byte sets apart by its first character, without a look at the rest.</summary>
    static bool CouldBeUtf8(ReadOnlySpan<byte> raw, int first) =>
        raw[first] is >= 0xC2 and < 0xF5 && first + 1 < raw.Length && raw[first + 1] is >= 0x80 and < 0xC0;
}
