using System.Text;
using Dapper;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A partner who is sent order responses from two tables of the seller's.</summary>
static class OutgoingHelp
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task Agree(FlowFixture flow, string before, string after)
    {
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains(before, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(before, after, StringComparison.Ordinal), Cancellation);
        await flow.Restart();
    }

    public static async Task SendAll(FlowFixture flow)
    {
        Assert.Empty((await flow.Hub.Flow.Collect(flow.Partner, Cancellation)).Troubles);
        await flow.Process();
        Assert.Equal(0, await flow.Hub.Flow.Finalise(flow.Partner, Cancellation));
    }

    public static IReadOnlyList<string> Files(FlowFixture flow) => flow.Acknowledgements("ORDRSP-*.edi");

    /// <summary>Number of the document and control number of each file that was sent, sorted.</summary>
    public static IReadOnlyList<string> Sent(FlowFixture flow) =>
    [
        .. Files(flow).Select(path => File.ReadAllText(path, Encoding.Latin1).Split('\''))
            .Select(segments => $"{segments.Single(s => s.StartsWith("BGM", StringComparison.Ordinal)).Split('+')[2]} {segments.Single(s => s.StartsWith("UNB", StringComparison.Ordinal)).Split('+')[5]}")
            .Order(StringComparer.Ordinal),
    ];

    public static async Task<byte[]> Archived(FlowFixture flow, string sha256)
    {
        await using var content = await flow.Hub.Archive.Open(sha256, Cancellation);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static async Task Insert(FlowFixture flow, long id, string number, string status, string partner = "nordlicht")
    {
        var day = flow.Hub.SellerDatabase.Engine == Engine.PostgreSql ? "date '2026-03-05'" : "'2026-03-05'";
        var moment = flow.Hub.SellerDatabase.Engine == Engine.PostgreSql ? "timestamp '2026-03-06 09:30:00'" : "'2026-03-06 09:30:00'";
        await Execute(flow, $"insert into {{0}} values (@id, @partner, @number, {moment}, @status, '4500017', {day}, '4012345000016', 'EUR', null)", new { id, partner, number, status });
        await Execute(flow, $"insert into {{1}} values (@id, 20, 'accepted', null, 'SC-2', null, 5, 5, 'EA', 1.25, {day}), (@id, 10, 'accepted', '4012345678901', 'SC-1', null, 2.5, 2.5, 'EA', null, null)", new { id });
    }

    public static async Task Execute(FlowFixture flow, string sql, object? parameters = null)
    {
        var separator = flow.Hub.SellerDatabase.Engine == Engine.PostgreSql ? "." : "_";
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        await connection.ExecuteAsync(sql.Replace("{0}", $"edi{separator}order_response", StringComparison.Ordinal).Replace("{1}", $"edi{separator}order_response_line", StringComparison.Ordinal), parameters);
    }

    public static async Task<FlowFixture> Create(PostgresFixture postgres, bool embedded = true, string more = "", string? source = null)
    {
        var flow = embedded ? await FlowFixture.Create() : await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        if (source is not null)
            text = text[..text.IndexOf("source:", StringComparison.Ordinal)] + source + text[text.IndexOf("schedule:", StringComparison.Ordinal)..];
        await File.WriteAllTextAsync(path, text + $"\nown_gln: '4012345000009'\nsend:\n- {{ map: base/ordrsp-edifact, folder: replies, sender: '4012345000009', sender_qualifier: '14'{more} }}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Mappings.Current.Diagnostics);
        if (!embedded)
            await Execute(flow, "create schema edi");
        await Execute(flow, "create table {0} (response_id bigint, partner_id varchar(20), response_no varchar(30), issued_at timestamp, status varchar(20), order_no varchar(22), ordered_on date, buyer_gln varchar(13), currency varchar(3), note varchar(70))");
        await Execute(flow, "create table {1} (response_id bigint, line_no int, status varchar(10), gtin varchar(14), supplier_sku varchar(35), buyer_sku varchar(35), ordered_qty numeric(12,3), confirmed_qty numeric(12,3), uom varchar(3), net_price numeric(12,4), promised_on date)");
        return flow;
    }
}
