using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Compiles one map: YAML, shape, names, types, streaming.</summary>
sealed class MapCompiler(DefinitionLibrary definitions, Func<YamlScalar, TargetDefinition?> targets, Func<string, (CodeList? List, bool Exists)> codeLists)
{
    /// <summary>The plan, or null when there is a mistake; all mistakes are added to <paramref name="diagnostics"/>, in the order of the file.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="id">The map's id.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public MapPlan? Compile(string file, string text, string id, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        var plan = YamlFile.Read(file, text, found) is { } root ? Compile(file, text, id, root, found) : null;
        foreach (var diagnostic in found.OrderBy(d => d.Line).ThenBy(d => d.Column))
            diagnostics.Add(diagnostic);
        return found.TrueForAll(d => d.Warning) ? plan : null;
    }

    MapPlan? Compile(string file, string text, string id, YamlMap root, List<Diagnostic> found)
    {
        if (new MapReader(file, text, definitions, found).Read(root, id) is not { } ast || targets(ast.To) is not { } target)
            return null;
        var unit = ast.Buffer || ast.Message.Detail < 0 ? 0 : ast.Message.Detail;
        var map = new MapScope(new(ast.Message), unit, target, ast.Macros, codeLists, found);
        new RowBinder(map, file, text).Bind(ast.Blocks);
        // A column may be missing without a diagnostic here: the mistake is then in the file of its code list.
        if (found.Exists(d => !d.Warning) || map.Blocks.Exists(b => b.Columns.ContainsValue(null)))
            return null;
        var lookups = new LookupColumns(map.Blocks);
        return new()
        {
            Message = ast.Message,
            Target = target with { Tables = [.. target.Tables.Select(lookups.Extend)] },
            Unit = unit,
            MaxSegments = ast.Buffer ? ast.SegmentsMax : null,
            Blocks = [.. map.Blocks.Select(b => b.Finish(lookups))],
            Folds = map.Folds,
        };
    }
}
