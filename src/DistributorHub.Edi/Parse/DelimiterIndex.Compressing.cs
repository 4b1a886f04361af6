using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static DistributorHub.Edi.Parse.VectorMasks;

namespace DistributorHub.Edi.Parse;

/// <content>The same index on processors that can compress a vector: no loop over the bits of a mask.</content>
sealed unsafe partial class DelimiterIndex
{
    // What an ASCII character is, beside its kind, which stands in the lowest bits.
    const byte IsDelimiter = 0x40;
    const byte NeedsCare = 0x80;
    const byte TerminatorClass = IsDelimiter | (byte)MarkKind.Terminator;
    const byte ReleaseClass = NeedsCare | 0x10;
    const byte BreakClass = NeedsCare | 0x20;
    const byte OfTags = 0x08;
    const byte OfPlainTags = 0x04;
    const int Ascii = 128;

    readonly byte[] classes = new byte[Ascii];
    ulong shortTags;     // all ones where a tag may have two characters, else 0

    /// <summary>How far the index of a window has come.</summary>
    struct Progress
    {
        public int At, Marks, Segments, Doubts;

        /// <summary>Delimiters of the block before.</summary>
        public ulong Before;

        public TagProgress Tag;
    }

    /// <summary>What the next byte is to a tag: its first character, or the one behind so many good ones. Bits of 0 or 1.</summary>
    struct TagProgress
    {
        public ulong First, Second, Third, End;

        public static TagProgress AtStart => new() { First = 1 };
    }

    /// <summary>False when a delimiter is no ASCII character.</summary>
    bool FillClasses(Standard standard)
    {
        for (var i = 0; i < Ascii; i++)
            classes[i] = i < ' ' ? NeedsCare : (byte)0;
        classes['\r'] = classes['\n'] = BreakClass;
        shortTags = standard == Standard.X12 ? ulong.MaxValue : 0;
        for (var i = '0'; i <= 'Z'; i++)
            if (char.IsAsciiLetterUpper(i) || char.IsAsciiDigit(i))
                classes[i] = (byte)(SegmentTags.MayBeService((byte)i, standard) ? OfTags : OfTags | OfPlainTags);
        if (releases && release[0] < Ascii)
            classes[release[0]] = ReleaseClass;
        foreach (var delimiter in (ReadOnlySpan<byte>)[element[0], component[0], repetition[0], terminator[0]])
        {
            if (delimiter >= Ascii)
                return false;
            classes[delimiter] = (byte)(IsDelimiter | (uint)new Mark(kinds[delimiter]).Kind);
        }
        return !releases || release[0] < Ascii;
    }

    int WriteCompressed(byte* bytes, int from, int to, uint* marks, int* firsts)
    {
        var progress = new Progress { At = from, Tag = TagProgress.AtStart };
        Starts[0] = from;
        fixed (int* starts = &Starts[1])
            while (true)
            {
                WriteUsual(bytes, to, marks, firsts, starts, ref progress);
                if (progress.At >= to)
                    break;
                WriteUnusual(bytes, from, to, marks, firsts, starts, ref progress);
            }
        Doubts[progress.Doubts] = int.MaxValue;
        return progress.Segments;
    }

    /// <summary>Goes as far as every block is whole, and holds nothing worse than text beyond ASCII, single release characters and line breaks between segments.</summary>
    /// <remarks>No call within the loop, which would cost the registers.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void WriteUsual(byte* bytes, int to, uint* marks, int* firsts, int* starts, ref Progress progress)
    {
        Vector512<byte> lowClasses = Vector512.Create(classes), highClasses = Vector512.Create(classes, Ascii / 2);
        int at = progress.At, markCount = progress.Marks, segmentCount = progress.Segments, special = specialCount, doubt = progress.Doubts;
        var before = progress.Before;
        var tag = progress.Tag;
        var carried = pending ? 1UL : 0;
        fixed (int* places = Specials, segments = SpecialSegments, doubts = Doubts)
            for (; at <= to - Block; at += Block)
            {
                var bits = Vector512.Load(bytes + at);
                var found = Avx512Vbmi.PermuteVar64x8x2(lowClasses, bits, highClasses);
                var isAny = Vector512.Equals(found & Vector512.Create(IsDelimiter), Vector512.Create(IsDelimiter));
                var all = isAny.ExtractMostSignificantBits();
                var terminators = Equal(found, TerminatorClass);
                ulong ofTags = Having(found, OfTags), ofPlain = Having(found, OfPlainTags);
                // Control and release characters, and those beyond ASCII.
                var care = (found | bits).ExtractMostSignificantBits();
                var between = 0UL;
                if ((care | carried | terminators & (all << 1 | before >> 63)) != 0)
                {
                    // What is found for a character beyond ASCII is that of another one.
                    var beyond = bits.ExtractMostSignificantBits();
                    ulong releasing = Equal(found, ReleaseClass) & ~beyond, breaks = Equal(found, BreakClass) & ~beyond;
                    var released = releasing << 1 | carried;
                    ulong allLeft = all & ~(released | beyond), terminatorsLeft = terminators & ~(released | beyond);
                    between = BetweenSegments(breaks, terminatorsLeft);
                    care &= ~between;
                    if ((released & (releasing | breaks) | care & ~(releasing | beyond) | terminatorsLeft & (allLeft << 1 | before >> 63)) != 0 || oddDelimiters)
                        break;
                    carried = releasing >> 63;
                    (all, terminators) = (allLeft, terminatorsLeft);
                    (ofTags, ofPlain) = (ofTags & ~beyond, ofPlain & ~beyond);
                    isAny = Spread(all);
                    if (care != 0)
                    {
                        WriteSpecials(care, terminators, at, segmentCount, places + special, segments + special);
                        special += BitOperations.PopCount(care);
                    }
                }
                before = all;
                var ends = terminators | between;
                var doubtful = Doubtful(ends << 1 & ~between, all, ofTags, ofPlain, ref tag);
                tag.First = ends >> 63;
                for (; doubtful != 0; doubtful &= doubtful - 1)
                    doubts[doubt++] = segmentCount + BitOperations.PopCount(terminators & (doubtful ^ doubtful - 1) >> 1);
                int count = BitOperations.PopCount(all), segmentsHere = BitOperations.PopCount(terminators);
                var packed = WriteMarks(found, isAny, count, at, marks + markCount);
                WriteFirsts(packed, markCount, segmentsHere, firsts + segmentCount);
                if (between == 0)
                {
                    WriteStarts(packed, at, segmentsHere, starts + segmentCount);
                }
                else
                {
                    // A byte of ones is -1.
                    var behind = Vector512<byte>.Indices + Vector512<byte>.One - Spread(between >> 1) - Spread(between >> 1 & between >> 2);
                    WriteNumbers(Avx512Vbmi2.Compress(Vector512<byte>.Zero, Spread(terminators), behind), (uint)at, segmentsHere, twoAtLeast: false, (uint*)starts + segmentCount);
                }
                segmentCount += segmentsHere;
                markCount += count;
            }
        (specialCount, pending) = (special, carried != 0);
        progress = new() { At = at, Marks = markCount, Segments = segmentCount, Doubts = doubt, Before = before, Tag = tag };
    }

    /// <summary>Where it shows that a segment's tag is none, or one that may mean something to the envelope.</summary>
    /// <param name="starts">First characters of segments in the block, that of its first byte left out.</param>
    /// <param name="all">The delimiters.</param>
    /// <param name="ofTags">Characters that a tag may have.</param>
    /// <param name="ofPlain">Those that begin no tag of the envelope.</param>
    /// <param name="tag">What the first byte of the block is to a tag; becomes that of the next block's, but for a start.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong Doubtful(ulong starts, ulong all, ulong ofTags, ulong ofPlain, ref TagProgress tag)
    {
        var first = starts | tag.First;
        var good = first & ofPlain;
        var second = good << 1 | tag.Second;
        tag.Second = good >> 63;
        var goodSecond = second & ofTags;
        var third = goodSecond << 1 | tag.Third;
        tag.Third = goodSecond >> 63;
        var goodThird = third & ofTags;
        var end = goodThird << 1 | tag.End;
        tag.End = goodThird >> 63;
        return first ^ good | second ^ goodSecond | third & ~(ofTags | all & shortTags) | end & ~all;
    }

    /// <summary>One block of any content.</summary>
    void WriteUnusual(byte* bytes, int from, int to, uint* marks, int* firsts, int* starts, ref Progress progress)
    {
        var at = progress.At;
        var bits = Vector512.Load(bytes + at);
        var found = Avx512Vbmi.PermuteVar64x8x2(Vector512.Create(classes), bits, Vector512.Create(classes, Ascii / 2));
        var beyond = bits.ExtractMostSignificantBits();
        var block = new Masks
        {
            All = Having(found, IsDelimiter) & ~beyond,
            Terminators = Equal(found, TerminatorClass) & ~beyond,
            Care = Having(found, NeedsCare) | beyond,
        };
        Mend(bytes, from, at, to, progress.Before, progress.Segments, ref block);
        int count = BitOperations.PopCount(block.All), segments = BitOperations.PopCount(block.Terminators);
        var packed = WriteMarks(found, Spread(block.All), count, at, marks + progress.Marks);
        WriteFirsts(packed, progress.Marks, segments, firsts + progress.Segments);
        WriteStarts(packed, at, segments, starts + progress.Segments);
        // Every segment with a byte in it is looked at.
        for (var i = 0; i <= segments; i++)
            Doubts[progress.Doubts + i] = progress.Segments + i;
        progress = new()
        {
            At = at + Block,
            Marks = progress.Marks + count,
            Segments = progress.Segments + segments,
            Doubts = progress.Doubts + segments + 1,
            Before = block.All,
        };
    }

    /// <summary>Writes the marks of a block; returns them as bytes, counted from its start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<byte> WriteMarks(Vector512<byte> found, Vector512<byte> isAny, int count, int at, uint* to)
    {
        var packed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, isAny, found & Vector512.Create((byte)Mark.KindMask) | Vector512<byte>.Indices << Mark.KindBits);
        WriteNumbers(packed, Mark.Step(at), count, twoAtLeast: true, to);
        return packed;
    }

    /// <summary>Writes for every terminator of a block the number of the mark behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteFirsts(Vector512<byte> packed, int markCount, int count, int* to)
    {
        // Terminators are of the highest kind.
        var kind = Vector512.Create((byte)Mark.KindMask);
        var ordinals = Avx512Vbmi2.Compress(Vector512<byte>.Zero, Vector512.Equals(packed & kind, kind), Vector512<byte>.Indices);
        WriteNumbers(ordinals, (uint)markCount + 1, count, twoAtLeast: false, (uint*)to);
    }

    /// <summary>Writes for every terminator of a block the place behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteStarts(Vector512<byte> packed, int at, int count, int* to)
    {
        var kind = Vector512.Create((byte)Mark.KindMask);
        var places = packed >> Mark.KindBits & Vector512.Create((byte)(Block - 1));
        WriteNumbers(Avx512Vbmi2.Compress(Vector512<byte>.Zero, Vector512.Equals(packed & kind, kind), places), (uint)at + 1, count, twoAtLeast: false, (uint*)to);
    }

    /// <summary>Widens bytes to numbers, sixteen at once, and adds an origin to each; as many as there are, and some more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteNumbers(Vector512<byte> bytes, uint first, int count, bool twoAtLeast, uint* to)
    {
        var origin = Vector512.Create(first);
        (Avx512F.ConvertToVector512UInt32(bytes.GetLower().GetLower()) + origin).Store(to);
        if (twoAtLeast)
            (Avx512F.ConvertToVector512UInt32(bytes.GetLower().GetUpper()) + origin).Store(to + 16);
        if (count <= (twoAtLeast ? 32 : 16))
            return;
        if (!twoAtLeast)
            (Avx512F.ConvertToVector512UInt32(bytes.GetLower().GetUpper()) + origin).Store(to + 16);
        (Avx512F.ConvertToVector512UInt32(bytes.GetUpper().GetLower()) + origin).Store(to + 32);
        (Avx512F.ConvertToVector512UInt32(bytes.GetUpper().GetUpper()) + origin).Store(to + 48);
    }
}
