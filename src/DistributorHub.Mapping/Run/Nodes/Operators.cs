using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

static class Operands
{
    /// <summary>Both sides of an operator; false when there is nothing to compute: one side failed or is null, and so is the result.</summary>
    public static bool Evaluate(MapRun run, Node left, Node right, ref Value value, out Value other)
    {
        other = default;
        left.Evaluate(run, ref value);
        if (value.IsFailed)
            return false;
        right.Evaluate(run, ref other);
        if (!other.IsFailed && !value.IsNull && !other.IsNull)
            return true;
        value.Kind = other.IsFailed ? ValueKind.Failed : ValueKind.Null;
        return false;
    }
}

sealed class ArithmeticNode(BoundExpr.Arithmetic source, Node left, Node right) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        if (!Operands.Evaluate(run, left, right, ref value, out var other))
            return;
        value.TryNumber(out var a);
        other.TryNumber(out var b);
        if (!TryCalculate(a, b, out var result) || (Source.Type == Language.ValueType.Int && Math.Abs(result) > long.MaxValue))
        {
            run.Faults.NoResult(run, Source, value);
            value.SetFailed();
        }
        else if (Source.Type == Language.ValueType.Int)
        {
            value.SetInt((long)result);
        }
        else
        {
            value.SetDecimal(result);
        }
    }

    bool TryCalculate(decimal a, decimal b, out decimal result)
    {
        result = 0;
        if (source.Operator == ArithmeticOperator.Divide && b == 0)
            return false;
        try
        {
            result = source.Operator switch
            {
                ArithmeticOperator.Add => a + b,
                ArithmeticOperator.Subtract => a - b,
                ArithmeticOperator.Multiply => a * b,
                _ => a / b,
            };
            return true;
        }
        catch (OverflowException)
        {
            // decimal offers no checked operation without an exception.
            return false;
        }
    }
}

/// <summary>Order of values of one type.</summary>
static class Comparison
{
    /// <summary>Texts by code point, which is the order of their UTF-8 bytes; moments by their start in UTC, then by their end.</summary>
    public static int Of(in Value a, in Value b)
    {
        switch (a.Kind)
        {
            case ValueKind.Text:
                return a.Text.SequenceCompareTo(b.Text);
            case ValueKind.Int or ValueKind.Decimal:
                a.TryNumber(out var x);
                b.TryNumber(out var y);
                return x.CompareTo(y);
            case ValueKind.Moment:
                var start = Utc(a.Moment, a.Moment.Start).CompareTo(Utc(b.Moment, b.Moment.Start));
                return start != 0 ? start : Utc(a.Moment, a.Moment.End).CompareTo(Utc(b.Moment, b.Moment.End));
            default:
                return a.Integer.CompareTo(b.Integer);
        }
    }

    static long Utc(Moment moment, long ticks) => ticks - moment.OffsetMinutes * TimeSpan.TicksPerMinute;
}

sealed class CompareNode(BoundExpr.Compare source, Node left, Node right) : Node(source)
{
    /// <summary>The two values, for people: they are computed once more, which only a check that does not hold is worth.</summary>
    public (string Left, string Right) Compared(MapRun run)
    {
        Value one = default, other = default;
        left.Evaluate(run, ref one);
        right.Evaluate(run, ref other);
        return (Faults.Shown(one), Faults.Shown(other));
    }

    public override void Evaluate(MapRun run, ref Value value)
    {
        if (!Operands.Evaluate(run, left, right, ref value, out var other))
            return;
        var order = Comparison.Of(value, other);
        value.SetBool(source.Operator switch
        {
            CompareOperator.Equal => order == 0,
            CompareOperator.NotEqual => order != 0,
            CompareOperator.Less => order < 0,
            CompareOperator.LessOrEqual => order <= 0,
            CompareOperator.Greater => order > 0,
            _ => order >= 0,
        });
    }
}

/// <summary><c>and</c>, <c>or</c> with null as "unknown": false and unknown is false, true or unknown is true.</summary>
sealed class LogicalNode(BoundExpr.Logical source, Node left, Node right) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        left.Evaluate(run, ref value);
        // The side that decides alone: false for and, true for or.
        var decides = !source.IsAnd;
        if (value.IsFailed || (!value.IsNull && value.Bool == decides))
            return;
        var unknown = value.IsNull;
        right.Evaluate(run, ref value);
        if (unknown && value.Kind == ValueKind.Bool && value.Bool != decides)
            value.SetNull();
    }
}

sealed class NotNode(BoundExpr source, Node operand) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        operand.Evaluate(run, ref value);
        if (value.Kind == ValueKind.Bool)
            value.SetBool(!value.Bool);
    }
}

sealed class InNode(BoundExpr.In source, Node operand, Node[] items) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        operand.Evaluate(run, ref value);
        if (value.IsFailed || value.IsNull)
            return;
        var found = false;
        foreach (var item in items)
        {
            var other = default(Value);
            item.Evaluate(run, ref other);
            if (other.IsFailed)
            {
                value.SetFailed();
                return;
            }
            found |= !other.IsNull && Comparison.Of(value, other) == 0;
        }
        value.SetBool(found != source.Negated);
    }
}

/// <summary>Conversion to the expression's type that loses nothing.</summary>
sealed class ConvertNode(BoundExpr source, Node operand) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        operand.Evaluate(run, ref value);
        if (value.IsFailed || value.IsNull)
            return;
        var converted = Source.Type switch
        {
            Language.ValueType.Decimal => Conversions.ToDecimal(ref value, NumberFormat.Point),
            Language.ValueType.Int => Conversions.ToInt(ref value),
            Language.ValueType.Date => Conversions.ToDate(ref value, ""),
            Language.ValueType.Moment => ToMoment(ref value),
            _ => false,
        };
        if (converted)
            return;
        run.Faults.Unreadable(run, Source, value, Expected(value));
        value.SetFailed();
    }

    string Expected(in Value value) => Source.Type switch
    {
        Language.ValueType.Int => "a whole number",
        Language.ValueType.Date when value.Kind == ValueKind.Moment && value.Moment.IsPeriod => "one day, not a period: period_start() or period_end() picks one",
        Language.ValueType.Date => "a date",
        _ => $"a value of type {Source.Type}",
    };

    static bool ToMoment(ref Value value)
    {
        if (value.Kind == ValueKind.Date)
            value.SetMoment(Moment.Day(DateOnly.FromDayNumber((int)value.Integer)));
        return value.Kind == ValueKind.Moment;
    }
}
