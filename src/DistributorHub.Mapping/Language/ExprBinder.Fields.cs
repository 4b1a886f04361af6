using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Language;

/// <summary>A document as an expression of a map that writes sees it.</summary>
/// <param name="Document">The document; null when the map names none that is known: then no field is judged.</param>
/// <param name="Open">Lists of which a row is being written, the document itself first.</param>
sealed record FieldScope(DocumentDefinition? Document, IReadOnlyList<DocumentList> Open)
{
    /// <summary>The list of that name that stands in an open one, at any depth.</summary>
    public DocumentList? Find(string name) => Document?.Lists.FirstOrDefault(list => list.Index > 0 && list.Name == name);

    /// <summary>All that can be named here.</summary>
    public IReadOnlyList<string> Names => [.. Open.SelectMany(list => list.Fields.Select(list.NameOf))];
}

/// <content>Names in small letters: parameters of macros and, in maps that write, fields of a document.</content>
sealed partial class ExprBinder
{
    BoundExpr? Bare(Expr.Bare bare, bool optional, Environment? environment)
    {
        if (environment is not null && environment.Arguments.TryGetValue(bare.Value, out var argument))
            return bare.Optional ? Fail(bare, MapCodes.Macro, $"'{bare.Value}' is a parameter: whether it may be absent is said where the function is called.", $"{bare.Value} without ?")
                : Bind(argument, optional, environment.Outer);
        if (fields is not null)
            return Field(bare, bare.Value, null, bare.Optional || optional);
        var hint = FunctionTable.Names.Contains(bare.Value) || map.Macros.ContainsKey(bare.Value) ? $"a function needs its parentheses: {bare.Value}(…)"
            : Hints.DidYouMean(bare.Value, [.. environment?.Arguments.Keys ?? []]) ?? $"a text is written '{bare.Value}', a variable ${bare.Value}, a segment in capitals";
        return Fail(bare, MapCodes.NoName, $"'{bare.Value}' is not known here.", hint);
    }

    BoundExpr? Field(Expr expr, string name, string? member, bool nullable)
    {
        if (fields is null)
            return Fail(expr, MapCodes.NoName, $"'{expr.Text}' is not known here: fields are what maps read that write a message.", "segments stand in capitals, a text in quotes, variables with $");
        if (Resolve(expr, name, member) is not var (list, column))
            return null;
        if (!fields.Open.Contains(list))
            return Fail(expr, MapCodes.Unfolded, $"'{list.Name}' is a list: {expr.Text} has a value in each row of it.", $"wrap it in count/sum/min/max/first/last, or write it under for: {list.Name}");
        var definition = list.Fields[column];
        return new BoundExpr.Field(list.Index, column)
        {
            Type = ValueTypes.Of(definition.Kind),
            // Without a ? it is required, and a view that promises it keeps its promise.
            Nullable = nullable && definition.Nullable,
            Stream = StreamClass.Local,
            Place = expr.Place,
            Text = expr.Text.TrimEnd('?'),
        };
    }

    // The list and field of a name, or null after a diagnostic.
    (DocumentList List, int Column)? Resolve(Expr expr, string name, string? member)
    {
        if (fields!.Document is not { } document)
            return null;
        var list = member is null ? document.Root : fields.Find(name);
        if (list?.IndexOf(member ?? name) is { } column and >= 0)
            return (list, column);
        if (list is null)
            Fail(expr, MapCodes.NoField, $"{document.Id} has no list '{name}'.", Hints.DidYouMeanOr(name, "it has", [.. document.Lists.Skip(1).Select(l => l.Name)]));
        else if (member is null && fields.Find(name) is not null)
            Fail(expr, MapCodes.NoField, $"'{name}' is a list, not a value.", $"count({name}), {name}.{fields.Find(name)!.Fields[0].Name}, or for: {name}");
        else if (member is null && fields.Open.FirstOrDefault(open => open.IndexOf(name) >= 0) is { } around)
            Fail(expr, MapCodes.NoField, $"{document.Id} has no field '{name}'.", $"did you mean {around.Name}.{name}?");
        else if (member is null && FunctionTable.Names.Contains(name))
            Fail(expr, MapCodes.NoName, $"'{name}' is a function.", $"a function needs its parentheses: {name}(…)");
        else
            Fail(expr, MapCodes.NoField, $"{(member is null ? document.Id : list.Name)} has no field '{member ?? name}'.",
                Hints.DidYouMeanOr(member ?? name, "it has", [.. list.Fields.Select(f => f.Name)]));
        return null;
    }

    // Functions over lists and fields: whether the call is one, and what it means (null after a diagnostic).
    (bool IsOne, BoundExpr? Bound) OverFields(Expr.Call call, bool optional, Environment? environment)
    {
        switch (call.Name)
        {
            case "count" or "sum" or "min" or "max" or "first" or "last":
                return (true, Takes(call, 1, 1, environment) ? Fold(call, optional, environment, 0) : null);
            case "nth" when Takes(call, 2, 2, environment):
                if (Bind(call.Arguments[1], optional, environment) is BoundExpr.Literal { Value: long and > 0 and <= int.MaxValue and var n })
                    return (true, Fold(call, optional, environment, (int)n));
                Fail(call.Arguments[1], MapCodes.Arguments, "nth: n must be a whole number from 1.");
                return (true, null);
            case "nth":
                return (true, null);
            case "exists":
                return (true, Takes(call, 1, 1, environment) ? FieldExists(call, environment) : null);
            case "period":
                return (true, Takes(call, 2, 2, environment) ? Period(call, optional, environment) : null);
            case "xref":
                Fail(call, MapCodes.Xref, "xref is looked up when rows are loaded, and this map writes none.", "let the document's view join the table");
                return (true, null);
            default:
                return default;
        }
    }

    BoundExpr.ListFold? Fold(Expr.Call call, bool optional, Environment? environment, int n)
    {
        var kind = Enum.Parse<AggregateKind>(call.Name, ignoreCase: true);
        var (name, member, marked) = Name(call, environment);
        if (name is null || fields!.Document is null)
            return null;
        var argument = call.Arguments[0];
        var (list, column) = (fields.Find(name), -1);
        if (member is not null && Resolve(argument, name, member) is var (_, found))
            column = found;
        else if (member is not null)
            return null;
        if (list is null || (member is null && kind != AggregateKind.Count))
        {
            Fail(argument, MapCodes.NoField, list is null ? $"{fields.Document.Id} has no list '{name}'." : $"{call.Name} takes a field of a list.",
                list is null ? Hints.DidYouMeanOr(name, "it has", [.. fields.Document.Lists.Skip(1).Select(l => l.Name)]) : $"{call.Name}({name}.{list.Fields[0].Name})");
            return null;
        }
        var type = column < 0 || kind == AggregateKind.Count ? ValueType.Int : ValueTypes.Of(list.Fields[column].Kind);
        if (kind == AggregateKind.Sum && type is not (ValueType.Int or ValueType.Decimal))
        {
            Fail(argument, MapCodes.OperandType, $"sum adds numbers, and {argument.Text} is {Types.NameOf(type)}.");
            return null;
        }
        return new(kind, list.Index, column, n)
        {
            Type = type,
            Nullable = kind is not (AggregateKind.Count or AggregateKind.Sum) && (marked || optional),
            Stream = StreamClass.Local,
            Place = call.Place,
            Text = call.Text,
        };
    }

    BoundExpr.Period? Period(Expr.Call call, bool optional, Environment? environment)
    {
        var (from, to) = (Bind(call.Arguments[0], optional, environment), Bind(call.Arguments[1], optional, environment));
        if (from is null || to is null)
            return null;
        foreach (var bound in new[] { from, to }.Where(bound => bound.Type is not (ValueType.Date or ValueType.Moment) || BoundExpr.IsPeriod(bound)))
        {
            Fail(bound, MapCodes.OperandType, $"period takes dates or timestamps, and this is {Types.NameOf(bound.Type)}.", Types.Advice(bound.Type, ValueType.Date));
            return null;
        }
        if (from.Type != to.Type)
        {
            Fail(call, MapCodes.OperandType, "A period is from a date to a date, or from a timestamp to a timestamp.", "write date(…) around the timestamp");
            return null;
        }
        return new(from, to) { Type = ValueType.Moment, Nullable = from.Nullable || to.Nullable, Stream = StreamClass.Local, Place = call.Place, Text = call.Text };
    }

    BoundExpr? FieldExists(Expr.Call call, Environment? environment)
    {
        var (name, member, _) = Name(call, environment);
        if (name is null)
            return null;
        if (member is null && fields!.Find(name) is { } rows)
            return new BoundExpr.Compare(CompareOperator.Greater, new BoundExpr.ListFold(AggregateKind.Count, rows.Index, -1, 0) { Type = ValueType.Int, Nullable = false, Stream = StreamClass.Local, Place = call.Place, Text = call.Text },
                new BoundExpr.Literal(0L) { Type = ValueType.Int, Nullable = false, Stream = StreamClass.Local, Place = call.Place, Text = "0" })
            { Type = ValueType.Bool, Nullable = false, Stream = StreamClass.Local, Place = call.Place, Text = call.Text };
        if (Resolve(call.Arguments[0], name, member) is not var (list, column))
            return null;
        if (fields!.Open.Contains(list))
            return new BoundExpr.FieldExists(list.Index, column) { Type = ValueType.Bool, Nullable = false, Stream = StreamClass.Local, Place = call.Place, Text = call.Text };
        return Fail(call, MapCodes.Unfolded, $"'{list.Name}' is a list: {call.Arguments[0].Text} has a value in each row of it.", $"exists({list.Name}), or count({list.Name}.{list.Fields[column].Name}) > 0");
    }

    // The list or field an argument names, through macros; nulls after a diagnostic.
    (string? Name, string? Member, bool Optional) Name(Expr.Call call, Environment? environment)
    {
        switch (Resolve(call.Arguments[0], environment))
        {
            case Expr.Field field:
                return (field.Name, field.Member, field.Optional);
            case Expr.Bare bare:
                return (bare.Value, null, bare.Optional);
            default:
                Fail(call.Arguments[0], MapCodes.OperandType, $"{call.Name} takes a list of the document, or a field of one.", call.Name == "exists" ? "exists(order_no)" : "count(lines), sum(lines.qty)");
                return default;
        }
    }

    // Which of several codes is written for ours is said by the list, never guessed.
    void IsWritable(Expr argument, CodeList list)
    {
        foreach (var (ours, theirs) in list.Undecided)
            Fail(argument, MapCodes.NotReversible, $"For '{ours}' the list {list.Id} has {string.Join(", ", theirs)}, and does not say which is written.",
                $"add reverse: {{ {ours}: {theirs[0]} }} to {(list.File.Length > 0 ? list.File : $"codes/{list.Id}.yaml")}");
    }
}
