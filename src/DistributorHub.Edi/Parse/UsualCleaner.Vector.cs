using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static DistributorHub.Edi.Parse.VectorMasks;

namespace DistributorHub.Edi.Parse;

/// <content>The same for short segments, nearly all there are, on processors that can compress a vector: no branch that follows the text.</content>
sealed unsafe partial class UsualCleaner
{
    const int Block = 64;
    const int MarksInVector = 16;
    const byte PlainClass = 1;
    const byte ControlClass = 2;
    const byte ReleasableClass = 4;
    const byte ReleaseClass = 8;

    // For the characters of ASCII what they may be; for those beyond it the two bytes of UTF-8, 0 where the set has none.
    readonly byte[] classes = new byte[2 * Block];
    readonly byte[] leads = new byte[2 * Block];
    readonly byte[] trails = new byte[2 * Block];
    bool atOnce;

    void FillVectors(Delimiters d, bool repeats)
    {
        var delimiters = (ReadOnlySpan<byte>)[d.Element, d.Component, d.Terminator, repeats ? d.Repetition : d.Element];
        // A byte of 0 is one to be left out.
        atOnce = vectors && Avx512Vbmi2.IsSupported && Avx512Vbmi.IsSupported && Avx512DQ.IsSupported
            && d.Release < 0x80 && !delimiters.ContainsAnyExceptInRange((byte)1, (byte)0x7F);
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = (byte)((i < ' ' ? ControlClass : 0) | ((follows[i] & ReleaseKind) != 0 ? ReleasableClass : 0));
            leads[i] = kinds[i + 128] == HighKind ? (byte)pairs[i + 128] : (byte)0;
            trails[i] = (byte)(pairs[i + 128] >> 8);
        }
        if (!atOnce)
            return;
        foreach (var delimiter in delimiters)
            classes[delimiter] = (byte)(classes[delimiter] & ReleasableClass | PlainClass);
        if (d.Release != 0)
            classes[d.Release] = (byte)(classes[d.Release] & ReleasableClass | ReleaseClass);
    }

    /// <summary>The same as <see cref="Clean"/> for a segment that is not empty and, with its terminator, no longer than a block.</summary>
    /// <param name="specialCount">How many places needed care.</param>
    int CleanShort(byte* bytes, int start, int length, out int specialCount, uint* marks, int markCount, int text)
    {
        specialCount = 0;
        var raw = Vector512.Load(bytes + start);
        var found = Avx512Vbmi.PermuteVar64x8x2(Vector512.Create(classes), raw, Vector512.Create(classes, Block));
        var isHigh = Vector512.LessThan(raw.AsSByte(), Vector512<sbyte>.Zero).AsByte();
        var inText = (1UL << length) - 1;
        var beyond = raw.ExtractMostSignificantBits();
        ulong high = beyond & inText, low = inText & ~beyond;
        var releases = Having(found, ReleaseClass) & low;
        // Of a row of release characters every second is released.
        var behind = releases << 1;
        const ulong even = 0x5555555555555555;
        var rowsFromOdd = releases & ~even & ~behind;
        var released = (even ^ (rowsFromOdd + releases) << 1) & behind;
        var releasing = releases & ~released;
        var lead = Avx512Vbmi.PermuteVar64x8x2(Vector512.Create(leads), raw, Vector512.Create(leads, Block));
        var trail = Avx512Vbmi.PermuteVar64x8x2(Vector512.Create(trails), raw, Vector512.Create(trails, Block));
        var odd = Having(found, ControlClass) & low
            | high & Vector512.Equals(lead, Vector512<byte>.Zero).ExtractMostSignificantBits()
            // A second byte of UTF-8, perhaps.
            | high << 1 & high & Vector512.LessThan(raw, Vector512.Create((byte)0xC0)).ExtractMostSignificantBits()
            | released & ~(Having(found, ReleasableClass) & ~beyond)
            // An empty last element, or a terminator that is released.
            | (Having(found, PlainClass) & low & ~released | releasing) & 1UL << length - 1;
        if (odd != 0)
            return -1;
        var isReleasing = Spread(releasing);
        var second = Vector512.ConditionalSelect(isHigh, trail, raw) & ~isReleasing;
        lead &= isHigh;
        var first = Interleave(lead.GetLower(), second.GetLower());
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~Vector512.Equals(first, Vector512<byte>.Zero), first).Store(bytes + text);
        const ulong half = uint.MaxValue;
        var behindHalf = text + Block / 2 + BitOperations.PopCount(high & half) - BitOperations.PopCount(releasing & half);
        var last = Interleave(lead.GetUpper(), second.GetUpper());
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~Vector512.Equals(last, Vector512<byte>.Zero), last).Store(bytes + behindHalf);
        MoveTo(marks, markCount, start, text, Sums(Vector512<byte>.One - isHigh + isReleasing));
        specialCount = BitOperations.PopCount(high | releases);
        return text + length + BitOperations.PopCount(high) - BitOperations.PopCount(releasing);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<byte> Interleave(Vector256<byte> first, Vector256<byte> second) =>
        (Avx512BW.ConvertToVector512UInt16(first) | Avx512BW.ConvertToVector512UInt16(second) << 8).AsByte();

    /// <summary>For every byte the sum of those up to it, itself included; each is 2 at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<byte> Sums(Vector512<byte> bytes)
    {
        var inEight = bytes.AsUInt64() * Vector512.Create(0x0101010101010101UL);
        var eights = inEight >> 56;
        var sums = eights;
        sums += Avx512F.AlignRight64(sums, Vector512<ulong>.Zero, 7);
        sums += Avx512F.AlignRight64(sums, Vector512<ulong>.Zero, 6);
        sums += Avx512F.AlignRight64(sums, Vector512<ulong>.Zero, 4);
        return inEight.AsByte() + Avx512BW.Shuffle((sums - eights).AsByte(), Vector512<byte>.Indices & Vector512.Create((byte)8));
    }

    /// <summary>Moves marks to where their delimiters went.</summary>
    /// <param name="sums">For every byte of the segment how many became of those up to it; a delimiter stays one.</param>
    static void MoveTo(uint* marks, int count, int start, int text, Vector512<byte> sums)
    {
        for (var i = 0; i < count; i += MarksInVector)
        {
            var before = Vector512.Load(marks + i);
            var places = (before >> Mark.KindBits) - Vector512.Create((uint)start);
            var sum = Avx512Vbmi.PermuteVar64x8(sums, places.AsByte()).AsUInt32() & Vector512.Create((uint)byte.MaxValue);
            var after = (sum + Vector512.Create((uint)text - 1)) << Mark.KindBits | before & Vector512.Create(Mark.KindMask);
            // Not those of the next segment.
            var own = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count - i)).AsUInt32();
            Vector512.ConditionalSelect(own, after, before).Store(marks + i);
        }
    }
}
