using System.Globalization;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>What a full list does to the rows it does not mention, within its scope.</summary>
sealed class FullList(MergeSession sql, StagedTable staged, Removal removal, TimeProvider clock)
{
    const string Scope = "hub_scope";

    readonly TableDefinition table = staged.Table;
    readonly CatalogueRule rule = staged.Table.Catalogue!;

    /// <summary>True when a list of this message may end rows it does not mention.</summary>
    public bool IsPossible => rule is { Missing: not MissingRows.Keep, FullWhen: not null } && staged is { Rows: > 0, Parent: not null };

    /// <summary>Expires or deletes the missing rows; answers a sentence instead when the guard wants a person to look.</summary>
    public async Task<string?> EndMissing()
    {
        await CreateScope();
        var live = rule.Missing == MissingRows.Expire ? $" and (t.{Expire} is null or t.{Expire} > z._on)" : "";
        var inScope = $"{SameScope}{live}";
        var missing = $"{inScope} and not exists ({Mentioned})";
        var lost = await sql.Scalar<long>($"select count(*) from {staged.Sql} t, {Scope} z where {missing}");
        if (lost > 0 && rule.MaxMissing is { } share)
        {
            var all = await sql.Scalar<long>($"select count(*) from {staged.Sql} t, {Scope} z where {inScope}");
            if (lost > share * all)
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"The full list leaves out {lost:N0} of the {all:N0} rows of '{table.Name}' in its scope ({100m * lost / all:0.#} %), and at most {100m * share:0.#} % may go missing. Is the list truncated?");
            }
        }
        if (lost > 0 && rule.Missing == MissingRows.Expire)
            await sql.Execute($"update {staged.Sql} as t set {Expire} = z._on from {Scope} z where {missing}");
        else if (lost > 0)
            await removal.Remove(table, $"{Scope} z", missing);
        await sql.Execute($"drop table {Scope}");
        return null;
    }

    /// <summary>The values that bound the full lists of this message, with the date that their missing rows end on: the list's own date, else today.</summary>
    async Task CreateScope()
    {
        var parent = staged.Parent!;
        var (column, value) = rule.FullWhen!.Value;
        var newer = parent.Table.Version?.NewerBy is { } by ? parent.Table.Find(by) : null;
        var date = newer?.Kind is ColumnKind.Date or ColumnKind.Timestamp ? $"max(sp.c{parent.ColumnNumber(newer.Name)})" : "cast(@today as text)";
        if (rule.ExpireColumn is { } expire)
            date = staged.Dialect.Cast(date, staged.Live[table.Find(expire)!.Physical]);
        var values = rule.Scope.Select((c, i) => $"{(c == table.ParentColumn ? "p._id" : staged.Value(c))} as v{i}");
        var query = $"""
            select {string.Join(", ", values)}, {date} as _on
            from {staged.Stage} s join {parent.Match} p on p._row = s._parent_row join {parent.Stage} sp on sp._row = s._parent_row
            where p._current and sp.c{parent.ColumnNumber(column)} = @value
            group by {string.Join(", ", rule.Scope.Select((_, i) => i + 1))}
            """;
        var today = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await sql.Execute(staged.Dialect.CreateFrom(Scope, "v0", query), new { value, today });
    }

    string Expire => staged.Physical(rule.ExpireColumn!);

    string SameScope => string.Join(" and ", rule.Scope.Select((c, i) => $"t.{staged.Physical(c)} = z.v{i}"));

    string Mentioned
    {
        get
        {
            var parent = staged.KeyHasParent ? $" join {staged.Parent!.Match} p on p._row = s._parent_row" : "";
            return $"select 1 from {staged.Stage} s{parent} where {staged.SameKey("t", "p._id")}";
        }
    }
}
