using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Edi.Parse;

/// <content>The same index on processors that can compress a vector: no loop over the bits of a mask.</content>
sealed unsafe partial class DelimiterIndex
{
    // What an ASCII character is, beside its kind, which stands in the lowest bits.
    const byte IsDelimiter = 0x40;
    const byte NeedsCare = 0x80;
    const byte TerminatorClass = IsDelimiter | (byte)MarkKind.Terminator;
    const int Ascii = 128;

    readonly byte[] classes = new byte[Ascii];

    /// <summary>False when a delimiter is no ASCII character.</summary>
    bool FillClasses()
    {
        for (var i = 0; i < Ascii; i++)
            classes[i] = i < ' ' ? NeedsCare : (byte)0;
        if (releases && release[0] < Ascii)
            classes[release[0]] = NeedsCare;
        foreach (var delimiter in (ReadOnlySpan<byte>)[element[0], component[0], repetition[0], terminator[0]])
        {
            if (delimiter >= Ascii)
                return false;
            classes[delimiter] = (byte)(IsDelimiter | (uint)new Mark(kinds[delimiter]).Kind);
        }
        return true;
    }

    int WriteCompressed(byte* bytes, int from, int to, uint* marks, int* firsts)
    {
        Vector512<byte> lowClasses = Vector512.Create(classes), highClasses = Vector512.Create(classes, Ascii / 2);
        Vector512<byte> delimits = Vector512.Create(IsDelimiter), cares = Vector512.Create(NeedsCare);
        Vector512<byte> ends = Vector512.Create(TerminatorClass), kind = Vector512.Create((byte)Mark.KindMask);
        Vector512<byte> places = Vector512<byte>.Indices, shifted = Vector512<byte>.Indices << Mark.KindBits;
        int markCount = 0, segmentCount = 0;
        var before = 0UL;
        for (var at = from; at < to; at += Block)
        {
            var bits = Vector512.Load(bytes + at);
            var found = Avx512Vbmi.PermuteVar64x8x2(lowClasses, bits, highClasses);
            var beyond = bits.ExtractMostSignificantBits();
            var isAny = Vector512.Equals(found & delimits, delimits);
            var isEnd = Vector512.Equals(found, ends);
            var isCare = Vector512.Equals(found & cares, cares);
            var all = isAny.ExtractMostSignificantBits();
            var terminators = isEnd.ExtractMostSignificantBits();
            var care = isCare.ExtractMostSignificantBits() | beyond;
            if ((care | terminators & (all << 1 | before >> 63)) != 0 || pending || to - at < Block)
            {
                var block = new Masks { All = all & ~beyond, Terminators = terminators & ~beyond, Care = care };
                Mend(bytes, from, at, to, before, segmentCount, ref block);
                (all, terminators) = (block.All, block.Terminators);
                isAny = Spread(all);
            }
            before = all;
            var packed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, isAny, found & kind | shifted);
            var ordinals = Avx512Vbmi2.Compress(Vector512<byte>.Zero, Vector512.Equals(packed & kind, kind), places);
            var markCountHere = BitOperations.PopCount(all);
            WriteMarks(packed, (uint)at, markCountHere, marks + markCount);
            var segments = BitOperations.PopCount(terminators);
            WriteFirsts(ordinals, (uint)markCount + 1, segments, (uint*)firsts + segmentCount);
            segmentCount += segments;
            markCount += markCountHere;
        }
        return segmentCount;
    }

    /// <summary>A byte of ones for every bit.</summary>
    static Vector512<byte> Spread(ulong mask)
    {
        // First the mask's byte with that bit, then the bit itself.
        var bits = Vector512.Create(0x8040201008040201).AsByte();
        return Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), Vector512<byte>.Indices >> 3 & Vector512.Create((byte)7)) & bits, bits);
    }

    static void WriteMarks(Vector512<byte> packed, uint at, int count, uint* to)
    {
        var origin = Vector512.Create(Mark.Step((int)at));
        (Avx512F.ConvertToVector512UInt32(packed.GetLower().GetLower()) + origin).Store(to);
        (Avx512F.ConvertToVector512UInt32(packed.GetLower().GetUpper()) + origin).Store(to + 16);
        if (count <= 32)
            return;
        (Avx512F.ConvertToVector512UInt32(packed.GetUpper().GetLower()) + origin).Store(to + 32);
        (Avx512F.ConvertToVector512UInt32(packed.GetUpper().GetUpper()) + origin).Store(to + 48);
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
