using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Write;

/// <summary>A map that writes with every name resolved. Immutable.</summary>
sealed record WritePlan
{
    public required MessageDefinition Message { get; init; }

    public required string Assigned { get; init; }

    public required DocumentDefinition Document { get; init; }

    public required IReadOnlyList<WriteEntry> Entries { get; init; }

    /// <summary>Number of segment rules; their ids are smaller.</summary>
    public required int Segments { get; init; }
}

abstract record WriteEntry;

/// <summary>A block: its entries are written for each row of a list, or once, where a condition holds.</summary>
/// <param name="For">The list, or null.</param>
/// <param name="Where">Boolean; false or null leaves the row out. Null = each row.</param>
/// <param name="IsLevel">True when each row makes a level (HL, CPS), which is numbered and knows the level around it.</param>
/// <param name="Entries">What is written.</param>
sealed record WrittenBlock(DocumentList? For, BoundExpr? Where, bool IsLevel, IReadOnlyList<WriteEntry> Entries) : WriteEntry;

/// <summary>A rule that writes a segment, or none when its values that are not constant are all null.</summary>
sealed record WrittenSegment : WriteEntry
{
    public required int Id { get; init; }

    public required SegmentDefinition Definition { get; init; }

    /// <summary>As the map calls it: <c>QTY[113]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the rule that writes the first segment of the group this one stands in, without which it cannot be written; -1 when none is needed.</summary>
    public required int Trigger { get; init; }

    public required IReadOnlyList<WrittenValue> Values { get; init; }

    /// <summary>Composites and pairs that are told apart by a code: each takes the next free place.</summary>
    public required IReadOnlyList<Occurrence> Occurrences { get; init; }

    /// <summary>True when it names a level, whose id and parent's id are written by themselves.</summary>
    public bool IsLevel { get; init; }
}

/// <summary>One value of a segment.</summary>
/// <param name="Value">Has a type that the element takes.</param>
/// <param name="Element">The element or component.</param>
/// <param name="At">Where it stands; with an occurrence, counted from its place.</param>
/// <param name="Occurrence">Index of its occurrence, or -1.</param>
/// <param name="Pattern">How a date, time or moment is written; null for other values.</param>
/// <param name="Name">Its name for findings: <c>QTY[113].C186.6060</c>.</param>
sealed record WrittenValue(BoundExpr Value, ElementDefinition Element, ElementAddress At, int Occurrence, string? Pattern, string Name)
{
    /// <summary>A constant alone makes no segment.</summary>
    public bool IsConstant => Value is BoundExpr.Literal { Value: not null };
}

/// <summary>A composite or pair that is written to the first free of some places.</summary>
/// <param name="Name">Its name: <c>C212[SA]</c>.</param>
/// <param name="Family">What shares the places: <c>C212</c>.</param>
/// <param name="Places">Positions of its first element, in order.</param>
sealed record Occurrence(string Name, string Family, IReadOnlyList<int> Places);
