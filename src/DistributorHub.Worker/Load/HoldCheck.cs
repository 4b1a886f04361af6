using System.Data.Common;
using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Load;

/// <summary>
/// Judges the staged rows of a document by its partner's hold rules, set by set, in the transaction of the merge and before its commit. A rule
/// whose table or column the document's map does not fill says nothing. Aliases as in <see cref="StagedTable"/>; x = row of an xref.
/// </summary>
/// <param name="sql">Runs its questions.</param>
/// <param name="target">What the tables and xrefs are described by.</param>
/// <param name="document">The document with its rules.</param>
/// <param name="findings">Takes a warning for each row that holds it.</param>
/// <param name="waived">True when people let it pass, or it was loaded before.</param>
sealed class HoldCheck(MergeSession sql, TargetDefinition target, DocumentIdentity document, Findings findings, bool waived)
{
    readonly List<HoldReason> reasons = [];
    decimal? amount;
    bool isComparable = true;

    /// <summary>Why the document is held; null when nothing holds it, or people let it pass.</summary>
    public LoadOutcome.Held? Outcome => reasons.Count == 0 ? null : new(reasons, isComparable ? amount : null);

    public void Add(HoldReason reason) => reasons.Add(reason);

    /// <summary>The rules that the document's own rows, hub_inbox and xrefs answer.</summary>
    public async Task Look(IReadOnlyList<StagedTable> tables, LiveSchema schema, DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        if (waived)
            return;
        foreach (var rule in document.Holds)
        {
            if (rule.Kind == HoldKind.Test && document.IsTest)
                Hold(rule, HoldCodes.Test, "The interchange says that it is a test.", default, null, null);
            else if (rule.Kind == HoldKind.Duplicate)
                await LookForNumber(rule);
            else if (tables.FirstOrDefault(table => table.Table.Name == rule.Table && table.Rows > 0) is not { } staged || !Fits(staged.Table, rule))
                continue;
            else if (rule.Kind == HoldKind.Amount)
                await Sum(rule, staged, tables);
            else if (rule.Against is { } name && target.Xrefs.FirstOrDefault(xref => xref.Name == name) is { } xref)
            {
                var live = await schema.Find(xref.Table, connection, transaction, cancellation);
                if (xref.Table.Columns.FirstOrDefault(column => live.Find(column.Physical) is null) is { } missing)
                    throw new TargetDriftException([$"Table {staged.Dialect.Name(xref.Table)} of xref '{xref.Name}' has no column \"{missing.Physical}\"."]);
                await Compare(rule, staged, xref, live);
            }
        }
    }

    /// <summary>The rules that compare a table with itself: its match is made, and nothing of it is written.</summary>
    public async Task Compare(StagedTable staged)
    {
        if (waived)
            return;
        foreach (var rule in document.Holds.Where(rule => rule.Table == staged.Table.Name && rule.Against is null && Fits(staged.Table, rule)))
        {
            if (rule.Kind == HoldKind.NewItem)
                await Report(rule, staged, Key(staged), $"{Matched(staged)} where r._new and r._apply");
            else if (rule.Kind == HoldKind.PriceChange)
            {
                var keys = rule.Key.Count > 0 ? staged.Table.Key.Where(key => key == staged.Table.ParentColumn).Concat(rule.Key) : staged.Table.Key;
                var same = staged.Same(keys, "t", "r._parent");
                await Report(rule, staged, Value(staged, rule.Column!), Differs(rule, staged, Matched(staged), "r._apply", $"{staged.Sql} t", same, $"t.{staged.Physical(rule.Column!)}"));
            }
        }
    }

    Task Compare(HoldRule rule, StagedTable staged, XrefDefinition xref, LiveTable live)
    {
        var given = string.Join(" and ", rule.Key.Select(key => $"{Value(staged, key)} is not null"));
        var same = string.Join(" and ", rule.Key.Select((key, i) =>
            $"x.{SellerDialect.Quote(xref.Key[i].Physical)} = {Asked(Value(staged, key), xref.Key[i])}"));
        // Compared in the type of the seller's column, so that its index serves.
        string Asked(string value, ColumnDefinition column) => column.Kind == ColumnKind.Int ? value : staged.Dialect.Cast(value, live[column.Physical]);
        var table = $"{staged.Dialect.Name(xref.Table)} x";
        var rows = $"from {staged.StageRows} s";
        return rule.Kind == HoldKind.NewItem
            ? Report(rule, staged, string.Join(" || '/' || ", rule.Key.Select(key => $"cast({Value(staged, key)} as text)")), $"{rows} where {given} and not exists (select 1 from {table} where {same})")
            : Report(rule, staged, Value(staged, rule.Column!), Differs(rule, staged, rows, given, table, same, $"x.{SellerDialect.Quote(xref.Value.Physical)}"));
    }

    /// <summary>Rows that have a price of the seller's, and none that is near enough.</summary>
    static string Differs(HoldRule rule, StagedTable staged, string rows, string condition, string table, string same, string price)
    {
        var (ours, theirs) = (staged.Dialect.Number(price), staged.Dialect.Number(Value(staged, rule.Column!)));
        return $"""
            {rows} where {condition} and {Value(staged, rule.Column!)} is not null
              and exists (select 1 from {table} where {same} and {price} is not null)
              and not exists (select 1 from {table} where {same} and abs({theirs} - {ours}) <= abs({ours}) * {staged.Dialect.Number("@over")})
            """;
    }

    async Task Sum(HoldRule rule, StagedTable staged, IReadOnlyList<StagedTable> tables)
    {
        var value = staged.Dialect.Number(Value(staged, rule.Column!));
        if (rule.Times is { } times)
            value += $" * {staged.Dialect.Number(Value(staged, times))}";
        if (rule.Per is { } per)
            value += $" / nullif({staged.Dialect.Number(Value(staged, per))}, 0)";
        var sum = await sql.Scalar<decimal?>($"select sum({value}) from {staged.StageRows} s");
        if (sum is null)
            return;
        if (await OtherCurrencies(rule, tables) is { Count: > 0 } others)
        {
            // Without an amount: who may approve up to one of the partner's currency cannot approve this.
            isComparable = false;
            Hold(rule, HoldCodes.Currency, Text($"The amount of '{rule.Table}.{rule.Column}' is {sum:0.######} in {string.Join(" and ", others)}, and the limit is in {rule.OverCurrency}."), default,
                Text($"{sum:0.######} {string.Join(" and ", others)}"), Text($"an amount in {rule.OverCurrency}"));
            return;
        }
        // Several rules may say what a document is worth; the largest counts.
        amount = Math.Max(amount ?? decimal.MinValue, sum.Value);
        if (sum > rule.Over)
            Hold(rule, HoldCodes.Amount, Text($"The amount of '{rule.Table}.{rule.Column}' is {sum:0.######}, and up to {rule.Over:0.######} passes."), default, Text($"{sum:0.######}"), Text($"at most {rule.Over:0.######}"));
    }

    /// <summary>Currencies of the document that are not the one of the limit; a row that says none has an unknown one.</summary>
    async Task<IReadOnlyList<string>> OtherCurrencies(HoldRule rule, IReadOnlyList<StagedTable> tables)
    {
        if (tables.FirstOrDefault(table => table.Table.Name == rule.Currency.Table && table.Rows > 0) is not { } says || says.Table.Find(rule.Currency.Column) is not { Mapped: true })
            return [];
        var value = $"cast({Value(says, rule.Currency.Column)} as text)";
        return await sql.Query<string>($"select distinct coalesce({value}, 'no currency') from {says.StageRows} s where {value} is null or {value} <> @currency order by 1 limit 5", new { currency = rule.OverCurrency });
    }

    async Task LookForNumber(HoldRule rule)
    {
        if (document.Number is null)
            return;
        var others = await sql.Query<string>(
            "select document_id from hub_inbox where partner = @Partner and doc_type = @Type and doc_number = @Number and document_id <> @Id limit 1", document);
        if (others.Count > 0)
            Hold(rule, HoldCodes.Duplicate, $"{document.Type} {document.Number} was loaded before with other content.", default, document.Number, "a new number");
    }

    async Task Report(HoldRule rule, StagedTable staged, string found, string from)
    {
        var parameters = new { over = rule.Over };
        var count = await sql.Scalar<long>($"select count(*) {from}", parameters);
        if (count == 0 || rule.Kind == HoldKind.NewItem && count <= rule.Over)
            return;
        var path = rule.Column is null ? rule.Table : $"{rule.Table}.{rule.Column}";
        var (code, sentence, expected) = rule.Kind == HoldKind.NewItem
            ? (HoldCodes.NewItem, Text($"{count} row{(count == 1 ? "" : "s")} of '{rule.Table}' {(count == 1 ? "is" : "are")} new to the seller."), "a row that the seller has")
            : (HoldCodes.PriceChange, Text($"{count} value{(count == 1 ? "" : "s")} of '{path}' differ{(count == 1 ? "s" : "")} by more than {rule.Over * 100:0.####} % from the seller's."), Text($"within {rule.Over * 100:0.####} % of the seller's"));
        reasons.Add(new(rule.Name, sentence));
        foreach (var fault in await sql.Query<Fault>($"select s._seg as segment, s._byte as byte_offset, cast({found} as text) as found {from} order by s._byte limit {StagingChecks.RowsReportedMax}", parameters))
            findings.Add(fault.ToFinding(code, Severity.Warning, path, sentence, Advice) with { Expected = expected });
    }

    void Hold(HoldRule rule, string code, string sentence, Position at, string? found, string? expected)
    {
        reasons.Add(new(rule.Name, sentence));
        findings.Add(new()
        {
            Code = code,
            Severity = Severity.Warning,
            At = at,
            Path = rule.Table.Length == 0 ? null : $"{rule.Table}.{rule.Column}",
            Found = found,
            Expected = expected,
            Message = sentence,
            Advice = Advice,
        });
    }

    const string Advice = "'hub hold list' shows who decides; 'hub hold approve' and 'hub hold reject' decide.";

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static string Matched(StagedTable staged) => $"from {staged.StageRows} s join {staged.MatchRows} r on r._row = s._row";

    static string Value(StagedTable staged, string column) => $"s.c{staged.ColumnNumber(column)}";

    static string Key(StagedTable staged) => staged.OwnKey(key => Value(staged, key));

    static bool Fits(TableDefinition table, HoldRule rule) =>
        new[] { rule.Column, rule.Times, rule.Per }.Concat(rule.Key).OfType<string>().All(column => table.Find(column) is { Mapped: true });
}
