using Deque.AxeCore.Playwright;
using DistributorHub.Tests;
using DistributorHub.Worker.Workbench;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>Drafts of maps: kept, refused over another's, tested, put live. Each test has a hub of its own, since maps change.</summary>
public sealed class DraftTests(Browsing browsing) : IAsyncLifetime
{
    const string Orders = "/mappings/base/orders-edifact", FileName = "base/orders-edifact.yaml";

    HubSite site = null!;
    Window window = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    IPage Page => window.Page;

    MapDrafts Drafts => site.Services.GetRequiredService<MapDrafts>();

    string Live => Path.Combine(site.Hub.Settings.Mappings, FileName);

    ILocator Said => Page.Locator("[role=status].note");

    public async ValueTask InitializeAsync()
    {
        site = await HubSite.Start(samples: true);
        await site.Read();
        window = await browsing.Open(site);
        await Page.GotoAsync(Orders);
    }

    public async ValueTask DisposeAsync()
    {
        await window.DisposeAsync();
        await site.DisposeAsync();
    }

    Task Press(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    async Task Type(Func<string, string> change) => await Page.FillAsync("#text", change(await Page.InputValueAsync("#text")));

    async Task PutLive(string reason)
    {
        await Press("Put live…");
        await Page.Locator("dialog#live textarea").FillAsync(reason);
        await Page.Locator("dialog#live").GetByRole(AriaRole.Button, new() { Name = "Put live", Exact = true }).ClickAsync();
    }

    async Task Accessible() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));

    [Fact]
    public async Task A_draft_is_kept_downloaded_and_discarded()
    {
        var live = await File.ReadAllTextAsync(Live, Cancellation);
        await Type(text => "# mine\n" + text);
        await Press("Save draft");
        await Assertions.Expect(Said).ToHaveTextAsync("The draft is kept. Nothing of it is live.");
        await Assertions.Expect(Page.Locator("h1 .tag")).ToHaveTextAsync("draft");
        await Assertions.Expect(Page.Locator(".sub")).ToContainTextAsync($"Draft of {Environment.UserName}");
        await Accessible();
        // Whoever opens the map sees it.
        await Page.GotoAsync("/mappings");
        await Assertions.Expect(Page.Locator("h1")).ToHaveTextAsync("1 map has a draft");
        await Page.GetByRole(AriaRole.Link, new() { Name = "base/orders-edifact", Exact = true }).ClickAsync();
        Assert.StartsWith("# mine\n", await Page.InputValueAsync("#text"), StringComparison.Ordinal);
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Download draft" }).ClickAsync());
        Assert.Equal("orders-edifact.yaml", download.SuggestedFilename);
        Assert.Equal("# mine\n" + live, await File.ReadAllTextAsync(await download.PathAsync(), Cancellation));
        using var client = new HttpClient { BaseAddress = site.Address };
        using var answer = await client.GetAsync($"{Orders}/draft", Cancellation);
        Assert.Equal(("text/yaml", "attachment"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));

        await Press("Discard draft…");
        await Page.Locator("dialog#discard").GetByRole(AriaRole.Button, new() { Name = "Discard draft" }).ClickAsync();
        await Assertions.Expect(Said).ToHaveTextAsync("The draft is gone; this is the live text.");
        Assert.Equal(live, await Page.InputValueAsync("#text"));
        Assert.Null(await Drafts.Of(FileName, Cancellation));
        Assert.Equal(live, await File.ReadAllTextAsync(Live, Cancellation));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Nobody_saves_over_a_newer_draft_of_somebody_else_unseen()
    {
        var live = MapFile.Plain(await File.ReadAllTextAsync(Live, Cancellation));
        var hash = MapFile.Hash(live);
        Assert.Equal(Saving.Kept, await Drafts.Save(FileName, "# theirs <i>\n" + live, hash, hash, false, "mira", Cancellation));
        await Type(text => text + "# mine\n");
        await Press("Save draft");
        var refused = Page.Locator("#refused");
        await Assertions.Expect(refused).ToContainTextAsync("Nothing was kept: mira has saved another text at");
        Assert.Equal(("true", "refused"), (await Page.GetAttributeAsync("#text", "aria-invalid"), await Page.GetAttributeAsync("#text", "aria-describedby")));
        await Assertions.Expect(Page.Locator("section:has(> header > #meanwhile) .hunk .a")).ToHaveTextAsync("+ # theirs <i>");
        Assert.Equal(live + "# mine\n", await Page.InputValueAsync("#text"));
        await Accessible();
        // Having seen it, one may.
        await Press("Save draft");
        await Assertions.Expect(Said).ToContainTextAsync("The draft is kept");
        Assert.Equal(live + "# mine\n", (await Drafts.Of(FileName, Cancellation))!.Text);
        // What was discarded or put live by somebody else is told as well.
        Assert.Equal(Saving.Kept, await Drafts.Save(FileName, "# theirs\n", MapFile.Hash(live + "# mine\n"), hash, false, "mira", Cancellation));
        await Press("Discard draft…");
        await Page.Locator("dialog#discard").GetByRole(AriaRole.Button, new() { Name = "Discard draft" }).ClickAsync();
        await Assertions.Expect(Said).ToContainTextAsync("Nothing was discarded");
        Assert.Equal("mira", (await Drafts.Of(FileName, Cancellation))!.SavedBy);
        Assert.All(window.Complaints, complaint => Assert.Contains("409", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_that_is_empty_is_not_kept()
    {
        await Page.FillAsync("#text", "");
        await Press("Save draft");
        await Assertions.Expect(Page.Locator("#refused")).ToContainTextAsync("there is no text");
        Assert.Null(await Drafts.Of(FileName, Cancellation));
        Assert.All(window.Complaints, complaint => Assert.Contains("422", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Golden_tests_are_run_with_the_text_and_a_draft_that_fails_one_does_not_go_live()
    {
        var live = await File.ReadAllTextAsync(Live, Cancellation);
        await Press("Run tests");
        var panel = Page.Locator("section:has(> header > #gt)");
        await Assertions.Expect(panel.Locator("header .b.ok")).ToContainTextAsync("passed");
        await Type(text => text.Replace("BGM.1004", "join('-', 'X', BGM.1004)", StringComparison.Ordinal));
        await Press("Run tests");
        await Assertions.Expect(panel.Locator("header .b.bad")).ToBeVisibleAsync();
        await Assertions.Expect(panel.Locator("tbody")).ToContainTextAsync("order_no X-A-1001): the row is not expected");
        await Accessible();
        await Press("Save draft");
        await Assertions.Expect(Said).ToContainTextAsync("The draft is kept");
        await PutLive("wanted by <b>sales</b>");
        await Assertions.Expect(Said).ToContainTextAsync("Nothing was put live:");
        await Assertions.Expect(Said).ToContainTextAsync("golden tests did not pass");
        await Assertions.Expect(panel.Locator("tbody")).ToContainTextAsync("X-A-1001");
        Assert.Equal("wanted by <b>sales</b>", await Page.Locator("dialog#live textarea").InputValueAsync());
        Assert.Equal(live, await File.ReadAllTextAsync(Live, Cancellation));
        Assert.NotNull(await Drafts.Of(FileName, Cancellation));
        Assert.Empty(await site.Hub.Audit.List(new() { Target = "map base/orders-edifact", Most = 5 }, Cancellation));
        Assert.All(window.Complaints, complaint => Assert.Contains("422", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_goes_live_with_a_reason_and_the_service_takes_it_up_by_itself()
    {
        var old = MapFile.Hash(await File.ReadAllTextAsync(Live, Cancellation));
        await Type(text => text + "# tidied\n");
        await Press("Save draft");
        await PutLive("   ");
        await Assertions.Expect(Page.Locator("#live-wrong")).ToContainTextAsync("say why");
        await Page.Locator("dialog#live textarea").FillAsync("tidied <i>up</i>");
        await Page.Locator("dialog#live").GetByRole(AriaRole.Button, new() { Name = "Put live", Exact = true }).ClickAsync();
        await Assertions.Expect(Said).ToContainTextAsync("The draft is live");
        var text = await File.ReadAllTextAsync(Live, Cancellation);
        Assert.EndsWith("# tidied\n", text, StringComparison.Ordinal);
        Assert.Null(await Drafts.Of(FileName, Cancellation));
        var entry = Assert.Single(await site.Hub.Audit.List(new() { Target = "map base/orders-edifact", Most = 5 }, Cancellation));
        Assert.Equal((Environment.UserName, "put live", $"tidied <i>up</i> (SHA-256 {old} became {MapFile.Hash(text)})"), (entry.Actor, entry.Action, entry.Reason));
        await Page.GotoAsync("/audit");
        await Assertions.Expect(Page.Locator("tbody")).ToContainTextAsync("tidied <i>up</i>");
        await Page.GetByRole(AriaRole.Link, new() { Name = "map base/orders-edifact" }).ClickAsync();
        await Assertions.Expect(Page.Locator("h1 .tag")).ToHaveTextAsync("live");

        // Whatever is read next goes by it.
        var before = await Version("4500017201");
        var order = await File.ReadAllTextAsync(Repository.PathTo("sample-files", "nordlicht", "in", "orders-4500017201.edi"), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(site.Inbox("nordlicht"), "after.edi"), order.Replace("4500017201", "4500017299", StringComparison.Ordinal).Replace("NL000117", "NL000199", StringComparison.Ordinal), Cancellation);
        await Browsing.Until(async () => await Version("4500017299") is { } now && now != before, "the order is mapped by the new text");
        Assert.DoesNotContain(window.Complaints, complaint => !complaint.Contains("422", StringComparison.Ordinal));
    }

    async Task<string?> Version(string number)
    {
        await using var connection = await site.Hub.Database.Open(Cancellation);
        return await Dapper.SqlMapper.ExecuteScalarAsync<string?>(connection, "select map_version from document where number = @number order by exchange_id desc limit 1", new { number });
    }

    [Fact]
    public async Task A_draft_whose_live_text_has_changed_goes_live_only_after_somebody_has_seen_it()
    {
        await Type(text => text + "# mine\n");
        await Press("Save draft");
        await Assertions.Expect(Said).ToContainTextAsync("The draft is kept");
        var changed = "# from elsewhere\n" + MapFile.Plain(await File.ReadAllTextAsync(Live, Cancellation));
        await File.WriteAllTextAsync(Live, changed, Cancellation);
        await PutLive("mine");
        await Assertions.Expect(Said).ToContainTextAsync("the live text has changed since the draft was begun");
        await Assertions.Expect(Page.Locator(".note.warn").First).ToContainTextAsync("It cannot go live like this");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Put live…" })).ToBeDisabledAsync();
        await Assertions.Expect(Page.Locator("section:has(> header > #change) .hunk .d")).ToContainTextAsync("# from elsewhere");
        await Type(text => "# from elsewhere\n" + text);
        await Press("Save onto the live text of now");
        await Assertions.Expect(Said).ToContainTextAsync("The draft is kept");
        await PutLive("mine");
        await Assertions.Expect(Said).ToContainTextAsync("The draft is live");
        Assert.Equal(changed + "# mine\n", await File.ReadAllTextAsync(Live, Cancellation));
        Assert.All(window.Complaints, complaint => Assert.Contains("409", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_written_stays_a_draft_and_says_why()
    {
        var live = await File.ReadAllTextAsync(Live, Cancellation);
        File.SetAttributes(Live, FileAttributes.ReadOnly);
        await Type(text => text + "# mine\n");
        await Press("Save draft");
        await PutLive("mine");
        await Assertions.Expect(Said).ToContainTextAsync("Nothing was put live: base/orders-edifact.yaml is read-only");
        File.SetAttributes(Live, FileAttributes.Normal);
        Assert.Equal(live, await File.ReadAllTextAsync(Live, Cancellation));
        Assert.NotNull(await Drafts.Of(FileName, Cancellation));
        Assert.Empty(await site.Hub.Audit.List(new() { Target = "map base/orders-edifact", Most = 5 }, Cancellation));
    }

    [Fact]
    public async Task A_map_that_others_extend_does_not_go_live_against_what_they_have_locked()
    {
        await Page.GotoAsync("/mappings/base/orders-x12");
        await Type(text => text.Replace("contract_no:", "contract_no:   REF[ZZ] ??", StringComparison.Ordinal));
        await Press("Save draft");
        await PutLive("mine");
        await Assertions.Expect(Said).ToContainTextAsync("Nothing was put live:");
        Assert.DoesNotContain("REF[ZZ]", await File.ReadAllTextAsync(Path.Combine(site.Hub.Settings.Mappings, "base", "orders-x12.yaml"), Cancellation), StringComparison.Ordinal);
    }
}
