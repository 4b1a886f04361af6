using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Privacy;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>What is deleted when its time is over, or because a person wants it, and what stays.</summary>
public sealed class RetentionTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_go_first_and_records_later_while_hashes_and_control_numbers_stay(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var file = Orders.File("REF1", Orders.Order("one"));
        var first = (await flow.Send("one.edi", file)).Exchange;
        var kept = (await flow.Send("two.edi", Orders.File("REF2", Orders.Order("two")))).Exchange;
        Assert.True(await flow.Hub.Retention.SetLegalHold(kept.Id, true, "inge", "in court", Cancellation));
        Assert.False(await flow.Hub.Retention.SetLegalHold(kept.Id, true, "inge", "in court", Cancellation));
        Assert.Equal(new Deleted(0, 0), await flow.Hub.Retention.Run(Cancellation));

        flow.Clock.Advance(TimeSpan.FromDays(181));
        Assert.Equal(new Deleted(1, 0), await flow.Hub.Retention.Run(Cancellation));
        Assert.Equal(new Deleted(0, 0), await flow.Hub.Retention.Run(Cancellation));
        Assert.Equal(0, await Count(flow, $"select count(*) from raw_chunk where sha256 = '{first.Sha256}'"));
        Assert.Equal(1, await Count(flow, $"select count(*) from raw_file where sha256 = '{first.Sha256}' and removed_at is not null"));
        Assert.Equal(0, await Count(flow, $"select count(*) from outbox where exchange_id = {first.Id} and content is not null"));
        var gone = await Assert.ThrowsAsync<PayloadRemovedException>(() => flow.Hub.Archive.Open(first.Sha256, Cancellation));
        Assert.Contains("the time it is kept is over", gone.Message, StringComparison.Ordinal);
        Assert.Contains(first.Sha256, gone.Message, StringComparison.Ordinal);
        await flow.Hub.Archive.RemoveLeftovers(TimeSpan.FromDays(1), Cancellation);
        // The hash is still known: the same bytes are a duplicate, and are nowhere twice.
        Assert.Equal(ExchangeState.Duplicate, (await flow.Send("again.edi", file)).Exchange.State);
        await using (var content = await flow.Hub.Archive.Open(first.Sha256, Cancellation))
            Assert.Equal(file, await ReadAll(content));

        flow.Clock.Advance(TimeSpan.FromDays(731));
        Assert.Equal(2, (await flow.Hub.Retention.Run(Cancellation)).Records);
        Assert.Null(await flow.Hub.Queries.Show(first.Id, Cancellation));
        Assert.NotNull(await flow.Hub.Queries.Show(kept.Id, Cancellation));
        Assert.Equal(1, await Count(flow, $"select count(*) from past_interchange where reference = 'REF1' and sha256 = '{first.Sha256}'"));
        Assert.True(await flow.Hub.Retention.SetLegalHold(kept.Id, false, "inge", "settled", Cancellation));
        Assert.Equal(new Deleted(1, 1), await flow.Hub.Retention.Run(Cancellation));
        Assert.True(await Count(flow, "select count(*) from audit where action in ('delete payload', 'delete record', 'legal hold', 'end legal hold')") >= 5);
    }

    [Fact]
    public async Task What_waits_and_whose_partner_is_under_legal_hold_is_kept()
    {
        await using var flow = await Create(false, "hold:\n- { when: duplicate }\n");
        await flow.Send("one.edi", Orders.File("1", Orders.Order("one")));
        Assert.Equal(ExchangeState.Held, (await flow.Send("other.edi", Orders.File("2", Orders.Order("one", 3)))).Exchange.State);
        flow.Clock.Advance(TimeSpan.FromDays(800));
        Assert.Equal(new Deleted(1, 1), await flow.Hub.Retention.Run(Cancellation));
        await File.AppendAllTextAsync(flow.MappingPath("partners/nordlicht/partner.yaml"), "\nretention: { legal_hold: yes }\n", Cancellation);
        await flow.Restart();
        await flow.Hub.Holds.Reject((await flow.Newest()).Exchange.Id, "inge", "old", null, Cancellation);
        Assert.Equal(new Deleted(0, 0), await flow.Hub.Retention.Run(Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_persons_data_is_erased_and_a_replay_says_so(bool onPostgres)
    {
        await using var flow = await Create(onPostgres);
        var mine = (await flow.Send("mine.edi", WithContact("one", "eva.berg@customer.example"))).Exchange;
        var other = (await flow.Send("other.edi", WithContact("two", "someone@customer.example"))).Exchange;
        // A fault that quotes the person.
        var faulty = await flow.Send("faulty.edi", WithContact("three", "eva.berg@customer.example", "4012345000016X"));
        var parties = onPostgres ? "sales.purchase_order_party" : "sales_purchase_order_party";
        Assert.Equal(1, await SellerCount(flow, $"select count(*) from {parties} where email = 'eva.berg@customer.example'"));

        var request = new ErasureRequest("eva.berg@customer.example", null, null);
        var dry = await flow.Hub.Erasure().Run(request, "inge", "asked for", dry: true, Cancellation);
        Assert.Equal(ExchangeState.Completed, mine.State);
        Assert.Equal([mine.Id, faulty.Exchange.Id], dry.Exchanges);
        Assert.Equal(1, await SellerCount(flow, $"select count(*) from {parties} where email = 'eva.berg@customer.example'"));
        var report = await flow.Hub.Erasure().Run(request, "inge", "asked for", dry: false, Cancellation);
        Assert.Equal([mine.Id, faulty.Exchange.Id], report.Exchanges);
        Assert.Equal(1, Assert.Single(report.Rows).Value);
        Assert.Empty(report.Left);
        Assert.Equal(0, await SellerCount(flow, $"select count(*) from {parties} where email = 'eva.berg@customer.example'"));
        Assert.Equal(1, await SellerCount(flow, $"select count(*) from {parties} where email = 'someone@customer.example'"));
        Assert.Equal(1, await Count(flow, $"select count(*) from raw_file where sha256 = '{mine.Sha256}' and removed_why = 'a person''s data was erased'"));
        await using (var content = await flow.Hub.Archive.Open(other.Sha256, Cancellation))
            Assert.NotEmpty(await ReadAll(content));
        var after = (await flow.Hub.Queries.Show(faulty.Exchange.Id, Cancellation))!;
        Assert.NotEmpty(after.Findings);
        Assert.All(after.Findings, finding => Assert.Equal(("Erased.", null), (finding.Message, finding.Found)));

        Assert.True(await flow.Hub.Exchanges.Retry(faulty.Exchange.Id, "inge", "try", Cancellation));
        await flow.Process();
        var again = (await flow.Hub.Queries.Show(faulty.Exchange.Id, Cancellation))!.Exchange;
        Assert.Equal((ExchangeState.Failed, FailureClass.Data), (again.State, again.Class));
        Assert.Contains("a person's data was erased", again.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("eva", string.Join(' ', await Texts(flow, "select reason from audit union all select target from audit")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_erased_with_the_rows_it_made_but_not_under_legal_hold()
    {
        await using var flow = await Create(false);
        var one = (await flow.Send("one.edi", WithContact("one", "eva.berg@customer.example"))).Exchange;
        Assert.True(await flow.Hub.Retention.SetLegalHold(one.Id, true, "inge", "in court", Cancellation));
        var left = await flow.Hub.Erasure().Run(new(null, "ONE", null), "inge", "asked for", dry: true, Cancellation);
        Assert.Equal((0, $"#{one.Id}: is under legal hold (in court)."), (left.Exchanges.Count, Assert.Single(left.Left)));
        Assert.True(await flow.Hub.Retention.SetLegalHold(one.Id, false, "inge", "settled", Cancellation));
        var report = await flow.Hub.Erasure().Run(new(null, "ONE", null), "inge", "asked for", dry: false, Cancellation);
        Assert.Equal([one.Id], report.Exchanges);
        Assert.Equal(0, await SellerCount(flow, "select count(*) from sales_purchase_order_party where email is not null"));
        Assert.Equal(["one"], await flow.OrderNumbers());
    }

    [Theory]
    [InlineData("pii: [NAD]", false)]
    [InlineData("", true)]
    public async Task What_is_personal_is_quoted_nowhere(string settings, bool quoted)
    {
        await using var flow = await Create(false, settings);
        var file = Orders.Replace(Orders.File("1", Orders.Order("one")), "+24103+", "+Eva Berg, second floor on the left+");
        var details = await flow.Send("one.edi", file);
        Assert.Equal(ExchangeState.Failed, details.Exchange.State);
        using var excerpts = new Edi.Excerpts(() => new MemoryStream(file));
        var texts = details.Findings.SelectMany(finding => new[] { finding.Found, finding.Message }).Append(details.Exchange.Cause).Append(Assert.Single(details.Documents).Cause)
            .Concat(excerpts.Of(details.ToFindings()).Select(excerpt => excerpt.Segment)).Concat(await Texts(flow, "select error from attempt"));
        Assert.Equal(quoted, string.Join(' ', texts).Contains("Eva", StringComparison.Ordinal));
        Assert.Equal(quoted, string.Join(' ', texts).Contains("floor", StringComparison.Ordinal));
    }

    /// <summary>An order with a contact's mail address.</summary>
    static byte[] WithContact(string number, string mail, string gln = "4012345000016")
    {
        var order = Orders.Order(number).ToList();
        order[2] = $"NAD+BY+{gln}::9++Nordlicht Werkzeughandel GmbH+Hafenstrasse 12+Kiel++24103+DE";
        order.InsertRange(3, ["CTA+OC+:Eva Berg", $"COM+{mail}:EM"]);
        return Orders.File("R" + number, [[.. order]]);
    }

    async Task<FlowFixture> Create(bool onPostgres, string settings = "")
    {
        var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        await File.AppendAllTextAsync(flow.MappingPath("partners/nordlicht/partner.yaml"), "\n" + settings, Cancellation);
        await flow.Restart();
        return flow;
    }

    static async Task<byte[]> ReadAll(Stream content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }

    static async Task<long> Count(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    static async Task<IEnumerable<string?>> Texts(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        return await connection.QueryAsync<string?>(sql);
    }

    static async Task<long> SellerCount(FlowFixture flow, string sql)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
