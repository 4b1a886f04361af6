namespace DistributorHub.Edi.Parse;

/// <summary>Faults of form that are reported once for an interchange, however often they occur; refused ones once for each message.</summary>
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

/// <summary>Where the reader stands, and the way findings get their position and severity.</summary>
sealed class Place
{
    static readonly (FixUp FixUp, Habit Habits)[] habits =
    [
        (FixUp.LineBreaks, Habit.LineBreakInSegment),
        (FixUp.NeedlessRelease, Habit.ReleaseNeedless),
        (FixUp.TrailingSeparators, Habit.TrailingSeparator),
        (FixUp.ControlsBetween, Habit.BlankBeforeTag),
        (FixUp.LowerCaseTags, Habit.TagLowerCase),
        (FixUp.EmptySegments, Habit.SegmentEmpty),
        (FixUp.UndeclaredCharacters, Habit.LowerCaseInLevelA | Habit.OutsideSet),
        (FixUp.ControlsInData, Habit.ControlCharacter | Habit.UpperControl),
        (FixUp.CharsetLabel, Habit.LooksLikeUtf8),
    ];

    readonly Findings findings;
    readonly Leniency leniency;
    readonly Habit refused;
    readonly List<Finding> waiting = [];
    Standard standard;
    Finding? interchangeRefused, groupRefused;
    Habit seen;
    int seenIn;

    public Place(Findings findings, Leniency leniency)
    {
        (this.findings, this.leniency) = (findings, leniency);
        foreach (var (fixUp, habit) in habits)
            if (leniency.Refuses(fixUp))
                refused |= habit;
    }

    public int Interchange { get; private set; }

    public int Group { get; private set; }

    public int Message { get; set; }

    /// <summary>Segments of the open message so far; 0 outside messages.</summary>
    public int Segment { get; set; }

    /// <summary>The finding in the header of the interchange or group for which all its messages are refused, or null.</summary>
    public Finding? Refusal => interchangeRefused ?? groupRefused;

    public void BeginInterchange(Standard standard)
    {
        this.standard = standard;
        Interchange++;
        seen = Habit.None;
        interchangeRefused = groupRefused = null;
    }

    /// <summary>What was begun is none, and is not counted.</summary>
    public void TakeBackInterchange() => Interchange--;

    /// <param name="ordinal">Its ordinal in the interchange; 0 = the group has ended.</param>
    public void BeginGroup(int ordinal)
    {
        Group = ordinal;
        groupRefused = null;
    }

    /// <summary>True the first time an interchange, or for a refused habit a message, shows it.</summary>
    public bool First(Habit habit)
    {
        var first = !Seen(habit);
        seen |= habit;
        return first;
    }

    public bool Seen(Habit habit)
    {
        if (refused != Habit.None && seenIn != Message)
        {
            seen &= ~refused;
            seenIn = Message;
        }
        return (seen & habit) != Habit.None;
    }

    public bool Refuses(Habit habit) => (refused & habit) != Habit.None;

    public Position At(long offset, int element = 0, int component = 0) =>
        new(offset, Interchange, Group, Message, Segment, element, component, element == 0 ? 0 : 1);

    /// <summary>Adds a finding with the severity it has with this partner, and returns that.</summary>
    /// <param name="refusedAs">Its code in acknowledgements where only a refused one has any; null = that of its fix-up.</param>
    public Severity Report(
        string code, Severity severity, long offset, string message, string? advice = null, string? found = null,
        string? expected = null, string? tag = null, string? acknowledgement = null, int element = 0, string? refusedAs = null)
    {
        var finding = Judge(
            new()
            {
                Code = code,
                Severity = severity,
                At = At(offset, element, element == 0 ? 0 : 1),
                Tag = Quote(tag),
                Found = Quote(found),
                Expected = Quote(expected),
                Message = message,
                Advice = advice,
                Acknowledgement = acknowledgement,
            },
            refusedAs);
        // Whose segment this is, only the envelope knows: until it has taken the segment, what is refused in it waits.
        if (finding.IsError && severity < Severity.Error && Message == 0)
            waiting.Add(finding);
        else
            findings.Add(finding);
        return finding.Severity;
    }

    /// <summary>A finding with the severity it has with this partner.</summary>
    public Finding Judge(Finding finding, string? refusedAs = null) => leniency.Judge(finding, standard, refusedAs);

    /// <summary>Adds what was refused in a segment outside messages, now that it is known what the segment is.</summary>
    public void Settle(EdiEvent taken)
    {
        if (waiting.Count == 0)
            return;
        foreach (var finding in waiting)
        {
            var at = finding.At;
            var settled = finding with
            {
                At = taken switch
                {
                    EdiEvent.InterchangeStart => at with { Interchange = Interchange, Group = 0 },
                    EdiEvent.GroupStart => at with { Group = Group },
                    EdiEvent.MessageStart => at with { Group = Group, Message = Message, Segment = 1 },
                    _ => at,
                },
            };
            if (taken == EdiEvent.InterchangeStart)
                interchangeRefused ??= settled;
            else if (taken == EdiEvent.GroupStart)
                groupRefused ??= settled;
            findings.Add(settled);
        }
        waiting.Clear();
    }

    static string? Quote(string? text) => text is null ? null : Finding.Cut(text, Limits.QuotedCharsMax);
}
