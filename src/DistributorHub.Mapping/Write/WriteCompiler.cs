using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Compiles one map that writes: YAML, shape, order, names, types.</summary>
sealed class WriteCompiler(DefinitionLibrary definitions, Func<YamlScalar, DocumentDefinition?> documents, Func<string, (CodeList? List, bool Exists)> codeLists)
{
    /// <summary>The plan, or null when there is a mistake; all mistakes are added to <paramref name="diagnostics"/>.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="id">The map's id.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public WritePlan? Compile(string file, string text, string id, List<Diagnostic> diagnostics)
    {
        if (YamlFile.Read(file, text, diagnostics) is not { } root)
            return null;
        if (!WriteReader.Is(root))
        {
            diagnostics.Add(new(file, root.Line, root.Column, MapCodes.Direction, $"Map {id} reads messages, and writes none.", "a map that writes has 'write:', and is from a document"));
            return null;
        }
        var ast = new WriteReader(file, text, definitions, diagnostics).Read(root, id);
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
