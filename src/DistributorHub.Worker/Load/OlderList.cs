using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>
/// A list that arrives after newer ones, whatever its number: a row is as new as the list it refers to, and a full list speaks for every
/// row in its scope, for those it leaves out too. Aliases as in <see cref="StagedTable"/>; sp = parent's stage, h = the list a row refers to.
/// </summary>
sealed class OlderList
{
    /// <summary>Parameter with the value that makes a list full.</summary>
    public const string FullParameter = "full";

    readonly StagedTable staged, parent;
    readonly string newerBy;

    OlderList(StagedTable staged, StagedTable parent, string newerBy) => (this.staged, this.parent, this.newerBy) = (staged, parent, newerBy);

    /// <summary>Null when nothing tells which list is newer, or the document counts whatever is.</summary>
    public static OlderList? Of(StagedTable staged) =>
        staged is { Reinstates: false, Table.Policy: TablePolicy.Catalogue, Parent: { Table.Version.NewerBy: { } by } parent } && parent.Table.Find(by) is { Mapped: true }
            ? new(staged, parent, by) : null;

    /// <summary>Common table expression: the lists of the message with their date, and whether a newer full list speaks for their rows.</summary>
    public string Lists => $"""
        with lists as materialized (
          select p._row, {Date} as _date, {Superseded} as _superseded from {parent.MatchRows} p join {parent.StageRows} sp on sp._row = p._row)
        """;

    /// <summary>Joins that <see cref="IsOlder"/> needs beside <c>s</c> and <c>t</c>.</summary>
    public string Joins =>
        $"join lists l on l._row = s._parent_row left join {parent.Sql} h on h.{ParentId} = t.{ParentColumn}";

    /// <summary>Condition that the staged row says nothing new.</summary>
    public string IsOlder => $"(l._superseded or coalesce(h.{Newer} > l._date, false))";

    /// <summary>The date of a list, in the type of the live column.</summary>
    public string Date => parent.Value(newerBy, "sp");

    /// <summary>Condition that a newer list has brought the row <c>t</c>.</summary>
    public string BroughtAfter(string date) =>
        $"exists (select 1 from {parent.Sql} h where h.{ParentId} = t.{ParentColumn} and h.{Newer} > {date})";

    /// <summary>
    /// Condition on a list of the message that a full list of the same scope is newer. Where the scope has columns that lists do not have,
    /// it is not known which full list was for what: then rows are compared one by one only.
    /// </summary>
    public string Superseded
    {
        get
        {
            var rule = staged.Table.Catalogue!;
            if (rule is not { Missing: not MissingRows.Keep, FullWhen: var (column, _) } || parent.Table.Find(column) is not { Mapped: true } full
                || !rule.Scope.All(c => parent.Table.Find(c) is { Mapped: true }))
                return "false";
            var sameScope = rule.Scope.Select(c => $"x.{parent.Physical(c)} = {parent.Value(c, "sp")}");
            return $"""
                exists (select 1 from {parent.Sql} x where {string.Join(" and ", sameScope)} and x.{Newer} > {Date} and x.{ParentId} <> p._id
                  and x.{parent.Physical(column)} = {staged.Dialect.Cast($"@{FullParameter}", parent.Live[full.Physical])})
                """;
        }
    }

    /// <summary>Tells operations of the rows that were left as they are.</summary>
    public async Task Report(MergeSession sql, Findings findings)
    {
        var left = staged.Rows - await sql.Scalar<long>($"select count(*) from {staged.Match} where _apply or _drop");
        if (left > 0)
            findings.Add((await First(sql, parent)).ToFinding(LoadCodes.Older, Severity.Warning, staged.Table.Name,
                FormattableString.Invariant($"Older list, {left:N0} of its {staged.Rows:N0} rows left as they are: newer lists of the same scope were loaded before, going by '{newerBy}'."),
                "Nothing is to be done if the list was only late. If it is meant to count, ask the partner for a list with a newer date.")
                with
            {
                Found = FormattableString.Invariant($"{left} of {staged.Rows} rows"),
                Expected = $"a list that is not older by '{newerBy}' than what '{staged.Table.Name}' holds",
            });
    }

    /// <summary>Where the first list of the message stands in it.</summary>
    public static async Task<Fault> First(MergeSession sql, StagedTable lists) =>
        (await sql.Query<Fault>($"select _seg as segment, _byte as byte_offset from {lists.Stage} order by _row limit 1"))[0];

    string Newer => parent.Physical(newerBy);

    string ParentId => SellerDialect.Quote(parent.Table.Id!);

    string ParentColumn => SellerDialect.Quote(staged.Table.ParentColumn!);
}
