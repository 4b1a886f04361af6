using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

public sealed class InboundFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_becomes_rows_an_acknowledgement_and_a_moved_file()
    {
        await using var flow = await FlowFixture.Create();
        var exchange = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711", lines: 3), Orders.Order("4712")));
        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal([("4711", DocumentState.Loaded), ("4712", DocumentState.Loaded)], exchange.Documents.Select(document => (document.Number!, document.State)));
        Assert.Equal(3, exchange.Documents[0].Rows()["order_lines"]);
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
        Assert.Equal(5, await flow.Lines());
        Assert.Equal(InterchangeState.Accepted, Assert.Single(exchange.Interchanges).State);
        Assert.Contains("UCI+R1+", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation));
        Assert.Empty(Directory.GetFiles(flow.Inbox));
        Assert.True(File.Exists(Path.Combine(flow.Processed, "orders.edi")));
        Assert.Empty(Directory.GetFiles(flow.Hub.Settings.Spool));
    }

    [Fact]
    public async Task The_same_line_runs_on_postgresql()
    {
        await using var flow = await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var exchange = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712", unit: "KRT")));
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal(2, await flow.Lines());
        Assert.Single(flow.Acknowledgements());
    }

    [Fact]
    public async Task Hub_and_seller_may_share_one_postgresql_database()
    {
        var both = await postgres.NewDatabaseAsync();
        await using var flow = await FlowFixture.Create(both, both);
        var exchange = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711")));
        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
    }

    [Fact]
    public async Task An_unknown_sender_fails_visibly_and_is_told_nothing()
    {
        await using var flow = await FlowFixture.Create();
        var exchange = await flow.Send("orders.edi", Orders.File("R1", "4099999000009", "ORDERS", [Orders.Order("4711")]));
        Assert.Equal((ExchangeState.Failed, FailureClass.Config), (exchange.Exchange.State, exchange.Exchange.Class));
        Assert.Equal("4099999000009", Assert.Single(exchange.Findings, finding => finding.Code == "RTE5001").Found);
        Assert.Equal(DocumentState.Failed, Assert.Single(exchange.Documents).State);
        Assert.Empty(await flow.OrderNumbers());
        Assert.Empty(flow.Acknowledgements());
    }

    [Fact]
    public async Task Another_partners_interchange_in_this_partners_folder_is_not_loaded()
    {
        await using var flow = await FlowFixture.Create();
        var path = flow.MappingPath("partners/prairie/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("identities:\n", "identities:\n- { standard: edifact, id: '4077777000003' }\n", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        var exchange = await flow.Send("orders.edi", Orders.File("R1", "4077777000003", "ORDERS", [Orders.Order("4711")]));
        Assert.Equal(ExchangeState.Failed, exchange.Exchange.State);
        Assert.Contains("prairie", Assert.Single(exchange.Findings, finding => finding.Code == "RTE5002").Message);
        Assert.Empty(await flow.OrderNumbers());
    }

    [Fact]
    public async Task A_message_type_without_agreement_fails_and_its_neighbours_load()
    {
        await using var flow = await FlowFixture.Create();
        var file = Orders.Replace(Orders.File("R1", Orders.Order("4711"), Orders.Order("4712")), "UNH+1+ORDERS:", "UNH+1+INVRPT:");
        var exchange = await flow.Send("mixed.edi", file);
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Failed, DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.Contains("INVRPT D.96A", Assert.Single(exchange.Findings, finding => finding.Code == "RTE5003").Message);
        Assert.Equal(["4712"], await flow.OrderNumbers());
        Assert.Contains("UCM+1+INVRPT", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation));
    }

    [Fact]
    public async Task A_wrong_segment_count_rejects_its_message_only()
    {
        await using var flow = await FlowFixture.Create();
        var right = Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"));
        var exchange = await flow.Send("counts.edi", Orders.Replace(right, "UNT+17+1'", "UNT+18+1'"));
        Assert.Equal([DocumentState.Failed, DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.Equal(InterchangeState.PartiallyAccepted, Assert.Single(exchange.Interchanges).State);
        Assert.Equal(["4712"], await flow.OrderNumbers());
    }

    [Fact]
    public async Task A_missing_mandatory_value_rejects_its_message_only()
    {
        await using var flow = await FlowFixture.Create();
        var file = Orders.Replace(Orders.File("R1", Orders.Order("4711"), Orders.Order("4712")), "BGM+220+4711+9'", "BGM+220++9'");
        var exchange = await flow.Send("missing.edi", file);
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal(["4712"], await flow.OrderNumbers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_the_sellers_own_trigger_refuses_is_rejected_and_its_neighbours_load(bool embedded)
    {
        await using var flow = embedded
            ? await FlowFixture.Create()
            : await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await using (var seller = await flow.Hub.SellerDatabase.Open(Cancellation))
        {
            await seller.ExecuteAsync(embedded
                ? """
                  create trigger refuse before insert on sales_purchase_order when new.po_number = '4712'
                  begin select raise(abort, 'Order 4712 is with the warehouse'); end
                  """
                : """
                  create function refuse() returns trigger language plpgsql as $$ begin
                    if new.po_number = '4712' then raise exception 'Order % is with the warehouse', new.po_number; end if;
                    return new;
                  end $$;
                  create constraint trigger refuse after insert on sales.purchase_order deferrable initially deferred for each row execute function refuse()
                  """);
        }
        await Settle(flow, "business: yes");
        var exchange = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"), Orders.Order("4713")));
        Assert.Equal(ExchangeState.PartiallyCompleted, exchange.Exchange.State);
        Assert.Equal([DocumentState.Loaded, DocumentState.Failed, DocumentState.Loaded], exchange.Documents.Select(document => document.State));
        Assert.Equal(FailureClass.Data, exchange.Documents[1].Class);
        var finding = Assert.Single(exchange.Findings, finding => finding.Code == "LOD5007");
        Assert.Equal(("Order 4712 is with the warehouse", 2), (finding.Found, finding.MessageOrdinal));
        Assert.Equal(["4711", "4713"], await flow.OrderNumbers());
        // CONTRL speaks of syntax, which was right; the refusal is told in words.
        Assert.Contains("UCI+R1+4012345000016:14+4098765000027:14+7'", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation), StringComparison.Ordinal);
        var aperak = await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements("APERAK*")), Cancellation);
        Assert.Contains("RFF+ON:4712'RFF+ACW:2'", aperak, StringComparison.Ordinal);
        // Cut at the words, so that each part has room in its FTX component.
        Assert.Contains("ERC+LOD5007::91'FTX+AAO+++The seller?'s database refused the rows?: Order 4712 is with", aperak, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", aperak, StringComparison.Ordinal);
        Assert.DoesNotContain("4713", aperak, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partner_who_wants_to_know_is_told_once_which_documents_were_refused()
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, "business: yes");
        var failed = await flow.Send("unit.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712", unit: "KRT")));

        Assert.Equal([DocumentState.Loaded, DocumentState.Failed], failed.Documents.Select(document => document.State));
        var contrl = await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation);
        var aperak = await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements("APERAK*")), Cancellation);
        Assert.Contains("UNZ+1+000000001'", contrl, StringComparison.Ordinal);
        // One counter for all our interchanges to the partner.
        Assert.Contains("UNZ+1+000000002'", aperak, StringComparison.Ordinal);
        Assert.Contains("RFF+ON:4712'RFF+ACW:2'", aperak, StringComparison.Ordinal);
        Assert.Contains("ERC+MAP2105::91'FTX+AAO+++order_lines.uom?: the code ?'KRT?' is not in the list ?'uom?'.", aperak, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", aperak, StringComparison.Ordinal);

        Assert.True(await flow.Hub.Exchanges.Retry(failed.Exchange.Id, "inge", "again", Cancellation));
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal(ExchangeState.PartiallyCompleted, (await flow.Newest()).Exchange.State);
        Assert.Single(flow.Acknowledgements("APERAK*"));
    }

    [Theory]
    [InlineData("no", "1", 0)]
    [InlineData("requested", "", 0)]
    [InlineData("requested", "1", 1)]
    [InlineData("errors", "", 0)]
    [InlineData("always", "", 1)]
    public async Task UNB_0031_asks_for_an_acknowledgement(string policy, string ask, int expected)
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, $"functional: {policy}", instead: "functional: true");
        var file = Orders.File("R1", Orders.Order("4711"));
        if (ask.Length > 0)
            file = Orders.Replace(file, "+R1++ORDERS'", $"+R1++ORDERS++{ask}'");
        var exchange = await flow.Send("asked.edi", file);

        Assert.Equal(ExchangeState.Completed, exchange.Exchange.State);
        Assert.Equal(expected, flow.Acknowledgements("*.edi").Count(path => Path.GetFileName(path).StartsWith("CONTRL", StringComparison.Ordinal)));
    }

    static async Task Settle(FlowFixture flow, string setting, string? instead = null)
    {
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(
            path, instead is null ? text.Replace("acknowledge:\n", $"acknowledge:\n  {setting}\n", StringComparison.Ordinal) : text.Replace(instead, setting, StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Diagnostics);
    }

    [Fact]
    public async Task An_unmapped_code_is_mended_and_read_again_and_nothing_is_loaded_twice()
    {
        await using var flow = await FlowFixture.Create();
        var failed = await flow.Send("unit.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712", unit: "KRT")));
        Assert.Equal(ExchangeState.PartiallyCompleted, failed.Exchange.State);
        Assert.Equal(FailureClass.Data, failed.Documents[1].Class);
        Assert.Contains("KRT", failed.Documents[1].Cause);
        Assert.Equal(["4711"], await flow.OrderNumbers());
        // The syntax is right, and the acknowledgement speaks of nothing else.
        Assert.Contains("+7'", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements()), Cancellation));

        Directory.CreateDirectory(flow.MappingPath("partners/nordlicht/codes"));
        await File.WriteAllTextAsync(flow.MappingPath("partners/nordlicht/codes/uom.yaml"), "hub: codes/1\nid: uom\nmap: { KRT: CT }\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Diagnostics);
        // What is requeued on the dashboard is read with the maps of now, because those it had would refuse it again.
        Assert.True((await flow.Hub.Interventions.Again(failed.Exchange.Id, "inge", "KRT is CT", Cancellation)).Done);
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        var mended = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, mended.Exchange.State);
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
        Assert.Equal(4, await flow.Lines());
        Assert.Equal("inge", mended.Attempts[^1].Actor);
        Assert.Single(flow.Acknowledgements());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_of_the_declared_encoding_are_a_finding()
    {
        await using var flow = await FlowFixture.Create();
        var file = Orders.Replace(Orders.File("R1", Orders.Order("4711")), "UNOC:3", "UNOW:3");
        var exchange = await flow.Send("encoding.edi", Orders.Replace(file, "Hafenstrasse", "Hafenstra\u00DFe"));
        Assert.True(Transitions.IsFailed(exchange.Exchange.State));
        Assert.Contains(exchange.Findings, finding => finding.Code.StartsWith("SYN", StringComparison.Ordinal));
        Assert.Empty(await flow.OrderNumbers());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Dear partner, please find our order attached.\n")]
    public async Task A_file_without_an_interchange_fails_visibly(string content)
    {
        await using var flow = await FlowFixture.Create();
        var exchange = await flow.Send("letter.txt", System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal(ExchangeState.Failed, exchange.Exchange.State);
        Assert.NotEmpty(exchange.Findings);
        Assert.Empty(Directory.GetFiles(flow.Inbox));
    }

    [Fact]
    public async Task The_same_file_again_is_a_duplicate_and_loads_nothing()
    {
        await using var flow = await FlowFixture.Create();
        var file = Orders.File("R1", Orders.Order("4711"));
        var first = await flow.Send("one.edi", file);
        var second = await flow.Send("two.edi", file);
        Assert.Equal((ExchangeState.Duplicate, first.Exchange.Id), (second.Exchange.State, second.Exchange.DuplicateOf));
        Assert.Equal(2, await flow.Lines());
        Assert.Single(flow.Acknowledgements());
        Assert.Equal(["one.edi", "two.edi"], Directory.GetFiles(flow.Processed).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public async Task Two_equal_files_of_one_poll_load_once()
    {
        await using var flow = await FlowFixture.Create();
        var file = Orders.File("R1", Orders.Order("4711"));
        await flow.Drop("one.edi", file);
        await flow.Drop("two.edi", file);
        await flow.Run();
        var exchanges = await flow.Hub.Queries.List(new(), Cancellation);
        Assert.Equal([ExchangeState.Completed, ExchangeState.Duplicate], exchanges.Select(summary => summary.Exchange.State).Order());
        Assert.Equal(2, await flow.Lines());
    }

    [Fact]
    public async Task The_same_order_in_another_envelope_is_skipped()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        var second = await flow.Send("two.edi", Orders.File("R2", Orders.Order("4711"), Orders.Order("4713")));
        Assert.Equal(ExchangeState.Completed, second.Exchange.State);
        Assert.Equal([DocumentState.Skipped, DocumentState.Loaded], second.Documents.Select(document => document.State));
        Assert.Equal(4, await flow.Lines());
        Assert.Equal(2, flow.Acknowledgements().Count);
    }

    [Fact]
    public async Task A_partner_whose_map_does_not_compile_is_paused_and_the_others_run()
    {
        await using var flow = await FlowFixture.Create();
        var map = flow.MappingPath("base/orders-x12.yaml");
        await File.AppendAllTextAsync(map, "\nnonsense: here\n", Cancellation);
        await flow.Restart();
        Assert.Equal(["prairie"], flow.Hub.Partners.Paused);
        Assert.Matches(@"orders-x12\.yaml:\d+:\d+ ", flow.Hub.Partners.Diagnostics[0].ToString());
        Assert.Equal(["nordlicht"], flow.Hub.Partners.Live.Select(partner => partner.Id));
        Assert.Equal(ExchangeState.Completed, (await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711")))).Exchange.State);
    }

    [Fact]
    public async Task A_file_that_changed_on_the_partners_side_is_not_touched()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("orders.edi", Orders.File("R1", Orders.Order("4711")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        await flow.Process();
        // Before we could move the first, the partner puts another under its name.
        await flow.Drop("orders.edi", Orders.File("R2", Orders.Order("4712", lines: 5)));
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.True(File.Exists(Path.Combine(flow.Inbox, "orders.edi")));
        flow.Clock.Advance(TimeSpan.FromSeconds(1));
        await flow.Run();
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
        Assert.Empty(Directory.GetFiles(flow.Inbox));
    }

    [Fact]
    public async Task When_the_sellers_database_is_away_the_exchange_waits_and_then_loads()
    {
        await using var flow = await FlowFixture.Create();
        var seller = Path.Combine(flow.Hub.Settings.Data, "seller.db");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "-wal", "-shm" })
            File.Delete(seller + suffix);
        File.Move(seller, seller + ".away");
        Directory.CreateDirectory(seller);
        var waiting = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711")));
        Assert.Equal((ExchangeState.Received, FailureClass.Transient), (waiting.Exchange.State, waiting.Exchange.Class));
        Assert.True(File.Exists(Path.Combine(flow.Inbox, "orders.edi")), "nothing is finalised before it has ended");
        Directory.Delete(seller);
        File.Move(seller + ".away", seller);
        await flow.Process();
        Assert.Empty(await flow.OrderNumbers());
        flow.Clock.Advance(flow.Partner.TransientRetries[0]);
        await flow.Process();
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.Equal(ExchangeState.Completed, (await flow.Newest()).Exchange.State);
    }
}
