namespace DistributorHub.Edi.Parse;

/// <summary>Faults of form that are reported once for an interchange, however often they occur.</summary>
[Flags]
enum Habit
{
    None = 0,
    LineBreakInSegment = 1,
    ReleaseNeedless = 2,
    TrailingSeparator = 4,
    BlankBeforeTag = 8,
    TagLowerCase = 16,
    SegmentEmpty = 32,
    LowerCaseInLevelA = 64,
    OutsideSet = 128,
    ControlCharacter = 256,
    UpperControl = 512,
    LooksLikeUtf8 = 1024,
}

/// <summary>Where the reader stands, and the way findings get their position.</summary>
sealed class Place(Findings findings)
{
    public int Interchange { get; set; }

    public int Group { get; set; }

    public int Message { get; set; }

    /// <summary>Segments of the open message so far; 0 outside messages.</summary>
    public int Segment { get; set; }

    Habit seen;

    /// <summary>True the first time an interchange shows a habit.</summary>
    public bool First(Habit habit)
    {
        var first = (seen & habit) == Habit.None;
        seen |= habit;
        return first;
    }

    public bool Seen(Habit habit) => (seen & habit) != Habit.None;

    public void ForgetHabits() => seen = Habit.None;

    public Position At(long offset, int element = 0, int component = 0) =>
        new(offset, Interchange, Group, Message, Segment, element, component, element == 0 ? 0 : 1);

    public void Report(
        string code, Severity severity, long offset, string message, string? advice = null, string? found = null,
        string? expected = null, string? tag = null, string? acknowledgement = null, int element = 0)
    {
        findings.Add(new()
        {
            Code = code,
            Severity = severity,
            At = At(offset, element, element == 0 ? 0 : 1),
            Tag = tag is null ? null : Finding.Cut(tag, Limits.QuotedCharsMax),
            Found = found is null ? null : Finding.Cut(found, Limits.QuotedCharsMax),
            Expected = expected is null ? null : Finding.Cut(expected, Limits.QuotedCharsMax),
            Message = message,
            Advice = advice,
            Acknowledgement = acknowledgement,
        });
    }
}
