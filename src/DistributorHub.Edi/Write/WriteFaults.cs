using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Write;

/// <summary>Where the writer stands, and what it finds wrong with what it is given.</summary>
sealed class WriteFaults(Findings findings)
{
    readonly byte[] tag = new byte[3];
    int tagLength;
    long offset;
    int element, component, repetition;
    bool transliterated, replaced, delimiterReplaced;

    public int Interchange { get; set; }

    public int Group { get; set; }

    public int Message { get; set; }

    /// <summary>Segments of the open message so far; 0 outside messages.</summary>
    public int Segment { get; set; }

    /// <summary>True when the segment cannot be written.</summary>
    public bool Any { get; private set; }

    /// <summary>True when the segment holds a binary element, which has a limit of its own.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Elements, components and repetitions that were started.</summary>
    public int Positions { get; private set; }

    public void BeginInterchange()
    {
        Interchange++;
        Group = Message = Segment = 0;
        transliterated = replaced = delimiterReplaced = false;
    }

    public void Begin(ReadOnlySpan<byte> segment, long at)
    {
        segment[..Math.Min(segment.Length, tag.Length)].CopyTo(tag);
        tagLength = Math.Min(segment.Length, tag.Length);
        offset = at;
        element = component = repetition = Positions = 0;
        Any = IsBinary = false;
    }

    public void Element()
    {
        element++;
        component = repetition = 1;
        Positions++;
    }

    public void Component()
    {
        component++;
        Positions++;
    }

    public void Repetition()
    {
        repetition++;
        component = 1;
        Positions++;
    }

    public void NotInSet(Rune rune, string set) => Report(
        Codes.CharacterNotInSet, Severity.Error, $"{Name(rune)} is no character of {set}; the segment was not written.",
        "Change the value, agree on another character set with the partner, or let such characters be written otherwise.", Shown(rune), set);

    public void NotText(string found) => Report(
        Codes.CharacterNotInSet, Severity.Error, $"The value is no valid text at {found}; the segment was not written.",
        "Look where the value comes from: it was decoded or cut wrongly.", found, null);

    public void Transliterated(Rune rune, string other, string set)
    {
        if (!transliterated)
            Report(Codes.CharacterTransliterated, Severity.Information,
                $"{Name(rune)} is no character of {set}; it was written as '{other}'. Further ones are not reported one by one.", null, Shown(rune), other);
        transliterated = true;
    }

    public void Replaced(Rune rune, char substitute, string set)
    {
        if (!replaced)
            Report(Codes.CharacterReplaced, Severity.Warning,
                $"{Name(rune)} is no character of {set}; '{substitute}' was written in its place. Further ones are not reported one by one.",
                "Agree on another character set with the partner if the text matters.", Shown(rune), set);
        replaced = true;
    }

    public void Delimiter(Rune rune) => Report(
        Codes.DelimiterInValue, Severity.Error, $"The value holds the delimiter {Shown(rune)}, which cannot be written as data here; the segment was not written.",
        "Agree on other delimiters with the partner, change the value, or let delimiters in values be replaced.", Shown(rune), null);

    public void DelimiterReplaced(Rune rune, char substitute)
    {
        if (!delimiterReplaced)
            Report(Codes.DelimiterReplaced, Severity.Warning,
                $"The value holds the delimiter {Shown(rune)}; '{substitute}' was written in its place. Further ones are not reported one by one.",
                "Agree on other delimiters with the partner if the text matters.", Shown(rune), null);
        delimiterReplaced = true;
    }

    public void NoRepetition(string version)
    {
        if (!Any)
            Report(Codes.RepetitionNotPossible, Severity.Error,
                $"The element repeats, but syntax version {version} as it is written here has no repetitions; the segment was not written.",
                "Write the values in segments of their own, or agree on another syntax version with the partner.", null, null);
    }

    public void TooLong(ReadOnlySpan<byte> value, int width) => Report(
        Codes.HeaderValueTooLong, Severity.Error, $"'{Text(value)}' is longer than the {width} characters that its place in {Tag} has; the segment was not written.",
        "Correct the partner's settings.", Text(value), Invariant($"{width} characters"));

    public void Invalid(ReadOnlySpan<byte> value, string expected) => Report(
        Codes.HeaderValueInvalid, Severity.Error,
        value.IsEmpty ? $"{Tag} needs a value here: {expected}; the segment was not written." : $"'{Text(value)}' cannot stand here in {Tag}, only {expected}; the segment was not written.",
        "Correct the partner's settings.", Text(value), expected);

    public void Beyond(string found, int limit) => Report(
        Codes.SegmentNotWritable, Severity.Error, $"The segment has {found}, more than the {limit} that can be written; it was not written.",
        "Write less into one segment.", found, Invariant($"{limit}"));

    public void CountTooLong(int count, int digits) => Report(
        Codes.CountTooLong, Severity.Error, $"The count {count} has more than the {digits} digits that {Tag} has for it; the trailer was not written.",
        "Split the message, or use a later syntax version.", Invariant($"{count}"), Invariant($"{digits} digits"));

    public void BinaryLength() => Report(
        Codes.BinaryLengthWrong, Severity.Error, $"The length in {Tag} is not the number of bytes of its binary element; the segment was not written.",
        "Give the length and the bytes that belong together.", null, null);

    public void NotCopied(string? fault) => Report(
        Codes.InterchangeNotCopied, Severity.Error, fault is null ? "The interchange came without its header, so nothing can be written of it." : $"The interchange cannot be written in its own form: {fault}",
        fault is null ? "Ask the partner to send whole interchanges." : "Choose other service characters for the copy.", null, null);

    string Tag => Encoding.ASCII.GetString(tag, 0, tagLength);

    static string Name(Rune rune) => $"{Shown(rune)} ({Code(rune)})";

    static string Shown(Rune rune) => rune.Value < 0x20 || rune.Value is >= 0x7F and < 0xA0 ? Code(rune) : rune.ToString();

    static string Code(Rune rune) => Invariant($"U+{rune.Value:X4}");

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value[..Math.Min(value.Length, Limits.QuotedCharsMax)]);

    void Report(string code, Severity severity, string message, string? advice, string? found, string? expected)
    {
        Any |= severity >= Severity.Error;
        findings.Add(new()
        {
            Code = code,
            Severity = severity,
            At = new(offset, Interchange, Group, Message, Segment, element, component, repetition),
            Tag = tagLength == 0 ? null : Tag,
            Found = found,
            Expected = expected,
            Message = message,
            Advice = advice,
        });
    }
}
