using DistributorHub.Edi;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// Which rows can be left out for faults of theirs (<c>on_row_error: { quarantine: … }</c>): those of a group, of which nothing is
/// written before they are known to be good. The message's own row never is: without it there is no document.
/// </summary>
static class RowErrors
{
    /// <summary>For every block of a plan, whether a row of it can be left out.</summary>
    public static bool[] MayLeaveOut(MapPlan plan, Layout layout) =>
        [.. plan.Blocks.Select(block => plan.RowsLeftOutMax > 0 && block is { Group: not 0, Table: not null } && !plan.Blocks.Any(other => IsBefore(other, block, plan, layout)))];

    /// <summary>Ids of the blocks that have rows only where this one has: those inside it, and those whose rows belong to its rows.</summary>
    public static int[] Dependents(RowBlock block, MapPlan plan) => [.. plan.Blocks.Where(other => other != block && DependsOn(other, block, plan)).Select(other => other.Id)];

    static bool DependsOn(RowBlock other, RowBlock block, MapPlan plan) =>
        IsOrDependsOn(other.Outer, block, plan) || IsOrDependsOn(other.ParentBlock, block, plan);

    static bool IsOrDependsOn(int of, RowBlock block, MapPlan plan) => of >= 0 && (of == block.Id || DependsOn(plan.Blocks[of], block, plan));

    // Rows of a group around the lines are written when it ends, after the lines; those of levels below come later in any case.
    static bool IsBefore(RowBlock other, RowBlock block, MapPlan plan, Layout layout) =>
        other != block && DependsOn(other, block, plan) && !IsBelow(other, block, plan)
        && (other.Id < block.Id || layout.HolderOfGroup(other.Group) > layout.HolderOfGroup(block.Group));

    static bool IsBelow(RowBlock other, RowBlock block, MapPlan plan)
    {
        for (var here = other; here != block; here = plan.Blocks[here.Outer])
        {
            if (here.Below)
                return true;
            if (here.Outer < 0)
                break;
        }
        return false;
    }
}

/// <summary>A row that was left out for its faults, with the rows below it.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Row">Number it has in its message and table, which no other row has; 0 when the fault is in its <c>where:</c>.</param>
/// <param name="At">Its first segment.</param>
public sealed record RowLeftOut(string Table, long Row, Position At);
