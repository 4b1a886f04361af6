using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// The answer to one interchange: what was found of it, ready to be written as CONTRL or 997 once a control reference is reserved.
/// Writing twice with the same reference and time gives the same bytes.
/// </summary>
public sealed class Acknowledgement
{
    internal Acknowledgement(InterchangeVerdict verdict) => Verdict = verdict;

    internal InterchangeVerdict Verdict { get; }

    /// <summary>The interchange that is answered.</summary>
    public InterchangeInfo Interchange => Verdict.Info;

    /// <summary>Type of the message that answers: <c>CONTRL</c> or <c>997</c>.</summary>
    public string Type => Interchange.Standard == Standard.X12 ? "997" : "CONTRL";

    /// <summary>Messages of the interchange that were accepted, with or without warnings.</summary>
    public int Accepted => Verdict.Accepted;

    /// <summary>Messages of the interchange that were rejected.</summary>
    public int Rejected => Verdict.Rejected;

    /// <summary>The whole interchange that carries the answer, envelope included.</summary>
    /// <param name="controlReference">Our own interchange control reference (UNB 0020; ISA13: one to nine digits).</param>
    /// <param name="time">Date and time of preparation, as written.</param>
    public byte[] Write(string controlReference, DateTimeOffset time) => Interchange.Standard == Standard.X12
        ? new X12Acknowledgement(Verdict, controlReference, time).Write()
        : new EdifactAcknowledgement(Verdict, controlReference, time).Write();
}
