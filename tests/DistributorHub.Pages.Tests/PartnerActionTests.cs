using Dapper;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>A partner is stopped and let go on from its page.</summary>
public sealed class PartnerActionTests(Browsing browsing)
{
    [Fact]
    public async Task A_partner_is_paused_with_a_reason_and_resumed()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync("/partners/prairie");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        await page.Locator("dialog#stop textarea").FillAsync("they move <i>house</i>");
        await page.Locator("dialog#stop").GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status].note")).ToContainTextAsync("The partner is paused");
        await Assertions.Expect(page.Locator(".note.hold")).ToContainTextAsync("they move <i>house</i>");
        Assert.NotNull(await browsing.Samples.Hub.Pauses.Of("prairie", TestContext.Current.CancellationToken));

        // Somebody else lets it go on while the page is open.
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        Assert.True(await browsing.Samples.Hub.Pauses.Resume("prairie", "inge", "moved", TestContext.Current.CancellationToken));
        await page.Locator("dialog#stop textarea").FillAsync("moved");
        await page.Locator("dialog#stop").GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status].note")).ToContainTextAsync("Partner prairie is paused by nobody, or somebody has let it go on meanwhile");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause…" })).ToBeVisibleAsync();
        // The browser itself remarks on the refusal, and on nothing else.
        Assert.Contains("409", Assert.Single(window.Complaints), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task What_is_new_in_a_partners_messages_and_what_has_gone_leads_to_the_exchanges_that_show_it(ColorScheme scheme)
    {
        var (hub, cancellation) = (browsing.Samples.Hub, TestContext.Current.CancellationToken);
        await using var window = await browsing.Open(browsing.Samples, scheme);
        await window.Page.GotoAsync("/partners/prairie");
        var drift = window.Page.Locator("#drift");
        await using (var connection = await hub.Database.Open(cancellation))
        {
            var now = hub.Clock.GetUtcNow();
            await connection.ExecuteAsync("insert into drift_kind (partner, type, release, documents, first_exchange, first_at, last_at) values ('prairie', 'ORDERS', 'D.96A', 400, 1, @now, @now) on conflict do nothing", new { now });
            foreach (var (path, qualifier, documents, first, last) in new[] { ("NAD", "UC", 30, 351, 400), ("NAD", "BY", 400, 1, 400), ("FTX", "<b>", 2, 399, 400), ("LIN/QTY", "1", 9, 390, 400), ("DTM", "2", 340, 1, 350) })
                await connection.ExecuteAsync(
                    """
                    insert into drift_key (partner, type, release, path, qualifier, documents, first_number, last_number, first_exchange, first_at, last_exchange, last_at)
                    values ('prairie', 'ORDERS', 'D.96A', @path, @qualifier, @documents, @first, @last, 1, @now, 987654, @now) on conflict do nothing
                    """, new { path, qualifier, documents, first, last, now });
        }
        await PageTests.Looks(window, "/partners/prairie");
        await Assertions.Expect(drift.Locator("tbody tr")).ToHaveCountAsync(4);
        var party = drift.Locator("tr", new() { HasTextString = "NAD[UC]" });
        await Assertions.Expect(party).ToContainTextAsync("New qualifier");
        await Assertions.Expect(party).ToContainTextAsync("in 30 of 50 documents");
        await Assertions.Expect(drift.Locator("tr", new() { HasTextString = "DTM[2]" })).ToContainTextAsync("not in the 50 since");
        await Assertions.Expect(drift.Locator("tr", new() { HasTextString = "FTX[<b>]" })).ToBeVisibleAsync();
        await Assertions.Expect(drift.Locator("footer")).ToContainTextAsync("a new release of their software");
        // The record of the last one was deleted: there is nothing to lead to.
        await Assertions.Expect(drift.Locator("a[href='/exchanges/987654']")).ToHaveCountAsync(0);
        await party.Locator("a").ClickAsync();
        await window.Page.WaitForURLAsync("**/exchanges/1");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Where_nobody_is_told_of_alerts_their_trial_says_so()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/partners/nordlicht");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Test alerts" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToHaveTextAsync("Nobody is told of alerts: neither Hub:Alerts:Webhook nor Hub:Alerts:Mail is set.");
    }
}
