using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;
using static DistributorHub.Edi.Acknowledge.AcknowledgementText;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes the envelopes of an answer: syntax and test flag of the interchange that is answered, parties swapped.</summary>
sealed class EdifactEnvelope
{
    readonly string controlReference;
    int messages, before;

    /// <summary>Begins the interchange.</summary>
    public EdifactEnvelope(InterchangeInfo inbound, string controlReference, DateTimeOffset time)
    {
        (this.controlReference, Time) = (controlReference, time);
        Version4 = inbound.SyntaxVersion.StartsWith('4');
        Unicode = inbound.SyntaxIdentifier is "UNOW" or "UNOX" or "UNOY";
        Text = new(Version4 ? Delimiters.LevelA4 : Delimiters.LevelA, Unicode ? Encoding.UTF8 : Encoding.Latin1);
        Text.Raw(Version4 ? "UNA:+.?*'" : "UNA:+.? '");
        Text.Segment(
            "UNB",
            Composite(inbound.SyntaxIdentifier, inbound.SyntaxVersion),
            Composite(inbound.Recipient.Id, inbound.Recipient.Qualifier),
            Composite(inbound.Sender.Id, inbound.Sender.Qualifier),
            Composite(time.ToString(Version4 ? "yyyyMMdd" : "yyMMdd", CultureInfo.InvariantCulture), time.ToString("HHmm", CultureInfo.InvariantCulture)),
            controlReference, "", "", "", "", "", inbound.Test ? "1" : "");
    }

    public AcknowledgementText Text { get; }

    public DateTimeOffset Time { get; }

    public bool Version4 { get; }

    /// <summary>True when the answer is written in UTF-8.</summary>
    public bool Unicode { get; }

    /// <summary>The reference of the interchange, which no other interchange of ours to this partner has.</summary>
    public string Reference => controlReference;

    /// <summary>Ordinal of the message that is being written.</summary>
    public int Message => messages;

    /// <param name="identifier">S009: type, version, release, agency, association.</param>
    public void BeginMessage(params string[] identifier)
    {
        before = Text.Segments;
        messages++;
        Text.Segment("UNH", Number(messages), Composite(identifier));
    }

    public void EndMessage() => Text.Segment("UNT", Number(Text.Segments - before + 1), Number(messages));

    public byte[] End()
    {
        Text.Segment("UNZ", Number(messages), controlReference);
        return Text.Bytes();
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
