using System.Text;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Files without an envelope on their way: told by their names, the partner's through whose folder they came.</summary>
public sealed class RecordFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_of_orders_becomes_rows_and_is_told_to_nobody(bool embedded)
    {
        await using var flow = await Create(embedded);
        var exchange = await flow.Send("orders-1.csv", Orders("PO-1;2026-03-02;EUR;B-6;10", "PO-1;;;B-8;2.5", "PO-2;2026-03-03;CHF;W-1;1"));

        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal([("PO-1", DocumentState.Loaded), ("PO-2", DocumentState.Loaded)], exchange.Documents.Select(document => (document.Number!, document.State)));
        Assert.Equal(2, exchange.Documents[0].Rows()["order_lines"]);
        Assert.Equal(["PO-1", "PO-2"], await flow.OrderNumbers());
        Assert.Equal(3, await flow.Lines());
        Assert.Equal(("Csv", "nordlicht", InterchangeState.Accepted), exchange.Interchanges.Select(i => (i.Standard, i.Sender, i.State)).Single());
        Assert.Empty(flow.Acknowledgements());
        Assert.True(File.Exists(Path.Combine(flow.Processed, "orders-1.csv")));
        Assert.Equal(exchange.Exchange.Id, Assert.Single(await flow.Hub.Queries.List(new() { Number = "po-2" }, Cancellation)).Exchange.Id);
    }

    [Fact]
    public async Task An_order_in_xml_and_a_catalogue_become_rows()
    {
        await using var flow = await Create();
        var order = await flow.Send("order.xml", await File.ReadAllBytesAsync(flow.MappingPath("base/cxml-order.tests/01-basic.xml"), Cancellation));
        Assert.Equal((ExchangeState.Completed, "DO1234"), (order.Exchange.State, Assert.Single(order.Documents).Number));
        Assert.Equal(2, await flow.Lines());
        var catalogue = await flow.Send("catalogue.bme", await File.ReadAllBytesAsync(flow.MappingPath("base/bmecat.tests/01-basic.xml"), Cancellation));
        Assert.Equal((ExchangeState.Completed, "WZ-2026 001.002"), (catalogue.Exchange.State, Assert.Single(catalogue.Documents).Number));
        Assert.Equal((2L, 5L), (catalogue.Documents[0].Rows()["price_items"], catalogue.Documents[0].Rows()["price_tiers"]));
    }

    [Fact]
    public async Task Of_an_order_in_xml_that_was_cut_off_nothing_is_loaded()
    {
        await using var flow = await Create();
        var order = await flow.Send("order.xml", await File.ReadAllBytesAsync(flow.MappingPath("base/cxml-order.tests/02-cut-off.xml"), Cancellation));
        Assert.Equal((ExchangeState.Failed, FailureClass.Data, "REC7011"), (order.Exchange.State, order.Exchange.Class, Assert.Single(order.Findings).Code));
        Assert.Equal(DocumentState.Failed, Assert.Single(order.Documents).State);
        Assert.Equal(order.Exchange.Id, Assert.Single(await flow.Hub.Queries.List(new() { Number = "do1234" }, Cancellation)).Exchange.Id);
        Assert.Empty(await flow.OrderNumbers());
    }

    [Theory]
    [InlineData("orders.csv", "base/orders-csv.tests/01-two-orders.tsv", "PO-2", 2)]
    [InlineData("order.xml", "base/cxml-order.tests/01-basic.xml", "DO1234", 1)]
    public async Task An_order_is_found_by_its_number_while_it_waits_for_the_sellers_database(string name, string sample, string number, int documents)
    {
        await using var flow = await Create();
        var seller = Path.Combine(flow.Hub.Settings.Data, "seller.db");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "-wal", "-shm" })
            File.Delete(seller + suffix);
        File.Move(seller, seller + ".away");
        Directory.CreateDirectory(seller);
        var waiting = await flow.Send(name, await File.ReadAllBytesAsync(flow.MappingPath(sample), Cancellation));

        Assert.Equal(waiting.Exchange.Id, Assert.Single(await flow.Hub.Queries.List(new() { Number = number }, Cancellation)).Exchange.Id);
        Assert.Equal(Enumerable.Repeat(DocumentState.Parsed, documents), waiting.Documents.Select(document => document.State));

        Directory.Delete(seller);
        File.Move(seller + ".away", seller);
        flow.Clock.Advance(TimeSpan.FromHours(1));
        await flow.Process();
        Assert.Equal(Enumerable.Repeat(DocumentState.Loaded, documents), (await flow.Newest()).Documents.Select(document => document.State));
    }

    [Fact]
    public async Task The_same_bytes_again_are_a_duplicate()
    {
        await using var flow = await Create();
        await flow.Send("orders-1.csv", Orders("PO-1;2026-03-02;EUR;B-6;10"));
        var again = await flow.Send("orders-2.csv", Orders("PO-1;2026-03-02;EUR;B-6;10"));
        Assert.Equal(ExchangeState.Duplicate, again.Exchange.State);
        Assert.Equal(1, await flow.Lines());
    }

    [Fact]
    public async Task Of_several_orders_the_broken_one_alone_fails_and_is_found_by_its_number()
    {
        await using var flow = await Create();
        var exchange = await flow.Send("orders.csv", Orders("PO-1;2026-03-02;EUR;B-6;10", "PO-2;2026-03-03;EUR;B-8;ten", "PO-3;2026-03-03;EUR;W-1;1"));
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Loaded, DocumentState.Failed, DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.Equal(["PO-1", "PO-3"], await flow.OrderNumbers());
        var finding = Assert.Single(exchange.Findings);
        Assert.Equal(("MAP2104", 2, 3, 64L, "ten"), (finding.Code, finding.MessageOrdinal, finding.Segment, finding.AtOffset, finding.Found));
        Assert.Equal(exchange.Exchange.Id, Assert.Single(await flow.Hub.Queries.List(new() { Number = "PO-2" }, Cancellation)).Exchange.Id);
    }

    [Fact]
    public async Task Of_a_file_that_was_cut_off_nothing_is_loaded()
    {
        await using var flow = await Create();
        var exchange = await flow.Send("orders.csv", Orders("PO-1;2026-03-02;EUR;B-6;10", "PO-2;2026-03-03;EUR;B-8;2", "PO-2;2026-0"));
        Assert.Equal((ExchangeState.Failed, FailureClass.Data), (exchange.Exchange.State, exchange.Exchange.Class));
        Assert.Equal(("REC7003", 4), exchange.Findings.Select(finding => (finding.Code, finding.Segment)).Single());
        Assert.Empty(exchange.Documents);
        Assert.Empty(await flow.OrderNumbers());
        Assert.True(File.Exists(Path.Combine(flow.Processed, "orders.csv")));
    }

    [Fact]
    public async Task A_price_list_whose_line_is_ragged_is_not_loaded_in_part()
    {
        await using var flow = await Create();
        var exchange = await flow.Send("prices.txt", "list_no;issued_on;sku;price\nL-1;2026-03-01;B-6;8.50\nL-1;2026-03-01;B;8;7.90\nL-1;2026-03-01;B-9;7.90\n"u8.ToArray());
        Assert.Equal(DocumentState.Failed, Assert.Single(exchange.Documents).State);
        Assert.Equal(("REC7003", "L-1;2026-03-01;B;8;7.90"), exchange.Findings.Select(finding => (finding.Code, finding.Found)).Single());
        Assert.Equal(FailureClass.Data, exchange.Exchange.Class);
        Assert.Contains("5 fields", exchange.Exchange.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_of_the_same_partner_go_their_usual_way()
    {
        await using var flow = await Create();
        var exchange = await flow.Send("orders.edi", Flow.Orders.File("R1", Flow.Orders.Order("4711")));
        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Single(flow.Acknowledgements());
    }

    [Fact]
    public async Task A_map_with_mistakes_is_told_where_the_partner_names_it()
    {
        await using var flow = await Create();
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Cancellation)).Replace("map: base/orders-csv", "map: base/orders-edifact", StringComparison.Ordinal), Cancellation);
        var diagnostic = Assert.Single(flow.Hub.Mappings.Refresh().Diagnostics);
        Assert.Equal(("PTN1013", "Map base/orders-edifact reads EDIFACT, whose envelope says what it is; this takes files by their name."), (diagnostic.Code, diagnostic.Message));
    }

    static byte[] Orders(params string[] records) => Encoding.UTF8.GetBytes("order_no;ordered_on;currency;sku;qty\n" + string.Concat(records.Select(record => record + "\n")));

    async Task<FlowFixture> Create(bool embedded = true)
    {
        var flow = embedded ? await FlowFixture.Create() : await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains("messages:\n", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace("messages:\n", "messages:\n- { files: '*.csv', map: base/orders-csv }\n- { files: 'prices*.txt', map: base/pricelist-csv }\n- { files: '*.xml', map: base/cxml-order }\n- { files: '*.bme', map: base/bmecat }\n", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Mappings.Current.Diagnostics);
        return flow;
    }
}
