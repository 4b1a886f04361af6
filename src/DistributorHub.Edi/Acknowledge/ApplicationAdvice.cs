using System.Globalization;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes 824: one transaction set for each document that was refused, one TED for each reason.</summary>
sealed class ApplicationAdvice(InterchangeVerdict verdict, X12Envelope envelope)
{
    const int TextCharsMax = 60;
    const int NoteCharsMax = 80;
    const int NotesMax = 100;
    const int NumberCharsMax = 30;

    // 647: another reason than those of the list; the words tell which.
    const string OtherReason = "024";

    readonly AcknowledgementText text = envelope.Text;

    /// <summary>Refused documents, those that may share a group together.</summary>
    public static List<List<Refusal>> Groups(InterchangeVerdict verdict) =>
        [.. verdict.Refusals.GroupBy(r => (r.Group?.Recipient, r.Group?.Sender, r.Group?.Version)).Select(group => group.ToList())];

    public byte[] Write()
    {
        var groups = 0;
        foreach (var refusals in Groups(verdict))
        {
            var info = refusals[0].Group!;
            envelope.BeginGroup("AG", info, info.Version);
            for (var i = 0; i < refusals.Count; i++)
                Set(refusals[i], $"{envelope.Reference(groups)}-{X12Envelope.Number(i + 1)}");
            envelope.EndGroup();
            groups++;
        }
        return envelope.End();
    }

    void Set(Refusal refusal, string reference)
    {
        var (group, message) = (refusal.Group!, refusal.Message);
        envelope.BeginSet("824");
        text.Segment("BGN", "11", reference, envelope.Date, envelope.Time);
        // 110 = TR: set rejected. 128 = TN: a number of the transaction.
        text.Segment(
            "OTI", "TR", "TN", refusal.Number is { Length: > 0 and <= NumberCharsMax } number ? Clean(number) : message.Reference,
            Party(group.Sender), Party(group.Recipient), group.Date?.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? "", "",
            group.Reference, message.Reference, message.Type);
        foreach (var finding in refusal.Findings)
            Reason(finding);
        envelope.EndSet();
    }

    void Reason(Finding finding)
    {
        var words = Clean($"{finding.Code} {finding.Message}");
        var first = FreeText.Lines(words, TextCharsMax, most: 1);
        var tag = finding.Tag is { Length: 2 or 3 } known ? known : "";
        text.Segment(
            "TED", OtherReason, first[0], tag, finding.At.Segment > 0 ? X12Envelope.Number(finding.At.Segment) : "",
            finding.At.Element > 0 ? X12Envelope.Number(finding.At.Element) : "");
        foreach (var note in FreeText.Lines(words[first[0].Length..], NoteCharsMax, NotesMax))
            text.Segment("NTE", "", note);
    }

    string Clean(string words) => FreeText.X12(words, envelope.Unicode);

    // 142 and 124 have two characters at least.
    static string Party(string code) => code.Length < 2 ? "" : code;
}
