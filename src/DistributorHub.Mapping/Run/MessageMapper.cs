using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Rows;

namespace DistributorHub.Mapping;

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
