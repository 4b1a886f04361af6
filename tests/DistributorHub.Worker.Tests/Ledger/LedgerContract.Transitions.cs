using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Ledger;

/// <content>Which state may follow which, asked of the database itself.</content>
public abstract partial class LedgerContract
{
    /// <summary>A row in a state, and what else its table's checks ask of one in that state.</summary>
    static readonly Dictionary<string, (Type States, string Insert, string Update)> Subjects = new(StringComparer.Ordinal)
    {
        ["remote_file"] = (typeof(FileState),
            """
            insert into remote_file (partner, path, bytes, modified_at, first_seen, last_seen, state, claimed_by, lease_until)
            values ('acme', 'new', 1, @now, @now, @now, @from, 'x', @now) returning id
            """,
            "update remote_file set state = @to where id = @id"),
        ["exchange"] = (typeof(ExchangeState),
            """
            insert into exchange (partner, file, path, sha256, bytes, modified_at, state, due_at, created_at, lease_owner, ended_at)
            select 'acme', 'new', 'new', sha256, 1, @now, @from, @now, @now, case when @from = 'Processing' then 'x' end,
                case when @from not in ('Received', 'Processing') then due_at end from exchange where id = @exchange returning id
            """,
            """
            update exchange set state = @to, lease_owner = case when @to = 'Processing' then 'x' end, ended_at = case when @to not in ('Received', 'Processing') then due_at end
            where id = @id
            """),
        ["interchange"] = (typeof(InterchangeState),
            """
            insert into interchange (exchange_id, ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state, received_at)
            values (@exchange, 9, 'X12', 'a', '', 'b', '', '1', false, @from, @now) returning id
            """,
            "update interchange set state = @to where id = @id"),
        ["document"] = (typeof(DocumentState),
            """
            insert into document (exchange_id, interchange_id, ordinal, identity, type, release, reference, state, class, segments, at_offset, changed_at)
            select @exchange, id, 9, 'x/9', 'ORDERS', 'D.96A', '1', @from, 'Data', 1, 0, @now from interchange where exchange_id = @exchange returning id
            """,
            "update document set state = @to where id = @id"),
        ["attempt"] = (typeof(AttemptState),
            """
            insert into attempt (exchange_id, kind, actor, state, worker, started_at, ended_at)
            select id, 'Retry', 'x', @from, 'x', due_at, case when @from <> 'Running' then due_at end from exchange where id = @exchange returning id
            """,
            "update attempt set state = @to, ended_at = case when @to <> 'Running' then started_at end where id = @id"),
    };

    public static TheoryData<string> SubjectNames => [.. Subjects.Keys];

    [Theory]
    [MemberData(nameof(SubjectNames))]
    public async Task The_database_lets_a_state_follow_another_just_where_the_table_says_so(string subject)
    {
        await using var ledger = await Ledger();
        var exchange = await Ended(ledger);
        var (states, insert, update) = Subjects[subject];
        var names = Enum.GetNames(states);
        var pairs = 0;
        await using var connection = await ledger.Database.Open(Cancellation);
        foreach (var from in names)
            foreach (var to in names.Where(to => to != from))
            {
                await using var transaction = await connection.BeginTransactionAsync(Cancellation);
                var id = await connection.ExecuteScalarAsync<long>(insert, new { exchange, from, now = ledger.Clock.GetUtcNow() }, transaction);
                var failure = await Record.ExceptionAsync(() => connection.ExecuteAsync(update, new { id, to }, transaction));
                var isAllowed = Transitions.All.Contains(new(subject, from, to));
                Assert.True(failure is null == isAllowed, $"{subject} {from} -> {to}: {failure?.Message ?? "done"}");
                Assert.True(failure is null or DbException);
                pairs++;
                await transaction.RollbackAsync(Cancellation);
            }
        Assert.Equal(names.Length * (names.Length - 1), pairs);
        Assert.Equal(names.ToHashSet(), Transitions.All.Where(t => t.Subject == subject).SelectMany(t => new[] { t.FromState, t.ToState }).ToHashSet());
    }

    [Theory]
    [InlineData("document", "Loaded", "Mapped", false)]
    [InlineData("document", "Loaded", "Superseded", true)]
    [InlineData("document", "Failed", "Parsed", true)]
    [InlineData("document", "Superseded", "Loaded", false)]
    [InlineData("remote_file", "Claimed", "Finalized", false)]
    [InlineData("remote_file", "Seen", "Archived", false)]
    [InlineData("remote_file", "Claimed", "Settling", true)]
    [InlineData("remote_file", "Incomplete", "Quarantined", true)]
    [InlineData("attempt", "Succeeded", "Running", false)]
    [InlineData("attempt", "Running", "Abandoned", true)]
    [InlineData("interchange", "Accepted", "Received", false)]
    [InlineData("interchange", "Accepted", "Duplicate", false)]
    [InlineData("exchange", "Received", "Completed", false)]
    [InlineData("exchange", "Rejected", "Received", false)]
    public void The_table_says_what_was_agreed(string subject, string from, string to, bool allowed) =>
        Assert.Equal(allowed, Transitions.All.Contains(new(subject, from, to)));

    [Fact]
    public async Task A_table_of_transitions_that_somebody_has_changed_is_put_right_at_the_next_start()
    {
        await using var ledger = await Ledger();
        await ledger.Value<int>("delete from transition where subject = 'attempt'");
        await ledger.Value<int>("insert into transition values ('document', 'Loaded', 'Failed')");
        await Migrations.Apply(ledger.Database, Cancellation);
        Assert.Equal(Transitions.All.Count, await ledger.Value<int>("select count(*) from transition"));
        Assert.Equal(0, await ledger.Value<int>("select count(*) from transition where from_state = 'Loaded' and to_state = 'Failed'"));
    }

    [Fact]
    public async Task What_a_person_asks_for_is_a_linked_attempt_or_is_refused_with_the_state_it_met()
    {
        await using var ledger = await Ledger();
        var people = new Interventions(ledger.Database, ledger.Clock, "one");
        var id = await Ended(ledger, ExchangeState.Failed);
        Assert.Equal((false, null), Result(await people.Retry(99, "inge", null, Cancellation)));
        Assert.Contains("needs a reason", (await people.Ignore(id, "inge", " ", Cancellation)).Sentence, StringComparison.Ordinal);
        Assert.Equal((true, ExchangeState.Failed), Result(await people.Ignore(id, "inge", "a test of theirs", Cancellation)));
        var again = await people.Ignore(id, "inge", "twice", Cancellation);
        Assert.Equal((false, ExchangeState.Ignored), Result(again));
        Assert.Contains("is Ignored", again.Sentence, StringComparison.Ordinal);
        Assert.Null(await ledger.Exchanges.Start(id, Cancellation));

        Assert.Equal((true, ExchangeState.Ignored), Result(await people.Retry(id, "otto", "it is wanted after all", Cancellation)));
        var waiting = await people.Retry(id, "otto", null, Cancellation);
        Assert.Equal((false, ExchangeState.Received), Result(waiting));
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        Assert.Equal(AttemptKind.Retry, run.Kind);
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Duplicate }, new(), [], Cancellation);
        Assert.Contains("force", (await people.Retry(id, "otto", null, Cancellation)).Sentence, StringComparison.Ordinal);
        Assert.Equal((true, ExchangeState.Duplicate), Result(await people.Force(id, "otto", "their number was used twice", Cancellation)));
        Assert.Equal(AttemptKind.Force, Expect.Some(await ledger.Exchanges.Start(id, Cancellation)).Kind);

        var details = Expect.Some(await ledger.Queries.Show(id, Cancellation));
        Assert.Equal([AttemptKind.First, AttemptKind.Ignore, AttemptKind.Retry, AttemptKind.Force], details.Attempts.Select(attempt => attempt.Kind));
        Assert.Equal([null, .. details.Attempts.Take(3).Select(attempt => (long?)attempt.Id)], details.Attempts.Select(attempt => attempt.ParentId));
        Assert.Equal(["ignore inge a test of theirs", "retry otto it is wanted after all", "force otto their number was used twice"],
            details.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}"));

        static (bool, ExchangeState?) Result(Intervention intervention) => (intervention.Done, intervention.Found);
    }

    [Fact]
    public async Task What_has_no_end_and_no_worker_is_stuck_after_a_while()
    {
        await using var ledger = await Ledger();
        var stuck = new StuckWork(ledger.Database, ledger.Clock);
        var waiting = await ledger.Receive("waiting.edi", "abc"u8.ToArray());
        var dead = await ledger.Receive("dead.edi", "def"u8.ToArray());
        await ledger.Exchanges.Start(dead, Cancellation);
        await Ended(ledger);
        Assert.Empty(await stuck.List(null, 10, Cancellation));
        ledger.Clock.Advance(StuckWork.After + Exchanges.Lease + TimeSpan.FromSeconds(1));
        var found = await stuck.List("acme", 10, Cancellation);
        Assert.Equal([waiting, dead], found.Where(item => item.Kind == "exchange").Select(item => item.Id));
        Assert.Equal(["Received", "Processing"], found.Where(item => item.Kind == "exchange").Select(item => item.State));
        Assert.Equal("FinalizeRemote", Assert.Single(found, item => item.Kind == "effect").State);
        Assert.Empty(await stuck.List("other", 10, Cancellation));
        // One that waits for its next try is not stuck.
        var run = Expect.Some(await ledger.Exchanges.Start(waiting, Cancellation));
        await ledger.Exchanges.Postpone(run, ledger.Clock.GetUtcNow() + TimeSpan.FromHours(1), "away", Cancellation);
        Assert.DoesNotContain(await stuck.List(null, 10, Cancellation), item => item.Id == waiting && item.Kind == "exchange");
    }

    /// <summary>An exchange that has come to an end, with its interchange.</summary>
    static async Task<long> Ended(LedgerFixture ledger, ExchangeState state = ExchangeState.Completed)
    {
        var id = await ledger.Receive("ended.edi", "ended"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        await ledger.Verdicts.Save(run, Interchange, [], [], Cancellation);
        await ledger.Exchanges.End(run, new() { State = state }, new(), [Finalise(id)], Cancellation);
        return id;
    }
}
