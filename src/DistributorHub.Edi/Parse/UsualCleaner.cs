using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Cleans the segments that hold nothing worse than characters of a single-byte set and release characters that are needed.
/// Whatever else needs care is left to <see cref="SegmentCleaner"/>, which has something to say about it.
/// </summary>
/// <param name="vectors">False: not with the vectors that some processors have; the result is the same.</param>
sealed unsafe partial class UsualCleaner(bool vectors = true)
{
    // Enough for nearly every segment: a loop that is never repeated is predicted well.
    const int MarksAtOnce = 8;
    const int BytesAtOnce = 64;

    // A segment with more is left to the other.
    const int ChangesMax = 128;

    // What a character may be: one of the set beyond ASCII, the release character, or nothing usual.
    const byte HighKind = 1;
    const byte ReleaseKind = 2;

    readonly byte[] kinds = new byte[256];

    // After which of the two a character may stand.
    readonly byte[] follows = new byte[256];

    // The two bytes of UTF-8 for a byte of the character set.
    readonly ushort[] pairs = new ushort[256];
    byte release;

    // Of the segment at hand: where a character was changed, and by how many bytes its text grew.
    readonly int[] changes = new int[ChangesMax];
    readonly int[] steps = new int[ChangesMax];

    public void Configure(Header header, Charset charset)
    {
        Array.Clear(kinds);
        atOnce = false;
        for (var i = 0; i < follows.Length; i++)
            follows[i] = i is >= 0x80 and < 0xC0 ? (byte)0 : HighKind;
        var d = header.Delimiters;
        release = d.Release;
        // Where delimiters are characters of several bytes, only a part of one may be at hand.
        if (header.TerminatorLead.Length + header.ComponentLead.Length > 0)
            return;
        Span<byte> character = stackalloc byte[4];
        for (var i = charset.HasUpperControls ? 0xA0 : 0x80; i < 256 && charset is { IsUtf8: false, Undeclared: false }; i++)
            if (charset.Decode((byte)i, character) == 2)
                (kinds[i], pairs[i]) = (HighKind, BitConverter.ToUInt16(character));
        foreach (var delimiter in (ReadOnlySpan<byte>)[d.Element, d.Component, d.Terminator, d.Release, d.Repetition])
        {
            kinds[delimiter] = 0;
            if (delimiter is >= (byte)' ' and < 0x80)
                follows[delimiter] |= ReleaseKind;
        }
        if (release != 0)
            kinds[release] = ReleaseKind;
        FillVectors(d, header.Repeats);
    }

    /// <summary>Writes the clean text of a segment and moves its marks there; returns the place behind the text, or -1 when the segment is not usual.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">Where the segment starts in it.</param>
    /// <param name="end">Where its terminator stands.</param>
    /// <param name="specials">Places in the segment that need care, ascending, and those behind it; moves behind those of a usual segment.</param>
    /// <param name="marks">Its marks, counted from the start of the buffer; only those of a usual segment are changed.</param>
    /// <param name="markCount">How many they are.</param>
    /// <param name="text">Place in the buffer of room for twice the length, and some more.</param>
    public int Clean(byte* bytes, int start, int end, ref int* specials, uint* marks, int markCount, int text)
    {
        if (atOnce && (uint)(end - start - 1) < Block - 1 && CleanShort(bytes, start, end - start, out var specialCount, marks, markCount, text) is var behind and >= 0)
        {
            specials += specialCount;
            return behind;
        }
        int at = start, written = text, changed = 0;
        var next = specials;
        for (; *next <= end; next++)
        {
            var special = *next;
            if (special < at)
                continue;
            Copy(bytes + at, bytes + written, special - at);
            written += special - at;
            // No branch on which of the two it is, since that follows no rule.
            byte character = bytes[special], following = bytes[special + 1];
            var kind = kinds[character];
            if ((kind & follows[following]) == 0 || special + 1 == end && kind == ReleaseKind || changed == ChangesMax)
                return -1;
            var released = kind >> 1;
            *(ushort*)(bytes + written) = released == 0 ? pairs[character] : following;
            changes[changed] = special;
            steps[changed++] = 1 - 2 * released;
            written += 2 - released;
            at = special + 1 + released;
        }
        Copy(bytes + at, bytes + written, end - at);
        Move(marks, markCount, text - start, changed);
        specials = next;
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
        var done = 0;
        do
        {
            Vector512.Load(from + done).Store(to + done);
            done += BytesAtOnce;
        }
        while (done < count);
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
