using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Write;

/// <summary>
/// Where the rules of a map stand in its message: each segment is placed as a reader would place it behind those before, in the innermost open group that has
/// room for it.
/// </summary>
sealed class Placement(MessageDefinition message)
{
    readonly List<Level> open = [new(0, -1, 0, -1)];

    /// <summary>An open group.</summary>
    /// <param name="Group">Its node.</param>
    /// <param name="Child">Index of the child that was placed last; -1 = none.</param>
    /// <param name="Times">How many times that child was placed.</param>
    /// <param name="Trigger">Id of the rule that opened it; -1 when no rule did, or a block that is written whole or not at all.</param>
    readonly record struct Level(int Group, int Child, int Times, int Trigger);

    /// <summary>Open groups, the message among them.</summary>
    public int Depth => open.Count;

    /// <summary>The group that the last segment stands in.</summary>
    public int Group => open[^1].Group;

    /// <summary>Rule that opened the innermost group, or -1.</summary>
    public int Trigger => open[^1].Trigger;

    /// <summary>What was found for a segment.</summary>
    /// <param name="Node">The segment or group.</param>
    /// <param name="Depth">How many groups are open around it.</param>
    public readonly record struct Found(Node Node, int Depth);

    /// <summary>Places a segment; null when it cannot stand behind those before it.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="summary">True when it must stand behind the section change.</param>
    /// <param name="floor">Groups that must stay open.</param>
    /// <param name="passed">Takes mandatory segments and groups that were passed by.</param>
    public Found? Place(string tag, bool summary, int floor, ICollection<Node> passed)
    {
        for (var depth = open.Count - 1; depth >= floor - 1; depth--)
        {
            var level = open[depth];
            var children = message.Nodes[level.Group].Children;
            for (var child = Math.Max(level.Child, 0); child < children.Count; child++)
            {
                var node = message.Nodes[children[child]];
                var isUsedUp = child == level.Child && level.Times >= node.Max;
                if (node.Tag != tag || isUsedUp || (summary && !node.Summary))
                    continue;
                Close(depth + 1, passed);
                Pass(level, child, passed);
                open[depth] = level with { Child = child, Times = child == level.Child ? level.Times + 1 : 1 };
                return new(node, depth + 1);
            }
        }
        return null;
    }

    /// <summary>Opens a group that was placed; its first segment is placed with it.</summary>
    public void Open(Node group, int trigger) => open.Add(new(group.Id, 0, 1, trigger));

    /// <summary>Closes groups until only so many are open.</summary>
    public void Close(int depth, ICollection<Node> passed)
    {
        while (open.Count > depth)
        {
            Pass(open[^1], message.Nodes[open[^1].Group].Children.Count, passed);
            open.RemoveAt(open.Count - 1);
        }
    }

    /// <summary>Ends the message.</summary>
    public void End(ICollection<Node> passed)
    {
        Close(1, passed);
        Pass(open[0], message.Nodes[0].Children.Count, passed);
    }

    void Pass(Level level, int to, ICollection<Node> passed)
    {
        var children = message.Nodes[level.Group].Children;
        for (var child = level.Child + 1; child < to; child++)
            if (message.Nodes[children[child]] is { Mandatory: true } node)
                passed.Add(node);
    }
}
