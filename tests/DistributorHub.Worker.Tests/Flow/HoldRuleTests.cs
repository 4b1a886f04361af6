using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Documents that a partner's rules hold, and what the people decide who may.</summary>
public sealed class HoldRuleTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    const string TwoOfThree = """
        hold:
        - { when: amount, of: order_lines.net_price, times: qty, per: price_basis, over: 100 }
        approvals:
          needed: 2
          expires: 2d
          approvers:
          - { user: inge }
          - { user: max, up_to: 150 }
          - { user: nils }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_over_the_limit_is_loaded_when_its_last_approval_lands(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, TwoOfThree);
        // Lines of 1, 2, 3 pieces at 10.00: 60, which passes.
        Assert.Equal(ExchangeState.Completed, (await flow.Send("small.edi", Orders.File("1", Orders.Order("small", 3)))).Exchange.State);
        // 10 + 20 + … + 60 = 210.
        var held = await flow.Send("big.edi", Orders.File("2", Orders.Order("big", 6)));
        Assert.Equal((ExchangeState.Held, "The amount of 'order_lines.net_price' is 210, and up to 100 passes."), (held.Exchange.State, held.Exchange.Cause));
        var finding = Assert.Single(held.Findings);
        Assert.Equal((HoldCodes.Amount, "210", "at most 100"), (finding.Code, finding.Found, finding.Expected));
        Assert.Equal(["small"], await flow.OrderNumbers());
        var hold = Assert.Single(await flow.Hub.Holds.List(new(), Cancellation));
        Assert.Equal(("ORDERS big", "amount", 210m, 2, HoldState.Open), (hold.Name, hold.Rules, hold.Value, hold.Needed, hold.State));
        Assert.Equal(flow.Clock.GetUtcNow().AddDays(2), hold.ExpiresAt);

        var id = held.Exchange.Id;
        Assert.Equal("otto is no approver of partner nordlicht: inge, max, nils.", (await flow.Hub.Holds.Approve(id, "otto", "why not", null, Cancellation)).Sentence);
        Assert.Equal("max may approve amounts up to 150, and ORDERS big has 210.", (await flow.Hub.Holds.Approve(id, "max", "fine", null, Cancellation)).Sentence);
        Assert.Equal(DecisionEffect.Counted, (await flow.Hub.Holds.Approve(id, "inge", "known customer", null, Cancellation)).Effect);
        Assert.StartsWith("inge has decided on ORDERS big already", (await flow.Hub.Holds.Approve(id, "inge", "again", null, Cancellation)).Sentence, StringComparison.Ordinal);
        Assert.Empty(await flow.Hub.Exchanges.Due(null, 10, Cancellation));
        Assert.Empty(await flow.Hub.Holds.List(new() { Mine = "inge" }, Cancellation));
        Assert.Single(await flow.Hub.Holds.List(new() { Mine = "nils" }, Cancellation));
        // A run that nobody approved leaves the hold and its approval as they are.
        Assert.True(await flow.Hub.Exchanges.Retry(id, "inge", "once more", Cancellation));
        await flow.Process();
        Assert.Equal(["small"], await flow.OrderNumbers());
        Assert.Single(Assert.Single(await flow.Hub.Holds.List(new(), Cancellation)).Decisions);

        Assert.Equal(DecisionEffect.Released, (await flow.Hub.Holds.Approve(id, "nils", "seen", null, Cancellation)).Effect);
        await flow.Process();
        var loaded = (await flow.Hub.Queries.Show(id, Cancellation))!;
        Assert.Equal((ExchangeState.Completed, DocumentState.Loaded), (loaded.Exchange.State, Assert.Single(loaded.Documents).State));
        Assert.Equal(["big", "small"], await flow.OrderNumbers());
        Assert.Equal(HoldState.Approved, Assert.Single(await flow.Hub.Holds.List(new() { Open = false }, Cancellation)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_last_approvals_at_once_one_lets_the_document_through(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, TwoOfThree.Replace("up_to: 150", "up_to: 1500", StringComparison.Ordinal));
        for (var round = 0; round < 10; round++)
        {
            var number = FormattableString.Invariant($"big{round}");
            var held = await flow.Send(number + ".edi", Orders.File(number, Orders.Order(number, 6)));
            Assert.Equal(ExchangeState.Held, held.Exchange.State);
            await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "first", null, Cancellation);
            // Another process would have a service of its own over the same database.
            var other = new Holds(flow.Hub.Database, _ => flow.Partner.Approvals, flow.Clock);
            var answers = await Task.WhenAll(
                Task.Run(() => flow.Hub.Holds.Approve(held.Exchange.Id, "max", "second", null, Cancellation), Cancellation),
                Task.Run(() => other.Approve(held.Exchange.Id, "nils", "second", null, Cancellation), Cancellation));
            Assert.Equal([DecisionEffect.Refused, DecisionEffect.Released], answers.Select(answer => answer.Effect).Order());
            await flow.Process();
            Assert.Contains(number, await flow.OrderNumbers());
        }
        await using var connection = await flow.Hub.SellerDatabase.Open(Cancellation);
        Assert.Equal(10, await connection.ExecuteScalarAsync<long>("select count(*) from hub_inbox"));
    }

    [Fact]
    public async Task A_delegate_decides_while_the_delegation_lasts_and_the_right_counts_once()
    {
        await using var flow = await Create(false, TwoOfThree);
        var held = (await flow.Send("big.edi", Orders.File("1", Orders.Order("big", 6)))).Exchange;
        var now = flow.Clock.GetUtcNow();
        Assert.NotNull(await flow.Hub.Delegations.Add("nils", "nils", now, now.AddDays(1), "away", Cancellation));
        Assert.NotNull(await flow.Hub.Delegations.Add("nils", "otto", now, now, "away", Cancellation));
        Assert.Null(await flow.Hub.Delegations.Add("nils", "otto", now.AddHours(1), now.AddHours(3), "away", Cancellation));
        Assert.Equal(DecisionEffect.Refused, (await flow.Hub.Holds.Approve(held.Id, "otto", "early", null, Cancellation)).Effect);
        flow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(await flow.Hub.Holds.List(new() { Mine = "otto" }, Cancellation));
        Assert.Equal(DecisionEffect.Counted, (await flow.Hub.Holds.Approve(held.Id, "otto", "for nils", null, Cancellation)).Effect);
        Assert.Equal("nils has decided on ORDERS big already.", (await flow.Hub.Holds.Approve(held.Id, "nils", "myself", null, Cancellation)).Sentence);
        var decision = Assert.Single(Assert.Single(await flow.Hub.Holds.List(new(), Cancellation)).Decisions);
        Assert.Equal(("nils", "otto", "for nils"), (decision.Approver, decision.Actor, decision.Reason));
        Assert.True(await flow.Hub.Delegations.Revoke(Assert.Single(await flow.Hub.Delegations.List(Cancellation)).Id, "nils", "back", Cancellation));
        Assert.Empty(await flow.Hub.Delegations.List(Cancellation));
        await using var connection = await flow.Hub.Database.Open(Cancellation);
        Assert.Equal(["delegate", "approve", "revoke delegation"], await connection.QueryAsync<string>("select action from audit order by id"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_approved_may_still_reject(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, TwoOfThree);
        var held = (await flow.Send("big.edi", Orders.File("1", Orders.Order("big", 6)))).Exchange;
        Assert.Equal(DecisionEffect.Counted, (await flow.Hub.Holds.Approve(held.Id, "inge", "known customer", null, Cancellation)).Effect);
        Assert.Equal(DecisionEffect.Refused, (await flow.Hub.Holds.Reject(held.Id, "otto", "no", null, Cancellation)).Effect);
        Assert.Equal(DecisionEffect.Rejected, (await flow.Hub.Holds.Reject(held.Id, "inge", "they called it off", null, Cancellation)).Effect);
        var hold = Assert.Single(await flow.Hub.Holds.List(new() { Open = false }, Cancellation));
        Assert.Equal((HoldState.Rejected, "Rejected they called it off"), (hold.State, $"{Assert.Single(hold.Decisions).Verdict} {hold.Decisions[0].Reason}"));
        Assert.Equal(ExchangeState.Rejected, (await flow.Newest()).Exchange.State);
        Assert.Empty(await flow.OrderNumbers());
    }

    [Theory]
    [InlineData(false, "cancelled", ExchangeState.Held)]
    [InlineData(true, "rejected", ExchangeState.Duplicate)]
    internal async Task What_nobody_decides_ends(bool onPostgres, string expired, ExchangeState sentAgain)
    {
        await using var flow = await Create(onPostgres, TwoOfThree.Replace("expires: 2d", $"expires: 2d\n  expired: {expired}", StringComparison.Ordinal));
        var file = Orders.File("1", Orders.Order("big", 6));
        var held = (await flow.Send("big.edi", file)).Exchange;
        Assert.Equal(0, await flow.Hub.Holds.Expire(10, Cancellation));
        flow.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await flow.Hub.Holds.Expire(10, Cancellation));
        Assert.Equal(0, await flow.Hub.Holds.Expire(10, Cancellation));
        var ended = await flow.Newest();
        Assert.Equal((ExchangeState.Rejected, DocumentState.Cancelled), (ended.Exchange.State, Assert.Single(ended.Documents).State));
        Assert.Equal(["HLD6001", "HLD6006"], ended.Findings.Select(finding => finding.Code).Order());
        Assert.Contains($"so it was {expired}.", ended.Exchange.Cause, StringComparison.Ordinal);
        Assert.Equal(DecisionEffect.Refused, (await flow.Hub.Holds.Approve(held.Id, "inge", "late", null, Cancellation)).Effect);
        Assert.Equal(sentAgain, (await flow.Send("again.edi", file)).Exchange.State);
        Assert.Empty(await flow.OrderNumbers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prices_that_move_and_items_that_are_new_hold_a_list(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, """
            hold:
            - { when: price_change, of: price_tiers.price, over: 10%, key: [price_type, min_qty] }
            - { when: new_item, of: price_items, over: 10 }
            """);
        Assert.Equal(ExchangeState.Completed, (await flow.Send("l1.edi", PriceLists.File("L1", "20261101", 10))).Exchange.State);
        Assert.Equal(ExchangeState.Completed, (await flow.Send("l2.edi", PriceLists.File("L2", "20261102", 10, "11.00"))).Exchange.State);
        var dear = await flow.Send("l3.edi", PriceLists.File("L3", "20261103", 10, "12.20"));
        Assert.Equal((ExchangeState.Held, "10 values of 'price_tiers.price' differ by more than 10 % from the seller's."), (dear.Exchange.State, dear.Exchange.Cause));
        Assert.Equal(10, dear.Findings.Count);
        Assert.All(dear.Findings, finding => Assert.Equal((HoldCodes.PriceChange, "price_tiers.price"), (finding.Code, finding.Path)));
        Assert.Equal(12.20m, decimal.Parse(dear.Findings[0].Found!, System.Globalization.CultureInfo.InvariantCulture));
        var wide = await flow.Send("l4.edi", PriceLists.File("L4", "20261104", 21, "11.00"));
        Assert.Equal((ExchangeState.Held, "11 rows of 'price_items' are new to the seller."), (wide.Exchange.State, wide.Exchange.Cause));
        Assert.True((await flow.Hub.Holds.Approve(wide.Exchange.Id, "anybody", "new range", null, Cancellation)).IsTaken);
        await flow.Process();
        Assert.Equal(ExchangeState.Completed, (await flow.Newest()).Exchange.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prices_and_items_of_orders_are_compared_with_the_sellers_own_tables(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, """
            hold:
            - { when: price_change, of: order_lines.net_price, over: 10%, against: own_price, key: [supplier_sku] }
            - { when: new_item, of: order_lines, against: own_price, key: [supplier_sku] }
            - { when: duplicate }
            - { when: test }
            """, xrefs: """

            xrefs:
              own_price:
                is: own.price
                key: { sku: text(48) }
                value: numeric(15,4) = price
            """);
        await using (var connection = await flow.Hub.SellerDatabase.Open(Cancellation))
        {
            var table = onPostgres ? "own.price" : "own_price";
            await connection.ExecuteAsync($"{(onPostgres ? "create schema own; " : "")}create table {table} (sku varchar(48) primary key, price numeric(15,4)); insert into {table} values ('HX-1001', 9.50)");
        }
        Assert.Equal(ExchangeState.Completed, (await flow.Send("near.edi", Orders.File("1", Orders.Order("near")))).Exchange.State);
        var far = Orders.Replace(Orders.File("2", Orders.Order("far", 1)), "PRI+AAA:10.00", "PRI+AAA:12.00");
        Assert.Equal("1 value of 'order_lines.net_price' differs by more than 10 % from the seller's.", (await flow.Send("far.edi", far)).Exchange.Cause);
        var strange = Orders.Replace(Orders.File("3", Orders.Order("strange", 1)), "HX-1001", "HX-9999");
        Assert.Equal("1 row of 'order_lines' is new to the seller.", (await flow.Send("strange.edi", strange)).Exchange.Cause);
        Assert.Equal("ORDERS near was loaded before with other content.", (await flow.Send("again.edi", Orders.File("4", Orders.Order("near", 3)))).Exchange.Cause);
        var test = Orders.Replace(Orders.File("5", Orders.Order("test", 1)), "++ORDERS'", "++ORDERS++++1'");
        Assert.Equal("The interchange says that it is a test.", (await flow.Send("test.edi", test)).Exchange.Cause);
        Assert.Equal(["near"], await flow.OrderNumbers());
        Assert.Equal(["duplicate", "new_item", "price_change", "test"], (await flow.Hub.Holds.List(new(), Cancellation)).Select(hold => hold.Rules).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_amount_in_another_currency_waits_for_who_may_approve_any(bool onPostgres)
    {
        await using var flow = await Create(onPostgres, TwoOfThree.Replace("over: 100 }", "over: 100, currency: orders.currency }", StringComparison.Ordinal).Replace("needed: 2", "needed: 1", StringComparison.Ordinal));
        Assert.Equal(ExchangeState.Completed, (await flow.Send("euro.edi", Orders.File("1", Orders.Order("euro", 3)))).Exchange.State);
        // 60 yen are less than 100 euros, and the hub does not know by how much.
        var yen = Orders.Replace(Orders.File("2", Orders.Order("yen", 3)), "CUX+2:EUR:9", "CUX+2:JPY:9");
        var held = await flow.Send("yen.edi", yen);
        Assert.Equal((ExchangeState.Held, "The amount of 'order_lines.net_price' is 60 in JPY, and the limit is in EUR."), (held.Exchange.State, held.Exchange.Cause));
        var finding = Assert.Single(held.Findings);
        Assert.Equal((HoldCodes.Currency, "60 JPY", "an amount in EUR"), (finding.Code, finding.Found, finding.Expected));
        Assert.Equal("max may approve amounts up to 150, and ORDERS yen has none that is known.", (await flow.Hub.Holds.Approve(held.Exchange.Id, "max", "fine", null, Cancellation)).Sentence);
        Assert.Equal(DecisionEffect.Released, (await flow.Hub.Holds.Approve(held.Exchange.Id, "inge", "known", null, Cancellation)).Effect);
        await flow.Process();
        Assert.Equal(["euro", "yen"], await flow.OrderNumbers());
    }

    [Theory]
    [InlineData("{ when: amount, of: order_lines.net_price, over: 100, currency: orders.curency }", "Table 'orders' has no column 'curency'.")]
    [InlineData("{ when: amount, of: order_lines.net_price, over: 100, currency: invoices.currency }", "No map of this partner fills the table 'invoices'.")]
    [InlineData("{ when: amount, of: order_lines.net_pricee, over: 100 }", "Table 'order_lines' has no column 'net_pricee'.")]
    [InlineData("{ when: amount, of: invoices.total, over: 100 }", "No map of this partner fills the table 'invoices'.")]
    [InlineData("{ when: amount, of: orders.currency, over: 100 }", "'orders.currency' is a text, and no number.")]
    [InlineData("{ when: price_change, of: order_lines.net_price, over: 5%, against: prices, key: [gtin] }", "Target shop has no xref 'prices'.")]
    public async Task A_rule_that_no_map_fits_is_a_mistake_of_the_partners_file(string rule, string message)
    {
        await using var flow = await Create(false, "");
        await Append(flow, $"hold:\n- {rule}\n");
        await flow.Restart();
        Assert.Contains(flow.Hub.Partners.Diagnostics, diagnostic => diagnostic is { Code: "PTN1016", File: "partners/nordlicht/partner.yaml" } && diagnostic.Message == message);
        Assert.Contains("nordlicht", flow.Hub.Partners.Paused);
    }

    async Task<FlowFixture> Create(bool onPostgres, string settings, string xrefs = "")
    {
        var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        await File.AppendAllTextAsync(flow.MappingPath("targets/shop.target.yaml"), xrefs, Cancellation);
        await Append(flow, settings);
        await flow.Restart();
        Assert.Empty(flow.Hub.Partners.Paused);
        return flow;
    }

    static Task Append(FlowFixture flow, string settings) => File.AppendAllTextAsync(flow.MappingPath("partners/nordlicht/partner.yaml"), "\n" + settings, Cancellation);
}
