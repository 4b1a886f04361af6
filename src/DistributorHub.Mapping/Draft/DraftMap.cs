using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Draft;

/// <summary>A map that is being drafted.</summary>
sealed class DraftMap
{
    public required string Id { get; init; }

    public required IReadOnlyList<MessageDefinition> Messages { get; init; }

    public required TargetDefinition Target { get; init; }

    /// <summary>Lines at its top that say where it comes from.</summary>
    public List<string> Opening { get; } = [];

    /// <summary>Settings of the head beyond message and target, as written.</summary>
    public List<string> Head { get; } = [];

    public List<DraftBlock> Blocks { get; } = [];

    public string File => MapLibrary.FileOf(Id);

    /// <summary>What makes the rows of a block and of those around it, from the message.</summary>
    public string PathOf(DraftBlock block) => string.Join('/', All.Where(outer => outer == block || outer.Holds(block)).Select(outer => outer.For).OfType<string>());

    /// <summary>A path from the message as it is written in the rows of a group: its own segment stays, the groups around it go.</summary>
    /// <param name="path">Such as <c>PGI/LIN/QTY[21]</c>.</param>
    /// <param name="group">Such as <c>PGI/LIN</c>; empty for the message.</param>
    public static string Relative(string path, string group) => group.Length == 0 ? path
        : path.StartsWith($"{group}/", StringComparison.Ordinal) ? path[(group.Length + 1)..] : path[(group.LastIndexOf('/') + 1)..];

    public IEnumerable<DraftBlock> All => Blocks.SelectMany(Below);

    static IEnumerable<DraftBlock> Below(DraftBlock block) => block.Rows.SelectMany(Below).Prepend(block);
}

/// <summary>A block of rows.</summary>
sealed class DraftBlock
{
    public TableDefinition? Table { get; init; }

    public string? For { get; init; }

    public DraftRule? Where { get; set; }

    public List<DraftRule> Columns { get; } = [];

    public List<DraftRule> Checks { get; } = [];

    public List<DraftBlock> Rows { get; } = [];

    /// <summary>Why it is only a comment; null when it is a part of the map.</summary>
    public string? LeftOut { get; set; }

    /// <summary>What is said behind its columns.</summary>
    public List<string> Remarks { get; } = [];

    public bool Holds(DraftBlock inner) => Rows.Contains(inner) || Rows.Exists(row => row.Holds(inner));

    /// <summary>As people call it.</summary>
    public string Name => Table?.Name ?? For ?? "rows";
}

/// <summary>A column's rule, a condition or a check.</summary>
sealed class DraftRule(string name, string text, bool quoted = false)
{
    public string Name { get; } = name;

    public string Text { get; set; } = text;

    public bool Quoted { get; set; } = quoted;

    /// <summary>Other rules that might be meant, the likeliest first.</summary>
    public Queue<string> Others { get; init; } = new();

    /// <summary>The likeliest rule that compiles, for when none of the others has a value either.</summary>
    public string? Likeliest { get; set; }

    /// <summary>Said behind it on its line.</summary>
    public string? Note { get; set; }

    /// <summary>Rules that would have values as well, each with what is to be said of it.</summary>
    public List<string> Also { get; } = [];

    /// <summary>Why it is only a comment; null when it is a part of the map.</summary>
    public string? LeftOut { get; set; }

    /// <summary>True when it comes from a map that was tried: it stays where the samples do not use it.</summary>
    public bool FromBase { get; init; }
}
