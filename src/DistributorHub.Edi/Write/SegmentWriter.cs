using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <summary>
/// Puts segments together in a buffer. Separators are owed until a value comes, so none stands at the end of a segment, an element or
/// a repetition, while inner positions are kept. A segment with a fault is taken back; from then on nothing more is put out, so that
/// what is left cannot be taken for a whole file.
/// </summary>
sealed partial class SegmentWriter(Action<ReadOnlySpan<byte>> output, WriteFaults faults)
{
    const int BufferBytes = 64 * 1024;
    const int FlushBytes = 48 * 1024;

    // Most that is written is an answer, which is small; the buffer grows with what is.
    const int FirstBytes = 4 * 1024;

    // For what is written in steps beyond the end, and for the ends of segments.
    const int Slack = 64;
    const int TailBytes = 8;

    byte[] buffer = GC.AllocateUninitializedArray<byte>(FirstBytes);
    int at;
    int start;            // of the segment
    bool broken;
    bool hasValue;
    int owedElements, owedRepetitions, owedComponents;

    WriterOptions options = new();
    Repertoire repertoire = null!;
    Delimiters delimiters;
    byte release;
    SearchValues<byte> plain = SearchValues.Create(""u8);
    bool repeats;
    ReadOnlyMemory<byte> componentLead, terminatorLead;
    readonly byte[] tail = new byte[TailBytes];
    int tailLength;
    int breakLength;

    /// <summary>True once a fault was found: the output ends with the segment before it, and must not be sent.</summary>
    public bool Broken => broken;

    /// <summary>Bytes put out and still in the buffer.</summary>
    public long Written => origin + at;

    long origin;

    /// <summary>Takes over service characters and character set.</summary>
    /// <exception cref="ArgumentException">See <see cref="WriterOptions.Check"/>.</exception>
    public void Configure(WriterOptions value)
    {
        value.Check();
        var characters = new Repertoire(value);
        (options, repertoire, delimiters, repeats) = (value, characters, value.Service, value.Repeats);
        release = delimiters.Release;
        (componentLead, terminatorLead) = (value.ComponentLead, value.TerminatorLead);
        Span<byte> allowed = stackalloc byte[128];
        var count = 0;
        for (byte character = 0; character < 128; character++)
            if (repertoire.Has(character) && !IsDelimiter(character))
                allowed[count++] = character;
        plain = SearchValues.Create(allowed[..count]);
        terminatorLead.Span.CopyTo(tail);
        tail[terminatorLead.Length] = delimiters.Terminator;
        var lineBreak = LineBreakBytes(value.LineBreak, delimiters.Terminator);
        // A line break that is a delimiter would begin the next segment.
        foreach (var character in lineBreak)
            if (IsDelimiter(character))
                lineBreak = default;
        lineBreak.CopyTo(tail.AsSpan(terminatorLead.Length + 1));
        breakLength = lineBreak.Length;
        tailLength = terminatorLead.Length + 1 + breakLength;
        ConfigureCopy(allowed[..count]);
    }

    static ReadOnlySpan<byte> LineBreakBytes(LineBreak lineBreak, byte terminator) => (terminator, lineBreak) switch
    {
        ((byte)'\n', _) or (_, LineBreak.None) or ((byte)'\r', LineBreak.CarriageReturn) => default,
        ((byte)'\r', _) or (_, LineBreak.LineFeed) => "\n"u8,
        (_, LineBreak.CarriageReturn) => "\r"u8,
        _ => "\r\n"u8,
    };

    bool IsDelimiter(byte character) =>
        character == delimiters.Element || character == delimiters.Component || character == delimiters.Terminator
        || (character == delimiters.Release && character != 0) || (repeats && character == delimiters.Repetition);

    /// <summary>Starts a segment with a tag that is known to be right.</summary>
    public void Begin(ReadOnlySpan<byte> tag)
    {
        start = at;
        hasValue = false;
        owedElements = owedRepetitions = owedComponents = 0;
        faults.Begin(tag, Written);
        Reserve(tag.Length);
        tag.CopyTo(buffer.AsSpan(at));
        at += tag.Length;
    }

    /// <summary>Starts the next element.</summary>
    public void Element()
    {
        faults.Element();
        owedElements++;
        owedRepetitions = owedComponents = 0;
    }

    public void Component()
    {
        faults.Component();
        owedComponents++;
    }

    public void Repetition()
    {
        faults.Repetition();
        if (!repeats)
            faults.NoRepetition(options.Version);
        owedRepetitions++;
        owedComponents = 0;
    }

    /// <summary>Writes the value of the element, component or repetition that was started, or the rest of it.</summary>
    public void Value(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return;
        hasValue = true;
        if ((owedElements | owedRepetitions | owedComponents) != 0)
            Separate();
        Text(utf8);
    }

    public void Value(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[512];
        while (!text.IsEmpty)
        {
            var status = Utf8.FromUtf16(text, utf8, out var read, out var written, replaceInvalidSequences: false);
            Value(utf8[..written]);
            text = text[read..];
            if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
            {
                hasValue = true;
                faults.NotText(string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[0]:X4}"));
                text = text[1..];
            }
        }
    }

    public void Value(decimal number)
    {
        Span<byte> digits = stackalloc byte[32];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        digits = digits[..length];
        if (delimiters.Decimal == (byte)',' && options.Standard == Standard.Edifact && digits.IndexOf((byte)'.') is >= 0 and var mark)
            digits[mark] = (byte)',';
        Value(digits);
    }

    /// <summary>Writes bytes as they are, delimiters and all.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(at));
        at += bytes.Length;
    }

    /// <summary>Writes all separators that are owed, though no value follows: ISA and raw values.</summary>
    public void Separate()
    {
        Reserve(owedElements + (owedRepetitions + owedComponents) * 3);
        buffer.AsSpan(at, owedElements).Fill(delimiters.Element);
        at += owedElements;
        buffer.AsSpan(at, owedRepetitions).Fill(delimiters.Repetition);
        at += owedRepetitions;
        for (; owedComponents > 0; owedComponents--)
            Separator(componentLead.Span, delimiters.Component);
        owedElements = owedRepetitions = 0;
    }

    void Separator(ReadOnlySpan<byte> lead, byte last)
    {
        lead.CopyTo(buffer.AsSpan(at));
        at += lead.Length;
        buffer[at++] = last;
    }

    /// <summary>A value of ISA, where no release character counts: exactly as many characters as its place has.</summary>
    public void Fixed(ReadOnlySpan<byte> utf8, int width, bool digits = false)
    {
        Element();
        Separate();
        var from = at;
        release = 0;
        Text(utf8);
        release = delimiters.Release;
        var characters = at - from;
        if (repertoire.IsUtf8)
            foreach (var written in buffer.AsSpan(from, at - from))
                characters -= (written & 0xC0) == 0x80 ? 1 : 0;
        var missing = width - characters;
        if (missing < 0)
        {
            faults.TooLong(utf8, width);
            return;
        }
        Reserve(missing);
        if (digits)
        {
            buffer.AsSpan(from, at - from).CopyTo(buffer.AsSpan(from + missing));
            buffer.AsSpan(from, missing).Fill((byte)'0');
        }
        else
        {
            buffer.AsSpan(at, missing).Fill((byte)' ');
        }
        at += missing;
    }

    /// <summary>ISA16 and all that shows a delimiter rather than a value.</summary>
    public void ShowComponent()
    {
        Element();
        Separate();
        Separator(componentLead.Span, delimiters.Component);
    }

    /// <summary>UNA with its line break.</summary>
    public void Una()
    {
        var d = delimiters;
        Raw("UNA"u8);
        Raw([d.Component, d.Element, d.Decimal == 0 ? (byte)' ' : d.Decimal, Shown(d.Release), Shown(d.Repetition), d.Terminator]);
        Raw(tail.AsSpan(tailLength - breakLength, breakLength));
    }

    static byte Shown(byte character) => character == 0 ? (byte)' ' : character;

    /// <summary>Ends the segment; false when it was left out because it has no value, or a fault.</summary>
    /// <param name="keepBlank">True = a segment without a value is written too.</param>
    public bool End(bool keepBlank = false)
    {
        if (at - start > Limits.SegmentBytesMax && !faults.IsBinary)
            faults.Beyond($"{at - start} bytes", Limits.SegmentBytesMax);
        if (faults.Positions >= Limits.SegmentMarksMax)
            faults.Beyond($"{faults.Positions} positions", Limits.SegmentMarksMax);
        broken |= faults.Any;
        if (broken || !(hasValue || keepBlank))
        {
            at = start;
            return false;
        }
        Reserve(TailBytes);
        Terminate();
        return true;
    }

    void Terminate()
    {
        tail.CopyTo(buffer.AsSpan(at));
        at += tailLength;
        if (at >= FlushBytes)
            Flush();
    }

    /// <summary>Puts out what is in the buffer.</summary>
    public void Flush()
    {
        if (at > 0)
            output(buffer.AsSpan(0, at));
        origin += at;
        at = start = 0;
        // After a large binary element.
        if (buffer.Length > 4 * BufferBytes)
            buffer = new byte[BufferBytes];
    }

    /// <summary>Makes room for some bytes and the slack.</summary>
    void Reserve(int bytes)
    {
        if (buffer.Length - at < bytes + Slack)
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, at + bytes + Slack));
    }
}
