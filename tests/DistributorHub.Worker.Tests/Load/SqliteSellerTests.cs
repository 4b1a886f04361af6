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
