using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>Price lists and orders without an envelope as a seller receives them: the service, an SFTP server, PostgreSQL for the hub and another database for the seller.</summary>
public sealed class RecordJobTests(PostgresFixture postgres) : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("distributorhub-records-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_a_partner_without_edi_come_over_sftp_into_the_sellers_database_once()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        var (hubDatabase, sellerDatabase) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var settings = await Installation(server, hubDatabase, sellerDatabase);
        Offer(server);
        await Once(settings);
        Assert.Equal("B-6 1 8.5000, B-6 10 7.9000, B-8 1 0.1250, W-1 1 21.0000", await Value(sellerDatabase,
            """
            select string_agg(i.supplier_sku || ' ' || trunc(p.min_qty) || ' ' || p.price, ', ' order by i.supplier_sku, p.min_qty)
            from pim.supplier_item i join pim.supplier_price p on p.item_id = i.item_id where i.partner_id = 'bergtal'
            """));
        Assert.Equal("PO-1 2 Müller Bau, PO-2 1 ", await Value(sellerDatabase,
            """
            select string_agg(o.po_number || ' ' || o.line_count || ' ' || coalesce(p.name, ''), ', ' order by o.po_number)
            from sales.purchase_order o left join sales.purchase_order_party p on p.po_id = o.po_id
            """));
        Offer(server);
        await Once(settings);
        Assert.Equal("Completed 2, Duplicate 2", await Value(hubDatabase,
            "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from hub.exchange group by state) as states"));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "bergtal", "in")));
        Assert.Equal(4, Directory.GetFiles(Path.Combine(server.Folder, "bergtal", "processed")).Length);
    }

    static async Task Once(IReadOnlyDictionary<string, string> settings)
    {
        await using var hub = HubProcess.Start(settings, "run", "--once");
        Assert.True(await hub.Exit(Cancellation) == 0, hub.Output);
    }

    static async Task<string> Value(string database, string sql)
    {
        using var open = new Database(database);
        await using var connection = await open.Open(Cancellation);
        return await connection.ExecuteScalarAsync<string?>(sql) ?? "";
    }

    static void Offer(SshdFixture server)
    {
        var inbox = Directory.CreateDirectory(Path.Combine(server.Folder, "bergtal", "in")).FullName;
        File.Copy(Repository.PathTo("mappings", "base", "pricelist-csv.tests", "01-basic.csv"), Path.Combine(inbox, "Preise 2026-03.CSV"));
        File.Copy(Repository.PathTo("mappings", "base", "orders-csv.tests", "01-two-orders.tsv"), Path.Combine(inbox, "orders.tsv"));
    }

    async Task<Dictionary<string, string>> Installation(SshdFixture server, string hubDatabase, string sellerDatabase)
    {
        var mappings = Path.Combine(root, "mappings");
        FlowFixture.Copy(new(Repository.PathTo("mappings")), mappings);
        Directory.CreateDirectory(Path.Combine(mappings, "partners", "bergtal"));
        await File.WriteAllTextAsync(Path.Combine(mappings, "partners", "bergtal", "partner.yaml"),
            $"""
            hub: partner/1
            name: Bergtal Baustoffe
            currency: EUR
            source:
              kind: sftp
              host: 127.0.0.1
              port: {server.Port}
              user: {Environment.UserName}
              private_key: file:{server.KeyFile}
              host_keys: {server.Fingerprint("ed25519")}
              path: bergtal/in
              settle: 1s
              after_read: move
              move_to: processed
            messages:
            - files: 'preise*.csv'
              map: base/pricelist-csv
            - files: '*.tsv'
              map: base/orders-csv

            """, Cancellation);
        var settings = new Dictionary<string, string>
        {
            ["Hub__Data"] = Path.Combine(root, "data"),
            ["Hub__Mappings"] = mappings,
            ["ConnectionStrings__Hub"] = hubDatabase,
            ["ConnectionStrings__Seller"] = sellerDatabase,
        };
        await using var create = HubProcess.Start(settings, "target", "create", "shop");
        Assert.True(await create.Exit(Cancellation) == 0, create.Output);
        return settings;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
