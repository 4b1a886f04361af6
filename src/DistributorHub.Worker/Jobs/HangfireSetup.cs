using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace DistributorHub.Worker.Jobs;

/// <summary>Hangfire on the hub's PostgreSQL, or in memory: the ledger survives either way.</summary>
static class HangfireSetup
{
    const string Schema = "hangfire";

    // Any constant other than the migrations'.
    const long SchemaLockKey = 0x48756248616E6766;

    public static async Task<JobStorage> OpenStorage(Hub hub, CancellationToken cancellation)
    {
        LeaveOutCulture();
        if (hub.Database.Engine == Engine.Sqlite)
            return new InMemoryStorage();
        await InstallSchema(hub.Settings.HubConnection, cancellation);
        var options = Options();
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(hub.Settings.HubConnection, options), options);
    }

    /// <summary>
    /// Sliding invisibility: a fixed one starts every job again that takes longer, for ever. The other times bring a dead worker's jobs
    /// back within half a minute.
    /// </summary>
    public static void Configure(BackgroundJobServerOptions options, Hub hub)
    {
        options.ServerName = hub.Worker;
        options.WorkerCount = hub.Settings.Workers;
        options.HeartbeatInterval = TimeSpan.FromSeconds(10);
        options.ServerTimeout = TimeSpan.FromSeconds(40);
        options.ServerCheckInterval = TimeSpan.FromSeconds(20);
        options.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        options.CancellationCheckInterval = TimeSpan.FromSeconds(5);
        options.ShutdownTimeout = TimeSpan.FromSeconds(20);
    }

    static PostgreSqlStorageOptions Options() => new()
    {
        SchemaName = Schema,
        PrepareSchemaIfNecessary = false,
        InvisibilityTimeout = TimeSpan.FromSeconds(30),
        UseSlidingInvisibilityTimeout = true,
        QueuePollInterval = TimeSpan.FromSeconds(1),
        // A lock is a row: that of a dead worker stands until it is so old. They guard moments, never work.
        DistributedLockTimeout = TimeSpan.FromSeconds(20),
        AllowDegradedModeWithoutStorage = false,
        // What is over goes soon, and what is counted is added up soon: the storage stays small however many jobs there are.
        JobExpirationCheckInterval = TimeSpan.FromMinutes(5),
        CountersAggregateInterval = TimeSpan.FromMinutes(1),
    };

    /// <summary>Two rows of each job would say in which language it was started; ours speak one.</summary>
    static void LeaveOutCulture()
    {
        foreach (var filter in GlobalJobFilters.Filters.Where(filter => filter.Instance is CaptureCultureAttribute).ToList())
            GlobalJobFilters.Filters.Remove(filter.Instance);
    }

    // Two services that start together would both create the tables, and one would fail.
    static async Task InstallSchema(string connectionString, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var guard = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await guard.BeginTransactionAsync(cancellation);
        await using var takeLock = new NpgsqlCommand("select pg_advisory_xact_lock($1)", guard, transaction) { Parameters = { new() { Value = SchemaLockKey } } };
        await takeLock.ExecuteNonQueryAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        PostgreSqlObjectsInstaller.Install(connection, Schema);
        await transaction.CommitAsync(cancellation);
    }
}
