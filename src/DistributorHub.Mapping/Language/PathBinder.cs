using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Language;

/// <summary>Binds the steps of paths to nodes of the message's structure; the elements behind them are <see cref="ElementBinder"/>'s.</summary>
sealed class PathBinder(Structure structure, ICollection<Diagnostic> diagnostics)
{
    readonly ElementBinder elements = new(structure, diagnostics);

    /// <summary>The path as seen from a row, or null after a diagnostic.</summary>
    /// <param name="path">The path.</param>
    /// <param name="group">Group (or repeating segment) of the row; 0 for the message.</param>
    /// <param name="segmentsToo">True when the path may end at a segment that has no value (count, exists).</param>
    /// <param name="pair">The pair that is the row, when rows are made of pairs.</param>
    public BoundPath? Bind(Expr.Path path, int group, bool segmentsToo = false, PairDefinition? pair = null)
    {
        var walk = new Walk(path.Absolute ? 0 : group);
        for (var i = 0; i < path.Steps.Count - 1; i++)
            if (!Descend(path, path.Steps[i], group, walk))
                return null;
        var last = path.Steps[^1];
        if (Segments(path, last, group, walk) is not { } segments)
            return null;
        var definition = structure.Message.Segments.Find(last.Tag)!;
        var bound = segments;
        var onSegment = walk.LevelIsLast ? [] : SplitPredicates(path, last, definition, segments, walk, out bound);
        var own = path.Absolute || segments[0] != group ? null : pair;
        if (onSegment is null || elements.Bind(path, definition, segmentsToo, own) is not { } value)
            return null;
        return new()
        {
            Scope = walk.Scope,
            Groups = walk.Groups,
            OpenGroups = walk.OpenGroups,
            Level = walk.Level,
            Segments = bound,
            Predicates = onSegment,
            Slots = value.Slots,
            Qualifiers = value.Qualifiers,
            OfPair = value.OfPair,
            Type = value.Type,
            ImpliedDecimals = value.ImpliedDecimals,
            Pattern = value.Pattern,
            Place = path.Place,
            Text = path.Optional ? path.Text[..^1] : path.Text,
        };
    }

    /// <summary>
    /// The path of a row that is not known, as far as it is the same in every row: what it is called, and the type of its value. It is never read.
    /// Null after a diagnostic, of what is wrong wherever the row stands.
    /// </summary>
    public BoundPath? BindUnplaced(Expr.Path path, bool segmentsToo)
    {
        // From the message every row sees the same.
        if (path.Absolute)
            return Bind(path, group: 0, segmentsToo);
        if (!StandAnywhere(path))
            return null;
        var definition = structure.Message.Segments.Find(path.Steps[^1].Tag)!;
        // The row may be one of this pair.
        var own = path.Parts.Count == 0 ? null : definition.Pairs.FirstOrDefault(p => p.Name == path.Parts[0].Name);
        return elements.Bind(path, definition, segmentsToo, own) is not { } value ? null : new()
        {
            Scope = 0,
            Groups = [],
            OpenGroups = [],
            Segments = [],
            Predicates = [],
            Slots = value.Slots,
            Qualifiers = value.Qualifiers,
            Type = value.Type,
            ImpliedDecimals = value.ImpliedDecimals,
            Pattern = value.Pattern,
            Place = path.Place,
            Text = path.Text,
        };
    }

    /// <summary>False after a diagnostic: the message has a tag, or what is asked of it in brackets, nowhere.</summary>
    public bool StandAnywhere(Expr.Path path)
    {
        var stand = true;
        foreach (var step in path.Steps)
        {
            var nodes = structure.Message.Nodes.Where(n => n.Id > 0 && n.Tag == step.Tag).ToList();
            if (nodes.Count == 0)
                Report(path, step.At, MapCodes.NoSegment, $"{step.Tag} does not stand in {structure.Name}.", structure.WhereIs(step.Tag, 0));
            stand &= nodes.Count > 0
                && Predicates(path, step, structure.Message.Segments.Find(step.Tag)!, [.. nodes.Where(n => n.IsGroup).Select(n => n.Id)]) is not null;
        }
        return stand;
    }

    /// <summary>What <c>for:</c> names, as steps from the outer group, with the pair of the last one's segment that makes rows; null after a diagnostic.</summary>
    public List<GroupStep>? BindFor(Expr.Path path, int outer, out PairDefinition? pair)
    {
        var last = path.Steps[^1].Tag;
        var pairs = structure.Message.Segments.Find(last)?.Pairs ?? [];
        pair = path.Parts.Count == 1 ? pairs.FirstOrDefault(p => p.Name == path.Parts[0].Name) : null;
        if (path.Absolute || path.Optional || (path.Parts.Count > 0 && (pair is null || path.Parts[0] is not { Nth: 0, All: false })))
        {
            Report(path, path.At, MapCodes.For, $"'{path.Text}' does not name a group.",
                "for: takes tags and conditions only, seen from the enclosing row: PGI/LIN, PRI[AAA]" + (pairs.Count > 0 ? $"; or pairs: {last}.{pairs[0].Name}" : ""));
            return null;
        }
        return pair is null ? Groups(path, outer) : Pairs(path, outer);
    }

    // Rows of pairs are rows of a segment: of the row's own one, of one in the row, or of one that starts a group there.
    List<GroupStep>? Pairs(Expr.Path path, int outer)
    {
        if (path.Steps is [{ Predicates.Count: 0 } only] && only.Tag == structure[outer].Tag && !only.Summary && outer > 0)
            return [new([structure[outer].IsGroup ? outer + 1 : outer], [])];
        if (Groups(path, outer) is not { } steps)
            return null;
        if (structure[steps[^1].Groups[0]] is { IsGroup: true } group)
            steps.Add(new([group.Id + 1], []));
        return steps;
    }

    List<GroupStep>? Groups(Expr.Path path, int outer)
    {
        var walk = new Walk(outer);
        if (IsBelow(path.Steps[0], outer))
        {
            if (Step(path, path.Steps[0], [structure[outer]]) is not { } level)
                return null;
            walk.Groups.Add(level);
            if (path.Steps.Count == 1)
                return walk.Groups;
        }
        foreach (var step in path.Steps.Skip(walk.Groups.Count).SkipLast(1))
            if (!Descend(path, step, -1, walk))
                return null;
        var last = path.Steps[^1];
        var nodes = Find(path, last, walk);
        if (nodes.Count == 0)
            return null;
        if (nodes.Exists(n => n.IsGroup))
            nodes = nodes.FindAll(n => n.IsGroup);
        var node = nodes[0];
        if (!node.IsGroup && node.Parent > 0 && node.Id == node.Parent + 1)
        {
            Report(path, last.At, MapCodes.For, $"{last.Tag} is the {structure.Describe(node.Parent)} this block already makes rows of.", "leave out for:");
            return null;
        }
        if (nodes.Count > 1)
        {
            Report(path, last.At, MapCodes.For, $"{last.Tag} stands at {nodes.Count} places here.", "rows are made of one group");
            return null;
        }
        var definition = structure.Message.Segments.Find(last.Tag)!;
        if (Predicates(path, last, definition, node.IsGroup ? [node.Id] : []) is not { } predicates)
            return null;
        walk.Groups.Add(new([node.Id], predicates));
        return walk.Groups;
    }

    // Inside a row of a level its own tag means the levels below it; they stand beside it in the message.
    bool IsBelow(PathStep first, int outer) =>
        outer > 0 && structure.LevelsAround(outer) == outer && first.Tag == structure[outer].Tag && !first.Summary;

    // One step to a group. Through the instance that is open around the row when there is one, otherwise down into all instances.
    bool Descend(Expr.Path path, PathStep step, int group, Walk walk)
    {
        var nodes = Find(path, step, walk);
        if (nodes.Count == 0)
            return false;
        var groups = nodes.FindAll(n => n.IsGroup);
        if (groups.Count == 0)
        {
            var own = nodes[0].Parent > 0 && nodes[0].Id == nodes[0].Parent + 1;
            Report(path, step.At, MapCodes.NoSegment, $"{step.Tag} is a segment here, not a group: nothing lies inside it.",
                own ? $"paths start at {step.Tag} already; leave it out" : null);
            return false;
        }
        if (Step(path, step, groups) is not { } bound)
            return false;
        if (path.Absolute && walk.Groups.Count == 0 && walk.Level is null && groups is [var only] && group >= 0 && structure.Contains(only.Id, group))
        {
            walk.Scope = only.Id;
            // The levels of a tree (HL, CPS) stand side by side in the message: the level around a row is not the group around it.
            if (bound.Predicates.Count > 0 && structure.LevelsAround(only.Id) == only.Id)
                walk.Level = bound;
            else if (bound.Predicates.Count > 0)
                walk.OpenGroups.Add(bound);
        }
        else
            walk.Groups.Add(bound);
        walk.Current = bound.Groups;
        return true;
    }

    GroupStep? Step(Expr.Path path, PathStep step, List<Node> groups)
    {
        List<int> ids = [.. groups.Select(g => g.Id)];
        return Predicates(path, step, structure.Message.Segments.Find(step.Tag)!, ids) is { } predicates ? new(ids, predicates) : null;
    }

    List<int>? Segments(Expr.Path path, PathStep last, int group, Walk walk)
    {
        // A row made of single segments sees that segment; everything else is reached from the message.
        if (!path.Absolute && group > 0 && !structure[group].IsGroup)
        {
            if (path.Steps.Count == 1 && last.Tag == structure[group].Tag)
                return [group];
            Report(path, path.At, MapCodes.NoSegment, $"{path.Steps[0].Tag} does not stand in {structure.Describe(group)}, which is a single segment.",
                $"paths outside it start with /: /{structure.PathOf(structure[group].Parent)}…");
            return null;
        }
        var nodes = Find(path, last, walk);
        if (nodes.Count == 0)
            return null;
        if (path.Absolute && walk.Groups.Count == 0 && walk.Level is null && nodes.Find(n => structure.Contains(n.Id, group)) is { Id: > 0 } open)
        {
            if (last.Predicates.Count > 0 && structure.LevelsAround(open.Id) == open.Id)
            {
                walk.Level = Step(path, last, [open]);
                if (walk.Level is null)
                    return null;
                walk.LevelIsLast = true;
            }
            walk.Scope = open.Id;
            walk.Current = [open.Id];
            return [open.IsGroup ? open.Id + 1 : open.Id];
        }
        return [.. nodes.Select(n => n.IsGroup ? n.Id + 1 : n.Id)];
    }

    List<Node> Find(Expr.Path path, PathStep step, Walk walk)
    {
        var nodes = walk.Current.SelectMany(g => structure.Children(g, step.Tag, step.Summary)).ToList();
        if (nodes.Count > 0)
            return nodes;
        var where = walk.Current[0];
        var hint = step.Summary && structure.Children(where, step.Tag, summary: false).Count > 0
            ? $"{step.Tag} without @sum does"
            : structure.WhereIs(step.Tag, where);
        Report(path, step.At, MapCodes.NoSegment, $"{step.Tag}{(step.Summary ? "@sum" : "")} does not stand in {structure.Describe(where)}.", hint);
        return nodes;
    }

    // Conditions on a last step: those on elements belong to the segment, those on children to the group it triggers.
    List<Predicate>? SplitPredicates(Expr.Path path, PathStep last, SegmentDefinition definition, List<int> segments, Walk walk, out List<int> bound)
    {
        bound = segments;
        List<int> groups = [.. segments.Where(s => structure[s].Parent > 0 && s == structure[s].Parent + 1).Select(s => structure[s].Parent)];
        if (Predicates(path, last, definition, groups) is not { } predicates)
            return null;
        if (!predicates.Exists(p => p is Predicate.Child))
            return predicates;
        bound = [.. groups.Select(g => g + 1)];
        (groups.Contains(walk.Scope) ? walk.OpenGroups : walk.Groups).Add(new(groups, predicates));
        return [];
    }

    List<Predicate>? Predicates(Expr.Path path, PathStep step, SegmentDefinition definition, List<int> groups)
    {
        var predicates = new List<Predicate>();
        foreach (var predicate in step.Predicates)
        {
            if (Child(path, predicate, groups, out var child) is false)
                return null;
            child ??= elements.BindPredicate(path, predicate, definition);
            if (child is null)
                return null;
            predicates.Add(child);
        }
        return predicates;
    }

    // A single bare word that is the tag of a child means the child; no code list has a code that is also a tag below its own group.
    bool Child(Expr.Path path, PathPredicate predicate, List<int> groups, out Predicate? bound)
    {
        bound = null;
        if (predicate.Element.Count > 0 || predicate.Codes.Count != 1)
            return !predicate.Lacks || Fail(path, predicate, "! stands before one tag.", "PRI[AAA, !RNG]");
        var tag = predicate.Codes[0];
        List<int> children = [.. groups.SelectMany(g => structure[g].Children.Skip(1).Where(c => structure[c].Tag == tag))];
        if (children.Count > 0)
            bound = new Predicate.Child(children, predicate.Lacks);
        else if (predicate.Lacks)
            return Fail(path, predicate, groups.Count == 0 ? "Only a group has or lacks a child." : $"{tag} does not stand in {structure.Describe(groups[0])}.",
                groups.Count == 0 ? "codes that must not occur are written with not in" : structure.WhereIs(tag, groups[0]));
        return true;
    }

    bool Fail(Expr.Path path, PathPredicate predicate, string message, string? hint)
    {
        Report(path, predicate.At, MapCodes.Predicate, message, hint);
        return false;
    }

    void Report(Expr.Path path, int at, string code, string message, string? hint)
    {
        var place = path.Source.PlaceOf(at);
        diagnostics.Add(new(place.File, place.Line, place.Column, code, message, hint));
    }

    /// <summary>How far a path has been followed.</summary>
    sealed class Walk(int start)
    {
        public int Scope { get; set; } = start;

        public IReadOnlyList<int> Current { get; set; } = [start];

        public List<GroupStep> Groups { get; } = [];

        public List<GroupStep> OpenGroups { get; } = [];

        /// <summary>What is asked of the level to read: see <see cref="BoundPath.Level"/>.</summary>
        public GroupStep? Level { get; set; }

        /// <summary>True when the path ends at the level's own segment.</summary>
        public bool LevelIsLast { get; set; }
    }
}
