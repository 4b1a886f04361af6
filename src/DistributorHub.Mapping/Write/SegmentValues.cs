using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Write;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Write;

/// <summary>The values of one segment while it is put together, by element and component.</summary>
sealed class SegmentValues
{
    readonly List<(WrittenValue Plan, Value Value)> given = [];
    readonly SortedDictionary<(int Element, int Component), Value> cells = [];
    WrittenSegment segment = null!;

    public void Start(WrittenSegment plan)
    {
        segment = plan;
        given.Clear();
        cells.Clear();
    }

    /// <summary>A value that a rule gives; a null is not given.</summary>
    public void Set(WrittenValue plan, in Value value) => given.Add((plan, value));

    /// <summary>A value the map does not give.</summary>
    public void Set(ElementAddress at, byte[] text)
    {
        var value = default(Value);
        value.SetText(text);
        cells[(at.Element, at.Component)] = value;
    }

    /// <summary>Writes the segment.</summary>
    public void Write(EdiWriter writer)
    {
        Place();
        writer.Segment(segment.Definition.Tag);
        if (cells.Count == 0)
            return;
        for (var (element, last) = (1, cells.Keys.Max(c => c.Element)); element <= last; element++)
        {
            var components = cells.Keys.Where(c => c.Element == element).Select(c => c.Component).DefaultIfEmpty().Max();
            Put(writer, cells.TryGetValue((element, 0), out var simple) ? simple : cells.GetValueOrDefault((element, 1)), isFirst: true);
            for (var component = 2; component <= components; component++)
                Put(writer, cells.GetValueOrDefault((element, component)), isFirst: false);
        }
    }

    static void Put(EdiWriter writer, in Value value, bool isFirst)
    {
        switch (value.Kind, isFirst)
        {
            case (ValueKind.Decimal, true):
                writer.Element(Shortest(value.Number));
                break;
            case (ValueKind.Decimal, false):
                writer.Component(Shortest(value.Number));
                break;
            case (_, true):
                writer.Element(value.Kind == ValueKind.Null ? default : value.Text);
                break;
            default:
                writer.Component(value.Kind == ValueKind.Null ? default : value.Text);
                break;
        }
    }

    // 12.5000 of a column numeric(12,4) is 12.5.
    static decimal Shortest(decimal number) => number / 1.0000000000000000000000000000m;

    // Composites and pairs take the first places that are free, in the order of the rules; what holds nothing but constants takes none.
    void Place()
    {
        foreach (var (plan, value) in given.Where(g => g.Plan.Occurrence < 0 && IsNeeded(g.Plan)))
            cells[(plan.At.Element, plan.At.Component)] = value;
        for (var index = 0; index < segment.Occurrences.Count; index++)
        {
            var own = given.FindAll(g => g.Plan.Occurrence == index);
            if (own.TrueForAll(g => g.Plan.IsConstant) && segment.Values.Any(v => v.Occurrence == index && !v.IsConstant))
                continue;
            var place = segment.Occurrences[index].Places.First(at => !own.Exists(g => cells.ContainsKey((at + g.Plan.At.Element, g.Plan.At.Component))));
            foreach (var (plan, value) in own)
                cells[(place + plan.At.Element, plan.At.Component)] = value;
        }
    }

    // A constant in a composite, or in a pair of X12, stays out where all that it belongs to is null.
    bool IsNeeded(WrittenValue constant)
    {
        if (!constant.IsConstant)
            return true;
        var paired = segment.Definition.Conditions.Where(c => c.Kind == ConditionKind.Paired && c.Elements.Contains(constant.At.Element)
            || c.Kind == ConditionKind.Conditional && c.Elements[0] == constant.At.Element).SelectMany(c => c.Elements).ToList();
        bool IsOfSame(WrittenValue other) => other.Occurrence < 0 && !other.IsConstant
            && (constant.At.Component > 0 ? other.At.Element == constant.At.Element : paired.Contains(other.At.Element));
        return !segment.Values.Any(IsOfSame) || given.Exists(g => IsOfSame(g.Plan));
    }
}
