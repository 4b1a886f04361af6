using System.Numerics;

namespace DistributorHub.Edi.Definitions;

/// <summary>The codes of one element as a hash table, so that the check of every value is one multiplication and one compare.</summary>
sealed class CodeSet
{
    /// <summary>Longest code that is kept as a number; the few longer ones are compared as text.</summary>
    const int PackedBytesMax = 8;

    readonly ulong[] slots;
    readonly int shift;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? longer;

    public int Count { get; }

    public CodeSet(IReadOnlyCollection<string> codes)
    {
        var packed = new HashSet<ulong>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var code in codes)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(code);
            if (bytes.Length is > 0 and <= PackedBytesMax)
                packed.Add(Pack(bytes));
            else if (bytes.Length > 0)
                texts.Add(code);
        }
        Count = packed.Count + texts.Count;
        longer = texts.Count > 0 ? texts.GetAlternateLookup<ReadOnlySpan<char>>() : null;
        // A table a quarter full: most codes stand where they are looked for first.
        var bits = BitOperations.Log2((uint)Math.Max(packed.Count, 1)) + 3;
        shift = 64 - bits;
        slots = new ulong[1 << bits];
        foreach (var key in packed)
        {
            var slot = Slot(key);
            while (slots[slot] != 0)
                slot = slot + 1 & slots.Length - 1;
            slots[slot] = key;
        }
    }

    /// <summary>True when the UTF-8 value is one of the codes, in this writing.</summary>
    public bool Contains(ReadOnlySpan<byte> value)
    {
        if (value.Length > PackedBytesMax)
            return IsLonger(value);
        // Packed, leading zero bytes would not be seen; no code begins with one.
        if (value.IsEmpty || value[0] == 0)
            return false;
        var key = Pack(value);
        for (var slot = Slot(key); ; slot = slot + 1 & slots.Length - 1)
        {
            var there = slots[slot];
            if (there == key)
                return true;
            if (there == 0)
                return false;
        }
    }

    int Slot(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> shift);

    static ulong Pack(ReadOnlySpan<byte> value)
    {
        // Most codes have one to three characters.
        switch (value.Length)
        {
            case 1:
                return value[0];
            case 2:
                return (uint)(value[0] << 8 | value[1]);
            case 3:
                return (uint)(value[0] << 16 | value[1] << 8 | value[2]);
        }
        var key = 0UL;
        foreach (var sign in value)
            key = key << 8 | sign;
        return key;
    }

    bool IsLonger(ReadOnlySpan<byte> value)
    {
        const int charsMax = 64;
        Span<char> text = stackalloc char[charsMax];
        return longer is { } set && value.Length <= charsMax && set.Contains(text[..System.Text.Encoding.UTF8.GetChars(value, text)]);
    }
}
