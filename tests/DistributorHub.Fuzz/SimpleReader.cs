using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Fuzz;

/// <summary>
/// A second reader, as simple as can be: it goes through an interchange one byte after the other and knows nothing of the engine's index,
/// windows and runs. Service characters it is told. <see cref="Expect"/> compares it with what the engine hands on.
/// </summary>
sealed class SimpleReader
{
    const byte NoLead = 0;

    readonly List<(int Place, MarkKind Kind)> marks = [];
    ReadOnlyMemory<byte> file;
    byte[] clean = new byte[1024];
    int cleanLength;
    Delimiters service;
    byte[] componentLead = [], terminatorLead = [];
    bool repeats, x12;
    int at, start;
    bool isBinary;

    /// <summary>Segments so far, the header being the first; empty ones do not count.</summary>
    public int Segments { get; private set; }

    /// <summary>Begins at the header of an interchange.</summary>
    public void Begin(ReadOnlyMemory<byte> input, EdiReader reader)
    {
        var info = reader.Interchange!;
        (file, service, x12, Segments, isBinary) = (input, info.Delimiters, info.Standard == Standard.X12, 0, false);
        (componentLead, terminatorLead) = (info.ComponentLead.ToArray(), info.TerminatorLead.ToArray());
        repeats = service.Repetition != 0 && (x12 ? X12Header.HasRepetition(info.SyntaxVersion) : EdifactHeader.IsFour(info.SyntaxVersion));
        // What stands before the first header that came is skipped, but counted.
        at = x12 ? (int)reader.Position.Offset : BehindUna(info);
        if (x12 && !reader.Segment.IsEmpty)
        {
            // The place of a wrapped ISA's end only its recognition knows.
            at = (int)reader.OffsetOf(reader.Segment.Text.Length) + 1;
            Segments = 1;
        }
    }

    int BehindUna(InterchangeInfo info)
    {
        const int una = 9;
        var from = (int)info.Offset + (info.HasUna ? una : 0);
        while (info.HasUna && from < file.Length && file.Span[from] is (byte)'\r' or (byte)'\n' or (byte)' ')
            from++;
        return from;
    }

    /// <summary>The engine's current segment has to be one of this reader's, at the same place, with the same marks and text; says what differs.</summary>
    public string? Expect(EdiReader reader)
    {
        var wanted = reader.Position.Offset;
        if (Segments == 1 && wanted < at)
            return null;
        do
        {
            if (!Next())
                return $"a segment at {wanted} where a simple reader finds no further one";
        }
        while (start < wanted);
        if (start > wanted)
            return $"a segment at {wanted}, a simple reader has it at {start}";
        // What a further UNA announces stays as it is.
        return isBinary ? Binary(reader) : Marks(reader) ?? (reader.Segment.Tag.StartsWith("UNA"u8) ? null : Text(reader.Segment));
    }

    /// <summary>Counts the segments before a place.</summary>
    public int CountTo(long offset)
    {
        while (at < offset)
        {
            var before = at;
            if (!Next())
                break;
            if (start < offset)
                continue;
            (at, Segments) = (before, Segments - 1);
            break;
        }
        return Segments;
    }

    string? Marks(EdiReader reader)
    {
        var found = reader.Segment.Marks;
        if (found.Length != marks.Count)
            return $"{found.Length} marks in the segment at {start}, a simple reader has {marks.Count}";
        for (var i = 0; i < found.Length; i++)
        {
            var offset = reader.OffsetOf(found[i].End);
            if (offset != marks[i].Place || found[i].Kind != marks[i].Kind)
                return $"mark {i} of the segment at {start} is {found[i].Kind} at {offset}, a simple reader has {marks[i].Kind} at {marks[i].Place}";
        }
        return null;
    }

    /// <summary>Compares what is ASCII; how other bytes are decoded is not this reader's business.</summary>
    string? Text(Segment segment)
    {
        var tag = segment.Tag.Length;
        var expected = 0;
        for (var i = 0; i < segment.Text.Length; i++)
        {
            var character = segment.Text[i];
            if (character >= 0x80)
                continue;
            if (expected == cleanLength || clean[expected] != character && !(i < tag && char.ToUpperInvariant((char)clean[expected]) == character))
                return $"the text of the segment at {start} is '{Encoding.Latin1.GetString(segment.Text)}', a simple reader has '{Encoding.Latin1.GetString(clean, 0, cleanLength)}'";
            expected++;
        }
        return expected == cleanLength ? null : $"the text of the segment at {start} ends with '{Encoding.Latin1.GetString(segment.Text)}', a simple reader has '{Encoding.Latin1.GetString(clean, 0, cleanLength)}'";
    }

    string? Binary(EdiReader reader) =>
        reader.Segment.Text.SequenceEqual(file.Span[start..(at - 1)]) ? null : $"the binary segment at {start} does not hold the bytes of the file";

    /// <summary>Moves to the next segment that is not empty; false where there is none with a terminator.</summary>
    bool Next()
    {
        while (true)
        {
            while (at < file.Length && file.Span[at] <= ' ' && !IsService(file.Span[at]))
                at++;
            start = at;
            if (!Cut())
                return false;
            if (marks is [var only] && only.Place - terminatorLead.Length == start)
                continue;
            Segments++;
            if (x12)
                AsX12();
            return true;
        }
    }

    bool IsService(byte character) =>
        character == service.Element || character == service.Component || character == service.Terminator
        || (repeats && character == service.Repetition) || (character == service.Release && character != NoLead);

    /// <summary>Cuts off one segment; the last of a file, where it is a trailer, needs no terminator.</summary>
    bool Cut()
    {
        marks.Clear();
        cleanLength = 0;
        var bytes = file.Span;
        for (var i = start; i < bytes.Length; i++)
        {
            var character = bytes[i];
            if (character == service.Release && character != NoLead)
            {
                do
                    i++;
                while (i < bytes.Length && IsLineBreak(bytes[i]));
                if (i < bytes.Length)
                    Keep(bytes[i]);
                continue;
            }
            if (KindAt(bytes, i) is not { } kind)
            {
                if (!IsLineBreak(character))
                    Keep(character);
                continue;
            }
            marks.Add((i, kind));
            if (kind == MarkKind.Terminator)
            {
                at = i + 1;
                return true;
            }
            Keep(character);
        }
        return CutLast();
    }

    bool CutLast()
    {
        var bytes = file.Span;
        if (!bytes[start..].StartsWith("UNZ"u8) && !bytes[start..].StartsWith("IEA"u8))
            return false;
        var end = bytes.Length;
        while (bytes[end - 1] is <= (byte)' ' or 0x1A)
        {
            end--;
            if (cleanLength > 0 && clean[cleanLength - 1] == bytes[end])
                cleanLength--;
        }
        marks.RemoveAll(m => m.Place >= end);
        marks.Add((end + terminatorLead.Length, MarkKind.Terminator));
        at = bytes.Length;
        return true;
    }

    bool IsLineBreak(byte character) => character is (byte)'\r' or (byte)'\n' && !IsService(character);

    bool HasLineBreak(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            if (IsLineBreak(one))
                return true;
        return false;
    }

    MarkKind? KindAt(ReadOnlySpan<byte> bytes, int i)
    {
        var character = bytes[i];
        if (character == service.Terminator)
            return Follows(bytes, i, terminatorLead) ? MarkKind.Terminator : null;
        if (character == service.Element)
            return MarkKind.Element;
        if (character == service.Component)
            return Follows(bytes, i, componentLead) ? MarkKind.Component : null;
        return repeats && character == service.Repetition ? MarkKind.Repetition : null;
    }

    bool Follows(ReadOnlySpan<byte> bytes, int i, byte[] lead) =>
        i - lead.Length >= start && bytes.Slice(i - lead.Length, lead.Length).SequenceEqual(lead);

    void Keep(byte character)
    {
        if (character >= 0x80)
            return;
        if (cleanLength == clean.Length)
            Array.Resize(ref clean, 2 * cleanLength);
        clean[cleanLength++] = character;
    }

    void AsX12()
    {
        var tag = Tag();
        isBinary = tag is "BIN" or "BDS" && marks.Count <= Limits.SegmentMarksMax && IsBinary(tag);
        if (tag == "ISA")
            marks.RemoveAll(m => m.Kind is MarkKind.Component or MarkKind.Repetition);
    }

    string Tag()
    {
        var bytes = file.Span[start..Math.Min(marks[0].Place, file.Length)];
        var tag = new StringBuilder(3);
        foreach (var character in bytes)
            if (!IsLineBreak(character) && tag.Length < 4)
                tag.Append((char)character);
        return tag.ToString();
    }

    /// <summary>Follows the length of a binary element; false where it does not lead to a terminator.</summary>
    bool IsBinary(string tag)
    {
        var length = tag == "BIN" ? 1 : 2;
        if (marks.Count <= length || marks.Take(length + 1).Any(m => m.Kind != MarkKind.Element))
            return false;
        // Where a line break was taken out before the bytes, they are wrapped as well.
        var from = file.Span[start + 3] == service.Element ? marks[length - 1].Place : start;
        var digits = Encoding.Latin1.GetString(file.Span[(marks[length - 1].Place + 1)..marks[length].Place]);
        if (HasLineBreak(file.Span[from..marks[length].Place]) || digits.Length == 0 || digits.TrimStart('0').Length > 9 || !digits.All(char.IsAsciiDigit))
            return false;
        var end = marks[length].Place + 1 + long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        if (end >= file.Length || file.Span[(int)end] != service.Terminator)
            return false;
        at = (int)end + 1;
        return true;
    }
}
