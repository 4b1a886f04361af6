using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// The segments of a window, prepared all at once: where each starts, where its text stands, and whether it is plain.
/// A plain segment can be handed on without a further look: its tag is valid and means nothing to the envelope, its text is clean,
/// and nothing about its form is worth a finding. Nearly all segments of a file are plain.
/// </summary>
sealed unsafe class SegmentTable
{
    public const int NotPlain = -1;

    /// <summary>For every plain segment where its text stands: at its start, or at another place if it had to be cleaned. <see cref="NotPlain"/> for the others.</summary>
    public int[] Texts { get; private set; } = [];

    /// <summary>Gives the list back to the pool.</summary>
    public void Release()
    {
        if (Texts.Length == 0)
            return;
        ArrayPool<int>.Shared.Return(Texts);
        Texts = [];
    }

    /// <summary>The first segment from <paramref name="from"/> on that is not plain.</summary>
    public int EndOfRun(int from, int count)
    {
        var rest = Texts.AsSpan(from, count - from).IndexOf(NotPlain);
        return rest < 0 ? count : from + rest;
    }

    /// <summary>Prepares the segments of the index.</summary>
    /// <param name="buffer">The bytes that were indexed.</param>
    /// <param name="from">Where the first segment starts.</param>
    /// <param name="index">The index of the window.</param>
    /// <param name="tags">Tags seen before; a doubtful tag that was not is no plain one.</param>
    /// <param name="cleaner">Makes segments plain; null = all that hold special bytes are left as they are.</param>
    /// <param name="segmentBytesMax">A longer segment is not plain.</param>
    /// <param name="release">The release character, which is no blank even where it is a control character; 0 = none.</param>
    public void Fill(InputBuffer buffer, int from, DelimiterIndex index, SegmentTags tags, UsualCleaner? cleaner, int segmentBytesMax, byte release)
    {
        if (Texts.Length < index.Firsts.Length)
        {
            Release();
            Texts = ArrayPool<int>.Shared.Rent(index.Firsts.Length);
        }
        var count = index.SegmentCount;
        fixed (byte* bytes = buffer.Bytes)
        fixed (Mark* indexed = index.Marks)
        fixed (int* firsts = index.Firsts, starts = index.Starts, texts = Texts, specials = index.Specials)
        fixed (ulong* known = tags.Known)
        {
            var marks = (uint*)indexed;
            if (index.StartsKnown)
                PlaceDoubtful(bytes, marks, index, texts, known, release);
            else
                Place(bytes, from, marks, firsts, count, starts, texts, known, release);
            if (Longest(starts, count) > Math.Min(segmentBytesMax, Limits.SegmentMarksMax))
                ExceptLarge(marks, firsts, count, segmentBytesMax, starts, texts);
            var clean = buffer.CleanStart;
            for (int* special = specials; *special < starts[count];)
            {
                var i = index.SpecialSegments[special - specials];
                // Bytes between two segments need no care in either.
                if (*special < starts[i])
                {
                    special++;
                    continue;
                }
                if (texts[i] != NotPlain)
                    texts[i] = Clean(bytes, starts[i], marks + firsts[i], firsts[i + 1] - firsts[i], ref special, cleaner, buffer.Bytes.Length, ref clean);
                while (*special < starts[i + 1])
                    special++;
            }
        }
    }

    /// <summary>Makes the text of a segment that holds special bytes and moves its marks there; returns where it stands, <see cref="NotPlain"/> when that cannot be.</summary>
    static int Clean(byte* bytes, int start, uint* marks, int markCount, ref int* special, UsualCleaner? cleaner, int room, ref int clean)
    {
        var end = Mark.EndOf(marks[markCount - 1]);
        if (cleaner is null || room - clean < 2 * (end - start) + InputBuffer.Padding)
            return NotPlain;
        var behind = cleaner.Clean(bytes, start, end, ref special, marks, markCount, clean);
        if (behind < 0)
            return NotPlain;
        var text = clean;
        clean = behind;
        return text;
    }

    /// <summary>Completes the lists, as if all text were clean, where the starts and nearly all plain tags are known.</summary>
    static void PlaceDoubtful(byte* bytes, uint* marks, DelimiterIndex index, int* texts, ulong* known, byte release)
    {
        var count = index.SegmentCount;
        var starts = index.Starts;
        if (count > 0)
            starts[count] = Mark.EndOf(marks[index.Firsts[count] - 1]) + 1;
        starts.AsSpan(0, count).CopyTo(new(texts, count));
        foreach (var i in index.Doubts)
        {
            if (i == int.MaxValue)
                break;
            // Of one that was looked at before the start is no longer that before its blanks.
            if (i >= count || texts[i] == NotPlain)
                continue;
            var tagEnd = Mark.EndOf(marks[index.Firsts[i]]);
            var from = starts[i];
            if (bytes[from] <= ' ')
                from = SkipBlank(bytes, from, tagEnd, release);
            starts[i] = from < 0 ? ~from : from;
            texts[i] = from >= 0 && SegmentTags.IsPlain(known, *(uint*)(bytes + from), tagEnd - from) ? from : NotPlain;
        }
    }

    /// <summary>Fills the lists as if all text were clean.</summary>
    /// <remarks>Few values at a time, so that all stay in registers.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Place(byte* bytes, int from, uint* marks, int* firsts, int count, int* starts, int* texts, ulong* known, byte release)
    {
        var behind = starts + count;
        var toTexts = texts - starts;
        for (var first = *marks; starts < behind; starts++)
        {
            firsts++;
            var tagEnd = Mark.EndOf(first);
            if (bytes[from] <= ' ')
                from = SkipBlank(bytes, from, tagEnd, release);
            if (from >= 0)
            {
                *starts = from;
                starts[toTexts] = SegmentTags.IsPlain(known, *(uint*)(bytes + from), tagEnd - from) ? from : NotPlain;
            }
            else
            {
                *starts = ~from;
                starts[toTexts] = NotPlain;
            }
            var last = marks + *firsts;
            from = Mark.EndOf(last[-1]) + 1;
            first = *last;
        }
        *starts = from;
    }

    /// <summary>Where the tag starts, behind blanks; the complement when there is something to be said about one of them.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="from">Behind the terminator of the segment before.</param>
    /// <param name="firstMark">Where the tag ends.</param>
    /// <param name="release">The release character, which is no blank; 0 = none.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static int SkipBlank(byte* bytes, int from, int firstMark, byte release)
    {
        const ulong usual = 1UL << '\r' | 1UL << '\n' | 1UL << '\t' | 1UL << ' ';
        var odd = 0UL;
        for (; from < firstMark && bytes[from] <= ' ' && (bytes[from] != release || release == 0); from++)
            odd |= 1UL << bytes[from] & ~usual;
        return odd == 0 ? from : ~from;
    }

    /// <summary>Length of the longest segment, with what stands between it and the next; or of one that was there before, which costs a second look only.</summary>
    static int Longest(int* starts, int count)
    {
        var longest = Vector256<int>.Zero;
        for (var i = 0; i < count; i += Vector256<int>.Count)
            longest = Vector256.Max(longest, Vector256.Load(starts + i + 1) - Vector256.Load(starts + i));
        var most = 0;
        for (var i = 0; i < Vector256<int>.Count; i++)
            most = Math.Max(most, longest[i]);
        return most;
    }

    static void ExceptLarge(uint* marks, int* firsts, int count, int segmentBytesMax, int* starts, int* texts)
    {
        for (var i = 0; i < count; i++)
            if (Mark.EndOf(marks[firsts[i + 1] - 1]) - starts[i] > segmentBytesMax || firsts[i + 1] - firsts[i] > Limits.SegmentMarksMax)
                texts[i] = NotPlain;
    }
}
