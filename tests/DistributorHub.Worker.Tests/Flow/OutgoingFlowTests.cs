using System.Text;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using static DistributorHub.Worker.Tests.Flow.OutgoingHelp;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>The seller's documents on their way out: each goes once, under the next number, or says why it does not.</summary>
public sealed class OutgoingFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_goes_out_once_and_a_broken_one_does_not_stop_the_next(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        await Insert(flow, 1, "AB-1", "accepted");
        await Insert(flow, 2, "AB-2", "no such status");
        await Insert(flow, 3, "AB-3", "accepted");
        await Insert(flow, 4, "AB-4", "accepted", partner: "somebody-else");
        await SendAll(flow);

        Assert.Equal(["AB-1 000000001", "AB-3 000000002"], Sent(flow));
        var list = await flow.Hub.Queries.List(new(), Cancellation);
        Assert.Equal(3, list.Count);
        var failed = Assert.Single(list, summary => summary.Exchange.State == ExchangeState.Failed).Exchange;
        Assert.Equal(FailureClass.Data, failed.Class);
        Assert.StartsWith("Document AB-2 cannot be written: ", failed.Cause, StringComparison.Ordinal);
        Assert.NotEmpty((await flow.Hub.Queries.Show(failed.Id, Cancellation))!.Findings);
        var sent = (await flow.Hub.Queries.Show(Assert.Single(await flow.Hub.Queries.List(new() { Number = "ab-3" }, Cancellation)).Exchange.Id, Cancellation))!;
        Assert.Equal(("000000002", "4012345000009", "4012345000016"), sent.Interchanges.Select(i => (i.Reference, i.Sender, i.Recipient)).Single());
        Assert.Equal(await File.ReadAllBytesAsync(Files(flow)[1], Cancellation), await Archived(flow, sent.Exchange.Sha256));

        // Nothing changed: nothing is tried, and nothing goes twice.
        await SendAll(flow);
        Assert.Equal(2, Files(flow).Count);
        Assert.Single((await flow.Hub.Queries.Show(failed.Id, Cancellation))!.Attempts);

        await Execute(flow, "update {0} set status = 'accepted' where response_id = 2");
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001", "AB-2 000000003", "AB-3 000000002"], Sent(flow));
        Assert.Equal("the document, its map or the agreement has changed", (await flow.Hub.Queries.Show(failed.Id, Cancellation))!.Attempts[1].Reason);
    }

    [Fact]
    public async Task A_document_that_failed_is_tried_again_when_its_map_changes()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "in two parts");
        await SendAll(flow);
        Assert.Empty(Files(flow));
        var map = flow.MappingPath("base/ordrsp-edifact.yaml");
        await File.WriteAllTextAsync(map, (await File.ReadAllTextAsync(map, Cancellation)).Replace("code(status, ordrsp_status)", "'4'", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001"], Sent(flow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_workers_at_once_send_once_and_their_numbers_follow_one_another(bool embedded)
    {
        await using var flow = await Create(postgres, embedded);
        const int Documents = 25;
        for (var i = 1; i <= Documents; i++)
            await Insert(flow, i, $"AB-{i}", "accepted");
        await using var other = await Hub.Open(flow.Hub.Settings, flow.Clock, NullLoggerFactory.Instance, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(() => Work(worker % 2 == 0 ? flow.Hub : other), Cancellation)));
        await Work(flow.Hub);

        Assert.Equal(Documents, Files(flow).Count);
        Assert.Equal(Enumerable.Range(1, Documents).Select(i => $"AB-{i}").Order(StringComparer.Ordinal), Sent(flow).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, Documents), Sent(flow).Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());

        async Task Work(Hub hub)
        {
            var partner = hub.Partners.Find("nordlicht")!;
            await hub.Flow.Collect(partner, Cancellation);
            await Parallel.ForEachAsync(await hub.Exchanges.Due(null, 1_000, Cancellation), Cancellation, async (exchange, token) => await hub.Flow.Process(exchange.Id, token));
            await hub.Flow.Finalise(partner, Cancellation);
        }
    }

    [Fact]
    public async Task Resend_repeats_the_file_and_regenerate_writes_another()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await flow.Process();
        var id = (await flow.Newest()).Exchange.Id;
        // On its way, it is neither sent twice nor written twice.
        Assert.False(await flow.Hub.Outgoing.Resend(id, "tester", null, Cancellation));
        Assert.False(await flow.Hub.Outgoing.Regenerate(id, "tester", "too early", Cancellation));
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        var (path, bytes) = (Assert.Single(Files(flow)), await File.ReadAllBytesAsync(Assert.Single(Files(flow)), Cancellation));

        File.Delete(path);
        await Execute(flow, "update {0} set note = 'new' where response_id = 1");
        Assert.True(await flow.Hub.Outgoing.Resend(id, "tester", "they lost it", Cancellation));
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal(path, Assert.Single(Files(flow)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, Cancellation));

        Assert.True(await flow.Hub.Outgoing.Regenerate(id, "tester", "the note is missing", Cancellation));
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal(["AB-1 000000001", "AB-1 000000002"], Sent(flow));
        var details = await flow.Newest();
        Assert.Equal([("resend", "they lost it"), ("regenerate", "the note is missing")], details.Decisions.Select(decision => (decision.Action, decision.Reason!)));
        Assert.Equal(["000000001", "000000002"], details.Interchanges.Select(interchange => interchange.Reference));
        Assert.Contains("new", Encoding.Latin1.GetString(await Archived(flow, details.Exchange.Sha256)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_in_is_neither_resent_nor_regenerated()
    {
        await using var flow = await Create(postgres);
        var order = await flow.Send("order.edi", await File.ReadAllBytesAsync(flow.MappingPath("base/orders-edifact.tests/01-basic.edi"), Cancellation));
        Assert.False(await flow.Hub.Outgoing.Resend(order.Exchange.Id, "tester", null, Cancellation));
        Assert.False(await flow.Hub.Outgoing.Regenerate(order.Exchange.Id, "tester", "why not", Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_last_control_number_nothing_is_sent_unless_they_may_start_again(bool rollover)
    {
        await using var flow = await Create(postgres, more: rollover ? ", rollover: yes" : "");
        await using (var connection = await flow.Hub.Database.Open(Cancellation))
            await connection.ExecuteAsync("insert into control_number (scope, value) values ('interchange/Edifact/4012345000009/4012345000016', 999999998)");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        await Insert(flow, 2, "AB-2", "accepted");
        await SendAll(flow);
        if (rollover)
        {
            Assert.Equal(["AB-1 999999999", "AB-2 000000001"], Sent(flow));
            return;
        }
        Assert.Equal(["AB-1 999999999"], Sent(flow));
        var refused = (await flow.Newest()).Exchange;
        Assert.Equal((ExchangeState.Failed, FailureClass.Config), (refused.State, refused.Class));
        Assert.Contains("rollover: yes", refused.Cause, StringComparison.Ordinal);
        await using var hub = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(999_999_999, await hub.ExecuteScalarAsync<long>("select value from control_number"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Numbers_stay_in_the_range_that_was_agreed(bool rollover)
    {
        await using var flow = await Create(postgres, more: $", first_number: 500, last_number: 501{(rollover ? ", rollover: yes" : "")}");
        for (var i = 1; i <= 3; i++)
        {
            await Insert(flow, i, $"AB-{i}", "accepted");
            await SendAll(flow);
        }
        Assert.Equal(rollover ? ["AB-1 000000500", "AB-2 000000501", "AB-3 000000500"] : ["AB-1 000000500", "AB-2 000000501"], Sent(flow));
        if (!rollover)
            Assert.Contains("501 was the last", (await flow.Newest()).Exchange.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_is_extended_goes_on_where_it_was()
    {
        await using var flow = await Create(postgres, more: ", first_number: 500, last_number: 500");
        for (var i = 1; i <= 2; i++)
        {
            await Insert(flow, i, $"AB-{i}", "accepted");
            await SendAll(flow);
        }
        Assert.Equal(["AB-1 000000500"], Sent(flow));
        await Agree(flow, "last_number: 500", "last_number: 900");
        await SendAll(flow);
        Assert.Equal(["AB-1 000000500", "AB-2 000000501"], Sent(flow));
    }

    [Fact]
    public async Task What_is_written_anew_for_another_recipient_goes_out_though_its_number_is_the_same()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        await Agree(flow, "folder: replies", "folder: replies, recipient: '4012345000047'");
        Assert.True(await flow.Hub.Outgoing.Regenerate((await flow.Newest()).Exchange.Id, "tester", "it went to the wrong one", Cancellation));
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal(2, (await flow.Newest()).Interchanges.Count);
        Assert.Contains(Files(flow), file => File.ReadAllText(file).Contains("4012345000047", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_map_of_the_same_documents_sends_none_again()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        Directory.CreateDirectory(flow.MappingPath("partners/nordlicht"));
        var map = await File.ReadAllTextAsync(flow.MappingPath("base/ordrsp-edifact.yaml"), Cancellation);
        await File.WriteAllTextAsync(flow.MappingPath("partners/nordlicht/answer.yaml"), map.Replace("id: base/ordrsp-edifact", "id: nordlicht/answer", StringComparison.Ordinal), Cancellation);
        await Agree(flow, "map: base/ordrsp-edifact", "map: nordlicht/answer");
        await Insert(flow, 2, "AB-2", "accepted");
        await SendAll(flow);
        Assert.Equal(["AB-1 000000001", "AB-2 000000002"], Sent(flow));
    }

    [Fact]
    public async Task A_key_that_is_of_another_type_is_told_and_stops_nothing_else()
    {
        await using var flow = await Create(postgres);
        await Insert(flow, 1, "AB-1", "accepted");
        await Execute(flow, "update {0} set response_id = 'x' where response_id = 1");
        await Insert(flow, 2, "AB-2", "accepted");
        await SendAll(flow);
        Assert.Equal(["AB-2 000000001"], Sent(flow));
        var failed = Assert.Single(await flow.Hub.Queries.List(new() { Number = "x" }, Cancellation)).Exchange;
        Assert.Equal("order_response.response_id is of String and cannot be read as int.", failed.Cause);
    }

    [Fact]
    public async Task In_X12_interchange_and_group_have_the_number()
    {
        await using var flow = await Create(postgres);
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text[..text.IndexOf("send:", StringComparison.Ordinal)]
            + "send:\n- { map: base/ordrsp-x12, folder: replies, sender: US, sender_qualifier: ZZ, recipient: THEM, recipient_qualifier: '01', test: yes }\n", Cancellation);
        await flow.Restart();
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var segments = (await File.ReadAllTextAsync(Assert.Single(flow.Acknowledgements("855-AB_1-1-000000001.x12")), Cancellation)).Split('~');
        Assert.StartsWith("ISA*00*          *00*          *ZZ*US             *01*THEM           *", segments[0], StringComparison.Ordinal);
        Assert.EndsWith("*000000001*0*T*:", segments[0], StringComparison.Ordinal);
        Assert.Equal(["GS", "PR", "US", "THEM"], segments[1].Split('*')[..4]);
        Assert.Equal("1", segments[1].Split('*')[6]);
    }

    [Fact]
    public async Task A_view_that_is_missing_is_told_and_stops_nothing_else()
    {
        await using var flow = await Create(postgres);
        await Execute(flow, "drop table {0}");
        var collected = await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        Assert.Empty(collected.Exchanges);
        Assert.StartsWith("nordlicht: documents of base/ordrsp-edifact could not be looked for: ", Assert.Single(collected.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Committed_and_not_delivered_it_is_delivered_once_over_sftp_by_the_next_start()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        Directory.CreateDirectory(Path.Combine(server.Folder, "out"));
        await using var flow = await Create(postgres, embedded: false, source: $"source: {{ kind: sftp, path: out, host: 127.0.0.1, port: {server.Port}, user: {Environment.UserName}, private_key: 'file:{server.KeyFile}', host_keys: '{server.Fingerprint("ed25519")}' }}\n");
        await Insert(flow, 1, "AB-1", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await flow.Process();
        await flow.Restart();
        await SendAll(flow);
        await SendAll(flow);
        Assert.Equal("ORDRSP-AB_1-1-000000001.edi", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "replies")))));
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("select count(*) from outbox where kind = 'SendDocument' and done_at is not null"));
    }

    [Theory]
    [InlineData("base/ordrsp-edifakt", "PTN1014")]
    [InlineData("base/orders-edifact", "PTN1013")]
    [InlineData("base/ordrsp-x12", "PTN1015")]
    public async Task A_map_that_cannot_be_sent_is_a_mistake_of_the_partners_file(string map, string code)
    {
        await using var flow = await Create(postgres);
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Cancellation)).Replace("base/ordrsp-edifact", map, StringComparison.Ordinal), Cancellation);
        Assert.Equal(code, Assert.Single(flow.Hub.Mappings.Refresh().Diagnostics).Code);
    }
}
