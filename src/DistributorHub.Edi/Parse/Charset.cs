using System.Collections.Concurrent;
using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>How the bytes from 0x80 of an interchange are to be understood.</summary>
sealed class Charset
{
    // Those that were asked for; there are no more than the runtime knows.
    static readonly ConcurrentDictionary<string, Charset> named = new(StringComparer.OrdinalIgnoreCase);

    readonly uint[]? table;

    Charset(string name, uint[]? table, bool undeclared = false) =>
        (Name, this.table, Undeclared, HasUpperControls) = (name, table, undeclared, name.StartsWith("ISO-8859", StringComparison.Ordinal));

    public string Name { get; }

    /// <summary>True when no byte from 0x80 is declared: UTF-8 is taken if it is valid, ISO 8859-1 otherwise.</summary>
    public bool Undeclared { get; }

    public bool IsUtf8 => table is null && !Undeclared;

    /// <summary>True for sets whose bytes 0x80 to 0x9F are control characters, as in all of ISO 8859.</summary>
    public bool HasUpperControls { get; }

    public static Charset Ascii { get; } = new("US-ASCII", null, undeclared: true);

    public static Charset Utf8 { get; } = new("UTF-8", null);

    public static Charset Latin1 { get; } = Named("ISO-8859-1");

    /// <summary>The character set of a UNB syntax identifier (0001), or null for one that is not known.</summary>
    public static Charset? OfSyntax(ReadOnlySpan<char> identifier) => identifier switch
    {
        "UNOA" or "UNOB" or "IATA" or "IATB" => Ascii,
        "UNOC" => Latin1,
        "UNOD" => Named("ISO-8859-2"),
        "UNOE" => Named("ISO-8859-5"),
        "UNOF" => Named("ISO-8859-7"),
        "UNOG" => Named("ISO-8859-3"),
        "UNOH" => Named("ISO-8859-4"),
        "UNOI" => Named("ISO-8859-6"),
        "UNOJ" => Named("ISO-8859-8"),
        "UNOK" => Named("ISO-8859-9"),
        // No directory lists UNOL; partners who send it mean 8859-15.
        "UNOL" => Named("ISO-8859-15"),
        "UNOW" or "UNOY" => Utf8,
        _ => null,
    };

    /// <summary>The character set a partner's agreement names.</summary>
    /// <exception cref="ArgumentException">No single-byte or UTF-8 character set has this name.</exception>
    public static Charset Named(string name)
    {
        if (string.Equals(name, "utf-8", StringComparison.OrdinalIgnoreCase) || string.Equals(name, "utf8", StringComparison.OrdinalIgnoreCase))
            return Utf8;
        if (named.TryGetValue(name, out var known))
            return known;
        var encoding = Find(name);
        if (encoding is null || !encoding.IsSingleByte)
            throw new ArgumentException($"Character set '{name}' is not one this reader decodes; use utf-8 or a single-byte set such as iso-8859-1 or windows-1252.", nameof(name));
        return named[name] = encoding is ASCIIEncoding ? Ascii : Single(encoding);
    }

    static Encoding? Find(string name)
    {
        if (CodePagesEncodingProvider.Instance.GetEncoding(name) is { } found)
            return found;
        return Encoding.GetEncodings().FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase))?.GetEncoding();
    }

    static Charset Single(Encoding encoding)
    {
        var decoded = new uint[128];
        Span<char> character = stackalloc char[2];
        Span<byte> utf8 = stackalloc byte[4];
        for (var high = 0; high < 128; high++)
        {
            var count = encoding.GetChars([(byte)(high + 128)], character);
            var invalid = count != 1 || character[0] == '\uFFFD' || char.IsSurrogate(character[0]) || character[0] is >= '\uE000' and < '\uF900';
            if (invalid)
                continue;
            var length = Encoding.UTF8.GetBytes(character[..1], utf8);
            decoded[high] = (uint)length << 24 | (uint)utf8[0] | (uint)utf8[1] << 8 | (length > 2 ? (uint)utf8[2] << 16 : 0);
        }
        return new(encoding.WebName.ToUpperInvariant(), decoded);
    }

    /// <summary>Writes the character of a byte from 0x80 as UTF-8; 0 when the set has none there. For single-byte sets only.</summary>
    public int Decode(byte high, Span<byte> to)
    {
        var packed = table![high - 128];
        to[2] = (byte)(packed >> 16);
        to[1] = (byte)(packed >> 8);
        to[0] = (byte)packed;
        return (int)(packed >> 24);
    }
}
