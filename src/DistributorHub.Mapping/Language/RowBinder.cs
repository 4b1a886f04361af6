using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Binds row blocks to tables and groups, and their columns to expressions.</summary>
sealed class RowBinder(MapScope map, string file, string fileText)
{
    /// <summary>Where the rule of a table's column was dropped by an overlay; null when it was not.</summary>
    public Func<YamlScalar, string, YamlScalar?> DropOf { get; init; } = (_, _) => null;

    /// <summary>Binds all blocks; what is wrong is among the diagnostics.</summary>
    public void Bind(IReadOnlyList<BlockAst> blocks)
    {
        foreach (var ast in blocks)
            Place(ast, null);
        // Blocks stand in the order of the file, so a column is bound before anything that can refer to it.
        foreach (var block in map.Blocks)
            BindBlock(block);
        foreach (var block in map.Blocks.Where(b => b.Placed))
        {
            CheckFor(block);
            CheckWhere(block);
        }
    }

    void Place(BlockAst ast, BlockDraft? outer)
    {
        var block = new BlockDraft(map.Blocks.Count, outer, ast) { Group = outer?.Group ?? 0 };
        map.Blocks.Add(block);
        (outer?.Nested ?? map.Roots).Add(block);
        if (ast.Table is { } table && map.Target is { } target)
        {
            block.Table = target.Find(table.Text);
            if (block.Table is null)
                Report(table, MapCodes.NoTable, $"Target '{target.Id}' has no table '{table.Text}'.", Hints.DidYouMeanOr(table.Text, "it has", [.. target.Tables.Select(t => t.Name)]));
        }
        var around = outer?.Placed ?? map.KnowsMessage;
        block.Placed = ast.For is null ? around : BindFor(block, ast.For, around);
        if (block.Table?.Parent is { } parent)
        {
            var visible = block.Visible(map.Roots).ToList();
            block.Parent = visible.Find(b => b.Table?.Name == parent);
            // A table that is not known may be the parent misspelt; one word on it is enough.
            if (block.Parent is null && !visible.Exists(b => b.Table is null && b.Ast.Table is not null))
                Report(ast.Table!, MapCodes.NoParent, $"Rows of {block.Table.Name} belong to a row of {parent}, and none encloses this block.",
                    $"nest it under {parent}, or put {parent} (without for:) before it");
        }
        foreach (var nested in ast.Rows)
            Place(nested, block);
    }

    bool BindFor(BlockDraft block, YamlScalar scalar, bool around)
    {
        var path = map.Names is null ? ExprParser.ParsePath(Source(scalar), map.Diagnostics)
            : ExprParser.Parse(Source(scalar), map.Diagnostics) is { } expr && around ? map.Names.For(expr, map.Names.Outer(block.Group)) : null;
        if (path is null)
            return false;
        if (!around && map.KnowsMessage)
            map.Paths.StandAnywhere(path);
        if (!around || map.Paths.BindFor(path, block.Group, out var pair) is not { } steps)
            return false;
        if (pair is not null && block.Outer?.Pair is not null)
        {
            Report(scalar, MapCodes.For, $"'{scalar.Text}' makes rows of pairs, and this block stands in a row that is one.", "put it beside that block");
            return false;
        }
        block.For = steps;
        block.ForPair = pair;
        block.PairCodes = pair is null ? [] : path.Parts[0].Codes;
        block.Group = steps[^1].Groups[0];
        if (!block.Below || map.Streams.FollowsLevels(block.Outer!.Group))
            return true;
        Report(scalar, MapCodes.NotStreamable, $"'{scalar.Text}' makes rows of levels below another, and levels are followed only while the message streams.",
            "leave out stream: buffer");
        return false;
    }

    void BindBlock(BlockDraft block)
    {
        var binder = new ExprBinder(map, block);
        if (block.Ast.Where is { } where && Expression(binder, where) is { } condition && Boolean(condition, "where"))
            block.Where = condition;
        if (block.Table is { } table)
            BindColumns(block, table, binder);
        else
            foreach (var (_, scalar) in block.Ast.Set)
                Expression(binder, scalar);
        foreach (var (name, scalar) in block.Ast.Checks)
            if (Expression(binder, scalar) is { } check && Boolean(check, "check"))
                block.Checks.Add(new(name.Text, check));
    }

    void BindColumns(BlockDraft block, TableDefinition table, ExprBinder binder)
    {
        foreach (var (name, scalar) in block.Ast.Set)
        {
            var index = table.Columns.TakeWhile(c => c.Name != name.Text).Count();
            if (index == table.Columns.Count)
            {
                Report(name, MapCodes.NoColumn, $"{table.Name} has no column '{name.Text}'.", Hints.DidYouMeanOr(name.Text, "it has", [.. table.Columns.Select(c => c.Name)]));
                Expression(binder, scalar);
                continue;
            }
            block.Columns[index] = Column(table, table.Columns[index], scalar, binder);
        }
        foreach (var column in table.Columns.Where(c => !c.Nullable && !block.IsSet(c.Name)))
            if (DropOf(block.Ast.Table!, column.Name) is { } drop)
                Report(drop, MapCodes.NoRule, $"{table.Name}.{column.Name} is not null, and has no rule when this one is dropped.", "override it, or leave it as it is");
            else
                Report(block.Ast.Table!, MapCodes.NoRule, $"{table.Name}.{column.Name} is not null, and has no rule.", $"add {column.Name}: … under set:");
    }

    BoundExpr? Column(TableDefinition table, ColumnDefinition column, YamlScalar scalar, ExprBinder binder)
    {
        if (Expression(binder, scalar) is not { } bound)
            return null;
        var name = $"{table.Name}.{column.Name}";
        var type = ValueTypes.Of(column.Kind);
        if (bound is BoundExpr.Xref xref && (xref.Type == type || (xref.Type, type) is (ValueType.Int, ValueType.Decimal)))
        {
            CheckNullability(name, column, xref, "the key may be absent, or the xref's miss is null");
            return xref;
        }
        if (bound is BoundExpr.Xref || Types.Coerce(bound, type) is not { } value)
        {
            var quoted = scalar.Quoted && type != ValueType.Text;
            map.Report(bound.Place, MapCodes.ColumnType, $"{name} holds {Types.NameOf(type)}, and this is {Types.NameOf(bound.Type)}.",
                quoted ? "leave out the quotes: a quoted value is a text" : Types.Advice(bound.Type, type));
            return null;
        }
        CheckNullability(name, column, value, bound.Text.EndsWith('?') ? "add ?? default, or drop the ? to make its absence an error" : "add ?? default");
        foreach (var (misfit, place) in Fit.Misfits(value, column))
            map.Report(place, MapCodes.Fit, $"{misfit} does not fit {name}.");
        return value;
    }

    void CheckNullability(string name, ColumnDefinition column, BoundExpr value, string hint)
    {
        if (value.Nullable && !column.Nullable)
            map.Report(value.Place, MapCodes.Nullability, $"{name} is not null, but this may be absent.", hint);
    }

    // A quoted scalar is a literal text. One that would bind as a path is more likely a slip.
    BoundExpr? Expression(ExprBinder binder, YamlScalar scalar)
    {
        var source = Source(scalar);
        if (!scalar.Quoted)
            return ExprParser.Parse(source, map.Diagnostics) is { } expr && (map.Names is null ? expr : map.Names.Resolve(expr)) is { } meant ? binder.Bind(meant) : null;
        var literal = new Expr.Quoted(scalar.Text, source, 0, scalar.Text.Length);
        if (binder.Placed && ExprParser.ParsePath(source, []) is { } path && new PathBinder(map.Structure, []).Bind(path, binder.Group) is not null)
            map.Report(source.Start, MapCodes.QuotedPath, $"The quoted '{scalar.Text}' is a text, but would be a path of {map.Structure.Name} without quotes.",
                "leave out the quotes if the path is meant", warning: true);
        return binder.Bind(literal) is { } bound ? bound with { Place = source.Start } : null;
    }

    bool Boolean(BoundExpr expr, string where)
    {
        if (expr.Type == ValueType.Bool)
            return true;
        map.Report(expr.Place, MapCodes.OperandType, $"'{where}' takes true or false, and this is {Types.NameOf(expr.Type)}.", "compare it with something: = 'X', in ('A', 'B'), exists(…)");
        return false;
    }

    void CheckFor(BlockDraft block)
    {
        var rows = map.Blocks.Where(b => b == block || Encloses(block, b)).Select(b => b.Group);
        if (block.Ast.For is { } group && block.For.Any(step => rows.Any(row => map.Streams.Undecided(step, row))))
            Report(group, MapCodes.NotStreamable, $"not streamable: what '{group.Text}' asks of the group is decided only when the group ends, after rows inside it are written.",
                "ask only for what stands before the rows");
    }

    // Rows nested in a block, or that have it as parent, need to know at once whether its row exists.
    void CheckWhere(BlockDraft block)
    {
        if (block.Where is not { } where)
            return;
        foreach (var other in map.Blocks.Where(b => b != block && (b.Parent == block || Encloses(block, b))))
        {
            block.WhereNeededByOthers = true;
            // Decided when the level around ended.
            if (other.IsBelow(block))
                continue;
            foreach (var (path, folded) in Streams.Reads(where, map.Column))
            {
                var (stream, obstacle) = map.Streams.Classify(path, folded, other.Group);
                if (obstacle == Obstacle.None && (stream <= StreamClass.Fixed || other.Group == block.Group))
                    continue;
                map.Report(path.Place, MapCodes.NotStreamable, $"not streamable: {path.Text} is not known yet when rows of {other.Table?.Name ?? "the block inside"} are written, which depend on this where.",
                    "let where: read only what stands before them");
                return;
            }
        }
    }

    static bool Encloses(BlockDraft block, BlockDraft inner)
    {
        for (var here = inner.Outer; here is not null; here = here.Outer)
            if (here == block)
                return true;
        return false;
    }

    ExprSource Source(YamlScalar scalar) => new(file, fileText, scalar);

    void Report(YamlScalar at, string code, string message, string? hint) => map.Report(new(at.FileOr(file), at.Line, at.Column), code, message, hint);
}
