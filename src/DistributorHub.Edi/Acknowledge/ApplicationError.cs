using System.Globalization;
using DistributorHub.Edi.Parse;
using static DistributorHub.Edi.Acknowledge.AcknowledgementText;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes APERAK D.96A: one message for each document that was refused, one ERC for each reason, under the hub's own codes.</summary>
sealed class ApplicationError(InterchangeVerdict verdict, EdifactEnvelope envelope)
{
    const int ReferenceCharsMax = 35;
    const int ErrorsMax = 999;
    const int LineCharsMax = 70;
    const int LinesMax = 5;

    // 3055: a code of the seller.
    const string OurCodes = "91";

    readonly AcknowledgementText text = envelope.Text;

    public byte[] Write()
    {
        foreach (var refusal in verdict.Refusals)
            Message(refusal);
        return envelope.End();
    }

    void Message(Refusal refusal)
    {
        envelope.BeginMessage("APERAK", "D", "96A", "UN");
        // 1225 = 11: a response. 4343 = RE: rejected.
        text.Segment("BGM", "", $"{envelope.Reference}-{envelope.Message}", "11", "RE");
        text.Segment("DTM", Composite("137", envelope.Time.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture), "203"));
        if (refusal.Number is { Length: > 0 and <= ReferenceCharsMax } number)
            text.Segment("RFF", Composite(Qualifier(refusal.Message.Type), Clean(number)));
        text.Segment("RFF", Composite("ACW", refusal.Message.Reference));
        if (verdict.Info.Recipient.Id is { Length: > 0 } us)
            text.Segment("NAD", "MS", Composite(us, "", Agency(verdict.Info.Recipient)));
        text.Segment("NAD", "MR", Composite(verdict.Info.Sender.Id, "", Agency(verdict.Info.Sender)));
        foreach (var finding in refusal.Findings.Take(ErrorsMax))
        {
            text.Segment("ERC", Composite(finding.Code, "", OurCodes));
            var place = finding.At.Segment > 0 ? $" (segment {EdifactEnvelope.Number(finding.At.Segment)}{(finding.Tag is null ? "" : $", {finding.Tag}")})" : "";
            text.Segment("FTX", "AAO", "", "", Composite([.. FreeText.Lines(Clean(finding.Message + place), LineCharsMax, LinesMax)]));
        }
        envelope.EndMessage();
    }

    string Clean(string words) => FreeText.Edifact(words, verdict.Info.SyntaxIdentifier);

    /// <summary>1153: what the number of the document is; ACW, a previous message, where the list has no word of its own.</summary>
    static string Qualifier(string type) => type switch
    {
        "ORDERS" or "ORDCHG" => "ON",
        "ORDRSP" => "POR",
        "INVOIC" => "IV",
        "DESADV" => "AAK",
        "PRICAT" => "PL",
        _ => "ACW",
    };

    /// <summary>3055: 9 is GS1, for parties that UNB names with a GLN.</summary>
    static string Agency(Party party) => party.Qualifier == "14" ? "9" : "";
}
