using System.Text;
using Deque.AxeCore.Playwright;
using DistributorHub.Worker.Ledger;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>A long run as its page and the list show it, and its end by a person.</summary>
public sealed class ProgressTests(Browsing browsing)
{
    const string Number = "4500088801";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_run_is_followed_without_a_reload_and_ended_with_a_reason()
    {
        var hub = browsing.Samples.Hub;
        var id = await Load();
        // The test is the worker of this run, so that it takes as long as it needs.
        Assert.True((await hub.Interventions.Force(id, "inge", "once more", Cancellation)).Done);
        var run = Assert.Single(await hub.Exchanges.Start([id], Cancellation));
        await using var lease = new Heartbeat(Exchanges.Lease / 8, token => hub.Exchanges.Renew(run, token), hub.Clock, Cancellation);
        run.Progress.Read(run.Exchange.Bytes / 4);
        Assert.True(await hub.Exchanges.Cancellations.Note(run, Cancellation));
        await using var list = await browsing.Open(browsing.Samples);
        await list.Page.GotoAsync($"/exchanges?q={id}");
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync($"/exchanges/{id}");
        await Assertions.Expect(window.Page.Locator("#status progress")).ToHaveAttributeAsync("value", "24");
        await Assertions.Expect(list.Page.Locator($"#state-{id} progress")).ToHaveAttributeAsync("value", "24");
        foreach (var page in new[] { list.Page, window.Page })
            Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));

        (run.Progress.Bytes, run.Progress.Rows, run.Progress.IsLoading) = (run.Exchange.Bytes, 12_345, true);
        Assert.True(await hub.Exchanges.Cancellations.Note(run, Cancellation));
        await Assertions.Expect(window.Page.Locator("#status .progress")).ToContainTextAsync("12,345 rows made");
        await Assertions.Expect(list.Page.Locator($"#state-{id}")).ToContainTextAsync("loading 12,345 rows");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
        await window.Page.Locator("dialog#cancel textarea").FillAsync("the wrong list");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Stop it" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("is being cancelled");
        await Assertions.Expect(window.Page.Locator("#status .note")).ToContainTextAsync("the wrong list");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" })).ToHaveCountAsync(0);
        Assert.False(await hub.Exchanges.Cancellations.Note(run, Cancellation));
        // From now on the lease runs out: when this takes long, another worker writes the end.
        if (await hub.Exchanges.Cancellations.End(run, Cancellation) is { } end)
            await hub.Exchanges.End(run, end, new(), [], Cancellation);
        await Assertions.Expect(window.Page.Locator("#status header")).ToContainTextAsync("Cancelled");
        await Assertions.Expect(list.Page.Locator($"#state-{id}")).ToHaveTextAsync("Cancelled");
        await window.Page.ReloadAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Retry…" })).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
        Assert.Empty(list.Complaints);
    }

    async Task<long> Load()
    {
        var text = (await File.ReadAllTextAsync(DistributorHub.Tests.Repository.PathTo("sample-files", "nordlicht", "in", "orders-4500017201.edi"), Encoding.Latin1, Cancellation))
            .Replace("4500017201", Number, StringComparison.Ordinal).Replace("NL000117", "NL000888", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(browsing.Samples.Inbox("nordlicht"), "long.edi"), text, Encoding.Latin1, Cancellation);
        await using var window = await browsing.Open(browsing.Samples);
        await window.Page.GotoAsync("/partners/nordlicht");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        long id = 0;
        await Browsing.Until(async () =>
        {
            var found = (await browsing.Samples.Hub.Queries.List(new() { Number = Number }, Cancellation)).FirstOrDefault(line => Transitions.IsEnded(line.Exchange.State));
            id = found?.Exchange.Id ?? 0;
            return id > 0;
        }, "the file is read");
        return id;
    }
}
