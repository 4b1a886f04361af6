using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Send;
using DistributorHub.Worker.Tests.Fixtures;
using static DistributorHub.Worker.Tests.Flow.OutgoingHelp;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What goes wrong around documents that go out, and that each is still sent once or told.</summary>
public sealed class OutgoingEdgesTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_waits_goes_where_the_agreement_says_now(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Agree(flow, "folder: replies", "folder: blocked");
        var blocked = Path.Combine(Path.GetDirectoryName(flow.Inbox)!, "blocked");
        await File.WriteAllTextAsync(blocked, "no folder", Cancellation);
        await Insert(flow, 1, "AB-1", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await flow.Process();
        Assert.Equal(1, await flow.Hub.Flow.Finalise(flow.Partner, Cancellation));
        await Agree(flow, "folder: blocked", "folder: answers");
        await flow.Hub.Outbox.Hasten("nordlicht", Cancellation);
        Assert.Equal(0, await flow.Hub.Flow.Finalise(flow.Partner, Cancellation));
        Assert.Equal(["AB-1 000000001"], Sent(flow));
        Assert.Equal("answers", Path.GetFileName(Path.GetDirectoryName(Assert.Single(Files(flow)))));
        Assert.StartsWith("answers/ORDRSP-", (await flow.Newest()).Exchange.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_view_is_read_some_keys_at_a_time(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        const int Documents = Limits.DocumentsPerLookMax + 1;
        await Execute(flow, $"with recursive n (i) as (select 1 union all select i + 1 from n where i < {Documents}) insert into {{0}} (response_id, partner_id) select i, 'nordlicht' from n");
        var definition = flow.Hub.Partners.Sending(flow.Partner, "order_response")!.Map.Document;
        var sizes = new List<int>();
        await foreach (var keys in new SellerDocuments(flow.Hub.SellerDatabase).Keys(definition, "nordlicht", new(), Cancellation))
            sizes.Add(keys.Count);
        Assert.Equal([500, 500, 1], sizes);
        Assert.Equal(Limits.DocumentsPerLookMax, (await flow.Hub.Flow.Collect(flow.Partner, Cancellation)).Exchanges.Count);
        Assert.Equal(Documents, (await flow.Hub.Exchanges.Due("nordlicht", 2_000, Cancellation)).Count);
        Assert.Empty((await flow.Hub.Flow.Collect(flow.Partner, Cancellation)).Exchanges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_is_found_by_number_and_key_before_it_is_sent_and_when_it_fails(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 71, "AB-71", "no such status");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        Assert.Equal(DocumentState.Parsed, Assert.Single((await Find("71")).Documents).State);
        await flow.Process();
        var failed = Assert.Single((await Find("ab-71")).Documents);
        Assert.Equal((DocumentState.Failed, FailureClass.Data, "ORDRSP", "base/ordrsp-edifact"), (failed.State, failed.Class, failed.Type, failed.Map));
        Assert.StartsWith("Document AB-71 cannot be written: ", failed.Cause, StringComparison.Ordinal);
        await Execute(flow, "update {0} set status = 'accepted'");
        await SendAll(flow);
        var sent = await Find("71");
        Assert.Equal([(DocumentState.Mapped, "AB-71", 1)], sent.Documents.Select(document => (document.State, document.Number!, document.Ordinal)));
        // Written anew, it is found with what went before.
        Assert.True(await flow.Hub.Outgoing.Regenerate(sent.Exchange.Id, "tester", "again", Cancellation));
        await Execute(flow, "update {0} set status = 'no such status'");
        await flow.Process();
        Assert.Equal([DocumentState.Mapped, DocumentState.Failed], (await Find("AB-71")).Documents.Select(document => document.State));

        async Task<ExchangeSummary> Find(string number) => Assert.Single(await flow.Hub.Queries.List(new() { Number = number }, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_without_a_number_left_is_found_by_its_own(bool embedded)
    {
        await using var flow = await Create(postgres, embedded, ", last_number: 1");
        await Insert(flow, 1, "AB-1", "accepted");
        await Insert(flow, 2, "AB-2", "accepted");
        await SendAll(flow);
        var list = Assert.Single(await flow.Hub.Queries.List(new() { Number = "AB-2" }, Cancellation));
        Assert.Equal((DocumentState.Failed, FailureClass.Config), (list.Documents[0].State, list.Documents[0].Class));
        Assert.Contains("used up", list.Documents[0].Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("char(12)", "varchar(12)", "text(12)", "'R-1'")]
    [InlineData("varchar(12)", "char(12)", "text(12)", "'R-1'")]
    [InlineData("uuid", "text", "text(36)", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'")]
    [InlineData("uuid", "uuid", "text(36)", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'")]
    [InlineData("integer", "numeric(10,2)", "bigint", "17")]
    [InlineData("smallint", "bigint", "text(12)", "17")]
    public async Task Keys_of_any_type_are_compared_as_they_are_written(string document, string lines, string described, string key)
    {
        await using var flow = await Create(postgres, embedded: false);
        var path = flow.MappingPath("docs/order_response.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains("response_id:  bigint not null", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace("response_id:  bigint not null", $"response_id: {described} not null", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        await Insert(flow, 1, "AB-1", "accepted");
        await Execute(flow, $"alter table {{0}} alter response_id type {document} using cast({key} as {document})");
        await Execute(flow, $"alter table {{1}} alter response_id type {lines} using cast({key} as {lines})");
        await Execute(flow, "alter table {0} alter partner_id type char(20)");
        await SendAll(flow);
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001"], Sent(flow));
        Assert.Contains("LIN+2", await File.ReadAllTextAsync(Assert.Single(Files(flow)), Cancellation), StringComparison.Ordinal);
        Assert.Single(await flow.Hub.Queries.List(new() { Number = key.Trim('\'') }, Cancellation));
    }

    [Fact]
    public async Task A_view_over_another_column_of_SQLite_has_keys_without_a_type()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 17, "AB-1", "accepted");
        await Execute(flow, "alter table {0} rename to responses");
        await Execute(flow, "create view {0} as select response_id + 0 as response_id, partner_id || '' as partner_id, response_no, issued_at, status, order_no, ordered_on, buyer_gln, currency, note from responses");
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001"], Sent(flow));
    }

    [Fact]
    public async Task Two_maps_of_one_document_for_one_partner_are_a_mistake_where_the_second_is_named()
    {
        await using var flow = await Create(postgres);
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.AppendAllTextAsync(path, "- { map: base/ordrsp-x12, folder: replies, sender: US, recipient: THEM }\n", Cancellation);
        var mistake = Assert.Single(flow.Hub.Mappings.Refresh().Diagnostics);
        Assert.Equal(("PTN1008", (await File.ReadAllLinesAsync(path, Cancellation)).Length, 10), (mistake.Code, mistake.Line, mistake.Column));
        Assert.Equal("Document order_response is sent to them already, by map base/ordrsp-edifact.", mistake.Message);
    }

    [Theory]
    [InlineData(true, "paused")]
    [InlineData(false, "paused")]
    [InlineData(true, "retired")]
    public async Task Documents_wait_while_their_partner_is_not_live(bool embedded, string state)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 1, "AB-1", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await flow.Process();
        await Insert(flow, 2, "AB-2", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await Agree(flow, "currency: EUR", $"currency: EUR\nstate: {state}");
        await flow.Process();
        Assert.Equal(0, await flow.Hub.Flow.Finalise(flow.Partner, Cancellation));
        Assert.Empty(Files(flow));
        Assert.Empty(await flow.Hub.Outbox.DuePartners(flow.Hub.Partners.Silent, Cancellation));
        var waiting = (await flow.Newest()).Exchange;
        Assert.Equal((ExchangeState.Received, Exchanges.AwaitsLife("nordlicht")), (waiting.State, waiting.Cause));
        // However long it waits, it is one attempt.
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        await flow.Process();
        Assert.Single((await flow.Newest()).Attempts);

        await Agree(flow, $"\nstate: {state}", "");
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001", "AB-2 000000002"], Sent(flow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_without_a_key_that_can_be_used_stop_no_other(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        var path = flow.MappingPath("docs/order_response.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("response_id:  bigint not null", "response_id: text not null", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        if (!embedded)
            foreach (var table in new[] { "{0}", "{1}" })
                await Execute(flow, $"alter table {table} alter response_id type text");
        for (var i = 1; i <= 5; i++)
            await Insert(flow, i, $"AB-{i}", "accepted");
        await Execute(flow, "update {0} set response_id = null where response_no = 'AB-1'");
        await Execute(flow, "update {0} set response_id = @long where response_no = 'AB-2'", new { @long = new string('x', 3_000) });
        await Execute(flow, "update {0} set response_id = '4' where response_no = 'AB-3'");
        var trouble = Assert.Single((await flow.Hub.Flow.Collect(flow.Partner, Cancellation)).Troubles);
        Assert.Equal($"nordlicht: documents of base/ordrsp-edifact have rows without a key that can be used; order_response: 2 row(s) are left out: response_id is null, the key '{new string('x', 80)}…' is longer than 500 characters.", trouble);
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal(["AB-5 000000001"], Sent(flow));
        Assert.Equal("order_response has 2 rows of the key 4: one row is one document.", Assert.Single(await flow.Hub.Queries.List(new() { Number = "4" }, Cancellation)).Exchange.Cause);
    }

    [Fact]
    public async Task A_sellers_SQLite_database_is_read_while_somebody_writes_to_it()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "accepted");
        await using var writer = await flow.Hub.SellerDatabase.Open(Cancellation);
        await using var writing = await writer.BeginTransactionAsync(Cancellation);
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001"], Sent(flow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_sent_is_not_sent_again_when_its_record_is_deleted(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var id = (await flow.Newest()).Exchange.Id;
        flow.Clock.Advance(TimeSpan.FromDays(181));
        Assert.Equal(1, (await flow.Hub.Retention.Run(Cancellation)).Payloads);
        // Without its bytes it cannot be sent once more.
        Assert.False(await flow.Hub.Outgoing.Resend(id, "tester", null, Cancellation));
        flow.Clock.Advance(TimeSpan.FromDays(731));
        Assert.Equal(1, (await flow.Hub.Retention.Run(Cancellation)).Records);
        Assert.Empty(await flow.Hub.Queries.List(new(), Cancellation));
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001"], Sent(flow));
        Assert.Empty(await flow.Hub.Queries.List(new(), Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_document_is_noted_with_its_retry_or_not_at_all(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 1, "AB-1", "no such status");
        await SendAll(flow);
        var id = (await flow.Newest()).Exchange.Id;
        var before = await flow.Hub.Outgoing.Of(id, Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => flow.Hub.Exchanges.Retry(id, "tester", null, Cancellation, async (connection, transaction) =>
        {
            await OutgoingDocuments.Note(connection, transaction, id, "changed", Cancellation);
            throw new TimeoutException();
        }));
        Assert.Equal(before, await flow.Hub.Outgoing.Of(id, Cancellation));
        Assert.Equal(ExchangeState.Failed, (await flow.Newest()).Exchange.State);
    }
}
