using DistributorHub.Edi.Write;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Write;

/// <summary>The values of one segment while it is put together. Reused for the next segment.</summary>
sealed class SegmentValues
{
    // Two more than rules give: the ids of a level and of the level around it.
    const int OfLevel = 2;

    Value[] values = new Value[32];
    bool[] given = new bool[32];

    /// <summary>By element and component: one more than the index of the value that stands there; 0 = none.</summary>
    int[] cells = new int[256];

    WriteSegmentProgram segment = null!;

    public void Start(WriteSegmentProgram program)
    {
        segment = program;
        if (values.Length < program.Values.Length + OfLevel)
        {
            values = new Value[program.Values.Length + OfLevel];
            given = new bool[values.Length];
        }
        if (cells.Length < program.Cells)
            cells = new int[program.Cells];
        given.AsSpan(0, program.Values.Length + OfLevel).Clear();
        cells.AsSpan(0, program.Cells).Clear();
    }

    /// <summary>The value that a rule gives; a null is not given.</summary>
    public void Set(int rule, in Value value)
    {
        values[rule] = value;
        given[rule] = true;
    }

    /// <summary>The id of the level that the segment names, or of the one around it.</summary>
    public void SetLevel(int element, bool isOuter, byte[] id)
    {
        var index = segment.Values.Length + (isOuter ? 1 : 0);
        values[index].SetText(id);
        cells[segment.CellOf(element, 0)] = index + 1;
    }

    /// <summary>Writes the segment.</summary>
    public void Write(EdiWriter writer)
    {
        Place();
        writer.Segment(segment.Plan.Definition.Tag);
        var last = cells.AsSpan(0, segment.Cells).LastIndexOfAnyExcept(0);
        for (var (element, end) = (1, last / segment.Width); element <= end; element++)
        {
            var own = cells.AsSpan(segment.CellOf(element, 0), segment.Width);
            Put(writer, own[0] > 0 ? own[0] : own.Length > 1 ? own[1] : 0, isFirst: true);
            for (var component = 2; component <= own.LastIndexOfAnyExcept(0); component++)
                Put(writer, own[component], isFirst: false);
        }
    }

    void Put(EdiWriter writer, int cell, bool isFirst)
    {
        ref readonly var value = ref values[Math.Max(cell - 1, 0)];
        switch (cell > 0 ? value.Kind : ValueKind.Null, isFirst)
        {
            case (ValueKind.Decimal, true):
                writer.Element(Shortest(value.Number));
                break;
            case (ValueKind.Decimal, false):
                writer.Component(Shortest(value.Number));
                break;
            case (ValueKind.Null, true):
                writer.Element();
                break;
            case (ValueKind.Null, false):
                writer.Component(default(ReadOnlySpan<byte>));
                break;
            case (_, true):
                writer.Element(value.Text);
                break;
            default:
                writer.Component(value.Text);
                break;
        }
    }

    // 12.5000 of a column numeric(12,4) is 12.5.
    static decimal Shortest(decimal number) => number.Scale == 0 ? number : number / 1.0000000000000000000000000000m;

    // Composites and pairs take the first places that are free, in the order of the rules; what holds nothing but constants takes none.
    void Place()
    {
        for (var rule = 0; rule < segment.Values.Length; rule++)
            if (given[rule] && segment.Values[rule].Plan is { Occurrence: < 0 } plan && IsNeeded(segment.Companions[rule]))
                cells[segment.CellOf(plan.At.Element, plan.At.Component)] = rule + 1;
        for (var index = 0; index < segment.Plan.Occurrences.Count; index++)
        {
            if (!IsNeeded(segment.OccurrenceCompanions[index]))
                continue;
            foreach (var place in segment.Plan.Occurrences[index].Places)
                if (TryPlace(segment.OccurrenceRules[index], place))
                    break;
        }
    }

    bool TryPlace(int[] rules, int place)
    {
        foreach (var rule in rules)
            if (cells[CellOf(rule, place)] > 0)
                return false;
        foreach (var rule in rules)
            if (given[rule])
                cells[CellOf(rule, place)] = rule + 1;
        return true;
    }

    int CellOf(int rule, int place) => segment.Values[rule].Plan.At is var at ? segment.CellOf(place + at.Element, at.Component) : 0;

    // Constants stay out where all that they belong to is null; what belongs to nothing is always needed.
    bool IsNeeded(int[]? companions)
    {
        if (companions is null)
            return true;
        foreach (var rule in companions)
            if (given[rule])
                return true;
        return false;
    }
}
