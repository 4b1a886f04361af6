using System.Text;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Lists and orders whose map leaves out rows with faults: what is loaded, what stays, and what people are told.</summary>
public sealed class RowErrorFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_list_without_a_row_ends_nothing_and_the_next_one_does(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, "base/pricat-edifact", max: 1);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10));
        // Item 3 has a number that is none; items 9 and 10 are gone.
        var list = Orders.Replace(PriceLists.File("L2", "20261102", 8, "12.00"), "LIN+3+3+4054321001013:EN", "LIN+3+3+4054321001014:EN");
        var without = await flow.Send("l2.edi", list);

        Assert.Equal(ExchangeState.Completed, without.Exchange.State);
        var document = Assert.Single(without.Documents);
        Assert.Equal((DocumentState.Loaded, "Loaded without 1 row that has faults (price_items 1); the findings name them."), (document.State, document.Cause));
        // In the order of the file: what is said of the list, then of its row.
        Assert.Equal([$"{LoadCodes.NothingEnded} Warning", "MAP2106 Warning"], without.Findings.Select(finding => $"{finding.Code} {finding.Severity}"));
        Assert.Contains("so the 3 rows of 'price_items' that it does not mention stay as they are", without.Findings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("This row of price_items was left out, with the rows below it.", without.Findings[1].Message, StringComparison.Ordinal);
        Assert.Equal(InterchangeState.Accepted, Assert.Single(without.Interchanges).State);
        Assert.Equal(["HX-001 12", "HX-002 12", "HX-003 10", "HX-004 12", "HX-005 12", "HX-006 12", "HX-007 12", "HX-008 12", "HX-009 10", "HX-010 10"], await Prices(flow));

        // The content is the same but for the right number: it is no duplicate, and ends what it leaves out.
        var whole = await flow.Send("l3.edi", PriceLists.File("I3", PriceLists.List("L2", "20261102", 8, "12.00")));
        Assert.Equal((DocumentState.Loaded, (string?)null), (Assert.Single(whole.Documents).State, whole.Documents[0].Cause));
        Assert.Empty(whole.Findings);
        Assert.Equal(8, (await Prices(flow)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_are_replaced_as_a_set_stay_where_one_was_left_out(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, "base/pricat-edifact", max: 2);
        await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 3));
        // The price of item 2 is in a unit nobody knows; that of item 3 is for another quantity, so it replaces the one before.
        var list = Encoding.Latin1.GetString(PriceLists.File("L2", "20261102", 3, "12.00")).Split("LIN+");
        list[2] = list[2].Replace("PCE", "KRT", StringComparison.Ordinal);
        list[3] = list[3].Replace("RNG+4+PCE:1'", "RNG+4+PCE:5'", StringComparison.Ordinal);
        var without = await flow.Send("l2.edi", Encoding.Latin1.GetBytes(string.Join("LIN+", list)));

        Assert.Equal("Loaded without 1 row that has faults (price_tiers 1); the findings name them.", Assert.Single(without.Documents).Cause);
        Assert.Equal(["MAP2105"], without.Findings.Select(finding => finding.Code));
        Assert.Equal(["HX-001 1 12", "HX-002 1 10", "HX-003 5 12"], await Query(flow, "t.min_qty"));
    }

    [Fact]
    public async Task The_same_content_is_loaded_again_once_our_code_list_is_right()
    {
        await using var flow = await Create(onPostgres: false, "base/orders-edifact", max: 1);
        var order = Orders.Replace(Orders.File("I1", Orders.Order("A1")), "QTY+21:2:PCE", "QTY+21:2:KRT");
        Assert.Equal((DocumentState.Loaded, "Loaded without 1 row that has faults (order_lines 1); the findings name them."),
            Assert.Single((await flow.Send("one.edi", order)).Documents.Select(document => (document.State, document.Cause))));
        Assert.Equal(1, await flow.Lines());
        // In another envelope it is the same, as long as the same is wrong with it.
        Assert.Equal(DocumentState.Skipped, Assert.Single((await flow.Send("again.edi", Orders.Replace(order, "+I1", "+I4"))).Documents).State);

        var codes = Directory.CreateDirectory(flow.MappingPath("partners/nordlicht/codes")).FullName;
        await File.WriteAllTextAsync(Path.Combine(codes, "uom.yaml"), "hub: codes/1\nid: uom\nmap: { KRT: CT }\n", Cancellation);
        await flow.Restart();
        var again = Assert.Single((await flow.Send("two.edi", Orders.Replace(order, "+I1", "+I2"))).Documents);
        Assert.Equal((DocumentState.Loaded, (string?)null), (again.State, again.Cause));
        Assert.Equal(DocumentState.Skipped, Assert.Single((await flow.Send("three.edi", Orders.Replace(order, "+I1", "+I3"))).Documents).State);
    }

    [Fact]
    public async Task More_rows_than_the_most_reject_the_message_as_before()
    {
        await using var flow = await Create(onPostgres: false, "base/orders-edifact", max: 1);
        var rejected = await flow.Send("one.edi", Orders.File("I1", Orders.Order("A1", unit: "KRT")));
        Assert.Equal(ExchangeState.Failed, rejected.Exchange.State);
        Assert.Equal(["MAP2105 Error", "MAP2202 Error", "MAP2105 Error"], rejected.Findings.Select(finding => $"{finding.Code} {finding.Severity}"));
        Assert.StartsWith("MAP2105 order_lines.uom", Assert.Single(rejected.Documents).Cause, StringComparison.Ordinal);
        Assert.Equal(0, await flow.Lines());
    }

    async Task<FlowFixture> Create(bool onPostgres, string map, int max)
    {
        var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        var path = flow.MappingPath($"{map}.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("to: shop\n", $"to: shop\non_row_error: {{ quarantine: {{ max: {max} }} }}\n", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        return flow;
    }

    static Task<IReadOnlyList<string>> Prices(FlowFixture flow) => Query(flow, "''", "and (i.valid_to is null or i.valid_to > '2026-11-30')");

    // The items that are valid, with a column of their price and the price.
    static async Task<IReadOnlyList<string>> Query(FlowFixture flow, string column, string condition = "")
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        var dialect = SellerDialect.Of(flow.Hub.SellerDatabase.Engine);
        var target = Assert.Single(flow.Hub.Partners.Targets());
        var rows = await connection.QueryAsync<string>($"""
            select i.supplier_sku || ' ' || {(column == "''" ? "''" : $"cast(cast({column} as integer) as text) || ' '")} || cast(cast(t.price as integer) as text)
            from {dialect.Name(target.Find("price_items")!)} i join {dialect.Name(target.Find("price_tiers")!)} t on t.item_id = i.item_id
            where 1 = 1 {condition} order by 1
            """);
        return rows.AsList();
    }
}
