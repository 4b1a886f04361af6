using DistributorHub.Edi;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Golden;

/// <summary>What became of a file.</summary>
/// <param name="Messages">Its messages, in order.</param>
/// <param name="Findings">What was found in it, while it was read, mapped and loaded.</param>
sealed record GoldenOutcome(IReadOnlyList<GoldenMessage> Messages, IReadOnlyList<Finding> Findings);

/// <summary>What became of one message.</summary>
/// <param name="Ordinal">Its ordinal in the file.</param>
/// <param name="Type">ORDERS, 850.</param>
/// <param name="Number">Business number, or null.</param>
/// <param name="Rejected">True when nothing of it was loaded, for an error.</param>
/// <param name="Target">The tables its map fills; null without a map.</param>
/// <param name="Rows">The rows as they went to the loader; none of a rejected message.</param>
sealed record GoldenMessage(int Ordinal, string Type, string? Number, bool Rejected, TargetDefinition? Target, IReadOnlyList<CollectedRow> Rows)
{
    /// <summary>As people name it.</summary>
    public string Label => $"message {Ordinal} ({Type}{(Number is null ? "" : $" {Number}")})";

    /// <summary>Rows by table that have no parent row, or are children of one.</summary>
    public IEnumerable<(TableDefinition Table, IReadOnlyList<CollectedRow> Rows)> Below(CollectedRow? parent) =>
        from row in Rows
        where parent is null ? row.ParentRow == 0 : row.ParentRow == parent.Row && row.Table.Parent == parent.Table.Name
        group row by row.Table.Name into rows
        orderby Place(rows.Key)
        select (rows.First().Table, (IReadOnlyList<CollectedRow>)[.. rows.OrderBy(row => row.Row)]);

    int Place(string table)
    {
        for (var i = 0; i < Target!.Tables.Count; i++)
            if (Target.Tables[i].Name == table)
                return i;
        return int.MaxValue;
    }
}
