using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;

namespace DistributorHub.Mapping.Write;

/// <summary>Makes nodes of the expressions that read a document, besides all others.</summary>
sealed class DocumentNodeBuilder(Layout layout) : NodeBuilder(layout)
{
    public override Node Build(BoundExpr expression) => expression switch
    {
        BoundExpr.Field e => new FieldNode(e),
        BoundExpr.FieldExists e => new FieldExistsNode(e),
        BoundExpr.Period e => new PeriodNode(e, Build(e.From), Build(e.To)),
        BoundExpr.ListFold e => new ListFoldNode(e),
        _ => base.Build(expression),
    };
}

sealed class FieldNode(BoundExpr.Field source) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        run.Document!.Get(source.List, source.Column, ref value);
        if (!value.IsNull || Source.Nullable)
            return;
        run.Faults.FieldAbsent(run, Source);
        value.SetFailed();
    }
}

sealed class PeriodNode(BoundExpr.Period source, Node from, Node to) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        from.Evaluate(run, ref value);
        if (value.IsNull || value.IsFailed)
            return;
        Value end = default;
        to.Evaluate(run, ref end);
        if (end.IsNull || end.IsFailed)
        {
            value = end;
            return;
        }
        var (start, last) = (TicksOf(value), TicksOf(end));
        if (last < start)
        {
            run.Faults.PeriodReversed(run, source, value);
            value.SetFailed();
            return;
        }
        value.SetMoment(new(start, last, source.From.Type == Language.ValueType.Date ? MomentPrecision.DayPeriod : MomentPrecision.TimePeriod));
    }

    static long TicksOf(in Value value) => value.Kind == ValueKind.Date ? DateOnly.FromDayNumber((int)value.Integer).ToDateTime(TimeOnly.MinValue).Ticks : value.Moment.Start;
}

sealed class FieldExistsNode(BoundExpr.FieldExists source) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        run.Document!.Get(source.List, source.Column, ref value);
        value.SetBool(!value.IsNull);
    }
}

/// <summary>count, sum, min, max, first, last, nth over the rows of a list.</summary>
sealed class ListFoldNode(BoundExpr.ListFold source) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        var (count, sum) = (0L, 0m);
        Value best = default;
        foreach (var row in run.Document!.RowsBelow(source.List))
        {
            Value one = default;
            if (source.Column >= 0)
                DocumentCursor.Set(ref one, row.Values[source.Column]);
            if (source.Column >= 0 && one.IsNull)
                continue;
            count++;
            if (source.Kind == AggregateKind.Sum && !Add(one, ref sum))
            {
                run.Faults.NoResult(run, source, one);
                value.SetFailed();
                return;
            }
            if (IsBetter(one, best, count))
                best = one;
        }
        Result(run, count, sum, best, ref value);
    }

    static bool Add(in Value one, ref decimal sum)
    {
        one.TryNumber(out var number);
        try
        {
            sum += number;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    bool IsBetter(in Value one, in Value best, long count) => source.Kind switch
    {
        AggregateKind.First => count == 1,
        AggregateKind.Last => true,
        AggregateKind.Nth => count == source.N,
        AggregateKind.Min => count == 1 || Comparison.Of(one, best) < 0,
        AggregateKind.Max => count == 1 || Comparison.Of(one, best) > 0,
        _ => false,
    };

    void Result(MapRun run, long count, decimal sum, in Value best, ref Value value)
    {
        value.Source = Run.Source.None;
        switch (source.Kind)
        {
            case AggregateKind.Count:
                value.SetInt(count);
                return;
            case AggregateKind.Sum when source.Type == Language.ValueType.Int:
                value.SetInt((long)sum);
                return;
            case AggregateKind.Sum:
                value.SetDecimal(sum);
                return;
        }
        value = best;
        if (!value.IsNull || Source.Nullable)
            return;
        run.Faults.FieldAbsent(run, Source);
        value.SetFailed();
    }
}
