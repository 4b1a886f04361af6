using Deque.AxeCore.Playwright;
using DistributorHub.Worker.Workbench;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>A text of a map that is tried on a message as it is changed; nothing here is kept.</summary>
public sealed class WorkbenchTests(Browsing browsing)
{
    const string Orders = "/mappings/base/orders-edifact";

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
        await Assertions.Expect(page.Locator("#problems")).ToContainTextAsync("The text has no mistake.");
        await Assertions.Expect(page.Locator("#result a.value", new() { HasTextString = "4500017201" }).First).ToBeVisibleAsync();

        var text = await page.InputValueAsync("#text");
        Assert.Equal(before.ReplaceLineEndings("\n"), text);
        await page.FillAsync("#text", text.Replace("BGM.1004", "BGM.9999", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#problems .b.bad").First).ToContainTextAsync("MAP1");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("makes rows when its mistakes are mended");
        // The link leads to the place in the text.
        var place = page.Locator("#problems th a").First;
        var line = Array.FindIndex(text.Split('\n'), one => one.Contains("BGM.1004", StringComparison.Ordinal)) + 1;
        await Assertions.Expect(place).ToHaveTextAsync($"line {line}:{text.Split('\n')[line - 1].IndexOf("BGM", StringComparison.Ordinal) + 5}");
        await place.ClickAsync();
        Assert.StartsWith("9999", await page.EvaluateAsync<string>("document.activeElement.value.slice(document.activeElement.selectionStart)"), StringComparison.Ordinal);
        await Assertions.Expect(page.Locator($".marks i.err[data-k=L{line}]")).ToHaveCountAsync(1);
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));

        await page.FillAsync("#text", text.Replace("BGM.1004", "join('-', 'X', BGM.1004)", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#result a.value", new() { HasTextString = "X-4500017201" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section:has(> header > #change) .hunk .a")).ToContainTextAsync("join('-', 'X', BGM.1004)");
        // What was typed stays, and so does the caret.
        Assert.Contains("join('-', 'X', BGM.1004)", await page.InputValueAsync("#text"), StringComparison.Ordinal);
        Assert.Equal("text", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Null(await browsing.Samples.Services.GetRequiredService<MapDrafts>().Of("base/orders-edifact.yaml", TestContext.Current.CancellationToken));
        await page.SetViewportSizeAsync(390, 900);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_value_its_line_of_the_map_and_its_bytes_of_the_file_light_up_together_and_lead_to_each_other()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync($"{Orders}?on=base/orders-edifact.tests/01-basic");
        var text = await page.InputValueAsync("#text");
        var line = Array.FindIndex(text.Split('\n'), one => one.Contains("order_no:", StringComparison.Ordinal)) + 1;
        var value = page.Locator("a.value", new() { HasTextString = "A-1001" }).First;
        var bytes = page.Locator((await value.GetAttributeAsync("href"))!);
        await Assertions.Expect(bytes).ToHaveTextAsync("A-1001");
        await value.HoverAsync();
        await Assertions.Expect(bytes).ToHaveClassAsync("on-k");
        await Assertions.Expect(page.Locator($".marks i[data-k=L{line}]")).ToHaveClassAsync("on-k");
        await bytes.HoverAsync();
        await Assertions.Expect(value).ToHaveClassAsync("value on-k");
        // The caret in a line lights up what it makes.
        await page.Locator($"tr:has(a.value:text-is('A-1001')) a[data-line='{line}']").First.ClickAsync();
        await page.Mouse.MoveAsync(0, 0);
        await Assertions.Expect(value).ToHaveClassAsync("value on-line");
        Assert.Contains("order_no:", await page.EvaluateAsync<string>("document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"), StringComparison.Ordinal);
        // What no rule reads is marked, and what one reads is not.
        await Assertions.Expect(page.Locator(".edi .u").First).ToBeVisibleAsync();
        await Assertions.Expect(bytes).Not.ToHaveClassAsync("u");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Values_of_a_file_of_lines_are_found_in_their_lines()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync("/mappings/base/orders-csv");
        var value = page.Locator("a.value").First;
        var bytes = page.Locator((await value.GetAttributeAsync("href"))!);
        await Assertions.Expect(bytes).ToHaveTextAsync((await value.TextContentAsync())!);
        // What the file holds and the map does not name is told; it has no place in the message.
        await page.GotoAsync("/mappings/base/bmecat");
        await Assertions.Expect(page.Locator("section:has(> header > #cv)")).ToContainTextAsync("The file holds what from: does not name: ");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_value_of_a_map_that_is_extended_leads_to_the_line_there()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync("/partners/prairie");
        await page.GetByRole(AriaRole.Link, new() { Name = "prairie/orders" }).First.ClickAsync();
        // On the newest they have sent of it.
        Assert.EndsWith("-1", await page.InputValueAsync("#on"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "orders-x12.yaml:" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("base/orders-x12");
        Assert.Contains("#y", page.Url, StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task What_a_draft_holds_is_shown_and_never_run()
    {
        const string Hostile = "# </textarea><script>alert(1)</script><img src=x onerror=alert(2)> \"><b>\n";
        await using var window = await browsing.Open(browsing.Samples);
        var page = window.Page;
        await page.GotoAsync(Orders);
        await page.FillAsync("#text", Hostile + await page.InputValueAsync("#text"));
        await Assertions.Expect(page.Locator("section:has(> header > #change) .hunk .a")).ToContainTextAsync("<script>alert(1)</script>");
        await page.FillAsync("#text", "</textarea><script>alert(3)</script>: '<img src=x onerror=alert(4)>'\n");
        await Assertions.Expect(page.Locator("#problems .b.bad").First).ToBeVisibleAsync();
        // Whole, as well.
        await page.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems .b.bad").First).ToBeVisibleAsync();
        Assert.Equal("</textarea><script>alert(3)</script>: '<img src=x onerror=alert(4)>'\n", await page.InputValueAsync("#text"));
        await Assertions.Expect(page.Locator("main img, main script")).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData("/mappings/base/nothing")]
    [InlineData("/mappings/nordlicht/partner")]
    [InlineData("/mappings/..%2f..%2fdata/x")]
    [InlineData("/mappings/base/..%2forders-edifact")]
    [InlineData("/mappings/base/%2e%2e%5corders-edifact")]
    public async Task What_is_no_map_has_no_workbench(string path)
    {
        using var client = new HttpClient { BaseAddress = browsing.Samples.Address };
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("987654-1")]
    [InlineData("../../../etc/passwd")]
    [InlineData("partners/nordlicht/partner")]
    public async Task A_file_that_is_not_there_is_not_tried(string on)
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync($"{Orders}?on={Uri.EscapeDataString(on)}");
        await Assertions.Expect(window.Page.Locator("#result .note.warn")).ToContainTextAsync("There is no file");
        await Assertions.Expect(window.Page.Locator("#problems")).ToContainTextAsync("The text has no mistake.");
        Assert.Empty(window.Complaints);
    }
}
