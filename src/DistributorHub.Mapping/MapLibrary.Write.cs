using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping;

/// <content>Maps that write, and the documents they write.</content>
public sealed partial class MapLibrary
{
    /// <summary>True when the map of this id writes messages; false when it reads them, or is not there.</summary>
    public bool Writes(string id) => Chain(id) is [.., var last] && read(FileOf(last)) is { } text && YamlFile.Read(FileOf(last), text, []) is { } root && WriteReader.Is(root);

    /// <summary>
    /// Compiles a map that writes, by id, for a partner, whose code lists go before the shared ones. Null when it has errors; all of them are in
    /// <paramref name="diagnostics"/>.
    /// </summary>
    public CompiledWriteMap? CompileWrite(string id, string? partner, ICollection<Diagnostic> diagnostics)
    {
        var file = FileOf(id);
        var sources = new Sources(read);
        var found = new List<Diagnostic>();
        var plan = CompileWrite(id, partner, sources, found);
        var isWrong = found.Exists(d => !d.Warning);
        foreach (var diagnostic in found.Distinct().Where(d => !isWrong || !IsAboutLock(d)).OrderBy(d => d.File != file).ThenBy(d => d.File == file ? (d.Line, d.Column) : default))
            diagnostics.Add(diagnostic);
        return plan is null || isWrong ? null : new(id, sources.Hash(Functions.Version), plan);
    }

    WritePlan? CompileWrite(string id, string? partner, Sources sources, List<Diagnostic> found)
    {
        if (Load(id, partner, sources, found) is not var (map, lists))
            return null;
        var compiler = new WriteCompiler(definitions, document => Document(document, map.File, sources, found), lists.Find) { Own = Functions };
        var plan = compiler.Compile(map.File, map.Text, id, map.Root, found);
        lists.CheckUse();
        return plan;
    }

    /// <summary>Ids of the files in <c>docs/</c>, in order.</summary>
    public IReadOnlyList<string> Documents() => [.. Files.Where(f => f.Split('/') is ["docs", var name] && name.EndsWith(".yaml", StringComparison.Ordinal)).Select(f => f["docs/".Length..^".yaml".Length])];

    /// <summary>Reads <c>docs/&lt;id&gt;.yaml</c>; null when it has errors.</summary>
    public DocumentDefinition? Document(string id, ICollection<Diagnostic> diagnostics) => Document(id, new Sources(read), diagnostics);

    /// <summary>Reads every document of the folder, those that no map writes as well.</summary>
    public void CheckDocuments(ICollection<Diagnostic> diagnostics)
    {
        foreach (var document in Documents())
            Document(document, diagnostics);
    }

    DocumentDefinition? Document(YamlScalar document, string file, Sources sources, List<Diagnostic> diagnostics)
    {
        if (sources.Read(DocumentFile(document.Text)) is not null)
            return Document(document.Text, sources, diagnostics);
        diagnostics.Add(new(file, document.Line, document.Column, MapCodes.NoField, $"There is no document '{document.Text}'.",
            Hints.DidYouMeanOr(document.Text, "documents", Documents()) ?? $"describe it in {DocumentFile(document.Text)}"));
        return null;
    }

    static DocumentDefinition? Document(string id, Sources sources, ICollection<Diagnostic> diagnostics)
    {
        if (sources.Read(DocumentFile(id)) is { } text)
            return DocumentDefinitionReader.Read(DocumentFile(id), text, diagnostics, id);
        diagnostics.Add(new(DocumentFile(id), 1, 1, MapCodes.NoField, $"There is no document '{id}'."));
        return null;
    }

    static string DocumentFile(string id) => $"docs/{id}.yaml";
}
