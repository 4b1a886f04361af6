using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Looks for rows that contradict each other or the live tables, before anything is written. Every fault names its segment.</summary>
sealed class StagingChecks(MergeSession sql, Findings findings)
{
    /// <summary>Rows reported per kind of fault: more of the same tell nothing new.</summary>
    public const int RowsReportedMax = 100;

    /// <summary>False when something was found.</summary>
    public async Task<bool> Pass(IReadOnlyList<StagedTable> tables)
    {
        var staged = tables.Where(table => table.Rows > 0).ToList();
        var before = findings.Errors;
        var unfound = new HashSet<StagedTable>();
        foreach (var table in staged)
        {
            if (!await FindLookups(table))
                unfound.Add(table);
            if (table.Dialect.Settle(table.Stage, table.StageKey, table.Rows) is { } settle)
                sql.Queue(settle);
        }
        // One question to the database when all is well, which is nearly always.
        var questions = staged.SelectMany(table => Questions(table, staged)).ToList();
        if (unfound.Count == 0
            && (questions.Count == 0 || !await sql.Scalar<bool>($"select {string.Join("\n or ", questions.Select(question => $"exists ({question})"))}")))
        {
            return true;
        }
        foreach (var table in staged)
        {
            await CheckParents(table);
            // What was not found is missing in values and keys: that would be said a second time.
            if (unfound.Contains(table))
                continue;
            await CheckValues(table);
            await CheckDuplicates(table);
            await CheckReferences(table, staged, unfound);
        }
        return findings.Errors == before;
    }

    /// <summary>Queries that have a row when something is wrong with a table.</summary>
    static IEnumerable<string> Questions(StagedTable table, IReadOnlyList<StagedTable> staged)
    {
        if (Rules(table).Select(rule => rule.Broken).ToList() is { Count: > 0 } broken)
            yield return $"select 1 from {table.StageRows} s where {string.Join(" or ", broken)}";
        if (Orphan(table) is { } orphan)
            yield return $"select 1 from {table.StageRows} s where {orphan}";
        yield return $"select 1 from {table.Stage} group by {string.Join(", ", table.StageKey)} having count(*) > 1";
        foreach (var reference in References(table, staged))
            yield return $"select 1 from {table.StageRows} s where {reference.Lost}";
    }

    async Task<bool> FindLookups(StagedTable table)
    {
        if (table.Table.Lookups.Count == 0)
            return true;
        var before = findings.Errors;
        var lookups = new LookupSql(table);
        sql.Queue(lookups.CreateFound());
        table.LookedUp = true;
        foreach (var lookup in table.Table.Lookups)
        {
            var xref = lookup.Xref;
            var name = table.Dialect.Name(xref.Table);
            if (xref.Miss == XrefMiss.Error)
            {
                foreach (var fault in await Faults(table, lookups.Shown(lookup), $"where {lookups.Missed(lookup)}"))
                {
                    Report(table, LoadCodes.NotFound, fault, lookup.Column, $"xref {xref.Name}: {name} has no value for the key '{fault.Found}'.",
                        "Add it there, then retry the exchange; or write miss: null at the xref in the target.");
                }
            }
            foreach (var fault in await Faults(table, lookups.Shown(lookup), $"where {lookups.Several(lookup)}"))
            {
                Report(table, LoadCodes.FoundSeveral, fault, lookup.Column, $"xref {xref.Name}: {name} has several different values for the key '{fault.Found}'.",
                    "Make the key unique there, or add what tells the rows apart to the xref's key.");
            }
        }
        return findings.Errors == before;
    }

    async Task CheckValues(StagedTable table)
    {
        foreach (var rule in Rules(table))
        {
            foreach (var fault in await Faults(table, rule.Value, $"where {rule.Broken}"))
                Report(table, rule.Code, fault, rule.Column, rule.Message, rule.Advice);
        }
    }

    static IEnumerable<Rule> Rules(StagedTable table)
    {
        foreach (var (column, number) in table.Table.Columns.Select((c, i) => (c, i)).Where(numbered => numbered.c.Mapped))
        {
            var value = $"s.c{number}";
            var live = table.Live[column.Physical];
            if (!column.Nullable || !live.Nullable)
            {
                yield return new(LoadCodes.NoValue, column.Name, $"{value} is null", "null",
                    $"'{column.Name}' has no value, and {table.Sql} needs one.", "Give it a default in the map ('?? …'), or allow null in the target and the table.");
            }
            // What was looked up keeps to no bounds of the target.
            var lookedUp = table.Table.LookupsOf(column).Any();
            if (Misfit(table, lookedUp ? column with { Length = null, Precision = 1_000, Scale = 500 } : column, live, value) is { } misfit)
            {
                yield return new(LoadCodes.TooWide, column.Name, misfit, $"cast({value} as text)",
                    $"The value of '{column.Name}' does not fit into {table.Sql}.\"{column.Physical}\" ({Bounds(live)}).",
                    "Widen the seller's column, or shorten the value in the map.");
            }
        }
        if (table.Table.Catalogue?.ActionColumn is { } action)
        {
            var value = $"s.c{table.ColumnNumber(action)}";
            yield return new(LoadCodes.UnknownAction, action, $"{value} not in ('add', 'change', 'delete')", value,
                $"'{action}' is none of add, change and delete.", "Map the partner's code to one of the three, with code(…, line_action).");
        }
    }

    /// <summary>The mapper keeps to the target's bounds, so only a live column that is narrower needs a look.</summary>
    static string? Misfit(StagedTable table, ColumnDefinition column, LiveColumn live, string value) => column.Kind switch
    {
        ColumnKind.Text when live.Length < (column.Length ?? int.MaxValue) => $"length({value}) > {live.Length}",
        ColumnKind.Int when live.Type == "smallint" => $"{value} not between {short.MinValue} and {short.MaxValue}",
        ColumnKind.Int when live.Type == "integer" => $"{value} not between {int.MinValue} and {int.MaxValue}",
        ColumnKind.Numeric when live.Precision is { } precision && live.Scale is { } scale
            && (scale < column.Scale || precision - scale < column.Precision - column.Scale) => table.Dialect.Misfit(value, precision, scale),
        ColumnKind.Numeric when column.Scale > 0 && live.Type is "smallint" or "integer" or "bigint" => table.Dialect.Misfit(value, 18, 0),
        _ => null,
    };

    static string Bounds(LiveColumn live) =>
        live.Length is { } length ? $"{live.Type}({length})"
        : live.Precision is { } precision ? $"{live.Type}({precision},{live.Scale})"
        : live.Type;

    async Task CheckParents(StagedTable table)
    {
        if (Orphan(table) is not { } condition)
            return;
        var orphans = await Faults(table, "cast(s._parent_row as text)", $"where {condition}");
        foreach (var orphan in orphans)
        {
            Report(table, LoadCodes.NoParent, orphan, null, $"This row of '{table.Table.Name}' belongs to a row of '{table.Parent!.Table.Name}' that the message does not have.",
                "Check the conditions ('where') of both tables in the map: they must keep and drop them together.");
        }
    }

    static string? Orphan(StagedTable table) =>
        table.Parent is { } parent ? $"not exists (select 1 from {parent.StageRows} p where p._row = s._parent_row)" : null;

    async Task CheckDuplicates(StagedTable table)
    {
        var key = string.Join(", ", table.StageKey);
        var shown = table.OwnKey(k => $"c{table.ColumnNumber(k)}");
        var twins = await sql.Query<Fault>($"""
            select _seg as segment, _byte as byte_offset, found, first_segment from (
              select _seg, _byte, {shown} as found, first_value(_seg) over same as first_segment, row_number() over same as number
              from {table.Stage} window same as (partition by {key} order by _row)) as twins
            where number > 1 order by _byte limit {RowsReportedMax}
            """);
        foreach (var twin in twins)
        {
            Report(table, LoadCodes.DuplicateKey, twin, string.Join('+', table.Table.Key),
                $"The message has two rows of '{table.Table.Name}' with the same key; the first comes from segment {twin.FirstSegment}.",
                "Ask the partner which of the two is meant, or add what tells them apart to the key of the table.");
        }
    }

    async Task CheckReferences(StagedTable table, IReadOnlyList<StagedTable> staged, HashSet<StagedTable> unfound)
    {
        foreach (var reference in References(table, staged))
        {
            // The rows it may refer to are not known before their own lookups have found everything.
            if (reference.Sent is { } sent && unfound.Contains(sent))
                continue;
            var found = string.Join(" || '/' || ", reference.Columns.Select(column => $"cast({table.Value(column.Name)} as text)"));
            foreach (var fault in await Faults(table, found, $"where {reference.Lost}"))
            {
                Report(table, LoadCodes.NoReference, fault, string.Join('+', reference.Columns.Select(column => column.Name)),
                    $"Neither {reference.Live.Table} nor this message has a row that this value of '{table.Table.Name}' refers to.",
                    "Add it there, or correct the code list that made the value.");
            }
        }
    }

    /// <summary>References that can be checked before the merge.</summary>
    static IEnumerable<Reference> References(StagedTable table, IReadOnlyList<StagedTable> staged)
    {
        foreach (var reference in table.Live.References)
        {
            var columns = reference.Columns.Select(r => Mapped(table, r)).OfType<ColumnDefinition>().ToList();
            // The reference to our own parent is made by the merge; others can be checked when the rows carry all of their columns.
            if (columns.Count < reference.Columns.Length)
                continue;
            var values = columns.Select(column => table.Value(column.Name)).ToList();
            // SQL's MATCH SIMPLE: a reference with a null in it refers to nothing, and that is fine.
            var given = values.Select(value => $"{value} is not null");
            var lost = $"{string.Join(" and ", given)} and {Missing(reference.Table, reference.TableColumns.Select(c => $"x.{SellerDialect.Quote(c)}"), values)}";
            // The merge writes what is referred to before what refers to it.
            var sent = staged.FirstOrDefault(t => t.Live.Identity == reference.TableIdentity);
            var keys = sent is null ? [] : reference.TableColumns.Select(c => Mapped(sent, c)).OfType<ColumnDefinition>().ToList();
            if (sent is null || keys.Count < columns.Count)
            {
                yield return new(reference, columns, null, lost);
                continue;
            }
            var stays = sent.Table.Catalogue?.ActionColumn is { } action ? $" and x.c{sent.ColumnNumber(action)} <> 'delete'" : "";
            yield return new(reference, columns, sent, $"{lost} and {Missing(sent.StageRows, keys.Select(c => sent.Value(c.Name, "x")), values, stays)}");
        }
    }

    static string Missing(string rows, IEnumerable<string> keys, IEnumerable<string> values, string more = "") =>
        $"not exists (select 1 from {rows} x where {string.Join(" and ", keys.Zip(values, (key, value) => $"{key} = {value}"))}{more})";

    static ColumnDefinition? Mapped(StagedTable table, string physical) => table.Table.Columns.FirstOrDefault(c => c.Physical == physical && c.Mapped);

    Task<IReadOnlyList<Fault>> Faults(StagedTable table, string found, string where) => sql.Query<Fault>(
        $"select s._seg as segment, s._byte as byte_offset, {found} as found from {table.StageRows} s {where} order by s._byte limit {RowsReportedMax}");

    void Report(StagedTable table, string code, Fault fault, string? column, string message, string advice) =>
        findings.Add(fault.ToFinding(code, Severity.Error, column is null ? table.Table.Name : $"{table.Table.Name}.{column}", message, advice));

    /// <summary>A reference of a staged table.</summary>
    /// <param name="Live">The foreign key.</param>
    /// <param name="Columns">The table's columns of it.</param>
    /// <param name="Sent">The staged table whose rows it may refer to as well, or null.</param>
    /// <param name="Lost">Condition of rows that refer to nothing.</param>
    sealed record Reference(LiveReference Live, IReadOnlyList<ColumnDefinition> Columns, StagedTable? Sent, string Lost);

    sealed record Rule(string Code, string Column, string Broken, string Value, string Message, string Advice);
}

/// <summary>A staged row that is wrong: where it came from and what it holds.</summary>
sealed class Fault
{
    public int Segment { get; set; }

    public long ByteOffset { get; set; }

    public string? Found { get; set; }

    /// <summary>Segment of the row it contradicts.</summary>
    public int FirstSegment { get; set; }

    public Finding ToFinding(string code, Severity severity, string path, string message, string? advice) => new()
    {
        Code = code,
        Severity = severity,
        At = new(ByteOffset, Segment: Segment),
        Path = path,
        Found = Found is { Length: > Limits.QuotedCharsMax } ? Found[..Limits.QuotedCharsMax] : Found,
        Message = message,
        Advice = advice,
    };
}
