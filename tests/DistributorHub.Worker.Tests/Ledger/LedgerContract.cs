using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>What the ledger promises on either engine.</summary>
public abstract partial class LedgerContract
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string> NewDatabase();

    async Task<LedgerFixture> Ledger() => await LedgerFixture.Create(await NewDatabase());

    [Fact]
    public async Task Archived_bytes_come_back_as_they_were()
    {
        await using var ledger = await Ledger();
        foreach (var size in new[] { 0, 1, Archive.ChunkBytes, Archive.ChunkBytes + 1, 5 * Archive.ChunkBytes + 7 })
        {
            var content = Noise(size);
            var id = await ledger.Receive($"{size}.edi", content);
            var exchange = Expect.Some(await ledger.Queries.Show(id, Cancellation)).Exchange;
            await using var stream = await ledger.Archive.Open(exchange.Sha256, Cancellation);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Cancellation);
            Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()), $"{size} bytes");
        }
    }

    [Fact]
    public async Task A_large_file_without_seal_is_completed_by_the_next_download()
    {
        await using var ledger = await Ledger();
        var content = Noise(6 * Archive.ChunkBytes);
        var file = await ledger.Spool(content);
        // What a process that died between two chunks leaves.
        await ledger.Value<int>($"insert into raw_file (sha256, bytes, sealed, created_at) values ('{file.Sha256}', {file.Bytes}, false, '2026-11-16T08:00:00.000000Z')");
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.Archive.Open(file.Sha256, Cancellation));
        Assert.Empty(await ledger.Exchanges.Due(null, 10, Cancellation));
        await ledger.Receive("a.edi", content);
        await using var stream = await ledger.Archive.Open(file.Sha256, Cancellation);
        Assert.Equal(1, await ledger.Value<int>("select count(*) from exchange"));
    }

    [Fact]
    public async Task An_exchange_has_one_worker_and_its_successor_wins()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var first = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        Assert.Null(await ledger.OtherExchanges.Start(id, Cancellation));
        ledger.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        Assert.Single(await ledger.Exchanges.Due(null, 10, Cancellation));
        var second = Expect.Some(await ledger.OtherExchanges.Start(id, Cancellation));
        Assert.False(await ledger.Exchanges.Renew(first, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => ledger.Verdicts.Save(first, Interchange, [Document], [], Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(
            () => ledger.Exchanges.End(first, new() { State = ExchangeState.Failed, Class = FailureClass.Bug }, new(), [], Cancellation));
        await ledger.Exchanges.End(second, new() { State = ExchangeState.Completed }, new(), [Finalise(id)], Cancellation);
        var details = Expect.Some(await ledger.Queries.Show(id, Cancellation));
        Assert.Equal([AttemptState.Abandoned, AttemptState.Succeeded], details.Attempts.Select(attempt => attempt.State));
        Assert.Empty(details.Documents);
    }

    [Fact]
    public async Task A_file_that_ends_the_process_again_and_again_is_poison()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        for (var crash = 0; crash < Exchanges.CrashesMax; crash++)
        {
            Assert.False(Expect.Some(await ledger.Exchanges.Start(id, Cancellation)).Poisoned);
            ledger.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        }
        Assert.True(Expect.Some(await ledger.Exchanges.Start(id, Cancellation)).Poisoned);
    }

    [Fact]
    public async Task A_stop_or_a_transient_failure_is_no_crash()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        for (var i = 0; i < 5; i++)
        {
            var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
            Assert.False(run.Poisoned);
            Assert.Equal(i, run.Exchange.TransientTries);
            var due = ledger.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
            await ledger.Exchanges.Postpone(run, due, "the database is away", Cancellation);
            Assert.Null(await ledger.Exchanges.Start(id, Cancellation));
            ledger.Clock.Advance(TimeSpan.FromMinutes(1));
            var stopped = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
            await ledger.Exchanges.Release(stopped, ledger.Clock.GetUtcNow(), "stopped", Cancellation);
        }
    }

    [Fact]
    public async Task A_retry_keeps_what_was_loaded_and_names_its_actor()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        var failed = Document with { Ordinal = 2, Identity = "x/2", State = DocumentState.Failed, Class = FailureClass.Data, Cause = "MAP2001 no such unit" };
        await ledger.Verdicts.Save(run, Interchange, [Document, failed], [], Cancellation);
        await ledger.Exchanges.End(run, new() { State = ExchangeState.PartiallyCompleted, Class = FailureClass.Data, Cause = "MAP2001" }, new(), [Finalise(id)], Cancellation);
        Assert.Null(await ledger.Exchanges.Start(id, Cancellation));

        Assert.True(await ledger.Exchanges.Retry(id, "inge", "code list mended", Cancellation));
        Assert.False(await ledger.Exchanges.Retry(id, "inge", null, Cancellation));
        var second = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        Assert.Equal(DocumentState.Loaded, Assert.Single(second.Settled).Value);
        // A run that thinks otherwise cannot take the loaded one back.
        await ledger.Verdicts.Save(second, Interchange, [failed with { Ordinal = 1, Identity = "x/1" }, failed with { State = DocumentState.Loaded, Class = null }], [], Cancellation);
        await ledger.Exchanges.End(second, new() { State = ExchangeState.Completed }, new(), [Finalise(id)], Cancellation);

        var details = Expect.Some(await ledger.Queries.Show(id, Cancellation));
        Assert.Equal([DocumentState.Loaded, DocumentState.Loaded], details.Documents.Select(document => document.State));
        Assert.Equal(("inge", "code list mended", AttemptKind.Retry), (details.Attempts[1].Actor, details.Attempts[1].Reason, details.Attempts[1].Kind));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from audit where actor = 'inge' and action = 'retry'"));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from outbox where kind = 'FinalizeRemote'"));
        Assert.False(await ledger.Exchanges.Retry(id, "inge", null, Cancellation));
    }

    [Fact]
    public async Task An_acknowledgement_is_numbered_once_however_often_its_interchange_is_read()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var numbers = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
            await ledger.Verdicts.Save(run, Interchange, [], [new("answer/1", async next =>
            {
                numbers.Add(await next("pair"));
                return new(OutboxKind.SendAcknowledgement, "answer/1", "x.edi", [1, 2, 3]);
            })], Cancellation);
            ledger.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        }
        Assert.Equal([1], numbers);
        Assert.Equal(1, await ledger.Value<long>("select value from control_number where scope = 'pair'"));
        Assert.Equal(1, await ledger.Verdicts.LastControlNumber("pair", Cancellation));
        Assert.Equal(0, await ledger.Verdicts.LastControlNumber("other pair", Cancellation));
        Assert.Equal(1, await ledger.Value<int>("select count(*) from outbox"));
    }

    [Fact]
    public async Task A_control_number_of_a_transaction_that_fails_is_not_used_up()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => ledger.Verdicts.Save(run, Interchange, [], [new("answer/1", async next =>
        {
            await next("pair");
            throw new IOException("cut");
        })], Cancellation));
        Assert.Equal(0, await ledger.Value<int>("select count(*) from control_number"));
    }

    [Fact]
    public async Task An_effect_that_failed_waits_longer_each_time_and_is_never_lost()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Completed }, new(), [Finalise(id), Finalise(id)], Cancellation);
        var first = Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        Assert.Empty(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        await ledger.Outbox.Failed(first, "no route to host", Cancellation);
        Assert.Empty(await ledger.Outbox.DuePartners([], Cancellation));
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        await ledger.Outbox.Failed(second, "no route to host", Cancellation);
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await ledger.Outbox.DuePartners([], Cancellation));
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["acme"], await ledger.Outbox.DuePartners([], Cancellation));
        // Its process dies: the lease ends, and it is taken again.
        Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        ledger.Clock.Advance(TimeSpan.FromMinutes(3));
        var last = Assert.Single(await ledger.Outbox.Take("acme", 10, documents: true, Cancellation));
        await ledger.Outbox.Done(last, gone: true, path: null, Cancellation);
        Assert.Empty(await ledger.Outbox.DuePartners([], Cancellation));
        Assert.Equal("Finalized", await ledger.Value<string>("select state from remote_file"));
    }

    [Fact]
    public async Task The_database_itself_refuses_states_that_contradict_each_other()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        await ledger.Exchanges.Start(id, Cancellation);
        foreach (var wrong in new[]
        {
            $"update exchange set state = 'Done' where id = {id}",
            $"update exchange set state = 'Completed' where id = {id}",
            $"insert into attempt (exchange_id, kind, actor, state, worker, started_at) values ({id}, 'First', 'x', 'Running', 'x', '2026-11-16T08:00:00.000000Z')",
            "update remote_file set state = 'Claimed', claimed_by = null",
        })
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => ledger.Value<int>(wrong));
    }

    [Fact]
    public async Task Findings_are_kept_up_to_a_bound_and_counted_beyond_it()
    {
        await using var ledger = await Ledger();
        var id = await ledger.Receive("a.edi", "abc"u8.ToArray());
        var run = Expect.Some(await ledger.Exchanges.Start(id, Cancellation));
        var findings = new Findings();
        for (var i = 0; i < Limits.FindingsPerFileMax + 5; i++)
            findings.Add(new() { Code = "STR3004", Severity = Severity.Error, At = new(i, 1, 0, 1, i), Message = "NAD is missing.", Path = "ORDERS/NAD" });
        await ledger.Exchanges.End(run, new() { State = ExchangeState.Failed, Class = FailureClass.Data, Cause = "STR3004" }, findings, [], Cancellation);
        var details = Expect.Some(await ledger.Queries.Show(id, Cancellation));
        Assert.Equal(Limits.FindingsPerFileMax, details.Findings.Count);
        Assert.Equal(Limits.FindingsPerFileMax + 5, details.Exchange.Errors);
        Assert.Equal("ORDERS/NAD", details.Findings[7].Path);
    }

    [Fact]
    public async Task A_named_lock_has_one_holder()
    {
        await using var ledger = await Ledger();
        var one = new NamedLocks(ledger.Database, ledger.Clock, "one");
        var two = new NamedLocks(ledger.Database, ledger.Clock, "two");
        var held = Expect.Some(await one.TryTake("poll/acme", Cancellation));
        Assert.Null(await two.TryTake("poll/acme", Cancellation));
        await using (Expect.Some(await two.TryTake("poll/other", Cancellation)))
            await held.DisposeAsync();
        await Expect.Some(await two.TryTake("poll/acme", Cancellation)).DisposeAsync();
    }

    static InterchangeRow Interchange => new()
    {
        Ordinal = 1,
        Standard = "Edifact",
        Sender = "4012345000016",
        SenderQualifier = "14",
        Recipient = "4000001000005",
        Reference = "R1",
        State = InterchangeState.Accepted,
    };

    static DocumentRow Document => new()
    {
        Ordinal = 1,
        Identity = "x/1",
        Type = "ORDERS",
        Release = "D.96A",
        Reference = "M1",
        Number = "4711",
        State = DocumentState.Loaded,
        Segments = 12,
    };

    static OutboxEntry Finalise(long id) => new(OutboxKind.FinalizeRemote, $"finalise/{id}", "acme/in/a.edi", null);

    static byte[] Noise(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }
}

public sealed class SqliteLedgerTests : LedgerContract
{
    protected override Task<string> NewDatabase() => Task.FromResult(LedgerFixture.SqliteFile());
}

public sealed class PostgresLedgerTests(PostgresFixture postgres) : LedgerContract
{
    protected override async Task<string> NewDatabase() => await postgres.NewDatabaseAsync() + ";Search Path=hub";
}
