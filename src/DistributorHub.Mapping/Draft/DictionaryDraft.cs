using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Draft;

/// <summary>
/// Drafts a map where there is none to start from: tables are taken for what their names say, columns get rules by the vocabulary, and where that knows
/// none, by what the dictionary calls the elements and qualifiers the samples have.
/// </summary>
sealed class DictionaryDraft
{
    // Quantities in the order in which one is meant where nothing more is said.
    static readonly string[] Quantities = ["21", "47", "12", "46", "113", "1", "61", "145", "59", "52"];

    readonly DraftMap map;
    readonly MessageDefinition message;
    readonly DictionaryWords dictionary;
    readonly Structure structure;
    readonly IReadOnlyList<(int Node, UnreadValue Value)> seen;

    DictionaryDraft(DraftMap map, SurveyedMessages samples, DictionaryWords dictionary)
    {
        (this.map, this.dictionary) = (map, dictionary);
        message = map.Messages[0];
        structure = new(message);
        seen = [.. samples.ValuesOf(message)];
    }

    /// <summary>The table that holds documents of a message, or null when no name says so.</summary>
    /// <param name="target">The seller's tables.</param>
    /// <param name="type">Type of the message.</param>
    public static TableDefinition? DocumentTable(TargetDefinition target, string type)
    {
        var words = Vocabulary.DocumentWords(type);
        var best = target.Tables.Where(table => table.Parent is null)
            .Select(table => (Table: table, Score: 2 * Words.Of(table.Name).Count(words.Contains) + Words.Of(table.Physical).Count(words.Contains) - (IsOfLines(table) ? 1 : 0)))
            .Where(found => found.Score > 0).OrderByDescending(found => found.Score).ThenBy(found => Words.Of(found.Table.Name).Count).FirstOrDefault();
        return best.Table;
    }

    static bool IsOfLines(TableDefinition table) => Kind(table) is RowKind.Line;

    /// <summary>A draft that fills a table of documents and the tables that belong to it.</summary>
    public static DraftMap Start(string id, SurveyedMessages samples, TargetDefinition target, TableDefinition table, DictionaryWords dictionary)
    {
        var draft = new DictionaryDraft(new() { Id = id, Messages = samples.Definitions, Target = target }, samples, dictionary);
        draft.map.Opening.Add($"Drafted from samples by the names of the columns of {target.Id}.");
        draft.map.Blocks.Add(draft.Block(table, null, RowKind.Header, "", []));
        foreach (var other in target.Tables.Where(other => other != table && IsBelow(other, table)))
            draft.Child(other, "", [table], draft.map.Blocks);
        return draft.map;
    }

    /// <summary>Gives the columns of a map's blocks what else might be meant, for where their own rule has no value.</summary>
    public static void AddOthers(DraftMap into, SurveyedMessages samples, DictionaryWords dictionary)
    {
        var draft = new DictionaryDraft(into, samples, dictionary);
        foreach (var block in into.All.Where(block => block.Table is not null))
        {
            var path = into.PathOf(block);
            var tag = path[(path.LastIndexOf('/') + 1)..];
            RowKind? kind = path.Length == 0 ? RowKind.Header : Plain(tag) switch
            {
                "NAD" or "N1" => RowKind.Party,
                "PRI" or "CTP" => RowKind.Price,
                "ALC" or "SAC" => RowKind.Allowance,
                _ when draft.Detail() is { } detail && Plain(detail) == Plain(path) => RowKind.Line,
                _ => null,
            };
            if (kind is { } known)
                foreach (var rule in block.Columns.Where(column => !column.Quoted))
                    foreach (var other in draft.Others(block.Table!.Find(rule.Name), block.Table, known, path).Where(other => !rule.Text.Contains(other, StringComparison.Ordinal)))
                        rule.Others.Enqueue(other);
        }
    }

    IEnumerable<string> Others(ColumnDefinition? column, TableDefinition table, RowKind kind, string path) =>
        column is null ? [] : Vocabulary.Rules(message.Standard, kind, Words.Of(column.Name, Said(table, kind))).Select(rule => Filled(rule, path)).Distinct(StringComparer.Ordinal);

    /// <summary>Words of a column's name that only repeat what its table is.</summary>
    List<string> Said(TableDefinition table, RowKind kind) =>
        [.. Words.Of(table.Name).Concat(kind == RowKind.Header ? Vocabulary.DocumentWords(message.Type) : []).Distinct().Where(word => word is not ("price" or "date" or "item" or "delivery"))];

    /// <summary>True for a table whose rows belong to rows of another, by a surrogate key or by its natural one.</summary>
    static bool IsBelow(TableDefinition table, TableDefinition parent) => table.Parent is not null ? table.Parent == parent.Name
        : table.Key.Count > parent.Key.Count && parent.Key.All(table.Key.Contains);

    static RowKind? Kind(TableDefinition table)
    {
        var words = Words.Of(table.Name).Concat(Words.Of(table.Physical)).ToList();
        return words.Contains("allowance") ? RowKind.Allowance
            : words.Contains("party") ? RowKind.Party
            : words.Exists(word => word is "line" or "item" or "detail" or "entry") ? RowKind.Line
            : words.Exists(word => word is "price" or "tier" or "scale") ? RowKind.Price
            : null;
    }

    void Child(TableDefinition table, string around, IReadOnlyList<TableDefinition> outer, List<DraftBlock> into)
    {
        var kind = Kind(table);
        var tag = (kind, message.Standard) switch
        {
            (RowKind.Line, _) when around.Length == 0 => Detail(),
            (RowKind.Party, Standard.Edifact) => "NAD",
            (RowKind.Party, _) => "N1",
            (RowKind.Price, Standard.Edifact) => "PRI",
            (RowKind.Price, _) => "CTP",
            (RowKind.Allowance, Standard.Edifact) => "ALC",
            (RowKind.Allowance, _) => "SAC",
            _ => null,
        };
        if (tag is null)
        {
            into.Add(new() { Table = table, LeftOut = "its name does not say which segments make its rows." });
            return;
        }
        var block = Block(table, tag, kind!.Value, around, [.. outer]);
        into.Add(block);
        foreach (var other in map.Target.Tables.Where(other => !outer.Contains(other) && other != table && IsBelow(other, table) && !IsBelow(other, outer[0])))
            Child(other, around.Length == 0 ? tag : $"{around}/{tag}", [.. outer, table], block.Rows);
    }

    /// <summary>What makes a row for each line: <c>LIN</c>, <c>PGI/LIN</c>, <c>HL[I]</c>.</summary>
    string? Detail() => message.Detail < 0 ? null
        : structure.PathOf(message.Detail) + (message.Segments.Find(message.Nodes[message.Detail].Tag)?.Tree is not null && message.Standard == Standard.X12 ? "[I]" : "");

    DraftBlock Block(TableDefinition table, string? tag, RowKind kind, string around, IReadOnlyList<TableDefinition> outer)
    {
        var block = new DraftBlock { Table = table, For = tag };
        if (kind == RowKind.Party)
            block.Where = Roles(tag!);
        var path = tag is null ? "" : around.Length == 0 ? tag : $"{around}/{tag}";
        var said = Said(table, kind);
        foreach (var column in table.Columns)
            block.Columns.Add(Rule(column, table, kind, path, said, outer));
        return block;
    }

    DraftRule Rule(ColumnDefinition column, TableDefinition table, RowKind kind, string path, List<string> said, IReadOnlyList<TableDefinition> outer)
    {
        var rules = new List<string>();
        // The key of the rows around this one, where it refers to them by it.
        if (table.Parent is null && outer.FirstOrDefault(other => other.Key.Contains(column.Name)) is { } of && table.Key.Contains(column.Name))
            rules.Add($"${of.Name}.{column.Name}");
        rules.AddRange(Vocabulary.Rules(message.Standard, kind, Words.Of(column.Name, said)).Concat(Vocabulary.Rules(message.Standard, kind, Words.Of(column.Name))));
        rules.AddRange(dictionary.Rules(Words.Of(column.Name), seen.Where(value => IsIn(value.Value.Path, path, kind)).Select(value => value.Value with { Path = DraftMap.Relative(value.Value.Path, Plain(path)) })));
        if (kind != RowKind.Header && outer.FirstOrDefault(other => other.Find(column.Name) is not null) is { } same && column.Name != "id")
            rules.Add($"${same.Name}.{column.Name}");
        var queue = new Queue<string>(rules.Select(rule => Filled(rule, path)).Distinct(StringComparer.Ordinal));
        if (queue.TryDequeue(out var first))
            return new(column.Name, first) { Others = queue };
        return new(column.Name, "") { LeftOut = column.Nullable ? "nothing in the samples is called so" : "must have a value, and nothing in the samples is called so" };
    }

    string Filled(string rule, string path) => rule.Replace("{detail}", Detail() ?? "-", StringComparison.Ordinal).Replace("{qty}", $"QTY[{Quantity(path)}]", StringComparison.Ordinal);

    string Quantity(string path) => Array.Find(Quantities, code => seen.Any(value => value.Value.Path.StartsWith($"{path}/QTY[{code}]", StringComparison.Ordinal))) ?? Quantities[0];

    /// <summary>True for a value that stands in the rows of a path, or for the header in no lines.</summary>
    bool IsIn(string value, string path, RowKind kind) => kind == RowKind.Header
        ? Detail() is not { } detail || !value.StartsWith(Plain(detail), StringComparison.Ordinal)
        : value.StartsWith(Plain(path), StringComparison.Ordinal);

    static string Plain(string path) => path.IndexOf('[', StringComparison.Ordinal) is > 0 and var at ? path[..at] : path;

    /// <summary>Only the roles that the samples have: what else comes later is a decision to take then.</summary>
    DraftRule? Roles(string tag)
    {
        var roles = seen.Select(value => value.Value.Path).Where(path => path.StartsWith($"{tag}[", StringComparison.Ordinal) && path.Contains(']'))
            .Select(path => path[(tag.Length + 1)..path.IndexOf(']', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return roles.Count == 0 ? null
            : new("where", $"{(message.Standard == Standard.X12 ? "N101" : "NAD.3035")} in ({string.Join(", ", roles.Select(role => $"'{role.Replace("'", "''", StringComparison.Ordinal)}'"))})");
    }
}
