using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi;

/// <summary>A place of a file as people look for it.</summary>
/// <param name="Line">Line as a text editor counts, from 1; a carriage return, a line feed or both together end one.</param>
/// <param name="Column">Character of the line, from 1. Where no character set is declared, bytes that can be UTF-8 count as such.</param>
/// <param name="Segment">
/// The segment that stands there, as text without release characters and line wraps; of a long one <see cref="Limits.ExcerptCharsMax"/>
/// characters around the place. Null where no segment of an envelope or message stands.
/// In a file that is no EDI, the rest of the line.
/// </param>
public readonly record struct Excerpt(long Line, long Column, string? Segment);

/// <summary>
/// Says where in a file findings are. It reads the file a second time, and only as far as it is asked, so that the first reading counts no
/// lines and keeps no text. Places asked for one after the other are found in one pass; one before the last begins a new pass.
/// </summary>
/// <param name="open">Opens the file, from its first byte.</param>
/// <param name="options">What the file was read with; null = nothing.</param>
/// <param name="isEdi">False for a file without an envelope, which has lines and no segments.</param>
public sealed class Excerpts(Func<Stream> open, ReaderOptions? options = null, bool isEdi = true) : IDisposable
{
    LineCursor? lines;
    EdiReader? segments;
    long last;
    long start = -1, end = -1;    // bytes of the reader's segment

    /// <summary>The places of these findings, in their order. The segment of one whose value is masked is not shown.</summary>
    public IReadOnlyList<Excerpt> Of(IReadOnlyList<Finding> findings)
    {
        var found = new Excerpt[findings.Count];
        foreach (var i in Enumerable.Range(0, findings.Count).OrderBy(i => findings[i].At.Offset))
        {
            var excerpt = At(findings[i].At.Offset);
            found[i] = findings[i].Found == Finding.Masked ? excerpt with { Segment = null } : excerpt;
        }
        return found;
    }

    Excerpt At(long offset)
    {
        if (lines is null || offset < last)
            Begin();
        last = offset;
        if (segments is null)
        {
            var place = lines!.At(offset, singleByte: false);
            return new(place.Line, place.Column, lines.Rest());
        }
        var text = Segment(offset);
        var single = segments!.Interchange?.Charset is { } charset && charset != Charset.Utf8.Name && charset != Charset.Ascii.Name;
        var (line, column) = lines!.At(offset, single);
        return new(line, column, text);
    }

    void Begin()
    {
        Dispose();
        (start, end) = (-1, -1);
        lines = new(open());
        segments = isEdi ? new(open(), new(), options) : null;
    }

    string? Segment(long offset)
    {
        while (end < offset && segments!.Read())
        {
            if (segments.Segment.IsEmpty)
                continue;
            start = segments.Position.Offset;
            end = segments.OffsetOf(segments.Segment.Text.Length);
        }
        return start <= offset && offset <= end ? Around((int)(offset - start)) : null;
    }

    string Around(int at)
    {
        var bytes = segments!.Segment.Text;
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Limits.SegmentBytesMax)]);
        if (text.Length <= Limits.ExcerptCharsMax)
            return text;
        var from = Math.Clamp(at - Limits.ExcerptCharsMax / 2, 0, text.Length - Limits.ExcerptCharsMax);
        var to = from + Limits.ExcerptCharsMax;
        return $"{(from > 0 ? "…" : "")}{text[from..to]}{(to < text.Length ? "…" : "")}";
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lines?.Dispose();
        segments?.Dispose();
        (lines, segments) = (null, null);
    }

    /// <summary>Counts lines from the start of a file onwards.</summary>
    sealed class LineCursor(Stream file) : IDisposable
    {
        readonly byte[] buffer = new byte[64 * 1024];
        int at, length;
        long position, line = 1;
        long bytes, continuations;    // of the line so far
        bool afterReturn;

        public (long Line, long Column) At(long offset, bool singleByte)
        {
            while (position < offset && (at < length || Fill()))
            {
                var count = (int)Math.Min(length - at, offset - position);
                Count(buffer.AsSpan(at, count));
                at += count;
                position += count;
            }
            return (line, 1 + bytes - (singleByte ? 0 : continuations));
        }

        /// <summary>The line from the place on, as far as it is read already; null at its end.</summary>
        public string? Rest()
        {
            if (at == length && !Fill())
                return null;
            var rest = buffer.AsSpan(at, Math.Min(length - at, 4 * Limits.ExcerptCharsMax));
            if (rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end)
                rest = rest[..end];
            // What was cut may have been cut within a character.
            var whole = rest[..^HalfCharacter(rest)];
            var text = System.Text.Unicode.Utf8.IsValid(whole) ? Encoding.UTF8.GetString(whole) : Encoding.Latin1.GetString(rest);
            return text.Length == 0 ? null : text.Length <= Limits.ExcerptCharsMax ? text : $"{Finding.Cut(text, Limits.ExcerptCharsMax)}…";
        }

        /// <summary>Bytes at the end that begin a character of UTF-8 and do not end it.</summary>
        static int HalfCharacter(ReadOnlySpan<byte> text)
        {
            for (var i = 1; i <= Math.Min(3, text.Length); i++)
                if (text[^i] >= 0xC0)
                    return text[^i] switch { >= 0xF0 => 4, >= 0xE0 => 3, _ => 2 } > i ? i : 0;
                else if (text[^i] < 0x80)
                    return 0;
            return 0;
        }

        bool Fill()
        {
            length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            // A byte order mark is no character of the first line.
            at = position == 0 && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
            position += at;
            return at < length;
        }

        void Count(ReadOnlySpan<byte> text)
        {
            while (!text.IsEmpty)
            {
                var end = text.IndexOfAny((byte)'\r', (byte)'\n');
                var rest = end < 0 ? text : text[..end];
                bytes += rest.Length;
                foreach (var one in rest)
                    continuations += (one & 0xC0) == 0x80 ? 1 : 0;
                if (!rest.IsEmpty)
                    afterReturn = false;
                if (end < 0)
                    return;
                if (text[end] == '\r' || !afterReturn)
                {
                    line++;
                    bytes = continuations = 0;
                }
                afterReturn = text[end] == '\r';
                text = text[(end + 1)..];
            }
        }

        public void Dispose() => file.Dispose();
    }
}
