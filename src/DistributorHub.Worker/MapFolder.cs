using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Functions;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker;

/// <summary>A text that is tried in place of a file of the folder of mappings.</summary>
/// <param name="File">The file, relative to the folder, with '/'.</param>
/// <param name="Text">The text.</param>
sealed record DraftText(string File, string Text);

/// <summary>The folder <c>Hub:Mappings</c> on disk, as the mapping library wants it.</summary>
static class MapFolder
{
    /// <param name="folder">The folder.</param>
    /// <param name="definitions">What maps are bound to.</param>
    /// <param name="functions">The installation's own functions (<see cref="FunctionFolder"/>); only who compiles maps needs them.</param>
    /// <param name="draft">What is read in place of one of its files; null = all as they are.</param>
    public static MapLibrary Open(string folder, DefinitionLibrary definitions, MapFunctions? functions = null, DraftText? draft = null)
    {
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(folder, "*.yml", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(folder, "*.lock", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !GoldenTests.IsTest(path))
            .Order(StringComparer.Ordinal)
            .ToList();
        return new(files, relative => relative == draft?.File ? draft.Text : Read(folder, relative), definitions) { Functions = functions ?? MapFunctions.None };
    }

    /// <summary>Differs whenever a file of the folder was added, removed or written, golden tests aside: made from paths, sizes and times, without reading any.</summary>
    public static string Fingerprint(string folder)
    {
        var files = new DirectoryInfo(folder).EnumerateFiles("*.yaml", SearchOption.AllDirectories)
            .Concat(new DirectoryInfo(folder).EnumerateFiles("*.lock", SearchOption.AllDirectories))
            .Where(file => !GoldenTests.IsTest(Path.GetRelativePath(folder, file.FullName).Replace('\\', '/')));
        var lines = files.Select(file =>
        {
            // A link is as old as what it leads to.
            var real = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{(real.Exists ? real.Length : -1)}|{real.LastWriteTimeUtc.Ticks}");
        });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal)))));
    }

    /// <summary>Ids of all maps, each with the partner it belongs to (null for the shared ones).</summary>
    public static IReadOnlyList<(string Id, string? Partner)> MapIds(MapLibrary library, string folder) =>
    [
        .. library.Files.Where(file => IsMap(folder, file)).Select(IdOf),
    ];

    /// <summary>Ids of all guides, the shared ones and those of partners.</summary>
    public static IReadOnlyList<string> GuideIds(MapLibrary library, string folder) =>
        [.. library.Guides(), .. library.Maps().Select(MapLibrary.FileOf).Where(file => Says("guide", Read(folder, file)!)).Select(file => IdOf(file).Id)];

    // Where maps stand, a file that does not say what it is is a map with a mistake; deeper in those folders one that says it is a map.
    static bool IsMap(string folder, string file) => file.EndsWith(".yaml", StringComparison.Ordinal) && MapLibrary.FileOf(IdOf(file).Id) == file && Read(folder, file)! is var text
        && (Says("map", text) || (file.Split('/') is ["base", _] or ["partners", _, not "partner.yaml"] && !Says("guide", text)));

    /// <summary>True for the id of a shared guide, which stands where a map's would.</summary>
    public static bool IsGuide(string id) => id.StartsWith("guides/", StringComparison.Ordinal);

    /// <summary>The id of a guide that was named by its id or by its file.</summary>
    public static string GuideId(string folder, string named) =>
        named.EndsWith(".yaml", StringComparison.Ordinal) ? IdOf(Path.GetRelativePath(folder, named).Replace('\\', '/')).Id : named;

    static bool Says(string kind, string text) => MapLibrary.KindOf(text) == kind;

    static (string Id, string? Partner) IdOf(string file)
    {
        const string partners = "partners/";
        var id = file[..^".yaml".Length];
        return id.StartsWith(partners, StringComparison.Ordinal) ? (id[partners.Length..], id.Split('/')[1]) : (id, null);
    }

    static string? Read(string folder, string relative)
    {
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        // An id in a map is text somebody wrote: it never reaches outside the folder.
        var inside = path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
