using System.Text;

namespace DistributorHub.Worker.Receive;

enum TrailerState
{
    /// <summary>The file ends with the trailer of its last interchange.</summary>
    Complete,

    /// <summary>It is EDI, but its end is missing: it was cut off, or is still being written.</summary>
    NoTrailer,

    /// <summary>Not EDIFACT or X12; nothing can be said.</summary>
    Unknown,
}

/// <summary>
/// A cheap look at both ends of a file, before it is read: does an interchange that starts also end? Reading decides what is right;
/// this only tells a file that has not fully arrived from one that has.
/// </summary>
static class Trailer
{
    /// <summary>Bytes of the beginning that are enough: a byte order mark, white space, and the 106 fixed bytes of ISA.</summary>
    public const int HeadBytes = 512;

    /// <summary>Bytes of the end that are enough.</summary>
    public const int TailBytes = 512;

    const int IsaBytes = 106;
    const byte Escape = 0x1A;

    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or all.</param>
    /// <param name="tail">The last <see cref="TailBytes"/> bytes, or all.</param>
    public static TrailerState Check(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        if (head.StartsWith(Encoding.UTF8.Preamble))
            head = head[3..];
        head = head.TrimStart(" \t\r\n\0"u8);
        if (head.StartsWith("ISA"u8))
            return head.Length < IsaBytes ? TrailerState.NoTrailer : Judge(tail, "IEA"u8, head[3], head[IsaBytes - 1], release: 0);
        if (head.StartsWith("UNA"u8))
            return head.Length < 9 ? TrailerState.NoTrailer : Judge(tail, "UNZ"u8, head[4], head[8], release: head[6] == ' ' ? (byte)0 : head[6]);
        if (!head.StartsWith("UNB"u8) || head.Length < 4)
            return TrailerState.Unknown;
        // ISO 9735: without UNA, level B separates with control characters, every other level with + and '.
        return head[3] == 0x1D
            ? Judge(tail, "UNZ"u8, element: 0x1D, terminator: 0x1C, release: 0)
            : Judge(tail, "UNZ"u8, (byte)'+', (byte)'\'', (byte)'?');
    }

    static TrailerState Judge(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> tag, byte element, byte terminator, byte release)
    {
        // Line ends, padding and the end-of-file character of old systems may follow the last segment.
        while (tail.Length > 0 && tail[^1] != terminator && tail[^1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0 or Escape)
            tail = tail[..^1];
        // A terminator that is a line end is often followed by more of them: the last segment is the last one with content.
        while (tail.Length > 1 && tail[^1] == terminator && (tail[^2] == terminator || tail[^2] == (byte)'\r' && terminator == (byte)'\n'))
            tail = tail[..^1];
        if (tail.Length == 0 || tail[^1] != terminator || IsReleased(tail, tail.Length - 1, release))
            return TrailerState.NoTrailer;
        tail = tail[..^1];
        var start = tail.Length - 1;
        while (start >= 0 && (tail[start] != terminator || IsReleased(tail, start, release)))
            start--;
        var segment = tail[(start + 1)..].TrimStart(" \t\r\n"u8);
        return segment.Length > tag.Length && segment.StartsWith(tag) && segment[tag.Length] == element
            ? TrailerState.Complete
            : TrailerState.NoTrailer;
    }

    // Two release characters are one released release character.
    static bool IsReleased(ReadOnlySpan<byte> text, int at, byte release)
    {
        var releases = 0;
        while (release != 0 && releases < at && text[at - 1 - releases] == release)
            releases++;
        return releases % 2 == 1;
    }
}
