using Dapper;
using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Targets;
using DistributorHub.Tests;
using DistributorHub.Worker.Load;
using Microsoft.Extensions.Time.Testing;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>What loading promises, whatever the seller's database is.</summary>
public abstract partial class SellerContract : IAsyncLifetime
{
    static readonly string[] OrderTables = ["orders", "order_parties", "order_lines"];

    Database database = null!;
    ISeller seller = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected Database Database => database;

    private protected ISeller Seller => seller;

    private protected TargetDefinition Shop { get; private set; } = null!;

    private protected FakeTimeProvider Clock { get; } = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync()
    {
        database = new(await NewDatabase());
        seller = NewSeller(database, Clock);
        Shop = ReadTarget(await File.ReadAllTextAsync(Repository.PathTo("mappings", "targets", "shop.target.yaml"), Cancellation));
        await TargetTables.Apply(database, Shop, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        database.Dispose();
        await RemoveDatabase();
    }

    /// <summary>Connection string of an empty database.</summary>
    protected abstract Task<string> NewDatabase();

    protected virtual ValueTask RemoveDatabase() => default;

    private protected abstract ISeller NewSeller(Database database, TimeProvider clock);

    [Fact]
    public async Task An_order_is_loaded_with_its_parties_and_lines_and_its_money_is_exact()
    {
        var outcome = await Load("d1", Order("4711", "2026-01-10", total: 123456789012.34m, ("A-1", 2.5m, 0.1000m), ("A-2", 1m, 12345678901.2345m)));
        Assert.Equal(1, Assert.IsType<LoadOutcome.Loaded>(outcome).Revision);
        Assert.Equal([("orders", 1L), ("order_parties", 1L), ("order_lines", 2L)], ((LoadOutcome.Loaded)outcome).Rows.Select(r => (r.Key, r.Value)));
        Assert.Equal(["acme|4711|2026-01-10|123456789012.34|1|yes"], await Rows("orders", "partner_id, po_number, ordered_on, total_amount, revision, !is_current"));
        Assert.Equal(["buyer|Müller & Söhne"], await Rows("order_parties", "role, name"));
        Assert.Equal(["1|A-1|2.500|0.1000", "2|A-2|1.000|12345678901.2345"], await Rows("order_lines", "line_no, supplier_sku, qty, net_price"));
        Assert.Equal(["d1|1|acme|ORDERS|4711"], await Query("select document_id, revision, partner, doc_type, doc_number from hub_inbox"));
    }

    [Fact]
    public async Task A_changed_order_is_a_new_version_and_the_old_one_stays_readable()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m), ("A-2", 1m, 5m)));
        await Load("d2", Order("4711", "2026-01-11", 20m, ("A-1", 2m, 10m)));
        Assert.Equal(["1|no|10.00", "2|yes|20.00"], await Rows("orders", "revision, !is_current, total_amount"));
        Assert.Equal(["A-1|1.000", "A-1|2.000", "A-2|1.000"], await Rows("order_lines", "supplier_sku, qty"));
    }

    [Fact]
    public async Task An_older_order_is_kept_as_a_version_that_is_not_current_and_says_so()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Loaded>(await Load("d2", Order("4711", "2026-01-09", 20m, ("A-9", 1m, 10m)), findings));
        Assert.Equal(["1|yes|10.00", "2|no|20.00"], await Rows("orders", "revision, !is_current, total_amount"));
        Assert.Equal(["A-1", "A-9"], await Rows("order_lines", "supplier_sku"));
        var warning = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.Older, Severity.Warning, 1), (warning.Code, warning.Severity, warning.At.Segment));
    }

    [Fact]
    public async Task A_retry_after_a_commit_nobody_heard_of_changes_nothing()
    {
        var order = Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m));
        Assert.IsType<LoadOutcome.Loaded>(await Load("d1", order));
        Assert.Equal(new LoadOutcome.AlreadyLoaded(1), await Load("d1", order));
        Assert.Single(await Rows("orders", "revision"));
    }

    [Fact]
    public async Task Equal_content_in_another_envelope_is_a_duplicate_and_names_the_first()
    {
        var order = Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m));
        await Load(Document("d1", hash: "same"), order);
        Assert.Equal(new LoadOutcome.Duplicate("d1"), await Load(Document("d2", hash: "same"), order));
        Assert.IsType<LoadOutcome.Loaded>(await Load(Document("d3", hash: "same") with { Partner = "other" }, order));
        Assert.IsType<LoadOutcome.Loaded>(await Load(Document("d4", hash: "same") with { Number = null }, order));
        Assert.Equal(new LoadOutcome.Duplicate("d4"), await Load(Document("d5", hash: "same") with { Number = null }, order));
    }

    [Fact]
    public async Task A_replay_replaces_the_rows_of_the_same_version()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m), ("A-2", 1m, 10m)));
        await Load("d2", Order("4711", "2026-01-11", 20m, ("A-1", 7m, 10m)));
        var again = Order("4711", "2026-01-10", 15m, ("A-2", 3m, 10m), ("A-3", 1m, 10m));
        var outcome = await Load(Document("d1") with { Replay = true }, again);
        Assert.Equal(2, Assert.IsType<LoadOutcome.Loaded>(outcome).Revision);
        Assert.Equal(["1|no|15.00", "2|yes|20.00"], await Rows("orders", "revision, !is_current, total_amount"));
        Assert.Equal(["A-1|7.000", "A-2|3.000", "A-3|1.000"], await Rows("order_lines", "supplier_sku, qty"));
        Assert.Equal(["d1|1", "d1|2", "d2|1"], await Query("select document_id, revision from hub_inbox order by 1, 2"));
    }

    [Fact]
    public async Task A_replay_that_makes_another_order_ends_the_one_it_made_before()
    {
        await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        await Load(Document("d1") with { Replay = true }, Order("0815", "2026-01-10", 10m, ("A-1", 1m, 10m)));
        Assert.Equal(["0815|yes", "4711|no"], await Rows("orders", "po_number, !is_current"));
    }

    [Fact]
    public async Task Two_rows_with_one_key_refuse_the_message_and_name_both_segments()
    {
        var order = Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)).Add("order_lines", 2, 1,
            ("line_no", 1), ("action", "add"), ("qty", 1m), ("uom", "PCE"), ("price_basis", 1m));
        var finding = await Refused(order);
        Assert.Equal((LoadCodes.DuplicateKey, 4, 400L, "1"), (finding.Code, finding.At.Segment, finding.At.Offset, finding.Found));
        Assert.Contains("segment 3", finding.Message);
    }

    [Fact]
    public async Task A_row_without_its_parent_refuses_the_message()
    {
        var finding = await Refused(Order("4711", "2026-01-10", 10m).Add("order_parties", 2, parent: 9, ("role", "supplier")));
        Assert.Equal((LoadCodes.NoParent, 3), (finding.Code, finding.At.Segment));
    }

    [Fact]
    public async Task A_missing_value_refuses_the_message_and_names_the_column()
    {
        var finding = await Refused(Order("4711", "2026-01-10", 10m).Add("order_lines", 1, 1,
            ("line_no", 1), ("action", "add"), ("uom", "PCE"), ("price_basis", 1m)));
        Assert.Equal((LoadCodes.NoValue, 3, "order_lines.qty"), (finding.Code, finding.At.Segment, finding.Path));
    }

    [Fact]
    public async Task A_zero_byte_in_a_text_refuses_the_message()
    {
        var finding = await Refused(Order("4711", "2026-01-10", 10m).Add("order_parties", 2, 1, ("role", "supplier"), ("name", "A\0B")));
        Assert.Equal((LoadCodes.ZeroByte, 3, "order_parties.name"), (finding.Code, finding.At.Segment, finding.Path));
    }

    [Fact]
    public async Task A_value_wider_than_the_seller_allows_refuses_the_message()
    {
        // The seller's column is narrower than the target says, so only the loader can see it.
        var wide = Shop with { Tables = [.. Shop.Tables.Select(t => t with { Columns = [.. t.Columns.Select(c => c.Name == "name" ? c with { Length = 500 } : c)] })] };
        var order = new RowFeed(wide).Add("orders", 1, 0, [.. OrderHeader("4711", "2026-01-10", 10m)])
            .Add("order_parties", 1, 1, ("role", "buyer"), ("name", new string('x', 300)));
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await order.LoadInto(seller, Document("d1"), findings, OrderTables));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.TooWide, 2), (finding.Code, finding.At.Segment));
        Assert.Empty(await Rows("orders", "po_id"));
    }

    [Fact]
    public async Task Rows_that_never_commit_leave_nothing()
    {
        await using (var load = await seller.Begin(Shop, [.. OrderTables.Select(t => Shop.Find(t)!)], Cancellation))
            load.Write(FirstBatch());
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        Assert.IsType<LoadOutcome.Loaded>(await Load("d1", Order("4711", "2026-01-10", 10m)));
    }

    [Fact]
    public async Task Two_workers_with_one_document_load_it_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = $"d{round}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
                () => Load(id, Order($"o{round}", "2026-01-10", 10m, ("A-1", 1m, 10m))), Cancellation)));
            Assert.Single(outcomes.OfType<LoadOutcome.Loaded>());
            Assert.Equal(3, outcomes.OfType<LoadOutcome.AlreadyLoaded>().Count());
        }
        Assert.Equal(5, (await Rows("orders", "po_id")).Count);
    }

    [Fact]
    public async Task Versions_made_by_many_workers_at_once_are_numbered_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => Load($"d{i}", Order("4711", "2026-01-10", i, ("A-1", 1m, 10m))), Cancellation)));
        Assert.Equal(["1|no", "2|no", "3|no", "4|no", "5|no", "6|no", "7|no", "8|yes"], await Rows("orders", "revision, !is_current"));
    }

    [Fact]
    public async Task A_table_that_lacks_a_column_stops_the_load_with_a_sentence()
    {
        var more = Shop with { Tables = [.. Shop.Tables.Select(t => t with { Columns = [.. t.Columns, new() { Name = "colour", Physical = "colour", Kind = ColumnKind.Text }] })] };
        var feed = new RowFeed(more).Add("orders", 1, 0, [.. OrderHeader("4711", "2026-01-10", 10m)]);
        var drift = await Assert.ThrowsAsync<TargetDriftException>(() => feed.LoadInto(seller, Document("d1"), new(), OrderTables));
        Assert.Equal(3, drift.Problems.Count);
        Assert.Contains("\"colour\"", drift.Message);
    }

    private protected static TargetDefinition ReadTarget(string text)
    {
        var diagnostics = new List<Diagnostic>();
        var target = TargetReader.Read("test.target.yaml", text, diagnostics);
        Assert.Empty(diagnostics);
        return target!;
    }

    private protected static DocumentIdentity Document(string id, string? hash = null) => new(id, "acme", "ORDERS", "4711", hash ?? $"hash of {id}");

    private protected RowFeed Order(string number, string date, decimal total, params (string Sku, decimal Qty, decimal Price)[] lines)
    {
        var feed = new RowFeed(Shop).Add("orders", 1, 0, [.. OrderHeader(number, date, total)])
            .Add("order_parties", 1, 1, ("role", "buyer"), ("name", "Müller & Söhne"));
        foreach (var (line, i) in lines.Select((l, i) => (l, i + 1)))
        {
            feed.Add("order_lines", i, 1, ("line_no", i), ("action", "add"), ("supplier_sku", line.Sku), ("qty", line.Qty),
                ("uom", "PCE"), ("net_price", line.Price), ("price_basis", 1m));
        }
        return feed;
    }

    static IEnumerable<(string, object?)> OrderHeader(string number, string date, decimal total) =>
    [
        ("partner_id", "acme"), ("order_no", number), ("function", "original"), ("ordered_on", DateOnly.Parse(date)),
        ("currency", "EUR"), ("total_amount", total), ("line_count", 1),
    ];

    Mapping.Rows.RowBatch FirstBatch()
    {
        var batch = new Mapping.Rows.RowBatch(Shop.Find("orders")!);
        foreach (var column in batch.Columns)
            column.AddNull();
        batch.EndRow(1, 0, 1, 1);
        return batch;
    }

    private protected Task<LoadOutcome> Load(string id, RowFeed rows, Findings? findings = null) => Load(Document(id), rows, findings);

    private protected Task<LoadOutcome> Load(DocumentIdentity document, RowFeed rows, Findings? findings = null) =>
        rows.LoadInto(seller, document, findings ?? new(), OrderTables);

    async Task<Finding> Refused(RowFeed rows)
    {
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await Load("d1", rows, findings));
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        return Assert.Single(findings.Kept);
    }

    /// <summary>Rows of a table as texts, sorted; a column with '!' is a truth value.</summary>
    private protected Task<IReadOnlyList<string>> Rows(string table, string columns) =>
        Query($"select {columns} from {SellerDialect.Of(database.Engine).Name(Shop.Find(table)!)}", sorted: true);

    private protected async Task<IReadOnlyList<string>> Query(string sql, bool sorted = false)
    {
        await using var connection = await database.Open(Cancellation);
        var from = sql.IndexOf(" from ", StringComparison.Ordinal);
        var columns = sql["select ".Length..from].Split(", ").Select(c => c.StartsWith('!')
            ? $"case when {c[1..]} then 'yes' else 'no' end" : $"coalesce(cast({c} as text), '')");
        var rows = (await connection.QueryAsync<string>($"select {string.Join(" || '|' || ", columns)}{sql[from..].Replace(" order by 1, 2", "")}")).ToList();
        return sorted || sql.Contains(" order by ") ? [.. rows.Order(StringComparer.Ordinal)] : rows;
    }

    private protected async Task Execute(string sql)
    {
        await using var connection = await database.Open(Cancellation);
        await connection.ExecuteAsync(sql);
    }
}
