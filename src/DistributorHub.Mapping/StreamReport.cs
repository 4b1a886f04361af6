using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping;

/// <summary>How a map runs in constant memory: what it holds at a time, and when each value is known.</summary>
public sealed record StreamReport
{
    /// <summary>What is held at a time: <c>one PGI/LIN</c>, or the whole message.</summary>
    public required string Holds { get; init; }

    /// <summary>The row blocks in the order of the file; those that make no rows have no values.</summary>
    public required IReadOnlyList<BlockStreams> Blocks { get; init; }

    /// <summary>Most rows of a message that are left out for faults of theirs; 0 = a fault rejects the message.</summary>
    public required int RowsLeftOutMax { get; init; }

    /// <summary>Tables whose rows may be left out so.</summary>
    public required IReadOnlyList<string> LeavesOut { get; init; }

    internal static StreamReport Of(MapPlan plan)
    {
        var mayLeaveOut = RowErrors.MayLeaveOut(plan, new(plan.Message, plan.Unit));
        var structure = new Structure(plan.Message);
        return new()
        {
            Holds = plan.Unit > 0 ? $"one {structure.PathOf(plan.Unit)}" : plan.MaxSegments is { } max ? $"the whole message, at most {max} segments" : "the whole message",
            RowsLeftOutMax = plan.RowsLeftOutMax,
            LeavesOut = [.. plan.Blocks.Where(block => mayLeaveOut[block.Id]).Select(block => block.Table!.Name).Distinct()],
            Blocks = [.. plan.Blocks.Select(block => new BlockStreams(block.Table?.Name, Rows(block, structure), [.. Values(block)]))],
        };
    }

    static string Rows(RowBlock block, Structure structure) =>
        (block.Group == 0 ? "message" : structure.PathOf(block.Group)) + (block.Pair is { } pair ? $".{pair.Name}" : "") + (block.Below ? " below" : "");

    static IEnumerable<ValueStream> Values(RowBlock block)
    {
        if (block.Where is { } where)
            yield return Of("where", where);
        var ordinary = block.Table?.Columns.Count ?? 0;
        foreach (var column in block.Columns.Where(c => c.Index < ordinary))
            yield return Of(column.Definition.Name, column.Value);
        // The keys of an xref are what the map gives; the value comes with the load.
        foreach (var column in block.Columns.Where(c => c.Index >= ordinary))
            yield return Of($"{column.Definition.Name} (xref key)", column.Value);
        foreach (var check in block.Checks)
            yield return Of($"check {check.Name}", check.Condition);
    }

    static ValueStream Of(string name, BoundExpr value) => new(name, value.Stream.ToString().ToLowerInvariant(), value.Text);
}

/// <summary>A block of rows.</summary>
/// <param name="Table">Its table; null for a scope only.</param>
/// <param name="Rows">What makes a row: <c>message</c>, <c>PGI/LIN</c>.</param>
/// <param name="Values">Its condition, columns and checks.</param>
public sealed record BlockStreams(string? Table, string Rows, IReadOnlyList<ValueStream> Values);

/// <summary>When one value is known.</summary>
/// <param name="Name">Column, check or condition.</param>
/// <param name="Class">local, fixed, fold or late.</param>
/// <param name="Rule">The rule as written.</param>
public sealed record ValueStream(string Name, string Class, string Rule);
