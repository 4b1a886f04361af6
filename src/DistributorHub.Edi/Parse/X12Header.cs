using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace DistributorHub.Edi.Parse;

/// <summary>Recognises ISA, whose 106 characters stand at fixed places (X12.5), and groups that come without it.</summary>
static class X12Header
{
    const int Elements = 16;

    static ReadOnlySpan<byte> FixedSeparators => [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

    // TA105 (I18) for an invalid value of ISA01 to ISA15.
    static readonly string[] tooLong = ["010", "011", "012", "013", "005", "006", "007", "008", "014", "015", "016", "017", "018", "019", "020"];

    public static Header? Recognise(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("ISA"u8))
            return WithoutIsa(text);
        if (text.Length < 4 || Header.IsLetterOrDigit(text[3]) || text[3] is (byte)' ' or >= 0x80)
            return null;
        // Line breaks within the ISA come from systems that wrap at 80 columns; they are no part of its layout.
        Span<byte> clean = stackalloc byte[512];
        Span<int> places = stackalloc int[clean.Length];
        var length = 0;
        var separators = 0;
        for (var i = 0; i < text.Length && length < clean.Length; i++)
        {
            if (text[i] is (byte)'\r' or (byte)'\n' && separators < Elements)
                continue;
            if (text[i] == text[3])
                separators++;
            places[length] = i;
            clean[length++] = text[i];
        }
        return Split(clean[..length], places, text);
    }

    static Header? Split(ReadOnlySpan<byte> isa, ReadOnlySpan<int> places, ReadOnlySpan<byte> text)
    {
        if (isa.Length < 4)
            return null;
        var separator = isa[3];
        if (Header.IsLetterOrDigit(separator) || separator is (byte)' ' or >= 0x80)
            return null;
        Span<int> at = stackalloc int[Elements];
        var count = 0;
        for (var i = 3; i < isa.Length && count < Elements; i++)
            if (isa[i] == separator)
                at[count++] = i;
        if (count < Elements || at[Elements - 1] + 2 >= isa.Length)
            return null;
        var component = places[at[Elements - 1] + 1];
        var componentBytes = CharacterLength(text[component..]);
        var afterComponent = component + componentBytes;
        var (terminator, terminatorBytes) = Terminator(text, afterComponent);
        var version = Value(isa, at, 12);
        var repetition = Repetition(isa, at);
        var header = new Header
        {
            Standard = Standard.X12,
            Delimiters = new(text[afterComponent - 1], separator, (byte)'.', 0, repetition,
                terminator < 0 ? (byte)0 : text[terminator + terminatorBytes - 1]),
            SyntaxVersion = version,
            Repeats = repetition != 0 && HasRepetition(version),
            Length = terminator,
            ComponentLead = text[component..(afterComponent - 1)].ToArray(),
            TerminatorLead = terminator < 0 ? [] : text[terminator..(terminator + terminatorBytes - 1)].ToArray(),
        };
        AddFaults(header, isa, at, terminator == afterComponent);
        return header;
    }

    static void AddFaults(Header header, ReadOnlySpan<byte> isa, ReadOnlySpan<int> at, bool terminatorFollows)
    {
        var d = header.Delimiters;
        if (d.Terminator == 0 || Header.IsLetterOrDigit(d.Terminator) || d.Terminator == d.Element || d.Component == d.Element
            || d.Terminator == d.Component || Header.IsLetterOrDigit(d.Component)
            || header.TerminatorLead.Contains(d.Component) || header.ComponentLead.Contains(d.Terminator))
        {
            header.Faults.Add(new(Codes.InterchangeHeaderUnreadable, Severity.Fatal,
                "The segment terminator and the component separator cannot be read from the end of the ISA segment.",
                "Ask the partner for an ISA segment of exactly 106 characters, ending with the component separator and the terminator.",
                Encoding.Latin1.GetString(isa[^Math.Min(20, isa.Length)..]), null, "TA105:027"));
            return;
        }
        AddLayoutFaults(header, isa, at);
        if (!terminatorFollows)
            header.Faults.Add(new(Codes.BlankBeforeTerminator, Severity.Warning,
                $"Blanks or line breaks stand before the terminator {Header.Show(d.Terminator)} of ISA; they were skipped.",
                "Ask the partner to end ISA with the component separator and the terminator at once.", "blank", Header.Show(d.Terminator), "TA105:022"));
        var declared = Value(isa, at, 11);
        if (d.Repetition == 0 && HasRepetition(header.SyntaxVersion) && declared.Length > 0)
            header.Faults.Add(new(Codes.RepetitionUnusable, Severity.Warning,
                $"ISA11 is '{declared}', which cannot be a repetition separator, so no value is split into repetitions.",
                "Ask the partner to send ^ in ISA11.", declared, "^"));
    }

    /// <summary>Short elements are one fault, which comes from one cause; each that is too long may have lost its meaning, and is told.</summary>
    static void AddLayoutFaults(Header header, ReadOnlySpan<byte> isa, ReadOnlySpan<int> at)
    {
        var isShort = false;
        for (var element = 1; element < Elements; element++)
        {
            var value = isa[(at[element - 1] + 1)..at[element]];
            var place = FixedSeparators[element] - FixedSeparators[element - 1] - 1;
            isShort |= value.Length < place;
            var characters = Utf8.IsValid(value) ? Characters(value) : value.Length;
            if (value.Length <= place || characters <= place)
                continue;
            var found = Value(isa, at, element);
            header.Faults.Add(new(Codes.InterchangeHeaderTooLong, Severity.Warning,
                $"ISA{element:00} has {characters} characters, more than the {place} of its place; it was read whole.",
                $"Ask the partner to send ISA{element:00} with {place} characters.", found, $"{place} characters", $"TA105:{tooLong[element - 1]}"));
        }
        if (isShort)
            header.Faults.Add(new(Codes.InterchangeHeaderLayout, Severity.Warning,
                "The elements of ISA do not have their fixed lengths; it was read by its separators.",
                "Ask the partner to pad the elements of ISA to their full lengths.", null, "106 characters", "TA105:022"));
    }

    /// <summary>Characters of UTF-8, each of which has one byte that does not continue it.</summary>
    static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var one in text)
            count += (one & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    /// <summary>
    /// Where the terminator stands: right after the component separator, except where blanks were put before it;
    /// then it is the character before the next segment.
    /// </summary>
    static (int At, int Length) Terminator(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length)
            return (-1, 0);
        if (text[at] != (byte)' ')
            return (at, CharacterLength(text[at..]));
        for (var i = at; i < text.Length && i < at + 40; i++)
            if (text[i] is not ((byte)' ' or (byte)'\r' or (byte)'\n'))
                return (i, CharacterLength(text[i..]));
        return (-1, 0);
    }

    /// <summary>Bytes of the character at the start: 1, or more where a well-formed UTF-8 sequence stands.</summary>
    internal static int CharacterLength(ReadOnlySpan<byte> text) =>
        text[0] >= 0x80 && Rune.DecodeFromUtf8(text, out _, out var bytes) == System.Buffers.OperationStatus.Done ? bytes : 1;

    static string Value(ReadOnlySpan<byte> isa, ReadOnlySpan<int> at, int element) =>
        Encoding.Latin1.GetString(isa[(at[element - 1] + 1)..at[element]]).Trim();

    static byte Repetition(ReadOnlySpan<byte> isa, ReadOnlySpan<int> at)
    {
        if (at[11] - at[10] != 2)
            return 0;
        var character = isa[at[10] + 1];
        return Header.IsLetterOrDigit(character) || character is (byte)' ' or >= 0x80 || character == isa[3] || character == isa[at[15] + 1]
            ? (byte)0 : character;
    }

    /// <summary>ISA11 was the standards identifier until 00401 and is the repetition separator from 00402.</summary>
    internal static bool HasRepetition(string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 402 && version.Length == 5;

    /// <summary>A file that starts with GS or ST: the separator follows the tag, the terminator precedes the next segment.</summary>
    static Header? WithoutIsa(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || Header.IsLetterOrDigit(text[2]) || text[2] is (byte)' ' or >= 0x80)
            return null;
        var separator = text[2];
        ReadOnlySpan<byte> next = [(byte)'S', (byte)'T', separator];
        var set = text[3..].IndexOf(next) + 3;
        if (!text.StartsWith("GS"u8) || set <= 3)
            return null;
        var end = set - 1;
        while (end > 3 && text[end] <= (byte)' ')
            end--;
        // The last visible character before ST ends the group header, unless it is data; then the line break does.
        var terminator = !Header.IsLetterOrDigit(text[end]) && text[end] != separator ? text[end] : text[end + 1];
        if (Header.IsLetterOrDigit(terminator) || terminator is (byte)' ' or >= 0x80)
            return null;
        return new()
        {
            Standard = Standard.X12,
            Delimiters = new(terminator == (byte)'>' ? (byte)':' : (byte)'>', separator, (byte)'.', 0, 0, terminator),
            Implied = true,
        };
    }
}
