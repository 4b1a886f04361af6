using System.Diagnostics;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>What all expressions of one map share.</summary>
/// <param name="structure">The message; null when the map names none that is known: then no path is judged.</param>
/// <param name="unit">The group whose instances are held while they are read; 0 = the message.</param>
/// <param name="target">The tables; null when the map names none that are known: then no name of a table or column is judged.</param>
/// <param name="macros">The map's own functions.</param>
/// <param name="codeLists">Finds a code list by name.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
sealed class MapScope(Structure? structure, int unit, TargetDefinition? target, IReadOnlyDictionary<string, Macro> macros, Func<string, (CodeList? List, bool Exists)> codeLists,
    ICollection<Diagnostic> diagnostics)
{
    readonly Surroundings? surroundings = structure is null ? null : new(structure, new(structure, diagnostics), new(structure, unit));

    sealed record Surroundings(Structure Structure, PathBinder Paths, Streams Streams);

    public bool KnowsMessage => surroundings is not null;

    public Structure Structure => OfMessage.Structure;

    public PathBinder Paths => OfMessage.Paths;

    public Streams Streams => OfMessage.Streams;

    // Asked for by blocks that are placed, which none is without a message.
    Surroundings OfMessage => surroundings ?? throw new UnreachableException("The message is not known.");

    /// <summary>What names stand for in a map of files without an envelope; null for EDI, where paths do.</summary>
    public Formats.FieldNames? Names { get; init; }

    public TargetDefinition? Target { get; } = target;

    public IReadOnlyDictionary<string, Macro> Macros { get; } = macros;

    /// <summary>The list, or null when it has no file, or one whose mistakes are among the diagnostics.</summary>
    public Func<string, (CodeList? List, bool Exists)> CodeLists { get; } = codeLists;

    public List<BlockDraft> Blocks { get; } = [];

    public List<BlockDraft> Roots { get; } = [];

    public List<BoundExpr.Aggregate> Folds { get; } = [];

    public ICollection<Diagnostic> Diagnostics { get; } = diagnostics;

    /// <summary>The document, in a map that writes; null in one that reads, or when it is not known.</summary>
    public Write.DocumentDefinition? Document { get; init; }

    public BoundExpr? Column(BoundExpr.ColumnRef reference) => Blocks[reference.Block].Columns.GetValueOrDefault(reference.Column);

    public void Report(Place place, string code, string message, string? hint = null, bool warning = false)
    {
        var diagnostic = new Diagnostic(place.File, place.Line, place.Column, code, message, hint, warning);
        // A macro's body is bound at every call, and says the same each time.
        if (!Diagnostics.Contains(diagnostic))
            Diagnostics.Add(diagnostic);
    }
}

/// <summary>Binds and types one expression as seen from a row. Null means that a diagnostic was given.</summary>
/// <param name="map">What it shares with the map's others.</param>
/// <param name="block">The row.</param>
/// <param name="fields">The document and its open rows, in a map that writes; null in one that reads.</param>
sealed partial class ExprBinder(MapScope map, BlockDraft block, FieldScope? fields = null)
{
    const int MacroDepthMax = 16;

    readonly MapScope map = map;
    readonly BlockDraft block = block;

    /// <summary>What a macro's parameters stand for, and in which surroundings that was written.</summary>
    sealed record Environment(IReadOnlyDictionary<string, Expr> Arguments, Environment? Outer, int Depth);

    /// <summary>Group of the row that expressions are seen from.</summary>
    public int Group => block.Group;

    /// <summary>False when nothing is said of paths, because the message or the row is not known.</summary>
    public bool Placed => block.Placed;

    /// <summary>The expression that is bound, or the body of the macro it consists of.</summary>
    Expr? whole;

    public BoundExpr? Bind(Expr expr)
    {
        whole = expr;
        return Bind(expr, optional: false, null);
    }

    // optional: true on the left of ??, where a bare path may be absent.
    BoundExpr? Bind(Expr expr, bool optional, Environment? environment) => expr switch
    {
        Expr.Number number => number.Value == decimal.Truncate(number.Value) && !number.Text.Contains('.') && Math.Abs(number.Value) <= long.MaxValue
            ? Literal(number, (long)number.Value, ValueType.Int) : Literal(number, number.Value, ValueType.Decimal),
        Expr.Quoted quoted => Literal(quoted, quoted.Value, ValueType.Text),
        Expr.Truth truth => Literal(truth, truth.Value, ValueType.Bool),
        Expr.Null => Literal(expr, null, ValueType.Text),
        Expr.Variable variable => Variable(variable, optional),
        Expr.Bare bare => Bare(bare, optional, environment),
        Expr.Field field => Field(field, field.Name, field.Member, field.Optional || optional),
        Expr.Path path => Read(path, optional),
        Expr.Call call => Call(call, optional, environment),
        Expr.Not not => Bind(not.Operand, optional, environment) is { } operand && Is(operand, ValueType.Bool, "not")
            ? new BoundExpr.Not(operand) { Type = ValueType.Bool, Nullable = operand.Nullable, Stream = operand.Stream, Place = expr.Place, Text = expr.Text } : null,
        Expr.In membership => In(membership, optional, environment),
        Expr.Binary { Operator: BinaryOperator.Coalesce } coalesce => Coalesce(coalesce, optional, environment),
        Expr.Binary binary => Binary(binary, optional, environment),
        _ => throw new UnreachableException($"No meaning for {expr.GetType().Name}."),
    };

    static BoundExpr.Literal Literal(Expr expr, object? value, ValueType type) =>
        new(value) { Type = type, Nullable = value is null, Stream = StreamClass.Local, Place = expr.Place, Text = expr.Text };

    BoundExpr? Read(Expr.Path path, bool optional)
    {
        if (fields is not null)
            return Fail(path, MapCodes.NoName, "This map makes the message, and reads no segments.", "write a field of the document, a variable or a text in quotes");
        if (path.Parts.FirstOrDefault(p => p.All) is { } star)
            return Fail(path.Source.PlaceOf(star.At + star.Name.Length), MapCodes.Repeat, "* means all repeats: that is a list, not a value.", "wrap it in join(' ', …) or first(…), or take one with #1");
        if (Bound(path) is not { } bound || Place(bound, folded: false) is not { } stream)
            return null;
        return new BoundExpr.Read(bound) { Type = bound.Type, Nullable = path.Optional || optional, Stream = stream, Place = path.Place, Text = path.Text };
    }

    // In a block that is not placed, only what holds wherever the path stands; nothing when the message is not known.
    BoundPath? Bound(Expr.Path path, bool segmentsToo = false) =>
        block.Placed ? map.Paths.Bind(path, block.Group, segmentsToo, block.Pair) : map.KnowsMessage ? map.Paths.BindUnplaced(path, segmentsToo) : null;

    // The class of a path in this row, or null after a diagnostic.
    StreamClass? Place(BoundPath path, bool folded)
    {
        if (!block.Placed)
            return StreamClass.Local;
        var (stream, obstacle) = map.Streams.Classify(path, folded, block.Group);
        if (obstacle == Obstacle.None)
            return stream;
        var (code, message, hint) = map.Streams.Explain(path, obstacle, block.Group);
        map.Report(path.Place, code, message, hint);
        return null;
    }

    BoundExpr? Variable(Expr.Variable variable, bool optional)
    {
        var nullable = variable.Optional || optional;
        if (fields is not null && variable is not ({ Name: "n", Member: null } or { Name: "partner", Member: not null }))
            return Fail(variable, MapCodes.NoName, $"'{variable.Text}' is nothing a document has.", "$partner.id, $n; fields stand without $");
        switch (variable.Name, variable.Member)
        {
            case ("n", null):
                return Surroundings(variable, VariableSource.Ordinal, "n", ValueType.Int, nullable: false);
            case ("partner", { } member):
                return Known(variable, VariableSource.Partner, member, Variables.Partner, nullable);
            case ("file", { } member):
                return Known(variable, VariableSource.File, member, Variables.File, nullable);
            case ("env", { } member):
                return Known(variable, VariableSource.Env, member, Variables.Env, nullable);
            case ("msg", { } member):
                return Known(variable, VariableSource.Msg, member, Variables.Msg, nullable);
            case ({ } table, { } column):
                return Column(variable, table, column);
            default:
                return Fail(variable, MapCodes.NoName, $"'${variable.Name}' is not a variable.", "$partner.id, $env.date, $msg.reference, $file.name, $n or $table.column");
        }
    }

    BoundExpr? Known(Expr.Variable variable, VariableSource source, string name, IReadOnlyDictionary<string, ValueType> known, bool nullable) =>
        known.TryGetValue(name, out var type)
            ? Surroundings(variable, source, name, type, nullable)
            : Fail(variable, MapCodes.NoName, $"${variable.Name} has no '{name}'.", Hints.DidYouMeanOr(name, "it has", [.. known.Keys]));

    static BoundExpr.Variable Surroundings(Expr.Variable variable, VariableSource source, string name, ValueType type, bool nullable) =>
        new(source, name) { Type = type, Nullable = nullable, Stream = StreamClass.Local, Place = variable.Place, Text = variable.Text };

    BoundExpr? Column(Expr.Variable variable, string table, string column)
    {
        var around = block.Visible(map.Roots).ToList();
        var visible = around.FindAll(b => b.Table is not null);
        var named = visible.FindAll(b => b.Table!.Name == table);
        if (named.Count == 0)
        {
            // Of a table that the target does not have, enough is said where the block names it.
            if (around.Exists(b => b.Table is null && b.Ast.Table?.Text == table))
                return null;
            var elsewhere = map.Blocks.Exists(b => b.Table?.Name == table);
            return Fail(variable, MapCodes.NotEnclosing,
                elsewhere ? $"{table} is not an enclosing row here." : $"'${table}' is neither a variable nor an enclosing row.",
                Hints.DidYouMean(table, [.. visible.Select(b => b.Table!.Name), "partner", "env", "msg", "file"])
                ?? (visible.Count == 0 ? "nothing encloses this row" : $"enclosing: {string.Join(", ", visible.Select(b => b.Table!.Name).Distinct())}"));
        }
        var source = named[0];
        if (source.Table!.Find(column) is not { } definition)
            return Fail(variable, MapCodes.NoColumn, $"{table} has no column '{column}'.", Hints.DidYouMeanOr(column, "it has", [.. source.Table.Columns.Select(c => c.Name)]));
        if (!source.Placed || !block.Placed)
            return null;
        var index = source.Table.Columns.ToList().IndexOf(definition);
        if (!source.Columns.TryGetValue(index, out var value) && !source.IsSet(column))
            return Fail(variable, MapCodes.NotEnclosing, $"{table}.{column} has no rule in this map, so it is always null.", $"set {column} in the rows of {table}");
        if (value is null)
            return null;
        if (value is BoundExpr.Xref)
            return Fail(variable, MapCodes.Xref, $"{table}.{column} is looked up when the rows are loaded, and not known before.", "use the xref's key, or the same xref(…)");
        var reference = new BoundExpr.ColumnRef(source.Id, index)
        {
            Type = ValueTypes.Of(definition.Kind),
            Nullable = value.Nullable || variable.Optional,
            Stream = value.Stream,
            Place = variable.Place,
            Text = variable.Text,
        };
        if ((block.IsBelow(source) ? StreamClass.Fixed : Travel(reference, block.Group)) is not { } stream)
            return null;
        source.NeededByOthers.Add(index);
        return reference with { Stream = stream };
    }

    // A reference is known when everything the column reads is known where the reference stands.
    StreamClass? Travel(BoundExpr.ColumnRef reference, int row)
    {
        var worst = StreamClass.Local;
        foreach (var (path, folded) in Streams.Reads(reference, map.Column))
        {
            var (stream, obstacle) = map.Streams.Classify(path, folded, row);
            if (obstacle != Obstacle.None || (stream > StreamClass.Fixed && row != map.Blocks[reference.Block].Group))
            {
                map.Report(reference.Place, MapCodes.NotStreamable,
                    $"not streamable: {reference.Text} is known only when its row is complete, because it reads {path.Text} ({path.Place.Line}:{path.Place.Column}).",
                    "move it to the header row, or read it in SQL after the merge");
                return null;
            }
            worst = stream > worst ? stream : worst;
        }
        return worst;
    }

    BoundExpr.Coalesce? Coalesce(Expr.Binary expr, bool optional, Environment? environment)
    {
        var left = Bind(expr.Left, optional: true, environment);
        var right = Bind(expr.Right, optional, environment);
        if (left is null || right is null || Pair(expr, left, right) is not { } pair)
            return null;
        return new BoundExpr.Coalesce(pair.Left, pair.Right)
        {
            Type = pair.Left.Type,
            Nullable = left.Nullable && right.Nullable,
            Stream = Worst(left, right),
            Place = expr.Place,
            Text = expr.Text,
        };
    }

    BoundExpr? Binary(Expr.Binary expr, bool optional, Environment? environment)
    {
        var left = Bind(expr.Left, optional, environment);
        var right = Bind(expr.Right, optional, environment);
        switch (expr.Operator)
        {
            case BinaryOperator.And or BinaryOperator.Or:
                return AreAll([left, right], side => Is(side, ValueType.Bool, Sign(expr.Operator)))
                    ? new BoundExpr.Logical(expr.Operator == BinaryOperator.And, left!, right!)
                    { Type = ValueType.Bool, Nullable = left!.Nullable || right!.Nullable, Stream = Worst(left, right), Place = expr.Place, Text = expr.Text } : null;
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide:
                return AreAll([left, right], side => IsNumber(side, expr.Operator)) ? Arithmetic(expr, left!, right!) : null;
        }
        if (left is null || right is null)
            return null;
        if (Pair(expr, left, right) is not { } pair)
            return null;
        if (pair.Left.Type == ValueType.Bool && expr.Operator is not (BinaryOperator.Equal or BinaryOperator.NotEqual))
            return Fail(expr, MapCodes.OperandType, $"true and false have no order: '{Sign(expr.Operator)}' does not compare them.");
        return new BoundExpr.Compare((CompareOperator)(expr.Operator - BinaryOperator.Equal), pair.Left, pair.Right)
        { Type = ValueType.Bool, Nullable = left.Nullable || right.Nullable, Stream = Worst(left, right), Place = expr.Place, Text = expr.Text };
    }

    // Each part is judged, whatever is wrong with the others. A part that is null has its diagnostic.
    static bool AreAll(IReadOnlyList<BoundExpr?> parts, Func<BoundExpr, bool> isFine)
    {
        var areFine = true;
        foreach (var part in parts)
            areFine &= part is not null && isFine(part);
        return areFine;
    }

    bool IsNumber(BoundExpr side, BinaryOperator op)
    {
        if (side.Type is ValueType.Int or ValueType.Decimal)
            return true;
        Fail(side, MapCodes.OperandType, $"'{Sign(op)}' calculates with numbers, and this is {Types.NameOf(side.Type)}.", Types.Advice(side.Type, ValueType.Decimal));
        return false;
    }

    static BoundExpr.Arithmetic Arithmetic(Expr.Binary expr, BoundExpr left, BoundExpr right)
    {
        var type = expr.Operator == BinaryOperator.Divide ? ValueType.Decimal : Types.Unify(left, right)!.Value;
        return new BoundExpr.Arithmetic((ArithmeticOperator)(expr.Operator - BinaryOperator.Add), Types.Coerce(left, type)!, Types.Coerce(right, type)!)
        { Type = type, Nullable = left.Nullable || right.Nullable, Stream = Worst(left, right), Place = expr.Place, Text = expr.Text };
    }

    BoundExpr? In(Expr.In expr, bool optional, Environment? environment)
    {
        var operand = Bind(expr.Operand, optional, environment);
        var items = expr.Items.Select(i => Bind(i, optional, environment)).ToList();
        if (items.Count == 0)
            return Fail(expr, MapCodes.Arguments, "The list after 'in' is empty.");
        if (operand is null)
            return null;
        var type = operand.Type;
        if (!AreAll(items, IsComparable))
            return null;
        return new BoundExpr.In(Types.Coerce(operand, type)!, [.. items.Select(i => Types.Coerce(i!, type)!)], expr.Negated)
        {
            Type = ValueType.Bool,
            Nullable = operand.Nullable,
            Stream = Worst([operand, .. items!]),
            Place = expr.Place,
            Text = expr.Text,
        };

        bool IsComparable(BoundExpr item)
        {
            if (Types.Unify(operand, item) is not { } common)
            {
                Fail(item, MapCodes.OperandType, $"This is {Types.NameOf(item.Type)}, and is compared with {Types.NameOf(operand.Type)}.", Types.Advice(item.Type, operand.Type));
                return false;
            }
            type = common != operand.Type ? common : type;
            return true;
        }
    }

    // Both sides with one type, or null after a diagnostic.
    (BoundExpr Left, BoundExpr Right)? Pair(Expr expr, BoundExpr left, BoundExpr right)
    {
        if (Types.Unify(left, right) is { } type)
            return (Types.Coerce(left, type)!, Types.Coerce(right, type)!);
        Fail(right, MapCodes.OperandType, $"This is {Types.NameOf(right.Type)}, and {Shorten(left.Text)} is {Types.NameOf(left.Type)}.",
            Types.Advice(left.Type, right.Type) is { } advice ? $"{advice} on one side" : null);
        return null;
    }

    bool Is(BoundExpr expr, ValueType type, string where)
    {
        if (expr.Type == type)
            return true;
        Fail(expr, MapCodes.OperandType, $"'{where}' takes {Types.NameOf(type)}, and this is {Types.NameOf(expr.Type)}.", Types.Advice(expr.Type, type));
        return false;
    }

    static StreamClass Worst(params ReadOnlySpan<BoundExpr?> operands)
    {
        var worst = StreamClass.Local;
        foreach (var operand in operands)
            if (operand!.Stream > worst)
                worst = operand.Stream;
        return worst;
    }

    static string Sign(BinaryOperator op) => op switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.And => "and",
        BinaryOperator.Equal => "=",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Coalesce => "??",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        _ => throw new UnreachableException($"No sign for {op}."),
    };

    static string Shorten(string text) => ExprParser.Shorten(text);

    BoundExpr? Fail(Expr expr, string code, string message, string? hint = null) => Fail(expr.Place, code, message, hint);

    BoundExpr? Fail(BoundExpr expr, string code, string message, string? hint = null) => Fail(expr.Place, code, message, hint);

    BoundExpr? Fail(Place place, string code, string message, string? hint)
    {
        map.Report(place, code, message, hint);
        return null;
    }
}
