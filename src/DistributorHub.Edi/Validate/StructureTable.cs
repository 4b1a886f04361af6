using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Validate;

/// <summary>
/// A message's structure compiled to "at this segment, with that tag next, go there".
/// The nearest place forward wins, an inner group before an outer one, and nothing lies beyond a mandatory segment that has not come:
/// with these three rules no message this product carries needs to look ahead or to go back.
/// </summary>
sealed class StructureTable
{
    readonly uint[] keys;
    readonly short[] keyTags;
    readonly uint multiplier;
    readonly int shift;
    readonly short[] next;
    readonly Dictionary<int, short[]> alternates = [];
    readonly List<Ambiguity> ambiguities = [];

    public MessageDefinition Definition { get; }

    /// <summary>Number of different tags in the message; tags are numbered from 0.</summary>
    public int TagCount { get; }

    /// <summary>Number of legal pairs of a place and the tag that follows, the end of the message counted as a tag.</summary>
    public int LegalPairs { get; }

    /// <summary>Places and tags with more than one way on. The first is taken; the others only when the first is used up.</summary>
    public IReadOnlyList<Ambiguity> Ambiguities => ambiguities;

    /// <summary>For every node, the number of its tag.</summary>
    public short[] TagOf { get; }

    /// <summary>For every segment that starts a group, the group; -1 for all others.</summary>
    public int[] Opens { get; }

    public int[] Max { get; }

    /// <summary>For every node, <see cref="Node.End"/>.</summary>
    public int[] Ends { get; }

    public StructureTable(MessageDefinition definition)
    {
        Definition = definition;
        var nodes = definition.Nodes;
        if (nodes.Count > short.MaxValue)
            throw new ArgumentException($"{definition.Type} {definition.Release} has {nodes.Count} nodes; the most is {short.MaxValue}.", nameof(definition));
        var tags = new Dictionary<uint, short>();
        TagOf = new short[nodes.Count];
        Opens = new int[nodes.Count];
        Max = new int[nodes.Count];
        Ends = new int[nodes.Count];
        for (var id = 0; id < nodes.Count; id++)
        {
            var node = nodes[id];
            Max[id] = node.Max;
            Ends[id] = node.End;
            Opens[id] = id > 1 && !node.IsGroup && node.Parent == id - 1 && node.Parent > 0 ? node.Parent : -1;
            if (id == 0)
                continue;
            var key = Key(System.Text.Encoding.ASCII.GetBytes(node.Tag));
            if (!tags.TryGetValue(key, out var tag))
                tags.Add(key, tag = (short)tags.Count);
            TagOf[id] = tag;
        }
        TagCount = tags.Count;
        (keys, keyTags, multiplier, shift) = PerfectHash(tags);
        next = new short[nodes.Count * TagCount];
        for (var place = 0; place < nodes.Count; place++)
            if (place == 0 || !nodes[place].IsGroup)
                LegalPairs += Compile(place);
    }

    /// <summary>Two or three characters of a tag as a number; 0 for anything else.</summary>
    public static uint Key(ReadOnlySpan<byte> tag) => tag.Length switch
    {
        3 => tag[0] | (uint)tag[1] << 8 | (uint)tag[2] << 16,
        2 => tag[0] | (uint)tag[1] << 8,
        _ => 0,
    };

    /// <summary>The number of a tag, or -1 when the message has no such segment.</summary>
    public int TagIndex(ReadOnlySpan<byte> tag)
    {
        var key = Key(tag);
        var slot = (int)(key * multiplier >> shift);
        return keys[slot] == key && key != 0 ? keyTags[slot] : -1;
    }

    /// <summary>The segment's node when <paramref name="tag"/> legally follows <paramref name="place"/> (0 = the start), or 0.</summary>
    public int Next(int place, int tag) => next[place * TagCount + tag];

    /// <summary>Further places for an ambiguous tag, nearest first; empty for all others.</summary>
    public ReadOnlySpan<short> Alternates(int place, int tag) => alternates.GetValueOrDefault(place * TagCount + tag);

    int Compile(int place)
    {
        var legal = 0;
        foreach (var step in Forward(place, stopAtMandatory: true))
        {
            if (step.Node == 0)
                return legal + 1;
            var slot = place * TagCount + TagOf[step.Node];
            if (next[slot] == 0)
            {
                next[slot] = (short)step.Node;
                legal++;
                continue;
            }
            alternates[slot] = [.. alternates.GetValueOrDefault(slot) ?? [], (short)step.Node];
            ambiguities.Add(new Ambiguity(place, Definition.Nodes[step.Node].Tag, next[slot], step.Node));
        }
        return legal;
    }

    /// <summary>
    /// Every segment that can come after a place, nearest first; node 0 is the end of the message.
    /// Without the stop at mandatory segments, a step says which of them it leaves out.
    /// </summary>
    public IEnumerable<Step> Forward(int place, bool stopAtMandatory)
    {
        var nodes = Definition.Nodes;
        var missing = new List<int>();
        var group = place == 0 ? 0 : nodes[place].Parent;
        var from = 0;
        if (place != 0)
        {
            // A place inside the group: the same segment again, then what follows it.
            if (nodes[place].Max > 1 && Opens[place] < 0)
                yield return new Step(place, missing);
            from = IndexIn(nodes[group], place) + 1;
        }
        while (true)
        {
            for (var i = from; i < nodes[group].Children.Count; i++)
            {
                var child = nodes[nodes[group].Children[i]];
                yield return new Step(child.IsGroup ? child.Id + 1 : child.Id, missing);
                if (!child.Mandatory)
                    continue;
                if (stopAtMandatory)
                    yield break;
                missing.Add(child.Id);
            }
            if (group == 0)
                break;
            if (nodes[group].Max > 1)
                yield return new Step(group + 1, missing);
            from = IndexIn(nodes[nodes[group].Parent], group) + 1;
            group = nodes[group].Parent;
        }
        yield return new Step(0, missing);
    }

    static int IndexIn(Node parent, int child)
    {
        for (var i = 0; i < parent.Children.Count; i++)
            if (parent.Children[i] == child)
                return i;
        throw new ArgumentException($"Node {child} is no child of node {parent.Id}.", nameof(child));
    }

    /// <summary>Finds a multiplier that spreads the tags over a small table without two in one slot, so that a look-up is one compare.</summary>
    static (uint[] Keys, short[] Tags, uint Multiplier, int Shift) PerfectHash(Dictionary<uint, short> tags)
    {
        for (var bits = System.Numerics.BitOperations.Log2((uint)Math.Max(tags.Count, 2)) + 2; ; bits++)
        {
            // Odd steps of the golden ratio: a fixed sequence, so that every start of the program builds the same table.
            for (uint attempt = 1, factor = 0x9E3779B1; attempt < 512; attempt++, factor = factor * 0x9E3779B1 | 1)
            {
                var slots = new uint[1 << bits];
                var values = new short[1 << bits];
                var fits = true;
                foreach (var (key, tag) in tags)
                {
                    var slot = key * factor >> 32 - bits;
                    if (fits &= slots[slot] == 0)
                        (slots[slot], values[slot]) = (key, tag);
                }
                if (fits)
                    return (slots, values, factor, 32 - bits);
            }
        }
    }

    /// <summary>A place that can follow, and the mandatory nodes left out on the way to it (valid until the next step is taken).</summary>
    public readonly record struct Step(int Node, List<int> Missing);

    /// <summary>A tag that fits two places.</summary>
    public readonly record struct Ambiguity(int Place, string Tag, int Taken, int Other);
}
