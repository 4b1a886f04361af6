using System.Globalization;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>kill -9 while documents go out: each is delivered once, under numbers without gaps. The real program on PostgreSQL.</summary>
public sealed class SendKillTests(PostgresFixture postgres) : IDisposable
{
    const int Documents = 40;

    readonly string root = Directory.CreateTempSubdirectory("distributorhub-sendkill-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select count(*) from outgoing_document")]
    [InlineData("select count(*) from outbox where kind = 'SendDocument'")]
    [InlineData("select count(*) from outbox where kind = 'SendDocument' and done_at is not null")]
    public async Task Killed_on_the_way_out_each_document_goes_once(string state)
    {
        var (hub, seller) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var settings = await Prepare(hub, seller);
        await using (var migrate = HubProcess.Start(settings, "migrate"))
            Assert.True(await migrate.Exit(Cancellation) == 0, migrate.Output);
        var hits = 0;
        for (var round = 1; round <= 3; round++)
        {
            await using var process = HubProcess.Start(settings, "partner", "send", "nordlicht");
            var before = await Count(hub, state);
            while (!process.HasExited && await Count(hub, state) < before + (2 * round))
                await Task.Delay(2, Cancellation);
            hits += process.HasExited ? 0 : 1;
            await process.Kill();
        }
        Assert.True(hits >= 1, "No blow fell while the program was at work.");
        // What was taken by the dead is free at the next start.
        await using (var last = HubProcess.Start(settings, "run", "--once", "--partner", "nordlicht"))
            Assert.True(await last.Exit(Cancellation) == 0, last.Output);

        var files = Directory.GetFiles(Path.Combine(root, "files", "nordlicht", "replies")).Select(path => File.ReadAllText(path).Split('\'')).ToList();
        Assert.Equal(Enumerable.Range(1, Documents).Select(i => $"AB-{i}").Order(StringComparer.Ordinal), files.Select(f => f.Single(s => s.StartsWith("BGM", StringComparison.Ordinal)).Split('+')[2]).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, Documents), files.Select(f => int.Parse(f.Single(s => s.StartsWith("UNB", StringComparison.Ordinal)).Split('+')[5], CultureInfo.InvariantCulture)).Order());
        Assert.Equal(Documents, await Count(hub, "select count(*) from outbox where kind = 'SendDocument' and done_at is not null"));
    }

    static async Task<long> Count(string connectionString, string sql)
    {
        using var database = new Database(Hub.InOwnSchema(connectionString));
        await using var connection = await database.Open(Cancellation);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    async Task<Dictionary<string, string>> Prepare(string hub, string seller)
    {
        FlowFixture.Copy(new(Repository.PathTo("mappings")), Path.Combine(root, "mappings"));
        Directory.CreateDirectory(Path.Combine(root, "files", "nordlicht", "in"));
        var path = Path.Combine(root, "mappings", "partners", "nordlicht", "partner.yaml");
        var text = (await File.ReadAllTextAsync(path, Cancellation)).Replace("sample: true", "sample: no", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text + "\nown_gln: '4012345000009'\nsend:\n- { map: base/ordrsp-edifact, folder: replies, sender: '4012345000009' }\n", Cancellation);
        using var database = new Database(seller);
        await using var connection = await database.Open(Cancellation);
        await connection.ExecuteAsync(
            """
            create schema edi;
            create view edi.order_response as
            select n::bigint as response_id, 'nordlicht' as partner_id, 'AB-' || n as response_no, timestamp '2026-03-06 09:30' as issued_at, 'accepted' as status,
                'PO-' || n as order_no, date '2026-03-05' as ordered_on, null::text as buyer_gln, 'EUR' as currency, null::text as note
            from generate_series(1, @Documents) n;
            create view edi.order_response_line as
            select n::bigint as response_id, 10 as line_no, 'accepted' as status, null::text as gtin, 'SC-1' as supplier_sku, null::text as buyer_sku, 5.0 as ordered_qty,
                5.0 as confirmed_qty, 'EA' as uom, null::numeric as net_price, null::date as promised_on
            from generate_series(1, @Documents) n
            """.Replace("@Documents", Documents.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return new()
        {
            ["Hub__Data"] = Path.Combine(root, "data"),
            ["Hub__Files"] = Path.Combine(root, "files"),
            ["Hub__Mappings"] = Path.Combine(root, "mappings"),
            ["ConnectionStrings__Hub"] = hub,
            ["ConnectionStrings__Seller"] = seller,
        };
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
