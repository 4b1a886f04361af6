using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Explain;

/// <summary>Finds, segment by segment, what no rule of a map reads, or all there is. It holds one segment, and the first one of each open group.</summary>
sealed class UnreadValues
{
    const int KindsMax = 10_000;
    const int SamplesMax = 3;
    const int PlacesMax = 20_000;

    readonly MessageDefinition message;
    readonly ElementNames names;
    readonly ILookup<int, Reach> reaches, ignored;
    readonly Frame segment;
    readonly Frame?[] triggers;

    /// <summary>For every group, true while what stands in it is ignored.</summary>
    readonly bool[] inIgnored;
    readonly bool isSurvey;
    readonly List<(long Start, long End)> places = [];
    Func<int, long>? bytes;
    readonly Dictionary<(int Node, string Path), Kind> kinds = [];
    bool[] read = new bool[64];

    sealed class Kind(int order)
    {
        public int Order { get; } = order;

        public long Count { get; set; }

        public List<string> Samples { get; } = [];
    }

    /// <summary>Of a message that no map reads: every value of every segment.</summary>
    public UnreadValues(MessageDefinition message)
    {
        this.message = message;
        names = new(message);
        segment = new(message.Nodes.Count, Limits.SegmentBytesMax);
        triggers = new Frame?[message.Nodes.Count];
        inIgnored = new bool[message.Nodes.Count];
        isSurvey = true;
        reaches = ignored = Enumerable.Empty<(int Node, Reach Reach)>().ToLookup(r => r.Node, r => r.Reach);
    }

    public UnreadValues(MapPlan plan)
        : this(plan.Message)
    {
        isSurvey = false;
        reaches = plan.Blocks.SelectMany(block => ReachesOf(block, plan)).SelectMany(r => r.Nodes.Select(node => (node, r))).ToLookup(r => r.node, r => r.r);
        ignored = plan.Ignored.Select(path => new Reach(path.Segments, path.Predicates, [.. path.OpenGroups, .. path.Groups], message, path))
            .SelectMany(r => r.Nodes.Select(node => (node, r))).ToLookup(r => r.node, r => r.r);
    }

    /// <summary>Bytes of the file that hold what was found, the first many, where it was told how to find them.</summary>
    public IReadOnlyList<(long Start, long End)> Places => places;

    /// <summary>Kinds that were left out because there are so many.</summary>
    public long Beyond { get; private set; }

    static IEnumerable<Reach> ReachesOf(RowBlock block, MapPlan plan)
    {
        var around = Around(block, plan).ToList();
        foreach (var step in around)
            yield return Reach.OfStep(step, plan.Message);
        var rules = block.Columns.Select(c => c.Value).Concat(block.Checks.Select(c => c.Condition));
        if (block.Where is { } where)
            rules = rules.Append(where);
        foreach (var (path, _) in rules.SelectMany(rule => Streams.Reads(rule, _ => null)))
            // What is read from outside the row's group does not depend on which instances make rows.
            foreach (var reach in Reach.Of(path, path.Scope == block.Group ? around : [], plan.Message))
                yield return reach;
    }

    // What for: asks, of this block and of those around it.
    static IEnumerable<GroupStep> Around(RowBlock block, MapPlan plan) =>
        block.Outer < 0 ? block.For : Around(plan.Blocks[block.Outer], plan).Concat(block.For);

    /// <param name="seen">The segment.</param>
    /// <param name="node">Its place in the message.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="offsetOf">Answers the byte of the file that an index of its text stands at; null when nobody asks where.</param>
    public void See(Segment seen, int node, Position at, Func<int, long>? offsetOf = null)
    {
        bytes = offsetOf;
        // The section change says nothing but where it stands.
        if (message.Nodes[node].Tag == "UNS")
            return;
        segment.Clear();
        segment.Add(seen, node, at);
        Open(seen, node, at);
        if (IsIgnored(node))
            return;
        var marks = segment.MarksOf(0).Length;
        if (read.Length < marks)
            read = new bool[marks * 2];
        read.AsSpan().Clear();
        var definition = message.Segments.Find(message.Nodes[node].Tag)!;
        var isRead = isSurvey || definition.Tree is not null;
        foreach (var reach in reaches[node])
        {
            if (!reach.Holds(segment, triggers))
                continue;
            isRead = true;
            reach.Mark(segment, definition, read);
        }
        foreach (var reach in ignored[node])
            if (reach.Holds(segment, triggers))
                reach.Mark(segment, definition, read);
        if (isRead)
            CountValues(node, definition);
        else
        {
            Count(node, PathOf(node, definition), Brief.Of(segment.TextOf(0)));
            Place((0, segment.TextOf(0).Length));
        }
    }

    void Place((int Start, int End) value)
    {
        if (bytes is not null && places.Count < PlacesMax)
            places.Add((bytes(value.Start), bytes(value.End)));
    }

    // A group begins: what is asked of it is asked of this segment from now on.
    void Open(Segment seen, int node, Position at)
    {
        var group = message.Nodes[node].Parent;
        if (group <= 0 || node != group + 1)
            return;
        var trigger = triggers[group] ??= new(message.Nodes.Count, Limits.SegmentBytesMax);
        trigger.Clear();
        trigger.Add(seen, node, at);
        inIgnored[group] = IsIgnoredHere(node);
    }

    bool IsIgnored(int node)
    {
        for (var group = message.Nodes[node].Parent; group > 0; group = message.Nodes[group].Parent)
            if (inIgnored[group])
                return true;
        return IsIgnoredHere(node);
    }

    bool IsIgnoredHere(int node) => ignored[node].Any(reach => reach.IsSegment && reach.Holds(segment, triggers));

    void CountValues(int node, SegmentDefinition definition)
    {
        if (definition.Tree is { } tree)
            foreach (var element in (ReadOnlySpan<int>)[tree.Id, tree.Parent, tree.Level])
                if (segment.Find(0, element, 0, 1) is >= 0 and var mark)
                    read[mark] = true;
        var marks = segment.MarksOf(0);
        var (position, component, repetition) = (0, 1, 1);
        for (var mark = 0; mark < marks.Length; mark++)
        {
            if (mark > 0)
                (position, component, repetition) = marks[mark - 1].Kind switch
                {
                    MarkKind.Element => (position + 1, 1, 1),
                    MarkKind.Component => (position, component + 1, repetition),
                    _ => (position, 1, repetition + 1),
                };
            if (mark > 0 && !read[mark] && segment.Find(0, position, component, repetition) == mark)
            {
                Count(node, PathOf(node, definition, position, component, repetition), Brief.Of(segment.Text(0, mark)));
                Place(segment.Bounds(0, mark));
            }
        }
    }

    void Count(int node, string path, string sample)
    {
        if (!kinds.TryGetValue((node, path), out var kind))
        {
            if (kinds.Count >= KindsMax)
            {
                Beyond++;
                return;
            }
            kinds.Add((node, path), kind = new(kinds.Count));
        }
        kind.Count++;
        if (kind.Samples.Count < SamplesMax && !kind.Samples.Contains(sample))
            kind.Samples.Add(sample);
    }

    string PathOf(int node, SegmentDefinition definition) =>
        names.Structure.PathOf(node) + (definition.Qualifier is { } at && segment.Find(0, at.Element, at.Component, 1) is >= 0 and var mark ? $"[{Brief.Of(segment.Text(0, mark))}]" : "");

    string PathOf(int node, SegmentDefinition definition, int element, int component, int repetition)
    {
        var path = PathOf(node, definition);
        foreach (var pair in definition.Pairs)
            if (element >= pair.First && element <= pair.Last && segment.Find(0, element - (element - pair.First) % 2, 0, 1) is >= 0 and var code)
                return $"{path}.{pair.Name}[{Brief.Of(segment.Text(0, code))}]";
        var name = names.NameOf(message.Nodes[node].Tag, element, component);
        if (message.Standard > Standard.X12)
            return name;
        var composite = name.Split('.')[0];
        return definition.CompositeQualifiers.FirstOrDefault(q => q.Composite == composite) is { } qualified
            && segment.Find(0, element, qualified.Qualifier, repetition) is >= 0 and var mark
            ? $"{path}.{composite}[{Brief.Of(segment.Text(0, mark))}]{name[composite.Length..]}" : message.Standard == Standard.X12 && !path.EndsWith(']') && !path.EndsWith("@sum", StringComparison.Ordinal) ? path + name : $"{path}.{name}";
    }

    public IReadOnlyList<UnreadValue> All => [.. ByNode.Select(k => k.Value)];

    /// <summary>The same, each with the place of its segment in the message.</summary>
    public IEnumerable<(int Node, UnreadValue Value)> ByNode =>
        kinds.OrderBy(k => k.Key.Node).ThenBy(k => k.Value.Order).Select(k => (k.Key.Node, new UnreadValue(k.Key.Path, k.Value.Count, k.Value.Samples)));
}
