using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Schema;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker;

/// <summary>The schemas of YAML editors in <c>mappings/.schemas</c>, and the rule in <c>mappings/.vscode</c> that leads editors to them.</summary>
static class SchemaFolder
{
    public const string Name = ".schemas";

    /// <summary>The settings of Visual Studio Code, relative to the folder of mappings.</summary>
    public const string EditorFile = ".vscode/settings.json";

    /// <summary>All kinds of file there are.</summary>
    public static IReadOnlyList<FileKind> Kinds { get; } =
    [
        .. SchemaSet.Kinds,
        new(PartnerReader.Version, "A partner: who they are, how to reach them, which map takes which message", PartnerSettings.Head),
        new(ExpectReader.Version, "A golden test: what must become of a file", ExpectSettings.Head),
    ];

    /// <summary>One rule for all files: the root schema takes the schema of a file's own line <c>hub:</c>.</summary>
    const string EditorText = $$"""
        {
          "yaml.schemas": { "./{{Name}}/{{SchemaSet.RootFile}}": ["**/*.yaml"] }
        }

        """;

    /// <summary>True when the folder has schemas, so that they are to be kept up to date.</summary>
    public static bool Exists(string mappings) => Directory.Exists(Path.Combine(mappings, Name));

    /// <summary>The files as they should be, by path in the folder of mappings.</summary>
    public static IReadOnlyDictionary<string, string> Of(MapLibrary library, DefinitionLibrary definitions)
    {
        var schemas = SchemaSet.Of(library, definitions, Kinds);
        return schemas.Files.ToDictionary(file => $"{Name}/{file.Key}", file => file.Value, StringComparer.Ordinal);
    }

    /// <summary>Paths of files that are missing or not as they should be, and of schemas that are of no kind of file.</summary>
    public static IReadOnlyList<string> Stale(string mappings, IReadOnlyDictionary<string, string> files)
    {
        var others = Exists(mappings)
            ? Directory.EnumerateFiles(Path.Combine(mappings, Name)).Select(path => $"{Name}/{Path.GetFileName(path)}").Where(path => !files.ContainsKey(path))
            : [];
        return [.. files.Where(file => !IsWritten(mappings, file.Key, file.Value)).Select(file => file.Key), .. others];
    }

    /// <summary>Writes what is not as it should be; the paths of what was written or removed.</summary>
    public static IReadOnlyList<string> Write(string mappings, IReadOnlyDictionary<string, string> files)
    {
        Directory.CreateDirectory(Path.Combine(mappings, Name));
        var stale = Stale(mappings, files);
        foreach (var path in stale)
            if (files.TryGetValue(path, out var text))
                File.WriteAllText(Path.Combine(mappings, path), text);
            else
                File.Delete(Path.Combine(mappings, path));
        return stale;
    }

    /// <summary>Writes the editor's settings where there are none; true when it did. What stands there is somebody's.</summary>
    public static bool WriteEditor(string mappings)
    {
        var path = Path.Combine(mappings, EditorFile);
        if (File.Exists(path))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, EditorText);
        return true;
    }

    /// <summary>True when the editor's settings name the root schema.</summary>
    public static bool IsWired(string mappings) =>
        Path.Combine(mappings, EditorFile) is var path && File.Exists(path) && File.ReadAllText(path).Contains($"{Name}/{SchemaSet.RootFile}", StringComparison.Ordinal);

    static bool IsWritten(string mappings, string relative, string text) =>
        Path.Combine(mappings, relative) is var path && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));
}
