using Dapper;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;
using Npgsql;

namespace DistributorHub.Worker.Tests.Load;

public sealed class PostgresSellerTests(PostgresFixture postgres) : SellerContract
{
    protected override string OwnTables => """
        create table "Artikel" ("Nummer" varchar(20) primary key);
        insert into "Artikel" values ('X'), ('Y');
        create table "Auftrag" ("AuftragNr" serial primary key, "Beleg Nr" char(12) not null unique, "Datum" timestamp not null,
          "Summe" numeric(20,2) check ("Summe" >= 0), "Rang" smallint, "Eilig" boolean, "Gesendet" timestamp, "Bearbeiter" text);
        create table "AuftragPos" ("AuftragNr" int not null references "Auftrag", "Pos" bigint, "Artikel" varchar(20) references "Artikel",
          "Menge" double precision, "Preis" numeric, primary key ("AuftragNr", "Pos"));
        create table "Gesehen" ("Kode" varchar(10) not null, "Ort" text, "Notiz" text);
        create table "Einmal" ("Kode" text primary key, "Wert" bigint);
        """;

    protected override string AwkwardTable => """
        create table "Posten" ("Kennung" varchar(20) primary key, "Menge" int, "Wann" timestamp, "Stand" timestamptz not null default now(),
          "Betrag" int generated always as ("Menge" * 2) stored, "Summe" money, "Wege" text[])
        """;

    string ConnectionString { get; set; } = "";

    protected override async Task<string> NewDatabase() => ConnectionString = await postgres.NewDatabaseAsync();

    private protected override ISeller NewSeller(Database database, TimeProvider clock) => new PostgresSeller(database, clock);

    [Fact]
    public async Task A_failure_in_the_middle_of_the_merge_is_thrown_and_leaves_the_tables_as_they_were()
    {
        await Execute("""
            create function fail() returns trigger language plpgsql as $$ begin raise exception 'disk on fire'; end $$;
            create trigger fail after insert on sales.purchase_order_line for each statement execute function fail()
            """);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
        Assert.Contains("disk on fire", failure.Message);
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        await Execute("drop trigger fail on sales.purchase_order_line");
        Assert.IsType<LoadOutcome.Loaded>(await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
    }

    [Fact]
    public async Task A_connection_killed_during_the_merge_leaves_nothing_and_the_retry_loads()
    {
        // The merge waits for this lock after it has written the header, and is killed while it waits.
        await using (var locking = await Database.Open(Cancellation))
        {
            await using var transaction = await locking.BeginTransactionAsync(Cancellation);
            await locking.ExecuteAsync("lock table sales.purchase_order_line in exclusive mode");
            var load = Task.Run(() => Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))), Cancellation);
            const string KillWaiting = """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'relation'
                """;
            // Looked at from outside the transaction, which would see the same activity for ever.
            await using var watching = await Database.Open(Cancellation);
            while (!load.IsCompleted && await watching.ExecuteScalarAsync<int>(KillWaiting) == 0)
                await Task.Yield();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => load);
        }
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        Assert.IsType<LoadOutcome.Loaded>(await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
        Assert.Equal(["1|A-1"], await Rows("order_lines", "line_no, supplier_sku"));
    }

    [Fact]
    public async Task A_cancelled_load_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await using (var load = await Seller.Begin(Shop, [Shop.Find("orders")!], Cancellation))
        {
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load.Commit(Document("d1"), new(), cancelled.Token));
        }
        Assert.Empty(await Query("select document_id from hub_inbox"));
    }

    [Fact]
    public async Task Prices_that_did_not_change_are_not_written()
    {
        await LoadList("l1", List("original", "2026-01-01", Items(1, 5)));
        var before = await Query("select ctid, price from pim.supplier_price", sorted: true);
        var changed = Items(1, 5);
        changed[2].Price = 99m;
        await LoadList("l2", List("original", "2026-02-01", changed));
        var after = await Query("select ctid, price from pim.supplier_price", sorted: true);
        Assert.Equal(4, before.Intersect(after).Count());
        Assert.EndsWith("|99.0000", Assert.Single(after.Except(before)));
    }

    [Fact]
    public async Task Rows_in_many_batches_of_alternating_tables_are_all_there()
    {
        var list = new RowFeed(Shop).Add("price_catalogue", 1, 0, [.. ListHeader("original", "2026-01-01", "acme")]);
        for (var part = 0; part < 20; part++)
        {
            for (var i = 1; i <= 100; i++)
                list.Add("price_items", part * 100 + i, 1, ("partner_id", "acme"), ("supplier_sku", $"p{part}-{i}"), ("action", "add"));
            for (var i = 1; i <= 100; i++)
                list.Add("price_tiers", part * 100 + i, part * 100 + i, [.. Tier(1m, i)]);
        }
        var outcome = Assert.IsType<LoadOutcome.Loaded>(await LoadList("l1", list));
        Assert.Equal((2000L, 2000L), (outcome.Rows["price_items"], outcome.Rows["price_tiers"]));
        Assert.Equal(["2000"], await Query("select count(distinct item_id) from pim.supplier_price"));
    }

    [Fact]
    public async Task The_printed_rights_are_enough_to_load_and_no_more_than_that()
    {
        var role = $"loader_{Guid.NewGuid():N}";
        await Execute($"create role {role} login");
        foreach (var grant in TargetTables.Grants(Shop, role))
            await Execute(grant);
        var parts = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role };
        using var database = new Database(parts.ConnectionString);
        var least = new PostgresSeller(database, Clock);
        Assert.Empty(await TargetCheck.Compare(database, Shop, Cancellation));
        Assert.IsType<LoadOutcome.Loaded>(await Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m)).LoadInto(least, Document("d1"), new(), "orders", "order_parties", "order_lines"));
        foreach (var (id, items) in new[] { ("l1", Items(1, 5)), ("l2", [.. Items(1, 4), ("sku99", "delete", 1m)]), ("l3", [("sku01", "delete", 1m), .. Items(2, 5)]) })
        {
            var list = List("original", "2026-01-01", items);
            Assert.IsType<LoadOutcome.Loaded>(await list.LoadInto(least, new(id, "acme", "PRICAT", "L", id), new(), "price_catalogue", "price_items", "price_tiers", "price_allowances"));
        }
        await using var connection = await database.Open(Cancellation);
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from sales.purchase_order"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update hub_inbox set revision = 9"));
    }
}
