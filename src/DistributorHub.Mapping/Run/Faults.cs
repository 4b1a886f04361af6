using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// Makes findings of the faults a running map meets. Each says which column or check of the map is concerned and where that rule stands,
/// what was found, where in the file, and what to do.
/// </summary>
sealed partial class Faults(Findings findings, MapContext context, int rowsLeftOutMax)
{
    readonly HashSet<(string Code, Position At, string? Path, string? Expected)> told = [];

    /// <summary>Where the message starts, for what belongs to no segment.</summary>
    public Position MessageStart { get; } = new(
        context.Message.Offset, context.Interchange.Ordinal, context.Group?.Ordinal ?? 0, context.Message.Ordinal, Segment: 1);

    public void Absent(MapRun run, BoundExpr rule, PathReader path)
    {
        var (frame, start, end) = path.Scope(run);
        if (path.Path.Level is not null && start == end)
        {
            NoLevel(run, rule, path);
            return;
        }
        var nearest = path.Start(run);
        // A segment that is there without the value tells more than the scope it is missing from.
        var found = path.NextSegment(run, ref nearest);
        var (in_, segment) = found ? (nearest.Frame, nearest.Segment) : (frame, start);
        var where = Segments(frame, start, end);
        Add(run, rule, new()
        {
            Code = MapCodes.RequiredAbsent,
            Severity = Severity.Error,
            At = start < end || found ? in_.PositionOf(segment, 0) with { Element = found ? ElementOf(path) + (path.Path.OfPair ? run.PairShift : 0) : 0 } : MessageStart,
            Tag = found ? TagOf(in_, segment) : null,
            Path = PathOf(path.Path),
            Found = found ? Brief.Of(in_.TextOf(segment)) : null,
            Message = found
                ? $"{run.Rule} needs {path.Path.Text}, but the {TagOf(in_, segment)} segment does not hold that value."
                : $"{run.Rule} needs {path.Path.Text}, which {where} do not hold.",
            Advice = $"The partner has to send it; if it may be missing, write {path.Path.Text}? or a ?? default in the map.",
        });
    }

    void NoLevel(MapRun run, BoundExpr rule, PathReader path)
    {
        // A level under no known parent was told already, and stands nowhere.
        if (findings.Kept.Any(f => f.Code == Edi.Codes.TreeParentUnknown && f.At.Message == MessageStart.Message))
            return;
        Add(run, rule, new()
        {
            Code = MapCodes.RequiredAbsent,
            Severity = Severity.Error,
            At = RowStart(run),
            Path = PathOf(path.Path),
            Message = $"{run.Rule} needs {path.Path.Text}, but no such level stands around this row.",
            Advice = $"The partner has to nest the levels so; if it may be missing, write {path.Path.Text}? or a ?? default in the map.",
        }, isOfRow: false);
    }

    static int ElementOf(PathReader path) => path.Path.Slots.Count > 0 ? path.Path.Slots[0].Value.Element : 0;

    public void VariableAbsent(MapRun run, BoundExpr rule, BoundExpr.Variable variable) => Add(run, rule, new()
    {
        Code = MapCodes.RequiredAbsent,
        Severity = Severity.Error,
        At = RowStart(run),
        Message = $"{run.Rule} needs {variable.Text}, which is not set.",
        Advice = variable.Source == VariableSource.Partner
            ? $"Set '{variable.Name}' in the partner's partner.yaml."
            : $"Write {variable.Text} ?? and a default in the map if it may be missing.",
    }, isOfRow: false);

    public void NothingLeft(MapRun run, BoundExpr rule, in Value value) => Add(run, rule, OfValue(run, value, MapCodes.RequiredAbsent,
        $"{run.Rule} must have a value, but '{rule.Text}' leaves nothing of what stands here.",
        "The partner has to send it; if it may be missing, give the rule a ?? default or make the column nullable."));

    public void Ambiguous(MapRun run, BoundExpr rule, PathReader path, Source first, Source other)
    {
        var (firstFrame, otherFrame) = (first.Frame!, other.Frame!);
        var (one, two) = (Brief.Of(firstFrame.Text(first.Segment, first.Mark)), Brief.Of(otherFrame.Text(other.Segment, other.Mark)));
        Add(run, rule, new()
        {
            Code = MapCodes.Ambiguous,
            Severity = Severity.Error,
            At = otherFrame.PositionOf(other.Segment, other.Mark),
            Tag = TagOf(otherFrame, other.Segment),
            Path = PathOf(path.Path),
            Found = $"{one} in segment {firstFrame[first.Segment].At.Segment}, {two} in segment {otherFrame[other.Segment].At.Segment}",
            Message = $"{run.Rule} needs one value of {path.Path.Text}, but there are several different ones.",
            Advice = "Say which is meant: a qualifier in the path, or first(), last(), nth() or join() around it.",
        });
    }

    public void Unreadable(MapRun run, BoundExpr rule, in Value value, PathReader path, ReadOnlySpan<byte> format)
    {
        var expected = path.Path.Type switch
        {
            Language.ValueType.Decimal when path.Path.ImpliedDecimals is { } n => $"digits only, the last {n} of them decimals",
            Language.ValueType.Decimal => $"a decimal with '{(char)run.Numbers.Mark}'",
            Language.ValueType.Int => "a whole number",
            Language.ValueType.Date => $"a date as {path.Path.Pattern ?? "CCYYMMDD or YYMMDD"}",
            Language.ValueType.Time => "a time as HHMM or HHMMSS",
            _ when format.IsEmpty => "a date with its format code",
            _ => $"a date or period in format {Encoding.UTF8.GetString(format)}",
        };
        Unreadable(run, rule, value, expected, PathOf(path.Path));
    }

    public void Unreadable(MapRun run, BoundExpr rule, in Value value, string expected) => Unreadable(run, rule, value, expected, null);

    void Unreadable(MapRun run, BoundExpr rule, in Value value, string expected, string? path)
    {
        // A number that is only too long is told so: its form is right.
        var most = rule.Type switch
        {
            Language.ValueType.Decimal => Numbers.DigitsMax,
            Language.ValueType.Int => Numbers.IntDigitsMax,
            _ => 0,
        };
        if (most > 0 && value.Kind == ValueKind.Text && Numbers.HasTooManyDigits(value.Text, most))
            expected = Invariant($"a number of at most {most} digits");
        Add(run, rule, OfValue(run, value, MapCodes.Unreadable, $"{run.Rule} needs {expected}, found '{FoundIn(value)}'.",
            "The partner has to correct the value.", expected, path));
    }

    public void UnknownCode(MapRun run, BoundExpr rule, in Value value, CodeList list) => Add(run, rule, OfValue(run, value, MapCodes.UnknownCode,
        $"{run.Rule}: the code '{FoundIn(value)}' is not in the list '{list.Id}'.",
        $"Add it to {(list.File.Length > 0 ? list.File : $"codes/{list.Id}.yaml")} or to the partner's own list, then replay the exchange.",
        $"a code of the list '{list.Id}'"));

    public void CheckDigit(MapRun run, BoundExpr rule, in Value value, bool gln) => Add(run, rule, OfValue(run, value, MapCodes.CheckDigit,
        $"{run.Rule}: '{FoundIn(value)}' is no {(gln ? "GLN" : "GTIN")}.",
        "The partner has to correct the number; if they send other numbers here on purpose, leave the check out of the map.",
        gln ? "a GLN: 13 digits with a right check digit" : "a GTIN: 8, 12, 13 or 14 digits with a right check digit"));

    public void TooLong(MapRun run, BoundExpr rule, in Value value, int length) => Add(run, rule, OfValue(run, value, MapCodes.TooLong,
        Invariant($"{run.Rule} takes {length} characters, the text has {TextFunctions.Characters(value.Text)}."),
        Invariant($"Widen the column, or write left(…, {length}) in the map to cut the text."),
        Invariant($"at most {length} characters")));

    public void TooLarge(MapRun run, BoundExpr rule, in Value value, int precision, int scale) => Add(run, rule, OfValue(run, value, MapCodes.TooLarge,
        Invariant($"{run.Rule} takes {precision - scale} digits before the mark, the number {value.Number} has more."),
        "Widen the column, or ask the partner whether the number is right.",
        Invariant($"numeric({precision},{scale})")));

    public void TooPrecise(MapRun run, BoundExpr rule, in Value value, int scale) => Add(run, rule, OfValue(run, value, MapCodes.TooPrecise,
        Invariant($"{run.Rule} takes {scale} decimals, the number {value.Number} has {Numbers.Decimals(value.Number)}."),
        Invariant($"Nothing is rounded silently: write round(…, {scale}) in the map, or widen the column."),
        Invariant($"at most {scale} decimals")));

    public void NoResult(MapRun run, BoundExpr rule, in Value value)
    {
        var finding = OfValue(run, value, MapCodes.NoResult,
            $"{run.Rule}: '{rule.Text}' has no result: a division by zero, or a number beyond every bound.",
            "Guard it with if(…) in the map, or ask the partner whether the numbers are right.");
        // The value is one operand of several.
        Add(run, rule, finding with { Found = null });
    }

    public void FunctionFailed(MapRun run, BoundExpr rule, in Value value, MapFunction function, Exception thrown) => Add(run, rule, OfValue(run, value, MapCodes.FunctionFailed,
        $"{run.Rule}: the function {function.Name} ({function.Method}) failed: {thrown.GetType().Name}: {Brief.Of(Encoding.UTF8.GetBytes(thrown.Message))}",
        "Mend the function so that it gives a value, or null, for what stands here; or ask the partner whether that is right."));

    /// <param name="run">The run.</param>
    /// <param name="condition">What does not hold.</param>
    /// <param name="value">Its result.</param>
    /// <param name="compared">The two values it compares, or null where it does not compare two.</param>
    public void CheckFalse(MapRun run, BoundExpr condition, in Value value, (string Left, string Right)? compared)
    {
        var values = compared is var (left, right) ? $" ({left} against {right})" : "";
        Add(run, condition, OfValue(run, value, MapCodes.CheckFalse, $"The check {run.Rule} does not hold: {condition.Text}{values}.",
            "The message contradicts itself: ask the partner to send it again."), isOfRow: true);
    }

    /// <summary>A value as a finding shows it.</summary>
    public static string Shown(in Value value) => value.Kind == ValueKind.Text ? Brief.Of(value.Text) : ContextValues.TextOf(value, new()) ?? FoundAt(value) ?? "nothing";

    public void LimitReached(Segment segment, Position at, string code, MapPlan plan, string group)
    {
        var (what, limit, setting) = code switch
        {
            MapCodes.UnitTooLarge => ($"One instance of {group}", Invariant($"{plan.UnitBytesMax} bytes"), "limits: { unit_bytes: … }"),
            MapCodes.LevelsTooDeep => ($"The nesting of {group}", Invariant($"{Limits.LevelsMax} levels"), null),
            MapCodes.TooManySegments => ("The message", Invariant($"{plan.MaxSegments} segments (max_segments of the map)"), "max_segments"),
            _ => ($"What is held of {group} outside its lines", Invariant($"{plan.FrameBytesMax} bytes"), "limits: { frame_bytes: … }"),
        };
        findings.Add(new()
        {
            Code = code,
            Severity = Severity.Error,
            At = at,
            Tag = Encoding.UTF8.GetString(segment.Tag),
            Expected = $"at most {limit}",
            Message = $"{what} is larger than {limit}; the message cannot be mapped.",
            Advice = setting is null ? "Ask the partner to send smaller messages." : $"Ask the partner to send smaller messages, or raise {setting} in the map.",
        });
    }

    /// <summary>A fault of a value: where it was read, and what stands there.</summary>
    static Finding OfValue(MapRun run, in Value value, string code, string message, string advice, string? expected = null, string? path = null) => new()
    {
        Code = code,
        Severity = Severity.Error,
        At = At(run, value),
        Tag = Tag(value),
        Path = path,
        Found = value.Kind is ValueKind.Null or ValueKind.Bool ? FoundAt(value) : FoundIn(value),
        Expected = expected,
        Message = message,
        // No partner sent it.
        Advice = run.Document is null || code == MapCodes.UnknownCode ? advice : DocumentAdvice,
    };

    /// <summary>Adds a finding with the rule's place in the map, unless its cause was told already.</summary>
    /// <param name="run">The run.</param>
    /// <param name="rule">What cannot be evaluated.</param>
    /// <param name="finding">The fault.</param>
    /// <param name="isOfRow">Whether the fault is the row's own; null = when it stands in the row.</param>
    void Add(MapRun run, BoundExpr rule, Finding finding, bool? isOfRow = null)
    {
        if (findings.CutOff)
            return;
        if (run.Document is { } document)
            finding = finding with { Path = $"{document.Path}/{run.Rule}" };
        var row = OwnRow(run, finding, isOfRow);
        // However often it is told, each row has it.
        row?.IsAtFault = true;
        if (IsTold(finding))
            return;
        // A header value that every line reads is one fault, not one for each line.
        if (told.Count < Limits.FindingsPerFileMax && !told.Add((finding.Code, finding.At, finding.Path, finding.Expected)))
            return;
        var expected = finding.Expected ?? $"a value for {run.Rule}";
        Tell(row, finding with { Expected = $"{expected} ({rule.Place}: {rule.Text})" });
    }

    /// <summary>Where the rule of a finding stands in its map, and its text, as <see cref="Add"/> wrote them; null for findings of others.</summary>
    public static (int Line, int Column, string Text)? RuleOf(Finding finding) =>
        finding.Expected is { } expected && RuleForm().Match(expected) is { Success: true } match
            ? (int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["column"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["text"].Value)
            : null;

    [GeneratedRegex(@"\([^\s()]+\.yaml:(?<line>[0-9]+):(?<column>[0-9]+): (?<text>.*)\)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RuleForm();

    /// <summary>True when the check of the structure rejected the message for the same element, or for the segment that is absent.</summary>
    bool IsTold(Finding finding) => findings.Kept.Any(other =>
        other.Severity >= Severity.Error && other.At.Message == finding.At.Message
        && (other.Code.StartsWith("ELM", StringComparison.Ordinal)
            ? other.At.Element > 0 && other.At.Segment == finding.At.Segment && other.At.Element == finding.At.Element
            : finding.Code == MapCodes.RequiredAbsent && other is { Code: Edi.Codes.SegmentMissing or Edi.Codes.GroupMissing, Path: not null }
                && finding.Path?.StartsWith(other.Path, StringComparison.Ordinal) == true));

    string PathOf(BoundPath path) => $"{context.Message.Type}/{path.Text.TrimStart('/')}";

    static Position At(MapRun run, in Value value) =>
        value.Source.Frame is { } frame ? frame.PositionOf(value.Source.Segment, value.Source.Mark) : RowStart(run) is { Message: > 0 } at ? at : run.Faults.MessageStart;

    /// <summary>The first segment of the row that is being made.</summary>
    public static Position RowStart(MapRun run) => RowStart(run, run.Row.Block);

    /// <summary>The first segment of the current row of a block.</summary>
    public static Position RowStart(MapRun run, BlockProgram block)
    {
        var (frame, start, end) = run.RangeOf(block.Group);
        return start < end && start < frame.Count ? frame[start].At : run.Faults.MessageStart;
    }

    static string? Tag(in Value value) => value.Source.Frame is { } frame ? TagOf(frame, value.Source.Segment) : null;

    static string TagOf(Frame frame, int segment) => Encoding.UTF8.GetString(frame.Text(segment, 0));

    /// <summary>The value itself, or what stands at its source when it was converted already.</summary>
    static string FoundIn(in Value value) => value.Kind == ValueKind.Text ? Brief.Of(value.Text) : FoundAt(value) ?? ContextValues.TextOf(value, new()) ?? "";

    static string? FoundAt(in Value value) =>
        value.Source.Frame is { } frame && value.Source.Mark > 0 ? Brief.Of(frame.Text(value.Source.Segment, value.Source.Mark)) : null;

    static string Segments(Frame frame, int start, int end)
    {
        end = Math.Min(end, frame.Count);
        if (start >= end)
            return "the segments of this message";
        var (first, last) = (frame[start].At.Segment, frame[end - 1].At.Segment);
        return first == last ? Invariant($"the contents of segment {first}") : Invariant($"segments {first}-{last}");
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
