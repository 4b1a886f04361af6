using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>How a hub database comes to its schema, on either engine.</summary>
public abstract class MigrationContract
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string> NewDatabase();

    [Fact]
    public async Task Parallel_starts_migrate_once()
    {
        var connectionString = await NewDatabase();
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var database = new Database(connectionString);
            return (await Migrations.Apply(database, Cancellation)).Count;
        }, Cancellation)));
        Assert.Single(applied, count => count > 0);
    }

    [Fact]
    public async Task An_edited_migration_is_refused()
    {
        await using var ledger = await LedgerFixture.Create(await NewDatabase());
        await ledger.Value<int>("update migration set sha256 = 'x' where name = '001-ledger.sql'");
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => Migrations.Apply(ledger.Database, Cancellation));
        Assert.Contains("001-ledger.sql", refusal.Message);
    }
}

public sealed class SqliteMigrationTests : MigrationContract
{
    protected override Task<string> NewDatabase() => Task.FromResult(LedgerFixture.SqliteFile());
}

public sealed class PostgresMigrationTests(PostgresFixture postgres) : MigrationContract
{
    protected override async Task<string> NewDatabase() => await postgres.NewDatabaseAsync() + ";Search Path=hub";
}
