using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Partners;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A whole hub over two new databases and a partner's folder, with a clock that stands still.</summary>
sealed class FlowFixture : IAsyncDisposable
{
    readonly string root;

    FlowFixture(string root, FakeTimeProvider clock, Hub hub)
    {
        (this.root, Clock, Hub) = (root, clock, hub);
        Partner = hub.Partners.Find("nordlicht")!;
    }

    public FakeTimeProvider Clock { get; }

    public Hub Hub { get; private set; }

    public PartnerDefinition Partner { get; private set; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="hub">Connection string of the hub's database; null for the embedded mode.</param>
    /// <param name="seller">Connection string of the seller's database; null for the embedded mode.</param>
    /// <param name="change">What is set otherwise, or null.</param>
    public static async Task<FlowFixture> Create(string? hub = null, string? seller = null, Func<HubSettings, HubSettings>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("distributorhub-flow-").FullName;
        Copy(new(Repository.PathTo("mappings")), Path.Combine(folder, "mappings"));
        Directory.CreateDirectory(Path.Combine(folder, "files", "nordlicht", "in"));
        Directory.CreateDirectory(Path.Combine(folder, "files", "prairie", "in"));
        var settings = new HubSettings
        {
            Home = folder,
            Mappings = Path.Combine(folder, "mappings"),
            Definitions = Path.Combine(folder, "mappings", "definitions"),
            Data = Path.Combine(folder, "data"),
            Files = Path.Combine(folder, "files"),
            // The sample partners run in the embedded mode only.
            Embedded = true,
            HubConnection = hub ?? $"Data Source={Path.Combine(folder, "data", "hub.db")}",
            SellerConnection = seller ?? $"Data Source={Path.Combine(folder, "data", "seller.db")}",
        };
        var clock = new FakeTimeProvider(new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero));
        return new(folder, clock, await Hub.Open(change?.Invoke(settings) ?? settings, clock, NullLoggerFactory.Instance, Cancellation));
    }

    public string Inbox => Path.Combine(root, "files", "nordlicht", "in");

    public string Processed => Path.Combine(root, "files", "nordlicht", "processed");

    public string MappingPath(string relative) => Path.Combine(root, "mappings", relative);

    public IReadOnlyList<string> Acknowledgements(string pattern = "CONTRL*") =>
        [.. Directory.GetFiles(Path.Combine(root, "files", "nordlicht"), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The program is stopped and started again: maps and partners are read anew.</summary>
    public async Task Restart()
    {
        await Hub.DisposeAsync();
        Hub = await Hub.Open(Hub.Settings, Clock, NullLoggerFactory.Instance, Cancellation);
        Partner = Hub.Partners.Find("nordlicht")!;
    }

    public Task Drop(string name, byte[] content) => File.WriteAllBytesAsync(Path.Combine(Inbox, name), content, Cancellation);

    /// <summary>Two polls, then everything that is due.</summary>
    public async Task Run()
    {
        await Hub.Flow.Receive(Partner, Cancellation);
        Clock.Advance(Partner.Source.Settle);
        await Hub.Flow.Receive(Partner, Cancellation);
        await Process();
        await Hub.Flow.Finalise(Partner, Cancellation);
    }

    public async Task Process()
    {
        foreach (var exchange in await Hub.Exchanges.Due(null, 1_000, Cancellation))
            await Hub.Flow.Process(exchange.Id, Cancellation);
    }

    /// <summary>A file through the whole line.</summary>
    public async Task<ExchangeDetails> Send(string name, byte[] content)
    {
        await Drop(name, content);
        await Run();
        return await Newest();
    }

    public async Task<ExchangeDetails> Newest() =>
        (await Hub.Queries.Show((await Hub.Queries.List(new() { Most = 1 }, Cancellation))[0].Exchange.Id, Cancellation))!;

    public async Task<IReadOnlyList<string>> OrderNumbers()
    {
        await using var connection = await Hub.SellerDatabase.Open(Cancellation);
        var table = Hub.SellerDatabase.Engine == Engine.PostgreSql ? "sales.purchase_order" : SellerDialect.Of(Engine.Sqlite).Name(OrdersTable());
        return (await connection.QueryAsync<string>($"select po_number from {table} order by po_number")).AsList();
    }

    public async Task<long> Lines()
    {
        await using var connection = await Hub.SellerDatabase.Open(Cancellation);
        var target = Assert.Single(Hub.Partners.Targets());
        return await connection.ExecuteScalarAsync<long>(
            $"select count(*) from {SellerDialect.Of(Hub.SellerDatabase.Engine).Name(target.Find("order_lines")!)}");
    }

    Mapping.Targets.TableDefinition OrdersTable() => Assert.Single(Hub.Partners.Targets()).Find("orders")!;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    public static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
