using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Run;

/// <content>Faults of documents that are written: they say which field or value of which row is concerned.</content>
sealed partial class Faults
{
    const string DocumentAdvice = "Correct it where the document comes from, or change the map.";

    /// <summary>A field that is needed is null, or no row of a list has it.</summary>
    public void FieldAbsent(MapRun run, BoundExpr rule) => Add(run, rule, OfValue(run, default, MapCodes.FieldNull,
        $"{run.Rule} needs {rule.Text}, which has no value in {run.Document!.Row}.", DocumentAdvice) with
    {
        Advice = $"Fill it where the document comes from; if it may be missing, write {rule.Text}? or a ?? default in the map.",
    });

    public void PeriodReversed(MapRun run, BoundExpr rule, in Value value) => Add(run, rule, OfValue(run, value, MapCodes.PeriodReversed,
        $"{run.Rule}: the period {rule.Text} ends before it starts in {run.Document!.Row}.", DocumentAdvice));

    public void ElementTooLong(MapRun run, WrittenValue written, in Value value, string found) => Add(run, written.Value, OfValue(run, value, MapCodes.TooLong,
        Invariant($"{written.Name} takes {written.Element.Max} characters or digits, and '{found}' in {run.Document!.Row} has more."), DocumentAdvice,
        Invariant($"at most {written.Element.Max}")) with
    {
        Advice = written.Value.Type == Language.ValueType.Text ? Invariant($"Nothing is cut silently: write left(…, {written.Element.Max}) in the map, or shorten it where the document comes from.") : DocumentAdvice,
    });

    public void ElementTooShort(MapRun run, WrittenValue written, in Value value, string found) => Add(run, written.Value, OfValue(run, value, MapCodes.TooShort,
        Invariant($"{written.Name} takes at least {written.Element.Min} characters, and '{found}' in {run.Document!.Row} has fewer."), DocumentAdvice, Invariant($"at least {written.Element.Min}")));

    public void ElementTooPrecise(MapRun run, WrittenValue written, in Value value) => Add(run, written.Value, OfValue(run, value, MapCodes.TooPrecise,
        Invariant($"{written.Name} takes {written.Element.ImpliedDecimals} decimals, and the number in {run.Document!.Row} has {Numbers.Decimals(value.Number)}."), DocumentAdvice,
        Invariant($"at most {written.Element.ImpliedDecimals} decimals")) with
    {
        Advice = Invariant($"Nothing is rounded silently: write round(…, {written.Element.ImpliedDecimals}) in the map."),
    });

    /// <summary>A segment has values, and the one that starts its group was left out.</summary>
    public void NoTrigger(MapRun run, WrittenSegment segment, BoundExpr rule) => Add(run, rule, OfValue(run, default, MapCodes.NoTrigger,
        $"{segment.Name} has values in {run.Document!.Row}, but the segment that starts its group has none and is left out.", DocumentAdvice) with
    {
        Advice = "Give that segment a value, or put both into a block with where:.",
    });
}
