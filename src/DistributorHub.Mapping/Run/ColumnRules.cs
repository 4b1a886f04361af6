using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Run;

/// <summary>What a column takes: nothing is cut or rounded to fit.</summary>
static class ColumnRules
{
    /// <summary>Checks a value against its column; reports a fault and makes it Failed when it does not fit.</summary>
    public static void Check(MapRun run, ColumnProgram column, ref Value value)
    {
        var definition = column.Definition;
        var expression = column.Value.Source;
        var fits = true;
        switch (value.Kind)
        {
            case ValueKind.Null when !definition.Nullable:
                run.Faults.NothingLeft(run, expression, value);
                fits = false;
                break;
            case ValueKind.Text when definition.Length is { } length && value.Length > length:
                fits = TextFunctions.Characters(value.Text) <= length;
                if (!fits)
                    run.Faults.TooLong(run, expression, value, length);
                break;
            case ValueKind.Decimal when definition.Precision > 0:
                fits = NumericFits(run, expression, definition, value);
                break;
            case ValueKind.Moment when value.Moment.IsPeriod || !value.Moment.HasDate:
                run.Faults.Unreadable(run, expression, value, "one instant: period_start() or period_end() picks one of a period");
                fits = false;
                break;
        }
        if (!fits)
            value.SetFailed();
    }

    static bool NumericFits(MapRun run, Language.BoundExpr expression, ColumnDefinition definition, in Value value)
    {
        if (value.Number.Scale > definition.Scale && Numbers.Decimals(value.Number) > definition.Scale)
        {
            run.Faults.TooPrecise(run, expression, value, definition.Scale);
            return false;
        }
        if (Numbers.FitsPrecision(value.Number, definition.Precision, definition.Scale))
            return true;
        run.Faults.TooLarge(run, expression, value, definition.Precision, definition.Scale);
        return false;
    }
}
