using System.Buffers;
using System.Globalization;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// One answer on its way: an interchange in the syntax, version and character set of the one it answers, from its recipient to its sender.
/// EDIFACT gets the service characters of level A, X12 those it came with.
/// </summary>
sealed class AnswerForm : IDisposable
{
    const int SyntaxVersionCharsX12 = 5;

    readonly ArrayBufferWriter<byte> bytes = new();
    readonly Findings findings = new();
    readonly InterchangeInfo inbound;
    int groups;

    /// <summary>Begins the interchange.</summary>
    public AnswerForm(InterchangeInfo inbound, string reference, DateTimeOffset time)
    {
        (this.inbound, Reference, Time) = (inbound, reference, time);
        Writer = new(bytes, findings, Options());
        var x12 = inbound.Standard == Standard.X12;
        Writer.BeginInterchange(new()
        {
            Sender = x12 ? Fit(inbound.Recipient, 15, 2) : Fit(inbound.Recipient, 35, 4),
            Recipient = x12 ? Fit(inbound.Sender, 15, 2) : Fit(inbound.Sender, 35, 4),
            Reference = reference,
            Prepared = time.DateTime,
            Test = inbound.Test,
        });
    }

    public EdiWriter Writer { get; }

    public DateTimeOffset Time { get; }

    /// <summary>The reference of the interchange, which no other interchange of ours to this partner has.</summary>
    public string Reference { get; }

    /// <summary>True when the answer is written in UTF-8.</summary>
    public bool Unicode => inbound.Charset == Charset.Utf8.Name || inbound is { SyntaxIdentifier: "UNOX" } && inbound.Charset == Charset.Ascii.Name;

    WriterOptions Options()
    {
        var policy = new WriterOptions
        {
            Standard = inbound.Standard,
            Characters = CharacterPolicy.Substitute,
            DelimitersInValues = DelimiterPolicy.Substitute,
            // What the sender wrote of itself is repeated, small letters in level A too.
            Charset = Unicode ? "UTF-8" : inbound.Charset == Charset.Ascii.Name ? Charset.Latin1.Name : inbound.Charset,
        };
        if (inbound.Standard == Standard.Edifact)
            return policy with
            {
                SyntaxIdentifier = IsUnknown(inbound) ? policy.SyntaxIdentifier : inbound.SyntaxIdentifier,
                SyntaxVersion = inbound.SyntaxVersion is { Length: > 0 } version && version.All(char.IsAsciiLetterOrDigit) ? version : null,
                Una = true,
            };
        policy = policy with { SyntaxVersion = Finding.Cut(inbound.SyntaxVersion.PadLeft(SyntaxVersionCharsX12, '0'), SyntaxVersionCharsX12) };
        var own = policy.Like(inbound) with { SyntaxVersion = policy.SyntaxVersion, Charset = policy.Charset, LineBreak = LineBreak.None };
        own = own with { Delimiters = own.Service with { Repetition = Repetition(own) } };
        // Service characters that could be read and cannot be written: those of the standard then.
        return own.Fault() is null ? own : policy;
    }

    /// <summary>True for a syntax identifier that names no character set, where none was agreed on either.</summary>
    static bool IsUnknown(InterchangeInfo inbound) =>
        inbound.SyntaxIdentifier.Length == 0 || !inbound.SyntaxIdentifier.All(char.IsAsciiLetterOrDigit)
        || inbound.SyntaxIdentifier != "UNOX" && inbound.Charset == Charset.Ascii.Name && Charset.OfSyntax(inbound.SyntaxIdentifier) is null;

    /// <summary>ISA11 of the answer: from 00402 on a separator, even where the sender names none that can be one.</summary>
    static byte Repetition(WriterOptions own)
    {
        var d = own.Service;
        if (!X12Header.HasRepetition(own.Version))
            return 0;
        return d.Repetition != 0 ? d.Repetition : "^!|"u8.ToArray().First(c => c != d.Element && c != d.Component && c != d.Terminator);
    }

    /// <summary>Begins a group that answers one of theirs: its parties are swapped. Groups are numbered on from the interchange.</summary>
    /// <param name="code">GS01.</param>
    /// <param name="answered">The group that is answered; where it names no party or no version, the interchange does.</param>
    /// <param name="version">GS08.</param>
    public void BeginGroup(string code, GroupInfo answered, string version) => Writer.BeginGroup(new()
    {
        Code = code,
        Sender = new(Finding.Cut(answered.Recipient.Length > 0 ? answered.Recipient : inbound.Recipient.Id, 15), ""),
        Recipient = new(Finding.Cut(answered.Sender.Length > 0 ? answered.Sender : inbound.Sender.Id, 15), ""),
        Prepared = Time.DateTime,
        Reference = GroupReference(groups++),
        Agency = "X",
        Release = Finding.Cut(version.Length > 0 ? version : $"{inbound.SyntaxVersion}0", 12),
    });

    /// <summary>GS06 of the group with this index. After the last number of nine digits the count starts at 1 again.</summary>
    public string GroupReference(int index) =>
        Number((long.Parse(Reference, NumberStyles.None, CultureInfo.InvariantCulture) + index - 1) % 999_999_999 + 1);

    /// <summary>The whole interchange.</summary>
    public byte[] End()
    {
        Writer.EndInterchange();
        return findings.Errors == 0
            ? bytes.WrittenSpan.ToArray()
            : throw new InvalidOperationException($"An answer to interchange {inbound.Reference} could not be written: {findings.Kept.First(f => f.IsError).Message}");
    }

    public void Dispose() => Writer.Dispose();

    static Party Fit(Party party, int id, int qualifier) => new(Finding.Cut(party.Id, id), Finding.Cut(party.Qualifier, qualifier));

    /// <summary>Digits of the fields that say where a segment stands, or how many sets there are.</summary>
    const int CountDigits = 6;

    /// <summary>A place or a count as its field can say it: what has more digits than that is given as the largest that it has room for.</summary>
    public static string Place(int number, int digits = CountDigits) => Number(Math.Min(number, (long)Math.Pow(10, digits) - 1));

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
