using System.Numerics;
using System.Text;

namespace DistributorHub.Mapping.Codes;

/// <summary>An immutable table from UTF-8 text to UTF-8 text that is searched with spans: open addressing, at most half full.</summary>
sealed class Utf8Table
{
    readonly byte[]?[] keys;
    readonly byte[][] values;
    readonly int mask;

    public Utf8Table(IReadOnlyDictionary<string, string> entries)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, entries.Count * 2));
        mask = size - 1;
        keys = new byte[size][];
        values = new byte[size][];
        foreach (var (key, value) in entries)
        {
            var bytes = Encoding.UTF8.GetBytes(key);
            var slot = Hash(bytes) & mask;
            while (keys[slot] is not null)
                slot = (slot + 1) & mask;
            keys[slot] = bytes;
            values[slot] = Encoding.UTF8.GetBytes(value);
        }
    }

    public byte[]? Find(ReadOnlySpan<byte> key)
    {
        for (var slot = Hash(key) & mask; keys[slot] is { } candidate; slot = (slot + 1) & mask)
            if (key.SequenceEqual(candidate))
                return values[slot];
        return null;
    }

    // FNV-1a: keys are codes of a few characters written by the seller, not by an attacker.
    static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261u;
        foreach (var b in key)
            hash = (hash ^ b) * 16777619;
        return (int)(hash ^ hash >> 16);
    }
}
