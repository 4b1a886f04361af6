using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Whatever became of an order, its exchange is found by its number.</summary>
public sealed class FindByNumberTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_an_unknown_sender_and_in_small_letters(bool embedded)
    {
        await using var flow = embedded ? await FlowFixture.Create() : await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await flow.Send("orders.edi", Orders.File("R1", "4099999000009", "ORDERS", [Orders.Order("Po-4711/A"), Orders.Order("PO-4712")]));

        var document = (await Find(flow, " po-4711/a ")).Documents[0];

        Assert.Equal((DocumentState.Failed, "Po-4711/A", "1"), (document.State, document.Name, document.Reference));
        await Find(flow, "PO-4712");
        await FindNone(flow, "PO-471");
    }

    [Fact]
    public async Task Of_a_message_without_agreement()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("orders.edi", Orders.File("R1", Orders.Sender, "ORDRSP", [Orders.Order("4711")]));
        Assert.Equal(DocumentState.Failed, (await Find(flow, "4711")).Documents[0].State);
    }

    [Fact]
    public async Task In_a_table_whose_key_has_more_than_the_number()
    {
        await using var flow = await FlowFixture.Create();
        var target = flow.MappingPath("targets/shop.target.yaml");
        var text = await File.ReadAllTextAsync(target, Cancellation);
        const string key = "key: [partner_id, order_no]";
        Assert.Contains(key, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(target, text.Replace(key, "key: [partner_id, order_no, ordered_on]", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        await flow.Send("orders.edi", Orders.File("R1", [Orders.Order("4711")]));

        var document = (await Find(flow, "4711")).Documents[0];

        Assert.Equal("4711", document.StatedNumber);
        Assert.Equal(document, (await Find(flow, document.Number!)).Documents[0]);
    }

    [Fact]
    public async Task While_it_waits_for_the_sellers_database_and_after_that()
    {
        await using var flow = await FlowFixture.Create();
        var seller = Path.Combine(flow.Hub.Settings.Data, "seller.db");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "-wal", "-shm" })
            File.Delete(seller + suffix);
        File.Move(seller, seller + ".away");
        Directory.CreateDirectory(seller);
        await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712")));

        var waiting = await Find(flow, "4712");
        Assert.Equal((ExchangeState.Received, DocumentState.Parsed), (waiting.Exchange.State, waiting.Documents[1].State));
        foreach (var wait in flow.Partner.TransientRetries)
        {
            flow.Clock.Advance(wait);
            await flow.Process();
        }
        var failed = await Find(flow, "4712");
        Directory.Delete(seller);
        File.Move(seller + ".away", seller);
        Assert.True(await flow.Hub.Exchanges.Retry(failed.Exchange.Id, "me", "it is back", Cancellation));
        await flow.Process();

        Assert.Equal(ExchangeState.Failed, failed.Exchange.State);
        Assert.All(failed.Documents, document => Assert.Equal((DocumentState.Failed, FailureClass.Transient), (document.State, document.Class)));
        Assert.All((await Find(flow, "4712")).Documents, document => Assert.Equal(DocumentState.Loaded, document.State));
    }

    [Fact]
    public async Task Of_a_file_that_was_cut_off_while_the_sellers_database_is_away()
    {
        await using var flow = await FlowFixture.Create();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var seller = Path.Combine(flow.Hub.Settings.Data, "seller.db");
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(seller + suffix);
        Directory.CreateDirectory(seller);
        await flow.Drop("cut.edi", Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"))[..^60]);
        await flow.Run();
        flow.Clock.Advance(flow.Partner.Source.IncompleteGrace);
        await flow.Run();

        Assert.Equal(ExchangeState.Received, (await Find(flow, "4711")).Exchange.State);
        await Find(flow, "4712");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_its_partner_is_paused(bool asked)
    {
        await using var flow = await FlowFixture.Create();
        var failed = await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711", unit: "KRT")));
        if (asked)
            Assert.True(await flow.Hub.Exchanges.Retry(failed.Exchange.Id, "dashboard", "requeued", Cancellation));
        else
            await flow.Drop("next.edi", Orders.File("R2", Orders.Order("4712")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        await File.AppendAllTextAsync(flow.MappingPath("partners/nordlicht/partner.yaml"), "\nnonsense: here\n", Cancellation);
        await flow.Restart();
        await flow.Process();
        flow.Clock.Advance(TimeSpan.FromSeconds(30));
        await flow.Process();

        var waiting = await Find(flow, asked ? "4711" : "4712");
        Assert.Equal((ExchangeState.Received, "Waits: the files of partner nordlicht have mistakes ('hub map check' lists them)."), (waiting.Exchange.State, waiting.Exchange.Cause));
        var document = Assert.Single(waiting.Documents);
        if (asked)
            Assert.Contains("KRT", document.Cause, StringComparison.Ordinal);
        else
            Assert.Equal((DocumentState.Parsed, waiting.Exchange.Cause), (document.State, document.Cause));
    }

    [Fact]
    public async Task Of_a_file_that_kills_the_program()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("orders.edi", Orders.File("R1", Orders.Order("4711")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        var id = Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges).Id;
        for (var crash = 0; crash < Exchanges.CrashesMax; crash++)
        {
            Assert.NotNull(await flow.Hub.Exchanges.Start(id, Cancellation));
            flow.Clock.Advance(Exchanges.Lease * 2);
        }
        await flow.Process();

        var found = await Find(flow, "4711");
        Assert.Equal((ExchangeState.Quarantined, DocumentState.Failed), (found.Exchange.State, Assert.Single(found.Documents).State));
        Assert.Equal("The program ended 3 times while it read this file.", found.Exchange.Cause);
    }

    [Fact]
    public async Task Of_a_partner_who_is_not_configured_any_more()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("orders.edi", Orders.File("R1", Orders.Order("4711")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        File.Delete(flow.MappingPath("partners/nordlicht/partner.yaml"));
        await using (var hub = await Hub.Open(flow.Hub.Settings, flow.Clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, Cancellation))
            foreach (var due in await hub.Exchanges.Due(null, 10, Cancellation))
                await hub.Flow.Process(due.Id, Cancellation);

        var document = (await Find(flow, "4711")).Documents[0];

        Assert.Equal((DocumentState.Failed, FailureClass.Config, "Partner nordlicht is not configured."), (document.State, document.Class, document.Cause));
    }

    [Theory]
    [InlineData("BGM+220+4711+9'", "4711")]
    [InlineData("BGM+220:::X+4711:2+9'", "4711")]
    [InlineData("BGM+220++9'", null)]
    [InlineData("BGM+220+  +9'", null)]
    [InlineData("LIN+1+4711'", null)]
    public void Edifact_states_it_in_BGM(string segment, string? expected) => Assert.Equal(expected, First($"UNB+UNOA:1+A+B+260401:0815+1'UNH+1+ORDERS:D:96A:UN'{segment}UNT+3+1'UNZ+1+1'"));

    [Theory]
    [InlineData("850", "BEG*00*NE*PT-100**20261116", "PT-100")]
    [InlineData("832", "BCT*PC*LIST 7****00", "LIST 7")]
    [InlineData("810", "BIG*20261116*INV9", "INV9")]
    [InlineData("856", "BSN*00*ASN1*20261116*1200", "ASN1")]
    [InlineData("855", "BAK*00*AC*PT-100*20261116", "PT-100")]
    [InlineData("861", "BRA*RA1*20261116*00*1", "RA1")]
    [InlineData("820", "BPR*C*100*C*ACH", null)]
    public void X12_states_it_in_the_beginning_segment(string type, string segment, string? expected) => Assert.Equal(expected, First(
        "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261116*1200*U*00401*000000001*0*P*>~"
        + $"GS*PO*A*B*20261116*1200*1*X*004010~ST*{type}*0001~{segment}~SE*3*0001~GE*1*1~IEA*1*000000001~"));

    static string? First(string file)
    {
        using var reader = new EdiReader(new MemoryStream(Encoding.ASCII.GetBytes(file)), new Findings());
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                return StatedNumber.Of(reader.Segment);
        throw new InvalidOperationException("There is no segment.");
    }

    static async Task<ExchangeSummary> Find(FlowFixture flow, string number) => Assert.Single(await flow.Hub.Queries.List(new() { Number = number }, Cancellation));

    static async Task FindNone(FlowFixture flow, string number) => Assert.Empty(await flow.Hub.Queries.List(new() { Number = number }, Cancellation));
}
