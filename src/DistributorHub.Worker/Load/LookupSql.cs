using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>
/// The statements that look up what a map's xrefs ask of the seller's tables, for all rows of a staged table at once: one left join for each.
/// In all SQL: s = stage, d = the different keys of the stage, x = the xref's table, f = what was found for a key.
/// </summary>
sealed class LookupSql(StagedTable staged)
{
    readonly TableDefinition table = staged.Table;
    readonly SellerDialect dialect = staged.Dialect;

    /// <summary>Makes the stage again, with the values, and with how many different ones there are for each key.</summary>
    public string CreateFound()
    {
        var columns = table.Carried.Select((c, i) => i < table.Columns.Count ? Column(i) : $"s.c{i}");
        var counts = table.Lookups.Select((_, i) => $"f{i}.n as n{i}");
        return dialect.CreateFrom(staged.Found, "_row", $"""
            select s._row, s._parent_row, s._seg, s._byte, {string.Join(", ", columns.Concat(counts))}
            from {staged.Intake} s {string.Join(' ', table.Lookups.Select(Join))}
            """);
    }

    /// <summary>Condition that a key was given and nothing found.</summary>
    public string Missed(Lookup lookup) =>
        $"{string.Join(" and ", Keys(lookup).Select(k => $"s.{k} is not null"))} and s.c{staged.ColumnNumber(lookup.Column)} is null";

    /// <summary>Condition that different values were found.</summary>
    public string Several(Lookup lookup) => $"s.n{Number(lookup)} > 1";

    /// <summary>The key as people read it.</summary>
    public string Shown(Lookup lookup) => string.Join(" || '/' || ", Keys(lookup).Select(k => $"cast(s.{k} as text)"));

    // A column may be set by one block of the map and looked up by another.
    string Column(int number)
    {
        var found = table.LookupsOf(table.Columns[number]).Select(lookup => $"f{Number(lookup)}.v").ToList();
        return found.Count == 0 ? $"s.c{number}" : $"coalesce(s.c{number}, {string.Join(", ", found)}) as c{number}";
    }

    string Join(Lookup lookup, int number)
    {
        var xref = lookup.Xref;
        var live = staged.LiveOf(xref);
        var keys = Keys(lookup).ToList();
        var value = $"x.{SellerDialect.Quote(xref.Value.Physical)}";
        var column = table.Columns[staged.ColumnNumber(lookup.Column)];
        var different = string.Join(", ", keys.Select((k, i) => $"{k} as k{i}"));
        var given = string.Join(" and ", keys.Select(k => $"{k} is not null"));
        var grouped = string.Join(", ", keys.Select((_, i) => $"d.k{i}"));
        var same = keys.Select((_, i) => $"x.{SellerDialect.Quote(xref.Key[i].Physical)} = {Key(i, xref.Key[i], live)}");
        return $"""
            left join (
              select {grouped}, {dialect.Staged($"min({value})", column)} as v, count(distinct {value}) as n
              from (select distinct {different} from {staged.Intake} where {given}) d
              join {dialect.Name(xref.Table)} x on {string.Join(" and ", same)}
              group by {grouped}) f{number} on {string.Join(" and ", keys.Select((k, i) => $"f{number}.k{i} = s.{k}"))}
            """;
    }

    // Compared in the type of the seller's column, so that its index serves; whole numbers of all widths compare as they are.
    string Key(int number, ColumnDefinition column, LiveTable live) =>
        column.Kind == ColumnKind.Int ? $"d.k{number}" : dialect.Cast($"d.k{number}", live[column.Physical]);

    IEnumerable<string> Keys(Lookup lookup) => table.KeyPlaces(lookup).Select(place => $"c{place}");

    int Number(Lookup lookup) => table.Lookups.TakeWhile(l => l != lookup).Count();
}
