using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Definitions.Compile;

namespace DistributorHub.Worker;

/// <summary>The folder <c>Hub:Definitions</c> on disk: releases that were imported, read before those the program carries.</summary>
static class DefinitionFolder
{
    /// <summary>All definitions of this installation. What is imported later is seen at the next start.</summary>
    public static DefinitionLibrary Open(HubSettings settings)
    {
        var folder = settings.Definitions;
        if (!Directory.Exists(folder))
            return DefinitionLibrary.Embedded;
        var files = Directory.EnumerateFiles(folder, "*.txt", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            // A folder with a dot before its name is an import that is being written.
            .Where(path => !path.Contains("/.", StringComparison.Ordinal))
            .ToList();
        return files.Count == 0 ? DefinitionLibrary.Embedded : new(files, relative => File.ReadAllBytes(Path.Combine(folder, relative)));
    }

    /// <summary>
    /// Writes a release into a folder, whole or not at all: it is written beside its place and then moved there. True when it replaced an
    /// earlier import.
    /// </summary>
    public static bool Write(string folder, CompiledDirectory directory)
    {
        var place = Path.Combine(folder, directory.Release);
        var draft = Path.Combine(folder, $".{directory.Release}.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        foreach (var (name, text) in directory.Files)
            File.WriteAllText(Path.Combine(draft, name), text);
        var replaces = Directory.Exists(place);
        if (replaces)
            Directory.Delete(place, recursive: true);
        Directory.Move(draft, place);
        return replaces;
    }
}
