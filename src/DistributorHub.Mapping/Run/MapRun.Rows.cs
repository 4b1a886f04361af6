using DistributorHub.Edi;
using DistributorHub.Mapping.Run.Nodes;

namespace DistributorHub.Mapping.Run;

/// <content>Whether a row is made, its columns and checks, and its way to the sink.</content>
sealed partial class MapRun
{
    bool IsIncluded(BlockProgram block)
    {
        var row = rows[block.Id];
        if (row.Included is { } decided)
            return decided;
        ref var ordinal = ref block.Below ? ref rows[block.Outer].MadeBelow[program.Blocks[block.Outer].Nested.IndexOf(block.Id)] : ref made[block.Id];
        row.Ordinal = ordinal + 1;
        var included = (block.Outer < 0 || IsIncluded(program.Blocks[block.Outer])) && FrameTestsHold(block)
            && (block.Parent < 0 || IsIncluded(program.Blocks[block.Parent])) && WhereHolds(row);
        row.Included = included;
        if (row.IsAtFault && !included)
            LeaveOut(row);
        if (included)
        {
            ordinal++;
            if (block.Table >= 0)
                row.Number = writers[block.Table].NextNumber();
        }
        return included;
    }

    bool FrameTestsHold(BlockProgram block)
    {
        foreach (var test in block.FrameTests)
        {
            var (frame, start, end) = RangeOf(test.Group);
            if (start >= end || !test.Holds(frame, start, end))
                return false;
        }
        return true;
    }

    bool WhereHolds(RowState row)
    {
        if (row.Block.Where is not { } where)
            return true;
        var value = default(Value);
        var (outerRow, outerRule) = (Row, Rule);
        (Row, Rule) = (row, row.Block.WhereRule);
        where.Evaluate(this, ref value);
        (Row, Rule) = (outerRow, outerRule);
        return value.Kind == ValueKind.Bool && value.Bool;
    }

    void Write(RowState row)
    {
        var block = row.Block;
        var failed = false;
        var columns = block.Columns;
        var values = row.Values;
        var (outerRow, outerRule) = (Row, Rule);
        Row = row;
        for (var c = 0; c < columns.Length; c++)
        {
            if (columns[c] is not { } column)
                continue;
            if (!row.IsKnown(c))
                Evaluate(row, c, column);
            failed |= values[c].IsFailed;
        }
        (Row, Rule) = (outerRow, outerRule);
        foreach (var check in block.Checks)
            EvaluateCheck(row, check);
        if (row.IsAtFault)
            LeaveOut(row);
        else if (!failed)
            writers[block.Table].Add(row, ParentNumber(block), Faults.RowStart(this, block));
    }

    long ParentNumber(BlockProgram block) => block.Parent < 0 ? 0 : rows[block.Parent].Number;

    /// <summary>Leaves out a row that has faults; what is below it goes with it, because it is not included any more.</summary>
    void LeaveOut(RowState row)
    {
        var block = row.Block;
        (row.Included, row.IsLeftOut) = (false, true);
        Faults.LeaveOut(this, row);
        writers[block.Table].Miss(ParentNumber(block));
        foreach (var dependent in block.Dependents)
            if (program.Blocks[dependent] is { Table: >= 0 } other)
                writers[other.Table].Miss(other.Parent < 0 || other.Parent == block.Id || block.Dependents.Contains(other.Parent) ? 0 : rows[other.Parent].Number);
    }

    /// <summary>
    /// True when something stands in the group instance that a row is of; where rows are nested in one frame, in that of the outermost.
    /// What stands outside of it is of other rows as well, so a fault there is none of this row.
    /// </summary>
    public bool IsOwn(RowState row, Position at)
    {
        var block = row.Block;
        while (block is { Outer: >= 0, Below: false } && program.Blocks[block.Outer] is { Group: not 0 } outer && outer.Holder == block.Holder)
            block = outer;
        var (frame, start, end) = RangeOf(block.Group);
        end = Math.Min(end, frame.Count);
        return start < end && at.Segment >= frame[start].At.Segment && at.Segment <= frame[end - 1].At.Segment;
    }

    void EvaluateCheck(RowState row, CheckProgram check)
    {
        var value = default(Value);
        (Row, Rule) = (row, check.Rule);
        check.Condition.Evaluate(this, ref value);
        if (value.Kind == ValueKind.Bool && !value.Bool)
            Faults.CheckFalse(this, check.Condition.Source, value, (check.Condition.Plain as CompareNode)?.Compared(this));
    }

    /// <summary>A column of the current row of a block, evaluated once.</summary>
    public void Column(int block, int column, ref Value value)
    {
        var row = rows[block];
        if (row.Block.Columns[column] is null)
        {
            value.SetNull();
            return;
        }
        EvaluateColumn(row, column);
        value = row.Values[column];
    }

    void EvaluateColumn(RowState row, int column)
    {
        if (row.IsKnown(column))
            return;
        var (outerRow, outerRule) = (Row, Rule);
        Row = row;
        Evaluate(row, column, row.Block.Columns[column]!);
        (Row, Rule) = (outerRow, outerRule);
    }

    /// <summary>Evaluates a column of the row that is <see cref="Row"/>.</summary>
    void Evaluate(RowState row, int column, ColumnProgram program)
    {
        ref var value = ref row.Values[column];
        Rule = program.Rule;
        value.Kind = ValueKind.Null;
        value.Source = Source.None;
        program.Value.Evaluate(this, ref value);
        ColumnRules.Check(this, program, ref value);
        row.SetKnown(column);
    }
}
