using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
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
    internal CompiledMap(string id, string version, MapPlan plan)
    {
        Id = id;
        Version = version;
        Plan = plan;
        Tables = [.. plan.Target.Tables.Where(t => plan.Blocks.Any(b => b.Table == t))];
    }

    public string Id { get; }

    /// <summary>SHA-256 over the texts this map was compiled from (map, code lists, target), in hex: its version.</summary>
    public string Version { get; }

    public MessageDefinition Message => Plan.Message;

    public TargetDefinition Target => Plan.Target;

    /// <summary>Tables the map fills, in the target's order (parents first).</summary>
    public IReadOnlyList<TableDefinition> Tables { get; }

    internal MapPlan Plan { get; }
}
