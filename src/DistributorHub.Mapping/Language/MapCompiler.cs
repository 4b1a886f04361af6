using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>Compiles one map: YAML, shape, names, types, streaming.</summary>
sealed class MapCompiler(DefinitionLibrary definitions, Func<YamlScalar, TargetDefinition?> targets, Func<string, (CodeList? List, bool Exists)> codeLists)
{
    /// <summary>The installation's own functions.</summary>
    public MapFunctions Own { get; init; } = MapFunctions.None;

    /// <summary>Where the rule of a table's column was dropped by a map that extends the one that had it; null when it was not.</summary>
    public Func<YamlScalar, string, YamlScalar?> DropOf { get; init; } = (_, _) => null;

    /// <summary>A plan for each release the map names, or none when there is a mistake; all mistakes are added to <paramref name="found"/>.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="id">The map's id.</param>
    /// <param name="root">Its YAML, with what it extends.</param>
    /// <param name="found">Takes what is wrong.</param>
    public IReadOnlyList<MapPlan> Compile(string file, string text, string id, YamlMap root, List<Diagnostic> found)
    {
        if (Write.WriteReader.Is(root))
        {
            found.Add(new(file, root.Line, root.Column, MapCodes.Direction, $"Map {id} writes messages, and reads none.", "a map that reads has 'rows:', and is from a message"));
            return [];
        }
        if (new MapReader(file, text, definitions, found) { Own = Own }.Read(root, id) is not { } ast)
            return [];
        var target = ast.To is null ? null : targets(ast.To);
        if (ast.Messages.Count == 0)
        {
            var map = new MapScope(null, 0, target, ast.Macros, codeLists, found);
            new RowBinder(map, file, text) { DropOf = DropOf }.Bind(ast.Blocks);
            foreach (var path in ast.Ignored)
                Ignored(map, new(file, text, path));
            return [];
        }
        var plans = new List<MapPlan>();
        var perRelease = new List<(string Release, List<Diagnostic> Found)>();
        foreach (var message in ast.Messages)
        {
            var inRelease = new List<Diagnostic>();
            if (Plan(file, text, ast, message, target, inRelease) is { } plan)
                plans.Add(plan);
            perRelease.Add((message.Release, inRelease));
        }
        found.AddRange(perRelease is [var only] ? only.Found : Joined(perRelease));
        return plans.Count == ast.Messages.Count ? plans : [];
    }

    /// <summary>What is wrong in several releases, told once and with the releases it is wrong in, unless those are all.</summary>
    static IEnumerable<Diagnostic> Joined(List<(string Release, List<Diagnostic> Found)> perRelease) => perRelease
        .SelectMany(r => r.Found.Select(diagnostic => (r.Release, Diagnostic: diagnostic)))
        // Many sentences name the release; without it they are the same.
        .GroupBy(d => d.Diagnostic with { Message = d.Diagnostic.Message.Replace(d.Release, Name, StringComparison.Ordinal), Hint = null })
        .Select(same =>
        {
            var releases = string.Join(", ", same.Select(d => d.Release).Distinct());
            var message = same.Key.Message.Replace(Name, releases, StringComparison.Ordinal);
            var isEverywhere = same.Select(d => d.Release).Distinct().Count() == perRelease.Count;
            return same.First().Diagnostic with { Message = isEverywhere || same.Key.Message.Contains(Name, StringComparison.Ordinal) ? message : $"In {releases}: {message}" };
        });

    // Stands for the release in a sentence; no file holds it.
    const string Name = "\0";

    MapPlan? Plan(string file, string text, MapAst ast, MessageDefinition message, TargetDefinition? target, List<Diagnostic> found)
    {
        var unit = ast.Buffer || message.Detail < 0 ? 0 : message.Detail;
        var map = new MapScope(new(message), unit, target, ast.Macros, codeLists, found) { Names = ast.Format is null ? null : new(ast.Format, found) };
        new RowBinder(map, file, text) { DropOf = DropOf }.Bind(ast.Blocks);
        var ignored = ast.Ignored.Select(path => Ignored(map, new(file, text, path))).OfType<BoundPath>().ToList();
        // A column may be missing without a diagnostic here: the mistake is then in the file of its code list.
        if (target is null || found.Exists(d => !d.Warning) || map.Blocks.Exists(b => b.Columns.ContainsValue(null)))
            return null;
        var lookups = new LookupColumns(map.Blocks);
        return new()
        {
            Message = message,
            Target = target with { Tables = [.. target.Tables.Select(lookups.Extend)] },
            Unit = unit,
            MaxSegments = ast.Buffer ? ast.SegmentsMax : null,
            UnitBytesMax = ast.UnitBytesMax ?? Limits.UnitBytesMax,
            FrameBytesMax = ast.FrameBytesMax ?? Limits.FrameBytesMax,
            RowsLeftOutMax = ast.RowsLeftOutMax,
            Blocks = [.. map.Blocks.Select(b => b.Finish(lookups))],
            Folds = map.Folds,
            Ignored = ignored,
            Format = ast.Format,
        };
    }

    static BoundPath? Ignored(MapScope map, ExprSource source)
    {
        var path = map.Names is null ? ExprParser.ParsePath(source, map.Diagnostics) : ExprParser.Parse(source, map.Diagnostics) is { } expr ? map.Names.Resolve(expr) as Expr.Path : null;
        if (path is null)
            return null;
        if (!path.Optional)
            return map.KnowsMessage ? map.Paths.Bind(path, group: 0, segmentsToo: true) : null;
        map.Report(path.Place, MapCodes.Shape, $"'{path.Text}' is not read, so it need not be optional.", "drop the ?");
        return null;
    }
}
