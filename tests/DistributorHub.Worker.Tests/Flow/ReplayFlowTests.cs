using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Ledger;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>A file that is loaded, read once more with the maps of now.</summary>
public sealed class ReplayFlowTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_loaded_is_replaced_by_what_the_maps_make_of_it_now(bool onPostgres)
    {
        await using var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", lines: 3)));
        Assert.Equal(["EA EA EA"], await Units(flow));
        Assert.Contains("needs a reason", (await flow.Hub.Interventions.Replay(first.Exchange.Id, MapChoice.Current, "inge", "", Cancellation)).Sentence, StringComparison.Ordinal);

        var codes = flow.MappingPath("codes/uom.yaml");
        await File.WriteAllTextAsync(codes, (await File.ReadAllTextAsync(codes, Cancellation)).Replace("PCE: EA", "PCE: PC", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        Assert.True((await flow.Hub.Interventions.Replay(first.Exchange.Id, MapChoice.Current, "inge", "pieces are pieces", Cancellation)).Done);
        await flow.Process();

        var replayed = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, replayed.Exchange.State);
        Assert.Equal((DocumentState.Loaded, 2), (Assert.Single(replayed.Documents).State, replayed.Documents[0].Revision));
        Assert.Equal(["PC PC PC"], await Units(flow));
        Assert.Equal([AttemptKind.First, AttemptKind.Replay], replayed.Attempts.Select(attempt => attempt.Kind).Order());
        Assert.Equal("replay inge pieces are pieces", replayed.Decisions.Select(d => $"{d.Action} {d.Actor} {d.Reason}").Last());
    }

    [Fact]
    public async Task A_retry_maps_as_the_first_attempt_did_and_a_replay_with_the_version_that_is_named()
    {
        await using var flow = await FlowFixture.Create();
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", lines: 1), Orders.Order("4712", unit: "KRT", lines: 1)));
        Assert.Equal(ExchangeState.PartiallyCompleted, first.Exchange.State);
        var (id, old) = (first.Exchange.Id, first.Documents[1].MapVersion!);
        await Means(flow, "PCE: BX, KRT: CT");

        Assert.True(await flow.Hub.Exchanges.Retry(id, "inge", "again", Cancellation));
        // Its worker dies, and the next one goes on alike.
        Assert.NotNull(await flow.Hub.Exchanges.Start(id, Cancellation));
        flow.Clock.Advance(Exchanges.Lease + TimeSpan.FromSeconds(1));
        await flow.Process();
        var retried = await flow.Newest();
        Assert.Equal((ExchangeState.PartiallyCompleted, old), (retried.Exchange.State, retried.Documents[1].MapVersion));
        Assert.Equal(["EA"], await Units(flow));

        Assert.True((await flow.Hub.Interventions.Replay(id, MapChoice.Current with { FailedOnly = true }, "inge", "cartons", Cancellation)).Done);
        await flow.Process();
        var mended = await flow.Newest();
        Assert.Equal(ExchangeState.Completed, mended.Exchange.State);
        Assert.Equal([old, mended.Documents[1].MapVersion], mended.Documents.Select(document => document.MapVersion));
        Assert.NotEqual(old, mended.Documents[1].MapVersion);
        Assert.Equal("EA CT", string.Join(' ', (await Units(flow)).Single().Split(' ').OrderDescending()));

        // By a map of now, and back by the version that was kept.
        var map = first.Documents[0].Map!;
        foreach (var (wanted, unit, reason) in new[] { (map, "BX", "boxes"), ($"{map}@{old[..8]}", "EA", "pieces after all"), ("pinned", "EA", "the same once more") })
        {
            var (choice, mistake) = await flow.Hub.Versions.Resolve(MapChoice.Parse(wanted)!, "nordlicht", Cancellation);
            Assert.Null(mistake);
            Assert.True((await flow.Hub.Interventions.Replay(id, choice!, "inge", reason, Cancellation)).Done);
            await flow.Process();
            Assert.Contains(unit, Assert.Single(await Units(flow)), StringComparison.Ordinal);
            Assert.Equal(choice!.ToString(), (await flow.Newest()).Attempts[^1].Map);
        }
        var last = await flow.Newest();
        // The version of pieces has no cartons: what the version of cartons loaded stayed, and is pinned to that one.
        Assert.Equal((ExchangeState.Completed, 4), (last.Exchange.State, last.Documents[0].Revision));
    }

    [Theory]
    [InlineData("base/nothing", "There is no map 'base/nothing'")]
    [InlineData("base/orders-edifact@0123456789", "has taken a document")]
    public async Task A_map_that_is_not_there_is_refused(string wanted, string sentence)
    {
        await using var flow = await FlowFixture.Create();
        var (choice, mistake) = await flow.Hub.Versions.Resolve(MapChoice.Parse(wanted)!, "nordlicht", Cancellation);
        Assert.Null(choice);
        Assert.Contains(sentence, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pinned@abcdef")]
    [InlineData("base/orders-edifact@abc")]
    [InlineData("base/orders-edifact@not-hex")]
    [InlineData("newest")]
    [InlineData("")]
    public void A_word_that_names_no_map_is_told(string text)
    {
        Assert.Null(MapChoice.Parse(text));
        Assert.NotNull(MapChoice.Mistake(text));
    }

    [Fact]
    public async Task A_version_that_is_not_kept_is_a_finding()
    {
        await using var flow = await FlowFixture.Create();
        var first = await flow.Send("one.edi", Orders.File("R1", Orders.Order("4711", unit: "KRT")));
        await Means(flow, "KRT: CT");
        await using (var connection = await flow.Hub.Database.Open(Cancellation))
            await connection.ExecuteAsync("delete from map_version");
        Assert.True(await flow.Hub.Exchanges.Retry(first.Exchange.Id, "inge", "again", Cancellation));
        await flow.Process();
        var retried = await flow.Newest();
        Assert.Equal((ExchangeState.Failed, FailureClass.Config), (retried.Exchange.State, retried.Exchange.Class));
        var finding = Assert.Single(retried.Findings);
        Assert.Equal(("RTE5008", first.Documents[0].MapVersion), (finding.Code, finding.Found));
    }

    /// <summary>Units of the partner's are called so from now on.</summary>
    internal static async Task Means(FlowFixture flow, string units)
    {
        Directory.CreateDirectory(flow.MappingPath("partners/nordlicht/codes"));
        await File.WriteAllTextAsync(flow.MappingPath("partners/nordlicht/codes/uom.yaml"), $"hub: codes/1\nid: uom\nmap: {{ {units} }}\n", Cancellation);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Diagnostics);
    }

    internal static async Task<IReadOnlyList<string>> Units(FlowFixture flow)
    {
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        var table = Assert.Single(flow.Hub.Partners.Targets()).Find("order_lines")!;
        return [string.Join(' ', await connection.QueryAsync<string>($"select uom from {SellerDialect.Of(flow.Hub.SellerDatabase.Engine).Name(table)}"))];
    }
}
