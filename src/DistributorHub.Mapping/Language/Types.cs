using System.Diagnostics;

namespace DistributorHub.Mapping.Language;

/// <summary>Which types go together, and the conversions that lose nothing.</summary>
static class Types
{
    public static string NameOf(ValueType type) => type switch
    {
        ValueType.Text => "a text",
        ValueType.Decimal => "a decimal number",
        ValueType.Int => "a whole number",
        ValueType.Date => "a date",
        ValueType.Moment => "a moment",
        ValueType.Time => "a time",
        ValueType.Bool => "true or false",
        _ => throw new UnreachableException($"No name for {type}."),
    };

    /// <summary>The function that makes one of the other, or null when none does.</summary>
    public static string? Advice(ValueType from, ValueType to) => (from, to) switch
    {
        (_, ValueType.Text) => "use text(…)",
        (ValueType.Text, ValueType.Decimal) => "use dec(…)",
        (ValueType.Text, ValueType.Int) => "use int(…)",
        (ValueType.Text, ValueType.Date) or (ValueType.Text, ValueType.Moment) => "use date(…, 'yyyyMMdd')",
        (ValueType.Text, ValueType.Time) => "use time(…, 'HHmm')",
        (ValueType.Text, ValueType.Bool) => "use bool(…, 'Y', 'N')",
        _ => null,
    };

    public static bool IsNull(BoundExpr expr) => expr is BoundExpr.Literal { Value: null };

    /// <summary>The type both sides have, or can be given without loss; null when there is none.</summary>
    public static ValueType? Unify(BoundExpr a, BoundExpr b)
    {
        if (IsNull(a) || a.Type == b.Type)
            return b.Type;
        if (IsNull(b))
            return a.Type;
        return (a.Type, b.Type) switch
        {
            (ValueType.Int, ValueType.Decimal) or (ValueType.Decimal, ValueType.Int) => ValueType.Decimal,
            (ValueType.Date, ValueType.Moment) or (ValueType.Moment, ValueType.Date) => ValueType.Moment,
            _ => null,
        };
    }

    /// <summary>The expression as another type, with explicit conversions; null when that would lose something.</summary>
    public static BoundExpr? Coerce(BoundExpr expr, ValueType to)
    {
        if (expr.Type == to)
            return expr;
        switch (expr)
        {
            case BoundExpr.Literal { Value: null }:
                return expr with { Type = to };
            case BoundExpr.Literal { Value: long whole } when to == ValueType.Decimal:
                return new BoundExpr.Literal((decimal)whole) { Type = to, Nullable = false, Stream = expr.Stream, Place = expr.Place, Text = expr.Text };
            case BoundExpr.Convert convert when convert.Operand.Type == to:
                return convert.Operand;
            // Conversions belong to the branches: a date behind ?? is not made a moment first.
            case BoundExpr.Coalesce coalesce:
                return (Coerce(coalesce.Left, to), Coerce(coalesce.Right, to)) is ({ } left, { } right)
                    ? coalesce with { Left = left, Right = right, Type = to } : null;
            case BoundExpr.If choice:
                return (Coerce(choice.Then, to), Coerce(choice.Else, to)) is ({ } then, { } other)
                    ? choice with { Then = then, Else = other, Type = to } : null;
        }
        return (expr.Type, to) is (ValueType.Int, ValueType.Decimal) or (ValueType.Decimal, ValueType.Int)
            or (ValueType.Date, ValueType.Moment) or (ValueType.Moment, ValueType.Date)
            ? new BoundExpr.Convert(expr) { Type = to, Nullable = expr.Nullable, Stream = expr.Stream, Place = expr.Place, Text = expr.Text }
            : null;
    }
}
