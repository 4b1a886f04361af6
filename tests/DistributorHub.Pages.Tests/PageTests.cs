using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>Every page, with data and without, in light and dark, on a desk and on a phone.</summary>
public sealed class PageTests(Browsing browsing)
{
    const string Failed = "a:has-text('4500017203')";

    public static TheoryData<string, ColorScheme> Pages
    {
        get
        {
            var data = new TheoryData<string, ColorScheme>();
            foreach (var path in Paths)
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                    data.Add(path, scheme);
            return data;
        }
    }

    static readonly string[] Paths = ["/", "/exchanges", "/exchanges?q=nothing-of-this-name", "/exchanges/1", "/partners", "/partners/nordlicht", "/approvals", "/catalogues", "/sent?all=1", "/audit", "/mappings", "/mappings/base/orders-edifact", "/mappings/base/orders-csv", "/mappings/prairie/orders", "/mappings/base/pricat-edifact-out", "/exchanges/987654"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_accessible_and_keeps_to_itself(string path, ColorScheme scheme)
    {
        await using var window = await browsing.Open(browsing.Samples, scheme);
        await Looks(window, path, refused: path.EndsWith("987654", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "Ready for the first file")]
    [InlineData("/exchanges", "No exchange yet")]
    [InlineData("/partners", "No partner yet")]
    [InlineData("/approvals", "No approvals waiting")]
    [InlineData("/catalogues", "No price list yet")]
    [InlineData("/sent", "No answer needs a person")]
    [InlineData("/audit", "Nobody has decided anything yet")]
    [InlineData("/mappings", "No map has a draft")]
    public async Task A_page_without_data_says_why(string path, string sentence)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var window = await browsing.Open(browsing.Empty, scheme);
            await Looks(window, path);
            await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync(sentence);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/exchanges")]
    [InlineData("/exchanges/1")]
    [InlineData("/partners/nordlicht")]
    [InlineData("/mappings")]
    [InlineData("/mappings/base/orders-edifact")]
    [InlineData("/mappings/base/bmecat")]
    [InlineData("/audit")]
    public async Task A_page_fits_a_phone(string path)
    {
        await using var window = await browsing.Open(browsing.Samples, width: 390);
        await window.Page.GotoAsync(path);
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the screen");
    }

    [Fact]
    public async Task The_overview_leads_to_what_failed_and_shows_the_faulty_value_in_the_file()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/");
        await window.Page.Locator(".todo a").First.ClickAsync();
        await Assertions.Expect(window.Page.Locator("h1")).ToContainTextAsync("4500017203");
        await Assertions.Expect(window.Page.Locator(".edi .x")).ToHaveTextAsync("KRT");
        await Assertions.Expect(window.Page.Locator("#dg ~ *, [aria-labelledby=dg]").First).ToContainTextAsync("MAP2105");
    }

    [Fact]
    public async Task The_last_attempt_names_the_maps_that_took_the_documents()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/exchanges?q=4500017201");
        await window.Page.Locator("tbody th a").First.ClickAsync();
        var exchange = long.Parse(window.Page.Url.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        var document = (await browsing.Samples.Hub.Queries.Show(exchange, TestContext.Current.CancellationToken))!.Documents[0];
        await Assertions.Expect(window.Page.Locator("#status tbody tr").First).ToContainTextAsync($"{document.Map} @ {document.MapVersion![..12]}");
    }

    [Fact]
    public async Task A_value_is_explained_by_its_rule_and_its_segment()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/exchanges?q=4500017201");
        await window.Page.Locator("tbody th a").First.ClickAsync();
        await window.Page.Locator("a.value", new() { HasTextString = "4500017201" }).First.ClickAsync();
        var why = window.Page.Locator("#why");
        await Assertions.Expect(why).ToContainTextAsync("base/orders-edifact.yaml");
        await Assertions.Expect(why).ToContainTextAsync("BGM");
    }

    [Theory]
    [InlineData("4500017202")]
    [InlineData("NL000117")]
    [InlineData("04054321001181")]
    [InlineData("ORDERS-45000172")]
    [InlineData("nordlicht")]
    public async Task One_box_finds_by_number_control_number_file_and_partner(string text)
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/");
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync(text);
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForURLAsync($"**/exchanges?q={text}");
        await Assertions.Expect(window.Page.Locator("tbody")).ToContainTextAsync("orders-4500017201.edi");
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_keep_each_other()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/exchanges?partner=nordlicht&since=24h");
        await window.Page.Locator(".chip", new() { HasTextString = "Failed" }).ClickAsync();
        Assert.Contains("partner=nordlicht", window.Page.Url, StringComparison.Ordinal);
        Assert.Contains("since=24h", window.Page.Url, StringComparison.Ordinal);
        Assert.Contains("state=failed", window.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(window.Page.Locator(Failed)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_walks_through_the_list()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/exchanges");
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("j");
        var second = await window.Page.Locator("tr[data-row] a").Nth(0).GetAttributeAsync("href");
        Assert.NotNull(second);
        await Assertions.Expect(window.Page.Locator("tr[data-row]").Nth(1).Locator("a").First).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("h1")).ToBeVisibleAsync();
        Assert.Matches("/exchanges/[0-9]+$", window.Page.Url);
    }

    internal static async Task Looks(Window window, string path, bool refused = false)
    {
        var answer = await window.Page.GotoAsync(path);
        Assert.Equal(refused ? 404 : 200, answer!.Status);
        var policy = await answer.HeaderValueAsync("content-security-policy");
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveCountAsync(1);
        var axe = await window.Page.RunAxe();
        Assert.Empty(axe.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
        Assert.DoesNotContain(window.Complaints, complaint => !refused || !complaint.Contains("404", StringComparison.Ordinal));
    }
}
