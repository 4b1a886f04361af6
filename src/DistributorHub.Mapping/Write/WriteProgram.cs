using System.Collections.Concurrent;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;
using Node = DistributorHub.Mapping.Run.Nodes.Node;

namespace DistributorHub.Mapping.Write;

/// <summary>A value ready to be evaluated.</summary>
readonly record struct ValueProgram(WrittenValue Plan, Node Value);

/// <summary>An entry ready to run: of a segment or of a block.</summary>
abstract class EntryProgram;

/// <summary>A rule of a segment, with what of its values belongs together.</summary>
sealed class WriteSegmentProgram : EntryProgram
{
    public WriteSegmentProgram(WrittenSegment plan, ValueProgram[] values)
    {
        (Plan, Values) = (plan, values);
        IsConstant = Array.TrueForAll(values, value => value.Plan.IsConstant);
        OccurrenceRules = [.. plan.Occurrences.Select((_, index) => RulesWhere(value => value.Occurrence == index))];
        OccurrenceCompanions = [.. OccurrenceRules.Select(rules => OrNull([.. rules.Where(rule => !values[rule].Plan.IsConstant)]))];
        Companions = [.. values.Select(value => value.Plan is { IsConstant: true, Occurrence: < 0 } constant ? OrNull(CompanionsOf(constant)) : null)];
        Width = 1 + values.Max(value => (int?)value.Plan.At.Component) ?? 1;
        var last = plan.Definition.Tree is { } tree ? Math.Max(tree.Id, tree.Parent) : 0;
        foreach (var (value, _) in values)
            last = Math.Max(last, value.At.Element + (value.Occurrence < 0 ? 0 : plan.Occurrences[value.Occurrence].Places.Max()));
        Cells = (last + 1) * Width;
    }

    public WrittenSegment Plan { get; }

    /// <summary>In the order of the map.</summary>
    public ValueProgram[] Values { get; }

    /// <summary>True when all its values are constant: it is always written.</summary>
    public bool IsConstant { get; }

    /// <summary>For every constant, the rules of which one must give a value for it to be written; null = it always is.</summary>
    public int[]?[] Companions { get; }

    /// <summary>The rules of each occurrence.</summary>
    public int[][] OccurrenceRules { get; }

    /// <summary>The same for occurrences.</summary>
    public int[]?[] OccurrenceCompanions { get; }

    /// <summary>Cells of an element: itself, and its components.</summary>
    public int Width { get; }

    /// <summary>Cells of all its elements.</summary>
    public int Cells { get; }

    public int CellOf(int element, int component) => element * Width + component;

    // A constant belongs to the other values of its composite, or to those that X12 pairs it with.
    int[] CompanionsOf(WrittenValue constant)
    {
        var paired = Plan.Definition.Conditions.Where(c => c.Kind == ConditionKind.Paired && c.Elements.Contains(constant.At.Element)
            || c.Kind == ConditionKind.Conditional && c.Elements[0] == constant.At.Element).SelectMany(c => c.Elements).ToList();
        return RulesWhere(other => other is { Occurrence: < 0, IsConstant: false }
            && (constant.At.Component > 0 ? other.At.Element == constant.At.Element : paired.Contains(other.At.Element)));
    }

    int[] RulesWhere(Func<WrittenValue, bool> holds) => [.. Enumerable.Range(0, Values.Length).Where(rule => holds(Values[rule].Plan))];

    static int[]? OrNull(int[] rules) => rules.Length == 0 ? null : rules;
}

sealed class WriteBlockProgram(WrittenBlock plan, Node? where, IReadOnlyList<EntryProgram> entries) : EntryProgram
{
    public WrittenBlock Plan { get; } = plan;

    public Node? Where { get; } = where;

    public IReadOnlyList<EntryProgram> Entries { get; } = entries;
}

/// <summary>A map that writes, ready to run: made once, shared by all threads, with the runs that are at rest.</summary>
sealed class WriteProgram
{
    readonly RunProgram program;
    readonly ConcurrentBag<WriteRun> atRest = [];

    public WriteProgram(WritePlan plan)
    {
        Plan = plan;
        DocumentNodeBuilder nodes = null!;
        program = RunProgram.Of(RowsOf(plan), layout => nodes = new(layout));
        Entries = [.. plan.Entries.Select(entry => Build(entry, nodes))];
    }

    public WritePlan Plan { get; }

    public IReadOnlyList<EntryProgram> Entries { get; }

    public WriteRun Rent() => atRest.TryTake(out var run) ? run : new(this, new(program));

    public void Return(WriteRun run) => atRest.Add(run);

    // Expressions run as those of a row do; a document has one such row, which fills no table.
    static MapPlan RowsOf(WritePlan plan) => new()
    {
        Message = plan.Message,
        Target = new() { Id = plan.Document.Id, Tables = [] },
        Unit = 0,
        UnitBytesMax = 0,
        FrameBytesMax = 0,
        Blocks = [new RowBlock { Id = 0, Outer = -1, Table = null, Group = 0, Place = default }],
        Folds = [],
    };

    static EntryProgram Build(WriteEntry entry, NodeBuilder nodes) => entry switch
    {
        WrittenSegment segment => new WriteSegmentProgram(segment, [.. segment.Values.Select(value => new ValueProgram(value, nodes.Build(value.Value)))]),
        WrittenBlock block => new WriteBlockProgram(block, block.Where is null ? null : nodes.Build(block.Where), [.. block.Entries.Select(inner => Build(inner, nodes))]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
