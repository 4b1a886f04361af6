using System.Text;

namespace DistributorHub.Worker.Receive;

enum TrailerState
{
    /// <summary>The trailer of the file's last interchange is there.</summary>
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

    /// <summary>Bytes of the end that are enough, also with a signature behind the trailer, or what fills up the last block of a tape.</summary>
    public const int TailBytes = 64 * 1024;

    const int IsaBytes = 106;

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

    /// <summary>Complete when a trailer ends there and no interchange starts behind it. What else follows is not of the interchange, and reading tells of it.</summary>
    static TrailerState Judge(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> tag, byte element, byte terminator, byte release)
    {
        var unended = tail.Length;
        for (var at = tail.LastIndexOf(tag); at >= 0; at = tail[..at].LastIndexOf(tag))
        {
            if (at + tag.Length >= tail.Length || tail[at + tag.Length] != element || !IsStart(tail, at, terminator, release))
                continue;
            for (var end = at + tag.Length; end < unended; end++)
                if (tail[end] == terminator && !IsReleased(tail, end, release))
                    return StartsAnother(tail[(end + 1)..]) ? TrailerState.NoTrailer : TrailerState.Complete;
            unended = at;
        }
        return TrailerState.NoTrailer;
    }

    /// <summary>True when a segment starts there: behind a terminator, and blanks or line ends.</summary>
    static bool IsStart(ReadOnlySpan<byte> tail, int at, byte terminator, byte release)
    {
        while (at > 0 && tail[at - 1] != terminator && tail[at - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at--;
        return at == 0 || tail[at - 1] == terminator && !IsReleased(tail, at - 1, release);
    }

    /// <summary>True when the rest holds the start of an interchange, or ends where one may be about to start.</summary>
    static bool StartsAnother(ReadOnlySpan<byte> rest)
    {
        // Its tag is no word of a text: nothing of a word stands before it, and a separator behind it.
        for (var at = rest.IndexOfAny((byte)'U', (byte)'I'); at >= 0;)
        {
            var tag = rest.Slice(at, Math.Min(3, rest.Length - at));
            if ((at == 0 || !IsOfText(rest[at - 1])) && ("UNB"u8.StartsWith(tag) || "UNA"u8.StartsWith(tag) || "ISA"u8.StartsWith(tag))
                && (at + 3 >= rest.Length || !IsOfText(rest[at + 3]) && rest[at + 3] is not ((byte)' ' or (byte)'\r' or (byte)'\n')))
                return true;
            var next = rest[(at + 1)..].IndexOfAny((byte)'U', (byte)'I');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }

    static bool IsOfText(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter > 127;

    // Two release characters are one released release character.
    static bool IsReleased(ReadOnlySpan<byte> text, int at, byte release)
    {
        var releases = 0;
        while (release != 0 && releases < at && text[at - 1 - releases] == release)
            releases++;
        return releases % 2 == 1;
    }
}
