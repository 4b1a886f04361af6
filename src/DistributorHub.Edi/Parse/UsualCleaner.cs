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
            released[delimiter] = release != 0 && delimiter is >= (byte)' ' and < 0x80;
        if (charset.IsUtf8 || charset.Undeclared)
            return;
        Span<byte> character = stackalloc byte[4];
        for (var i = charset.HasUpperControls ? 0xA0 : 0x80; i < 256; i++)
            if (charset.Decode((byte)i, character) == 2)
                pairs[i] = BitConverter.ToUInt16(character);
        foreach (var delimiter in (ReadOnlySpan<byte>)[d.Element, d.Component, d.Terminator, d.Release, d.Repetition])
            pairs[delimiter] = 0;
    }

    /// <summary>Writes the clean text of a segment and moves its marks; returns the length of the text, or -1 when the segment is not usual.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="length">Its length without the terminator.</param>
    /// <param name="specials">Places in the segment that need care, relative to <paramref name="origin"/>, ascending; the last is followed by a greater one than the terminator's.</param>
    /// <param name="origin">Place of the segment.</param>
    /// <param name="marks">Its marks, counted from its start.</param>
    /// <param name="markCount">How many they are.</param>
    /// <param name="text">Room for twice the length, and some more.</param>
    public int Clean(byte* segment, int length, int* specials, int origin, uint* marks, int markCount, byte* text)
    {
        int at = 0, written = 0;
        for (; *specials - origin <= length; specials++)
        {
            var special = *specials - origin;
            if (special < at)
                continue;
            Copy(segment + at, text + written, special - at);
            written += special - at;
            byte character = segment[special], following = segment[special + 1];
            if (character >= 0x80 && pairs[character] != 0 && following is < 0x80 or >= 0xC0)
            {
                *(ushort*)(text + written) = pairs[character];
                Move(marks, markCount, written, 1);
                written += 2;
                at = special + 1;
            }
            else if (character == release && released[following] && special + 1 < length)
            {
                text[written] = following;
                Move(marks, markCount, written, -1);
                written++;
                at = special + 2;
            }
            else
            {
                return -1;
            }
        }
        Copy(segment + at, text + written, length - at);
        return written + length - at;
    }

    /// <summary>Copies in steps; up to one step less a byte too much is read and written, for which both sides have room.</summary>
    static void Copy(byte* from, byte* to, int count)
    {
        for (var i = 0; i < count; i += BytesAtOnce)
            Vector512.Load(from + i).Store(to + i);
    }

    /// <summary>Moves the marks behind a place of the text.</summary>
    static void Move(uint* marks, int count, int place, int step)
    {
        var steps = Vector512.Create(step);
        var places = Vector512.Create(place);
        for (var i = 0; i < count; i += MarksAtOnce)
        {
            var packed = Vector512.Load(marks + i);
            var behind = Vector512.GreaterThan((packed & Vector512.Create(Mark.EndMask)).AsInt32(), places);
            // Not those of the next segment.
            var own = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count - i));
            (packed + (steps & behind & own).AsUInt32()).Store(marks + i);
        }
    }
}
