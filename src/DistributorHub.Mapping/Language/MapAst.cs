using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>A map as written: shape checked, expressions still text.</summary>
sealed record MapAst
{
    /// <summary>The message in every release the map is for, in the order it names them; without those that are not known.</summary>
    public required IReadOnlyList<MessageDefinition> Messages { get; init; }

    /// <summary>How files without an envelope are read; null for EDI.</summary>
    public Formats.FileFormat? Format { get; init; }

    /// <summary>Id of the target; null when the map does not say it.</summary>
    public YamlScalar? To { get; init; }

    /// <summary>True with <c>stream: buffer</c>.</summary>
    public bool Buffer { get; init; }

    public int? SegmentsMax { get; init; }

    /// <summary>What <c>limits:</c> says, or null where it says nothing.</summary>
    public int? UnitBytesMax { get; init; }

    /// <inheritdoc cref="UnitBytesMax"/>
    public int? FrameBytesMax { get; init; }

    /// <summary>Most rows of a message that are left out for faults of theirs; 0 = a fault rejects the message.</summary>
    public int RowsLeftOutMax { get; init; }

    public IReadOnlyDictionary<string, Macro> Macros { get; init; } = new Dictionary<string, Macro>(StringComparer.Ordinal);

    /// <summary>What no rule reads on purpose: paths from the message.</summary>
    public IReadOnlyList<YamlScalar> Ignored { get; init; } = [];

    public required IReadOnlyList<BlockAst> Blocks { get; init; }
}

/// <summary>An entry of <c>rows:</c>.</summary>
sealed record BlockAst
{
    public required Place Place { get; init; }

    public YamlScalar? Table { get; init; }

    public YamlScalar? For { get; init; }

    public YamlScalar? Where { get; init; }

    public IReadOnlyList<KeyValuePair<YamlScalar, YamlScalar>> Set { get; init; } = [];

    /// <summary>All names under <c>set:</c>, those without an expression as well; null when it holds none because it is no list of them.</summary>
    public IReadOnlyList<string>? SetNames { get; init; } = [];

    public IReadOnlyList<KeyValuePair<YamlScalar, YamlScalar>> Checks { get; init; } = [];

    public IReadOnlyList<BlockAst> Rows { get; init; } = [];
}

/// <summary>An entry of <c>functions:</c>: <c>strip_sku(x): "replace(trim(x), '^0+', '')"</c>.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Parameters">Names of its arguments.</param>
/// <param name="Body">What it stands for; null when it has a mistake, which is told where it stands: nothing more is said of its calls.</param>
sealed record Macro(string Name, IReadOnlyList<string> Parameters, Expr? Body)
{
    /// <summary>The installation's own function that stands behind the name; null for one that the map has.</summary>
    public MapFunction? Own { get; init; }
}
