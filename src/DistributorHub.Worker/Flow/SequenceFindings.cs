using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>Findings of control numbers that a partner left out: SEQ8xxx. None of them refuses anything.</summary>
static class SequenceFindings
{
    public static IEnumerable<Finding> Of(SequenceNotice notice, InterchangeInfo info)
    {
        foreach (var gap in notice.Gaps)
            yield return new()
            {
                Code = "SEQ8001",
                Severity = notice.AwaitsOthers ? Severity.Information : Severity.Warning,
                At = new(info.Offset, info.Ordinal),
                Found = info.Reference,
                Expected = Number(gap.FirstNumber),
                Message = $"{Numbers(gap)} of {info.Sender.Id} to {info.Recipient.Id} did not come before {info.Reference}."
                    + (notice.AwaitsOthers ? " Files that came earlier are not read yet." : ""),
                Advice = "If they do not come, ask the partner whether something was sent and lost. 'hub partner list --json' shows what is missing.",
            };
        if (notice.Filled is { } filled)
            yield return new()
            {
                Code = "SEQ8002",
                Severity = Severity.Information,
                At = new(info.Offset, info.Ordinal),
                Found = info.Reference,
                Message = string.Create(CultureInfo.InvariantCulture, $"Interchange {info.Reference} was missing since exchange #{filled.NoticedBy} ({filled.NoticedAt:u}), and has come now."),
            };
        if (notice.RestartedAfter is { } before)
            yield return new()
            {
                Code = "SEQ8003",
                Severity = Severity.Information,
                At = new(info.Offset, info.Ordinal),
                Found = info.Reference,
                Expected = Number(before + 1),
                Message = $"The control numbers of {info.Sender.Id} to {info.Recipient.Id} begin anew at {info.Reference}, after {Number(before)}.",
            };
    }

    /// <summary>Which interchanges are missing.</summary>
    public static string Numbers(SequenceGap gap) => gap.FirstNumber == gap.LastNumber ? $"Interchange {Number(gap.FirstNumber)}"
        : $"Interchanges {Number(gap.FirstNumber)} to {Number(gap.LastNumber)}";

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
