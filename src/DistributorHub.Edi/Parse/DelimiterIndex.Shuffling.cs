using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Edi.Parse;

/// <content>
/// The same index on processors with vectors of 32 bytes: a character is classed by its two halves, and the marks of eight bytes are moved
/// together by one shuffle, so that there is no loop over the bits of a mask either.
/// </content>
sealed unsafe partial class DelimiterIndex
{
    const int Group = 8;

    // Classes of characters, a bit for each, so that those of a character's two halves have one in common only if it is of that class.
    // Delimiters by their kind below, so that a shuffle finds the kind; a byte with the highest bit set finds nothing.
    const byte ControlBit = 0x40;
    const byte ReleaseBit = 0x80;

    // For every mask of eight bits the places of its bits, for a shuffle of the lower and of the upper eight bytes of sixteen.
    static readonly ulong[] lowerPlaces = Places(0), upperPlaces = Places(Group);

    readonly byte[] byLowHalf = new byte[16], byHighHalf = new byte[16];

    static ulong[] Places(int first)
    {
        var places = new ulong[1 << Group];
        for (var mask = 0; mask < places.Length; mask++)
        {
            var at = 0;
            for (var bits = mask; bits != 0; bits &= bits - 1)
                places[mask] |= (ulong)(first + BitOperations.TrailingZeroCount(bits)) << 8 * at++;
        }
        return places;
    }

    /// <summary>False when a delimiter is no ASCII character.</summary>
    bool FillNibbles()
    {
        Array.Fill(byLowHalf, ControlBit);
        Array.Clear(byHighHalf);
        byHighHalf[0] = byHighHalf[1] = ControlBit;
        var isAscii = true;
        foreach (var delimiter in (ReadOnlySpan<byte>)[element[0], component[0], repetition[0], terminator[0]])
            isAscii &= Class(delimiter, (byte)(1 << (int)new Mark(kinds[delimiter]).Kind));
        return isAscii && (!releases || Class(release[0], ReleaseBit));
    }

    bool Class(byte character, byte bit)
    {
        if (character >= Ascii)
            return false;
        byLowHalf[character & 15] |= bit;
        byHighHalf[character >> 4] |= bit;
        return true;
    }

    int WriteShuffled(byte* bytes, int from, int to, uint* marks, int* firsts)
    {
        Vector256<byte> lows = Twice(byLowHalf), highs = Twice(byHighHalf);
        int markCount = 0, segmentCount = 0;
        var before = 0UL;
        fixed (ulong* lower = lowerPlaces, upper = upperPlaces)
            for (var at = from; at < to; at += Block)
            {
                Vector256<byte> left = Vector256.Load(bytes + at), right = Vector256.Load(bytes + at + 32);
                Vector256<byte> leftClass = Classes(left, lows, highs), rightClass = Classes(right, lows, highs);
                Vector256<byte> leftKind = Kinds(leftClass), rightKind = Kinds(rightClass);
                var all = Mask(leftKind, rightKind);
                var terminators = Mask(Above(leftClass, 7 - (int)MarkKind.Terminator), Above(rightClass, 7 - (int)MarkKind.Terminator));
                var care = Mask(left | leftClass | Above(leftClass, 1), right | rightClass | Above(rightClass, 1));
                // A control character may be a delimiter, and so may, where none is in use, the release character.
                care &= ~all;
                if ((care | terminators & (all << 1 | before >> 63)) != 0 || pending || to - at < Block)
                {
                    var block = new Masks { All = all, Terminators = terminators, Care = care };
                    Mend(bytes, from, at, to, before, segmentCount, ref block);
                    (all, terminators) = (block.All, block.Terminators);
                }
                before = all;
                WriteFirsts(all, terminators, markCount, firsts + segmentCount);
                WriteMarks(Packed(leftKind, 0), Packed(rightKind, 32), all, (uint)at, marks + markCount, lower, upper);
                segmentCount += BitOperations.PopCount(terminators);
                markCount += BitOperations.PopCount(all);
            }
        return segmentCount;
    }

    static Vector256<byte> Twice(byte[] sixteen) => Vector256.Create(Vector128.Create(sixteen), Vector128.Create(sixteen));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Classes(Vector256<byte> bytes, Vector256<byte> lows, Vector256<byte> highs) =>
        Avx2.Shuffle(lows, bytes) & Avx2.Shuffle(highs, (bytes.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)15));

    /// <summary>The kind of each delimiter and the highest bit, 0 for all else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Kinds(Vector256<byte> classes)
    {
        var byClass = Vector256.Create((byte)0, 0x80, 0x81, 0, 0x82, 0, 0, 0, 0x83, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x81, 0, 0x82, 0, 0, 0, 0x83, 0, 0, 0, 0, 0, 0, 0);
        return Avx2.Shuffle(byClass, classes);
    }

    /// <summary>Moves a bit of every byte up to the highest; what comes over from the byte below stays below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Above(Vector256<byte> classes, int bits) => (classes.AsUInt16() << bits).AsByte();

    /// <summary>The lowest byte of the marks a block would have if every byte of it were a delimiter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Packed(Vector256<byte> kinds, byte first) =>
        kinds ^ (Vector256<byte>.Indices + Vector256.Create(first) << Mark.KindBits ^ Vector256.Create((byte)0x80));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteMarks(Vector256<byte> left, Vector256<byte> right, ulong mask, uint at, uint* to, ulong* lower, ulong* upper)
    {
        var origin = Vector256.Create(Mark.Step((int)at));
        to = WriteSixteen(left.GetLower(), (uint)mask, origin, to, lower, upper);
        to = WriteSixteen(left.GetUpper(), (uint)mask >> 16, origin, to, lower, upper);
        to = WriteSixteen(right.GetLower(), (uint)(mask >> 32), origin, to, lower, upper);
        WriteSixteen(right.GetUpper(), (uint)(mask >> 48), origin, to, lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint* WriteSixteen(Vector128<byte> packed, uint mask, Vector256<uint> origin, uint* to, ulong* lower, ulong* upper)
    {
        uint low = mask & 0xFF, high = mask >> 8 & 0xFF;
        WriteEight(packed, lower[low], origin, to);
        to += BitOperations.PopCount(low);
        WriteEight(packed, upper[high], origin, to);
        return to + BitOperations.PopCount(high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteEight(Vector128<byte> packed, ulong places, Vector256<uint> origin, uint* to) =>
        (Avx2.ConvertToVector256Int32(Ssse3.Shuffle(packed, Vector128.CreateScalarUnsafe(places).AsByte())).AsUInt32() + origin).Store(to);
}
