using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using MapCodes = DistributorHub.Mapping.Language.MapCodes;
using ValueType = DistributorHub.Mapping.Language.ValueType;

namespace DistributorHub.Mapping.Write;

/// <summary>Whether values fit the elements they are written to: types, lengths, codes. What is known only when a document comes is checked then.</summary>
sealed class WrittenTypes(MapScope map, MessageDefinition message)
{
    /// <summary>The value in a type that the element takes, with the pattern of a date or time, and its 2379; null after a diagnostic.</summary>
    /// <param name="value">The value.</param>
    /// <param name="element">Where it is written.</param>
    /// <param name="name">How the element is called.</param>
    /// <param name="isMoment">True when a format code stands beside the element.</param>
    /// <param name="format">The format code that the map writes, or null.</param>
    public (BoundExpr Value, string? Pattern, string? Format)? Fit(BoundExpr value, ElementDefinition element, string name, bool isMoment, string? format)
    {
        if (value.Type is ValueType.Date or ValueType.Time or ValueType.Moment && (isMoment || element.Type is ElementType.Date or ElementType.Time))
            return OfTime(value, element, name, isMoment, format);
        // A text says nothing of its own form: the map has to.
        if (isMoment && format is null && value is not BoundExpr.Literal { Value: null })
            return Fail(value, MapCodes.ColumnType, $"{name} holds a date or time, and this is {Types.NameOf(value.Type)}.", Types.Advice(value.Type, ValueType.Date));
        var type = element.Type switch
        {
            ElementType.Decimal or ElementType.Implied => ValueType.Decimal,
            ElementType.Date => ValueType.Date,
            ElementType.Time => ValueType.Time,
            ElementType.Text or ElementType.Code => ValueType.Text,
            _ => (ValueType?)null,
        };
        if (type is null)
            return Fail(value, MapCodes.NoPlace, $"{name} holds bytes or components, not one value.", null);
        // A constant number is written as its digits stand.
        if (value is BoundExpr.Literal { Value: string digits } && type == ValueType.Decimal && decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            value = new BoundExpr.Literal(number) { Type = ValueType.Decimal, Nullable = false, Stream = value.Stream, Place = value.Place, Text = value.Text };
        if (Types.Coerce(value, type.Value) is not { } fitting)
            return Fail(value, MapCodes.ColumnType, $"{name} holds {Types.NameOf(type.Value)}, and this is {Types.NameOf(value.Type)}.", Types.Advice(value.Type, type.Value));
        return IsInside(fitting, element, name) ? (fitting, null, null) : null;
    }

    // Dates and times in the element's own form, or in that of the format code beside it.
    (BoundExpr Value, string? Pattern, string? Format)? OfTime(BoundExpr value, ElementDefinition element, string name, bool isMoment, string? format)
    {
        if (BoundExpr.IsPeriod(value) && element.Type is ElementType.Date or ElementType.Time)
            return Fail(value, MapCodes.ColumnType, $"{name} holds one date or time, and this is a period.", null);
        if (element.Type == ElementType.Date)
            return value.Type == ValueType.Time ? Fail(value, MapCodes.ColumnType, $"{name} holds a date, and this is a time.", null) : (value, element.Max >= 8 ? "yyyyMMdd" : "yyMMdd", null);
        if (element.Type == ElementType.Time)
            return value.Type == ValueType.Date ? Fail(value, MapCodes.ColumnType, $"{name} holds a time, and this is a date.", "use a timestamp") : (value, "HHmm", null);
        if (BoundExpr.IsPeriod(value))
            return OfPeriod(value, name, isMoment, format);
        var code = format ?? (value.Type switch { ValueType.Date => "102", ValueType.Time => "401", _ => "203" });
        if (!isMoment || MomentFormats.PatternOf(code) is not { } pattern)
            return Fail(value, MapCodes.ColumnType, $"Nothing is written by the format '{code}'.", "102 a day, 203 a day with a time, 401 a time");
        if (value.Type == ValueType.Date && pattern.Contains('H', StringComparison.Ordinal))
            return Fail(value, MapCodes.ColumnType, $"The format {code} wants a time, and this is a date.", "use a timestamp, or the format 102");
        return (value, pattern, code);
    }

    // Two moments in one text: where the format code of a period stands beside it.
    (BoundExpr Value, string? Pattern, string? Format)? OfPeriod(BoundExpr value, string name, bool isMoment, string? format)
    {
        var code = format ?? (message.Standard == Edi.Parse.Standard.X12 ? "RD8" : "718");
        if (!isMoment || MomentFormats.PeriodPatternOf(code) is not { } pattern)
            return Fail(value, MapCodes.ColumnType, $"{name} does not hold a period{(format is null ? "" : $" by the format '{format}'")}.", "718 from day to day, 719 from time to time");
        if (!Always(value))
            return Fail(value, MapCodes.ColumnType, $"{name} holds a period, and this may be one day or time.", "write period(day, day)");
        if (pattern.Contains('H', StringComparison.Ordinal) && Days(value))
            return Fail(value, MapCodes.ColumnType, $"The format {code} wants times, and this period is of dates.", "use timestamps, or the format 718");
        return (value, pattern, code);
    }

    static bool Always(BoundExpr value) => value switch
    {
        BoundExpr.Coalesce pair => Always(pair.Left) && Always(pair.Right),
        BoundExpr.If choice => Always(choice.Then) && Always(choice.Else),
        BoundExpr.Literal { Value: null } => true,
        _ => value is BoundExpr.Period,
    };

    static bool Days(BoundExpr value) => value switch
    {
        BoundExpr.Period period => period.From.Type == ValueType.Date,
        BoundExpr.Coalesce pair => Days(pair.Left) || Days(pair.Right),
        BoundExpr.If choice => Days(choice.Then) || Days(choice.Else),
        _ => value.Type == ValueType.Date,
    };

    bool IsInside(BoundExpr value, ElementDefinition element, string name)
    {
        if (element.Type is ElementType.Text or ElementType.Code && LengthOf(value) is { } length && length > element.Max)
        {
            Fail(value, MapCodes.Fit, $"{name} takes {element.Max} characters, and this may have {length}.", $"write left(…, {element.Max}), or let the document's field be text({element.Max})");
            return false;
        }
        if (element.Type == ElementType.Implied && DecimalsOf(value) is { } decimals && decimals > element.ImpliedDecimals)
        {
            Fail(value, MapCodes.Fit, $"{name} takes {element.ImpliedDecimals} decimals, and this may have {decimals}.", $"write round(…, {element.ImpliedDecimals})");
            return false;
        }
        if (value is BoundExpr.Literal { Value: decimal number } && Digits(number) > element.Max)
        {
            Fail(value, MapCodes.Fit, $"{name} takes {element.Max} digits.", null);
            return false;
        }
        return true;
    }

    /// <summary>Digits of a number as it is written, without sign and mark.</summary>
    public static int Digits(decimal number)
    {
        Span<byte> room = stackalloc byte[32];
        var digits = 0;
        foreach (var character in room[..Conversions.WriteDecimal(Math.Abs(number), room)])
            digits += character == (byte)'.' ? 0 : 1;
        return digits;
    }

    // Most characters of a text, where it is known.
    int? LengthOf(BoundExpr value) => value switch
    {
        BoundExpr.Literal { Value: string text } => text.EnumerateRunes().Count(),
        BoundExpr.Literal { Value: null } => 0,
        BoundExpr.Field field => FieldOf(field)?.Length,
        BoundExpr.CodeLookup { Miss: Codes.Miss.Pass } => null,
        BoundExpr.CodeLookup lookup => lookup.List.Map.Values.Append(lookup.MissText ?? "").Max(code => code.EnumerateRunes().Count()),
        BoundExpr.Coalesce pair => Larger(LengthOf(pair.Left), LengthOf(pair.Right)),
        BoundExpr.If choice => Larger(LengthOf(choice.Then), LengthOf(choice.Else)),
        BoundExpr.Call { Function: Function.Left or Function.Right, Arguments: [var text, BoundExpr.Literal { Value: long most }] } => (int)Math.Min(most, LengthOf(text) ?? int.MaxValue),
        BoundExpr.Call { Function: Function.Sub, Arguments: [_, _, BoundExpr.Literal { Value: long most }] } => (int)most,
        BoundExpr.Call { Function: Function.Trim or Function.Digits or Function.Split or Function.Gtin or Function.Gln, Arguments: [var text, ..] } => LengthOf(text),
        _ => null,
    };

    static int? Larger(int? one, int? other) => one is null || other is null ? null : Math.Max(one.Value, other.Value);

    int? DecimalsOf(BoundExpr value) => value switch
    {
        BoundExpr.Literal { Value: decimal number } => number.Scale,
        BoundExpr.Field field => FieldOf(field)?.Scale,
        BoundExpr.ListFold { Column: >= 0, Kind: not AggregateKind.Count } fold => map.Document?.Lists[fold.List].Fields[fold.Column].Scale,
        BoundExpr.Coalesce pair => Larger(DecimalsOf(pair.Left), DecimalsOf(pair.Right)),
        BoundExpr.If choice => Larger(DecimalsOf(choice.Then), DecimalsOf(choice.Else)),
        _ => null,
    };

    ColumnDefinition? FieldOf(BoundExpr.Field field) => map.Document?.Lists[field.List].Fields[field.Column];

    /// <summary>Warns of constants, and results of code lists, that the element's own code list does not have.</summary>
    public void JudgeCodes(WrittenValue value)
    {
        var codes = message.Segments.Codes;
        if (codes.IsOpen(value.Element.Id) || codes.Find(value.Element.Id) is not { } known)
            return;
        foreach (var (code, from) in ConstantsOf(value.Value))
            if (code.Length > 0 && !known.Any(k => k.Code == code))
                map.Report(value.Value.Place, MapCodes.UnknownConstant, $"'{code}'{from} is no code of {value.Element.Id} in {message.Release}.",
                    known.Count <= 12 ? $"known: {string.Join(", ", known.Select(k => k.Code))}" : null, warning: true);
    }

    static IEnumerable<(string Code, string From)> ConstantsOf(BoundExpr value) => value switch
    {
        BoundExpr.Literal { Value: string text } => [(text, "")],
        BoundExpr.CodeLookup lookup => lookup.List.Map.Values.Distinct().Select(code => (code, $" (of the list {lookup.List.Id})")),
        BoundExpr.Coalesce pair => ConstantsOf(pair.Left).Concat(ConstantsOf(pair.Right)),
        BoundExpr.If choice => ConstantsOf(choice.Then).Concat(ConstantsOf(choice.Else)),
        _ => [],
    };

    (BoundExpr Value, string? Pattern, string? Format)? Fail(BoundExpr value, string code, string message, string? hint)
    {
        map.Report(value.Place, code, message, hint);
        return null;
    }
}
