using System.Globalization;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using static DistributorHub.Edi.Acknowledge.AnswerElement;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes APERAK D.96A: one message for each document that was refused, one ERC for each reason, under the hub's own codes.</summary>
sealed class ApplicationError(InterchangeVerdict verdict, AnswerForm form)
{
    const int ReferenceCharsMax = 35;
    const int ErrorsMax = 999;
    const int LineCharsMax = 70;
    const int LinesMax = 5;

    // 3055: a code of the seller.
    const string OurCodes = "91";

    readonly EdiWriter writer = form.Writer;

    public byte[] Write()
    {
        for (var i = 0; i < verdict.Refusals.Count; i++)
            Message(verdict.Refusals[i], $"{form.Reference}-{AnswerForm.Number(i + 1)}");
        return form.End();
    }

    void Message(Refusal refusal, string number)
    {
        writer.BeginMessage(new() { Type = "APERAK", Version = "D", Release = "96A" });
        // 1225 = 11: a response. 4343 = RE: rejected.
        writer.Write("BGM", "", number, "11", "RE");
        writer.Write("DTM", Composite("137", form.Time.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture), "203"));
        if (refusal.Number is { Length: > 0 and <= ReferenceCharsMax } document)
            writer.Write("RFF", Composite(Qualifier(refusal.Message.Type), Clean(document)));
        writer.Write("RFF", Composite("ACW", refusal.Message.Reference));
        if (verdict.Info.Recipient.Id is { Length: > 0 } us)
            writer.Write("NAD", "MS", Composite(us, "", Agency(verdict.Info.Recipient)));
        writer.Write("NAD", "MR", Composite(verdict.Info.Sender.Id, "", Agency(verdict.Info.Sender)));
        foreach (var finding in refusal.Findings.Take(ErrorsMax))
        {
            writer.Write("ERC", Composite(finding.Code, "", OurCodes));
            var place = finding.At.Segment > 0 ? $" (segment {AnswerForm.Number(finding.At.Segment)}{(finding.Tag is null ? "" : $", {finding.Tag}")})" : "";
            if (FreeText.Lines(Clean(finding.Message + place), LineCharsMax, LinesMax) is { Count: > 0 } lines)
                writer.Write("FTX", "AAO", "", "", Composite([.. lines]));
        }
        writer.EndMessage();
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
