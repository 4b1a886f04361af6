using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;
using DistributorHub.Worker.Verify;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>Each kind of gap is made by hand, found, and gone once its command was run.</summary>
public sealed class VerificationTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_all_agrees_there_is_no_gap(bool onPostgres)
    {
        await using var flow = await Loaded(onPostgres);
        Assert.Empty(await Gaps(flow));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_is_missing_and_a_key_that_the_ledger_does_not_know_are_told(bool onPostgres)
    {
        await using var flow = await Loaded(onPostgres);
        await Seller(flow, "delete from hub_inbox where doc_number = 'one'");
        var lost = Assert.Single(await Gaps(flow));
        Assert.Equal((GapKind.NotInInbox, "nordlicht", "#1"), (lost.Kind, lost.Partner, lost.Place));
        Assert.StartsWith("hub exchange replay 1 ", lost.Heal, StringComparison.Ordinal);

        // An older backup of the hub database knows less than the seller's.
        await Ledger(flow, "delete from finding", "delete from document", "delete from interchange", "delete from outbox", "delete from attempt", "delete from exchange", "delete from remote_file");
        var unknown = Assert.Single(await Gaps(flow));
        Assert.Equal((GapKind.NotInLedger, true), (unknown.Kind, unknown.Text.Contains("ORDERS two", StringComparison.Ordinal)));
        Assert.StartsWith("hub verify --raise-control-numbers", unknown.Heal, StringComparison.Ordinal);
        var scope = await Ledger<string>(flow, "select scope from control_number");
        var before = await flow.Hub.Verdicts.LastControlNumber(scope, Cancellation);
        Assert.True(before > 0);
        Assert.Equal(1, await flow.Hub.Verdicts.RaiseControlNumbers(1000, "inge", "restored", Cancellation));
        Assert.Equal(before + 1000, await flow.Hub.Verdicts.LastControlNumber(scope, Cancellation));
        // The file is fetched again: its key is found, and the gap is closed without a second row.
        await flow.Send("two.edi", Orders.File("2", Orders.Order("two")));
        Assert.Empty(await Gaps(flow));
        Assert.Equal(["one", "two"], await flow.OrderNumbers());
        Assert.Contains(flow.Acknowledgements(), file => File.ReadAllText(file).Contains((before + 1001).ToString("D9", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_are_gone_are_told(bool onPostgres)
    {
        await using var flow = await Loaded(onPostgres);
        var (line, party, order) = onPostgres ? ("sales.purchase_order_line", "sales.purchase_order_party", "sales.purchase_order") : ("sales_purchase_order_line", "sales_purchase_order_party", "sales_purchase_order");
        await Seller(flow, $"delete from {line}", $"delete from {party}", $"delete from {order} where po_number = 'two'");
        var gap = Assert.Single(await Gaps(flow));
        Assert.Equal(GapKind.RowsGone, gap.Kind);
        Assert.Contains("ORDERS two made 1 row(s)", gap.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damaged_and_missing_bytes_are_told(bool onPostgres)
    {
        await using var flow = await Loaded(onPostgres);
        var other = await Ledger<string>(flow, "select sha256 from exchange where id = 2");
        // Good bytes, but another file's.
        await Ledger(flow, $"update raw_chunk set data = (select c.data from raw_chunk c where c.sha256 = '{other}') where sha256 = (select sha256 from exchange where id = 1)");
        await Ledger(flow, $"delete from raw_chunk where sha256 = '{other}'");
        var gaps = await Gaps(flow);
        Assert.All(gaps, gap => Assert.Equal(GapKind.ArchiveDamaged, gap.Kind));
        Assert.Contains(gaps, gap => gap.Place == "#1" && gap.Text.Contains("bytes", StringComparison.Ordinal));
        Assert.Contains(gaps, gap => gap.Place == "#2" && gap.Text.Contains("the archive has 0 of its", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_stuck_overdue_or_miscounted_is_told(bool onPostgres)
    {
        await using var flow = await Loaded(onPostgres);
        await Ledger(flow,
            "update exchange set findings = 7 where id = 1",
            "update interchange set state = 'PartiallyAccepted' where exchange_id = 1",
            "update outbox set done_at = null, due_at = '2026-11-16 08:00:00Z', last_error = 'folder is gone' where exchange_id = 2 and kind = 'SendAcknowledgement'",
            "update exchange set state = 'Received', ended_at = null where id = 2");
        flow.Clock.Advance(TimeSpan.FromHours(2));
        var gaps = await Gaps(flow);
        Assert.Equal([GapKind.FindingsMiscounted, GapKind.Overdue, GapKind.Stuck, GapKind.WrongVerdict], gaps.Select(gap => gap.Kind).OrderBy(kind => kind.ToString(), StringComparer.Ordinal));
        Assert.Contains(gaps, gap => gap.Kind == GapKind.Overdue && gap.Text.EndsWith("folder is gone", StringComparison.Ordinal) && gap.Heal.StartsWith("hub partner check nordlicht", StringComparison.Ordinal));
        await flow.Process();
        await flow.Hub.Flow.Finalise(flow.Partner, Cancellation);
        Assert.DoesNotContain(await Gaps(flow), gap => gap.Kind is GapKind.Stuck or GapKind.Overdue);
    }

    [Fact]
    public async Task Files_that_were_never_taken_are_told_and_answers_that_were_taken_are_not()
    {
        await using var flow = await Loaded(onPostgres: false);
        await flow.Send("three.edi", Orders.File("3", Orders.Order("three")));
        var answers = flow.Acknowledgements();
        Assert.Equal(3, answers.Count);
        // The partner takes their answers in turn.
        File.Delete(answers[0]);
        Assert.Empty(await Gaps(flow));
        await File.WriteAllBytesAsync(answers[0], [1], Cancellation);
        File.Delete(answers[1]);
        var gone = Assert.Single(await Gaps(flow));
        Assert.Equal((GapKind.AcknowledgementGone, true), (gone.Kind, gone.Text.StartsWith(Path.GetFileName(answers[1]), StringComparison.Ordinal)));
        await File.WriteAllBytesAsync(answers[1], [1], Cancellation);

        await flow.Drop("late.edi", Orders.File("4", Orders.Order("late")));
        var late = Assert.Single(await Gaps(flow));
        Assert.Equal((GapKind.NotArchived, "hub partner poll nordlicht"), (late.Kind, late.Heal));
        await flow.Run();
        Assert.Empty(await Gaps(flow));

        Directory.Delete(flow.Inbox, recursive: true);
        Assert.Equal(GapKind.Unreachable, Assert.Single(await Gaps(flow)).Kind);
    }

    async Task<FlowFixture> Loaded(bool onPostgres)
    {
        var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        foreach (var number in new[] { "one", "two" })
            Assert.Equal(ExchangeState.Completed, (await flow.Send(number + ".edi", Orders.File(number == "one" ? "1" : "2", Orders.Order(number)))).Exchange.State);
        return flow;
    }

    static async Task<List<Gap>> Gaps(FlowFixture flow)
    {
        var gaps = new List<Gap>();
        await foreach (var gap in new Verification(flow.Hub).Run(new(flow.Clock.GetUtcNow().AddDays(-7), null), Cancellation))
            gaps.Add(gap);
        return gaps;
    }

    static async Task Ledger(FlowFixture flow, params string[] statements)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        foreach (var statement in statements)
            await connection.ExecuteAsync(statement);
    }

    static async Task<T> Ledger<T>(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    static async Task Seller(FlowFixture flow, params string[] statements)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        foreach (var statement in statements)
            await connection.ExecuteAsync(statement);
    }
}
