using System.Text;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using static DistributorHub.Worker.Tests.Flow.OutgoingHelp;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Answers to what was sent: each is matched by its numbers and parties, counts once, and is never answered.</summary>
public sealed class AnswerFlowTests(PostgresFixture postgres)
{
    const string Us = "4012345000009", Them = "4012345000016";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_CONTRL_settles_what_was_sent_once(bool embedded)
    {
        await using var flow = await Create(postgres, embedded, ", expect_ack: yes, overdue_after: 4h");
        await Insert(flow, 1, "AB-1", "accepted");
        await Insert(flow, 2, "AB-2", "accepted");
        await SendAll(flow);
        Assert.Equal([("2", AnswerState.Pending), ("1", AnswerState.Pending)], (await List(flow)).Select(sent => (sent.Reference, sent.State)));
        Assert.All(await List(flow), sent => Assert.Equal(flow.Clock.GetUtcNow() + TimeSpan.FromHours(4), sent.DueAt));
        // The interchange asks for it.
        Assert.Contains($"+{Them}:14+261116:0800+000000001++++1'", await File.ReadAllTextAsync(Files(flow)[0], Cancellation), StringComparison.Ordinal);

        var answer = await flow.Send("answer.edi", Contrl(50, "UCI+000000001", "7"));
        Assert.Equal(ExchangeState.Completed, answer.Exchange.State);
        var document = Assert.Single(answer.Documents);
        Assert.Equal((DocumentState.Loaded, "AB-1"), (document.State, document.StatedNumber));
        Assert.Empty(answer.Findings);
        var first = (await List(flow))[1];
        Assert.Equal((AnswerState.Accepted, answer.Exchange.Id, false), (first.State, first.AnsweredBy!.Value, first.Late));
        Assert.Equal(AnswerState.Pending, (await List(flow))[0].State);
        // An answer is not answered, although the partner gets CONTRL for all else.
        Assert.Empty(flow.Acknowledgements());

        var second = await flow.Send("answer-again.edi", Contrl(51, "UCI+1", "4"));
        Assert.Equal((ExchangeState.Completed, DocumentState.Skipped), (second.Exchange.State, second.Documents[0].State));
        Assert.Equal(("ACK7002", "Warning"), second.Findings.Select(finding => (finding.Code, finding.Severity)).Single());
        Assert.Equal((AnswerState.Accepted, answer.Exchange.Id), ((await List(flow))[1].State, (await List(flow))[1].AnsweredBy!.Value));
        Assert.Equal([AnswerOutcome.Matched, AnswerOutcome.DuplicateAck], (await flow.Hub.Answers.To(first.ExchangeId, Cancellation)).Select(received => received.Outcome));
    }

    [Fact]
    public async Task A_rejection_tells_its_errors_here_and_there_and_waits_for_a_review()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: functional");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var answer = await flow.Send("answer.edi", Contrl(50, "UCI+000000001", "7", "UCM+1+ORDRSP:D:96A:UN+4'", "UCS+3'", "UCD+12+2:1'"));
        Assert.Equal(ExchangeState.Completed, answer.Exchange.State);
        Assert.Equal(["ACK7003", "ACK7004"], answer.Findings.Select(finding => finding.Code));
        Assert.Contains("at segment 3, element 1, component 1: invalid value (0085:12)", answer.Findings[1].Message, StringComparison.Ordinal);
        var sent = Assert.Single(await List(flow, needsReview: true));
        Assert.Equal(AnswerState.Rejected, sent.State);
        var error = Assert.Single((await flow.Hub.Answers.To(sent.ExchangeId, Cancellation)).Single().ErrorList());
        Assert.Equal(("0085:12", 3, 1, 1), (error.Code, error.Segment, error.Element, error.Component));

        Assert.False(await flow.Hub.ExpectedAnswers.Review(answer.Exchange.Id, "tester", "none of ours", Cancellation));
        Assert.True(await flow.Hub.ExpectedAnswers.Review(sent.ExchangeId, "tester", "they mend their table", Cancellation));
        Assert.False(await flow.Hub.ExpectedAnswers.Review(sent.ExchangeId, "tester", "again", Cancellation));
        Assert.Empty(await List(flow, needsReview: true));
        Assert.Equal(("tester", "they mend their table", AnswerState.Rejected), (await List(flow)).Select(row => (row.ReviewedBy!, row.Comment!, row.State)).Single());
        Assert.Equal("review", (await flow.Hub.Queries.Show(sent.ExchangeId, Cancellation))!.Decisions.Single().Action);
    }

    [Theory]
    [InlineData("UCI+000000001", "4", "UCM+1'", nameof(AnswerState.Rejected))]
    [InlineData("UCI+000000001", "8", "", nameof(AnswerState.Pending))]
    [InlineData("UCI+000000001", "7+29+UNZ", "", nameof(AnswerState.AcceptedWithErrors))]
    [InlineData("UCI+000000001", "7", "UCM+1+ORDRSP:D:96A:UN+7'", nameof(AnswerState.Accepted))]
    public async Task UCI_and_UCM_say_what_becomes_of_it(string uci, string action, string more, string state)
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: functional");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        await flow.Send("answer.edi", Contrl(50, uci, action, more.Length == 0 || action == "4" ? [] : [more]));
        Assert.Equal(state, Assert.Single(await List(flow)).State.ToString());
    }

    [Fact]
    public async Task That_it_arrived_and_that_it_is_right_are_two_answers()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: functional");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        await flow.Send("arrived.edi", Contrl(50, "UCI+000000001", "8"));
        var answer = await flow.Send("right.edi", Contrl(51, "UCI+000000001", "7"));
        Assert.Empty(answer.Findings);
        Assert.Equal((AnswerState.Accepted, "Received", "Accepted"), (await List(flow)).Select(sent => (sent.State, sent.Technical!, sent.Functional!)).Single());
    }

    [Fact]
    public async Task An_answer_to_nothing_is_an_orphan()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: yes");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var unknown = await flow.Send("unknown.edi", Contrl(50, "UCI+000000099", "7"));
        Assert.Equal((ExchangeState.Failed, FailureClass.Data), (unknown.Exchange.State, unknown.Exchange.Class));
        Assert.Equal("ACK7001", Assert.Single(unknown.Findings).Code);
        // The number is right and the parties are not: the two counts have nothing to do with each other.
        var foreign = await flow.Send("foreign.edi", Answer(51, "UCI+000000001", "7", "4012345000999"));
        Assert.Contains("and other parties", Assert.Single(foreign.Findings).Message, StringComparison.Ordinal);
        Assert.Equal([foreign.Exchange.Id, unknown.Exchange.Id], (await flow.Hub.Answers.Orphans(null, 10, Cancellation)).Select(orphan => orphan.ExchangeId));
        Assert.Equal(AnswerState.Pending, Assert.Single(await List(flow)).State);
        Assert.Empty(flow.Acknowledgements());

        // What was sent is known again (the ledger was restored from a copy that lacked it): a retry finds it.
        await Sql(flow, "update expected_ack set reference = '99'");
        Assert.True(await flow.Hub.Exchanges.Retry(unknown.Exchange.Id, "tester", "it is there now", Cancellation));
        await flow.Process();
        Assert.Equal(AnswerState.Accepted, Assert.Single(await List(flow)).State);
        Assert.Equal(foreign.Exchange.Id, Assert.Single(await flow.Hub.Answers.Orphans(null, 10, Cancellation)).ExchangeId);
    }

    [Fact]
    public async Task Nothing_in_time_is_overdue_and_a_late_answer_counts()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: yes, overdue_after: 2h");
        await Insert(flow, 1, "AB-1", "accepted");
        await flow.Hub.Flow.Collect(flow.Partner, Cancellation);
        await flow.Process();
        flow.Clock.Advance(TimeSpan.FromHours(3));
        // It is not with them yet: that is not their delay.
        Assert.Empty(await flow.Hub.ExpectedAnswers.MarkOverdue(Cancellation));
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        flow.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Empty(await flow.Hub.ExpectedAnswers.MarkOverdue(Cancellation));
        flow.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1", Assert.Single(await flow.Hub.ExpectedAnswers.MarkOverdue(Cancellation)).Reference);
        Assert.Empty(await flow.Hub.ExpectedAnswers.MarkOverdue(Cancellation));
        Assert.Equal(AnswerState.Overdue, Assert.Single(await List(flow, needsReview: true)).State);

        var late = await flow.Send("answer.edi", Contrl(50, "UCI+000000001", "7"));
        Assert.Equal("ACK7005", Assert.Single(late.Findings).Code);
        Assert.Equal((AnswerState.Accepted, true), (await List(flow)).Select(sent => (sent.State, sent.Late)).Single());
    }

    [Fact]
    public async Task Sent_again_it_stays_one_and_written_anew_it_supersedes()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: yes");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var id = Assert.Single(await List(flow)).ExchangeId;
        flow.Clock.Advance(TimeSpan.FromHours(5));
        Assert.True(await flow.Hub.Outgoing.Resend(id, "tester", "lost", Cancellation));
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal((AnswerState.Pending, flow.Clock.GetUtcNow() + TimeSpan.FromHours(24)), (await List(flow)).Select(sent => (sent.State, sent.DueAt!.Value)).Single());

        Assert.True(await flow.Hub.Outgoing.Regenerate(id, "tester", "the note is missing", Cancellation));
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.Equal([("2", AnswerState.Pending), ("1", AnswerState.Superseded)], (await List(flow)).Select(sent => (sent.Reference, sent.State)));
        // The older one's answer is noted, and changes nothing.
        await flow.Send("older.edi", Contrl(50, "UCI+000000001", "4"));
        await flow.Send("newer.edi", Contrl(51, "UCI+000000002", "7"));
        Assert.Equal([AnswerState.Accepted, AnswerState.Superseded], (await List(flow)).Select(sent => sent.State));
        Assert.Equal("Rejected", (await List(flow))[1].Functional);
    }

    [Fact]
    public async Task Without_the_setting_none_is_waited_for_and_one_that_comes_is_noted()
    {
        await using var flow = await Create(postgres, embedded: true);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        Assert.Equal(AnswerState.None, Assert.Single(await List(flow)).State);
        Assert.DoesNotContain("++++1'", await File.ReadAllTextAsync(Files(flow)[0], Cancellation), StringComparison.Ordinal);
        await flow.Send("answer.edi", Contrl(50, "UCI+000000001", "7"));
        Assert.Equal(AnswerState.Accepted, Assert.Single(await List(flow)).State);
    }

    [Fact]
    public async Task A_wrong_answer_is_not_believed()
    {
        await using var flow = await Create(postgres, embedded: true, ", expect_ack: yes");
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        var answer = await flow.Send("answer.edi", Contrl(50, "UCI+000000001", "maybe"));
        Assert.Equal(ExchangeState.Failed, answer.Exchange.State);
        Assert.Equal(AnswerState.Pending, Assert.Single(await List(flow)).State);
    }

    [Theory]
    [InlineData("AK9*A*1*1*1~", nameof(AnswerState.Accepted), "")]
    [InlineData("AK9*E*1*1*1~", nameof(AnswerState.AcceptedWithErrors), "ACK7003")]
    [InlineData("AK9*P*1*1*0~", nameof(AnswerState.PartiallyAccepted), "ACK7003")]
    [InlineData("AK2*855*0001~AK5*A~AK9*P*2*2*1~", nameof(AnswerState.Accepted), "")]
    [InlineData("AK2*855*0001~AK3*BAK*2**8~AK4*3*324*1*X~AK5*R*5~AK9*R*1*1*0~", nameof(AnswerState.Rejected), "ACK7003 ACK7004 ACK7004 ACK7004")]
    [InlineData("AK2*855*0002~AK5*A~AK9*A*1*1*1~", nameof(AnswerState.Accepted), "ACK7006")]
    public async Task A_997_is_matched_by_its_group(string body, string state, string findings)
    {
        await using var flow = await X12(", expect_ack: yes");
        var answer = await flow.Send("answer.x12", Interchange(7, $"GS*FA*THEM*US*20261116*0900*70*X*004010~ST*997*0001~AK1*PR*1~{body}SE*{body.Count(c => c == '~') + 3}*0001~GE*1*70~"));
        Assert.Equal(findings, string.Join(' ', answer.Findings.Select(finding => finding.Code)));
        Assert.Equal(state, Assert.Single(await List(flow)).State.ToString());
        Assert.Equal(ExchangeState.Completed, answer.Exchange.State);
    }

    [Fact]
    public async Task A_TA1_says_that_it_arrived_and_a_999_that_it_is_right()
    {
        await using var flow = await X12(", expect_ack: functional");
        var arrived = await flow.Send("ta1.x12", Interchange(7, "TA1*000000001*261116*0800*A*000~"));
        Assert.Equal(ExchangeState.Completed, arrived.Exchange.State);
        Assert.Equal((AnswerState.Pending, "Accepted"), (await List(flow)).Select(sent => (sent.State, sent.Technical!)).Single());
        // Once more, in another file: it is a second one.
        Assert.Equal("ACK7002", Assert.Single((await flow.Send("ta1-again.x12", Interchange(8, "TA1*000000001*261116*0800*A*000~"))).Findings).Code);
        await flow.Send("999.x12", Interchange(9, "GS*FA*THEM*US*20261116*0900*70*X*005010~ST*999*0001~AK1*PR*1*004010~AK2*855*0001~IK5*A~AK9*A*1*1*1~SE*6*0001~GE*1*70~"));
        Assert.Equal((AnswerState.Accepted, "Accepted"), (await List(flow)).Select(sent => (sent.State, sent.Functional!)).Single());
    }

    [Theory]
    [InlineData("technical", "A*000", nameof(AnswerState.Accepted))]
    [InlineData("technical", "R*025", nameof(AnswerState.Rejected))]
    [InlineData("functional", "R*025", nameof(AnswerState.Rejected))]
    [InlineData("functional", "E*014", nameof(AnswerState.Pending))]
    public async Task What_a_TA1_settles_depends_on_what_is_waited_for(string expected, string code, string state)
    {
        await using var flow = await X12($", expect_ack: {expected}");
        await flow.Send("ta1.x12", Interchange(7, $"TA1*000000001*261116*0800*{code}~"));
        Assert.Equal(state, Assert.Single(await List(flow)).State.ToString());
    }

    [Fact]
    public async Task A_TA1_to_nothing_fails_and_is_an_orphan()
    {
        await using var flow = await X12(", expect_ack: technical");
        var answer = await flow.Send("ta1.x12", Interchange(7, "TA1*000000042*261116*0800*A*000~"));
        Assert.Equal(ExchangeState.Failed, answer.Exchange.State);
        Assert.Equal("interchange 000000042 from US to THEM", Assert.Single(await flow.Hub.Answers.Orphans("nordlicht", 10, Cancellation)).Names);
    }

    async Task<FlowFixture> X12(string more)
    {
        var flow = await Create(postgres, embedded: true);
        var path = flow.MappingPath("partners/nordlicht/partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text[..text.IndexOf("send:", StringComparison.Ordinal)].Replace("identities:\n", "identities:\n- { standard: x12, id: THEM }\n", StringComparison.Ordinal)
            + $"send:\n- {{ map: base/ordrsp-x12, folder: replies, sender: US, sender_qualifier: ZZ, recipient: THEM, recipient_qualifier: '01'{more} }}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Mappings.Current.Diagnostics);
        await Insert(flow, 1, "AB-1", "accepted");
        await SendAll(flow);
        return flow;
    }

    static Task<IReadOnlyList<SentRow>> List(FlowFixture flow, bool needsReview = false) =>
        flow.Hub.Answers.List(new() { NeedsReview = needsReview }, Cancellation);

    static async Task Sql(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        await connection.ExecuteAsync(sql);
    }

    static byte[] Contrl(int number, string uci, string action, params string[] more) => Answer(number, uci, action, Us, more);

    static byte[] Answer(int number, string uci, string action, string us, params string[] more) => Encoding.ASCII.GetBytes(
        $"UNB+UNOC:3+{Them}:14+{Us}:14+261116:0900+{number}'UNH+1+CONTRL:D:3:UN'{uci}+{us}:14+{Them}:14+{action}'{string.Concat(more)}UNT+{more.Length + 3}+1'UNZ+1+{number}'");

    static byte[] Interchange(int number, string body) => Encoding.ASCII.GetBytes(
        $"ISA*00*          *00*          *01*THEM           *ZZ*US             *261116*0900*U*00401*{number:D9}*0*P*:~{body}IEA*{(body.StartsWith("GS", StringComparison.Ordinal) ? 1 : 0)}*{number:D9}~");
}
