using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>The pages over PostgreSQL, whose SQL is not that of the embedded mode: each is shown, found through the search, and acted on.</summary>
public sealed class PostgresPageTests(Browsing browsing, PostgresFixture postgres)
{
    static readonly string[] Paths =
    [
        "/", "/exchanges?since=24h&state=failed", "/exchanges?partner=nordlicht&type=ORDERS", "/exchanges/bulk?verb=retry&state=failed", "/partners", "/partners/nordlicht", "/approvals?mine=1",
        "/catalogues", "/catalogues?partner=nordlicht", "/sent", "/sent?all=1", "/audit", "/mappings", "/mappings/base/orders-edifact?partner=nordlicht",
    ];

    [Fact]
    public async Task Every_page_is_shown_finds_what_is_looked_for_and_does_what_is_asked()
    {
        await using var site = await HubSite.Start(samples: true, await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await site.Read();
        var lines = await site.Hub.Queries.List(new(), TestContext.Current.CancellationToken);
        await using var window = await browsing.Open(site);
        foreach (var path in Paths.Concat(lines.Select(line => $"/exchanges/{line.Exchange.Id}")))
        {
            var answer = await window.Page.GotoAsync(path);
            Assert.True(answer!.Status == 200, $"{path}: {answer.Status} {await window.Page.Locator("body").InnerTextAsync()}");
        }
        foreach (var text in new[] { "4500017202", "NL000117", "04054321001181", "ORDERS-45000172", "nordlicht" })
        {
            await window.Page.GotoAsync($"/exchanges?q={text}");
            await Assertions.Expect(window.Page.Locator("tbody")).ToContainTextAsync("orders-4500017201.edi");
        }
        await window.Page.GotoAsync("/exchanges?q=4500017201");
        await window.Page.Locator("tbody th a").First.ClickAsync();
        await window.Page.Locator("a.value", new() { HasTextString = "4500017201" }).First.ClickAsync();
        await Assertions.Expect(window.Page.Locator("#why")).ToContainTextAsync("base/orders-edifact.yaml");

        var failed = lines.First(line => line.Exchange.State == ExchangeState.Failed).Exchange.Id;
        await window.Page.GotoAsync($"/exchanges/{failed}");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Retry…" }).ClickAsync();
        await window.Page.Locator("dialog#retry textarea").FillAsync("once more");
        await window.Page.Locator("dialog#retry").GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("read again");
        await Assertions.Expect(window.Page.Locator("#status tbody tr")).ToHaveCountAsync(2);
        await window.Page.GotoAsync("/audit");
        await Assertions.Expect(window.Page.Locator("tbody")).ToContainTextAsync("once more");

        await window.Page.GotoAsync("/mappings/base/orders-edifact");
        await window.Page.FillAsync("#text", await window.Page.InputValueAsync("#text") + "# tidied\n");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("The draft is kept");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Put live…" }).ClickAsync();
        await window.Page.Locator("dialog#live textarea").FillAsync("tidied");
        await window.Page.Locator("dialog#live").GetByRole(AriaRole.Button, new() { Name = "Put live", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("The draft is live");
        Assert.Empty(window.Complaints);
    }
}
