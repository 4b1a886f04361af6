
namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Writes TA1. R tells the sender that nothing of the interchange was taken, E that it must not be sent again although an error was noted:
/// so an interchange of which sets were accepted gets E, whatever is wrong with it, and 997 or 999 says which.
/// </summary>
static class InterchangeAcknowledgement
{
    const string NoError = "000";
    const string EndOfFile = "023";
    const string DuplicateNumber = "025";

    public static byte[] Write(InterchangeVerdict verdict, AnswerForm form)
    {
        var info = verdict.Info;
        var note = verdict.Duplicate ? DuplicateNumber : Note(verdict);
        var isWhole = !verdict.CutOff && !verdict.Technical.Exists(f => f.IsError);
        var code = note == NoError ? "A" : !verdict.Duplicate && (isWhole && info.Messages > 0 || verdict.Accepted > 0) ? "E" : "R";
        form.Writer.Write(
            "TA1", info.Reference.PadLeft(9, '0'), Digits(info.Prepared.Date, 6), Digits(info.Prepared.Time, 4), code, note);
        return form.End();
    }

    /// <summary>Date and time as the sender wrote them; both are mandatory, so what is none of the right length becomes zeros.</summary>
    static string Digits(string text, int length) => text.Length == length ? text : new('0', length);

    /// <summary>TA105: the worst that was found, and of that the first.</summary>
    static string Note(InterchangeVerdict verdict)
    {
        var worst = verdict.Technical.MaxBy(f => f.Severity);
        return worst is not null ? X12Codes.Interchange(worst)! : verdict.CutOff ? EndOfFile : NoError;
    }
}
