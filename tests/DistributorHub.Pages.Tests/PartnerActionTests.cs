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
        await Assertions.Expect(page.Locator("[role=status].note")).ToContainTextAsync("nobody has paused the partner, or somebody has let it go on meanwhile");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause…" })).ToBeVisibleAsync();
        // The browser itself remarks on the refusal, and on nothing else.
        Assert.Contains("409", Assert.Single(window.Complaints), StringComparison.Ordinal);
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
