namespace DistributorHub.Edi.Parse;

/// <summary>What a file is written in: the two families of EDI syntax, and what has no envelope.</summary>
public enum Standard
{
    /// <summary>UN/EDIFACT, ISO 9735.</summary>
    Edifact,
    /// <summary>ASC X12.</summary>
    X12,
    /// <summary>Records of separated values. <see cref="EdiReader"/> does not read them.</summary>
    Csv,
    /// <summary>XML. <see cref="EdiReader"/> does not read it.</summary>
    Xml,
}

/// <summary>Names of the standards.</summary>
public static class StandardNames
{
    /// <summary>The standard as people and scripts know it.</summary>
    public static string Name(this Standard standard) => standard == Standard.Edifact ? "EDIFACT" : standard.ToString().ToUpperInvariant();
}

/// <summary>What stands between two segments.</summary>
public enum LineBreak
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>U+000A.</summary>
    LineFeed,
    /// <summary>U+000D.</summary>
    CarriageReturn,
    /// <summary>Both, U+000D first.</summary>
    CarriageReturnLineFeed,
}

/// <summary>
/// The service characters of one interchange. A zero byte means "not in use".
/// Of a character of several bytes, the last byte stands here.
/// </summary>
/// <param name="Repetition">The repetition separator as announced; values are split at it from EDIFACT syntax 4 and X12 00402 on.</param>
public readonly record struct Delimiters(
    byte Component, byte Element, byte Decimal, byte Release, byte Repetition, byte Terminator)
{
    /// <summary>ISO 9735 level A: <c>:+.?'</c> without repetition.</summary>
    public static Delimiters LevelA { get; } = new((byte)':', (byte)'+', (byte)'.', (byte)'?', 0, (byte)'\'');

    /// <summary>ISO 9735 level A in syntax version 4, where <c>*</c> repeats.</summary>
    public static Delimiters LevelA4 { get; } = LevelA with { Repetition = (byte)'*' };
}

/// <summary>One side of an interchange: UNB S002/S003, or ISA05-08.</summary>
/// <param name="Id">Identification, without trailing blanks.</param>
/// <param name="Qualifier">Qualifier (0007, ISA05/07), or empty.</param>
public readonly record struct Party(string Id, string Qualifier);

/// <summary>What UNB..UNZ or ISA..IEA says of itself.</summary>
public sealed class InterchangeInfo
{
    /// <summary>Ordinal in the file, from 1.</summary>
    public int Ordinal { get; init; }

    /// <summary>The standard it is written in.</summary>
    public Standard Standard { get; init; }

    /// <summary>UNB 0001 such as <c>UNOC</c>; empty for X12.</summary>
    public string SyntaxIdentifier { get; init; } = "";

    /// <summary>UNB 0002 such as <c>3</c>; ISA12 such as <c>00401</c> for X12.</summary>
    public string SyntaxVersion { get; init; } = "";

    /// <summary>Who sent it: UNB S002, ISA05 and 06.</summary>
    public Party Sender { get; init; }

    /// <summary>Whom it is for: UNB S003, ISA07 and 08.</summary>
    public Party Recipient { get; init; }

    /// <summary>Date of preparation; null when absent or unreadable.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Time of preparation; null when absent or unreadable.</summary>
    public TimeOnly? Time { get; init; }

    /// <summary>ISA09 and ISA10 as they stand there, which an answer repeats; empty for EDIFACT.</summary>
    internal (string Date, string Time) Prepared { get; init; } = ("", "");

    /// <summary>Interchange control reference: UNB 0020, ISA13.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Application reference: UNB 0026; empty for X12.</summary>
    public string ApplicationReference { get; init; } = "";

    /// <summary>True when the sender asks for an acknowledgement: UNB 0031 = 1, ISA14 = 1.</summary>
    public bool AcknowledgementRequested { get; init; }

    /// <summary>True for a test interchange: UNB 0035 = 1, ISA15 = T.</summary>
    public bool Test { get; init; }

    /// <summary>The service characters in use.</summary>
    public Delimiters Delimiters { get; init; }

    /// <summary>The bytes before <see cref="Delimiters.Terminator"/>, where the terminator is a character of several bytes; else none.</summary>
    public ReadOnlyMemory<byte> TerminatorLead { get; init; }

    /// <summary>The same for <see cref="Delimiters.Component"/>.</summary>
    public ReadOnlyMemory<byte> ComponentLead { get; init; }

    /// <summary>
    /// True when comma and point both mark decimals: in EDIFACT unless a UNA chose one (ISO 9735 10.1), and in syntax version 4 even
    /// then (ISO 9735-1:2002 no longer reads UNA's mark).
    /// </summary>
    public bool EitherDecimalMark { get; init; }

    /// <summary>Name of the character set the text was decoded with, such as <c>ISO-8859-1</c>.</summary>
    public string Charset { get; init; } = "";

    /// <summary>True when a UNA announced the service characters.</summary>
    public bool HasUna { get; init; }

    /// <summary>The line break behind UNB or ISA; nearly always the one behind every segment.</summary>
    public LineBreak LineBreak { get; init; }

    /// <summary>Byte offset of UNA, UNB or ISA in the file.</summary>
    public long Offset { get; init; }

    /// <summary>Segments from UNB to UNZ or ISA to IEA, without UNA; final once the interchange has ended.</summary>
    public int Segments { get; set; }

    /// <summary>Groups seen so far.</summary>
    public int Groups { get; set; }

    /// <summary>Messages seen so far.</summary>
    public int Messages { get; set; }

    /// <summary>True once a TA1 was seen, which is about an interchange of the other direction.</summary>
    public bool HasAcknowledgement { get; set; }
}

/// <summary>What UNG..UNE or GS..GE says of itself.</summary>
public sealed class GroupInfo
{
    /// <summary>Ordinal in its interchange, from 1.</summary>
    public int Ordinal { get; init; }

    /// <summary>UNG 0038 such as <c>ORDERS</c>, or GS01 such as <c>PO</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>Sender of the group: UNG S006, GS02.</summary>
    public string Sender { get; init; } = "";

    /// <summary>Recipient of the group: UNG S007, GS03.</summary>
    public string Recipient { get; init; } = "";

    /// <summary>Date of preparation; null when absent or unreadable.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Group control reference: UNG 0048, GS06.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Controlling agency: UNG 0051 such as <c>UN</c>, or GS07 such as <c>X</c>.</summary>
    public string Agency { get; init; } = "";

    /// <summary>UNG S008 as <c>D.96A</c>, or GS08 such as <c>004010</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Messages seen so far.</summary>
    public int Messages { get; set; }
}

/// <summary>What UNH..UNT or ST..SE says of itself.</summary>
public sealed class MessageInfo
{
    /// <summary>Ordinal in the file, from 1.</summary>
    public int Ordinal { get; init; }

    /// <summary>UNH 0065 such as <c>ORDERS</c>, or ST01 such as <c>850</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>UNH 0052 such as <c>D</c>; empty for X12.</summary>
    public string Version { get; init; } = "";

    /// <summary>UNH 0054 such as <c>96A</c>; GS08 (or ST03) such as <c>004010</c> for X12.</summary>
    public string Release { get; init; } = "";

    /// <summary>Controlling agency: UNH 0051 such as <c>UN</c>; GS07 such as <c>X</c>.</summary>
    public string Agency { get; init; } = "";

    /// <summary>Association assigned code: UNH 0057 such as <c>EAN008</c>; empty for X12.</summary>
    public string Association { get; init; } = "";

    /// <summary>Message reference: UNH 0062, ST02.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Byte offset of UNH or ST in the file.</summary>
    public long Offset { get; init; }

    /// <summary>
    /// The finding in the header of its group or interchange that the partner's <see cref="Leniency"/> refuses, and for which the message is to be
    /// rejected; null = none.
    /// </summary>
    public Finding? Refused { get; internal set; }

    /// <summary>Segments including header and trailer; final once the message has ended.</summary>
    public int Segments { get; set; }

    /// <summary>Release as definitions and maps name it: <c>D.96A</c> or <c>004010</c>.</summary>
    public string FullRelease => Version.Length == 0 ? Release : $"{Version}.{Release}";

    /// <summary>The same for who keeps many: without what is longer than an answer repeats of it.</summary>
    internal MessageInfo Brief()
    {
        const int most = Limits.RepeatedCharsMax;
        return Math.Max(Math.Max(Math.Max(Type.Length, Version.Length), Math.Max(Release.Length, Agency.Length)), Math.Max(Association.Length, Reference.Length)) <= most ? this : new()
        {
            Ordinal = Ordinal,
            Type = Finding.Cut(Type, most),
            Version = Finding.Cut(Version, most),
            Release = Finding.Cut(Release, most),
            Agency = Finding.Cut(Agency, most),
            Association = Finding.Cut(Association, most),
            Reference = Finding.Cut(Reference, most),
            Offset = Offset,
            Refused = Refused,
            Segments = Segments,
        };
    }
}
