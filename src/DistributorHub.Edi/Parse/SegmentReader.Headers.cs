namespace DistributorHub.Edi.Parse;

/// <content>Finding the start of the next interchange.</content>
sealed partial class SegmentReader
{
    static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    OtherFormat? other;    // what the file looks like, should it hold no interchange

    /// <summary>Finds the next interchange and takes over its service characters; false when the file holds no other.</summary>
    bool FindHeader()
    {
        long skippedFrom = -1;
        var markHere = false;
        while (true)
        {
            if (buffer.Count - position < Header.LookAhead && !buffer.Ended)
            {
                buffer.Fill(position, Header.LookAhead);
                position = 0;
            }
            if (buffer.Origin + position == 0)
                other = OtherFormat.Of(Ahead(0));
            if (skippedFrom < 0 && SkipBetween(ref markHere))
                continue;
            var rest = Ahead(position);
            if (rest.IsEmpty)
                return NoHeader(skippedFrom);
            if (buffer.Origin + position == 0 && IsUtf16(rest))
                return RefuseUtf16();
            if (Header.Recognise(rest, strict: skippedFrom >= 0) is { } header)
            {
                Accept(header, skippedFrom, markHere);
                return !CutOff;
            }
            if (skippedFrom < 0)
                skippedFrom = buffer.Origin + position;
            position++;
            var candidate = buffer.Bytes.AsSpan(position, buffer.Count - position).IndexOfAny((byte)'U', (byte)'I');
            position = candidate < 0 ? buffer.Count : position + candidate;
        }
    }

    /// <summary>Skips what may stand between interchanges: blanks, line breaks, NUL, the DOS end of file and byte order marks.</summary>
    bool SkipBetween(ref bool markHere)
    {
        if (buffer.Origin + position == 0 && IsUtf16(Ahead(0)))
            return false;
        var from = position;
        while (position < buffer.Count && buffer.Bytes[position] is <= (byte)' ' or 0x1A)
            position++;
        if (buffer.Bytes.AsSpan(position, buffer.Count - position).StartsWith(Utf8Mark))
        {
            position += Utf8Mark.Length;
            marked = markHere = true;
        }
        return position > from;
    }

    static bool IsUtf16(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && (text[..2] is [0xFF, 0xFE] or [0xFE, 0xFF] || text[..4] is [(byte)'U' or (byte)'I', 0, _, 0] or [0, (byte)'U' or (byte)'I', 0, _]);

    bool RefuseUtf16()
    {
        CutOff = true;
        place.Report(Codes.Utf16, Severity.Fatal, 0, "The file is UTF-16 text, which no EDI syntax allows.",
            "Ask the partner to send the file in the character set that its interchange header declares.", "UTF-16", null, acknowledgement: "46");
        return false;
    }

    bool NoHeader(long skippedFrom)
    {
        if (place.Interchange == 0)
        {
            CutOff = true;
            if (other is not null)
                place.Report(Codes.OtherFormat, Severity.Fatal, 0, $"The file is {other.Name}, and holds no interchange.", other.Advice,
                    other.Name, "UNA, UNB or ISA");
            else
                place.Report(Codes.NoInterchange, Severity.Fatal, Math.Max(skippedFrom, 0),
                    skippedFrom < 0 ? "The file is empty." : "The file holds no interchange: it has neither UNB nor ISA.",
                    "Check whether the partner sent the right file.", null, "UNA, UNB or ISA");
        }
        else if (skippedFrom >= 0)
        {
            ReportSkipped(skippedFrom, "after the last interchange");
        }
        return false;
    }

    void ReportSkipped(long from, string where) =>
        place.Report(Codes.BytesSkipped, Severity.Warning, from,
            $"{buffer.Origin + position - from} bytes {where} belong to no interchange and were skipped (offsets {from} to {buffer.Origin + position - 1}).",
            "Check with the partner whether something is missing.");

    void Accept(Header header, long skippedFrom, bool markHere)
    {
        if (skippedFrom >= 0)
            ReportSkipped(skippedFrom, "before an interchange");
        place.BeginInterchange(header.Standard);
        Header = header;
        HeaderOffset = buffer.Origin + position;
        Segments = 0;
        foreach (var fault in header.Faults)
            place.Report(fault.Code, fault.Severity, HeaderOffset, fault.Message, fault.Advice, fault.Found, fault.Expected,
                header.Standard == Standard.X12 ? "ISA" : "UNB", fault.Acknowledgement);
        if (header.Unreadable)
        {
            CutOff = true;
            return;
        }
        ChooseCharset(header, markHere);
        levelA = header.SyntaxIdentifier == "UNOA" && agreed is null;
        position += header.Prefix;
        CloseUp(header);
        window = Math.Min(FirstWindowBytes, windowBytes);
        Configure(header);
    }

    /// <summary>Where line breaks end segments, one that wraps the ISA is moved in front of it, where it does no harm.</summary>
    void CloseUp(Header header)
    {
        if (header.Delimiters.Terminator is not ((byte)'\r' or (byte)'\n'))
            return;
        var isa = buffer.Bytes.AsSpan(position, header.Length);
        for (var i = 0; i < isa.Length; i++)
        {
            if (isa[i] != header.Delimiters.Terminator)
                continue;
            isa[..i].CopyTo(isa[1..]);
            isa[0] = header.Delimiters.Terminator;
            isa = isa[1..];
            i--;
            position++;
        }
    }

    void ChooseCharset(Header header, bool markHere)
    {
        var declared = header.Standard == Standard.X12 || header.Implied ? Charset.Ascii : Charset.OfSyntax(header.SyntaxIdentifier);
        Charset = agreed ?? (marked ? Charset.Utf8 : declared ?? Charset.Ascii);
        if (declared is null && agreed is null)
            place.Report(Codes.CharsetUnknown, Severity.Warning, HeaderOffset,
                $"UNB declares the syntax identifier '{header.SyntaxIdentifier}', which names no character set that is known here; the file is read as {Charset.Name}.",
                "Ask the partner to declare UNOA to UNOK or UNOY, or set the partner's character set.", header.SyntaxIdentifier, "UNOC",
                "UNB", "46", 1);
        if (markHere && agreed is null && header.Standard == Standard.Edifact && declared is { IsUtf8: false } && !header.Implied)
            place.Report(Codes.ByteOrderMark, Severity.Warning, HeaderOffset - Utf8Mark.Length,
                $"The file starts with a byte order mark of UTF-8 although UNB declares {header.SyntaxIdentifier}; it is read as UTF-8.",
                "Ask the partner to leave out the byte order mark, or to declare UNOY.", "EF BB BF", header.SyntaxIdentifier, acknowledgement: "46");
    }
}
