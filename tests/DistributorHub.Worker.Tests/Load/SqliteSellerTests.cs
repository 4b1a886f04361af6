using DistributorHub.Worker.Load;
using Microsoft.Data.Sqlite;

namespace DistributorHub.Worker.Tests.Load;

public sealed class SqliteSellerTests : SellerContract
{
    readonly string folder = Directory.CreateTempSubdirectory("distributorhub-sqlite-").FullName;

    protected override string OwnTables => """
        create table "Artikel" ("Nummer" varchar(20) primary key);
        insert into "Artikel" values ('X'), ('Y');
        create table "Auftrag" ("AuftragNr" integer primary key autoincrement, "Beleg Nr" char(12) not null unique, "Datum" text not null,
          "Summe" text check (cast("Summe" as real) >= 0), "Rang" smallint, "Eilig" integer, "Gesendet" text, "Bearbeiter" text);
        create table "AuftragPos" ("AuftragNr" int not null references "Auftrag", "Pos" bigint, "Artikel" varchar(20) references "Artikel",
          "Menge" double precision, "Preis" text, primary key ("AuftragNr", "Pos"));
        create table "Gesehen" ("Kode" varchar(10) not null, "Ort" text, "Notiz" text);
        create table "Einmal" ("Kode" text primary key, "Wert" bigint);
        """;

    protected override string AwkwardTable => """
        create table "Posten" ("Kennung" nvarchar(20) primary key, "Menge" tinyint, "Wann" datetime, "Stand" datetime not null default current_timestamp,
          "Betrag" int generated always as ("Menge" * 2) stored)
        """;

    protected override string StrangeTables => """
        create table kinds (id integer primary key, nr smallint not null, wert double precision, anteil float(24) not null, kurz char(3) not null, lang varchar,
          frei text not null, kennung uuid, daten json, betrag numeric, gross decimal(38,10), winzig numeric(3,5), seit datetime, um time, bild blob, flag boolean,
          doppelt int generated always as (nr * 2) virtual, stand timestamp not null default current_timestamp, unique (nr, kurz));
        create unique index kinds_expression on kinds (lower(frei), nr);
        create table plain_number (nr int not null primary key, name text);
        create table extension (kind integer not null primary key references kinds (id), note text);
        create table kind_lines (id integer primary key, product integer not null references plain_number (nr), kind_id integer not null references kinds (id), line_no int not null, sku text);
        create table no_key (a text, b int);
        create table only_id (id integer primary key);
        create table strange_key (ext uuid not null primary key, name text not null);
        create table circle_a (id integer primary key, code varchar(5) not null unique, b integer references circle_b (id));
        create table circle_b (id integer primary key, a integer not null references circle_a (id), code varchar(5) not null, unique (a, code));
        
        create table tree (id integer primary key, code varchar(5) not null unique, up integer references tree (id));
        create table "Lager: A #1" ("Nr #1" int not null primary key, "Größe: x" varchar(10), "it's" text, "- y" text, "a.b" text, "c=d" text, " z " text, "[q]" text);
        create view kinds_view as select * from kinds;
        create virtual table kinds_text using fts5 (name);
        create table by_text (code text primary key default (lower(hex(randomblob(8)))), note text) without rowid
        """;

    protected override string RefusingTrigger => """
        create trigger refuse before insert on sales_purchase_order when new.po_number = 'locked'
        begin select raise(abort, 'This order is with the warehouse'); end
        """;

    protected override Task<string> NewDatabase() => Task.FromResult($"Data Source={Path.Combine(folder, "seller.db")}");

    protected override ValueTask RemoveDatabase()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "seller.db")}");
        SqliteConnection.ClearPool(connection);
        Directory.Delete(folder, recursive: true);
        return default;
    }

    private protected override ISeller NewSeller(Database database, TimeProvider clock) => new SqliteSeller(database, clock);
}
