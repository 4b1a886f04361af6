using DistributorHub.Edi;

namespace DistributorHub.Mapping.Run;

/// <content>
/// Faults of rows that the map leaves out. They are held until the message has ended: only then is it known whether it goes on without these rows, or is
/// rejected, and each fault is an error as any other.
/// </content>
sealed partial class Faults
{
    readonly List<(Finding Finding, string Consequence)> ofRows = [];
    readonly List<RowLeftOut> leftOut = [];
    readonly Dictionary<int, string> tables = [];
    readonly long errorsBefore = findings.Errors;
    bool isOver;

    /// <summary>Rows that were left out; none when the message is rejected.</summary>
    public IReadOnlyList<RowLeftOut> LeftOut => leftOut;

    /// <summary>The row that a fault is to be left out for; null when the fault rejects the message.</summary>
    RowState? OwnRow(MapRun run, Finding finding, bool? isOfRow) =>
        !isOver && run is { Feeds: false, Row.Block.MayLeaveOut: true } && (isOfRow ?? run.IsOwn(run.Row, finding.At)) ? run.Row : null;

    void Tell(RowState? row, Finding finding)
    {
        if (row is null)
            findings.Add(finding);
        // More than these are not kept anyway.
        else if (ofRows.Count < Limits.FindingsPerFileMax)
            ofRows.Add((finding, $"This row of {row.Block.Name} was left out{(row.Block.Dependents.Length > 0 ? ", with the rows below it" : "")}."));
    }

    /// <summary>Counts a row that has faults; when there are too many, the message is rejected for all of them.</summary>
    public void LeaveOut(MapRun run, RowState row)
    {
        if (isOver)
            return;
        var at = RowStart(run, row.Block);
        leftOut.Add(new(row.Block.Name, row.Number, at));
        tables[row.Block.Table] = row.Block.Name;
        if (leftOut.Count <= rowsLeftOutMax)
            return;
        Reject(new()
        {
            Code = MapCodes.TooManyLeftOut,
            Severity = Severity.Error,
            At = at,
            Expected = Invariant($"at most {rowsLeftOutMax} rows with faults (on_row_error of the map)"),
            Message = Invariant($"More than {rowsLeftOutMax} rows of this message have faults, so it is rejected as a whole."),
            Advice = "The partner has to correct the file; raise max under on_row_error in the map if so many rows may be left out.",
        });
    }

    /// <summary>Tells what was held: as warnings when the message goes on without these rows.</summary>
    /// <param name="written">Answers the rows written of a table.</param>
    public void End(Func<int, long> written)
    {
        if (leftOut.Count == 0 || isOver)
            return;
        if (findings.Errors > errorsBefore || findings.Kept.Any(f => f.Severity >= Severity.Error && f.At.Message == MessageStart.Message))
            Reject(null);
        else if (tables.FirstOrDefault(table => written(table.Key) == 0) is { Value: { } empty })
            Reject(new()
            {
                Code = MapCodes.TooManyLeftOut,
                Severity = Severity.Error,
                At = leftOut.First(row => row.Table == empty).At,
                Expected = $"a row of {empty} without faults",
                Message = $"All rows of {empty} in this message have faults, so nothing is left of it and it is rejected as a whole.",
                Advice = "The partner has to correct the file, or the map or its code lists do not fit what they send.",
            });
        else
            foreach (var (finding, consequence) in ofRows)
                findings.Add(finding with { Severity = Severity.Warning, Message = $"{finding.Message} {consequence}" });
    }

    void Reject(Finding? why)
    {
        isOver = true;
        foreach (var (finding, _) in ofRows)
            findings.Add(finding);
        ofRows.Clear();
        leftOut.Clear();
        if (why is not null)
            findings.Add(why);
    }
}
