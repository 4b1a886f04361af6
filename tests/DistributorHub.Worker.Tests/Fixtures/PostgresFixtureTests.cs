using Dapper;

namespace DistributorHub.Worker.Tests.Fixtures;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_database_is_new_and_empty()
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var database = new Database(await postgres.NewDatabaseAsync());
            await using var connection = await database.Open(cancellation);
            Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from pg_tables where schemaname = 'public'"));
            await connection.ExecuteAsync("create table a(b int)");
        }
    }
}
