using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <content>
/// Whole segments of a reader. Where separators stay the same and the bytes that are not plain are as many as the marks, they are the
/// marks, and the text can be written as it is.
/// </content>
sealed partial class SegmentWriter
{
    const int Step = 16;

    // A byte is plain when the bit of its high half is set in the entry of its low half.
    Vector128<byte> plainByLow, bitByHigh;
    bool sameSeparators;

    void ConfigureCopy(ReadOnlySpan<byte> allowed)
    {
        Span<byte> low = stackalloc byte[Step];
        low.Clear();
        foreach (var character in allowed)
            low[character & 15] |= (byte)(1 << (character >> 4));
        plainByLow = Vector128.Create<byte>(low);
        bitByHigh = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);
        sameSeparators = false;
    }

    /// <summary>Takes over what the segments of a reader are separated with.</summary>
    public void ConfigureCopyFrom(InterchangeInfo info)
    {
        var d = info.Delimiters;
        sameSeparators = d.Element == delimiters.Element && d.Component == delimiters.Component
            && (!repeats || d.Repetition == delimiters.Repetition) && info.ComponentLead.IsEmpty && componentLead.IsEmpty;
    }

    /// <summary>Writes a segment if nothing of it has to be changed. Its text is that of a reader: bytes can be read behind it.</summary>
    public bool CopyWhole(Segment segment)
    {
        var length = segment.Text.Length;
        var marks = segment.Marks;
        if (!sameSeparators || broken || marks.Length < 2 || marks[^2].End == length - 1 || length > Limits.SegmentBytesMax)
            return false;
        Reserve(length);
        ref var from = ref MemoryMarshal.GetReference(segment.Text);
        ref var to = ref MemoryMarshal.GetArrayDataReference(buffer);
        var special = 0;
        uint before = 0, trailing = 0;
        var (low, high) = (plainByLow, bitByHigh);
        Vector128<byte> element = Vector128.Create(delimiters.Element), component = Vector128.Create(delimiters.Component),
            repetition = Vector128.Create(repeats ? delimiters.Repetition : delimiters.Component), nibble = Vector128.Create((byte)15);
        for (var i = 0; i < length; i += Step)
        {
            var bytes = Vector128.LoadUnsafe(ref from, (nuint)i);
            bytes.StoreUnsafe(ref to, (nuint)(at + i));
            var plainBits = Vector128.ShuffleNative(low, bytes & nibble) & Vector128.ShuffleNative(high, Vector128.ShiftRightLogical(bytes, 4));
            var own = length - i >= Step ? 0xFFFFu : (1u << (length - i)) - 1;
            special += BitOperations.PopCount(Vector128.Equals(plainBits, Vector128<byte>.Zero).ExtractMostSignificantBits() & own);
            // A component or repetition that ends an element may be empty, and then goes without its separator.
            var repeated = Vector128.Equals(bytes, repetition);
            var inner = (Vector128.Equals(bytes, component) | repeated).ExtractMostSignificantBits();
            var outer = (Vector128.Equals(bytes, element) | (repeats ? repeated : Vector128<byte>.Zero)).ExtractMostSignificantBits();
            trailing |= (inner << 1 | before) & outer & own;
            before = inner >> (Step - 1);
        }
        if (special != marks.Length - 1 || trailing != 0)
            return false;
        at += length;
        Terminate();
        return true;
    }
}
