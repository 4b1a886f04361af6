using System.Text;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

/// <summary>The one value of a path.</summary>
sealed class ReadNode(BoundExpr source, PathReader path) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        PathReader.Cursor cursor = default;
        var isOnly = path.TryOnly(run, ref cursor);
        if (!isOnly)
            cursor = path.Start(run);
        if (isOnly ? cursor.Mark == 0 : !path.Next(run, ref cursor))
        {
            value.SetNull();
            if (Source.Nullable)
                return;
            run.Faults.Absent(run, Source, path);
            value.SetFailed();
            return;
        }
        if (!path.Get(run, cursor, ref value))
        {
            run.Faults.Unreadable(run, Source, value, path, path.FormatOf(cursor));
            value.SetFailed();
            return;
        }
        if (!isOnly)
            ExceptOthers(run, cursor, ref value);
    }

    /// <summary>A path means one value; more are a fault unless all are the same.</summary>
    void ExceptOthers(MapRun run, PathReader.Cursor cursor, ref Value value)
    {
        var first = value.Source;
        var format = path.FormatOf(cursor);
        while (path.Next(run, ref cursor))
        {
            var sameText = cursor.Frame.Text(cursor.Segment, cursor.Mark).SequenceEqual(first.Frame!.Text(first.Segment, first.Mark));
            if (sameText && path.FormatOf(cursor).SequenceEqual(format))
                continue;
            var other = default(Value);
            // 1.0 and 1 are one value; what cannot be read is another.
            if (path.Get(run, cursor, ref other) && other.Kind == value.Kind && Comparison.Of(value, other) == 0)
                continue;
            run.Faults.Ambiguous(run, Source, path, first, other.Source);
            value.SetFailed();
            return;
        }
    }
}

sealed class ExistsNode(BoundExpr source, PathReader path) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        var cursor = path.Start(run);
        value.SetBool(path.Next(run, ref cursor));
        value.Source = Run.Source.None;
    }
}

/// <summary>An item of a join: all matches of a path, or one value.</summary>
sealed record JoinPart(PathReader? Path, bool Required, Node? Value);

sealed class JoinNode(BoundExpr.Join source, JoinPart[] parts) : Node(source)
{
    readonly byte[] separator = Encoding.UTF8.GetBytes(source.Separator);

    public override void Evaluate(MapRun run, ref Value value)
    {
        var joined = run.Joins.Start();
        var failed = false;
        value.Source = Run.Source.None;
        foreach (var part in parts)
            failed |= part.Path is null ? !AddValue(run, part.Value!, joined) : !AddAll(run, part.Path, part.Required, joined, ref value);
        run.Joins.End(joined, run.Scratch, ref value);
        if (failed)
            value.SetFailed();
    }

    bool AddValue(MapRun run, Node item, int joined)
    {
        var text = default(Value);
        item.Evaluate(run, ref text);
        if (text.IsFailed)
            return false;
        if (!text.IsNull && Conversions.ToText(ref text, run.Scratch))
            run.Joins.Add(joined, separator, text.Text);
        return true;
    }

    bool AddAll(MapRun run, PathReader path, bool required, int joined, ref Value value)
    {
        var any = false;
        var cursor = path.Start(run);
        while (path.Next(run, ref cursor))
        {
            any = true;
            value.Source = new(cursor.Frame, cursor.Segment, cursor.Mark);
            // Without a separator the parts are one text, split where it was full: a blank there stands between two words.
            run.Joins.Add(joined, separator, separator.Length == 0
                ? cursor.Frame.TextAsSent(cursor.Segment, cursor.Mark) : cursor.Frame.Text(cursor.Segment, cursor.Mark));
        }
        if (any || !required)
            return true;
        run.Faults.Absent(run, Source, path);
        return false;
    }
}

/// <summary>count, sum, min, max, first, last, nth over matches in open frames.</summary>
sealed class AggregateNode(BoundExpr.Aggregate source, PathReader path) : Node(source)
{
    readonly Accumulator accumulator = new(source, path);

    public override void Evaluate(MapRun run, ref Value value)
    {
        var total = new Total();
        var cursor = path.Start(run);
        while (!total.Done && path.Next(run, ref cursor))
            accumulator.Add(run, cursor, ref total);
        accumulator.Result(run, total, ref value);
    }
}

/// <summary>An aggregate over units that have passed: the run keeps its total.</summary>
sealed class FoldNode(BoundExpr.Aggregate source, Accumulator accumulator) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        accumulator.Result(run, run.FoldTotal(source.Fold), ref value);
        if (value.Kind != ValueKind.Text)
            return;
        // The row may be read after its total started again (by the levels below it).
        value.Text.CopyTo(run.Scratch.Room(value.Length));
        run.Scratch.Keep(value.Length, ref value);
    }
}

/// <summary>What an aggregate knows so far.</summary>
struct Total
{
    public long Count;
    public bool Failed;

    /// <summary>True when further matches change nothing.</summary>
    public bool Done;

    public Value Best;
    public decimal Sum;
}

/// <summary>The arithmetic of one aggregate.</summary>
sealed class Accumulator(BoundExpr.Aggregate source, PathReader path)
{
    public PathReader Path { get; } = path;

    public void Add(MapRun run, in PathReader.Cursor cursor, ref Total total)
    {
        total.Count++;
        if (source.Kind == AggregateKind.Count || total.Failed || (source.Kind == AggregateKind.First && total.Count > 1))
            return;
        if (source.Kind == AggregateKind.Nth && total.Count != source.N)
            return;
        var value = default(Value);
        if (!Path.Get(run, cursor, ref value))
        {
            run.Faults.Unreadable(run, source, value, Path, Path.FormatOf(cursor));
            total.Failed = total.Done = true;
            return;
        }
        switch (source.Kind)
        {
            case AggregateKind.Sum:
                AddToSum(run, value, ref total);
                break;
            case AggregateKind.Min:
                if (total.Count == 1 || Comparison.Of(value, total.Best) < 0)
                    total.Best = value;
                break;
            case AggregateKind.Max:
                if (total.Count == 1 || Comparison.Of(value, total.Best) > 0)
                    total.Best = value;
                break;
            default:
                total.Best = value;
                total.Done = source.Kind != AggregateKind.Last;
                break;
        }
    }

    void AddToSum(MapRun run, in Value value, ref Total total)
    {
        value.TryNumber(out var number);
        try
        {
            total.Sum += number;
        }
        catch (OverflowException)
        {
            run.Faults.NoResult(run, source, value);
            total.Failed = total.Done = true;
        }
    }

    public void Result(MapRun run, in Total total, ref Value value)
    {
        value.Source = Source.None;
        if (total.Failed)
        {
            value.SetFailed();
            return;
        }
        switch (source.Kind)
        {
            case AggregateKind.Count:
                value.SetInt(total.Count);
                return;
            case AggregateKind.Sum when source.Type == Language.ValueType.Int && Math.Abs(total.Sum) > long.MaxValue:
                run.Faults.NoResult(run, source, value);
                value.SetFailed();
                return;
            case AggregateKind.Sum when source.Type == Language.ValueType.Int:
                value.SetInt((long)total.Sum);
                return;
            case AggregateKind.Sum:
                value.SetDecimal(total.Sum);
                return;
        }
        if (total.Count >= (source.Kind == AggregateKind.Nth ? source.N : 1))
        {
            value = total.Best;
            return;
        }
        value.SetNull();
        if (source.Nullable)
            return;
        run.Faults.Absent(run, source, Path);
        value.SetFailed();
    }
}
