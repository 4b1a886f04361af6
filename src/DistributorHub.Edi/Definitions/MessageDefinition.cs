using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Definitions;

/// <summary>
/// The structure of one message: a tree of segments and groups, flattened in order of the text (pre-order), so that a node's id is its index.
/// Node 0 is the message itself. Read from compact text by the definition reader.
/// </summary>
public sealed class MessageDefinition
{
    /// <summary>The standard the message is of.</summary>
    public required Standard Standard { get; init; }

    /// <summary>Message type: <c>ORDERS</c>, <c>850</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Release: <c>D.96A</c>, <c>004010</c>.</summary>
    public required string Release { get; init; }

    /// <summary>Type and release as people read them; the type alone where there are no releases.</summary>
    public string Name => Release.Length == 0 ? Type : $"{Type} {Release}";

    /// <summary>All nodes, pre-order; index = <see cref="Node.Id"/>.</summary>
    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>Id of the group marked as the detail loop, or -1. Rows are made one instance of it at a time.</summary>
    public required int Detail { get; init; }

    /// <summary>Segments used by this message and how their elements are built.</summary>
    public required SegmentDictionary Segments { get; init; }

    StructureTable? structure;
    SegmentRules[]? rules;

    /// <summary>The structure as a table, compiled on first use. Two threads may both compile it; they make the same.</summary>
    internal StructureTable Structure => structure ??= new StructureTable(this);

    /// <summary>For every segment node, how its elements are checked.</summary>
    internal SegmentRules[] Rules => rules ??= CompileRules();

    /// <summary>One sentence for each segment that could stand in two places; the nearest is taken until it is used up. Empty is good.</summary>
    public IReadOnlyList<string> Ambiguities() =>
        [.. Structure.Ambiguities.Select(a => $"After {Called(a.Place)}, {a.Tag} can be that of {Called(Nodes[a.Taken].Parent)} and that of {Called(Nodes[a.Other].Parent)}.")];

    string Called(int node) => Nodes[node].Label is { } label ? $"{Nodes[node].Tag} ({label})" : Nodes[node].Tag;

    SegmentRules[] CompileRules()
    {
        var bySegment = new Dictionary<string, SegmentRules>(StringComparer.Ordinal);
        var byNode = new SegmentRules[Nodes.Count];
        for (var id = 1; id < Nodes.Count; id++)
        {
            var tag = Nodes[id].Tag;
            if (!bySegment.TryGetValue(tag, out var made))
                bySegment.Add(tag, made = new SegmentRules(Segments.Find(tag)!, Segments.Codes));
            byNode[id] = made;
        }
        return byNode;
    }
}

/// <summary>A segment or a group at one place of a message's structure.</summary>
public sealed class Node
{
    /// <summary>Index in <see cref="MessageDefinition.Nodes"/>.</summary>
    public required int Id { get; init; }

    /// <summary>Id of the group (or message, 0) that holds this node; -1 for the message.</summary>
    public required int Parent { get; init; }

    /// <summary>Tag of the segment; for a group, the tag of its trigger; for the message, its type.</summary>
    public required string Tag { get; init; }

    /// <summary>True for a group. Its first child is its trigger segment, with id = group id + 1.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>True when the group around it cannot do without.</summary>
    public required bool Mandatory { get; init; }

    /// <summary>Most repetitions; <see cref="int.MaxValue"/> when the standard sets no bound.</summary>
    public required int Max { get; init; }

    /// <summary>Name for people and acknowledgements, such as <c>SG25</c>; null where the standard gives none.</summary>
    public string? Label { get; init; }

    /// <summary>True when the node stands after the section change (UNS), where paths write <c>@sum</c> to tell it from a sibling before it.</summary>
    public bool Summary { get; init; }

    /// <summary>Ids of the children, in order.</summary>
    public required IReadOnlyList<int> Children { get; init; }

    /// <summary>Id after the last descendant: descendants are the ids in (Id, End).</summary>
    public required int End { get; init; }
}
