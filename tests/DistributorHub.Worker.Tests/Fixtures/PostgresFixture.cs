using DistributorHub.Worker.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>
/// A private PostgreSQL for the tests of this assembly: started at the first <see cref="NewDatabaseAsync"/>, on a free loopback port,
/// removed with its data at the end. Without the server's programs the tests that need it are skipped,
/// or fail when <c>DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS=1</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    readonly SemaphoreSlim starting = new(1, 1);
    PostgresServer? server;

    /// <summary>True keeps fsync, synchronous_commit and full_page_writes on: slower, as in production.</summary>
    public bool Durable { get; init; }

    public ValueTask InitializeAsync() => default;

    /// <summary>Connection string of a fresh, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await starting.WaitAsync(cancellation);
        try
        {
            server ??= await Start();
        }
        finally
        {
            starting.Release();
        }
        return await server.NewDatabase(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        starting.Dispose();
    }

    async Task<PostgresServer> Start()
    {
        var programs = PostgresServer.FindPrograms();
        Machine.Needs(programs is not null, "PostgreSQL's server programs are not installed (Debian package postgresql).");
        return await PostgresServer.Start(programs!, Durable);
    }
}
