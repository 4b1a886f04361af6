using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Cleans the segments that hold nothing worse than characters of a single-byte set and release characters that are needed.
/// Whatever else needs care is left to <see cref="SegmentCleaner"/>, which has something to say about it.
/// </summary>
sealed unsafe class UsualCleaner
{
    // Enough for nearly every segment: a loop that is never repeated is predicted well.
    const int MarksAtOnce = 8;
    const int BytesAtOnce = 64;

    // A segment with more is left to the other.
    const int ChangesMax = 128;

    // The two bytes of UTF-8 for a byte of the character set; 0 = not a usual one.
    readonly ushort[] pairs = new ushort[256];

    // Characters that a release character is needed for.
    readonly bool[] released = new bool[256];
    byte release;

    // Of the segment at hand: where a character was changed, and by how many bytes its text grew.
    readonly int[] changes = new int[ChangesMax];
    readonly int[] steps = new int[ChangesMax];

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

    /// <summary>Writes the clean text of a segment and moves its marks there; returns the place behind the text, or -1 when the segment is not usual.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">Where the segment starts in it.</param>
    /// <param name="end">Where its terminator stands.</param>
    /// <param name="specials">Places in the segment that need care, ascending; the last is followed by one behind the terminator.</param>
    /// <param name="marks">Its marks, counted from the start of the buffer; only those of a usual segment are changed.</param>
    /// <param name="markCount">How many they are.</param>
    /// <param name="text">Place in the buffer of room for twice the length, and some more.</param>
    public int Clean(byte* bytes, int start, int end, int* specials, uint* marks, int markCount, int text)
    {
        int at = start, written = text, changed = 0;
        for (; *specials <= end; specials++)
        {
            var special = *specials;
            if (special < at)
                continue;
            Copy(bytes + at, bytes + written, special - at);
            written += special - at;
            byte character = bytes[special], following = bytes[special + 1];
            if (changed == ChangesMax)
                return -1;
            changes[changed] = special;
            if (character >= 0x80 && pairs[character] != 0 && following is < 0x80 or >= 0xC0)
            {
                *(ushort*)(bytes + written) = pairs[character];
                steps[changed++] = 1;
                written += 2;
                at = special + 1;
            }
            else if (character == release && released[following] && special + 1 < end)
            {
                bytes[written++] = following;
                steps[changed++] = -1;
                at = special + 2;
            }
            else
            {
                return -1;
            }
        }
        Copy(bytes + at, bytes + written, end - at);
        Move(marks, markCount, text - start, changed);
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
            // The list is closed by the largest number, to which nothing may be added.
            if (special - at > textIndex - written)
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

    /// <summary>Moves marks by some bytes, and those behind each change by what it added or took.</summary>
    void Move(uint* marks, int count, int bytes, int changed)
    {
        for (var i = 0; i < count; i += MarksAtOnce)
        {
            var before = Vector256.Load(marks + i);
            var after = before + Vector256.Create(Mark.Step(bytes));
            for (var change = 0; change < changed; change++)
            {
                var behind = Vector256.GreaterThan(before.AsInt32(), Vector256.Create((int)(Mark.Step(changes[change]) | Mark.KindMask)));
                after += Vector256.Create(Mark.Step(steps[change])) & behind.AsUInt32();
            }
            // Not those of the next segment.
            var own = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count - i)).AsUInt32();
            Vector256.ConditionalSelect(own, after, before).Store(marks + i);
        }
    }
}
