using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>A text of a map that is tried on a message as it is changed.</summary>
public sealed class WorkbenchTests(Browsing browsing)
{
    [Fact]
    public async Task A_change_shows_its_mistakes_and_its_rows_and_touches_nothing()
    {
        var file = Path.Combine(browsing.Samples.Hub.Settings.Mappings, "base", "orders-edifact.yaml");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync("/exchanges?q=4500017201");
        await page.Locator("tbody th a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Try changes of its map" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("base/orders-edifact");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("The text has no mistake.");
        await Assertions.Expect(page.Locator("#cv")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#result a.value", new() { HasTextString = "4500017201" }).First).ToBeVisibleAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));

        var text = await page.InputValueAsync("#text");
        Assert.Equal(before.ReplaceLineEndings("\n"), text);
        await page.FillAsync("#text", text.Replace("BGM.1004", "BGM.9999", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#result .b.bad").First).ToContainTextAsync("MAP1");
        await Assertions.Expect(page.Locator("#result th.mono").First).ToContainTextAsync("base/orders-edifact.yaml:");
        await page.FillAsync("#text", text.Replace("BGM.1004", "join('-', 'X', BGM.1004)", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#result a.value", new() { HasTextString = "X-4500017201" }).First).ToBeVisibleAsync();
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await page.SetViewportSizeAsync(390, 900);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen");
        Assert.Empty(window.Complaints);
    }
}
