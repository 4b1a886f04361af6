using System.Text;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>
/// kill -9 at any point loses nothing and loads nothing twice. The real program is killed at states that the ledger or the seller's
/// tables show, and at random moments; then it runs to its end, and plain SQL counts.
/// </summary>
public abstract class KillContract : IDisposable
{
    const int Rounds = 4;
    const int Files = 40;
    const int OrdersPerFile = 3;
    const int LinesPerOrder = 2;

    readonly string root = Directory.CreateTempSubdirectory("distributorhub-kill-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Connection strings of the hub's and the seller's new databases.</summary>
    protected abstract Task<(string Hub, string Seller)> NewDatabases(string folder);

    [Theory]
    [InlineData("download", "select coalesce(sum(fence), 0) from remote_file", null)]
    [InlineData("archive", "select count(*) from exchange", null)]
    [InlineData("load", "select count(*) from attempt", null)]
    [InlineData("load", null, "select count(*) from hub_inbox")]
    [InlineData("finalise", "select count(*) from outbox", null)]
    [InlineData("finalise", "select count(*) from outbox where done_at is not null", null)]
    public async Task Killed_at_a_stage_it_goes_on_where_it_was(string stage, string? hubState, string? sellerState)
    {
        // Files that are there together are archived by one commit: for blows between two of these they come in parts.
        var inParts = stage == "archive";
        var world = await World.Create(root, await NewDatabases(root), files: inParts ? 0 : Files);
        var hits = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            if (inParts)
                await world.Put((round - 1) * Files / Rounds, round * Files / Rounds);
            await using var hub = HubProcess.Start(world.Settings, "run", "--once");
            // Each round waits for a little more than the one before, so that the blow falls on different files.
            var before = await Count();
            while (!hub.HasExited && await Count() < before + round)
                await Task.Delay(2, Cancellation);
            hits += hub.HasExited ? 0 : 1;
            await hub.Kill();
            await world.LeasesRunOut();
        }
        Assert.True(hits >= 2, $"Only {hits} blow(s) fell while the program was at work.");
        await world.RunToTheEnd();
        await world.AssertEverythingOnce(stage);

        async Task<long> Count() => hubState is not null ? await world.Hub(hubState) : await world.Seller(sellerState!);
    }

    [Theory]
    [InlineData("poll", "select count(*) from remote_file where state = 'Claimed'", null)]
    [InlineData("load", null, "select count(*) from hub_inbox")]
    [InlineData("finalise", "select count(*) from outbox where lease_until is not null", null)]
    public async Task The_next_start_waits_for_no_lease_of_the_dead(string stage, string? hubState, string? sellerState)
    {
        var world = await World.Create(root, await NewDatabases(root));
        await using (var hub = HubProcess.Start(world.Settings, "run", "--once"))
        {
            while (!hub.HasExited && (hubState is not null ? await world.Hub(hubState) : await world.Seller(sellerState!)) == 0)
                await Task.Delay(2, Cancellation);
            Assert.False(hub.HasExited, hub.Output);
            await hub.Kill();
        }
        // No lease is ended by hand, and there is one run only: what it waited for would be missing.
        await using (var next = HubProcess.Start(world.Settings, "run", "--once"))
            Assert.True(await next.Exit(Cancellation) == 0, next.Output);
        await world.AssertEverythingOnce(stage);
    }

    [Fact]
    public async Task Asked_to_stop_in_the_middle_it_ends_and_the_next_run_does_the_rest()
    {
        var world = await World.Create(root, await NewDatabases(root));
        await using (var hub = HubProcess.Start(world.Settings, "run", "--once"))
        {
            while (!hub.HasExited && await world.Seller("select count(*) from hub_inbox") == 0)
                await Task.Delay(2, Cancellation);
            Assert.False(hub.HasExited, hub.Output);
            Assert.Equal(1, await hub.Stop(Cancellation));
            Assert.DoesNotContain("   at ", hub.Output);
        }
        // It let go of everything itself: no lease is left to run out, and nothing counts as a crash.
        Assert.Equal(0, await world.Hub("select count(*) from exchange where state = 'Processing'"));
        Assert.Equal(0, await world.Hub("select count(*) from attempt where state = 'Running'"));
        Assert.Equal(0, await world.Hub("select count(*) from exchange where state = 'Received' and crash_count > 0"));
        Assert.NotEqual(0, await world.Hub("select count(*) from exchange where state = 'Received'"));
        await using (var next = HubProcess.Start(world.Settings, "run", "--once"))
            Assert.True(await next.Exit(Cancellation) == 0, next.Output);
        await world.AssertEverythingOnce("stop");
    }

    [Fact]
    public async Task Killed_at_random_moments_it_loses_nothing_and_doubles_nothing()
    {
        var world = await World.Create(root, await NewDatabases(root));
        var random = new Random(20261116);
        for (var round = 0; round < 10; round++)
        {
            await using var hub = HubProcess.Start(world.Settings, "run", "--once");
            await Task.Delay(random.Next(700, 4_000), Cancellation);
            await hub.Kill();
            await world.LeasesRunOut();
        }
        await world.RunToTheEnd();
        await world.AssertEverythingOnce("random");
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(root, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A partner's folder full of orders, and two databases to look into.</summary>
    sealed class World(string folder, string hub, string seller)
    {
        public Dictionary<string, string> Settings { get; } = new()
        {
            ["Hub__Data"] = Path.Combine(folder, "data"),
            ["Hub__Files"] = Path.Combine(folder, "files"),
            ["Hub__Mappings"] = Path.Combine(folder, "mappings"),
            ["ConnectionStrings__Hub"] = hub,
            ["ConnectionStrings__Seller"] = seller,
        };

        string Side => Path.Combine(folder, "files", "nordlicht");

        public static async Task<World> Create(string folder, (string Hub, string Seller) databases, int files = Files)
        {
            FlowFixture.Copy(new(Repository.PathTo("mappings")), Path.Combine(folder, "mappings"));
            // The sample partner, as a partner of an installation with its own databases.
            var partner = Path.Combine(folder, "mappings", "partners", "nordlicht", "partner.yaml");
            var text = await File.ReadAllTextAsync(partner, Cancellation);
            await File.WriteAllTextAsync(partner, text.Replace("sample: true", "sample: false", StringComparison.Ordinal), Cancellation);
            var world = new World(folder, databases.Hub, databases.Seller);
            Directory.CreateDirectory(Path.Combine(folder, "data"));
            Directory.CreateDirectory(Path.Combine(world.Side, "in"));
            await world.Put(0, files);
            await using var create = HubProcess.Start(world.Settings, "target", "create", "shop");
            Assert.True(await create.Exit(Cancellation) == 0, create.Output);
            await using var migrate = HubProcess.Start(world.Settings, "migrate");
            Assert.True(await migrate.Exit(Cancellation) == 0, migrate.Output);
            return world;
        }

        /// <summary>The partner puts files there, from one to before another.</summary>
        public async Task Put(int from, int before)
        {
            for (var file = from; file < before; file++)
                await File.WriteAllBytesAsync(Path.Combine(Side, "in", $"{file:D3}.edi"), Content(file), Cancellation);
        }

        static byte[] Content(int file) => Orders.File(
            $"R{file}", [.. Enumerable.Range(0, OrdersPerFile).Select(order => Orders.Order($"{file:D3}-{order}", LinesPerOrder))]);

        public Task<long> Hub(string sql) => Value(Worker.Hub.InOwnSchema(hub), sql);

        public Task<long> Seller(string sql) => Value(seller, sql);

        /// <summary>What time does to the claims of a dead process. That it died is our doing and not the files'.</summary>
        public async Task LeasesRunOut() => await Hub("""
            update remote_file set lease_until = '2000-01-01T00:00:00.000000Z' where lease_until is not null;
            update exchange set lease_until = '2000-01-01T00:00:00.000000Z' where lease_until is not null;
            update exchange set crash_count = 0;
            update outbox set lease_until = '2000-01-01T00:00:00.000000Z' where lease_until is not null;
            update lease set lease_until = '2000-01-01T00:00:00.000000Z';
            select 0
            """);

        public async Task RunToTheEnd()
        {
            for (var run = 0; run < 2; run++)
            {
                await using var process = HubProcess.Start(Settings, "run", "--once");
                Assert.True(await process.Exit(Cancellation) == 0, process.Output);
            }
        }

        public async Task AssertEverythingOnce(string stage)
        {
            const int All = Files * OrdersPerFile;
            var tables = seller.Contains("Host", StringComparison.Ordinal) ? "sales." : "sales_";
            Assert.Equal((stage, All), (stage, await Seller($"select count(*) from {tables}purchase_order")));
            Assert.Equal(All, await Seller($"select count(distinct po_number) from {tables}purchase_order"));
            Assert.Equal(All * LinesPerOrder, await Seller($"select count(*) from {tables}purchase_order_line"));
            Assert.Equal(All, await Seller("select count(*) from hub_inbox"));
            Assert.Equal(Files, await Hub("select count(*) from exchange where state = 'Completed'"));
            Assert.Equal(0, await Hub("select count(*) from exchange where state <> 'Completed'"));
            Assert.Equal(All, await Hub("select count(*) from document where state = 'Loaded'"));
            Assert.Equal(0, await Hub("select count(*) from outbox where done_at is null"));
            Assert.Equal(0, await Hub("select count(*) from attempt where state = 'Running'"));
            // Every file in exactly one place, unchanged.
            Assert.Empty(Directory.GetFiles(Path.Combine(Side, "in")));
            var moved = Directory.GetFiles(Path.Combine(Side, "processed")).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(Files, moved.Count);
            for (var file = 0; file < Files; file++)
                Assert.Equal(Content(file), await File.ReadAllBytesAsync(moved[file], Cancellation));
            // One acknowledgement per interchange, each with its own number.
            var sent = Directory.GetFiles(Path.Combine(Side, "out")).Select(path => File.ReadAllText(path, Encoding.Latin1)).ToList();
            Assert.Equal(Files, sent.Count);
            Assert.Equal(Files, sent.Select(text => text[(text.LastIndexOf('+') + 1)..]).Distinct().Count());
            Assert.Equal(Files, sent.Select(text => text.Split("UCI+")[1].Split('+')[0]).Distinct().Count());
            Assert.Equal(Files, await Hub("select max(value) from control_number"));
        }

        static async Task<long> Value(string connectionString, string sql)
        {
            using var database = new Database(connectionString);
            await using var connection = await database.Open(Cancellation);
            return await connection.ExecuteScalarAsync<long>(sql);
        }
    }
}

public sealed class SqliteKillTests : KillContract
{
    protected override Task<(string Hub, string Seller)> NewDatabases(string folder) => Task.FromResult(
        ($"Data Source={Path.Combine(folder, "data", "hub.db")}", $"Data Source={Path.Combine(folder, "data", "seller.db")}"));
}

/// <summary>On a server that keeps its promises when it is killed itself: fsync on.</summary>
public sealed class PostgresKillTests : KillContract, IAsyncLifetime
{
    readonly PostgresFixture postgres = new() { Durable = true };

    public ValueTask InitializeAsync() => postgres.InitializeAsync();

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    protected override async Task<(string Hub, string Seller)> NewDatabases(string folder) =>
        (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
}
