using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Cleans the segments that hold nothing worse than characters of a single-byte set and release characters that are needed.
/// Whatever else needs care is left to <see cref="SegmentCleaner"/>, which has something to say about it.
/// </summary>
sealed unsafe class UsualCleaner
{
    // Two vectors at a time are enough for nearly every segment, and a loop that is never repeated is predicted well.
    const int MarksAtOnce = 16;
    const int BytesAtOnce = 64;

    // The two bytes of UTF-8 for a byte of the character set; 0 = not a usual one.
    readonly ushort[] pairs = new ushort[256];

    // Characters that a release character is needed for.
    readonly bool[] released = new bool[256];
    byte release;

    public void Configure(Header header, Charset charset)
    {
        Array.Clear(pairs);
        Array.Clear(released);
        var d = header.Delimiters;
        release = d.Release;
        // Where delimiters are characters of several bytes, only a part of one may be at hand.
        if (header.TerminatorLead.Length + header.ComponentLead.Length > 0)
            return;
        foreach (var delimiter in (ReadOnlySpan<byte>)[d.Element, d.Component, d.Terminator, d.Release, d.Repetition])
            released[delimiter] = release != 0 && delimiter != 0;
        if (charset.IsUtf8 || charset.Undeclared)
            return;
        Span<byte> character = stackalloc byte[4];
        for (var i = charset.HasUpperControls ? 0xA0 : 0x80; i < 256; i++)
            if (charset.Decode((byte)i, character) == 2)
                pairs[i] = BitConverter.ToUInt16(character);
    }

    /// <summary>True when nothing in the segment needs more care than is taken here.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="specials">Places in the segment that need care, ascending; the last is followed by one behind the terminator.</param>
    /// <param name="end">Place of its terminator.</param>
    public bool IsUsual(byte* bytes, int* specials, int end)
    {
        for (var at = 0; *specials <= end; specials++)
        {
            var special = *specials;
            if (special < at)
                continue;
            byte character = bytes[special], following = bytes[special + 1];
            if (character >= 0x80 && pairs[character] != 0 && following is < 0x80 or >= 0xC0)
                continue;
            if (character != release || !released[following] || special + 1 >= end)
                return false;
            at = special + 2;
        }
        return true;
    }

    /// <summary>Writes the clean text of a usual segment and moves its marks there; returns the place behind the text.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">Where the segment starts in it.</param>
    /// <param name="end">Where its terminator stands.</param>
    /// <param name="specials">As with <see cref="IsUsual"/>.</param>
    /// <param name="marks">Its marks, counted from the start of the buffer.</param>
    /// <param name="markCount">How many they are.</param>
    /// <param name="text">Place in the buffer of room for twice the length, and some more.</param>
    public int Clean(byte* bytes, int start, int end, int* specials, uint* marks, int markCount, int text)
    {
        int at = start, written = text;
        Move(marks, markCount, start - 1, text - start);
        for (; *specials <= end; specials++)
        {
            var special = *specials;
            if (special < at)
                continue;
            Copy(bytes + at, bytes + written, special - at);
            written += special - at;
            if (bytes[special] == release)
            {
                bytes[written] = bytes[special + 1];
                Move(marks, markCount, written, -1);
                written++;
                at = special + 2;
            }
            else
            {
                *(ushort*)(bytes + written) = pairs[bytes[special]];
                Move(marks, markCount, written, 1);
                written += 2;
                at = special + 1;
            }
        }
        Copy(bytes + at, bytes + written, end - at);
        return written + end - at;
    }

    /// <summary>Where in the buffer that stands which an index in the text of a segment cleaned here is about.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">Where the segment starts in it.</param>
    /// <param name="specials">The bytes of the segment that need care, and those behind it.</param>
    /// <param name="textIndex">Index in the clean text.</param>
    public int PlaceOf(byte[] bytes, int start, ReadOnlySpan<int> specials, int textIndex)
    {
        int at = start, written = 0, literal = -1;
        foreach (var special in specials)
        {
            if (special == literal)
                continue;
            if (textIndex < written + special - at)
                break;
            written += special - at;
            at = special;
            if (bytes[special] == release)
            {
                literal = special + 1;
                at++;
                continue;
            }
            if (textIndex < written + 2)
                break;
            written += 2;
            at++;
        }
        return at + textIndex - written;
    }

    /// <summary>Copies in steps; up to one step less a byte too much is read and written, for which both sides have room.</summary>
    static void Copy(byte* from, byte* to, int count)
    {
        for (var i = 0; i < count; i += BytesAtOnce)
            Vector512.Load(from + i).Store(to + i);
    }

    /// <summary>Moves the marks behind a place by some bytes.</summary>
    static void Move(uint* marks, int count, int place, int bytes)
    {
        var steps = Vector512.Create((int)Mark.Step(bytes));
        var places = Vector512.Create((int)(Mark.Step(place) | Mark.KindMask));
        for (var i = 0; i < count; i += MarksAtOnce)
        {
            var packed = Vector512.Load(marks + i);
            var behind = Vector512.GreaterThan(packed.AsInt32(), places);
            // Not those of the next segment.
            var own = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count - i));
            (packed + (steps & behind & own).AsUInt32()).Store(marks + i);
        }
    }
}
