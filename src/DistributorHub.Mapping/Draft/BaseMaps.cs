using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Draft;

/// <summary>Shared maps as drafts start from them: what took some work to find out is not found out again.</summary>
static class BaseMaps
{
    /// <summary>The id of the shared map of a message into a target, or null when there is none.</summary>
    public static string? Find(MapLibrary library, Standard standard, string type, string target) =>
        library.Maps().FirstOrDefault(id => id.StartsWith("base/", StringComparison.Ordinal) && Read(library, id) is { To: { } to } map
            && to.Text == target && map.Messages.Any(message => message.Standard == standard && message.Type == type));

    /// <summary>A draft with the rules of a shared map, for the releases of the samples.</summary>
    public static DraftMap Start(MapLibrary library, string baseId, string id, IReadOnlyList<MessageDefinition> messages, TargetDefinition target)
    {
        var draft = new DraftMap { Id = id, Messages = messages, Target = target };
        draft.Opening.Add($"Drafted from samples with the rules of {baseId}.");
        draft.Head.AddRange(Head(library.Text(MapLibrary.FileOf(baseId))!));
        draft.Blocks.AddRange(Read(library, baseId)!.Blocks.Select(block => Block(block, target)));
        return draft;
    }

    static DraftBlock Block(BlockAst ast, TargetDefinition target)
    {
        var block = new DraftBlock
        {
            Table = ast.Table is { } table ? target.Find(table.Text) : null,
            For = ast.For?.Text,
            Where = ast.Where is { } where ? new("where", where.Text) { FromBase = true } : null,
        };
        block.Columns.AddRange(ast.Set.Select(Rule));
        block.Checks.AddRange(ast.Checks.Select(Rule));
        block.Rows.AddRange(ast.Rows.Select(inner => Block(inner, target)));
        return block;
    }

    static DraftRule Rule(KeyValuePair<YamlScalar, YamlScalar> entry) => new(entry.Key.Text, entry.Value.Text, entry.Value.Quoted) { FromBase = true };

    static MapAst? Read(MapLibrary library, string id)
    {
        var file = MapLibrary.FileOf(id);
        var mistakes = new List<Diagnostic>();
        if (library.Text(file) is not { } text || YamlFile.Read(file, text, mistakes) is not { } root)
            return null;
        var map = new MapReader(file, text, library.Definitions, mistakes).Read(root, id);
        // One with mistakes is no map to start from; 'hub map check' says what they are.
        return mistakes.Exists(mistake => !mistake.Warning) ? null : map;
    }

    /// <summary>Settings of the head that have nothing to do with the message or the partner, line by line.</summary>
    static IEnumerable<string> Head(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var entries = YamlFile.Read("", text, [])!.Entries;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Key.Text is not ("stream" or "max_segments" or "limits" or "on_row_error" or "functions"))
                continue;
            var end = i + 1 < entries.Count ? entries[i + 1].Key.Line - 1 : lines.Length;
            foreach (var line in lines[(entries[i].Key.Line - 1)..end].Where(line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#')))
                yield return line;
        }
    }
}
