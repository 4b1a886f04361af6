using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Explain;

/// <summary>
/// Looks on while messages are mapped. A mapper that is given one runs the map by nodes of the watch's own making; without one there is nothing
/// of it to run.
/// </summary>
public abstract class MapWatch
{
    private protected MapWatch()
    {
    }

    internal abstract RunProgram Program(CompiledMap map);

    /// <summary>The reader's current segment, before it is mapped.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="node">Its place in the message.</param>
    /// <param name="run">The run that takes it.</param>
    /// <param name="offsetOf">Answers the byte of the file that an index of its text stands at.</param>
    internal abstract void See(Segment segment, Position at, int node, MapRun run, Func<int, long> offsetOf);
}
