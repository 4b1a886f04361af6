using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Edi.Parse;

/// <summary>Between vectors of 64 bytes and masks of 64 bits.</summary>
static class VectorMasks
{
    /// <summary>A bit for every byte that has this one set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Having(Vector512<byte> bytes, byte bit) => Equal(bytes & Vector512.Create(bit), bit);

    /// <summary>A bit for every byte of this value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(Vector512<byte> bytes, byte value) => Vector512.Equals(bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    /// <summary>A byte of ones for every bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Spread(ulong mask)
    {
        // First the mask's byte with that bit, then the bit itself.
        var bits = Vector512.Create(0x8040201008040201).AsByte();
        return Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), Vector512<byte>.Indices >> 3 & Vector512.Create((byte)7)) & bits, bits);
    }
}
