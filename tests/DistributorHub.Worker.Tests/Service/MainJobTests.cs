using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>The main job as a seller runs it: the service, an SFTP server, PostgreSQL for the hub and another database for the seller.</summary>
public sealed class MainJobTests(PostgresFixture postgres) : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("distributorhub-main-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Mappings => Path.Combine(root, "mappings");

    [Fact]
    public async Task Orders_and_catalogues_of_both_standards_come_over_sftp_into_the_sellers_database()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        var (hubDatabase, sellerDatabase) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var settings = await Installation(server, hubDatabase, sellerDatabase);
        Offer(server);
        await using (var hub = HubProcess.Start(settings))
        {
            await hub.Until(async () => await Value(hubDatabase, "select count(*) from hub.exchange where ended_at is not null") == "5", "five files are done", Cancellation);
            await hub.Until(async () => await Value(hubDatabase, "select count(*) from hub.outbox where done_at is null") == "0", "and delivered", Cancellation);
            Assert.Equal(0, await hub.Stop(Cancellation));
        }

        Assert.Equal("4500017201 3 3903.60, 4500017202 2 1460.00, PT-100234 3 7366.00, PT-100235 1 475.20", await Value(sellerDatabase,
            """
            select string_agg(po_number || ' ' || line_count || ' ' || total_amount, ', ' order by po_number)
            from sales.purchase_order where is_current
            """));
        Assert.Equal("9", await Value(sellerDatabase, "select count(*) from sales.purchase_order_line"));
        Assert.Equal("nordlicht 6 9, prairie 4 7", await Value(sellerDatabase,
            """
            select string_agg(line, ', ' order by line) from (
                select i.partner_id || ' ' || count(distinct i.item_id) || ' ' || count(p.item_id) as line
                from pim.supplier_item i join pim.supplier_price p on p.item_id = i.item_id group by i.partner_id) as partners
            """));
        Assert.Equal("Lager Süd", await Value(sellerDatabase, "select right(name, 9) from sales.purchase_order_party where role = 'ship_to' and city = 'Nürnberg' limit 1"));
        Assert.Equal("6", await Value(sellerDatabase, "select count(*) from hub_inbox"));
        Assert.Equal("Completed 4, Failed 1", await Value(hubDatabase,
            "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from hub.exchange group by state) as states"));

        // Everything was taken, the broken one too: its bytes are archived. Both partners got their acknowledgements, whole.
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "nordlicht", "in")));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "prairie", "in")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(server.Folder, "nordlicht", "out"), "CONTRL-*").Length);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(server.Folder, "prairie", "out"), "997-*").Length);
    }

    [Fact]
    public async Task The_same_files_offered_again_change_nothing()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        var (hubDatabase, sellerDatabase) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var settings = await Installation(server, hubDatabase, sellerDatabase);
        Offer(server);
        await Once(settings, 1, "4 file(s) completed, 1 failed");
        var before = await Rows(sellerDatabase);
        Offer(server);
        // The broken one too: its interchange was rejected once, under this number.
        await Once(settings, 0, "5 file(s) completed, 0 failed");
        Assert.Equal(before, await Rows(sellerDatabase));
        Assert.Equal("5", await Value(hubDatabase, "select count(*) from hub.exchange where state = 'Duplicate'"));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "nordlicht", "in")));
    }

    static async Task Once(IReadOnlyDictionary<string, string> settings, int exitCode, string summary)
    {
        await using var hub = HubProcess.Start(settings, "run", "--once");
        Assert.True(await hub.Exit(Cancellation) == exitCode, hub.Output);
        Assert.Contains(summary, hub.Output);
    }

    static Task<string> Rows(string database) => Value(database,
        """
        select md5(string_agg(line, '|' order by line)) from (
            select o::text as line from sales.purchase_order o union all select l::text from sales.purchase_order_line l
            union all select i::text from pim.supplier_item i union all select p::text from pim.supplier_price p
            union all select r::text from pim.price_list r) as lines
        """);

    static async Task<string> Value(string database, string sql)
    {
        using var open = new Database(database);
        await using var connection = await open.Open(Cancellation);
        try
        {
            return await connection.ExecuteScalarAsync<string?>(sql) ?? "";
        }
        catch (Npgsql.PostgresException e) when (e.SqlState == Npgsql.PostgresErrorCodes.UndefinedTable)
        {
            // Not migrated yet.
            return "";
        }
    }

    /// <summary>Puts the sample files where the distributors leave theirs.</summary>
    static void Offer(SshdFixture server)
    {
        foreach (var partner in new[] { "nordlicht", "prairie" })
        {
            var inbox = Directory.CreateDirectory(Path.Combine(server.Folder, partner, "in")).FullName;
            Directory.CreateDirectory(Path.Combine(server.Folder, partner, "out"));
            foreach (var file in Directory.GetFiles(Repository.PathTo("sample-files", partner, "in")))
                File.Copy(file, Path.Combine(inbox, Path.GetFileName(file)));
        }
    }

    async Task<Dictionary<string, string>> Installation(SshdFixture server, string hubDatabase, string sellerDatabase)
    {
        FlowFixture.Copy(new(Repository.PathTo("mappings")), Mappings);
        foreach (var partner in new[] { "nordlicht", "prairie" })
        {
            var file = Path.Combine(Mappings, "partners", partner, "partner.yaml");
            var text = (await File.ReadAllTextAsync(file, Cancellation))
                .Replace("sample: true ", "sample: false ", StringComparison.Ordinal)
                .Replace("kind: folder", $"""
                    kind: sftp
                      host: 127.0.0.1
                      port: {server.Port}
                      user: {Environment.UserName}
                      private_key: file:{server.KeyFile}
                      host_keys: {server.Fingerprint("ed25519")}
                    """, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, text, Cancellation);
        }
        var settings = new Dictionary<string, string>
        {
            ["Hub__Data"] = Path.Combine(root, "data"),
            ["Hub__Mappings"] = Mappings,
            ["ConnectionStrings__Hub"] = hubDatabase,
            ["ConnectionStrings__Seller"] = sellerDatabase,
        };
        await using var create = HubProcess.Start(settings, "target", "create", "shop");
        Assert.True(await create.Exit(Cancellation) == 0, create.Output);
        return settings;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
