using System.Diagnostics;
using System.Globalization;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;
using Npgsql;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>Two services on one PostgreSQL, as two machines run them.</summary>
public sealed class PostgresServiceTests(PostgresFixture postgres) : IDisposable
{
    const int Files = 60;

    readonly string root = Directory.CreateTempSubdirectory("distributorhub-service-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_services_share_the_work_and_the_death_of_one_is_healed_by_the_other()
    {
        var database = await postgres.NewDatabaseAsync();
        var settings = await Installation(database);
        await using var one = HubProcess.Start(settings);
        await using var two = HubProcess.Start(settings);
        await one.Until(async () => await Value("select count(*) from hub.document where state = 'Loaded'") >= 5, "work goes on", Cancellation);
        await one.Kill();
        await two.Until(async () => await Value("select count(*) from hub.exchange where ended_at is not null") == Files, "the other has done the rest", Cancellation);
        await two.Until(async () => await Value("select count(*) from hub.outbox where done_at is null") == 0, "and delivered", Cancellation);
        Assert.Equal(Files, await Value("select count(*) from sales.purchase_order"));
        Assert.Equal(Files, await Value("select count(*) from hub_inbox"));
        Assert.Equal(Files, await Value("select count(*) from hub.exchange where state = 'Completed'"));
        Assert.Empty(Directory.GetFiles(Path.Combine(root, "files", "nordlicht", "in")));
        Assert.Equal(0, await two.Stop(Cancellation));

        Task<long> Value(string sql) => PostgresServiceTests.Value(database, sql);
    }

    [Fact]
    public async Task A_worker_that_dies_in_a_long_load_is_taken_over_by_one_of_another_machine_within_45_seconds()
    {
        var database = await postgres.NewDatabaseAsync();
        var settings = await Installation(database);
        // The load takes as long as somebody else's work on the same orders.
        await using var others = new NpgsqlConnection(database + ";Pooling=false");
        await others.OpenAsync(Cancellation);
        await using var work = await others.BeginTransactionAsync(Cancellation);
        await others.ExecuteAsync("lock table sales.purchase_order in exclusive mode", transaction: work);
        await using var one = HubProcess.Start(settings);
        await one.Until(
            async () => await Value(database, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%purchase_order%'") > 0,
            "it is in the middle of a load", Cancellation);
        var under = await Value(database, "select min(id) from hub.exchange where state = 'Processing'");
        await one.Kill();
        // Nobody of another machine can see that it is dead: its leases have to run out.
        foreach (var (table, owner) in new[] { ("exchange", "lease_owner"), ("remote_file", "claimed_by"), ("outbox", "lease_owner") })
            await Value(database, $"update hub.{table} set {owner} = 'elsewhere/' || {owner} where {owner} is not null; select 0");
        var since = Stopwatch.GetTimestamp();
        await work.RollbackAsync(Cancellation);
        await using var two = HubProcess.Start(settings);
        await two.Until(async () => await Value(database, $"select count(*) from hub.exchange where id = {under} and state = 'Completed'") == 1, "it is taken over", Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(45));
        await two.Until(async () => await Value(database, "select count(*) from hub.exchange where ended_at is not null") == Files, "the rest is done", Cancellation);
        Assert.Equal(Files, await Value(database, "select count(*) from sales.purchase_order"));
        Assert.Equal(Files, await Value(database, "select count(*) from hub_inbox"));
    }

    [Fact]
    public async Task A_poll_that_recurs_runs_once_however_many_workers_there_are()
    {
        const int Period = 2, Ticks = 6;
        const string Recurred = "select count(*) from hangfire.jobparameter where name = 'RecurringJobId' and value like '%poll/nordlicht%'";
        var database = await postgres.NewDatabaseAsync();
        var settings = await Installation(database, schedule: $"'*/{Period} * * * * *'");
        await using var one = HubProcess.Start(settings);
        await using var two = HubProcess.Start(settings);
        await one.Until(async () => await Value(database, "select count(*) from hangfire.server") == 2, "both are at work", Cancellation);
        await one.Until(async () => await Value(database, Recurred) > 0, "the first poll is due", Cancellation);
        var (before, since) = (await Value(database, Recurred), Stopwatch.GetTimestamp());
        await one.Until(async () => await Value(database, Recurred) >= before + Ticks, "several polls were due", Cancellation);
        // Each worker for itself would have needed half the time.
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, (Ticks - 1.5) * Period, double.MaxValue);
        Assert.Equal(0, await Value(database, "select count(*) from hangfire.job where statename = 'Failed'"));
    }

    [Fact]
    public async Task Two_workers_that_start_first_on_an_empty_database_both_start_without_a_complaint()
    {
        var database = await postgres.NewDatabaseAsync();
        var settings = await Installation(database, files: 0);
        await using var one = HubProcess.Start(settings);
        await using var two = HubProcess.Start(settings);
        foreach (var hub in new[] { one, two })
            await hub.Until(() => Task.FromResult(hub.Output.Contains("Pages:", StringComparison.Ordinal)), "it runs", Cancellation);
        await one.Until(async () => await Value(database, "select count(*) from hangfire.server") == 2, "both take jobs", Cancellation);
        await one.Until(async () => await Value(database, "select count(*) from hub.partner_state where outcome = 'Empty'") == 1, "the partner is polled", Cancellation);
        foreach (var hub in new[] { one, two })
        {
            // One of them migrates; beyond that there is nothing to tell.
            Assert.All(hub.Output.Split('\n'), line => Assert.Matches("^(DistributorHub |Hub database: |Pages: )", line));
            Assert.Equal(0, await hub.Stop(Cancellation));
        }
    }

    static async Task<long> Value(string database, string sql)
    {
        using var open = new Database(database);
        await using var connection = await open.Open(Cancellation);
        try
        {
            return await connection.ExecuteScalarAsync<long>(sql);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Not migrated yet.
            return 0;
        }
    }

    async Task<Dictionary<string, string>> Installation(string database, int files = Files, string schedule = "'* * * * *'")
    {
        FlowFixture.Copy(new(Repository.PathTo("mappings")), Path.Combine(root, "mappings"));
        var partner = Path.Combine(root, "mappings", "partners", "nordlicht", "partner.yaml");
        var text = await File.ReadAllTextAsync(partner, Cancellation);
        await File.WriteAllTextAsync(partner, text.Replace("sample: true", "sample: false", StringComparison.Ordinal)
            .Replace("schedule: '* * * * *'", $"schedule: {schedule}", StringComparison.Ordinal), Cancellation);
        var inbox = Directory.CreateDirectory(Path.Combine(root, "files", "nordlicht", "in")).FullName;
        for (var file = 0; file < files; file++)
            await File.WriteAllBytesAsync(
                Path.Combine(inbox, $"{file:D3}.edi"), Orders.File($"R{file}", Orders.Order(file.ToString("D3", CultureInfo.InvariantCulture))), Cancellation);
        var settings = new Dictionary<string, string>
        {
            ["Hub__Data"] = Path.Combine(root, "data"),
            ["Hub__Files"] = Path.Combine(root, "files"),
            ["Hub__Mappings"] = Path.Combine(root, "mappings"),
            ["ConnectionStrings__Hub"] = database,
            ["ConnectionStrings__Seller"] = database,
        };
        await using var create = HubProcess.Start(settings, "target", "create", "shop");
        Assert.True(await create.Exit(Cancellation) == 0, create.Output);
        return settings;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
