using System.Globalization;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

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

        async Task<long> Value(string sql)
        {
            using var open = new Database(database);
            await using var connection = await open.Open(Cancellation);
            try
            {
                return await connection.ExecuteScalarAsync<long>(sql);
            }
            catch (Npgsql.PostgresException e) when (e.SqlState == Npgsql.PostgresErrorCodes.UndefinedTable)
            {
                // Not migrated yet.
                return 0;
            }
        }
    }

    async Task<Dictionary<string, string>> Installation(string database)
    {
        FlowFixture.Copy(new(Repository.PathTo("mappings")), Path.Combine(root, "mappings"));
        var partner = Path.Combine(root, "mappings", "partners", "nordlicht", "partner.yaml");
        var text = await File.ReadAllTextAsync(partner, Cancellation);
        await File.WriteAllTextAsync(partner, text.Replace("sample: true", "sample: false", StringComparison.Ordinal), Cancellation);
        var inbox = Directory.CreateDirectory(Path.Combine(root, "files", "nordlicht", "in")).FullName;
        for (var file = 0; file < Files; file++)
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
