using System.Text;
using DistributorHub.Tests;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What came before, on the levels inside a file.</summary>
public sealed class DuplicateFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interchange_that_comes_again_in_another_file_is_a_duplicate(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var file = Orders.File("R1", Orders.Order("4711"), Orders.Order("4712"));
        var first = await flow.Send("one.edi", file);
        // Prepared an hour later.
        var second = await flow.Send("two.edi", Orders.Replace(file, "261116:0804", "261116:0904"));
        Assert.Equal((ExchangeState.Duplicate, first.Exchange.Id), (second.Exchange.State, second.Exchange.DuplicateOf));
        Assert.Equal(InterchangeState.Duplicate, Assert.Single(second.Interchanges).State);
        Assert.Equal(first.Documents.Select(document => (DocumentState.Skipped, document.Identity)), second.Documents.Select(document => (document.State, document.DuplicateOf!)));
        Assert.Equal("DUP6001", Assert.Single(second.Findings).Code);
        Assert.Equal(4, await flow.Lines());
        Assert.Empty(Directory.GetFiles(flow.Inbox));
        Assert.Contains("UCI+R1+4012345000016:14+4098765000027:14+4+26'", await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements("*-duplicate.edi")), Cancellation), StringComparison.Ordinal);

        // By force it is read, and what is loaded is not loaded twice.
        Assert.False(await flow.Hub.Exchanges.Retry(second.Exchange.Id, "inge", "again", Cancellation));
        Assert.True((await flow.Hub.Interventions.Force(second.Exchange.Id, "inge", "they say it is new", Cancellation)).Done);
        await flow.Process();
        var forced = await flow.Newest();
        Assert.Equal((ExchangeState.Completed, InterchangeState.Accepted), (forced.Exchange.State, Assert.Single(forced.Interchanges).State));
        Assert.All(forced.Documents, document => Assert.Equal(DocumentState.Skipped, document.State));
        Assert.Equal(4, await flow.Lines());
    }

    [Fact]
    public async Task Only_the_interchange_that_came_before_is_skipped()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        var both = await flow.Send("two.edi", [.. Orders.File("R1", Orders.Order("4711")), .. Orders.File("R2", Orders.Order("4712"))]);
        Assert.Equal(ExchangeState.Completed, both.Exchange.State);
        Assert.Equal([InterchangeState.Duplicate, InterchangeState.Accepted], both.Interchanges.Select(interchange => interchange.State));
        Assert.Equal([DocumentState.Skipped, DocumentState.Loaded], both.Documents.Select(document => document.State));
        // The same number twice in one file.
        var twice = await flow.Send("three.edi", [.. Orders.File("R3", Orders.Order("4713")), .. Orders.File("R3", Orders.Order("4714"))]);
        Assert.Equal((ExchangeState.PartiallyCompleted, FailureClass.Data), (twice.Exchange.State, twice.Exchange.Class));
        Assert.Equal([InterchangeState.Accepted, InterchangeState.Conflict], twice.Interchanges.Select(interchange => interchange.State));
        Assert.Equal(["4711", "4712", "4713"], await flow.OrderNumbers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_control_number_with_other_content_is_a_conflict_that_a_person_may_load(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        var second = await flow.Send("two.edi", Orders.File("R1", Orders.Order("4712")));
        Assert.Equal((ExchangeState.Quarantined, FailureClass.Data), (second.Exchange.State, second.Exchange.Class));
        Assert.Equal(InterchangeState.Conflict, Assert.Single(second.Interchanges).State);
        var finding = Assert.Single(second.Findings);
        Assert.Equal(("DUP6002", "R1"), (finding.Code, finding.Found));
        Assert.Contains($"#{first.Exchange.Id} (one.edi)", finding.Message, StringComparison.Ordinal);
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.Single(flow.Acknowledgements("*-duplicate.edi"));
        Assert.Empty(Directory.GetFiles(flow.Inbox));

        Assert.True(await flow.Hub.Exchanges.Retry(second.Exchange.Id, "inge", "again", Cancellation));
        await flow.Process();
        Assert.Equal(ExchangeState.Quarantined, (await flow.Newest()).Exchange.State);
        Assert.Contains("needs a reason", (await flow.Hub.Interventions.Force(second.Exchange.Id, "inge", "", Cancellation)).Sentence, StringComparison.Ordinal);
        Assert.True((await flow.Hub.Interventions.Force(second.Exchange.Id, "inge", "their counter was reset", Cancellation)).Done);
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        var forced = await flow.Newest();
        Assert.Equal((ExchangeState.Completed, DocumentState.Loaded), (forced.Exchange.State, Assert.Single(forced.Documents).State));
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
        Assert.Equal("force inge their counter was reset", forced.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}").Last());
        // Accepted now, and told so.
        Assert.Equal(3, flow.Acknowledgements().Count);
    }

    [Fact]
    public async Task A_conflict_may_be_held_and_is_loaded_when_it_is_approved()
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, "on_conflict: hold");
        await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        var held = await flow.Send("two.edi", Orders.File("R1", Orders.Order("4712")));
        Assert.Equal((ExchangeState.Held, true), (held.Exchange.State, held.AwaitsDecision));
        Assert.Single(flow.Acknowledgements());
        Assert.True((await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "both count", null, Cancellation)).IsTaken);
        await flow.Process();
        Assert.Equal(ExchangeState.Completed, (await flow.Newest()).Exchange.State);
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
    }

    [Fact]
    public async Task A_number_is_free_again_behind_the_window_and_where_numbers_are_not_checked()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        flow.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(ExchangeState.Completed, (await flow.Send("two.edi", Orders.File("R1", Orders.Order("4712")))).Exchange.State);
        Assert.Equal(ExchangeState.Quarantined, (await flow.Send("three.edi", Orders.File("R1", Orders.Order("4713")))).Exchange.State);
        await Settle(flow, "check_interchange: no");
        Assert.Equal(ExchangeState.Completed, (await flow.Send("four.edi", Orders.File("R1", Orders.Order("4714")))).Exchange.State);
    }

    [Fact]
    public async Task A_run_that_died_uses_no_number_up()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("one.edi", Orders.File("R1", Orders.Order("4711")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        var id = Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges).Id;
        var run = (await flow.Hub.Exchanges.Start(id, Cancellation))!;
        await flow.Hub.Verdicts.Save(run, new()
        {
            Ordinal = 1,
            Standard = "Edifact",
            Sender = Orders.Sender,
            SenderQualifier = "14",
            Recipient = "4098765000027",
            RecipientQualifier = "14",
            Reference = "R1",
            State = InterchangeState.Received,
        }, [], [], Cancellation);
        // Its worker is gone, and another file comes meanwhile.
        var second = await flow.Send("two.edi", Orders.File("R1", Orders.Order("4712")));
        Assert.Equal(ExchangeState.Completed, second.Exchange.State);
        flow.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        await flow.Process();
        Assert.Equal(ExchangeState.Quarantined, (await flow.Hub.Queries.Show(id, Cancellation))!.Exchange.State);
        Assert.Equal(["4712"], await flow.OrderNumbers());
    }

    [Theory]
    [InlineData("skip", DocumentState.Skipped, 2)]
    [InlineData("hold", DocumentState.Held, 2)]
    [InlineData("process", DocumentState.Loaded, 4)]
    internal async Task The_same_order_under_another_number_goes_by_the_partners_word(string word, DocumentState state, int lines)
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, $"on_suspected: {word}");
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")));
        var second = await flow.Send("two.edi", Orders.File("R2", Orders.Order("4711")));
        var document = Assert.Single(second.Documents);
        Assert.Equal((state, lines), (document.State, await flow.Lines()));
        if (state != DocumentState.Held)
            return;
        Assert.Contains($"#{first.Exchange.Id} (one.edi)", Assert.Single(second.Findings, finding => finding.Code == LoadCodes.Suspected).Message, StringComparison.Ordinal);
        Assert.Equal(first.Documents[0].Identity, document.DuplicateOf);
        Assert.True((await flow.Hub.Holds.Approve(second.Exchange.Id, "inge", "they want two", null, Cancellation)).IsTaken);
        await flow.Process();
        Assert.Equal(DocumentState.Loaded, Assert.Single((await flow.Newest()).Documents).State);
    }

    [Theory]
    [InlineData("9", DocumentState.Held, DocumentState.Loaded)]
    [InlineData("", DocumentState.Held, DocumentState.Loaded)]
    [InlineData("7", DocumentState.Held, DocumentState.Loaded)]
    [InlineData("5", DocumentState.Loaded, DocumentState.Superseded)]
    [InlineData("4", DocumentState.Loaded, DocumentState.Superseded)]
    [InlineData("1", DocumentState.Loaded, DocumentState.Superseded)]
    internal async Task What_an_order_says_it_is_for_decides_when_its_number_is_there_with_other_content(string purpose, DocumentState state, DocumentState original)
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, "window: 1");
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", lines: 1)));
        var second = await flow.Send("two.edi", Orders.Replace(Orders.File("R2", Orders.Order("4711", lines: 3)), "BGM+220+4711+9'", $"BGM+220+4711{(purpose.Length > 0 ? "+" : "")}{purpose}'"));
        var document = Assert.Single(second.Documents);
        Assert.Equal(state, document.State);
        Assert.Equal(original, Assert.Single((await flow.Hub.Queries.Show(first.Exchange.Id, Cancellation))!.Documents).State);
        if (state == DocumentState.Held)
            Assert.Contains($"#{first.Exchange.Id} (one.edi)", document.Cause, StringComparison.Ordinal);
        if (state == DocumentState.Held && purpose == "9")
        {
            await Settle(flow, "on_document: process");
            Assert.Equal(ExchangeState.Completed, (await flow.Send("three.edi", Orders.File("R3", Orders.Order("4711", lines: 4)))).Exchange.State);
        }
    }

    [Fact]
    public async Task A_copy_that_says_so_is_never_loaded_twice()
    {
        await using var flow = await FlowFixture.Create();
        await Settle(flow, "on_suspected: process");
        var copy = Orders.Replace(Orders.File("R1", Orders.Order("4711")), "BGM+220+4711+9'", "BGM+220+4711+7'");
        Assert.Equal(DocumentState.Loaded, Assert.Single((await flow.Send("one.edi", copy)).Documents).State);
        var second = await flow.Send("two.edi", Orders.Replace(copy, "R1", "R2"));
        Assert.Equal((DocumentState.Skipped, DocumentPurpose.Duplicate), (Assert.Single(second.Documents).State, second.Documents[0].Purpose));
    }

    [Fact]
    public async Task A_duplicate_X12_interchange_gets_TA1_when_it_asks_and_no_997()
    {
        await using var flow = await FlowFixture.Create();
        var partner = flow.Hub.Partners.Find("prairie")!;
        var inbox = flow.Hub.Settings.Files;
        var text = await File.ReadAllTextAsync(Repository.PathTo("sample-files/prairie/in/850-20261116.x12"), Cancellation);
        Assert.Equal((ExchangeState.Completed, 0), await Send("one.x12", text));
        Assert.Equal((ExchangeState.Duplicate, 0), await Send("two.x12", text.Replace("*261116*0715*", "*261116*0815*", StringComparison.Ordinal)));
        Assert.Equal((ExchangeState.Duplicate, 1), await Send("three.x12", text.Replace("*261116*0715*", "*261116*0915*", StringComparison.Ordinal).Replace("*000000905*0*P*", "*000000905*1*P*", StringComparison.Ordinal)));
        Assert.Contains("TA1*000000905*261116*0915*R*025", await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(inbox, "prairie", "out"), "TA1*")[0], Cancellation), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(inbox, "prairie", "out"), "997*"));

        async Task<(ExchangeState, int)> Send(string name, string content)
        {
            await File.WriteAllBytesAsync(Path.Combine(inbox, "prairie", "in", name), Encoding.Latin1.GetBytes(content), Cancellation);
            await flow.Hub.Flow.Receive(partner, Cancellation);
            flow.Clock.Advance(partner.Source.Settle);
            await flow.Hub.Flow.Receive(partner, Cancellation);
            await flow.Process();
            await flow.Hub.Flow.Finalise(partner, Cancellation);
            return ((await flow.Newest()).Exchange.State, Directory.GetFiles(Path.Combine(inbox, "prairie"), "TA1*", SearchOption.AllDirectories).Length);
        }
    }

    /// <summary>Another setting of theirs; and their guide, which knows originals only, does not count.</summary>
    static async Task Settle(FlowFixture flow, string setting)
    {
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = (await File.ReadAllTextAsync(path, Cancellation)).Split("duplicates:", StringSplitOptions.None)[0].Replace(", guide: guides/nordlicht-orders", "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, $"{text}duplicates:\n  {setting}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Diagnostics);
    }

    async Task<FlowFixture> Create(bool onPostgres) => onPostgres
        ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync())
        : await FlowFixture.Create();
}
