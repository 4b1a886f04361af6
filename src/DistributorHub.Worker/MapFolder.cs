using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping;

namespace DistributorHub.Worker;

/// <summary>The folder <c>Hub:Mappings</c> on disk, as the mapping library wants it.</summary>
static class MapFolder
{
    public static MapLibrary Open(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .ToList();
        return new(files, relative => Read(folder, relative), DefinitionLibrary.Embedded);
    }

    static string? Read(string folder, string relative)
    {
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        // An id in a map is text somebody wrote: it never reaches outside the folder.
        var inside = path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
