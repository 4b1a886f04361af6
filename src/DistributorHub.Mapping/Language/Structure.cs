using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Language;

/// <summary>Questions about the tree of one message.</summary>
sealed class Structure(MessageDefinition message)
{
    public MessageDefinition Message { get; } = message;

    public string Name => Message.Name;

    public Node this[int id] => Message.Nodes[id];

    /// <summary>True when the node is the group or lies in it.</summary>
    public bool Contains(int group, int node) => group >= 0 && node >= group && node < Message.Nodes[group].End;

    /// <summary>The child of a group that is, or leads to, a node inside it.</summary>
    public int Branch(int group, int node) => Message.Nodes[group].Children.First(child => Contains(child, node));

    /// <summary>
    /// The children of a group with a tag. Without <c>@sum</c> those before the section change, if there are any;
    /// so a tag that stands only after it needs no mark.
    /// </summary>
    public List<Node> Children(int group, string tag, bool summary)
    {
        var all = Message.Nodes[group].Children.Select(id => Message.Nodes[id]).Where(n => n.Tag == tag).ToList();
        return summary ? all.FindAll(n => n.Summary) : all.Exists(n => !n.Summary) ? all.FindAll(n => !n.Summary) : all;
    }

    /// <summary>The group of levels (HL, CPS) that a node is or lies in, or -1.</summary>
    public int LevelsAround(int node)
    {
        while (node > 0 && !IsLevels(node))
            node = Message.Nodes[node].Parent;
        return node > 0 ? node : -1;
    }

    bool IsLevels(int node) => Message.Nodes[node].IsGroup && Message.Segments.Find(Message.Nodes[node].Tag)?.Tree is not null;

    /// <summary>The path of a node as a map writes it, from the message, without a leading slash.</summary>
    public string PathOf(int id)
    {
        var steps = new List<string>();
        for (var node = Message.Nodes[id]; node.Id > 0; node = Message.Nodes[node.Parent])
        {
            // The trigger of a group is named by the group.
            if (!node.IsGroup && node.Parent > 0 && node.Id == node.Parent + 1)
                continue;
            var twins = Message.Nodes[node.Parent].Children.Any(c => Message.Nodes[c].Tag == node.Tag && !Message.Nodes[c].Summary);
            steps.Add(node.Summary && twins ? node.Tag + "@sum" : node.Tag);
        }
        steps.Reverse();
        return string.Join('/', steps);
    }

    /// <summary>How people call a group: its path, or the message's name.</summary>
    public string Describe(int group) => group == 0 ? Name : PathOf(group);

    /// <summary>Where a tag stands, as a hint for someone who looked for it in <paramref name="group"/>; else the nearest tag there; else null.</summary>
    public string? WhereIs(string tag, int group)
    {
        // Of many places those of the lines are meant most often, and of these the least deep: LIN/QTY rather than SCC/QTY or LIN/PAC/QTY.
        var places = Message.Nodes.Where(n => n.Id > 0 && n.Tag == tag && !IsTriggerSegment(n))
            .OrderBy(n => !Contains(Message.Detail, n.Id)).ThenBy(n => Contains(Message.Detail, n.Id) ? Depth(n) : 0).ToList();
        var inside = places.Find(n => n.Id != group && Contains(group, n.Id));
        if (inside is not null)
            return $"it exists at {Relative(inside.Id, group)}";
        var near = Hints.DidYouMean(tag, Message.Nodes[group].Children.Select(c => Message.Nodes[c].Tag).Distinct().ToList());
        if (near is not null)
            return near;
        if (places.Count > 0)
            return $"it exists at {string.Join(", ", places.Take(3).Select(p => "/" + PathOf(p.Id)))}{(places.Count > 3 ? ", …" : "")}";
        return Message.Segments.Find(tag) is null
            ? Hints.DidYouMean(tag, [.. Message.Nodes.Skip(1).Select(n => n.Tag).Distinct()])
            : $"{Name} has no {tag}";
    }

    int Depth(Node node)
    {
        var depth = 0;
        for (; node.Id > 0; node = Message.Nodes[node.Parent])
            depth++;
        return depth;
    }

    string Relative(int node, int group)
    {
        var path = PathOf(node);
        return group == 0 ? path : path[(PathOf(group).Length + 1)..];
    }

    static bool IsTriggerSegment(Node node) => !node.IsGroup && node.Parent > 0 && node.Id == node.Parent + 1;
}
