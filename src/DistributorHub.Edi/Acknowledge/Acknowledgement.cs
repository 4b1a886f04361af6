using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>What an answer speaks of.</summary>
public enum AcknowledgementKind
{
    /// <summary>The envelope of an X12 interchange: TA1.</summary>
    Technical,

    /// <summary>The syntax of its messages: CONTRL, 997, 999.</summary>
    Functional,

    /// <summary>Documents the application refused: APERAK, 824.</summary>
    Business,
}

/// <summary>
/// One answer to one interchange: what was found of it, ready to be written once a control reference is reserved.
/// Writing twice with the same reference and time gives the same bytes.
/// </summary>
public sealed class Acknowledgement
{
    readonly AcknowledgementOptions options;

    internal Acknowledgement(AcknowledgementKind kind, InterchangeVerdict verdict, AcknowledgementOptions options) =>
        (Kind, Verdict, this.options) = (kind, verdict, options);

    internal InterchangeVerdict Verdict { get; }

    /// <summary>What the answer speaks of.</summary>
    public AcknowledgementKind Kind { get; }

    /// <summary>The interchange that is answered.</summary>
    public InterchangeInfo Interchange => Verdict.Info;

    bool X12 => Interchange.Standard == Standard.X12;

    /// <summary>Type of the message that answers, such as <c>CONTRL</c> or <c>997</c>; where groups get 997 and 999, that of the first.</summary>
    public string Type => (Kind, X12) switch
    {
        (AcknowledgementKind.Technical, _) => "TA1",
        (AcknowledgementKind.Functional, true) => X12Acknowledgement.SetFor(Verdict.Groups[0], options),
        (AcknowledgementKind.Functional, false) => "CONTRL",
        (_, true) => "824",
        _ => "APERAK",
    };

    /// <summary>Messages of the interchange that were accepted, with or without warnings.</summary>
    public int Accepted => Verdict.Accepted;

    /// <summary>Messages of the interchange that were rejected.</summary>
    public int Rejected => Verdict.Rejected;

    /// <summary>
    /// Control references the answer needs, from the one it is written with upwards: X12 groups each need one (GS06) that the next
    /// interchange must not use again.
    /// </summary>
    public int References => (Kind, X12) switch
    {
        (AcknowledgementKind.Functional, true) => X12Acknowledgement.Groups(Verdict, options).Count,
        (AcknowledgementKind.Business, true) => ApplicationAdvice.Groups(Verdict).Count,
        _ => 1,
    };

    /// <summary>The whole interchange that carries the answer, envelope included.</summary>
    /// <param name="controlReference">Our own interchange control reference (UNB 0020; ISA13: one to nine digits).</param>
    /// <param name="time">Date and time of preparation, as written.</param>
    public byte[] Write(string controlReference, DateTimeOffset time)
    {
        using var form = new AnswerForm(Interchange, controlReference, time);
        return (Kind, X12) switch
        {
            (AcknowledgementKind.Technical, _) => InterchangeAcknowledgement.Write(Verdict, form),
            (AcknowledgementKind.Functional, true) => new X12Acknowledgement(Verdict, options, form).Write(),
            (AcknowledgementKind.Functional, false) => new EdifactAcknowledgement(Verdict, options, form).Write(),
            (_, true) => new ApplicationAdvice(Verdict, form).Write(),
            _ => new ApplicationError(Verdict, form).Write(),
        };
    }
}
