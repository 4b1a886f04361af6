using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Explain;

/// <summary>Counts, over any number of messages, what of them a map reads and which of its rules they use.</summary>
public sealed class MapCoverage : MapWatch
{
    readonly CompiledMap map;
    readonly RunProgram program;
    readonly UnreadValues unread;
    readonly List<RuleCount> rules = [];
    readonly List<PathCount> paths = [];
    readonly Dictionary<CodeList, HashSet<string>> codes = [];

    public MapCoverage(CompiledMap map)
    {
        this.map = map;
        unread = new(map.Plan);
        program = RunProgram.Watched(map, layout => new CountingNodes(layout, this));
    }

    /// <summary>Messages that were started.</summary>
    public long Messages { get; private set; }

    internal override RunProgram Program(CompiledMap of)
    {
        Messages++;
        return program;
    }

    internal override void See(Segment segment, Position at, int node, MapRun run, Func<int, long> offsetOf) => unread.See(segment, node, at);

    /// <summary>What was seen so far.</summary>
    public CoverageReport Report() => new()
    {
        Map = map.Id,
        Message = map.Message.Name,
        Messages = Messages,
        Unread = unread.All,
        UnreadBeyond = unread.Beyond,
        Unfired = [.. Unfired()],
        Codes =
        [
            .. codes.Select(list => new UnseenCodes(list.Key.Id, [.. list.Key.Map.Keys.Where(code => !list.Value.Contains(code)).Order(StringComparer.Ordinal)], list.Key.Map.Count))
                .Where(list => list.Codes.Count > 0).OrderBy(list => list.List, StringComparer.Ordinal),
        ],
        AlwaysThere =
        [
            .. paths.Where(path => path.Evaluated > 0 && path.Found == path.Evaluated)
                .Select(path => new OptionalPath(path.Rule, path.Text, path.Place.ToString(), path.Evaluated)),
        ],
    };

    /// <summary>What no rule reads, with the place of each in the message.</summary>
    internal IEnumerable<(int Node, UnreadValue Value)> Unread => unread.ByNode;

    /// <summary>Every rule, with how often it was evaluated and gave a value.</summary>
    internal IReadOnlyList<RuleCount> Rules => rules;

    IEnumerable<UnfiredRule> Unfired()
    {
        foreach (var block in rules.GroupBy(rule => rule.Block))
        {
            // Without a row, that is what there is to say of all its rules.
            if (block.All(rule => rule.Rows == 0))
            {
                var of = map.Plan.Blocks[block.Key];
                yield return new(block.First().Table, of.Place.ToString(), "", 0);
                continue;
            }
            foreach (var rule in block.Where(rule => rule.Fired == 0))
                yield return new($"{rule.Table}.{rule.Name}", rule.Place.ToString(), rule.Text, rule.Rows);
        }
    }

    internal RuleCount Rule(int block, string table, string name, BoundExpr rule)
    {
        var written = (rule is BoundExpr.Convert convert ? convert.Operand : rule).Macro;
        rules.Add(new() { Block = block, Table = table, Name = name, Place = written?.Place ?? rule.Place, Text = written?.Text ?? rule.Text });
        return rules[^1];
    }

    internal PathCount Optional(string rule, BoundPath path)
    {
        paths.Add(new() { Rule = rule, Text = path.Text + "?", Place = path.Place });
        return paths[^1];
    }

    internal HashSet<string> Seen(CodeList list) => codes.TryGetValue(list, out var seen) ? seen : codes[list] = new(StringComparer.Ordinal);
}

/// <summary>How often a rule was evaluated, and gave a value.</summary>
sealed class RuleCount
{
    public required int Block { get; init; }

    public required string Table { get; init; }

    public required string Name { get; init; }

    public required Place Place { get; init; }

    public required string Text { get; init; }

    public long Rows { get; set; }

    public long Fired { get; set; }
}

/// <summary>How often an optional path was looked for, and was there.</summary>
sealed class PathCount
{
    public required string Rule { get; init; }

    public required string Text { get; init; }

    public required Place Place { get; init; }

    public long Evaluated { get; set; }

    public long Found { get; set; }
}
