using DistributorHub.Mapping;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>Whether a partner's hold rules name tables, columns and xrefs that the maps of its agreements fill and ask.</summary>
static class HoldRuleCheck
{
    const string Code = "PTN1016";

    /// <summary>False after diagnostics.</summary>
    /// <param name="book">Where the partner's file is.</param>
    /// <param name="partner">The partner.</param>
    /// <param name="maps">The maps of its agreements.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static bool Pass(PartnerBook book, PartnerDefinition partner, IReadOnlyList<CompiledMap> maps, ICollection<Diagnostic> diagnostics)
    {
        var right = true;
        for (var i = 0; i < partner.Holds.Count; i++)
        {
            var rule = partner.Holds[i];
            if (rule.Table.Length == 0 || Mistake(rule, maps) is not var (setting, message, hint))
                continue;
            var (line, column) = PartnerBook.PlaceOf(book.FileOf(partner.Id), "hold", i, setting);
            diagnostics.Add(new(PartnerBook.NameOf(partner.Id), line, column, Code, message, hint));
            right = false;
        }
        return right;
    }

    static (string Setting, string Message, string? Hint)? Mistake(HoldRule rule, IReadOnlyList<CompiledMap> maps)
    {
        var tables = maps.SelectMany(map => map.Tables.Select(table => (Map: map, Table: table))).ToList();
        return InOne("of", rule.Table, pair => Mistake(rule, pair.Map.Target, pair.Table))
            ?? (rule.Currency.Table.Length == 0 ? null : InOne("currency", rule.Currency.Table, pair => Column(pair.Table, "currency", rule.Currency.Column, mustBeNumber: false)));

        // One map of several that fill the table is enough: the others' documents are not looked at.
        (string, string, string?)? InOne(string setting, string name, Func<(CompiledMap Map, TableDefinition Table), (string, string, string?)?> look)
        {
            var mistakes = tables.Where(pair => pair.Table.Name == name).Select(look).ToList();
            if (mistakes.Count == 0)
                return (setting, $"No map of this partner fills the table '{name}'.", OneOf(name, tables.Select(pair => pair.Table.Name)));
            return mistakes.Contains(null) ? null : mistakes[0];
        }
    }

    static (string Setting, string Message, string? Hint)? Mistake(HoldRule rule, TargetDefinition target, TableDefinition table)
    {
        foreach (var (setting, name) in new[] { ("of", rule.Column), ("times", rule.Times), ("per", rule.Per) })
            if (name is not null && Column(table, setting, name, mustBeNumber: true) is { } mistake)
                return mistake;
        foreach (var key in rule.Key)
            if (Column(table, "key", key, mustBeNumber: false) is { } mistake)
                return mistake;
        if (rule.Against is not { } against)
            return null;
        if (target.Xrefs.FirstOrDefault(xref => xref.Name == against) is not { } asked)
            return ("against", $"Target {target.Id} has no xref '{against}'.", OneOf(against, target.Xrefs.Select(xref => xref.Name)));
        if (!asked.Key.Select(column => column.Kind).SequenceEqual(rule.Key.Select(key => table.Find(key)!.Kind)))
            return ("key", $"The xref '{against}' is asked with {string.Join(", ", asked.Key.Select(column => $"{column.Name} ({Word(column.Kind)})"))}.", "name as many columns, of the same kinds");
        return rule.Kind == HoldKind.PriceChange && !IsNumber(asked.Value)
            ? ("against", $"The xref '{against}' gives a {Word(asked.Value.Kind)}, and a price is a number.", null) : null;
    }

    static (string Setting, string Message, string? Hint)? Column(TableDefinition table, string setting, string name, bool mustBeNumber) => table.Find(name) switch
    {
        null => (setting, $"Table '{table.Name}' has no column '{name}'.", OneOf(name, table.Columns.Select(column => column.Name))),
        { Mapped: false } => (setting, $"No map of this partner fills '{table.Name}.{name}'.", null),
        var column when mustBeNumber && !IsNumber(column) => (setting, $"'{table.Name}.{name}' is a {Word(column.Kind)}, and no number.", null),
        _ => null,
    };

    static bool IsNumber(ColumnDefinition column) => column.Kind is ColumnKind.Int or ColumnKind.Numeric;

    static string Word(ColumnKind kind) => kind.ToString().ToLowerInvariant();

    static string? OneOf(string written, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).ToList();
        return Nearest.Find(written, names) is { } near ? $"did you mean '{near}'?" : names.Count == 0 ? null : $"there are: {string.Join(", ", names)}";
    }
}
