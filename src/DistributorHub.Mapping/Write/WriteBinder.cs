using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Binds the rules of a map that writes: their order in the message, blocks to lists, and with <see cref="SegmentBinder"/> elements to expressions.</summary>
sealed class WriteBinder(string file, string fileText, MapScope map, MessageDefinition message, DocumentDefinition? document)
{
    readonly Structure structure = new(message);
    readonly Placement placement = new(message);
    readonly SegmentBinder segments = new(file, fileText, map, message);
    readonly List<(Node Node, EntryAst At, string Where)> missing = [];

    // Tags of rules that have mistakes or stand elsewhere: that one is missing in its place is no second mistake.
    readonly HashSet<string> told = new(StringComparer.Ordinal);
    int rules;

    /// <summary>Where a block stands.</summary>
    /// <param name="Lists">Lists of which a row is open.</param>
    /// <param name="Floor">Groups that stay open in it.</param>
    /// <param name="Only">The repeating segment each row makes, which starts no group; null otherwise.</param>
    /// <param name="Level">The group of levels the block makes one of; -1 when it makes none.</param>
    /// <param name="LevelDepth">Groups that are open around that level.</param>
    sealed record Surroundings(IReadOnlyList<DocumentList> Lists, int Floor, Node? Only, int Level, int LevelDepth);

    /// <summary>The entries, as far as they are right, and how many rules there are; what is wrong is among the diagnostics.</summary>
    public (List<WriteEntry> Entries, int Rules) Bind(IReadOnlyList<EntryAst> entries)
    {
        List<DocumentList> root = document is null ? [] : [document.Root];
        var bound = Entries(entries, new(root, 1, null, -1, 0));
        var ended = new List<Node>();
        placement.End(ended);
        if (entries.Count > 0)
            Missing(ended, entries[^1], "at the end");
        foreach (var (node, entry, where) in missing.Where(m => !told.Contains(m.Node.Tag)))
        {
            var at = entry is SegmentAst segment ? (YamlNode)segment.Key : ((BlockEntryAst)entry).At;
            map.Report(new(at.FileOr(file), at.Line, at.Column), MapCodes.Mandatory, $"{structure.PathOf(node.Id)} is mandatory in {structure.Name}, and has no rule {where}.", $"add - {node.Tag}: …");
        }
        return (bound, rules);
    }

    List<WriteEntry> Entries(IReadOnlyList<EntryAst> entries, Surroundings around)
    {
        var bound = new List<WriteEntry>();
        foreach (var entry in entries)
        {
            WriteEntry? one = entry is SegmentAst segment ? Segment(segment, around) : Block((BlockEntryAst)entry, around);
            if (one is not null)
                bound.Add(one);
        }
        return bound;
    }

    WrittenSegment? Segment(SegmentAst ast, Surroundings around)
    {
        var fields = new FieldScope(document, around.Lists);
        if (Parsed(ast.Key) is not { } path || Definition(path.Steps[0], path) is not { } definition)
        {
            segments.JudgeValues(ast, fields);
            return null;
        }
        var placed = Place(path, ast, around.Floor, around.Only, out var trigger);
        var written = segments.Bind(ast, path, definition, fields, rules, trigger);
        rules++;
        return placed ? written : null;
    }

    // The tag with its codes, and perhaps an element.
    Expr.Path? Parsed(YamlScalar key)
    {
        if (ExprParser.ParsePath(new(file, fileText, key), map.Diagnostics) is not { } path)
        {
            told.Add(TagOf(key));
            return null;
        }
        if (path.Steps.Count == 1 && path is { Absolute: false, Optional: false })
            return path;
        map.Report(path.Place, MapCodes.Shape, $"'{path.Text}' does not name one segment.", "write the segment alone: the groups around it follow from the order of the rules");
        return path with { Steps = [path.Steps[^1]], Absolute = false, Optional = false };
    }

    SegmentDefinition? Definition(PathStep step, Expr.Path path)
    {
        if (structure.Message.Nodes.Any(n => n.Id > 0 && n.Tag == step.Tag))
            return message.Segments.Find(step.Tag);
        map.Report(path.Source.PlaceOf(step.At), MapCodes.NoSegment, $"{step.Tag} does not stand in {structure.Name}.", structure.WhereIs(step.Tag, 0));
        return null;
    }

    // True when the segment can stand behind those before it; the group it starts is then open.
    bool Place(Expr.Path path, SegmentAst ast, int floor, Node? only, out int trigger)
    {
        var step = path.Steps[0];
        var passed = new List<Node>();
        var (before, tagBefore) = (placement.Group, last);
        if (placement.Place(step.Tag, step.Summary, floor, passed) is not var (node, _) || (only is not null && node != only))
        {
            trigger = -1;
            Misplaced(path, step.Tag, before, tagBefore, isClosed: placement.Depth < floor);
            return false;
        }
        Missing(passed, ast, $"before {step.Tag}");
        trigger = placement.Trigger;
        if (node.IsGroup)
            placement.Open(node, rules);
        last = path.Text;
        return true;
    }

    string? last;

    // Closed: the level that the rule belongs to has ended with the levels below it.
    void Misplaced(Expr.Path path, string tag, int group, string? before, bool isClosed = false)
    {
        var where = group == 0 ? structure.Name : $"{structure.Describe(group)} of {structure.Name}";
        told.Add(tag);
        Node? earlier = null;
        for (var outer = group; outer >= 0 && earlier is null; outer = message.Nodes[outer].Parent)
            earlier = message.Nodes[outer].Children.Select(c => message.Nodes[c]).FirstOrDefault(n => n.Tag == tag);
        var hint = isClosed ? "what belongs to a level stands before the levels below it" : earlier is null ? structure.WhereIs(tag, group)
            : earlier.Max == 1 && before is not null && before.StartsWith(tag, StringComparison.Ordinal) ? $"{tag} stands once there"
            : $"in {structure.Describe(earlier.Parent)} it stands {Neighbours(earlier)}: move it there";
        map.Report(path.Place, MapCodes.Order, before is null ? $"{tag} cannot stand first in {where}." : $"{tag} cannot stand behind {before} in {where}.", hint);
    }

    string Neighbours(Node node)
    {
        var siblings = message.Nodes[node.Parent].Children;
        var at = siblings.ToList().IndexOf(node.Id);
        var (before, after) = (at > 0 ? message.Nodes[siblings[at - 1]].Tag : null, at + 1 < siblings.Count ? message.Nodes[siblings[at + 1]].Tag : null);
        return (before, after) switch
        {
            (null, null) => "alone",
            (null, _) => $"before {after}",
            (_, null) => $"behind {before}",
            _ => $"between {before} and {after}",
        };
    }

    void Missing(List<Node> passed, EntryAst at, string where) => missing.AddRange(passed.Select(node => (node, at, where)));

    WrittenBlock? Block(BlockEntryAst ast, Surroundings around)
    {
        var (list, isKnown) = For(ast, around);
        IReadOnlyList<DocumentList> lists = list is null ? around.Lists : [.. around.Lists, list];
        var where = ast.Where is null ? null : segments.Condition(ast.Where, new(document, lists));
        if (Start(ast) is not var (path, definition))
            return null;
        var isLevel = definition.Tree is not null;
        // The trigger of a level need not be written: all it must hold is known.
        var own = isLevel && !(ast.Entries is [SegmentAst first, ..] && TagOf(first.Key) == definition.Tag);
        IReadOnlyList<EntryAst> entries = own ? [new SegmentAst(ast.Group!, []), .. ast.Entries] : ast.Entries;
        var level = isLevel && around.Level >= 0;
        var passed = new List<Node>();
        var probe = placement.Place(definition.Tag, path.Steps[0].Summary, level ? around.LevelDepth : around.Floor, passed);
        if (probe is not var (node, depth) || (around.Only is not null && node != around.Only))
        {
            Misplaced(path, definition.Tag, placement.Group, last);
            return null;
        }
        Missing(passed, ast, $"before {definition.Tag}");
        if (list is not null && node.Max == 1)
            map.Report(path.Place, MapCodes.Order, $"{structure.PathOf(node.Id)} stands once in {structure.Describe(node.Parent)}, and cannot be written for each row of {list.Name}.");
        var trigger = level ? -1 : placement.Trigger;
        if (node.IsGroup)
            placement.Open(node, rules);
        last = path.Text;
        var inside = new Surroundings(lists, node.IsGroup ? placement.Depth : depth, node.IsGroup ? null : node, isLevel ? node.Id : around.Level, isLevel ? depth : around.LevelDepth);
        var bound = Body(entries, inside, trigger, definition);
        var ended = new List<Node>();
        placement.Close(depth, ended);
        Missing(ended, ast, $"at the end of {structure.PathOf(node.Id)}");
        return isKnown ? new(list, where, isLevel, bound) : null;
    }

    // The first segment was placed by the block.
    List<WriteEntry> Body(IReadOnlyList<EntryAst> entries, Surroundings inside, int trigger, SegmentDefinition definition)
    {
        var bound = new List<WriteEntry>();
        if (entries is [SegmentAst first, ..] && Parsed(first.Key) is { } path)
        {
            if (segments.Bind(first, path, definition, new(document, inside.Lists), rules, trigger) is { } segment)
                bound.Add(segment);
            rules++;
        }
        bound.AddRange(Entries([.. entries.Skip(1)], inside));
        return bound;
    }

    // The segment a block starts with, as its group says or its first rule.
    (Expr.Path Path, SegmentDefinition Definition)? Start(BlockEntryAst ast)
    {
        if ((ast.Group ?? (ast.Entries is [SegmentAst { Key: var trigger }, ..] ? trigger : null)) is not { } key)
        {
            map.Report(new(ast.At.FileOr(file), ast.At.Line, ast.At.Column), MapCodes.Shape, "A block starts with a segment.", "write it first, or name it by group:");
            return null;
        }
        if (Parsed(key) is not { } path || Definition(path.Steps[0], path) is not { } definition)
            return null;
        if (ast.Group is null || definition.Tree is not null)
            return (path, definition);
        if (ast.Entries is [SegmentAst first, ..] && TagOf(first.Key) == definition.Tag && path.Steps[0].Predicates.Count == 0)
            return (path, definition);
        map.Report(path.Place, MapCodes.Order, path.Steps[0].Predicates.Count > 0 ? $"Codes of {definition.Tag} stand at its rule." : $"A row of the group {definition.Tag} starts with {definition.Tag}, and the first rule is of another segment.",
            $"- group: {definition.Tag}, and below write: - {definition.Tag}: …");
        return null;
    }

    static string TagOf(YamlScalar key) => new([.. key.Text.TakeWhile(char.IsAsciiLetterOrDigit).Take(3)]);

    (DocumentList? List, bool IsKnown) For(BlockEntryAst ast, Surroundings around)
    {
        if (ast.For is not { } name)
            return (null, true);
        if (document is null)
            return (null, false);
        if (around.Lists.SelectMany(l => l.Lists).Select(l => document.Lists[l]).FirstOrDefault(l => l.Name == name.Text) is { } list)
        {
            if (!around.Lists.Contains(list))
                return (list, true);
            map.Report(new(name.FileOr(file), name.Line, name.Column), MapCodes.NoField, $"A row of '{name.Text}' is open already.", "write its fields without another for:");
            return (null, false);
        }
        var elsewhere = document.Lists.FirstOrDefault(l => l.Index > 0 && l.Name == name.Text);
        map.Report(new(name.FileOr(file), name.Line, name.Column), MapCodes.NoField,
            elsewhere is null ? $"{document.Id} has no list '{name.Text}'." : $"'{name.Text}' is a list in {document.Lists[elsewhere.Outer].Name}.",
            elsewhere is null ? Hints.DidYouMeanOr(name.Text, "it has", [.. document.Lists.Skip(1).Select(l => l.Name)]) : $"put this block into one with for: {document.Lists[elsewhere.Outer].Name}");
        // What was most likely meant, so that nothing more is said of its fields.
        var meant = Hints.Nearest(name.Text, [.. document.Lists.Skip(1).Select(l => l.Name)]);
        return (elsewhere ?? document.Lists.FirstOrDefault(l => l.Index > 0 && l.Name == meant), false);
    }
}
