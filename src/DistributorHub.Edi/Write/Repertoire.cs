using System.Collections.Concurrent;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <summary>The characters an interchange may hold, and their bytes.</summary>
sealed class Repertoire
{
    // ISO 9735 level A; level B adds the small letters. Neither has # $ @ [ \ ] ^ _ ` { | } ~.
    public const string LevelA = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>";
    const int PageCount = 256;

    static readonly ConcurrentDictionary<string, byte[]?[]> pagesOf = [];

    readonly bool[] ascii = new bool[128];

    // The byte of a character of a single-byte set by its code point, in pages of 256; zero where there is none.
    readonly byte[]?[]? pages;

    public Repertoire(WriterOptions options)
    {
        var set = options.Set;
        Name = set.Name;
        IsUtf8 = set.IsUtf8;
        var identifier = options.Standard == Standard.Edifact ? options.SyntaxIdentifier : "";
        var a = identifier is "UNOA" or "IATA";
        // A set that was agreed on stands above the levels.
        var level = set.Undeclared && (a || identifier is "UNOB" or "IATB");
        if (level)
            Name = identifier;
        for (var character = ' '; character < 0x7F; character++)
            ascii[character] = !level || LevelA.Contains(character) || (!a && char.IsAsciiLetterLower(character));
        if (!set.IsUtf8 && !set.Undeclared)
            pages = pagesOf.GetOrAdd(set.Name, static (_, set) => Pages(set), set);
    }

    static byte[]?[] Pages(Charset set)
    {
        var made = new byte[]?[PageCount];
        Span<byte> utf8 = stackalloc byte[4];
        for (var high = set.HasUpperControls ? 0xA0 : 0x80; high < 256; high++)
        {
            var length = set.Decode((byte)high, utf8);
            if (length == 0)
                continue;
            Rune.DecodeFromUtf8(utf8[..length], out var rune, out _);
            (made[rune.Value >> 8] ??= new byte[256])[rune.Value & 0xFF] = (byte)high;
        }
        return made;
    }

    /// <summary>For messages: the character set, or the level of the syntax that allows less.</summary>
    public string Name { get; }

    public bool IsUtf8 { get; }

    public bool Has(byte character) => character < 0x80 && ascii[character];

    /// <summary>Writes the bytes of a character; returns their number, 0 when the set does not have it.</summary>
    public int Encode(Rune rune, Span<byte> to)
    {
        if (rune.IsAscii)
        {
            to[0] = (byte)rune.Value;
            return ascii[rune.Value] ? 1 : 0;
        }
        if (IsUtf8)
            // U+0080 to U+009F are control characters.
            return rune.Value < 0xA0 ? 0 : rune.EncodeToUtf8(to);
        if (pages is null || rune.Value >= PageCount << 8 || pages[rune.Value >> 8] is not { } page)
            return 0;
        to[0] = page[rune.Value & 0xFF];
        return to[0] == 0 ? 0 : 1;
    }
}
