using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>A row block while it is being bound.</summary>
sealed class BlockDraft(int id, BlockDraft? outer, BlockAst ast)
{
    public int Id { get; } = id;

    public BlockDraft? Outer { get; } = outer;

    public BlockAst Ast { get; } = ast;

    public TableDefinition? Table { get; set; }

    public int Group { get; set; }

    public IReadOnlyList<GroupStep> For { get; set; } = [];

    /// <summary>The pair its <c>for:</c> names, or null.</summary>
    public PairDefinition? ForPair { get; set; }

    public IReadOnlyList<string> PairCodes { get; set; } = [];

    /// <summary>The pair its paths are seen from.</summary>
    public PairDefinition? Pair => ForPair ?? (Ast.For is null ? Outer?.Pair : null);

    /// <summary>True when rows are made of levels below the outer block's: see <see cref="RowBlock.Below"/>.</summary>
    public bool Below => Outer is { Group: > 0 } && For.Count > 0 && For[0].Groups[0] == Outer.Group && !IsOwnPair;

    // Pairs of the very segment the outer row is.
    bool IsOwnPair => ForPair is not null && For.Count == 1;

    /// <summary>False when the message is not known, or <c>for:</c> or an outer block's is wrong: only what does not depend on paths can be judged then.</summary>
    public bool Placed { get; set; } = true;

    public BlockDraft? Parent { get; set; }

    public BoundExpr? Where { get; set; }

    public bool WhereNeededByOthers { get; set; }

    /// <summary>Values by index of the column; a column that has a rule but no value did not compile.</summary>
    public Dictionary<int, BoundExpr?> Columns { get; } = [];

    /// <summary>True when the map has a rule for the column, be it one with a mistake or under a name that is misspelt.</summary>
    public bool IsSet(string column) => Ast.SetNames is not { } names || names.Contains(column)
        || names.Any(name => Table!.Find(name) is null && Hints.Nearest(name, [.. Table.Columns.Select(c => c.Name)]) == column);

    public HashSet<int> NeededByOthers { get; } = [];

    public List<PlannedCheck> Checks { get; } = [];

    public List<BlockDraft> Nested { get; } = [];

    /// <summary>
    /// The blocks with exactly one current row when a row of this one is written, nearest first: those around it, and those without <c>for:</c>
    /// that stand before it, or before one around it, in the same list.
    /// </summary>
    public IEnumerable<BlockDraft> Visible(IReadOnlyList<BlockDraft> roots)
    {
        for (var here = this; here is not null; here = here.Outer)
        {
            var siblings = here.Outer?.Nested ?? roots;
            var before = siblings.TakeWhile(b => b != here).Where(b => b.Ast.For is null).Reverse();
            foreach (var sibling in before)
                yield return sibling;
            if (here.Outer is { } around)
                yield return around;
        }
    }

    /// <summary>
    /// True when the other block's row belongs to a level around this one's: it was written, with all it reads, before this level began.
    /// </summary>
    public bool IsBelow(BlockDraft other)
    {
        var here = this;
        while (here is { Below: false, Outer: { } outer })
            here = outer;
        for (var above = here.Outer; above is not null; above = above.Outer)
            if (other.Group == here.Outer!.Group && (other == above || (other.Outer == above && other.Ast.For is null)))
                return true;
        return false;
    }

    public RowBlock Finish(LookupColumns lookups) => new()
    {
        Id = Id,
        Outer = Outer?.Id ?? -1,
        Table = Table is null ? null : lookups.Extend(Table),
        Group = Group,
        For = For,
        Below = Below,
        Pair = ForPair,
        PairCodes = PairCodes,
        ParentBlock = Parent?.Id ?? -1,
        Where = Where,
        WhereNeededByOthers = WhereNeededByOthers,
        Columns =
        [
            .. Columns.Where(c => c.Value is not BoundExpr.Xref).OrderBy(c => c.Key)
                .Select(c => new PlannedColumn(Table!.Columns[c.Key], c.Key, c.Value!, NeededByOthers.Contains(c.Key))),
            .. Columns.OrderBy(c => c.Key).SelectMany(c => c.Value is BoundExpr.Xref xref ? lookups.Keys(Table!, c.Key, xref) : []),
        ],
        Checks = Checks,
        Nested = [.. Nested.Select(n => n.Id)],
        Place = Ast.Place,
    };
}
