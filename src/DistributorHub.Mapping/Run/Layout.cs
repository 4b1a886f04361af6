using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// Which frame holds which node of a message: the message, each group around the unit, and the unit have a frame each; a node belongs to the innermost.
/// Frames are numbered from the message (0) inwards.
/// </summary>
sealed class Layout
{
    readonly int[] holderOf;
    readonly int[] groups;
    readonly bool[] isFrame;

    public Layout(MessageDefinition message, int unit)
    {
        Message = message;
        var chain = new List<int>();
        for (var group = unit; group > 0; group = message.Nodes[group].Parent)
            chain.Insert(0, group);
        groups = [0, .. chain];
        holderOf = new int[message.Nodes.Count];
        isFrame = new bool[message.Nodes.Count];
        foreach (var group in groups)
            isFrame[group] = true;
        for (var holder = 1; holder < groups.Length; holder++)
            if (message.Segments.Find(message.Nodes[groups[holder]].Tag)?.Tree is { } tree)
                (Levels, Tree) = (holder, tree);
        for (var holder = 1; holder < groups.Length; holder++)
            for (var node = groups[holder] + 1; node < message.Nodes[groups[holder]].End; node++)
                holderOf[node] = holder;
    }

    public MessageDefinition Message { get; }

    /// <summary>Group of each frame.</summary>
    public ReadOnlySpan<int> Groups => groups;

    public int Frames => groups.Length;

    /// <summary>Frame of the group whose instances are levels of a tree (HL, CPS), or -1.</summary>
    public int Levels { get; } = -1;

    /// <summary>Where that group's first segment names itself and its parent.</summary>
    public TreeDefinition? Tree { get; }

    /// <summary>Frame that holds a segment's node.</summary>
    public int HolderOf(int node) => holderOf[node];

    /// <summary>True when each instance of the group has the frame to itself.</summary>
    public bool IsFrame(int group) => isFrame[group];

    /// <summary>Frame in which instances of a group lie: its own, or the one around it.</summary>
    public int HolderOfGroup(int group) => group == 0 ? 0 : HolderOf(TriggerOf(group));

    /// <summary>Node of the segment that starts an instance: a group's first child, or the segment itself where a repeating segment makes rows.</summary>
    public int TriggerOf(int group) => Message.Nodes[group].IsGroup ? group + 1 : group;

    /// <summary>Frame that a segment opens by being its group's trigger, or -1.</summary>
    public int Opens(int node) => node > 1 && holderOf[node] > 0 && groups[holderOf[node]] == node - 1 ? holderOf[node] : -1;

    public bool Encloses(int group, int node) => group <= node && node < Message.Nodes[group].End;

    /// <summary>
    /// Index after the last segment of the group instance whose trigger stands at <paramref name="start"/>: where a segment outside the group comes,
    /// or its trigger again.
    /// </summary>
    public int EndOf(Frame frame, int start, int group, int end)
    {
        int last = Message.Nodes[group].End, trigger = TriggerOf(group);
        var i = start + 1;
        while (i < end && frame[i].Node is var node && node > trigger && node < last)
            i++;
        return i;
    }
}
