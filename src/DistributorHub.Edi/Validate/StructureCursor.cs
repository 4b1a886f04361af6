using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Validate;

/// <summary>What is wrong with a segment's place.</summary>
enum PlaceFault
{
    None,

    /// <summary>The message has no segment of this tag.</summary>
    NotInMessage,

    /// <summary>Mandatory segments before it did not come: see <see cref="StructureCursor.Missing"/>.</summary>
    MandatoryMissing,
    OutOfOrder,
    SegmentTooOften,
    GroupTooOften,

    /// <summary>Its group was not begun: see <see cref="StructureCursor.Group"/>.</summary>
    TriggerMissing,

    /// <summary>The detail group came without the group around it; that one is taken as begun.</summary>
    GroupImplied,

    /// <summary>A consequence of the fault before it.</summary>
    Consequence,
}

/// <summary>
/// Follows one message through its structure. What is legal takes one table look-up; what is not is placed where a reader would
/// place it, so that one mistake makes one fault and the segments after it are judged as if it had not happened.
/// </summary>
sealed class StructureCursor(StructureTable table)
{
    readonly int[] counts = new int[table.Definition.Nodes.Count];
    readonly bool[] missed = new bool[table.Definition.Nodes.Count];
    readonly IReadOnlyList<Node> nodes = table.Definition.Nodes;
    readonly List<int> missing = [];
    int place;
    int skippedGroup = -1;
    bool anyMissed;

    // The last segment that had no legal place, and the instance of the detail group it came in.
    (int Tag, int Instance) strayed = (-1, 0);

    /// <summary>The node of the last segment that has a place; 0 at the start.</summary>
    public int Place => place;

    /// <summary>Mandatory nodes that did not come, for the last segment.</summary>
    public IReadOnlyList<int> Missing => missing;

    /// <summary>The UNS among <see cref="Missing"/> without which every segment is still known to stand before or after it; or -1.</summary>
    public int Dispensable { get; private set; } = -1;

    /// <summary>The group of the last fault <see cref="PlaceFault.TriggerMissing"/>, or -1.</summary>
    public int Group { get; private set; } = -1;

    /// <summary>Times a segment stands in the open instance of its group; for a group, its instances so far in the one around it.</summary>
    public int Count(int node) => counts[node];

    public void Reset()
    {
        Array.Clear(counts);
        Array.Clear(missed);
        missing.Clear();
        (place, skippedGroup, anyMissed, strayed, Dispensable) = (0, -1, false, (-1, 0), -1);
    }

    /// <summary>Places the next segment; node -1 when it has no place and is skipped.</summary>
    public (int Node, PlaceFault Fault) Accept(ReadOnlySpan<byte> tag)
    {
        var index = table.TagIndex(tag);
        if (index < 0)
            return (-1, PlaceFault.NotInMessage);
        var target = table.Next(place, index);
        if (target == 0)
            return Recover(index);

        skippedGroup = -1;
        if (UsedUp(target))
            foreach (var other in table.Alternates(place, index))
                if (!UsedUp(other))
                {
                    target = other;
                    break;
                }
        return (target, Enter(target));
    }

    /// <summary>What is mandatory and did not come by the end of the message.</summary>
    public IReadOnlyList<int> End()
    {
        missing.Clear();
        Dispensable = -1;
        foreach (var step in table.Forward(place, stopAtMandatory: false))
            if (step.Node == 0)
                KeepMissing(step.Missing);
        return missing;
    }

    bool UsedUp(int target)
    {
        var counted = table.Opens[target] >= 0 ? table.Opens[target] : target;
        return counts[counted] >= table.Max[counted];
    }

    /// <summary>Moves to a segment; a group's first segment begins a new instance of it.</summary>
    PlaceFault Enter(int target)
    {
        place = target;
        var group = table.Opens[target];
        if (group < 0)
            return ++counts[target] == OneTooMany(target) ? PlaceFault.SegmentTooOften : PlaceFault.None;
        Begin(group);
        counts[target] = 1;
        return counts[group] == OneTooMany(group) ? PlaceFault.GroupTooOften : PlaceFault.None;
    }

    /// <summary>The first one over the limit is the fault; those after it are its consequence.</summary>
    long OneTooMany(int node) => table.Max[node] + 1L;

    void Begin(int group)
    {
        counts[group]++;
        var length = table.Ends[group] - group - 1;
        counts.AsSpan(group + 1, length).Clear();
        if (anyMissed)
            missed.AsSpan(group + 1, length).Clear();
    }

    (int Node, PlaceFault Fault) Recover(int tag)
    {
        if (skippedGroup >= 0 && Inside(skippedGroup, tag))
            return (-1, PlaceFault.Consequence);
        var inner = place == 0 ? 0 : nodes[place].Parent;
        if (Earlier(inner, place, tag) is var near && near > 0)
        {
            strayed = (tag, Instance);
            return Return(near);
        }
        if (Ahead(tag) is var ahead && ahead > 0)
            return (ahead, missing.Count > 0 ? PlaceFault.MandatoryMissing : PlaceFault.None);
        strayed = (tag, Instance);
        for (var group = inner; group > 0; group = nodes[group].Parent)
            if (Earlier(nodes[group].Parent, group, tag) is var outer && outer > 0)
                return Return(outer);
        if (tag == table.TagOf[Math.Max(table.Definition.Detail, 0)] && table.Definition.Detail > 0 && Imply(table.Definition.Detail))
            return (place, PlaceFault.GroupImplied);
        Group = GroupOf(tag);
        skippedGroup = Group;
        return (-1, PlaceFault.TriggerMissing);
    }

    /// <summary>A segment of this tag up to the current child of an open group, or 0.</summary>
    int Earlier(int group, int current, int tag)
    {
        foreach (var id in nodes[group].Children)
        {
            if (id > current)
                break;
            var segment = nodes[id].IsGroup ? id + 1 : id;
            // A group's own first segment again is a new instance: legal, or barred by what is missing in this one. Only a group that
            // may not repeat comes here.
            if (table.TagOf[segment] == tag && (table.Opens[segment] != group || nodes[group].Max == 1))
                return segment;
        }
        return 0;
    }

    /// <summary>A segment that belongs before the current place, in a group that is still open.</summary>
    (int Node, PlaceFault Fault) Return(int target)
    {
        var opens = table.Opens[target];
        var counted = opens >= 0 ? opens : target;
        var fault = counts[counted] >= table.Max[counted]
            ? opens >= 0 ? PlaceFault.GroupTooOften : PlaceFault.SegmentTooOften
            : missed[counted] ? PlaceFault.None : PlaceFault.OutOfOrder;
        if (counts[counted] >= OneTooMany(counted))
            fault = PlaceFault.Consequence;
        missed[counted] = false;

        // Rows are already being made of an open detail group: what belongs before it can no longer reach them.
        var detail = table.Definition.Detail;
        if (detail > 0 && Within(place, detail) && !Within(target, detail))
        {
            counts[counted]++;
            skippedGroup = opens;
            return (-1, fault == PlaceFault.None ? PlaceFault.Consequence : fault);
        }
        if (opens >= 0)
        {
            skippedGroup = -1;
            Begin(opens);
            counts[target] = 1;
            place = target;
        }
        else
        {
            // The place stays: what follows is judged as if this segment had come in time.
            counts[target]++;
        }
        return (target, fault);
    }

    bool Within(int node, int group) => node > group && node < table.Ends[group];

    /// <summary>The nearest segment of this tag ahead, leaving out mandatory segments; 0 when there is none.</summary>
    int Ahead(int tag)
    {
        foreach (var step in table.Forward(place, stopAtMandatory: false))
        {
            if (step.Node == 0 || table.TagOf[step.Node] != tag)
                continue;
            KeepMissing(step.Missing);
            Enter(step.Node);
            return step.Node;
        }
        return 0;
    }

    void KeepMissing(List<int> left)
    {
        missing.Clear();
        Dispensable = -1;
        foreach (var node in left)
            if (!missed[node] && counts[node] == 0)
            {
                missing.Add(node);
                missed[node] = anyMissed = true;
                if (nodes[node] is { Tag: "UNS", IsGroup: false } && DividesClearly(node))
                    Dispensable = node;
            }
    }

    int Instance => counts[Math.Max(table.Definition.Detail, 0)];

    /// <summary>
    /// True when the segments before a section control that did not come cannot be meant to stand behind it: those that are meant to are the
    /// last ones, so the last one tells, and any that came where it has no place.
    /// </summary>
    bool DividesClearly(int section)
    {
        if (place == 0)
            return false;
        for (var id = section + 1; id < nodes.Count; id++)
            if (!nodes[id].IsGroup && (table.TagOf[id] == table.TagOf[place] || (table.TagOf[id] == strayed.Tag && strayed.Instance == Instance)))
                return false;
        return true;
    }

    /// <summary>Begins the groups around a group whose first segments did not come; false when the outermost is out of reach.</summary>
    bool Imply(int detail)
    {
        var chain = new Stack<int>([detail]);
        while (nodes[chain.Peek()].Parent is > 0 and var parent && !Within(place, parent))
            chain.Push(parent);
        var outermost = chain.Peek();
        var reached = false;
        foreach (var step in table.Forward(place, stopAtMandatory: true))
            reached |= step.Node == outermost + 1;
        if (!reached || chain.Count == 1)
            return false;
        missing.Clear();
        foreach (var group in chain)
        {
            if (group != detail)
                missing.Add(group);
            Begin(group);
        }
        place = detail + 1;
        counts[place] = 1;
        return true;
    }

    bool Inside(int group, int tag)
    {
        for (var id = group + 1; id < table.Ends[group]; id++)
            if (table.TagOf[id] == tag)
                return true;
        return false;
    }

    /// <summary>The outermost group not begun around a segment of this tag: the next one after the place, else the first of the message.</summary>
    int GroupOf(int tag)
    {
        var found = -1;
        for (var id = 1; id < nodes.Count; id++)
            if (!nodes[id].IsGroup && table.TagOf[id] == tag && (found < 0 || (found < place && id > place)))
                found = id;
        var group = table.Opens[found] >= 0 ? nodes[table.Opens[found]].Parent : nodes[found].Parent;
        while (nodes[group].Parent > 0 && !Within(place, nodes[group].Parent))
            group = nodes[group].Parent;
        return group;
    }
}
