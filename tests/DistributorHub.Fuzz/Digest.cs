using System.Numerics;
using System.Runtime.InteropServices;

namespace DistributorHub.Fuzz;

/// <summary>A number that stands for all that was added to it, in order; equal only within one run of the program.</summary>
struct Digest
{
    ulong state;

    public readonly ulong Value => state;

    public void Add(ulong value) => state = BitOperations.RotateLeft((state ^ value) * 0x9E3779B97F4A7C15, 29) + 0x632BE59BD9B4E019;

    public void Add(long value) => Add((ulong)value);

    public void Add(int value) => Add((ulong)value);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        while (bytes.Length >= 8)
        {
            Add(MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        var rest = 0UL;
        foreach (var one in bytes)
            rest = rest << 8 | one;
        Add(rest);
    }

    public void Add(string? text)
    {
        if (text is null)
            Add(-1);
        else
            Add(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
