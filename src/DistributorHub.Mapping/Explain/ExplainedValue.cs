using DistributorHub.Edi;

namespace DistributorHub.Mapping.Explain;

/// <summary>Which values are explained; what is null or 0 chooses nothing.</summary>
/// <param name="Table">Only rows of this table.</param>
/// <param name="Row">Only the row with this number in its message and table.</param>
/// <param name="Column">Only this column; conditions are called <c>where</c> and <c>check.name</c>.</param>
public sealed record ExplainFilter(string? Table = null, long Row = 0, string? Column = null)
{
    internal bool Takes(string table, string column) => (Table is null || Table == table) && (Column is null || Column == column);
}

/// <summary>A value of a row, or a condition of its rule, and how it came about.</summary>
public sealed class ExplainedValue
{
    /// <summary>The table; of a block without one the tag it is for.</summary>
    public required string Table { get; init; }

    /// <summary>Number of the row in its message and table; 0 when <c>where:</c> skipped it.</summary>
    public long Row { get; internal set; }

    /// <summary>The column, <c>where</c>, or <c>check.name</c>.</summary>
    public required string Column { get; init; }

    /// <summary>Where the row's first segment stands.</summary>
    public required Position At { get; init; }

    /// <summary>The rule with its value; its steps in the order they were taken.</summary>
    public required ExplainedStep Rule { get; init; }

    internal int Block { get; init; }

    internal int Order { get; init; }
}

/// <summary>One expression that was evaluated.</summary>
public sealed record ExplainedStep
{
    /// <summary>The expression as written.</summary>
    public required string Text { get; init; }

    /// <summary>Where it starts, <c>file:line:column</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Its value as text; null when it is null or failed.</summary>
    public required string? Value { get; init; }

    /// <summary>True when a fault of the data was found, which is among the findings.</summary>
    public bool Failed { get; init; }

    /// <summary>Why the value is what it is, where neither sources nor steps say so: what was looked for and where, which entry of a list was taken.</summary>
    public string? Note { get; init; }

    /// <summary>What was read from the message, at most <see cref="SourcesMax"/>.</summary>
    public IReadOnlyList<ValueSource> Sources { get; init; } = [];

    /// <summary>Sources beyond those.</summary>
    public long MoreSources { get; init; }

    /// <summary>The expressions inside it, as far as they were evaluated.</summary>
    public IReadOnlyList<ExplainedStep> Steps { get; init; } = [];

    /// <summary>Most sources that one step names.</summary>
    public const int SourcesMax = 10;
}

/// <summary>A value in the message.</summary>
/// <param name="Path">Its full path: <c>LIN/QTY.C186.6060</c>.</param>
/// <param name="At">Where it stands: segment, element, component, repetition.</param>
/// <param name="Start">Byte of the file it starts at.</param>
/// <param name="End">Byte after its last.</param>
/// <param name="Text">The value as sent.</param>
/// <param name="Segment">Its segment, without release characters and line wraps.</param>
public sealed record ValueSource(string Path, Position At, long Start, long End, string Text, string Segment);
