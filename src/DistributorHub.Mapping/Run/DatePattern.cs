using System.Globalization;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// Dates and times from digits by a pattern of runs of letters:
/// <c>yyyy</c> <c>yy</c> <c>MM</c> <c>dd</c> <c>DDD</c> (day of the year) <c>ww</c> (ISO week) <c>e</c> (weekday, Monday = 1) <c>q</c> (quarter) <c>h</c> (half-year)
/// <c>HH</c> <c>mm</c> <c>ss</c> <c>z</c> (zone, to the end). Any other character stands for itself.
/// </summary>
static class DatePattern
{
    /// <summary>Two-digit years below it are of this century, as POSIX reads them: 69 = 2069 would be no trade date.</summary>
    const int CenturyPivot = 69;

    /// <summary>Reads a whole text; false when it does not fit the pattern or is no date of the calendar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, string pattern, out Moment moment)
    {
        moment = default;
        var fields = new Fields();
        var at = 0;
        for (var p = 0; p < pattern.Length;)
        {
            var letter = pattern[p];
            var run = 1;
            while (p + run < pattern.Length && pattern[p + run] == letter)
                run++;
            p += run;
            if (letter == 'z')
                return TryZone(text[at..], out fields.Offset) && fields.TryMoment(out moment);
            if (at + run > text.Length)
                return false;
            var part = text.Slice(at, run);
            at += run;
            if (!fields.TrySet(letter, part))
                return false;
        }
        return at == text.Length && fields.TryMoment(out moment);
    }

    /// <summary>XML's dates: the day, and perhaps its time and zone behind it.</summary>
    public const string Iso = "iso";

    /// <summary>The day of a date, or of a point of time; false for a period, or what does not fit the pattern.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, string pattern, out Moment moment)
    {
        if (pattern != Iso)
            return TryParse(text, pattern, out moment) && moment is { IsPeriod: false, HasDate: true };
        moment = default;
        const string Day = "yyyy-MM-dd";
        if (text.Length < Day.Length || !TryParse(text[..Day.Length], Day, out moment))
            return false;
        var rest = text[Day.Length..];
        return IsIsoZone(rest) || (rest[0] == 'T' && IsIsoTime(rest[1..]));
    }

    // The day is taken as it is written; what stands behind it must be a time none the less.
    static bool IsIsoTime(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'Z', (byte)'+', (byte)'-');
        var time = end < 0 ? text : text[..end];
        if (time.IndexOf((byte)'.') is > 0 and var point && time.Length > point + 1 && !time[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            time = time[..point];
        return TryParse(time, time.Length == 5 ? "HH:mm" : "HH:mm:ss", out _) && IsIsoZone(end < 0 ? default : text[end..]);
    }

    static bool IsIsoZone(ReadOnlySpan<byte> zone) =>
        zone.IsEmpty || (zone.Length == 6 && zone[3] == ':' ? TryZone([zone[0], zone[1], zone[2], zone[4], zone[5]], out _) : zone is [(byte)'Z']);

    /// <summary>Two dates of one pattern, one after the other with or without a hyphen (2379: "without hyphen" in the message; partners send both).</summary>
    public static bool TryParsePair(ReadOnlySpan<byte> text, string pattern, out Moment moment)
    {
        moment = default;
        var half = pattern.Length;
        if (text.Length == 2 * half + 1 && text[half] == '-')
        {
            if (!TryParse(text[..half], pattern, out var first) || !TryParse(text[(half + 1)..], pattern, out var last))
                return false;
            return TryJoin(first, last, out moment);
        }
        return text.Length == 2 * half && TryParse(text[..half], pattern, out var from) && TryParse(text[half..], pattern, out var to)
            && TryJoin(from, to, out moment);
    }

    static bool TryJoin(Moment first, Moment last, out Moment moment)
    {
        var precision = first.Precision == MomentPrecision.Time ? MomentPrecision.TimePeriod : MomentPrecision.DayPeriod;
        moment = new(first.Start, last.End, precision, first.OffsetMinutes);
        return first.HasDate && first.Start <= last.End;
    }

    static bool TryZone(ReadOnlySpan<byte> text, out short minutes)
    {
        minutes = 0;
        if (text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8) || text.SequenceEqual("Z"u8))
            return true;
        if (text.Length is not (3 or 5) || text[0] is not ((byte)'+' or (byte)'-') || !Numbers.TryInt(text[1..3], out var hours))
            return false;
        long rest = 0;
        if ((text.Length == 5 && !Numbers.TryInt(text[3..], out rest)) || hours is < 0 or > 14 || rest is < 0 or > 59)
            return false;
        minutes = (short)((hours * 60 + rest) * (text[0] == '-' ? -1 : 1));
        return true;
    }

    struct Fields
    {
        int year, month, day, dayOfYear, week, weekday, quarter, half, hour, minute, second;
        bool hasTime;
        public short Offset;

        public bool TrySet(char letter, ReadOnlySpan<byte> part)
        {
            if (!char.IsAsciiLetter(letter))
                return part.IndexOfAnyExcept((byte)letter) < 0;
            if (!Numbers.TryInt(part, out var number) || number < 0)
                return false;
            var value = (int)number;
            switch (letter)
            {
                case 'y':
                    year = part.Length == 4 ? value : value < CenturyPivot ? 2000 + value : 1900 + value;
                    return year >= 1;
                case 'M':
                    month = value;
                    return month is >= 1 and <= 12;
                case 'd':
                    day = value;
                    return day is >= 1 and <= 31;
                case 'D':
                    dayOfYear = value;
                    return dayOfYear is >= 1 and <= 366;
                case 'w':
                    week = value;
                    return week is >= 1 and <= 53;
                case 'e':
                    weekday = value;
                    return weekday is >= 1 and <= 7;
                case 'q':
                    quarter = value;
                    return quarter is >= 1 and <= 4;
                case 'h':
                    half = value;
                    return half is >= 1 and <= 2;
                case 'H':
                    hasTime = true;
                    hour = value;
                    return hour is >= 0 and <= 24;
                case 'm':
                    minute = value;
                    return minute <= 59;
                case 's':
                    second = value;
                    return second <= 59;
                default:
                    return false;
            }
        }

        public readonly bool TryMoment(out Moment moment)
        {
            moment = default;
            var time = (hour * 3600L + minute * 60 + second) * TimeSpan.TicksPerSecond;
            // 2400 is the end of the day (ISO 8601); 2401 is nothing.
            if (time > TimeSpan.TicksPerDay)
                return false;
            if (year == 0)
            {
                moment = new(time, time, MomentPrecision.TimeOfDay, Offset);
                return hasTime && time < TimeSpan.TicksPerDay && month + day + dayOfYear + week == 0;
            }
            if (!TryDays(out var first, out var last))
                return false;
            if (!hasTime)
            {
                moment = new(first.Ticks, last.Ticks, first == last ? MomentPrecision.Day : MomentPrecision.DayPeriod, Offset);
                return true;
            }
            var ticks = first.Ticks + time;
            moment = new(ticks, ticks, MomentPrecision.Time, Offset);
            return first == last && ticks <= DateTime.MaxValue.Ticks;
        }

        readonly bool TryDays(out DateTime first, out DateTime last)
        {
            first = last = default;
            if (week > 0)
            {
                if (week > ISOWeek.GetWeeksInYear(year) || year is < 2 or > 9998)
                    return false;
                first = ISOWeek.ToDateTime(year, week, weekday == 0 ? DayOfWeek.Monday : (DayOfWeek)(weekday % 7));
                last = weekday == 0 ? first.AddDays(6) : first;
                return true;
            }
            if (dayOfYear > 0)
            {
                first = last = new DateTime(year, 1, 1).AddDays(dayOfYear - 1);
                return dayOfYear <= (DateTime.IsLeapYear(year) ? 366 : 365);
            }
            var (from, months) = (month, quarter, half) switch
            {
                ( > 0, _, _) => (month, 1),
                (_, > 0, _) => (quarter * 3 - 2, 3),
                (_, _, > 0) => (half * 6 - 5, 6),
                _ => (1, 12),
            };
            if (day > 0)
            {
                if (month == 0 || day > DateTime.DaysInMonth(year, month))
                    return false;
                first = last = new(year, month, day);
                return true;
            }
            first = new(year, from, 1);
            var end = from + months - 1;
            last = new(year, end, DateTime.DaysInMonth(year, end));
            return true;
        }
    }
}
