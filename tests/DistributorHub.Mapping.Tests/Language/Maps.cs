using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Language;

/// <summary>The checkout's mappings folder, with files replaced or added in memory.</summary>
sealed class Maps
{
    readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    public Maps()
    {
        var root = Repository.PathTo("mappings");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".yaml" or ".lock"))
            texts[Path.GetRelativePath(root, file).Replace('\\', '/')] = File.ReadAllText(file);
    }

    public string this[string path]
    {
        get => texts[path];
        set => texts[path] = value;
    }

    /// <summary>Functions of the installation.</summary>
    public MapFunctions Functions { get; init; } = MapFunctions.None;

    public MapLibrary Library => new([.. texts.Keys], texts.GetValueOrDefault, DefinitionLibrary.Embedded) { Functions = Functions };

    public (CompiledMap? Map, List<Diagnostic> Diagnostics) Compile(string id, string? partner = null)
    {
        var diagnostics = new List<Diagnostic>();
        return (Library.Compile(id, partner, diagnostics), diagnostics);
    }

    public (CompiledWriteMap? Map, List<Diagnostic> Diagnostics) CompileWrite(string id, string? partner = null)
    {
        var diagnostics = new List<Diagnostic>();
        return (Library.CompileWrite(id, partner, diagnostics), diagnostics);
    }

    /// <summary>A plan without mistakes of a base map in which one line was replaced.</summary>
    public static MapPlan Plan(string id, params (string Old, string New)[] edits) => Compiled(id, edits).Plan;

    public static CompiledMap Compiled(string id, params (string Old, string New)[] edits)
    {
        var (map, diagnostics) = Edited(id, edits);
        Assert.Empty(diagnostics);
        return map!;
    }

    /// <summary>What is said of a base map in which texts were replaced; each must occur once.</summary>
    public static (CompiledMap? Map, List<Diagnostic> Diagnostics) Edited(string id, params (string Old, string New)[] edits)
    {
        var maps = new Maps();
        var text = maps[$"{id}.yaml"];
        foreach (var (old, replacement) in edits)
        {
            Assert.Equal(2, text.Split(old).Length);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }
        maps[$"{id}.yaml"] = text;
        return maps.Compile(id);
    }

    /// <summary>As <c>line:column CODE message (hint)</c>, without the file.</summary>
    public static string Short(Diagnostic diagnostic) => diagnostic.ToString()[(diagnostic.File.Length + 1)..];

    public static PlannedColumn Column(MapPlan plan, string table, string column) =>
        plan.Blocks.First(b => b.Table?.Name == table).Columns.First(c => c.Definition.Name == column);
}
