using System.Globalization;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes TA1. R tells the sender that nothing of the interchange was taken, E that it must not be sent again although an error was noted:
/// so an interchange of which sets were accepted gets E, whatever is wrong with it, and 997 or 999 says which.
/// </summary>
static class InterchangeAcknowledgement
{
    const string NoError = "000";
    const string EndOfFile = "023";

    public static byte[] Write(InterchangeVerdict verdict, X12Envelope envelope)
    {
        var info = verdict.Info;
        var note = Note(verdict);
        var isWhole = !verdict.CutOff && !verdict.Technical.Exists(f => f.IsError);
        var code = note == NoError ? "A" : isWhole && info.Messages > 0 || verdict.Accepted > 0 ? "E" : "R";
        envelope.Text.Segment(
            "TA1", info.Reference.PadLeft(9, '0'), info.Date?.ToString("yyMMdd", CultureInfo.InvariantCulture) ?? "",
            info.Time?.ToString("HHmm", CultureInfo.InvariantCulture) ?? "", code, note);
        return envelope.End();
    }

    /// <summary>TA105: the worst that was found, and of that the first.</summary>
    static string Note(InterchangeVerdict verdict)
    {
        var worst = verdict.Technical.MaxBy(f => f.Severity);
        return worst is not null ? X12Codes.Interchange(worst)! : verdict.CutOff ? EndOfFile : NoError;
    }
}
