using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;

namespace DistributorHub.Mapping.Explain;

/// <summary>A node and what is told of it: its value, what it read, and why it found nothing.</summary>
sealed class StepNode(MapTrace trace, Node plain, PathReader[] paths) : Node(plain.Source)
{
    const int OthersMax = 3;

    public override Node Plain => plain;

    public override void Evaluate(MapRun run, ref Value value)
    {
        if (!trace.Begin())
        {
            plain.Evaluate(run, ref value);
            return;
        }
        plain.Evaluate(run, ref value);
        var steps = trace.End();
        var (sources, more) = Sources(run);
        trace.Add(Step(plain.Source, value) with { Sources = sources, MoreSources = more, Steps = [.. steps, .. Referred()], Note = Note(run, value, more + sources.Count) });
    }

    public static ExplainedStep Step(BoundExpr expression, in Value value) => new()
    {
        // A rule that is all constant stands in quotes of YAML, not of the language.
        Text = expression is BoundExpr.Literal { Value: string text } && !expression.Text.StartsWith('\'') ? $"'{text}'" : expression.Text,
        Place = expression.Place.ToString(),
        Value = Shown(value),
        Failed = value.IsFailed,
    };

    /// <summary>A value as people read it; null when there is none.</summary>
    public static string? Shown(in Value value)
    {
        if (value.IsNull || value.IsFailed)
            return null;
        // A period has no text of its own.
        return ContextValues.TextOf(value, new()) ?? (value.Source.Frame is { } frame ? Encoding.UTF8.GetString(frame.Text(value.Source.Segment, value.Source.Mark)) : "");
    }

    (List<ValueSource> Sources, long More) Sources(MapRun run)
    {
        var sources = new List<ValueSource>();
        var more = 0L;
        foreach (var path in paths)
        {
            var cursor = path.Start(run);
            while (path.Next(run, ref cursor))
            {
                if (sources.Count < ExplainedStep.SourcesMax)
                    sources.Add(SourceAt(path, cursor.Frame, cursor.Segment, cursor.Mark));
                else
                    more++;
            }
        }
        return (sources, more);
    }

    ValueSource SourceAt(PathReader path, Frame frame, int segment, int mark)
    {
        var text = frame.TextOf(segment);
        // A path that means segments ends at no value.
        var isSegment = path.Path.Slots.Count == 0;
        var (start, end) = isSegment ? (0, text.Length) : frame.Bounds(segment, mark);
        var at = frame.PositionOf(segment, isSegment ? 0 : mark);
        var (first, last) = trace.BytesOf(frame[segment], start, end);
        return new(trace.Names.Of(frame[segment].Node, at.Element, at.Component), at, first, last, Text(text[start..end]), Text(text));
    }

    IReadOnlyList<ExplainedStep> Referred() =>
        plain.Source is BoundExpr.ColumnRef column && trace.Referred(column.Block, column.Column) is { Rule: var rule }
            ? rule is { Steps: [var only] } && only.Text == rule.Text ? [only] : [rule]
            : [];

    string? Note(MapRun run, in Value value, long found) => plain.Source switch
    {
        BoundExpr.Read or BoundExpr.Exists or BoundExpr.Join or BoundExpr.Aggregate { Fold: < 0 } when found == 0 => NothingFound(run),
        BoundExpr.Aggregate { Fold: >= 0 } fold => OfFold(run, fold),
        BoundExpr.CodeLookup lookup => OfCode(lookup, value),
        BoundExpr.Variable variable => variable.Source switch
        {
            VariableSource.Partner => "of the partner's partner.yaml",
            VariableSource.Env => "of the interchange's envelope",
            VariableSource.Msg => "of the message's header",
            VariableSource.File => "of the file",
            _ => "ordinal of the row",
        },
        BoundExpr.ColumnRef column when trace.Referred(column.Block, column.Column) is { } referred =>
            Invariant($"of {referred.Table}[{referred.Row}], {referred.Rule.Place}"),
        BoundExpr.Literal or BoundExpr.Convert => "constant",
        _ => null,
    };

    static string OfFold(MapRun run, BoundExpr.Aggregate fold)
    {
        var count = run.FoldTotal(fold.Fold).Count;
        var counted = Invariant($"over {count} {(count == 1 ? "match" : "matches")} of {fold.Path.Text}");
        if (count == 0 || fold.Kind is AggregateKind.Count or AggregateKind.Sum)
            return counted;
        var at = run.FoldPlace(fold.Fold);
        return Invariant($"{counted}; it stands in segment {at.Segment}, byte {at.Offset}");
    }

    string? OfCode(BoundExpr.CodeLookup lookup, in Value value)
    {
        if (trace.Operand is not { } code)
            return null;
        if (lookup.List.Map.TryGetValue(code, out var ours))
            return $"{lookup.List.Id}: {code} -> {ours}{(lookup.List.Places.TryGetValue(code, out var place) ? $"  {place}" : "")}";
        var miss = lookup.Miss switch
        {
            Miss.Pass => "it stays as it is",
            Miss.Null => "that gives null",
            Miss.Literal => $"that gives {Shown(value)}",
            _ => "that is an error",
        };
        return $"{lookup.List.Id}: {code} is not in {(lookup.List.File.Length > 0 ? lookup.List.File : "the list")}, {miss}";
    }

    string? NothingFound(MapRun run)
    {
        var notes = paths.Select(path => NothingFound(run, path)).ToList();
        return notes.Count == 0 ? null : (plain.Source.Nullable && plain.Source is not BoundExpr.Exists ? "optional: " : "") + string.Join("; ", notes);
    }

    string NothingFound(MapRun run, PathReader path)
    {
        var (frame, start, end) = path.Scope(run);
        end = Math.Min(end, frame.Count);
        if (start >= end)
            return path.Path.Level is null ? $"no {path.Path.Text}: nothing of that group is open" : $"no {path.Path.Text}: no such level around this row";
        var (first, last) = (frame[start].At.Segment, frame[end - 1].At.Segment);
        var where = $"no {path.Path.Text} in {(first == last ? Invariant($"segment {first}") : Invariant($"segments {first}-{last}"))}";
        var cursor = path.Start(run);
        if (path.NextSegment(run, ref cursor))
            return $"{where}: {(first == last ? "" : Invariant($"segment {cursor.Frame[cursor.Segment].At.Segment} "))}{Text(cursor.Frame.TextOf(cursor.Segment))} has no such value";
        // Of the same tag: with another qualifier, or at another place of the message.
        var tag = trace.Names.Structure[path.Path.Segments[0]].Tag;
        var others = Enumerable.Range(start, end - start).Where(i => trace.Names.Structure[frame[i].Node].Tag == tag).ToList();
        return others.Count == 0 ? where
            : $"{where}; there: {string.Join(", ", others.Take(OthersMax).Select(i => Other(frame, i, path)))}{(others.Count > OthersMax ? Invariant($" and {others.Count - OthersMax} more") : "")}";
    }

    string Other(Frame frame, int segment, PathReader path) => path.Path.Segments.Contains(frame[segment].Node)
        ? Invariant($"{Text(frame.TextOf(segment))} (segment {frame[segment].At.Segment})")
        : Invariant($"{Text(frame.TextOf(segment))} (segment {frame[segment].At.Segment}, as {trace.Names.Structure.PathOf(frame[segment].Node)})");

    /// <summary>The text of a segment or value; of a long one the beginning.</summary>
    static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * Edi.Limits.ExcerptCharsMax)]);
        return text.Length > Edi.Limits.ExcerptCharsMax ? text[..(Edi.Limits.ExcerptCharsMax - 1)] + "…" : text;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
