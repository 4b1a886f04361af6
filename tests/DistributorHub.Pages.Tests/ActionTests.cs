using System.Net;
using System.Text;
using Dapper;
using DistributorHub.Worker.Ledger;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>What people do on the pages, and what nobody may.</summary>
public sealed class ActionTests(Browsing browsing)
{
    Worker.Hub Hub => browsing.Samples.Hub;

    async Task<ExchangeRow> Find(string number) =>
        (await Hub.Queries.List(new() { Number = number }, TestContext.Current.CancellationToken)).Single().Exchange;

    [Fact]
    public async Task A_retry_takes_a_reason_runs_and_stands_in_the_record()
    {
        var before = await Find("4500017203");
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync($"/exchanges/{before.Id}");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Retry…" }).ClickAsync();
        var dialog = window.Page.Locator("dialog#retry");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await dialog.Locator("textarea").FillAsync("<b>they say</b> it is mended");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("read again");
        // The island follows by itself.
        await Assertions.Expect(window.Page.Locator("#status tbody tr")).ToHaveCountAsync(2);
        await Browsing.Until(async () => (await Find("4500017203")).State == ExchangeState.Failed, "the retry has ended");
        await window.Page.GotoAsync("/audit");
        await Assertions.Expect(window.Page.Locator("tbody")).ToContainTextAsync("<b>they say</b> it is mended");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_decision_on_what_has_changed_is_refused_in_words()
    {
        var exchange = await Find("4500017201");
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync($"/exchanges/{(await Find("4500017203")).Id}");
        var page = await window.Page.EvaluateAsync<string>(
            """
            async id => {
                const form = new FormData(document.querySelector("dialog#retry form"));
                form.set("reason", "late");
                form.set("seen", "Failed/77");
                const answer = await fetch(`/exchanges/${id}/retry`, { method: "POST", body: new URLSearchParams(form) });
                return `${answer.status} ${await answer.text()}`;
            }
            """, exchange.Id);
        Assert.StartsWith("409", page, StringComparison.Ordinal);
        Assert.Contains("has changed since you looked at it. It is completed now", page, StringComparison.Ordinal);
        Assert.Equal(ExchangeState.Completed, (await Find("4500017201")).State);
    }

    [Fact]
    public async Task A_post_without_the_token_of_a_page_does_nothing()
    {
        using var client = new HttpClient { BaseAddress = browsing.Samples.Address };
        using var form = new FormUrlEncodedContent([new("reason", "x"), new("seen", "Failed/1")]);
        using var answer = await client.PostAsync($"/exchanges/{(await Find("4500017203")).Id}/retry", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/exchanges")]
    [InlineData("/exchanges/1")]
    [InlineData("/exchanges/1/status")]
    [InlineData("/exchanges/1/file")]
    [InlineData("/partners")]
    [InlineData("/partners/nordlicht")]
    [InlineData("/audit")]
    public async Task A_request_that_a_proxy_passes_on_is_nobody_at_this_machine(string path)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = browsing.Samples.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/login", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_tried_from_the_partner_s_page()
    {
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/partners/nordlicht");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("#connection [role=status]")).ToContainTextAsync("Listing");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("being polled");
    }

    [Fact]
    public async Task Markup_in_a_file_and_in_its_name_is_text()
    {
        const string Name = "orders-<img src=x onerror=alert(1)>.edi";
        var text = (await File.ReadAllTextAsync(DistributorHub.Tests.Repository.PathTo("sample-files", "nordlicht", "in", "orders-4500017201.edi"), Encoding.Latin1, TestContext.Current.CancellationToken))
            .Replace("4500017201", "4500099901", StringComparison.Ordinal)
            .Replace("Hafenstraße 12", "<script>alert(2)</script>", StringComparison.Ordinal)
            .Replace("NL000117", "NL000999", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(browsing.Samples.Inbox("nordlicht"), Name), text, Encoding.Latin1, TestContext.Current.CancellationToken);
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/partners/nordlicht");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await Browsing.Until(async () => await Loaded("4500099901"), "the file is read");
        foreach (var path in new[] { "/", "/exchanges", $"/exchanges/{(await Find("4500099901")).Id}" })
        {
            await window.Page.GotoAsync(path);
            await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync(Name);
            await Assertions.Expect(window.Page.Locator("main img")).ToHaveCountAsync(0);
        }
        Assert.Empty(window.Complaints);
    }

    async Task<bool> Loaded(string number)
    {
        await using var connection = await Hub.Database.Open(TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from exchange e join document d on d.exchange_id = e.id where d.stated_number = @number and e.ended_at is not null", new { number }) == 1;
    }
}
