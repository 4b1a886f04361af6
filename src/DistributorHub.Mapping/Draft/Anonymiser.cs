using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Draft;

/// <summary>
/// Replaces names, addresses, numbers, prices and texts of a file where they stand, byte for byte, so that everything else of it stays: separators, faults,
/// lengths and places. Qualifiers, codes, dates, counts and ordinals stay, and so does the envelope but for its passwords: who sent the file stands
/// in the partner's file anyway.
/// </summary>
public sealed class Anonymiser
{
    // What is no longer says nothing of anybody, and may be a code.
    const int CodeCharsMax = 3;

    // Ordinals of lines and levels: EDIFACT 1082, 1050, 1222, 7164, 7166; X12 350, 628, 734, 554.
    static readonly HashSet<string> Ordinals = new(["1082", "1050", "1222", "7164", "7166", "350", "628", "734", "554"], StringComparer.Ordinal);

    // Numbers of lines are compared with the lines, and the length of binary data with the data. Totals of quantities and amounts say what they add up.
    static bool Counts(string tag, int position, Segment segment) =>
        (tag, position) is ("UNS", _) or ("CTT", 1) or ("BIN", 1) or ("BDS", 1 or 2) || (tag == "CNT" && segment.Value(1).SequenceEqual("2"u8));

    readonly Func<Standard, MessageInfo, MessageDefinition?> definitions;
    readonly Dictionary<(string Tag, int Element, int Component), HashSet<string>> asked = [];
    readonly byte[] key;

    /// <param name="definitions">Answers what a message is read by; null when that is unknown.</param>
    /// <param name="maps">Maps that read the file: the codes they ask for stay codes they ask for.</param>
    /// <param name="key">Random bytes; without them nobody can tell what was replaced.</param>
    public Anonymiser(Func<Standard, MessageInfo, MessageDefinition?> definitions, IEnumerable<CompiledMap> maps, byte[] key)
    {
        (this.definitions, this.key) = (definitions, key);
        foreach (var codes in maps.SelectMany(map => map.Releases).SelectMany(map => AskedCodes.Of(map.Plan)))
        {
            var at = (codes.Tag, codes.At.Element, Math.Max(codes.At.Component, 1));
            if (!asked.TryGetValue(at, out var known))
                asked.Add(at, known = new(StringComparer.Ordinal));
            known.UnionWith(codes.Codes);
        }
    }

    /// <summary>Elements that stay as they were sent, by message, segment and element (0 = all of the segment), because something depends on their very text.</summary>
    public HashSet<(int Message, int Segment, int Element)> AsSent { get; } = [];

    /// <summary>The file with other texts in it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">What it is read with.</param>
    public byte[] Apply(byte[] file, ReaderOptions? options)
    {
        var replacements = new Replacements(key);
        Walk(file, options, (text, _, _) => replacements.Originals.Add(text), (_, _) => { });
        var copy = (byte[])file.Clone();
        var covered = new List<(long Start, long End)>();
        Walk(file, options, (text, free, offsets) => Patch(file, copy, text, replacements.Of(text, free), offsets), (start, end) => covered.Add((start, end)));
        Scrub(file, copy, covered, replacements);
        return copy;
    }

    /// <summary>Texts that are replaced, each once, in the order of the file.</summary>
    public IReadOnlyList<string> Replaced(byte[] file, ReaderOptions? options)
    {
        var texts = new List<string>();
        Walk(file, options, (text, _, _) => texts.Add(text), (_, _) => { });
        return [.. texts.Distinct(StringComparer.Ordinal)];
    }

    delegate void Visit(string text, Func<string, bool>? isFree, long[] offsets);

    void Walk(byte[] file, ReaderOptions? options, Visit visit, Action<long, long> cover)
    {
        using var reader = new EdiReader(new MemoryStream(file), new Findings(), options);
        MessageDefinition? definition = null;
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.MessageStart)
                definition = definitions(reader.Interchange!.Standard, reader.Message!);
            if (reader.Segment.IsEmpty)
                continue;
            if (reader.Event == EdiEvent.InterchangeStart)
                cover(reader.Interchange!.Offset, reader.OffsetOf(reader.Segment.Text.Length));
            cover(reader.OffsetOf(0), reader.OffsetOf(reader.Segment.Text.Length));
            if (reader.Event is EdiEvent.Segment or EdiEvent.InterchangeStart)
                Walk(reader, reader.Event == EdiEvent.Segment ? definition : null, visit);
        }
    }

    void Walk(EdiReader reader, MessageDefinition? definition, Visit visit)
    {
        var segment = reader.Segment;
        var tag = Encoding.UTF8.GetString(segment.Tag);
        var at = reader.Position;
        if (AsSent.Contains((at.Message, at.Segment, 0)))
            return;
        var marks = segment.Marks;
        var (position, component) = (0, 1);
        var separators = LettersOf(reader.Interchange!.Delimiters);
        for (var mark = 1; mark < marks.Length; mark++)
        {
            (position, component) = marks[mark - 1].Kind switch
            {
                MarkKind.Element => (position + 1, 1),
                MarkKind.Component => (position, component + 1),
                _ => (position, 1),
            };
            var (start, end) = (marks[mark - 1].End + 1, marks[mark].End);
            var text = Encoding.UTF8.GetString(segment.Text[start..end]).TrimEnd(' ');
            if (text.Length == 0 || AsSent.Contains((at.Message, at.Segment, position)))
                continue;
            HashSet<string>? codes = null;
            if (reader.Event == EdiEvent.InterchangeStart ? !IsPassword(tag, position) : Keeps(tag, definition, segment, position, component, text, out codes))
                continue;
            var offsets = new long[end - start + 1];
            for (var i = 0; i < offsets.Length; i++)
                offsets[i] = reader.OffsetOf(start + i);
            visit(text, codes is null && separators.Length == 0 ? null : other => codes?.Contains(other) != true && other.IndexOfAny(separators) < 0, offsets);
        }
    }

    static char[] LettersOf(Delimiters delimiters) =>
        [.. new[] { delimiters.Component, delimiters.Element, delimiters.Decimal, delimiters.Release, delimiters.Repetition, delimiters.Terminator }.Select(b => (char)b).Where(char.IsAsciiLetterOrDigit)];

    static bool IsPassword(string tag, int element) => tag switch
    {
        "ISA" => element is 2 or 4,
        "UNB" => element == 6,
        _ => false,
    };

    /// <summary>True when a value stays; otherwise the codes that its replacement must not be.</summary>
    bool Keeps(string tag, MessageDefinition? definition, Segment segment, int position, int component, string text, out HashSet<string>? codes)
    {
        codes = asked.GetValueOrDefault((tag, position, component));
        if (Counts(tag, position, segment) || codes?.Contains(text) == true)
            return true;
        if (definition?.Segments.Find(tag) is not { } known || known.Elements.FirstOrDefault(e => e.Position == position) is not { } element
            || (element.Components.Count == 0 ? element : element.Components.FirstOrDefault(c => c.Position == component)) is not { } value)
            return text.Length <= CodeCharsMax;
        if (Ordinals.Contains(value.Id) || value.Type is ElementType.Date or ElementType.Time || known.Moment is { } moment && (Is(moment.Value, position, component) || Is(moment.Format, position, component)))
            return true;
        if (value.Type is ElementType.Decimal or ElementType.Implied)
            return false;
        if (definition.Segments.Codes.Find(value.Id) is { } list)
        {
            codes = [.. codes ?? [], .. list.Select(code => code.Code)];
            return codes.Contains(text) || text.Length <= CodeCharsMax;
        }
        // Whether a date or a number stands in a pair, its qualifier says.
        if (known.Pairs.Any(pair => position >= pair.First && position < pair.Last && (position - pair.First) % 2 == 0))
            return text.Length <= CodeCharsMax;
        return value.Max <= CodeCharsMax && text.Length <= CodeCharsMax;
    }

    static bool Is(ElementAddress address, int element, int component) => address.Element == element && Math.Max(address.Component, 1) == component;

    /// <summary>Writes a text over another of the same characters, in the bytes it takes in the file.</summary>
    static void Patch(byte[] file, byte[] copy, string text, string other, long[] offsets)
    {
        Span<byte> old = stackalloc byte[4], changed = stackalloc byte[4];
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length)
            {
                at += 4;
                i++;
                continue;
            }
            var length = Encoding.UTF8.GetBytes(text.AsSpan(i, 1), old);
            Encoding.UTF8.GetBytes(other.AsSpan(i, 1), changed);
            var place = (int)offsets[at];
            if (text[i] != other[i])
            {
                if (place + length <= file.Length && file.AsSpan(place, length).SequenceEqual(old[..length]))
                    changed[..length].CopyTo(copy.AsSpan(place));
                else if (text[i] < 256 && other[i] < 256 && file[place] == text[i])
                    PatchByte(file, copy, place, other[i]);
            }
            at += length;
        }
    }

    /// <summary>A letter of one byte. Where it looks like the first byte of a character of UTF-8, it goes on looking so: that is a finding.</summary>
    static void PatchByte(byte[] file, byte[] copy, int place, char other)
    {
        var lead = file[place];
        var last = place + (lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1);
        if (last < file.Length && file.AsSpan(place + 1, last - place).IndexOfAnyExceptInRange((byte)0x80, (byte)0xBF) < 0)
            copy[last] = (byte)((file[last] & ~31) | ((file[last] + other - lead) & 31));
        else
            copy[place] = (byte)other;
    }

    /// <summary>What stands between segments is no part of any message, but may be the head of an e-mail.</summary>
    static void Scrub(byte[] file, byte[] copy, List<(long Start, long End)> covered, Replacements replacements)
    {
        var isCovered = new bool[file.Length];
        foreach (var (start, end) in covered)
            isCovered.AsSpan((int)start, (int)(Math.Min(end, file.Length) - start)).Fill(true);
        for (var at = 0; at < file.Length; at++)
        {
            var end = at;
            while (end < file.Length && !isCovered[end] && char.IsAsciiLetterOrDigit((char)file[end]))
                end++;
            // UNOC says how a file is to be read that has no whole header.
            if (end - at > CodeCharsMax && !(end - at == 4 && file.AsSpan(at).StartsWith("UNO"u8)))
                Encoding.ASCII.GetBytes(replacements.Of(Encoding.ASCII.GetString(file, at, end - at)), copy.AsSpan(at));
            at = Math.Max(at, end);
        }
    }
}
