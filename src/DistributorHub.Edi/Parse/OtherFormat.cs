using System.Text;

namespace DistributorHub.Edi.Parse;

/// <summary>A file that is something else than EDI, told by its first bytes.</summary>
/// <param name="Name">With its article, for a sentence.</param>
/// <param name="Advice">What to do about it.</param>
sealed record OtherFormat(string Name, string Advice)
{
    const string Unpack = "Unpack it, or ask the partner to send the EDI file itself.";
    const string Decrypt = "Decrypt it before it is put here, or ask the partner to send the EDI file itself.";
    const string Document = "Ask the partner for the EDI file: this one is made for people to look at.";
    const string OtherData = "Ask the partner for EDIFACT or X12: this is data in another form.";
    const string Mail = "Take the EDI file out of the message it was sent in, or ask the partner to send the file alone.";
    const string Wrong = "Ask the partner which file they meant to send.";

    const int TarMark = 257;
    const int LongestText = 16;

    // Longer beginnings before shorter ones that they begin with.
    static readonly (byte[] Bytes, OtherFormat Format)[] binary =
    [
        ([0x50, 0x4B, 0x03, 0x04], new("a ZIP archive (or an Excel or Word file, which is one)", Unpack)),
        ([0x50, 0x4B, 0x05, 0x06], new("an empty ZIP archive", Wrong)),
        ([0x1F, 0x8B], new("a gzip archive", Unpack)),
        ([0x42, 0x5A, 0x68], new("a bzip2 archive", Unpack)),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], new("an xz archive", Unpack)),
        ([0x28, 0xB5, 0x2F, 0xFD], new("a Zstandard archive", Unpack)),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], new("a 7-Zip archive", Unpack)),
        ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], new("a RAR archive", Unpack)),
        ([0x89, 0x50, 0x4E, 0x47], new("a PNG picture", Document)),
        ([0xFF, 0xD8, 0xFF], new("a JPEG picture", Document)),
        ([0x47, 0x49, 0x46, 0x38], new("a GIF picture", Document)),
        ([0x49, 0x49, 0x2A, 0x00], new("a TIFF picture", Document)),
        ([0x4D, 0x4D, 0x00, 0x2A], new("a TIFF picture", Document)),
        ([0xD0, 0xCF, 0x11, 0xE0], new("an old Excel, Word or Outlook file", Document)),
        ([0x4D, 0x5A, 0x90, 0x00], new("a Windows program", Wrong)),
        ([0x7F, 0x45, 0x4C, 0x46], new("a Linux program", Wrong)),
    ];

    // Upper and lower case alike, and behind blanks.
    static readonly (string Text, OtherFormat Format)[] text =
    [
        ("%PDF-", new("a PDF document", Document)),
        ("{\\rtf", new("an RTF document", Document)),
        ("<!DOCTYPE html", new("an HTML page", Document)),
        ("<html", new("an HTML page", Document)),
        ("<?xml", new("an XML file", OtherData)),
        ("<", new("an XML or HTML file", OtherData)),
        ("{", new("a JSON file", OtherData)),
        ("[", new("a JSON file", OtherData)),
        ("-----BEGIN PGP", new("a file encrypted or signed with PGP", Decrypt)),
        ("-----BEGIN ", new("a key, a certificate or an encrypted message (PEM)", Decrypt)),
        ("MIME-Version:", new("an e-mail message (MIME)", Mail)),
        ("Content-Type:", new("an e-mail message (MIME)", Mail)),
        ("Received:", new("an e-mail message", Mail)),
        ("Return-Path:", new("an e-mail message", Mail)),
        ("EDI_DC40", new("an IDoc of SAP", OtherData)),
        ("STX=", new("a TRADACOMS file", OtherData)),
        ("MSH|", new("an HL7 message", OtherData)),
        ("UIB+", new("an interactive EDIFACT interchange (UIB), a dialogue between two programs", "Ask the partner for batch interchanges, which start with UNB.")),
    ];

    /// <summary>What a file is by its first bytes, or null when that is not known.</summary>
    public static OtherFormat? Of(ReadOnlySpan<byte> file)
    {
        foreach (var (bytes, format) in binary)
            if (file.StartsWith(bytes))
                return format;
        if (file.Length > TarMark && file[TarMark..].StartsWith("ustar"u8))
            return new("a tar archive", Unpack);
        if (file.StartsWith("\uFEFF"u8))
            file = file[3..];
        file = file.TrimStart(" \t\r\n"u8);
        var beginning = Encoding.Latin1.GetString(file[..Math.Min(file.Length, LongestText)]);
        foreach (var (start, format) in text)
            if (beginning.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return format;
        return null;
    }
}
