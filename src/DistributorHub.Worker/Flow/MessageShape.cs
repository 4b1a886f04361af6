using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// Which places of its definition a message uses, and with which qualifiers: a set of numbers, since every segment of every file passes here. One shape takes
/// one message after the other.
/// </summary>
sealed class MessageShape
{
    // What standards call a qualifier has three characters at most; a longer value is a mistake, and a finding says so.
    const int QualifierMax = 6;
    const int NodeShift = 8 * QualifierMax;

    readonly HashSet<ulong> keys = [];
    // The last key of each place: most segments repeat it.
    ulong[] last = [];
    ElementAddress?[] qualifiers = [];

    /// <summary>The definition of the message.</summary>
    public MessageDefinition? Definition { get; private set; }

    /// <summary>What the message has; see <see cref="Place"/> and <see cref="Qualifier"/>.</summary>
    public IReadOnlyCollection<ulong> Keys => keys;

    public void Start(MessageDefinition definition)
    {
        keys.Clear();
        if (definition == Definition)
        {
            Array.Clear(last);
            return;
        }
        Definition = definition;
        last = new ulong[definition.Nodes.Count];
        qualifiers = [.. definition.Nodes.Select(node => node.Id > 0 ? definition.Segments.Find(node.Tag)?.Qualifier : null)];
    }

    /// <summary>Takes a segment that stands at a place of the definition.</summary>
    public void See(Segment segment, int node)
    {
        var key = (ulong)node << NodeShift;
        if (qualifiers[node] is { } at)
        {
            var value = segment.Value(at.Element, Math.Max(at.Component, 1)).TrimEnd((byte)' ');
            if (value.Length > QualifierMax)
                return;
            var packed = 0UL;
            foreach (var character in value)
                packed = packed << 8 | character;
            key |= packed;
        }
        if (last[node] == key)
            return;
        last[node] = key;
        if (keys.Count < Limits.DriftKeysMax)
            keys.Add(key);
    }

    /// <summary>The node of a key.</summary>
    public static int Place(ulong key) => (int)(key >> NodeShift);

    /// <summary>The qualifier of a key, or empty.</summary>
    public static string Qualifier(ulong key)
    {
        Span<byte> text = stackalloc byte[QualifierMax];
        var length = 0;
        for (var shift = NodeShift - 8; shift >= 0; shift -= 8)
            if ((byte)(key >> shift) is > 0 and var character)
                text[length++] = character;
        return System.Text.Encoding.UTF8.GetString(text[..length]);
    }
}
