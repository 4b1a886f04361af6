using System.Collections.Concurrent;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Definitions;

/// <summary>The message definitions the program carries. Loads each on first use; safe for many threads.</summary>
public sealed class DefinitionLibrary
{
    const string Root = "definitions/";
    const string SegmentsName = "segments.txt";

    readonly ConcurrentDictionary<string, Lazy<MessageDefinition>> messages = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<SegmentDictionary>> dictionaries = new(StringComparer.Ordinal);
    readonly List<(Standard Standard, string Type, string Release)> held = [];

    public static DefinitionLibrary Embedded { get; } = new();

    DefinitionLibrary()
    {
        foreach (var name in typeof(DefinitionLibrary).Assembly.GetManifestResourceNames())
        {
            // The build writes the folder with the separator of the machine it runs on.
            var path = name.Replace('\\', '/');
            if (path.StartsWith(Root, StringComparison.Ordinal) && path[Root.Length..].Split('/') is [var family, var release, var file])
                Register(name, family == "x12" ? Standard.X12 : Standard.Edifact, release, file);
        }
        held.Sort();
    }

    void Register(string resource, Standard standard, string release, string file)
    {
        var key = Key(standard, release);
        if (file == SegmentsName)
        {
            dictionaries[key] = new(() => SegmentDictionaryReader.Read(Text(resource), resource));
            return;
        }
        var type = file[..file.LastIndexOf('.')];
        messages[Key(standard, release, type)] =
            new(() => DefinitionReader.Read(standard, Text(resource), dictionaries[key].Value, resource));
        held.Add((standard, type, release));
    }

    /// <summary>The definition, or null when the library has none for this type and release (<c>ORDERS</c>, <c>D.96A</c>; <c>850</c>, <c>004010</c>).</summary>
    public MessageDefinition? Find(Standard standard, string type, string release) =>
        messages.TryGetValue(Key(standard, Directory(standard, release), type), out var definition) ? definition.Value : null;

    /// <summary>What the library holds, as (standard, type, release), in order.</summary>
    public IReadOnlyList<(Standard Standard, string Type, string Release)> List() => held;

    /// <summary>Implementation conventions name themselves after the release: GS08 <c>004010VICS</c> is 004010 with narrower use.</summary>
    static string Directory(Standard standard, string release) =>
        standard == Standard.X12 && release.Length > 6 ? release[..6] : release;

    static string Key(Standard standard, string release, string type = "") => $"{standard}/{release}/{type}";

    static string Text(string resource)
    {
        using var stream = typeof(DefinitionLibrary).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
