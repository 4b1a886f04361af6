using System.Globalization;

namespace DistributorHub.Mapping.Run;

/// <summary>Conversions between kinds of value. Each answers false when it cannot: that is an error finding, never null.</summary>
static class Conversions
{
    public static bool ToText(ref Value value, Scratch scratch)
    {
        int written;
        switch (value.Kind)
        {
            case ValueKind.Text:
                return true;
            case ValueKind.Int:
                value.Integer.TryFormat(scratch.Room(20), out written, provider: CultureInfo.InvariantCulture);
                break;
            case ValueKind.Decimal:
                written = WriteDecimal(value.Number, scratch.Room(32));
                break;
            case ValueKind.Date:
                DateOnly.FromDayNumber((int)value.Integer).TryFormat(scratch.Room(10), out written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case ValueKind.Time:
                new TimeOnly(value.Integer).TryFormat(scratch.Room(8), out written, "HH:mm:ss", CultureInfo.InvariantCulture);
                break;
            case ValueKind.Bool:
                value.SetText(value.Bool ? True : False);
                return true;
            case ValueKind.Moment when !value.Moment.IsPeriod:
                written = WriteMoment(value.Moment, scratch.Room(19));
                break;
            default:
                return false;
        }
        scratch.Keep(written, ref value);
        return true;
    }

    static readonly byte[] True = "true"u8.ToArray(), False = "false"u8.ToArray();

    static int WriteMoment(Moment moment, Span<byte> room)
    {
        var format = moment.Precision switch
        {
            MomentPrecision.Day => "yyyy-MM-dd",
            MomentPrecision.Time => "yyyy-MM-ddTHH:mm:ss",
            _ => "HH:mm:ss",
        };
        new DateTime(moment.Start).TryFormat(room, out var written, format, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>The shortest text of a decimal: 12.50 is <c>12.5</c>, 3.00 is <c>3</c>.</summary>
    public static int WriteDecimal(decimal value, Span<byte> room)
    {
        value.TryFormat(room, out var written, provider: CultureInfo.InvariantCulture);
        if (value.Scale == 0)
            return written;
        while (room[written - 1] == '0')
            written--;
        return room[written - 1] == '.' ? written - 1 : written;
    }

    public static bool ToInt(ref Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Int:
                return true;
            case ValueKind.Text when Numbers.TryInt(value.Text, out var number):
                value.SetInt(number);
                return true;
            case ValueKind.Decimal when decimal.Truncate(value.Number) == value.Number && Math.Abs(value.Number) <= long.MaxValue:
                value.SetInt((long)value.Number);
                return true;
            default:
                return false;
        }
    }

    public static bool ToDecimal(ref Value value, NumberFormat format)
    {
        switch (value.Kind)
        {
            case ValueKind.Decimal:
                return true;
            case ValueKind.Int:
                value.SetDecimal(value.Integer);
                return true;
            case ValueKind.Text when Numbers.TryDecimal(value.Text, format, out var number):
                value.SetDecimal(number);
                return true;
            default:
                return false;
        }
    }

    public static bool ToImplied(ref Value value, int decimals)
    {
        if (value.Kind == ValueKind.Int)
        {
            if (decimals is < 0 or > 28)
                return false;
            value.SetDecimal(value.Integer / Numbers.Power(decimals));
            return true;
        }
        if (value.Kind != ValueKind.Text || !Numbers.TryImplied(value.Text, decimals, out var number))
            return false;
        value.SetDecimal(number);
        return true;
    }

    /// <summary>A text by its pattern, or the day of a moment. A period has no single day: <c>period_start</c> or <c>period_end</c> pick one.</summary>
    public static bool ToDate(ref Value value, string pattern)
    {
        switch (value.Kind)
        {
            case ValueKind.Date:
                return true;
            case ValueKind.Moment when !value.Moment.IsPeriod && value.Moment.HasDate:
                value.SetDate(value.Moment.Date.DayNumber);
                return true;
            case ValueKind.Text when DatePattern.TryParse(value.Text, pattern, out var moment) && !moment.IsPeriod && moment.HasDate:
                value.SetDate(moment.Date.DayNumber);
                return true;
            default:
                return false;
        }
    }

    public static bool ToTime(ref Value value, string pattern)
    {
        switch (value.Kind)
        {
            case ValueKind.Time:
                return true;
            case ValueKind.Moment when value.Moment.Precision is MomentPrecision.Time or MomentPrecision.TimeOfDay:
                value.SetTime(value.Moment.TimeOfDay.Ticks);
                return true;
            case ValueKind.Text when DatePattern.TryParse(value.Text, pattern, out var moment)
                                     && moment.Precision is MomentPrecision.Time or MomentPrecision.TimeOfDay:
                value.SetTime(moment.TimeOfDay.Ticks);
                return true;
            default:
                return false;
        }
    }

    public static bool ToBool(ref Value value, ReadOnlySpan<byte> yes, ReadOnlySpan<byte> no)
    {
        if (value.Kind == ValueKind.Bool)
            return true;
        if (value.Kind != ValueKind.Text)
            return false;
        var isYes = value.Text.SequenceEqual(yes);
        if (!isYes && !value.Text.SequenceEqual(no))
            return false;
        value.SetBool(isYes);
        return true;
    }

    /// <summary>First or last day or instant of a period; a date or moment is its own start and end.</summary>
    public static bool ToPeriodBound(ref Value value, bool end)
    {
        if (value.Kind == ValueKind.Date)
            return true;
        if (value.Kind != ValueKind.Moment)
            return false;
        value.SetMoment(end ? value.Moment.Last : value.Moment.First);
        return true;
    }

    /// <summary>Rounds half away from zero, as invoices do, or half to even.</summary>
    public static bool ToRounded(ref Value value, int decimals, bool halfEven)
    {
        if (value.Kind == ValueKind.Int)
            return true;
        if (value.Kind != ValueKind.Decimal || decimals is < 0 or > 28)
            return false;
        value.SetDecimal(decimal.Round(value.Number, decimals, halfEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero));
        return true;
    }
}
