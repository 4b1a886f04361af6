using DistributorHub.Edi;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>Tables a seller had before the hub came: other names, types and keys, and columns the hub knows nothing of.</summary>
public abstract partial class SellerContract
{
    const string OwnTarget = """
        hub: target/1
        id: own
        tables:
          orders:
            is: Auftrag
            id: AuftragNr
            key: [order_no]
            policy: update
            version: { newer_by: ordered_on }
            columns:
              order_no:   text(12) not null = Beleg Nr
              ordered_on: date not null = Datum
              total:      numeric(14,2) = Summe
              priority:   int = Rang
              rush:       bool = Eilig
              sent_at:    timestamp = Gesendet
          lines:
            is: AuftragPos
            parent: orders.AuftragNr
            key: [AuftragNr, pos]
            policy: children
            columns:
              pos:   int not null = Pos
              sku:   text not null = Artikel
              qty:   numeric(15,3) not null = Menge
              price: numeric(15,4) = Preis
          seen:
            is: Gesehen
            key: [code, place]
            policy: skip
            columns:
              code:  text not null = Kode
              place: text = Ort
              note:  text = Notiz
          once:
            is: Einmal
            key: [code]
            policy: insert
            columns:
              code:  text not null = Kode
              value: int = Wert
        """;

    /// <summary>Makes the seller's own tables, in the words of the engine.</summary>
    protected abstract string OwnTables { get; }

    [Fact]
    public async Task Tables_with_other_names_types_and_keys_are_filled_as_they_are()
    {
        await Execute(OwnTables);
        await Execute("insert into \"Auftrag\" (\"Beleg Nr\", \"Datum\", \"Summe\", \"Bearbeiter\") values ('A1', '2026-01-01', 1, 'Desk 4')");
        Assert.IsType<LoadOutcome.Loaded>(await LoadOwn("d1", OwnOrder("A1", "2026-01-02", 99.95m), "orders", "lines"));
        Assert.IsType<LoadOutcome.Loaded>(await LoadOwn("d2", OwnOrder("A2", "2026-01-02", 0.10m), "orders", "lines"));
        Assert.Equal(["A1|99.95|7|Desk 4", "A2|0.10|7|"], await Query("select trim(\"Beleg Nr\"), \"Summe\", \"Rang\", \"Bearbeiter\" from \"Auftrag\"", sorted: true));
        Assert.Equal(["1|X|0.0001", "1|X|0.0001", "2|Y|12345678901.2345", "2|Y|12345678901.2345"],
            await Query("select \"Pos\", \"Artikel\", \"Preis\" from \"AuftragPos\"", sorted: true));
        Assert.Equal(["yes|2026-01-02 03:04:05", "yes|2026-01-02 03:04:05"], (await Query("select !\"Eilig\", \"Gesendet\" from \"Auftrag\""))
            .Select(r => r.Replace('T', ' ').Replace(".000000Z", "")));
    }

    [Fact]
    public async Task An_older_message_does_not_overwrite_a_newer_row_nor_its_lines()
    {
        await Execute(OwnTables);
        await LoadOwn("d1", OwnOrder("A1", "2026-01-02", 20m), "orders", "lines");
        var findings = new Findings();
        var older = new RowFeed(ReadTarget(OwnTarget)).Add("orders", 1, 0, ("order_no", "A1"), ("ordered_on", new DateOnly(2026, 1, 1)), ("total", 5m));
        Assert.IsType<LoadOutcome.Loaded>(await LoadOwn("d2", older, findings, "orders", "lines"));
        Assert.Equal(["20.00"], await Query("select \"Summe\" from \"Auftrag\""));
        Assert.Equal(["1", "2"], await Query("select \"Pos\" from \"AuftragPos\"", sorted: true));
        Assert.Equal(LoadCodes.Older, Assert.Single(findings.Kept).Code);
    }

    [Fact]
    public async Task With_the_policy_skip_the_row_that_is_there_stays_also_when_its_key_holds_a_null()
    {
        await Execute(OwnTables);
        var target = ReadTarget(OwnTarget);
        await LoadOwn("d1", new RowFeed(target).Add("seen", 1, 0, ("code", "a"), ("note", "first")), "seen");
        await LoadOwn("d2", new RowFeed(target).Add("seen", 1, 0, ("code", "a"), ("note", "second")).Add("seen", 2, 0, ("code", "a"), ("place", "x"), ("note", "third")), "seen");
        Assert.Equal(["a|x|third", "a||first"], await Query("select \"Kode\", \"Ort\", \"Notiz\" from \"Gesehen\"", sorted: true));
    }

    [Fact]
    public async Task With_the_policy_insert_a_key_that_exists_refuses_the_message_except_for_a_replay()
    {
        await Execute(OwnTables);
        var target = ReadTarget(OwnTarget);
        await LoadOwn("d1", new RowFeed(target).Add("once", 1, 0, ("code", "a"), ("value", 1)), "once");
        var findings = new Findings();
        var second = new RowFeed(target).Add("once", 1, 0, ("code", "b"), ("value", 1)).Add("once", 2, 0, ("code", "a"), ("value", 2));
        Assert.IsType<LoadOutcome.Refused>(await LoadOwn("d2", second, findings, "once"));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.Exists, 2, "a"), (finding.Code, finding.At.Segment, finding.Found));
        Assert.Equal(["a|1"], await Query("select \"Kode\", \"Wert\" from \"Einmal\""));
        var replay = new RowFeed(target).Add("once", 1, 0, ("code", "a"), ("value", 3));
        Assert.IsType<LoadOutcome.Loaded>(await replay.LoadInto(seller, Document("d1") with { Replay = true }, new(), "once"));
        Assert.Equal(["a|3"], await Query("select \"Kode\", \"Wert\" from \"Einmal\""));
    }

    [Fact]
    public async Task A_value_the_sellers_other_tables_do_not_know_refuses_the_message_and_names_the_segment()
    {
        await Execute(OwnTables);
        var order = OwnOrder("A1", "2026-01-02", 20m).Add("lines", 3, 1, ("pos", 3), ("sku", "unknown"), ("qty", 1m));
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadOwn("d1", order, findings, "orders", "lines"));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.NoReference, 4, "unknown"), (finding.Code, finding.At.Segment, finding.Found));
        Assert.Empty(await Query("select \"Pos\" from \"AuftragPos\""));
    }

    [Fact]
    public async Task A_rule_of_the_seller_that_nobody_told_the_hub_refuses_the_message()
    {
        await Execute(OwnTables);
        var order = OwnOrder("A1", "2026-01-02", -1m);
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadOwn("d1", order, findings, "orders", "lines"));
        Assert.Equal(LoadCodes.Constraint, Assert.Single(findings.Kept).Code);
        Assert.Empty(await Query("select \"Beleg Nr\" from \"Auftrag\""));
        Assert.Empty(await Query("select document_id from hub_inbox"));
    }

    [Fact]
    public async Task A_key_that_is_not_unique_in_the_sellers_table_is_not_guessed()
    {
        await Execute(OwnTables);
        await Execute("insert into \"Gesehen\" (\"Kode\", \"Notiz\") values ('a', '1'), ('a', '2')");
        var findings = new Findings();
        var feed = new RowFeed(ReadTarget(OwnTarget)).Add("seen", 1, 0, ("code", "a"));
        Assert.IsType<LoadOutcome.Refused>(await LoadOwn("d1", feed, findings, "seen"));
        Assert.Equal(LoadCodes.Ambiguous, Assert.Single(findings.Kept).Code);
    }

    [Fact]
    public async Task A_column_without_a_rule_in_the_map_keeps_what_the_table_holds()
    {
        await Execute(OwnTables);
        Assert.IsType<LoadOutcome.Loaded>(await LoadOwn("d1", OwnOrder("A1", "2026-01-02", 5m), "orders", "lines"));
        var target = ReadTarget(OwnTarget);
        var orders = target.Find("orders")!;
        var partial = orders with { Columns = [.. orders.Columns.Select(c => c with { Mapped = c.Name is "order_no" or "ordered_on" or "total" })] };
        var rows = new RowFeed(target).Add("orders", 1, 0, ("order_no", "A1"), ("ordered_on", new DateOnly(2026, 1, 3)), ("total", 6m));
        await using (var load = await seller.Begin(target, [partial], TestContext.Current.CancellationToken))
            Assert.IsType<LoadOutcome.Loaded>(await rows.LoadInto(load, Document("d2"), new()));
        Assert.Equal(["6.00|7"], await Query("select \"Summe\", \"Rang\" from \"Auftrag\""));
    }

    static RowFeed OwnOrder(string number, string date, decimal total) => new RowFeed(ReadTarget(OwnTarget))
        .Add("orders", 1, 0, ("order_no", number), ("ordered_on", DateOnly.Parse(date)), ("total", total), ("priority", 7), ("rush", true),
            ("sent_at", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)))
        .Add("lines", 1, 1, ("pos", 1), ("sku", "X"), ("qty", 1.5m), ("price", 0.0001m))
        .Add("lines", 2, 1, ("pos", 2), ("sku", "Y"), ("qty", 2m), ("price", 12345678901.2345m));

    Task<LoadOutcome> LoadOwn(string id, RowFeed rows, params string[] tables) => LoadOwn(id, rows, new(), tables);

    Task<LoadOutcome> LoadOwn(string id, RowFeed rows, Findings findings, params string[] tables) =>
        rows.LoadInto(seller, Document(id), findings, tables);
}
