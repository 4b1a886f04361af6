using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>A fault found while the start of an interchange was recognised.</summary>
readonly record struct HeaderFault(
    string Code, Severity Severity, string Message, string? Advice = null, string? Found = null, string? Expected = null, string? Acknowledgement = null);

/// <summary>What the first bytes of an interchange say about how to read the rest.</summary>
sealed record Header
{
    public required Standard Standard { get; init; }

    public required Delimiters Delimiters { get; init; }

    /// <summary>Bytes from the start of UNA to the start of the first segment; 0 without UNA.</summary>
    public int Prefix { get; init; }

    /// <summary>Bytes of the ISA segment without its terminator.</summary>
    public int Length { get; init; }

    /// <summary>True when messages start without UNB or ISA.</summary>
    public bool Implied { get; init; }

    public string SyntaxIdentifier { get; init; } = "";

    public string SyntaxVersion { get; init; } = "";

    /// <summary>True when values are split at the repetition separator: EDIFACT from syntax 4, X12 from 00402.</summary>
    public bool Repeats { get; init; }

    /// <summary>The bytes before the last one, where the terminator is a character of several UTF-8 bytes.</summary>
    public byte[] TerminatorLead { get; init; } = [];

    public byte[] ComponentLead { get; init; } = [];

    public List<HeaderFault> Faults { get; } = [];

    /// <summary>True for a character that is a delimiter or the release character here; of delimiters of several bytes, for the last.</summary>
    public bool IsService(byte character) =>
        character == Delimiters.Terminator || character == Delimiters.Element || character == Delimiters.Component
        || (Repeats && character == Delimiters.Repetition) || (Delimiters.Release != 0 && character == Delimiters.Release);

    /// <summary>True when nothing after this header can be read.</summary>
    public bool Unreadable => Faults.Any(f => f.Severity == Severity.Fatal);

    /// <summary>Most bytes that are looked at to recognise a header.</summary>
    public const int LookAhead = 1024;

    /// <summary>Recognises the start of an interchange in the bytes at hand, or returns null.</summary>
    /// <param name="text">At least <see cref="LookAhead"/> bytes, or all that are left.</param>
    /// <param name="strict">True where the bytes are not known to start a segment: only what can be nothing else is accepted.</param>
    public static Header? Recognise(ReadOnlySpan<byte> text, bool strict)
    {
        if (text.StartsWith("UN"u8))
            return EdifactHeader.Recognise(text, strict);
        if (text.StartsWith("ISA"u8) || !strict && (text.StartsWith("GS"u8) || text.StartsWith("ST"u8)))
            return X12Header.Recognise(text);
        return null;
    }

    internal static bool IsLetterOrDigit(byte character) => char.IsAsciiLetterOrDigit((char)character);

    internal static string Show(byte character) => character is > 0x20 and < 0x7F
        ? ((char)character).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"0x{character:X2}");

    internal static string Show(ReadOnlySpan<byte> characters)
    {
        var text = new StringBuilder();
        foreach (var character in characters)
            text.Append(Show(character));
        return text.ToString();
    }
}
