using System.Buffers;
using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>What is wrong with a value, before it is put into words.</summary>
enum ValueFault
{
    None,
    ElementMissing,
    ComponentMissing,
    TooLong,
    TooShort,
    NotANumber,
    NumberMark,
    NumberForm,
    DateInvalid,
    TimeInvalid,
    LettersOnly,
    ElementsTooMany,
    ComponentsTooMany,
    CompositeUnexpected,
    RepetitionsTooMany,
    MomentEmpty,
    CodeUnknown,
    ConditionMissing,
    ConditionExclusive,
}

/// <summary>A fault and its place in a segment.</summary>
/// <param name="Start">Index in <see cref="Segment.Text"/> of the value.</param>
/// <param name="Length">Length of the value in bytes.</param>
readonly record struct ValueFinding(
    ValueFault Fault, ElementRule? Rule, int Element, int Component, int Repetition, int Start, int Length)
{
    /// <summary>The condition that does not hold, for faults of one.</summary>
    public ConditionDefinition? Condition { get; init; }
}

/// <summary>Checks the values of one segment against its definition. Allocates nothing unless something is wrong.</summary>
sealed class ElementCheck
{
    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    readonly List<ValueFinding> faults = [];
    bool x12;
    byte mark;
    byte otherMark;

    /// <summary>What was wrong with the last segment.</summary>
    public List<ValueFinding> Faults => faults;

    /// <summary>Takes over what an interchange says about numbers.</summary>
    public void Use(InterchangeInfo interchange)
    {
        x12 = interchange.Standard == Standard.X12;
        mark = interchange.Delimiters.Decimal is 0 || x12 ? (byte)'.' : interchange.Delimiters.Decimal;
        otherMark = !interchange.EitherDecimalMark ? (byte)0 : mark == '.' ? (byte)',' : (byte)'.';
    }

    public void Run(Segment segment, SegmentRules rules)
    {
        faults.Clear();
        var marks = segment.Marks;
        var at = 0;
        // Components right after the tag are explicit nesting (ISO 9735 9.1), no element.
        while (marks[at].Kind == MarkKind.Component)
            at++;
        at++;

        var element = 0;
        while (at < marks.Length)
        {
            element++;
            var last = at;
            while (marks[last].Kind is MarkKind.Component or MarkKind.Repetition)
                last++;
            if (element > rules.Elements.Length)
            {
                TooMany(marks, at, element);
                break;
            }
            var rule = rules.Elements[element - 1];
            if (last > at || rule.Components.Length > 0)
                Element(segment, rule, element, at, last);
            else
            {
                var start = marks[at - 1].End + 1;
                Single(segment.Text[start..marks[at].End], rule, element, 1, start);
            }
            at = last + 1;
        }
        for (var absent = element + 1; absent <= rules.LastMandatory; absent++)
            if (rules.Elements[absent - 1].Mandatory)
                Add(ValueFault.ElementMissing, rules.Elements[absent - 1], absent, 0, 1, segment.Text.Length, 0);
        if (rules.Definition.Moment is { } moment)
            Moment(segment, rules, moment);
        if (rules.Conditions.Length > 0)
            Conditions(segment, rules);
    }

    void Conditions(Segment segment, SegmentRules rules)
    {
        var marks = segment.Marks;
        var present = 0UL;
        var element = 0;
        for (var at = 1; at < marks.Length && element < ConditionRule.ElementsMax; at++, element++)
        {
            // Anything between two element separators but other separators makes an element present.
            var separators = 0;
            var start = marks[at - 1].End;
            for (; marks[at].Kind is MarkKind.Component or MarkKind.Repetition; at++)
                separators++;
            if (marks[at].End - start - 1 > separators)
                present |= 1UL << element;
        }
        foreach (var condition in rules.Conditions)
        {
            if (condition.Holds(present))
                continue;
            var culprit = condition.Culprit(present);
            // An element that is mandatory by itself is a fault of its own.
            if (rules.Elements[culprit - 1].Mandatory)
                continue;
            var exclusive = condition.Definition.Kind == ConditionKind.Exclusive;
            faults.Add(new(exclusive ? ValueFault.ConditionExclusive : ValueFault.ConditionMissing, rules.Elements[culprit - 1], culprit, 0, 1, segment.Text.Length, 0)
            {
                Condition = condition.Definition,
            });
        }
    }

    /// <summary>Only values count: separators alone at the end of a segment are the reader's finding.</summary>
    void TooMany(Marks marks, int at, int element)
    {
        for (var i = at; i < marks.Length; i++)
            if (marks[i].End > marks[i - 1].End + 1)
            {
                var start = marks[i - 1].End + 1;
                Add(ValueFault.ElementsTooMany, null, element, 0, 1, start, marks[i].End - start);
                return;
            }
    }

    void Element(Segment segment, ElementRule rule, int element, int first, int last)
    {
        var repetition = 1;
        for (var at = first; at <= last; repetition++)
        {
            var end = at;
            while (end < last && segment.Marks[end].Kind != MarkKind.Repetition)
                end++;
            if (repetition == rule.Repeats + 1)
                Add(ValueFault.RepetitionsTooMany, rule, element, 0, repetition, segment.Marks[at - 1].End + 1, 0);
            if (rule.Components.Length > 0)
                Composite(segment, rule, element, repetition, at, end);
            else
                Simple(segment, rule, element, repetition, at, end);
            at = end + 1;
        }
    }

    void Composite(Segment segment, ElementRule rule, int element, int repetition, int first, int last)
    {
        var marks = segment.Marks;
        if (marks[last].End - marks[first - 1].End - 1 == last - first)
        {
            // Separators only: the composite is absent.
            if (rule.Mandatory && repetition == 1)
                Add(ValueFault.ElementMissing, rule, element, 0, 1, marks[first - 1].End + 1, 0);
            return;
        }
        var components = rule.Components;
        for (var at = first; at <= last; at++)
        {
            var component = at - first + 1;
            var start = marks[at - 1].End + 1;
            var value = segment.Text[start..marks[at].End];
            if (component <= components.Length)
            {
                var inner = components[component - 1];
                // A code of the list is right in every respect.
                if (inner.Codes is { } codes && codes.Contains(value))
                    continue;
                Value(value, inner, element, component, repetition, start);
                if (inner.Codes is not null && value.Length > 0 && !OfOtherList(marks, first, last, rule.OtherLists[component - 1]))
                    Code(value, inner, element, component, repetition, start);
            }
            else if (value.Length > 0)
            {
                Add(ValueFault.ComponentsTooMany, rule, element, component, repetition, start, value.Length);
                break;
            }
        }
        for (var absent = last - first + 2; absent <= components.Length; absent++)
            if (components[absent - 1].Mandatory)
                Add(ValueFault.ComponentMissing, components[absent - 1], element, absent, repetition, marks[last].End, 0);
    }

    /// <summary>True when the composite says that its code is of a list other than the directory's.</summary>
    static bool OfOtherList(Marks marks, int first, int last, (int First, int Last) named)
    {
        for (var component = named.First; component < named.Last && first + component <= last; component++)
            if (marks[first + component].End > marks[first + component - 1].End + 1)
                return true;
        return false;
    }

    /// <summary>A code that is not in its list. A value with another fault is reported for that only.</summary>
    void Code(ReadOnlySpan<byte> value, ElementRule rule, int element, int component, int repetition, int start)
    {
        // GS1's subset EANCOM adds codes of its own to the UN's lists: a number and an E (BGM 9E, PCI 33E).
        if (!x12 && value is [.. var number, (byte)'E'] && number.Length is 1 or 2 && !number.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return;
        // X12 codes of one character are sometimes filled up to two.
        if (x12 && value[^1] == ' ' && rule.Codes!.Contains(value.TrimEnd((byte)' ')))
            return;
        if (faults.Count == 0 || faults[^1].Start != start)
            Add(ValueFault.CodeUnknown, rule, element, component, repetition, start, value.Length);
    }

    void Simple(Segment segment, ElementRule rule, int element, int repetition, int first, int last)
    {
        var marks = segment.Marks;
        for (var at = first + 1; at <= last; at++)
            if (marks[at].End > marks[at - 1].End + 1)
            {
                var whole = marks[first - 1].End + 1;
                Add(ValueFault.CompositeUnexpected, rule, element, 0, repetition, whole, marks[last].End - whole);
                return;
            }
        var start = marks[first - 1].End + 1;
        Single(segment.Text[start..marks[first].End], rule, element, repetition, start);
    }

    void Single(ReadOnlySpan<byte> value, ElementRule rule, int element, int repetition, int start)
    {
        if (rule.Codes is { } codes && codes.Contains(value))
            return;
        Value(value, rule, element, 0, repetition, start);
        if (rule.Codes is not null && value.Length > 0)
            Code(value, rule, element, 0, repetition, start);
    }

    void Value(ReadOnlySpan<byte> value, ElementRule rule, int element, int component, int repetition, int start)
    {
        if (value.IsEmpty)
        {
            if (rule.Mandatory && repetition == 1)
                Add(component > 0 ? ValueFault.ComponentMissing : ValueFault.ElementMissing, rule, element, component, repetition, start, 0);
            return;
        }
        var length = value.Length;
        var fault = ValueFault.None;
        switch (rule.Type)
        {
            case ElementType.Decimal:
                (fault, length) = Number(value);
                break;
            case ElementType.Implied:
                length = value[0] == '-' ? length - 1 : length;
                if (length == 0 || value[^length..].ContainsAnyExcept(Digits))
                    fault = ValueFault.NotANumber;
                break;
            case ElementType.Date when !MomentText.IsDate(value):
                fault = ValueFault.DateInvalid;
                break;
            case ElementType.Time when !MomentText.IsTime(value):
                fault = ValueFault.TimeInvalid;
                break;
            case ElementType.Text when rule.AlphabeticOnly && value.ContainsAny(Digits):
                fault = ValueFault.LettersOnly;
                break;
            case ElementType.Text or ElementType.Code when length > rule.Max || (rule.Min > 1 && length < 4 * rule.Min):
                // Lengths are of characters; only where bytes do not settle it are they counted.
                length = Encoding.UTF8.GetCharCount(value);
                break;
        }
        if (fault == ValueFault.None)
            fault = length > rule.Max ? ValueFault.TooLong : length < rule.Min ? ValueFault.TooShort : ValueFault.None;
        if (fault != ValueFault.None)
            Add(fault, rule, element, component, repetition, start, value.Length);
    }

    (ValueFault Fault, int Digits) Number(ReadOnlySpan<byte> value)
    {
        var (fault, digits) = NumberText.Check(value, mark, otherMark, x12);
        return (fault switch
        {
            NumberFault.None => ValueFault.None,
            NumberFault.Form => ValueFault.NumberForm,
            NumberFault.Mark => ValueFault.NumberMark,
            _ => ValueFault.NotANumber,
        }, digits);
    }

    void Moment(Segment segment, SegmentRules rules, MomentDefinition moment)
    {
        var at = segment.Find(moment.Value.Element, moment.Value.Component, 1);
        var value = at < 1 ? default : segment.Text[(segment.Marks[at - 1].End + 1)..segment.Marks[at].End];
        var element = rules.Elements[moment.Value.Element - 1];
        var rule = element.Components[moment.Value.Component - 1];
        if (value.IsEmpty)
        {
            if (faults.Count == 0)
                Add(ValueFault.MomentEmpty, rule, moment.Value.Element, moment.Value.Component, 1, segment.Text.Length, 0);
            return;
        }
        if (!MomentText.Fits(value, segment.Value(moment.Format.Element, moment.Format.Component)))
            Add(ValueFault.DateInvalid, rule, moment.Value.Element, moment.Value.Component, 1, segment.Marks[at - 1].End + 1, value.Length);
    }

    void Add(ValueFault fault, ElementRule? rule, int element, int component, int repetition, int start, int length) =>
        faults.Add(new(fault, rule, element, component, repetition, start, length));
}
