using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes the envelopes of an answer: delimiters, version and test flag of the interchange that is answered, parties swapped.</summary>
sealed class X12Envelope
{
    readonly InterchangeInfo inbound;
    readonly long control;
    readonly DateTimeOffset time;
    int groups, sets, before;
    string reference = "";

    /// <summary>Begins the interchange.</summary>
    public X12Envelope(InterchangeInfo inbound, long control, DateTimeOffset time)
    {
        (this.inbound, this.control, this.time) = (inbound, control, time);
        Unicode = inbound.Charset.StartsWith("UTF", StringComparison.OrdinalIgnoreCase);
        Text = new(inbound.Delimiters, Unicode ? Encoding.UTF8 : Encoding.Latin1, inbound.ComponentLead, inbound.TerminatorLead);
        Header();
    }

    public AcknowledgementText Text { get; }

    /// <summary>True when the answer is written in UTF-8.</summary>
    public bool Unicode { get; }

    public string Reference(int group) => Number((control + group - 1) % 999_999_999 + 1);

    public string Date => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public string Time => time.ToString("HHmm", CultureInfo.InvariantCulture);

    string Control => control.ToString("D9", CultureInfo.InvariantCulture);

    /// <summary>ISA has fixed widths, so it is laid out by hand.</summary>
    void Header()
    {
        var separator = (char)inbound.Delimiters.Element;
        var repetition = inbound.Delimiters.Repetition == 0 ? 'U' : (char)inbound.Delimiters.Repetition;
        string[] elements =
        [
            "ISA", "00", new(' ', 10), "00", new(' ', 10),
            inbound.Recipient.Qualifier.PadRight(2), inbound.Recipient.Id.PadRight(15),
            inbound.Sender.Qualifier.PadRight(2), inbound.Sender.Id.PadRight(15),
            time.ToString("yyMMdd", CultureInfo.InvariantCulture), Time,
            repetition.ToString(), inbound.SyntaxVersion.PadLeft(5, '0'), Control, "0", inbound.Test ? "T" : "P", "",
        ];
        Text.Raw(string.Join(separator, elements));
        Text.EndHeader();
    }

    /// <param name="code">GS01.</param>
    /// <param name="answered">The group that is answered: its parties are swapped.</param>
    /// <param name="version">GS08.</param>
    public void BeginGroup(string code, GroupInfo answered, string version)
    {
        reference = Reference(groups++);
        sets = 0;
        Text.Segment("GS", code, answered.Recipient, answered.Sender, Date, Time, reference, "X", version);
    }

    /// <param name="type">ST01.</param>
    /// <param name="implementation">ST03, or empty.</param>
    public void BeginSet(string type, string implementation = "")
    {
        before = Text.Segments;
        sets++;
        Text.Segment("ST", type, SetReference, implementation);
    }

    public void EndSet() => Text.Segment("SE", Number(Text.Segments - before + 1), SetReference);

    public void EndGroup() => Text.Segment("GE", Number(sets), reference);

    public byte[] End()
    {
        Text.Segment("IEA", Number(groups), Control);
        return Text.Bytes();
    }

    string SetReference => sets.ToString("0000", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
