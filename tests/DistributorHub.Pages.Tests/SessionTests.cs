using DistributorHub.Worker.Access;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>An administrator looks at who is signed in.</summary>
public sealed class SessionTests(Browsing browsing)
{
    const string Password = "a long enough word";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task An_administrator_ends_the_session_of_somebody_else(ColorScheme scheme)
    {
        await using var site = await HubSite.Start(samples: false);
        await site.Hub.Accounts.Add("mira", Password, new(Role.Admin, Approver: false), "test", Cancellation);
        await site.Hub.Sessions.Begin("otto.<b>", "203.0.113.7", company: true, Cancellation);
        await using var window = await browsing.Open(site, scheme);
        await window.Page.GotoAsync("/audit");
        await window.Page.GetByLabel("User name").FillAsync("mira");
        await window.Page.GetByLabel("Password").FillAsync(Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Who is signed in" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("2 people signed in");
        await PageTests.Looks(window, "/sessions");
        await Assertions.Expect(window.Page.Locator("tr", new() { HasTextString = "mira" })).ToContainTextAsync("this session");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "End the session of otto.<b>" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToHaveTextAsync("The session has ended.");
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("1 person signed in");
        // Also one's own.
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "End the session of mira" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByLabel("Password")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }
}
