using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Compiles one map that writes: YAML, shape, order, names, types.</summary>
sealed class WriteCompiler(DefinitionLibrary definitions, Func<YamlScalar, DocumentDefinition?> documents, Func<string, (CodeList? List, bool Exists)> codeLists)
{
    /// <summary>The installation's own functions.</summary>
    public MapFunctions Own { get; init; } = MapFunctions.None;

    /// <summary>The plan, or null when there is a mistake; all mistakes are added to <paramref name="diagnostics"/>.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="id">The map's id.</param>
    /// <param name="root">Its YAML, with what it extends.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public WritePlan? Compile(string file, string text, string id, YamlMap root, List<Diagnostic> diagnostics)
    {
        if (!WriteReader.Is(root))
        {
            diagnostics.Add(new(root.FileOr(file), root.Line, root.Column, MapCodes.Direction, $"Map {id} reads messages, and writes none.", "a map that writes has 'write:', and is from a document"));
            return null;
        }
        var ast = new WriteReader(file, text, definitions, diagnostics) { Own = Own }.Read(root, id);
        var document = ast.Document is null ? null : documents(ast.Document);
        if (ast.Message is not { } message)
            return null;
        var map = new MapScope(null, 0, null, ast.Macros, codeLists, diagnostics) { Document = document };
        var (entries, rules) = new WriteBinder(file, text, map, message, document).Bind(ast.Entries);
        return document is null || diagnostics.Exists(d => !d.Warning)
            ? null
            : new() { Message = message, Assigned = ast.Assigned, Document = document, Entries = entries, Segments = rules };
    }
}
