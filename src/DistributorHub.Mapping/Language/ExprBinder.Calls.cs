using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>Functions, macros and code lists.</summary>
sealed partial class ExprBinder
{
    BoundExpr? Call(Expr.Call call, bool optional, Environment? environment)
    {
        if (map.Macros.TryGetValue(call.Name, out var macro))
            return macro.Own is { } function ? Own(call, function, optional, environment) : Macro(call, macro, optional, environment);
        if (FunctionTable.Calls.TryGetValue(call.Name, out var signature))
            return Function(call, signature, optional, environment);
        if (fields is not null && OverFields(call, optional, environment) is var (isOne, bound) && isOne)
            return bound;
        switch (call.Name)
        {
            case "count" or "sum" or "min" or "max" or "first" or "last":
                return Takes(call, 1, 1, environment) ? Aggregate(call, optional, environment, 0) : null;
            case "nth":
                return Nth(call, optional, environment);
            case "join":
                return Join(call, optional, environment);
            case "exists":
                return Exists(call, environment);
            case "if":
                return If(call, optional, environment);
            case "code":
                return Code(call, optional, environment);
            case "xref":
                return Xref(call, optional, environment);
            case "period":
                return Fail(call, MapCodes.NoName, "period is what maps make that write; this one reads.", "period_start(m), period_end(m)");
            default:
                var (message, hint) = FunctionTable.Unknown(call.Name, map.Macros.Keys);
                Fail(call, MapCodes.NoName, message, hint);
                return Judge(call.Arguments, environment);
        }
    }

    // The arguments of a call that has a mistake itself. Whether a name is a list or a path needs a value depends on the call, so nothing is said of that.
    BoundExpr? Judge(IEnumerable<Expr> arguments, Environment? environment)
    {
        foreach (var argument in arguments)
            if (Resolve(argument, environment) is Expr.Path path)
                Bound(path, segmentsToo: true);
            else if (argument is not Expr.Bare)
                Bind(argument, optional: true, environment);
        return null;
    }

    BoundExpr? Macro(Expr.Call call, Macro macro, bool optional, Environment? environment)
    {
        if (macro.Body is null)
            return Judge(call.Arguments, environment);
        if (call.Arguments.Count != macro.Parameters.Count)
        {
            Fail(call, MapCodes.Arguments, $"{macro.Name} takes {macro.Parameters.Count} arguments, not {call.Arguments.Count}.",
                $"{macro.Name}({string.Join(", ", macro.Parameters)})");
            return Judge(call.Arguments, environment);
        }
        var depth = (environment?.Depth ?? 0) + 1;
        if (depth > MacroDepthMax)
            return Fail(call, MapCodes.Macro, $"{macro.Name} calls itself.", "there is no recursion");
        if (ReferenceEquals(call, whole))
            whole = macro.Body;
        var arguments = macro.Parameters.Zip(call.Arguments).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        return Bind(macro.Body, optional, new(arguments, environment, depth)) is { } body ? body with { Macro = new(call.Place, call.Text) } : null;
    }

    BoundExpr.Call? Function(Expr.Call call, Signature signature, bool optional, Environment? environment)
    {
        if (!Takes(call, signature.Required, signature.Parameters.Count, environment))
            return null;
        var arguments = new List<BoundExpr>();
        var failed = false;
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var parameter = signature.Parameters[i];
            var bound = Bind(call.Arguments[i], optional, environment);
            if (bound is null || !Accepts(call, parameter, bound))
                failed = true;
            else
                arguments.Add(bound);
        }
        if (failed)
            return null;
        // round works on decimals and dec gives them: a whole number is one without loss.
        if (signature.Function is Language.Function.Round && Types.Coerce(arguments[0], ValueType.Decimal) is { } number)
            arguments[0] = number;
        return new BoundExpr.Call(signature.Function, arguments)
        {
            Type = signature.Result,
            Nullable = arguments.Exists(a => a.Nullable),
            Stream = Worst([.. arguments]),
            Place = call.Place,
            Text = call.Text,
        };
    }

    bool Accepts(Expr.Call call, Parameter parameter, BoundExpr argument)
    {
        if (parameter.Kind == ParameterKind.Value)
        {
            if (parameter.Types.Contains(argument.Type))
                return true;
            Fail(argument, MapCodes.OperandType, $"{call.Name} takes {string.Join(" or ", parameter.Types.Select(Types.NameOf))}, and this is {Types.NameOf(argument.Type)}.",
                Types.Advice(argument.Type, parameter.Types[0]));
            return false;
        }
        var refusal = argument is BoundExpr.Literal literal ? parameter.Refuses(literal) : $"{parameter.Name} must be a constant";
        if (refusal is not null)
            Fail(argument, MapCodes.Arguments, $"{call.Name}: {refusal}.");
        return refusal is null;
    }

    BoundExpr? Nth(Expr.Call call, bool optional, Environment? environment)
    {
        if (!Takes(call, 2, 2, environment))
            return null;
        if (Bind(call.Arguments[1], optional, environment) is BoundExpr.Literal { Value: long and > 0 and <= int.MaxValue and var n })
            return Aggregate(call, optional, environment, (int)n);
        Fail(call.Arguments[1], MapCodes.Arguments, "nth: n must be a whole number from 1.");
        return Judge([call.Arguments[0]], environment);
    }

    BoundExpr? Aggregate(Expr.Call call, bool optional, Environment? environment, int n)
    {
        var kind = Enum.Parse<AggregateKind>(call.Name, ignoreCase: true);
        if (PathArgument(call, call.Arguments[0], environment) is not { } path
            || Bound(path, segmentsToo: kind == AggregateKind.Count) is not { } bound
            || Place(bound, Streams.IsFold(kind)) is not { } stream)
            return null;
        if (kind == AggregateKind.Sum && bound.Type != ValueType.Decimal)
            return Fail(path, MapCodes.OperandType, $"sum adds numbers, and {bound.Text} is {Types.NameOf(bound.Type)}.");
        var never = kind is AggregateKind.Count or AggregateKind.Sum;
        var aggregate = new BoundExpr.Aggregate(kind, bound, n, -1)
        {
            Type = kind == AggregateKind.Count ? ValueType.Int : bound.Type,
            Nullable = !never && (path.Optional || optional),
            Stream = stream,
            Place = call.Place,
            Text = call.Text,
        };
        return stream == StreamClass.Fold ? Folded(aggregate) : aggregate;
    }

    // The same total asked for twice is counted once.
    BoundExpr.Aggregate Folded(BoundExpr.Aggregate aggregate)
    {
        var index = map.Folds.FindIndex(f => f.Kind == aggregate.Kind && f.Path.Scope == aggregate.Path.Scope && f.Path.Text == aggregate.Path.Text);
        var folded = aggregate with { Fold = index >= 0 ? index : map.Folds.Count };
        if (index < 0)
            map.Folds.Add(folded);
        return folded;
    }

    BoundExpr.Join? Join(Expr.Call call, bool optional, Environment? environment)
    {
        if (!Takes(call, 2, int.MaxValue, environment))
            return null;
        var separator = (Bind(call.Arguments[0], optional, environment) as BoundExpr.Literal)?.Value as string;
        if (separator is null)
            Fail(call.Arguments[0], MapCodes.Arguments, "join: the separator must be a constant text.", "join(' ', …)");
        var items = new List<JoinItem>();
        var (failed, stream, nullable) = (false, StreamClass.Local, true);
        foreach (var argument in call.Arguments.Skip(1))
        {
            if (JoinItem(argument, optional, environment) is not var (item, itemStream))
            {
                failed = true;
                continue;
            }
            items.Add(item);
            stream = itemStream > stream ? itemStream : stream;
            nullable &= item.Path is not null ? !item.Required : item.Value!.Nullable;
        }
        return failed || separator is null ? null : new BoundExpr.Join(separator, items) { Type = ValueType.Text, Nullable = nullable, Stream = stream, Place = call.Place, Text = call.Text };
    }

    (JoinItem, StreamClass)? JoinItem(Expr argument, bool optional, Environment? environment)
    {
        if (Resolve(argument, environment) is not Expr.Path path)
        {
            if (Bind(argument, optional, environment) is not { } value || !Is(value, ValueType.Text, "join"))
                return null;
            return (new(null, !value.Nullable, value), value.Stream);
        }
        if (Bound(path) is not { } bound || Place(bound, folded: false) is not { } stream)
            return null;
        if (bound.Type != ValueType.Text)
        {
            Fail(path, MapCodes.OperandType, $"'join' takes a text, and this is {Types.NameOf(bound.Type)}.", "use text(…)");
            return null;
        }
        return (new(bound, !(path.Optional || optional), null), stream);
    }

    BoundExpr.Exists? Exists(Expr.Call call, Environment? environment)
    {
        if (!Takes(call, 1, 1, environment) || PathArgument(call, call.Arguments[0], environment) is not { } path
            || Bound(path, segmentsToo: true) is not { } bound || Place(bound, folded: false) is not { } stream)
            return null;
        return new BoundExpr.Exists(bound) { Type = ValueType.Bool, Nullable = false, Stream = stream, Place = call.Place, Text = call.Text };
    }

    BoundExpr.If? If(Expr.Call call, bool optional, Environment? environment)
    {
        if (!Takes(call, 3, 3, environment))
            return null;
        var condition = Bind(call.Arguments[0], optional, environment);
        var then = Bind(call.Arguments[1], optional, environment);
        var other = Bind(call.Arguments[2], optional, environment);
        var decides = condition is not null && Is(condition, ValueType.Bool, "if");
        if (then is null || other is null || Pair(call, then, other) is not { } pair || !decides)
            return null;
        return new BoundExpr.If(condition!, pair.Left, pair.Right)
        {
            Type = pair.Left.Type,
            Nullable = then.Nullable || other.Nullable,
            Stream = Worst(condition, then, other),
            Place = call.Place,
            Text = call.Text,
        };
    }

    BoundExpr.CodeLookup? Code(Expr.Call call, bool optional, Environment? environment)
    {
        if (!Takes(call, 2, 3, environment))
            return null;
        var operand = Bind(call.Arguments[0], optional, environment);
        var isText = operand is not null && Is(operand, ValueType.Text, "code");
        var list = List(call.Arguments[1]);
        if (fields is not null && list is not null)
            IsWritable(call.Arguments[1], list);
        if (OnMiss(call, list) is not var (miss, text) || list is null || operand is null || !isText)
            return null;
        return new BoundExpr.CodeLookup(operand, fields is null ? list : list.Reversed, miss, text)
        {
            Type = ValueType.Text,
            Nullable = operand.Nullable || miss == Miss.Null,
            Stream = operand.Stream,
            Place = call.Place,
            Text = call.Text,
        };
    }

    CodeList? List(Expr argument)
    {
        if (argument is not Expr.Bare name)
        {
            Fail(argument, MapCodes.Arguments, "code: the second argument is the name of a code list.", "code(x, uom)");
            return null;
        }
        var (list, exists) = map.CodeLists(name.Value);
        if (!exists)
            Fail(name, MapCodes.NoCodeList, $"There is no code list '{name.Value}'.", $"write codes/{name.Value}.yaml");
        return list;
    }

    // What becomes of an unknown code, or null after a diagnostic.
    (Miss, string?)? OnMiss(Expr.Call call, CodeList? list)
    {
        switch (call.Arguments.ElementAtOrDefault(2))
        {
            case null:
                return (list?.Miss ?? Miss.Error, list?.Literal);
            case Expr.Bare { Value: "error" }:
                return (Miss.Error, null);
            case Expr.Bare { Value: "pass" }:
                return (Miss.Pass, null);
            case Expr.Null:
                return (Miss.Null, null);
            case Expr.Quoted quoted:
                return (Miss.Literal, quoted.Value);
            case { } other:
                Fail(other, MapCodes.Arguments, "code: on a miss, write error, pass, null or a text.", "code(x, uom, pass)");
                return null;
        }
    }

    BoundExpr? Xref(Expr.Call call, bool optional, Environment? environment)
    {
        if (!ReferenceEquals(call, whole))
            Fail(call, MapCodes.Xref, "xref is looked up when the rows are loaded: nothing can be made of its value here.", "let xref(…) be the whole rule of its column");
        if (!Takes(call, 2, int.MaxValue, environment))
            return null;
        var arguments = call.Arguments.Skip(1).ToList();
        if (XrefTable(call, arguments.Count) is not { } table)
            return Judge(arguments, environment);
        var keys = new List<BoundExpr>();
        foreach (var (argument, column) in arguments.Zip(table.Key))
        {
            if (Bind(argument, optional, environment) is not { } key)
                continue;
            if (Types.Coerce(key, ValueTypes.Of(column.Kind)) is { } value)
                keys.Add(value);
            else
                Fail(key, MapCodes.OperandType, $"The key {table.Name}.{column.Name} holds {Types.NameOf(ValueTypes.Of(column.Kind))}, and this is {Types.NameOf(key.Type)}.",
                    Types.Advice(key.Type, ValueTypes.Of(column.Kind)));
        }
        return keys.Count < table.Key.Count || !ReferenceEquals(call, whole) ? null : new BoundExpr.Xref(table, keys)
        {
            Type = ValueTypes.Of(table.Value.Kind),
            Nullable = table.Miss == XrefMiss.Null || keys.Exists(k => k.Nullable),
            Stream = Worst([.. keys]),
            Place = call.Place,
            Text = call.Text,
        };
    }

    // The table that is looked into, or null when it is not known.
    XrefDefinition? XrefTable(Expr.Call call, int keys)
    {
        if (call.Arguments[0] is not Expr.Bare name)
        {
            Fail(call.Arguments[0], MapCodes.Arguments, "xref: the first argument is the name of an xref of the target.", "xref(article, LIN.C212[EN])");
            return null;
        }
        if (map.Target is not { } target)
            return null;
        var table = target.Xrefs.FirstOrDefault(x => x.Name == name.Value);
        if (table is null)
            Fail(name, MapCodes.Xref, $"Target '{target.Id}' has no xref '{name.Value}'.",
                target.Xrefs.Count == 0 ? "describe it under xrefs: in the target" : Hints.DidYouMeanOr(name.Value, "it has", [.. target.Xrefs.Select(x => x.Name)]));
        else if (keys != table.Key.Count)
            Fail(call, MapCodes.Arguments, $"The key of xref {table.Name} has {table.Key.Count} columns, not {keys}.",
                $"xref({table.Name}, {string.Join(", ", table.Key.Select(k => k.Name))})");
        return table?.Key.Count == keys ? table : null;
    }

    // When it does not, its arguments are judged here.
    bool Takes(Expr.Call call, int least, int most, Environment? environment) =>
        Takes(call, least, most, FunctionTable.Calls.TryGetValue(call.Name, out var signature) ? signature.Usage(call.Name) : FunctionTable.Special[call.Name], environment);

    bool Takes(Expr.Call call, int least, int most, string usage, Environment? environment)
    {
        if (call.Arguments.Count >= least && call.Arguments.Count <= most)
            return true;
        Fail(call, MapCodes.Arguments, $"{call.Name} cannot take {call.Arguments.Count} argument{(call.Arguments.Count == 1 ? "" : "s")}.", usage);
        Judge(call.Arguments, environment);
        return false;
    }

    Expr.Path? PathArgument(Expr.Call call, Expr argument, Environment? environment)
    {
        if (Resolve(argument, environment) is Expr.Path path)
            return path;
        Fail(argument, MapCodes.OperandType, $"{call.Name} takes a path of the message.", call.Name is "count" or "exists" ? $"{call.Name}(LIN)" : $"{call.Name}(MOA[79])");
        Judge([argument], environment);
        return null;
    }

    // What a macro's parameter stands for, through macros that pass it on.
    static Expr Resolve(Expr expr, Environment? environment)
    {
        while (expr is Expr.Bare bare && environment is not null && environment.Arguments.TryGetValue(bare.Value, out var argument))
            (expr, environment) = (argument, environment.Outer);
        return expr;
    }
}
