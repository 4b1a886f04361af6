using System.Text;
using System.Text.RegularExpressions;

namespace DistributorHub.Mapping.Run;

/// <summary>The text functions of maps over UTF-8. Lengths and positions count characters (code points); an empty result is null.</summary>
static class TextFunctions
{
    public static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
            if ((b & 0xC0) != 0x80)
                count++;
        return count;
    }

    /// <summary>Without blanks, tabs and line ends at both sides.</summary>
    public static void Trim(ref Value value)
    {
        var text = value.Text;
        var trimmed = text.TrimStart(" \t\r\n"u8);
        Slice(ref value, text.Length - trimmed.Length, trimmed.TrimEnd(" \t\r\n"u8).Length);
    }

    public static void Left(ref Value value, long count) => Slice(ref value, 0, BytesOf(value.Text, count));

    public static void Right(ref Value value, long count)
    {
        var skip = BytesOf(value.Text, Characters(value.Text) - Math.Max(count, 0));
        Slice(ref value, skip, value.Length - skip);
    }

    /// <summary>Characters from a position that counts from 1.</summary>
    public static void Sub(ref Value value, long from, long count)
    {
        var skip = BytesOf(value.Text, from - 1);
        Slice(ref value, skip, BytesOf(value.Text[skip..], count));
    }

    /// <summary>The n-th part, from 1; null when there are fewer.</summary>
    public static void Split(ref Value value, ReadOnlySpan<byte> separator, long part)
    {
        var text = value.Text;
        var start = 0;
        for (var n = 1L; ; n++)
        {
            var length = separator.IsEmpty ? -1 : text[start..].IndexOf(separator);
            if (n == part)
            {
                Slice(ref value, start, length < 0 ? text.Length - start : length);
                return;
            }
            if (length < 0)
                break;
            start += length + separator.Length;
        }
        value.SetNull();
    }

    public static void ChangeCase(ref Value value, Scratch scratch, bool upper)
    {
        var text = value.Text;
        // A simple case mapping grows a character by at most one byte (U+0250 → U+2C6F).
        var room = scratch.Room(text.Length * 2);
        if (Ascii.IsValid(text))
        {
            _ = upper ? Ascii.ToUpper(text, room, out var ascii) : Ascii.ToLower(text, room, out ascii);
            scratch.Keep(ascii, ref value);
            return;
        }
        var written = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            text = text[consumed..];
            rune = upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
            written += rune.EncodeToUtf8(room[written..]);
        }
        scratch.Keep(written, ref value);
    }

    /// <summary>Fills up at the left to a number of characters.</summary>
    public static void Pad(ref Value value, Scratch scratch, long width, ReadOnlySpan<byte> with)
    {
        var missing = (int)Math.Min(width, Edi.Limits.SegmentBytesMax) - Characters(value.Text);
        if (missing <= 0 || with.IsEmpty)
            return;
        var room = scratch.Room(missing * with.Length + value.Length);
        for (var i = 0; i < missing; i++)
            with.CopyTo(room[(i * with.Length)..]);
        value.Text.CopyTo(room[(missing * with.Length)..]);
        scratch.Keep(room.Length, ref value);
    }

    /// <summary>Only the digits 0-9.</summary>
    public static void Digits(ref Value value, Scratch scratch)
    {
        if (value.Text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            return;
        var room = scratch.Room(value.Length);
        var written = 0;
        foreach (var b in value.Text)
            if (char.IsAsciiDigit((char)b))
                room[written++] = b;
        scratch.Keep(written, ref value);
    }

    /// <summary>Replaces every match. The pattern was built non-backtracking, so its time is linear in the text.</summary>
    public static void Replace(ref Value value, Scratch scratch, Regex pattern, string replacement)
    {
        // Most texts of a partner are short; a longer one may allocate.
        char[]? rented = value.Length > 512 ? new char[value.Length] : null;
        var chars = rented ?? stackalloc char[512];
        ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(value.Text, chars)];
        if (!pattern.IsMatch(text))
            return;
        if (replacement.Contains('$'))
        {
            var replaced = pattern.Replace(text.ToString(), replacement);
            scratch.Keep(Encoding.UTF8.GetBytes(replaced, scratch.Room(Encoding.UTF8.GetByteCount(replaced))), ref value);
            return;
        }
        // Each match may be empty, so there are at most one more matches than characters.
        var room = scratch.Room(value.Length + (text.Length + 1) * Encoding.UTF8.GetByteCount(replacement));
        int written = 0, from = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            written += Encoding.UTF8.GetBytes(text[from..match.Index], room[written..]);
            written += Encoding.UTF8.GetBytes(replacement, room[written..]);
            from = match.Index + match.Length;
        }
        written += Encoding.UTF8.GetBytes(text[from..], room[written..]);
        scratch.Keep(written, ref value);
    }

    static int BytesOf(ReadOnlySpan<byte> text, long characters)
    {
        if (characters <= 0)
            return 0;
        for (var i = 0; i < text.Length; i++)
            if ((text[i] & 0xC0) != 0x80 && characters-- == 0)
                return i;
        return text.Length;
    }

    static void Slice(ref Value value, int start, int length)
    {
        if (length <= 0)
            value.SetNull();
        else
            value.SetText(value.Bytes, value.Start + start, length);
    }
}
