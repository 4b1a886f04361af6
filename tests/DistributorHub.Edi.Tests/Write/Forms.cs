using System.Text;
using CsCheck;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>Every form the writer can give to an interchange: delimiters, character sets, versions, line breaks.</summary>
static class Forms
{
    /// <summary>Syntax identifiers that name a character set, and the name the base library has for it.</summary>
    static readonly Dictionary<string, string> identifiers = new(StringComparer.Ordinal)
    {
        ["UNOA"] = "us-ascii",
        ["UNOB"] = "us-ascii",
        ["IATA"] = "us-ascii",
        ["IATB"] = "us-ascii",
        ["UNOC"] = "iso-8859-1",
        ["UNOD"] = "iso-8859-2",
        ["UNOE"] = "iso-8859-5",
        ["UNOF"] = "iso-8859-7",
        ["UNOG"] = "iso-8859-3",
        ["UNOH"] = "iso-8859-4",
        ["UNOI"] = "iso-8859-6",
        ["UNOJ"] = "iso-8859-8",
        ["UNOK"] = "iso-8859-9",
        ["UNOL"] = "iso-8859-15",
        ["UNOW"] = "utf-8",
        ["UNOY"] = "utf-8",
    };

    /// <summary>Characters of several UTF-8 bytes that are delimiters somewhere; no value has them.</summary>
    public static IReadOnlyCollection<Rune> Wide { get; } = [.. "\u00A6\u00A7\u00B6\u00E7\u2028".EnumerateRunes()];

    /// <summary>Sets of one byte a character whose lower half is ASCII, and UTF-8.</summary>
    static readonly string[] agreed =
    [
        "utf-8",
        .. Encoding.GetEncodings().Select(e => e.GetEncoding()).Concat(CodePagesEncodingProvider.Instance.GetEncodings().Select(e => e.GetEncoding()))
            .Where(e => e.IsSingleByte && e is not ASCIIEncoding && IsAscii(e)).Select(e => e.WebName).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Five service characters: of ASCII, or any bytes at all.</summary>
    static readonly Gen<byte[]> service = Gen.Frequency(
        (3, Gen.Shuffle(Enumerable.Range(1, 0x7F).Where(c => !char.IsAsciiLetterOrDigit((char)c)).Select(c => (byte)c).ToArray(), 5)),
        (1, Gen.Shuffle(Enumerable.Range(0, 0x100).Select(c => (byte)c).ToArray(), 5)));

    public static Gen<WriterOptions> Edifact { get; } = Gen.SelectMany(Gen.OneOf(identifiers.Keys.ToArray()), identifier => EdifactIn(identifier, charset: null));

    /// <summary>EDIFACT in a character set that is agreed on and that the syntax identifier need not name.</summary>
    public static Gen<WriterOptions> EdifactAgreed { get; } = Gen.Select(Gen.OneOf("UNOB", "UNOC", "UNOX"), Gen.OneOf(agreed)).SelectMany(EdifactIn);

    public static Gen<WriterOptions> X12 { get; } = X12In(Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)"utf-8"), Gen.OneOf(agreed).Select(name => (string?)name)));

    /// <summary>The same content can be written in any of these and in any of them again.</summary>
    public static Gen<WriterOptions> X12Unicode { get; } = X12In(Gen.Const((string?)"utf-8"));

    public static Gen<WriterOptions> Any { get; } = Gen.OneOf(Edifact, EdifactAgreed, X12);

    static bool IsAscii(Encoding encoding) => Enumerable.Range(0x20, 0x5F).All(c => encoding.GetString([(byte)c]) == ((char)c).ToString());

    public static Gen<WriterOptions> EdifactIn(string identifier, string? charset) =>
        from version in Gen.OneOf("1", "2", "3", "4")
        from d in Service
        from mark in Gen.OneOf((byte)'.', (byte)',')
        from una in Gen.Bool
        from lineBreak in Gen.Enum<LineBreak>()
        let options = new WriterOptions
        {
            SyntaxIdentifier = identifier,
            SyntaxVersion = version,
            Charset = charset,
            Delimiters = d with { Decimal = mark, Repetition = version == "4" ? d.Repetition : (byte)0 },
            LineBreak = d.Terminator == '\n' ? LineBreak.None : lineBreak,
            Una = una,
        }
        where options.Fault() is null && HasItsRepetition(options)
        select options;

    /// <summary>Service characters: usual ones, any, without a release character, with a line break as terminator.</summary>
    static Gen<Delimiters> Service { get; } = Gen.Select(service, Gen.Int[0, 5]).Select((s, kind) => kind switch
    {
        0 => new Delimiters((byte)':', (byte)'+', 0, (byte)'?', (byte)'*', (byte)'\''),
        1 => new Delimiters(s[0], s[1], 0, 0, s[3], s[4]),
        2 => new Delimiters(0x1F, 0x1D, 0, 0, s[3] is 0x1C or 0x1D or 0x1F ? (byte)'^' : s[3], 0x1C),
        _ => new Delimiters(s[0], s[1], 0, s[2], s[3], s[4]),
    });

    static Gen<WriterOptions> X12In(Gen<string?> charsets) =>
        from version in Gen.OneOf("00401", "00501", "00704")
        from charset in charsets
        from s in service
        from usual in Gen.Int[0, 3]
        from released in Gen.Bool
        from wide in Gen.Int[0, 9]
        from lineBreak in Gen.Enum<LineBreak>()
        let d = usual == 0 ? new Delimiters((byte)':', (byte)'*', 0, (byte)'?', (byte)'^', (byte)'~') : new(s[0], s[1], 0, s[2], s[3], s[4])
        let component = charset == "utf-8" && wide is 1 or 2 ? "\u00A6" : ""
        let terminator = charset == "utf-8" && wide is 2 or 3 ? "\u2028" : ""
        let options = new WriterOptions
        {
            Standard = Standard.X12,
            SyntaxVersion = version,
            Charset = charset,
            Delimiters = new(
                component.Length > 0 ? Encoding.UTF8.GetBytes(component)[^1] : d.Component, d.Element, (byte)'.', version == "00704" && released ? d.Release : (byte)0,
                version == "00401" ? (byte)0 : d.Repetition, terminator.Length > 0 ? Encoding.UTF8.GetBytes(terminator)[^1] : d.Terminator),
            ComponentLead = component.Length > 0 ? Encoding.UTF8.GetBytes(component).AsMemory()[..^1] : default(ReadOnlyMemory<byte>),
            TerminatorLead = terminator.Length > 0 ? Encoding.UTF8.GetBytes(terminator).AsMemory()[..^1] : default(ReadOnlyMemory<byte>),
            LineBreak = d.Terminator == '\n' && terminator.Length == 0 ? LineBreak.None : lineBreak,
        }
        where options.Fault() is null && HasItsRepetition(options)
        select options;

    /// <summary>A version that has repetitions and no separator for them is read with a warning.</summary>
    static bool HasItsRepetition(WriterOptions options) => options.SyntaxVersion is "1" or "2" or "3" or "00401" || options.Delimiters!.Value.Repetition != 0;

    /// <summary>Characters an interchange may hold, from the base library's own tables.</summary>
    public static Rune[] Alphabet(WriterOptions options)
    {
        var ascii = Enumerable.Range(0x20, 0x5F).Select(c => new Rune(c));
        if (options.Charset is null && options.Standard == Standard.Edifact && options.SyntaxIdentifier is "UNOA" or "UNOB" or "IATA" or "IATB")
        {
            // ISO 9735 5.1 and 5.2.
            const string capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>";
            var level = options.SyntaxIdentifier.EndsWith('A') ? capitals : capitals + "abcdefghijklmnopqrstuvwxyz";
            return [.. level.EnumerateRunes()];
        }
        if (options.Charset is null && options.Standard == Standard.X12)
            return [.. ascii];
        var encoding = EncodingOf(options);
        if (encoding is UTF8Encoding)
            return [.. ascii, .. "äşßŁЖ漢€\u00A0\u07FF\u0800\uFFFD\uD7FF😀𐍈".EnumerateRunes()];
        return
        [
            .. ascii,
            .. Enumerable.Range(0x80, 0x80).SelectMany(b => encoding.GetString([(byte)b]).EnumerateRunes())
                .Where(r => r.Value >= 0xA0 && r.Value != 0xFFFD && r.Value is < 0xE000 or > 0xF8FF).Distinct(),
        ];
    }

    /// <summary>The base library's own form of the character set.</summary>
    public static Encoding EncodingOf(WriterOptions options)
    {
        var name = options.Charset ?? (options.Standard == Standard.X12 ? "us-ascii" : identifiers[options.SyntaxIdentifier]);
        return name == "utf-8" ? Encoding.UTF8
            : Encoding.GetEncodings().FirstOrDefault(e => e.Name == name)?.GetEncoding() ?? CodePagesEncodingProvider.Instance.GetEncoding(name)!;
    }
}
