using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>An approver who lets another person decide, on the page of approvals.</summary>
public sealed class DelegationTests(Browsing browsing)
{
    [Fact]
    public async Task An_approver_delegates_is_told_beside_the_form_what_is_wrong_and_ends_it()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync("/approvals");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delegate…" }).ClickAsync();
        var form = page.Locator("dialog#delegate");
        await form.Locator("[name=to]").FillAsync("inge <b>");
        await form.Locator("[name=from]").FillAsync("2031-05-09");
        await form.Locator("[name=until]").FillAsync("2031-05-02");
        await form.Locator("textarea").FillAsync("on leave");
        await form.GetByRole(AriaRole.Button, new() { Name = "Delegate", Exact = true }).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nothing was done yet: It would be over before it begins.");
        // What was typed is still there.
        await Assertions.Expect(form.Locator("[name=to]")).ToHaveValueAsync("inge <b>");
        await Assertions.Expect(form.Locator("textarea")).ToHaveValueAsync("on leave");

        await form.Locator("[name=until]").FillAsync("2031-05-20");
        await form.GetByRole(AriaRole.Button, new() { Name = "Delegate", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status].note")).ToHaveTextAsync("They decide in your place on those days.");
        var row = page.Locator("section[aria-labelledby=delegations] tbody tr");
        await Assertions.Expect(row).ToContainTextAsync("inge <b>");
        await Assertions.Expect(row).ToContainTextAsync("on leave");
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));

        await row.GetByRole(AriaRole.Button, new() { Name = "End…" }).ClickAsync();
        var end = page.Locator("dialog[id^=revoke-]");
        await end.Locator("textarea").FillAsync("back early");
        await end.GetByRole(AriaRole.Button, new() { Name = "End it now" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status].note")).ToHaveTextAsync("They decide in that place no more.");
        await Assertions.Expect(page.Locator("section[aria-labelledby=delegations]")).ToHaveCountAsync(0);
        await page.GotoAsync("/audit");
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("back early");
        // The browser itself remarks on the refusal, and on nothing else.
        Assert.Contains("422", Assert.Single(window.Complaints), StringComparison.Ordinal);
    }
}
