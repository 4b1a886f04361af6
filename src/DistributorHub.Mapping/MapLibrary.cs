using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping;

/// <summary>
/// Everything under one <c>mappings</c> folder, compiled once. Reads files through the delegate it is given, so that it stays pure:
/// the delegate answers a path relative to the folder (with '/') with the file's text, or null.
/// </summary>
public sealed class MapLibrary(IReadOnlyList<string> files, Func<string, string?> read, DefinitionLibrary definitions)
{
    /// <summary>Paths of all files in the folder, relative, with '/'.</summary>
    public IReadOnlyList<string> Files { get; } = files;

    readonly Func<string, string?> read = read;
    readonly DefinitionLibrary definitions = definitions;

    /// <summary>
    /// Compiles a map by id (<c>base/orders-edifact</c> = <c>base/orders-edifact.yaml</c>; a partner's own map <c>acme/orders</c> =
    /// <c>partners/acme/orders.yaml</c>) for a partner, whose code lists (<c>partners/&lt;partner&gt;/codes/*.yaml</c>) go before the shared ones.
    /// Null when it has errors; all of them are in <paramref name="diagnostics"/>.
    /// </summary>
    public CompiledMap? Compile(string id, string? partner, ICollection<Diagnostic> diagnostics) => throw new NotSupportedException();

    /// <summary>Reads <c>targets/&lt;id&gt;.target.yaml</c>; null when it has errors.</summary>
    public TargetDefinition? Target(string id, ICollection<Diagnostic> diagnostics) => throw new NotSupportedException();
}

/// <summary>A map that passed every check: immutable, shared by all threads.</summary>
public sealed class CompiledMap
{
    public required string Id { get; init; }

    /// <summary>SHA-256 over the texts this map was compiled from (map, bases, code lists, target), in hex: its version.</summary>
    public required string Version { get; init; }

    public required MessageDefinition Message { get; init; }

    public required TargetDefinition Target { get; init; }

    /// <summary>Tables the map fills, in the target's order (parents first).</summary>
    public required IReadOnlyList<TableDefinition> Tables { get; init; }
}

/// <summary>What a map may ask of the world around a message.</summary>
public sealed record MapContext
{
    /// <summary>Values of <c>$partner.*</c>: at least <c>id</c>, and <c>currency</c> when the partner has one.</summary>
    public required IReadOnlyDictionary<string, string> Partner { get; init; }

    public required InterchangeInfo Interchange { get; init; }

    public GroupInfo? Group { get; init; }

    public required MessageInfo Message { get; init; }

    /// <summary>Values of <c>$file.*</c>: <c>name</c>.</summary>
    public required IReadOnlyDictionary<string, string> File { get; init; }
}

/// <summary>
/// Turns one message into rows, a unit at a time, in one pass and constant memory.
/// Faults of the data become findings of severity error: the caller then does not load the rows.
/// </summary>
public sealed class MessageMapper(CompiledMap map, MapContext context, IRowSink sink, Findings findings)
{
    public CompiledMap Map { get; } = map;

    readonly MapContext context = context;
    readonly IRowSink sink = sink;
    readonly Findings findings = findings;

    /// <summary>
    /// Takes the reader's current segment, which the validator placed at <paramref name="node"/>.
    /// Call for the header segment too (UNH, ST). Segments without a place (node -1) are not given.
    /// </summary>
    public void Accept(EdiReader reader, int node) => throw new NotSupportedException();

    /// <summary>Ends the message: writes what is still open and evaluates the checks.</summary>
    public void End(EdiReader reader) => throw new NotSupportedException();

    /// <summary>
    /// The message's business key once mapped, for people to search by: the key columns of the first table except the partner's id,
    /// joined with '/' (an order number, a list number); null when nothing was mapped.
    /// </summary>
    public string? DocumentNumber { get; private set; }
}
