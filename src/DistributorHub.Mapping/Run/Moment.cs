namespace DistributorHub.Mapping.Run;

/// <summary>How exactly a moment is given.</summary>
enum MomentPrecision : byte
{
    Day,

    /// <summary>A date with a time of day.</summary>
    Time,

    /// <summary>From a start to an end, both days (the end is the last day that belongs to it).</summary>
    DayPeriod,

    /// <summary>From a start to an end, both with a time of day.</summary>
    TimePeriod,

    /// <summary>A time of day without a date.</summary>
    TimeOfDay,
}

/// <summary>A date, date with time, or period, as the format code beside it says.</summary>
/// <param name="Start">Ticks of the start in local time (for <see cref="MomentPrecision.TimeOfDay"/>: since midnight).</param>
/// <param name="End">Ticks of the end in local time; the start again where there is no period.</param>
/// <param name="OffsetMinutes">Minutes by which local time is ahead of UTC; 0 also when the text names no zone.</param>
readonly record struct Moment(long Start, long End, MomentPrecision Precision, short OffsetMinutes = 0)
{
    public bool IsPeriod => Precision is MomentPrecision.DayPeriod or MomentPrecision.TimePeriod;

    public bool HasDate => Precision != MomentPrecision.TimeOfDay;

    public DateOnly Date => DateOnly.FromDateTime(new(Start));

    public TimeOnly TimeOfDay => TimeOnly.FromDateTime(new(Start));

    /// <summary>The start in UTC; a text that names no zone counts as UTC.</summary>
    public DateTime Utc
    {
        get
        {
            var ticks = Start - OffsetMinutes * TimeSpan.TicksPerMinute;
            return new(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        }
    }

    /// <summary>The first day or instant.</summary>
    public Moment First => new(Start, Start, Instant, OffsetMinutes);

    /// <summary>The last day or instant.</summary>
    public Moment Last => new(End, End, Instant, OffsetMinutes);

    MomentPrecision Instant => Precision switch
    {
        MomentPrecision.DayPeriod => MomentPrecision.Day,
        MomentPrecision.TimePeriod => MomentPrecision.Time,
        _ => Precision,
    };

    public static Moment Day(DateOnly date)
    {
        var ticks = date.ToDateTime(TimeOnly.MinValue).Ticks;
        return new(ticks, ticks, MomentPrecision.Day);
    }
}
