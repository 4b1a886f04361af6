using System.Globalization;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes 824: one transaction set for each document that was refused, one TED for each reason.</summary>
sealed class ApplicationAdvice(InterchangeVerdict verdict, AnswerForm form)
{
    const int TextCharsMax = 60;
    const int NoteCharsMax = 80;
    const int NotesMax = 100;
    const int NumberCharsMax = 30;
    const int ElementDigits = 2;

    // 647: another reason than those of the list; the words tell which.
    const string OtherReason = "024";

    readonly EdiWriter writer = form.Writer;

    /// <summary>Refused documents, those that may share a group together.</summary>
    public static List<List<Refusal>> Groups(InterchangeVerdict verdict) =>
        [.. verdict.Refusals.GroupBy(r => (r.Group?.Recipient, r.Group?.Sender, r.Group?.Version)).Select(group => group.ToList())];

    public byte[] Write()
    {
        var groups = 0;
        foreach (var refusals in Groups(verdict))
        {
            var info = refusals[0].Group!;
            form.BeginGroup("AG", info, info.Version);
            for (var i = 0; i < refusals.Count; i++)
                Set(refusals[i], $"{form.GroupReference(groups)}-{AnswerForm.Number(i + 1)}");
            writer.EndGroup();
            groups++;
        }
        return form.End();
    }

    void Set(Refusal refusal, string reference)
    {
        var (group, message) = (refusal.Group!, refusal.Message);
        writer.BeginMessage(new() { Type = "824" });
        writer.Write("BGN", "11", reference, form.Time.ToString("yyyyMMdd", CultureInfo.InvariantCulture), form.Time.ToString("HHmm", CultureInfo.InvariantCulture));
        // 110 = TR: set rejected. 128 = TN: a number of the transaction.
        writer.Write(
            "OTI", "TR", "TN", refusal.Number is { Length: > 0 and <= NumberCharsMax } number ? Clean(number) : message.Reference,
            Party(group.Sender), Party(group.Recipient), group.Date?.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? "", "",
            group.Reference, message.Reference, message.Type);
        foreach (var finding in refusal.Findings)
            Reason(finding);
        writer.EndMessage();
    }

    void Reason(Finding finding)
    {
        var words = Clean($"{finding.Code} {finding.Message}");
        var first = FreeText.Lines(words, TextCharsMax, most: 1);
        var tag = finding.Tag is { Length: 2 or 3 } known ? known : "";
        writer.Write(
            "TED", OtherReason, first[0], tag, finding.At.Segment > 0 ? AnswerForm.Place(finding.At.Segment) : "",
            finding.At.Element > 0 ? AnswerForm.Place(finding.At.Element, ElementDigits) : "");
        foreach (var note in FreeText.Lines(words[first[0].Length..], NoteCharsMax, NotesMax))
            writer.Write("NTE", "", note);
    }

    string Clean(string words) => FreeText.X12(words, form.Unicode);

    // 142 and 124 have two characters at least.
    static string Party(string code) => code.Length < 2 ? "" : code;
}
