using Deque.AxeCore.Playwright;
using DistributorHub.Worker.Ledger;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>What a replay changes is looked at and then done; one thing is done to many. On a hub of its own, whose maps change.</summary>
public sealed class ReplayPageTests(Browsing browsing)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_replay_changes_is_shown_before_it_is_done()
    {
        await using var site = await Site();
        await using var window = await browsing.Open(site);
        var loaded = (await site.Hub.Queries.List(new() { Number = "4500017201" }, Cancellation)).Single().Exchange.Id;
        await Means(site, "PCE: PC, KRT: CT");

        await window.Page.GotoAsync($"/exchanges/{loaded}");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "What a replay changes" }).ClickAsync();
        // The page follows the job by itself.
        await Assertions.Expect(window.Page.Locator("h1")).ToContainTextAsync("A replay would change");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=sd]")).ToContainTextAsync("order_lines");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=sd] del").First).ToHaveTextAsync("EA");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=sd] ins").First).ToHaveTextAsync("PC");
        var place = new Uri(window.Page.Url).AbsolutePath;
        await LooksRight(site, place);
        await window.Page.Locator("textarea").FillAsync("pieces are pieces");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Replay 2 documents" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator(".sub")).ToContainTextAsync("pieces are pieces");
        await Browsing.Until(async () => (await site.Hub.Queries.Show(loaded, Cancellation))!.Attempts is [.., { Kind: AttemptKind.Replay, State: AttemptState.Succeeded }], "the replay has ended");
        await window.Page.ReloadAsync();
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=ex]")).ToContainTextAsync("Applied");
        await window.Page.GotoAsync($"{place}?only=fail");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=sd]")).ToContainTextAsync("There are none of this kind.");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task All_that_match_are_tried_together_or_retried_after_a_look()
    {
        await using var site = await Site();
        await using var window = await browsing.Open(site);
        await window.Page.GotoAsync("/exchanges?partner=nordlicht&state=failed");
        await LooksRight(site, "/exchanges?partner=nordlicht&state=failed&code=MAP2105");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Retry…" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("Retry 1 exchange?");
        await LooksRight(site, new Uri(window.Page.Url).PathAndQuery);
        await window.Page.Locator("textarea").FillAsync("once more");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Retry 1 exchange" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("1 queued, 0 skipped");
        await Browsing.Until(async () => (await site.Hub.Queries.List(new() { State = ExchangeState.Failed }, Cancellation)).Any(line => line.Exchange.Partner == "nordlicht"), "it has failed again");

        await Means(site, "KRT: CT");
        await window.Page.GotoAsync("/exchanges?partner=nordlicht");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await LooksRight(site, new Uri(window.Page.Url).PathAndQuery);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Try 3 exchanges" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=oc]")).ToContainTextAsync("Load for the first time");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=oc]")).ToContainTextAsync("Identical");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=sd]")).ToContainTextAsync("4500017203");
        await LooksRight(site, new Uri(window.Page.Url).PathAndQuery);
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData("/replays/4711")]
    [InlineData("/exchanges/bulk?verb=delete&state=failed")]
    [InlineData("/exchanges/bulk?verb=retry")]
    public async Task An_address_that_names_nothing_says_so(string path)
    {
        using var client = new HttpClient { BaseAddress = browsing.Samples.Address };
        using var answer = await client.GetAsync(path, Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    static async Task<HubSite> Site()
    {
        var site = await HubSite.Start(samples: true);
        await Browsing.Until(async () => (await site.Hub.Queries.List(new(), CancellationToken.None)).Count(line => Transitions.IsEnded(line.Exchange.State)) >= 5, "the samples are read");
        return site;
    }

    static async Task Means(HubSite site, string units)
    {
        var codes = Path.Combine(site.Hub.Settings.Mappings, "partners", "nordlicht", "codes");
        Directory.CreateDirectory(codes);
        await File.WriteAllTextAsync(Path.Combine(codes, "uom.yaml"), $"hub: codes/1\nid: uom\nmap: {{ {units} }}\n", Cancellation);
    }

    /// <summary>In light and dark and on a phone: accessible, and no wider than the screen.</summary>
    async Task LooksRight(HubSite site, string path)
    {
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 390) })
        {
            await using var window = await browsing.Open(site, scheme, width);
            await window.Page.GotoAsync(path);
            await Assertions.Expect(window.Page.Locator("h1")).ToHaveCountAsync(1);
            Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{path} is wider than a screen of {width}");
            var axe = await window.Page.RunAxe();
            Assert.Empty(axe.Violations.Select(violation => $"{path}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
            if (Environment.GetEnvironmentVariable("DISTRIBUTORHUB_TESTS_SHOTS") is { Length: > 0 } shots)
                await window.Page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"{string.Concat(path.Select(c => char.IsLetterOrDigit(c) ? c : '-'))}-{scheme}-{width}.png"), FullPage = true });
            Assert.Empty(window.Complaints);
        }
    }
}
