using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping;

/// <summary>
/// Turns one message into rows, a unit at a time, in one pass and constant memory.
/// Faults of the data become findings of severity error: the caller then does not load the rows.
/// </summary>
public sealed class MessageMapper
{
    readonly RunProgram program;
    readonly MapWatch? watch;
    MapRun? run;

    /// <param name="map">The map, of the message's release.</param>
    /// <param name="context">What stands around the message.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="findings">Takes faults.</param>
    /// <param name="watch">Looks on; null = nobody does.</param>
    public MessageMapper(CompiledMap map, MapContext context, IRowSink sink, Findings findings, MapWatch? watch = null)
    {
        Map = map;
        this.watch = watch;
        program = watch is null ? RunProgram.Of(map) : watch.Program(map);
        run = program.Rent();
        run.Start(context, sink, findings);
    }

    public CompiledMap Map { get; }

    /// <summary>
    /// Takes the reader's current segment, which the validator placed at <paramref name="node"/>.
    /// Only segments between header and trailer that have a place (node 0 or more) are given: UNH and ST are no part of a structure.
    /// </summary>
    public void Accept(EdiReader reader, int node)
    {
        watch?.See(reader.Segment, reader.Position, node, Open, reader.OffsetOf);
        Open.Accept(reader.Segment, reader.Position, node);
    }

    /// <summary>Takes the current segment of a file without an envelope.</summary>
    public void Accept(RecordReader reader)
    {
        watch?.See(reader.Segment, reader.Position, reader.Node, Open, reader.OffsetOf);
        Open.Accept(reader.Segment, reader.Position, reader.Node);
    }

    /// <summary>Ends the message: writes what is still open and evaluates the checks.</summary>
    public void End()
    {
        DocumentNumber = Open.End();
        LeftOut = Open.Faults.LeftOut;
        program.Return(Open);
        run = null;
    }

    /// <summary>
    /// The message's business key once mapped, for people to search by: the key columns of the first table except the partner's id,
    /// joined with '/' (an order number, a list number); null when nothing was mapped.
    /// </summary>
    public string? DocumentNumber { get; private set; }

    /// <summary>Rows that were left out for their faults, once the message has ended; none when it is rejected, as then nothing of it counts.</summary>
    public IReadOnlyList<RowLeftOut> LeftOut { get; private set; } = [];

    MapRun Open => run ?? throw new InvalidOperationException("This message has ended; the next one takes a new mapper.");
}
