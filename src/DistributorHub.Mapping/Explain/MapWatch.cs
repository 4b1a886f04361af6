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
    internal abstract void See(EdiReader reader, int node, MapRun run);
}
