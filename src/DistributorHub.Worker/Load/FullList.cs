using System.Globalization;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>A full list that leaves out more than its guard lets pass.</summary>
/// <param name="Table">Name of the table in maps.</param>
/// <param name="Lost">Rows the list leaves out.</param>
/// <param name="All">Rows in its scope.</param>
/// <param name="Share">Largest share of them that may go missing.</param>
sealed record GuardFinding(string Table, long Lost, long All, decimal Share)
{
    public string Found => string.Create(CultureInfo.InvariantCulture, $"{Lost} of {All} rows missing ({100m * Lost / All:0.#} %)");

    public string Expected => string.Create(CultureInfo.InvariantCulture, $"at most {100m * Share:0.#} % missing (guard max_missing)");

    public string Message => string.Create(CultureInfo.InvariantCulture,
        $"The full list leaves out {Lost:N0} of the {All:N0} rows of '{Table}' in its scope ({100m * Lost / All:0.#} %), and at most {100m * Share:0.#} % may go missing. Is the list truncated?");
}

/// <summary>How a full list ended.</summary>
/// <param name="Guard">What the guard found, when it wants a person to look.</param>
/// <param name="Kept">Rows the list does not mention that stay as they are, because rows of the list were left out for their faults.</param>
readonly record struct FullListEnd(GuardFinding? Guard, long Kept)
{
    /// <summary>Rows in its scope before it; null when no list of the message is full.</summary>
    public long? Before { get; init; }

    /// <summary>Rows that it ends, or would.</summary>
    public long Lost { get; init; }

    /// <summary>The values of its scope; null when it has several.</summary>
    public string? Scope { get; init; }

    /// <summary>Some of the rows that it ends.</summary>
    public IReadOnlyList<CatalogueSample> Samples { get; init; } = [];

    public FullListEnd() : this(null, 0)
    {
    }
}

/// <summary>What a full list does to the rows it does not mention, within its scope.</summary>
sealed class FullList(MergeSession sql, StagedTable staged, Removal removal, TimeProvider clock)
{
    const string Scope = "hub_scope";

    readonly TableDefinition table = staged.Table;
    readonly CatalogueRule rule = staged.Table.Catalogue!;
    readonly OlderList? older = OlderList.Of(staged);

    /// <summary>True when a list of this message may end rows it does not mention.</summary>
    public bool IsPossible => rule is { Missing: not MissingRows.Keep, FullWhen: not null } && staged is { Rows: > 0, Parent: not null };

    /// <summary>Expires or deletes the missing rows, unless the guard wants a person to look, or rows of the list were left out: one of them may be a missing one.</summary>
    /// <param name="approved">True when a person has looked: the guard lets the list pass.</param>
    /// <param name="differences">Is told of the rows, or null.</param>
    public async Task<FullListEnd> EndMissing(bool approved, RowDifferences? differences)
    {
        await CreateScope();
        var live = rule.Missing == MissingRows.Expire ? $" and (t.{Expire} is null or t.{Expire} > z._on)" : "";
        var newer = older is null ? "" : $" and not {older.BroughtAfter("z._date")}";
        var inScope = $"{SameScope}{live}{newer}";
        var missing = $"{inScope} and not exists ({Mentioned})";
        var lost = await sql.Scalar<long>($"select count(*) from {staged.Sql} t, {Scope} z where {missing}");
        var end = await Describe(inScope, missing, lost);
        if (staged.Missed.Count > 0)
        {
            sql.Queue($"drop table {Scope}");
            return end with { Kept = lost, Lost = 0, Samples = [] };
        }
        if (lost > 0 && !approved && rule.MaxMissing is { } share && lost > share * end.Before)
            return end with { Guard = new(table.Name, lost, end.Before!.Value, share) };
        if (lost > 0 && differences is not null)
            await differences.TakeMissing(sql, staged, $"{staged.Sql} t, {Scope} z where {missing}", rule.Missing == MissingRows.Expire ? (rule.ExpireColumn!, "z._on") : null);
        if (lost > 0 && rule.Missing == MissingRows.Expire)
            sql.Queue($"update {staged.Sql} as t set {Expire} = z._on from {Scope} z where {missing}");
        else if (lost > 0)
            await removal.Remove(table, $"{Scope} z", missing);
        sql.Queue($"drop table {Scope}");
        return end;
    }

    /// <summary>What the lists of the message bound, and leave out.</summary>
    async Task<FullListEnd> Describe(string inScope, string missing, long lost)
    {
        var scopes = await sql.Query<string>($"select {SellerDialect.KeyText(rule.Scope.Select((_, i) => $"v{i}"))} from {Scope} limit 2");
        return scopes.Count == 0 ? new() : new()
        {
            Lost = lost,
            Before = await sql.Scalar<long>($"select count(*) from {staged.Sql} t, {Scope} z where {inScope}"),
            Scope = scopes.Count == 1 ? scopes[0] : null,
            Samples = lost == 0 ? [] : await sql.Query<CatalogueSample>(
                $"select {CatalogueLook.Shown(staged, "t")} from {staged.Sql} t, {Scope} z where {missing} order by 1 limit {CatalogueSamples.Most}"),
        };
    }

    /// <summary>The values that bound the full lists of this message, with the date that their missing rows end on: the list's own date, else today; today also where an earlier list counts again.</summary>
    async Task CreateScope()
    {
        var parent = staged.Parent!;
        var (column, value) = rule.FullWhen!.Value;
        var newer = parent.Table.Version?.NewerBy is { } by ? parent.Table.Find(by) : null;
        var date = newer?.Kind is ColumnKind.Date or ColumnKind.Timestamp && !staged.Reinstates
            ? $"max(sp.c{parent.ColumnNumber(newer.Name)})" : "cast(@today as text)";
        if (rule.ExpireColumn is { } expire)
            date = staged.Dialect.Cast(date, staged.Live[table.Find(expire)!.Physical]);
        var listed = older is null ? "null" : $"max({older.Date})";
        var values = rule.Scope.Select((c, i) => $"{(c == table.ParentColumn ? "p._id" : staged.Value(c))} as v{i}");
        var query = $"""
            select {string.Join(", ", values)}, {date} as _on, {listed} as _date
            from {staged.Stage} s join {parent.Match} p on p._row = s._parent_row join {parent.Stage} sp on sp._row = s._parent_row
            where p._current and sp.c{parent.ColumnNumber(column)} = @{OlderList.FullParameter}{(older is null ? "" : $" and not {older.Superseded}")}
            group by {string.Join(", ", rule.Scope.Select((_, i) => i + 1))}
            """;
        var today = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await sql.Execute(staged.Dialect.CreateFrom(Scope, "v0", query), new { full = value, today });
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
