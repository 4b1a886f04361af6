using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Edi.Parse;

/// <content>The same index on processors that can compress a vector: no loop over the bits of a mask.</content>
sealed unsafe partial class DelimiterIndex
{
    // A byte of a block in six bits, and what it is in the two above.
    const int KindBits = 6;
    const byte PlaceMask = (1 << KindBits) - 1;
    const byte TerminatorBits = (byte)MarkKind.Terminator << KindBits;

    void MaskWhole(byte* bytes, int length, Masks* blocks)
    {
        Vector512<byte> e = Vector512.Create(element, element), c = Vector512.Create(component, component),
            r = Vector512.Create(repetition, repetition), t = Vector512.Create(terminator, terminator), q = Vector512.Create(release, release);
        var space = Vector512.Create((sbyte)' ');
        for (var end = bytes + length; bytes < end; bytes += Block, blocks++)
        {
            var block = Vector512.Load(bytes);
            var terminators = Vector512.Equals(block, t).ExtractMostSignificantBits();
            var all = terminators | Vector512.Equals(block, e).ExtractMostSignificantBits()
                | Vector512.Equals(block, c).ExtractMostSignificantBits() | Vector512.Equals(block, r).ExtractMostSignificantBits();
            blocks->Terminators = terminators;
            blocks->All = all;
            blocks->Care = ~all & (Vector512.LessThan(block.AsSByte(), space).ExtractMostSignificantBits()
                | Vector512.Equals(block, q).ExtractMostSignificantBits());
        }
    }

    void WriteCompressed(byte* bytes, int from, int to, Masks* blocks, uint* marks, int* firsts)
    {
        Vector512<byte> c = Vector512.Create(component, component), r = Vector512.Create(repetition, repetition),
            t = Vector512.Create(terminator, terminator);
        var places = Vector512<byte>.Indices;
        Vector512<byte> components = places | KindOf(c), repetitions = places | KindOf(r), ends = places | KindOf(t);
        // A bit of the mask for every byte of the block: first the mask's byte with that bit, then the bit itself.
        var maskBytes = places >> 3 & Vector512.Create((byte)7);
        var maskBits = Vector512.Create(0x8040201008040201).AsByte();
        int markCount = 0, segmentCount = 0;
        for (var at = from; at < to; at += Block, blocks++)
        {
            var all = blocks->All;
            var block = Vector512.Load(bytes + at);
            var isAny = Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(all).AsByte(), maskBytes) & maskBits, maskBits);
            var kinded = Vector512.ConditionalSelect(Vector512.Equals(block, r), repetitions, places);
            kinded = Vector512.ConditionalSelect(Vector512.Equals(block, c), components, kinded);
            kinded = Vector512.ConditionalSelect(Vector512.Equals(block, t), ends, kinded);
            var packed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, isAny, kinded);
            WriteMarks(packed, (uint)at, BitOperations.PopCount(all), marks + markCount);
            var ordinals = Avx512Vbmi2.Compress(Vector512<byte>.Zero,
                Vector512.GreaterThanOrEqual(packed, Vector512.Create(TerminatorBits)), places);
            var segments = BitOperations.PopCount(blocks->Terminators);
            WriteFirsts(ordinals, (uint)markCount + 1, segments, (uint*)firsts + segmentCount);
            segmentCount += segments;
            markCount += BitOperations.PopCount(all);
        }
        SegmentCount = segmentCount;
    }

    Vector512<byte> KindOf(Vector512<byte> delimiter) =>
        Vector512.Create((byte)((uint)new Mark(kinds[delimiter[0]]).Kind << KindBits));

    static void WriteMarks(Vector512<byte> packed, uint at, int count, uint* to)
    {
        var origin = Vector512.Create(at);
        Widen(packed.GetLower().GetLower(), origin).Store(to);
        Widen(packed.GetLower().GetUpper(), origin).Store(to + 16);
        if (count <= 32)
            return;
        Widen(packed.GetUpper().GetLower(), origin).Store(to + 32);
        Widen(packed.GetUpper().GetUpper(), origin).Store(to + 48);
    }

    static Vector512<uint> Widen(Vector128<byte> packed, Vector512<uint> origin)
    {
        var each = Avx512F.ConvertToVector512UInt32(packed);
        return origin + (each & Vector512.Create((uint)PlaceMask)) | (each & Vector512.Create((uint)TerminatorBits)) << Mark.KindShift - KindBits;
    }

    static void WriteFirsts(Vector512<byte> ordinals, uint first, int count, uint* to)
    {
        var origin = Vector512.Create(first);
        (Avx512F.ConvertToVector512UInt32(ordinals.GetLower().GetLower()) + origin).Store(to);
        if (count <= 16)
            return;
        (Avx512F.ConvertToVector512UInt32(ordinals.GetLower().GetUpper()) + origin).Store(to + 16);
        (Avx512F.ConvertToVector512UInt32(ordinals.GetUpper().GetLower()) + origin).Store(to + 32);
        (Avx512F.ConvertToVector512UInt32(ordinals.GetUpper().GetUpper()) + origin).Store(to + 48);
    }
}
