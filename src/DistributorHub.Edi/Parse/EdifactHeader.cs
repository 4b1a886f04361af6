using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>Recognises UNA and UNB (ISO 9735-1), and messages that come without them.</summary>
static class EdifactHeader
{
    /// <summary>UNA and its six service characters: its length is fixed, so it can be read before any rule is known.</summary>
    const int UnaLength = 9;

    /// <summary>ISO 9735 level B: the separators are the control characters IS1, IS3 and IS4.</summary>
    public static Delimiters LevelB { get; } = new(0x1F, 0x1D, (byte)'.', 0, 0, 0x1C);

    public static Header? Recognise(ReadOnlySpan<byte> text, bool strict)
    {
        if (text.StartsWith("UNA"u8))
            return text.Length < UnaLength ? null : WithUna(text, strict);
        if (text.Length < 5)
            return null;
        var separator = text[3];
        if (text.StartsWith("UNB"u8))
            return WithoutUna(text, separator, strict);
        if (!strict && separator == (byte)'+' && (text.StartsWith("UNH"u8) || text.StartsWith("UNG"u8)))
            return new() { Standard = Standard.Edifact, Delimiters = Delimiters.LevelA4, Implied = true };
        return null;
    }

    static Header? WithUna(ReadOnlySpan<byte> text, bool strict)
    {
        var service = text[3..UnaLength];
        var prefix = UnaLength;
        while (prefix < text.Length && text[prefix] is (byte)'\r' or (byte)'\n' or (byte)' ')
            prefix++;
        var rest = text[prefix..];
        if (rest.StartsWith("UNB"u8) && rest.Length < 5)
            return null;
        if (!rest.StartsWith("UNB"u8))
        {
            if (strict || rest.Length < 4 || !Header.IsLetterOrDigit(rest[0]))
                return null;
            return Build(text, service, prefix, rest, implied: true);
        }
        return Build(text, service, prefix, rest, implied: false);
    }

    static Header Build(ReadOnlySpan<byte> text, ReadOnlySpan<byte> service, int prefix, ReadOnlySpan<byte> rest, bool implied)
    {
        var announced = new Delimiters(service[0], service[1], service[2], Used(service[3]), Used(service[4]), service[5]);
        var (identifier, version) = implied ? ("", "") : Syntax(rest, announced);
        var four = IsFour(version);
        var usable = Usable(announced, service[4]);
        var header = new Header
        {
            Standard = Standard.Edifact,
            Delimiters = usable ? announced : announced with { Repetition = 0 },
            Prefix = prefix,
            Implied = implied,
            SyntaxIdentifier = identifier,
            SyntaxVersion = version,
            Repeats = four && usable && announced.Repetition != 0,
        };
        Check(header, announced, text, rest, implied);
        if (four && !header.Repeats)
            header.Faults.Add(new(Codes.RepetitionUnusable, Severity.Warning,
                "UNA names no repetition separator although syntax version 4 has one, so no value is split into repetitions.",
                "Ask the partner to write * as the fifth character of UNA, or to declare syntax version 3.",
                Header.Show(service[4]), "*", "16"));
        return header;
    }

    static void Check(Header header, Delimiters announced, ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, bool implied)
    {
        if (!Possible(announced))
            header.Faults.Add(new(Codes.ServiceCharactersInvalid, Severity.Fatal,
                $"UNA announces the service characters {Header.Show(text[3..UnaLength])}, which cannot be told apart from each other or from data.",
                "Ask the partner to send UNA:+.? ' or to leave UNA out.", Header.Show(text[3..UnaLength]), ":+.? '", "22"));
        else if (!implied && rest.Length > 3 && rest[3] != announced.Element)
            header.Faults.Add(new(Codes.ServiceCharactersInvalid, Severity.Fatal,
                $"UNA announces {Header.Show(announced.Element)} as element separator, but UNB is written with {Header.Show(rest[3])}.",
                "Ask the partner to make UNA and UNB agree.", Header.Show(rest[3]), Header.Show(announced.Element), "22"));
    }

    static Header? WithoutUna(ReadOnlySpan<byte> text, byte separator, bool strict)
    {
        if (separator != (byte)'+' && separator != 0x1D)
        {
            if (Header.IsLetterOrDigit(separator) || !text[4..].StartsWith("UNO"u8))
                return null;
            var unannounced = new Header { Standard = Standard.Edifact, Delimiters = Delimiters.LevelA with { Element = separator } };
            var component = text.Length > 8 ? Header.Show(text[8]) : "";
            unannounced.Faults.Add(new(Codes.SeparatorsNotAnnounced, Severity.Fatal,
                $"UNB is written with the separators {Header.Show(separator)} and {component}, but no UNA announces them.",
                "Ask the partner to send a UNA in front of UNB, or to use the standard separators + and :.",
                Header.Show(separator), "+", "22"));
            return unannounced;
        }
        var delimiters = separator == 0x1D ? LevelB : Delimiters.LevelA;
        var (identifier, version) = Syntax(text, separator == 0x1D ? LevelB : Delimiters.LevelA4);
        if (strict && identifier.Length != 4)
            return null;
        var four = separator == (byte)'+' && IsFour(version);
        if (four)
            delimiters = Delimiters.LevelA4;
        var guessed = separator == (byte)'+' && EndsWithLineBreak(text);
        var header = new Header
        {
            Standard = Standard.Edifact,
            Delimiters = guessed ? delimiters with { Terminator = (byte)'\n' } : delimiters,
            SyntaxIdentifier = identifier,
            SyntaxVersion = version,
            Repeats = four,
        };
        if (guessed)
            header.Faults.Add(new(Codes.TerminatorGuessed, Severity.Warning,
                "Every segment ends with a line break instead of ', and no UNA announces that; the file is read with line breaks as terminators.",
                "Ask the partner to end segments with ' or to send a UNA.", "line break", "'", "22"));
        return header;
    }

    /// <summary>True when UNB runs into the next header over a line break, with no terminator in between.</summary>
    static bool EndsWithLineBreak(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var terminator = text.IndexOf((byte)'\'');
        if (end < 0 || terminator >= 0 && terminator < end)
            return false;
        var next = text[(end + 1)..];
        return next.StartsWith("UNH+"u8) || next.StartsWith("UNG+"u8);
    }

    /// <summary>UNB S001: read as ASCII whatever the rest is, because it says what the rest is.</summary>
    static (string Identifier, string Version) Syntax(ReadOnlySpan<byte> unb, Delimiters delimiters)
    {
        // The version tells whether there are repetitions, so a line break that would separate them is left in until then.
        var repetition = Usable(delimiters, delimiters.Repetition) ? delimiters.Repetition : delimiters.Component;
        Span<byte> clean = stackalloc byte[32];
        var length = 0;
        foreach (var character in unb[4..Math.Min(unb.Length, 40)])
            if ((!IsLineBreak(character) || IsDelimiter(character, delimiters) || character == repetition) && length < clean.Length)
                clean[length++] = character;
        var composite = clean[..length];
        var end = composite.IndexOfAny(delimiters.Element, delimiters.Terminator);
        if (end >= 0)
            composite = composite[..end];
        var colon = composite.IndexOf(delimiters.Component);
        if (colon < 0)
            return (Unwrapped(composite), "");
        var version = composite[(colon + 1)..];
        end = !version.IsEmpty && IsFour((char)version[0]) ? version.IndexOfAny(delimiters.Component, repetition) : version.IndexOf(delimiters.Component);
        return (Unwrapped(composite[..colon]), Unwrapped(end < 0 ? version : version[..end]));
    }

    static string Unwrapped(ReadOnlySpan<byte> text) =>
        Encoding.ASCII.GetString(text).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    static bool IsLineBreak(byte character) => character is (byte)'\r' or (byte)'\n';

    static bool IsDelimiter(byte character, Delimiters d) => character == d.Terminator || character == d.Element || character == d.Component;

    /// <summary>Versions 1 to 3 and the profile X of ISO 9735-11 have no repetition separator.</summary>
    internal static bool IsFour(string version) => version.Length > 0 && IsFour(version[0]);

    static bool IsFour(char first) => first is >= '4' and <= '9';

    static byte Used(byte character) => character == (byte)' ' ? (byte)0 : character;

    static bool Usable(Delimiters d, byte repetition) =>
        !Header.IsLetterOrDigit(repetition) && repetition != d.Component && repetition != d.Element
        && repetition != d.Terminator && repetition != d.Release;

    static bool Possible(Delimiters d) =>
        d.Component != d.Element && d.Component != d.Terminator && d.Element != d.Terminator
        && d.Release != d.Component && d.Release != d.Element && d.Release != d.Terminator
        && !Header.IsLetterOrDigit(d.Component) && !Header.IsLetterOrDigit(d.Element) && !Header.IsLetterOrDigit(d.Terminator)
        && !Header.IsLetterOrDigit(d.Release)
        && d.Component is not (0 or (byte)' ') && d.Element is not (0 or (byte)' ') && d.Terminator is not (0 or (byte)' ');
}
