using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>
/// Compares a list of prices with what the seller has, set by set, in the transaction of the merge and before each table is written. Aliases as in
/// <see cref="StagedTable"/>. Rows of the list and of the seller's table never leave the database but for a few samples.
/// </summary>
/// <param name="sql">Runs its questions.</param>
/// <param name="tables">The tables of the load.</param>
sealed class CatalogueLook(MergeSession sql, IReadOnlyList<StagedTable> tables)
{
    const string Changed = "hub_changed", Old = "hub_old", Prices = "hub_prices";
    // In percent: a price where there was none before.
    const string Beyond = "1000000000";

    readonly StagedTable? list = tables.FirstOrDefault(table => table is { Table.Catalogue: not null, Rows: > 0 });
    CatalogueReview? review;
    bool compares, priced;

    /// <summary>What was found; null for a document that is no list. Once the tables are merged.</summary>
    public async Task<CatalogueReview?> End()
    {
        if (review is null || !compares)
            return review;
        var changed = $"select _row from {Changed}{(priced ? $" union select _item from {Prices}" : "")}";
        review = review with { Changed = await sql.Scalar<long>($"select count(*) from ({changed}) as changed") };
        await sql.Execute($"drop table {Changed}");
        if (priced)
            await sql.Execute($"drop table {Prices}");
        return review;
    }

    /// <summary>What is known of a list that an earlier run has loaded, from the rows that are staged alone.</summary>
    public async Task<CatalogueReview?> Loaded()
    {
        if (list is null)
            return null;
        var rule = list.Table.Catalogue!;
        var own = rule.Scope.Where(column => column != list.Table.ParentColumn).Select(column => $"s.c{list.ColumnNumber(column)}").ToList();
        var scopes = own.Count == 0 ? [] : await sql.Query<string>($"select distinct {SellerDialect.KeyText(own)} from {list.Stage} s limit 2");
        return new()
        {
            Table = list.Table.Name,
            IsFull = await IsFull(list),
            Scope = scopes.Count == 1 ? scopes[0] : "",
            Items = list.Rows,
            IsCompared = false,
            MaxMissing = rule.MaxMissing,
        };
    }

    /// <summary>Looks at a table whose match is made, and of which nothing is written.</summary>
    public async Task Look(StagedTable staged)
    {
        if (staged == list)
            await LookAtItems(staged);
        if (review is not null && compares && list!.Table.Catalogue!.Price is var (table, column) && staged.Table.Name == table && staged.Table.Find(column) is { Mapped: true })
            await LookAtPrices(staged, column);
    }

    /// <summary>Takes what a full list leaves out.</summary>
    public void Lose(StagedTable staged, FullListEnd end)
    {
        if (staged == list && review is not null && end.Before is { } before)
            review = review with { Before = before, Scope = end.Scope ?? "", Removed = review.Removed + end.Lost, Samples = review.Samples with { Removed = end.Samples } };
    }

    async Task LookAtItems(StagedTable staged)
    {
        var counts = (await sql.Query<Counts>($"""
            select sum(case when _new and _apply then 1 else 0 end) as added, sum(case when _drop and not _new then 1 else 0 end) as dropped,
              sum(case when not _apply and not _drop then 1 else 0 end) as older, sum(case when _apply and not _new then 1 else 0 end) as matched
            from {staged.Match}
            """))[0];
        compares = counts.Matched > 0;
        review = new()
        {
            Table = staged.Table.Name,
            IsFull = await IsFull(staged),
            Items = staged.Rows,
            New = counts.Added ?? 0,
            Removed = counts.Dropped ?? 0,
            Older = counts.Older ?? 0,
            MaxMissing = staged.Table.Catalogue!.MaxMissing,
            Samples = new()
            {
                Added = counts.Added is > 0 ? await sql.Query<CatalogueSample>(
                    $"select {Shown(staged, "s")}, s._byte as at from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row where r._new and r._apply order by s._row limit {CatalogueSamples.Most}") : [],
            },
        };
        if (!compares)
            return;
        await sql.Execute(staged.Dialect.CreateFrom(Changed, "_row", $"""
            select s._row from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row join {staged.Sql} t on {staged.SameRow}
            where not r._new and r._apply and ({Differs(staged, Compared(staged), "t")})
            """));
    }

    /// <summary>
    /// Pairs each price of an item that was there with the price that the seller has for the same key; dates in a key move with every list, so that the same date is
    /// preferred, and else the latest is taken.
    /// </summary>
    async Task LookAtPrices(StagedTable staged, string column)
    {
        await CollectOld(staged);
        var item = staged == list ? "s._row" : "s._parent_row";
        var dated = staged.Table.Key.Where(key => IsDate(staged.Table.Find(key))).ToList();
        var keys = staged == list ? [] : staged.Table.Key.Except(dated).Where(key => key != staged.Table.ParentColumn).ToList();
        var same = $"o._item = {item}{(keys.Count == 0 ? "" : $" and {staged.Same(keys, "o", "0")}")}";
        var (before, after) = (staged.Dialect.Number($"o.{staged.Physical(column)}"), staged.Dialect.Number(staged.Value(column)));
        var terms = Compared(staged).Where(c => c.Name != column).ToList();
        var (was, becomes) = (Told(terms.Select(c => $"o.{SellerDialect.Quote(c.Physical)}")), Told(terms.Select(c => staged.Value(c.Name))));
        var exact = dated.Count == 0 ? "0" : $"case when {staged.Same(dated, "o", "0")} then 0 else 1 end, {string.Join(", ", dated.Select(key => $"o.{staged.Physical(key)} desc nulls last"))}";
        await sql.Execute(staged.Dialect.CreateFrom(Prices, "_item", $"""
            select * from (
              select o._item, s._byte, {before} as _old, {after} as _new, ({Differs(staged, terms, "o")}) as _terms, {was} as _was, {becomes} as _becomes,
                case when {before} <> 0 then ({after} - {before}) * 100 / {before} when {after} <> 0 then {Beyond} else 0 end as _percent,
                row_number() over (partition by s._row order by {exact}) as _place
              from {staged.StageRows} s join {Old} o on {same}) as pairs
            where _place = 1 and (_terms or _old <> _new)
            """));
        priced = true;
        if (staged != list)
            await sql.Execute($"""
                insert into {Changed} select s._parent_row from {staged.StageRows} s join {staged.Parent!.MatchRows} p on p._row = s._parent_row
                  where p._apply and not p._new and not exists (select 1 from {Old} o where {same});
                insert into {Changed} select o._item from {Old} o where not exists (select 1 from {staged.Stage} s where {same})
                """);
        await sql.Execute($"drop table {Old}");
        await Count();
    }

    /// <summary>
    /// Prices of the items that are there already, by their place in the list. A step of its own: of an item's own columns a planner has statistics, and the keys of
    /// prices, of which most are the same, must not be what it joins by first.
    /// </summary>
    async Task CollectOld(StagedTable staged)
    {
        var rows = staged == list
            ? $"select r._row as _item, t.* from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row join {staged.Sql} t on {staged.SameRow} where r._apply and not r._new"
            : $"select p._row as _item, t.* from {staged.Parent!.MatchRows} p join {staged.Sql} t on t.{SellerDialect.Quote(staged.Table.ParentColumn!)} = p._id where p._apply and not p._new";
        await sql.Execute(staged.Dialect.CreateFrom(Old, "_item", rows));
        if (staged.Dialect.Settle(Old, null, list!.Rows) is { } settle)
            await sql.Execute(settle);
    }

    static string Differs(StagedTable staged, IEnumerable<ColumnDefinition> columns, string from) =>
        string.Join(" or ", columns.Select(c => $"{from}.{SellerDialect.Quote(c.Physical)} is distinct from {staged.Value(c.Name)}").DefaultIfEmpty("false"));

    async Task Count()
    {
        var bars = string.Join(" ", CatalogueReview.Bars.Select((bound, i) => FormattableString.Invariant($"when _percent < {bound} then {i}")));
        var found = (await sql.Query<Bar>($"select number, count(*) as count from (select case {bars} when _percent <= {CatalogueReview.Bars[^1]} then {CatalogueReview.Bars.Count - 1} else {CatalogueReview.Bars.Count} end as number from {Prices} where not _terms) as bars group by number"))
            .ToDictionary(bar => bar.Number, bar => bar.Count);
        IReadOnlyList<long> histogram = [.. Enumerable.Range(0, CatalogueReview.Bars.Count + 1).Select(i => found.GetValueOrDefault(i))];
        var count = histogram.Sum();
        review = review! with
        {
            Histogram = histogram,
            Median = count == 0 ? null : Percent(await sql.Scalar<decimal?>($"select _percent from {Prices} where not _terms order by _percent limit 1 offset {(count - 1) / 2}")),
            Terms = await sql.Scalar<long>($"select count(*) from {Prices} where _terms"),
            Samples = review.Samples with { Prices = await Sampled("not x._terms", "abs(x._percent) desc"), Terms = await Sampled("x._terms", "x._byte") },
        };
    }

    async Task<IReadOnlyList<CatalogueSample>> Sampled(string which, string order) =>
        [.. (await sql.Query<Pair>($"""
            select {Shown(list!, "s")}, x._old as old, x._new as new, x._was as was, x._becomes as becomes, x._percent as percent, x._byte as at
            from {Prices} x join {list!.Stage} s on s._row = x._item where {which} order by {order}, x._byte limit {CatalogueSamples.Most}
            """)).Select(pair => new CatalogueSample
            {
                Item = pair.Item,
                Description = pair.Description,
                Was = Text(pair.Old, pair.Was),
                Becomes = Text(pair.New, pair.Becomes),
                Percent = which.StartsWith("not", StringComparison.Ordinal) ? Percent(pair.Percent) : null,
                At = pair.At,
            })];

    static string Text(decimal price, string? terms) => FormattableString.Invariant($"{price:0.######}{(string.IsNullOrEmpty(terms) ? "" : $" {terms.TrimEnd()}")}");

    static decimal? Percent(decimal? percent) => percent is null or >= 1_000_000_000m ? null : decimal.Round(percent.Value, 1);

    /// <summary>True when the list says that it is full.</summary>
    async Task<bool> IsFull(StagedTable staged) =>
        staged.Parent is { } parent && staged.Table.Catalogue!.FullWhen is var (column, value)
        && await sql.Scalar<long>($"select count(*) from {parent.Stage} s where s.c{parent.ColumnNumber(column)} = @value", new { value }) > 0;

    /// <summary>What a sample shows of a row: what identifies it within the scope, and its longest text.</summary>
    public static string Shown(StagedTable staged, string alias)
    {
        var table = staged.Table;
        var key = table.Key.Where(key => key != table.ParentColumn && !table.Catalogue!.Scope.Contains(key)).DefaultIfEmpty(table.Key[^1]);
        var text = table.Columns.Where(c => c is { Kind: ColumnKind.Text, Mapped: true } && !table.Key.Contains(c.Name)).MaxBy(c => c.Length ?? int.MaxValue);
        return $"{SellerDialect.KeyText(key.Select(Of))} as item, {(text is null ? "null" : $"cast({Of(text.Name)} as text)")} as description";

        string Of(string name) => alias == "t" || name == table.ParentColumn ? $"{alias}.{staged.Physical(name)}" : $"{alias}.c{staged.ColumnNumber(name)}";
    }

    /// <summary>Columns that are no key, no date and no action.</summary>
    static IEnumerable<ColumnDefinition> Compared(StagedTable staged) => staged.Table.Columns.Where(c =>
        c.Mapped && !IsDate(c) && !staged.Table.Key.Contains(c.Name) && c.Name != staged.Table.Catalogue?.ActionColumn);

    static bool IsDate(ColumnDefinition? column) => column?.Kind is ColumnKind.Date or ColumnKind.Time or ColumnKind.Timestamp;

    static string Told(IEnumerable<string> values)
    {
        var all = values.Select(value => $"coalesce(cast({value} as text) || ' ', '')").ToList();
        return all.Count == 0 ? "null" : string.Join(" || ", all);
    }

    sealed class Counts
    {
        public long? Added { get; set; }
        public long? Dropped { get; set; }
        public long? Older { get; set; }
        public long? Matched { get; set; }
    }

    sealed class Bar
    {
        public int Number { get; set; }
        public long Count { get; set; }
    }

    sealed class Pair
    {
        public string Item { get; set; } = "";
        public string? Description { get; set; }
        public decimal Old { get; set; }
        public decimal New { get; set; }
        public string? Was { get; set; }
        public string? Becomes { get; set; }
        public decimal? Percent { get; set; }
        public long At { get; set; }
    }
}
