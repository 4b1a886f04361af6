using Dapper;
using DistributorHub.Edi;
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

    protected override string StrangeTables => """
        create type mood as enum ('fine', 'foul');
        create table kinds (id serial primary key, nr smallint not null, wert double precision, anteil real not null, kurz char(3) not null, lang varchar,
          frei text not null, kennung uuid, daten jsonb, wege text[], betrag numeric, gross numeric(38,10), winzig numeric(3,5), rund numeric(5,-2), geld money,
          seit timestamp(3), um time, dauer interval, bild bytea, laune mood, netz inet, flag boolean, doppelt int generated always as (nr * 2) stored,
          lfd int generated always as identity, stand timestamptz not null default now(), unique (nr, kurz));
        create unique index kinds_expression on kinds (lower(frei), nr);
        create table plain_number (nr int not null primary key, name text);
        create table extension (kind int not null primary key references kinds (id), note text);
        create table kind_lines (id serial primary key, product int not null references plain_number (nr), kind_id int not null references kinds (id), line_no int not null, sku text);
        create table no_key (a text, b int);
        create table only_id (id serial primary key);
        create table strange_key (ext uuid not null primary key, name text not null);
        create table circle_a (id serial primary key, code varchar(5) not null unique, b int);
        create table circle_b (id serial primary key, a int not null references circle_a (id), code varchar(5) not null, unique (a, code));
        alter table circle_a add foreign key (b) references circle_b (id);
        create table tree (id serial primary key, code varchar(5) not null unique, up int references tree (id));
        create table "Lager: A #1" ("Nr #1" int not null primary key, "Größe: x" varchar(10), "it's" text, "- y" text, "a.b" text, "c=d" text, " z " text, "[q]" text);
        create view kinds_view as select * from kinds;
        create materialized view kinds_view_kept as select * from kinds;
        create table parted (nr int not null, jahr int not null, primary key (nr, jahr)) partition by range (jahr);
        create table part_2026 partition of parted for values from (2026) to (2027)
        """;

    protected override string RefusingTrigger => Refusing("P0001", "before insert on sales.purchase_order");

    string ConnectionString { get; set; } = "";

    protected override async Task<string> NewDatabase() => ConnectionString = await postgres.NewDatabaseAsync();

    private protected override ISeller NewSeller(Database database, TimeProvider clock) => new PostgresSeller(database, clock);

    [Fact]
    public async Task A_failure_in_the_middle_of_the_merge_is_thrown_and_leaves_the_tables_as_they_were()
    {
        await Execute("""
            create function fail() returns trigger language plpgsql as $$ begin raise exception 'disk on fire' using errcode = 'io_error'; end $$;
            create trigger fail after insert on sales.purchase_order_line for each statement execute function fail()
            """);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
        Assert.Contains("disk on fire", failure.Message);
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        await Execute("drop trigger fail on sales.purchase_order_line");
        Assert.IsType<LoadOutcome.Loaded>(await Load("d1", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
    }

    [Theory]
    [InlineData("P0001")]
    [InlineData("45000")]
    [InlineData("SHOP1")]
    [InlineData("55000")]
    [InlineData("42501")]
    [InlineData("40001")]
    [InlineData("57014")]
    public async Task A_trigger_may_refuse_with_any_state_also_at_the_commit(string state)
    {
        await Execute(Refusing(state, "after insert on sales.purchase_order deferrable initially deferred", "constraint trigger"));
        await IsRefused("This order is with the warehouse");
    }

    [Theory]
    [InlineData("08006")]
    [InlineData("53200")]
    [InlineData("57P03")]
    public async Task A_trigger_that_tells_of_a_broken_world_does_not_refuse(string state)
    {
        await Execute(Refusing(state, "before insert on sales.purchase_order"));
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Load("d1", Order("locked", "2026-01-10", 10m)));
        Assert.Equal(state, failure.SqlState);
    }

    static string Refusing(string state, string when, string kind = "trigger") => $"""
        create function refuse() returns trigger language plpgsql as $$ begin
          if new.po_number = 'locked' then raise exception 'This order is with the warehouse' using errcode = '{state}'; end if;
          return new;
        end $$;
        create {kind} refuse {when} for each row execute function refuse()
        """;

    [Fact]
    public async Task Columns_of_domains_are_what_the_domains_stand_for()
    {
        await Execute("""
            create domain amount as numeric(12,2);
            create domain price as amount not null;
            create domain sku as varchar(20) check (value <> 'none');
            create domain number as bigint;
            create sequence tarif_id;
            create table "Tarif" (id number primary key default nextval('tarif_id'), artikel sku not null unique, preis price, rabatt amount, titel text)
            """);
        var text = await TargetPull.Draft(Database, "mine", ["Tarif"], Cancellation);
        Assert.Contains("    id: id\n", text);
        Assert.Contains("artikel: text(20) not null\n", text);
        Assert.Contains("preis: numeric(12,2) not null\n", text);
        Assert.Contains("rabatt: numeric(12,2)\n", text);
        var target = ReadTarget(text);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        var wider = ReadTarget(text.Replace("text(20)", "text(30)").Replace("numeric(12,2) not null", "numeric(14,2)"));
        var drift = string.Join('\n', await TargetCheck.Compare(Database, wider, Cancellation));
        Assert.Contains("\"artikel\" is character varying(20), the target says text(30): longer values will be refused", drift);
        Assert.Contains("\"preis\" is numeric(12,2), the target says numeric(14,2)", drift);
        Assert.Contains("\"preis\" must have a value", drift);
        var rows = new RowFeed(target).Add("tarif", 1, 0, ("artikel", "X"), ("preis", 9.95m));
        Assert.IsType<LoadOutcome.Loaded>(await rows.LoadInto(Seller, Document("d1"), new(), "tarif"));
        var findings = new Findings();
        var none = new RowFeed(target).Add("tarif", 1, 0, ("artikel", "none"), ("preis", 9.95m));
        Assert.IsType<LoadOutcome.Refused>(await none.LoadInto(Seller, Document("d2"), findings, "tarif"));
        Assert.Equal(LoadCodes.Constraint, Assert.Single(findings.Kept).Code);
        Assert.Equal(["1|X|9.95"], await Query("select id, artikel, preis from \"Tarif\""));
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
    public async Task A_key_below_a_parent_that_its_primary_key_tells_is_no_guess()
    {
        await Execute("""
            create table heads (id uuid primary key default gen_random_uuid(), code text not null unique);
            create table parts (head uuid not null references heads (id), note text not null, n int not null, primary key (head, n))
            """);
        var text = await TargetPull.Draft(Database, "mine", ["heads", "parts"], Cancellation);
        Assert.Equal(["head", "n"], ReadTarget(text).Find("parts")!.Key);
        Assert.DoesNotContain("key: [head, n]   #", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_rights_are_enough_to_load_and_no_more_than_that()
    {
        var role = $"loader_{Guid.NewGuid():N}";
        await Execute($"create role {role} login");
        var parts = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role };
        using var database = new Database(parts.ConnectionString);
        Assert.Contains("This role may not use the schema \"sales\", so it reaches nothing in it.", await TargetCheck.Compare(database, Shop, Cancellation));
        var draft = await TargetPull.Draft(database, "shop", [], Cancellation);
        Assert.Contains("# Schema \"sales\" is left out: this role may not use it.\n", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("purchase_order", draft, StringComparison.Ordinal);
        foreach (var grant in TargetTables.Grants(Shop, role))
            await Execute(grant);
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
