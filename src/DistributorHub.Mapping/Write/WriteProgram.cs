using System.Collections.Concurrent;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Run.Nodes;

namespace DistributorHub.Mapping.Write;

/// <summary>A value ready to be evaluated.</summary>
readonly record struct ValueProgram(WrittenValue Plan, Node Value);

/// <summary>An entry ready to run: of a segment or of a block.</summary>
abstract class EntryProgram;

sealed class WriteSegmentProgram(WrittenSegment plan, IReadOnlyList<ValueProgram> values) : EntryProgram
{
    public WrittenSegment Plan { get; } = plan;

    /// <summary>In the order of the map.</summary>
    public IReadOnlyList<ValueProgram> Values { get; } = values;
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
