using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>The statements that merge one staged table by its policy. Aliases as in <see cref="StagedTable"/>; x = another row of the target.</summary>
sealed class MergeSql(StagedTable staged, bool replay)
{
    readonly TableDefinition table = staged.Table;
    readonly SellerDialect dialect = staged.Dialect;
    readonly OlderList? older = OlderList.Of(staged);

    /// <summary>Says for every staged row which row of the target it is and what shall happen to it. Rows under a parent that is not applied are left out.</summary>
    public string FillMatch()
    {
        // Items of an older list must not overwrite those of the newer one; lines of an older order go with their own version.
        var flag = table.Policy == TablePolicy.Catalogue ? "_current" : "_apply";
        var parent = staged.Parent is { } p ? $"join {p.MatchRows} p on p._row = s._parent_row and p.{flag}" : "";
        var again = table.Policy == TablePolicy.Version ? $" and t.{Quote(table.Id!)} in {dialect.ReplayedIds(staged.LiveId!)}" : "";
        var target = MatchesNothing ? "" : $"left join {staged.Sql} t on {staged.SameKey("t", "p._id")}{again}";
        return dialect.FillMatch(staged.Match, $"""
            {older?.Lists}
            select s._row, {Id} as _id, {(staged.Parent is null ? "0" : "p._id")} as _parent, {IsNew} as _new, {Apply} as _apply,
              {Current} as _current, {Write} as _write, {Drop} as _drop
            from {staged.StageRows} s {parent} {target} {older?.Joins}
            """);
    }

    /// <summary>True when no staged row can have several rows of the target: a unique index may let nulls stand twice.</summary>
    public bool MatchesOnce => MatchesNothing || (staged.IsKeyUnique && !staged.KeyMayBeNull);

    /// <summary>Rows of the target that were merged or dropped, with the table's place in the load; and the ids of versions.</summary>
    public static string CountMatched(StagedTable staged, int place) =>
        $"select {place} as place, count(*) as matched, cast(null as text) as id from {staged.Match} where _apply or (_drop and not _new)"
        + (staged.Table.Policy == TablePolicy.Version && staged.Rows > 0 ? $" union all select {place}, null, cast(_id as text) from {staged.Match}" : "");

    /// <summary>Staged rows that were found more than once in the target, because its key is not unique there.</summary>
    public string? Ambiguous =>
        MatchesNothing || staged.IsKeyUnique ? null : Faulty("r._row in (select _row from " + staged.Match + " group by _row having count(*) > 1)");

    /// <summary>Rows that exist already.</summary>
    public string Existing => Faulty("not r._new");

    /// <summary>Rows that are older than what was loaded before.</summary>
    public string Older => Faulty(table.Policy == TablePolicy.Version ? "r._new and not r._current" : "not r._apply");

    /// <summary>Ends the version that was current.</summary>
    public string? EndCurrent => table is { Policy: TablePolicy.Version, Version.Current: { } current }
        ? $"""
            update {staged.Sql} as t set {Quote(current)} = {Flag(current, false)}
            from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row
            where {IsReplaced(current)}
            """
        : null;

    /// <summary>The versions <c>t</c> that were current and are replaced, as a from clause with its condition; null where there are none.</summary>
    public string? Replaced => table is { Policy: TablePolicy.Version, Version.Current: { } current }
        ? $"{staged.Sql} t, {staged.Stage} s join {staged.Match} r on r._row = s._row where {IsReplaced(current)}" : null;

    string IsReplaced(string current) => $"{staged.SameKey("t", "r._parent")} and t.{Quote(current)} = {Flag(current, true)} and r._new and r._current";

    /// <summary>Ends the versions that this document made before and makes no more.</summary>
    public string? EndOrphans => replay && table is { Policy: TablePolicy.Version, Version.Current: { } current }
        ? $"""
            update {staged.Sql} as t set {Quote(current)} = {Flag(current, false)}
            where {IsOrphan}
            """
        : null;

    /// <summary>The versions <c>t</c> that <see cref="EndOrphans"/> ends and that are current, as a from clause with its condition.</summary>
    public string? Orphans => replay && table is { Policy: TablePolicy.Version, Version.Current: { } current }
        ? $"{staged.Sql} t where {IsOrphan} and t.{Quote(current)} = {Flag(current, true)}" : null;

    string IsOrphan => $"""
        t.{Quote(table.Id!)} in {dialect.ReplayedIds(staged.LiveId!)}
          and not exists (select 1 from {staged.Match} r where r._id = t.{Quote(table.Id!)})
        """;

    public string Insert()
    {
        var columns = new List<(string Name, string Value)>();
        if (table.Id is { } id)
            columns.Add((Quote(id), "r._id"));
        if (table.ParentColumn is { } parent)
            columns.Add((Quote(parent), "r._parent"));
        columns.AddRange(table.Columns.Where(c => c.Mapped).Select(c => (Quote(c.Physical), staged.Value(c.Name))));
        if (table is { Policy: TablePolicy.Version, Version: { } version })
        {
            if (version.Number is { } number)
                columns.Add((Quote(number), $"coalesce((select max(x.{Quote(number)}) from {staged.Sql} x where {staged.SameKey("x", "r._parent")}), 0) + 1"));
            if (version.Current is { } current)
                columns.Add((Quote(current), $"case when r._current then {Flag(current, true)} else {Flag(current, false)} end"));
        }
        return $"""
            insert into {staged.Sql} ({string.Join(", ", columns.Select(c => c.Name))}){dialect.Overriding(staged.LiveId)}
            select {string.Join(", ", columns.Select(c => c.Value))}
            from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row
            where r._new and r._apply
            """;
    }

    /// <summary>Overwrites the rows that changed; null when there is nothing but a key.</summary>
    public string? Update()
    {
        var settings = SetColumns.Select(c => $"{Quote(c.Physical)} = {staged.Value(c.Name)}").ToList();
        if (SetsParent)
            settings.Add($"{Quote(table.ParentColumn!)} = r._parent");
        return settings.Count == 0 ? null : $"""
            update {staged.Sql} as t set {string.Join(", ", settings)}
            from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row
            where {staged.SameRow} and r._write
            """;
    }

    /// <summary>Condition on rows <c>t</c> beside the parent's match <c>p</c>: the parent was merged and the message has them no more, of which it has left out none.</summary>
    public string Gone => $"""
        t.{Quote(table.ParentColumn!)} = p._id and p._apply and not p._new{NotMissed} and not exists (
          select 1 from {staged.StageRows} s where s._parent_row = p._row and {staged.SameKey("t", "p._id")})
        """;

    // The hub's own numbers of rows, at most as many as rows may be left out.
    string NotMissed => staged.Missed.Count == 0 ? "" : $" and p._row not in ({string.Join(", ", staged.Missed)})";

    static string Quote(string name) => SellerDialect.Quote(name);

    /// <summary>Every version is a new row, unless the document is loaded again.</summary>
    bool MatchesNothing => table.Policy == TablePolicy.Version && !replay;

    string IsNew => MatchesNothing ? "true" : $"{staged.Probe} is null";

    string Id
    {
        get
        {
            if (staged.LiveId is not { } id)
                return "0";
            var next = dialect.NewId(staged.Sql, id);
            return MatchesNothing ? next : $"coalesce(t.{Quote(id.Name)}, {next})";
        }
    }

    string IsDelete => table.Catalogue?.ActionColumn is { } action ? $"s.c{staged.ColumnNumber(action)} = 'delete'" : "false";

    string Drop => older is null ? IsDelete : $"({IsDelete} and not {older.IsOlder})";

    string Apply => table.Policy switch
    {
        TablePolicy.Skip when !replay => IsNew,
        TablePolicy.Update when NewerBy is var (value, column) => $"not coalesce({value} < t.{column}, false)",
        TablePolicy.Catalogue => older is null ? $"not ({IsDelete})" : $"(not ({IsDelete}) and not {older.IsOlder})",
        _ => "true",
    };

    string Current
    {
        get
        {
            if (table.Policy != TablePolicy.Version)
                return Apply;
            var current = table.Version!.Current is { } flag ? $"x.{Quote(flag)} = {Flag(flag, true)} and " : "";
            var newest = NewerBy is var (value, column)
                ? $"not exists (select 1 from {staged.Sql} x where {staged.SameKey("x", "0")} and {current}{value} < x.{column})"
                : "true";
            if (MatchesNothing)
                return newest;
            var was = table.Version.Current is { } own
                ? $"coalesce(t.{Quote(own)} = {Flag(own, true)}, false)"
                : $"t.{Quote(table.Version.Number!)} = (select max(x.{Quote(table.Version.Number!)}) from {staged.Sql} x where {staged.SameKey("x", "0")})";
            return $"case when {IsNew} then {newest} else {was} end";
        }
    }

    string Write
    {
        get
        {
            if (MatchesNothing || (table.Policy is TablePolicy.Insert or TablePolicy.Skip && !replay))
                return "false";
            var action = table.Catalogue?.ActionColumn;
            var changes = SetColumns.Where(c => c.Name != action)
                .Select(c => $"t.{Quote(c.Physical)} is distinct from {staged.Value(c.Name)}").ToList();
            if (SetsParent)
                changes.Add($"t.{Quote(table.ParentColumn!)} is distinct from p._id");
            return changes.Count == 0 ? "false" : $"not ({IsNew}) and {Apply} and ({string.Join(" or ", changes)})";
        }
    }

    (string Value, string Column)? NewerBy =>
        table.Version?.NewerBy is { } newer ? (staged.Value(newer), staged.Physical(newer)) : null;

    /// <summary>The columns that are written, the key's aside.</summary>
    public IEnumerable<ColumnDefinition> SetColumns => table.Columns.Where(c => c.Mapped && !table.Key.Contains(c.Name));

    bool SetsParent => table.ParentColumn is not null && !staged.KeyHasParent;

    string Flag(string column, bool value) => dialect.Flag(value, staged.Live[column]);

    string Faulty(string condition) =>
        $"""
        select distinct s._seg as segment, s._byte as byte_offset, {staged.OwnKey(key => $"s.c{staged.ColumnNumber(key)}")} as found
        from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row where {condition} order by 2 limit {StagingChecks.RowsReportedMax}
        """;
}
