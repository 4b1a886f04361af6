using System.Text;
using DistributorHub.Worker.Ledger;
using Microsoft.Playwright;

namespace DistributorHub.Pages.Tests;

/// <summary>Price lists in the browser: what each changed, and what is decided about it.</summary>
public sealed class CatalogueTests(Browsing browsing)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    Worker.Hub Hub => browsing.Samples.Hub;

    [Fact]
    public async Task A_held_list_shows_what_it_would_do_and_a_loaded_one_is_rolled_back()
    {
        await using var window = await browsing.Open(browsing.Samples);
        var first = await Send("A1", 4, 12, "10.00");
        var second = await Send("A2", 5, 12, "11.50");
        var held = await Send("A3", 6, 5, "11.50");
        Assert.Equal(DocumentState.Held, held.State);

        await window.Page.GotoAsync("/catalogues");
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("1 price list waits for a decision");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "PRICAT A3" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=su]")).ToContainTextAsync("58.3 %");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=su] .b.bad")).ToHaveTextAsync("Tripped");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=removed] tbody tr")).ToHaveCountAsync(7);

        // A form that lacks something says so beside the field.
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Reject…" }).ClickAsync();
        var reject = window.Page.Locator("dialog#reject");
        await reject.Locator("textarea").FillAsync("   ");
        await reject.GetByRole(AriaRole.Button, new() { Name = "Reject", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("dialog#reject [role=alert]")).ToContainTextAsync("say why");
        Assert.Equal(DocumentState.Held, (await Find("A3")).State);
        await reject.Locator("textarea").FillAsync("cut short");
        await reject.GetByRole(AriaRole.Button, new() { Name = "Reject", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("ended");

        await window.Page.GotoAsync($"/catalogues/{second.ExchangeId}");
        await Assertions.Expect(window.Page.Locator("[aria-labelledby=hi] svg")).ToHaveAttributeAsync("aria-label", "Histogram of 12 price changes in percent; 0 beyond 30 percent either way");
        await window.Page.Locator(".head").GetByRole(AriaRole.Button, new() { Name = "Roll back…" }).ClickAsync();
        var back = window.Page.Locator($"dialog#back-{first.ExchangeId}");
        await back.Locator("textarea").FillAsync("wrong prices");
        await back.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("[role=status].note")).ToContainTextAsync("counts from then on");
        await Browsing.Until(async () => (await Find("A1")).IsLive, "the first list counts again");
        await window.Page.GotoAsync($"/catalogues/{second.ExchangeId}");
        await Assertions.Expect(window.Page.Locator("h1 .b")).ToHaveTextAsync("Rolled back");

        // Whoever still has the old page open is told what changed meanwhile.
        await window.Page.GotoAsync($"/catalogues/{first.ExchangeId}");
        var late = await window.Page.EvaluateAsync<string>(
            """
            async id => {
                const form = new FormData();
                form.set("__RequestVerificationToken", document.querySelector("input[name=__RequestVerificationToken]").value);
                form.set("reason", "late");
                const answer = await fetch(`/catalogues/${id}/rollback`, { method: "POST", body: new URLSearchParams(form) });
                return `${answer.status} ${await answer.text()}`;
            }
            """, second.ExchangeId);
        Assert.StartsWith("409", late, StringComparison.Ordinal);
        Assert.Contains("was rolled back at", late, StringComparison.Ordinal);
        Assert.DoesNotContain(window.Complaints, complaint => !complaint.Contains("409", StringComparison.Ordinal) && !complaint.Contains("422", StringComparison.Ordinal));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var other = await browsing.Open(browsing.Samples, scheme);
            await PageTests.Looks(other, $"/catalogues/{second.ExchangeId}");
            await PageTests.Looks(other, $"/catalogues/{held.ExchangeId}");
        }
        await using var phone = await browsing.Open(browsing.Samples, width: 390);
        foreach (var path in new[] { "/catalogues", $"/catalogues/{second.ExchangeId}" })
        {
            await phone.Page.GotoAsync(path);
            Assert.True(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{path} is wider than the screen");
        }
    }

    async Task<CatalogueRow> Find(string number) =>
        (await Hub.Catalogues.List(null, 100, Cancellation)).First(list => list.Name == number);

    async Task<CatalogueRow> Send(string number, int day, int items, string price)
    {
        var text = new StringBuilder("UNA:+.? '\n");
        text.Append($"UNB+UNOC:3+4012345000016:14+4098765000027:14+2611{day:00}:0804+{number}++PRICAT'\nUNH+1+PRICAT:D:96A:UN:EAN008'\n");
        text.Append($"BGM+9+{number}+9'\nDTM+137:203612{day:00}:102'\nNAD+SU+4012345000016::9'\nNAD+BY+4098765000027::9'\nCUX+2:EUR:8'\nPGI+11+ELK::91'\n");
        for (var item = 1; item <= items; item++)
            text.Append($"LIN+{item}+3+4054321001013:EN'\nPIA+1+PT-{item:000}:SA'\nIMD+F++:::Item {item}'\nPRI+AAA:{price}:CT:NTP:1:PCE'\nRNG+4+PCE:1'\n");
        text.Append($"UNT+{8 + items * 5}+1'\nUNZ+1+{number}'\n");
        var exchange = await Hub.Uploads.Add("nordlicht", $"{number}.edi", Encoding.Latin1.GetBytes(text.ToString()), "test", Cancellation);
        await Hub.Flow.Process(exchange, Cancellation);
        await Browsing.Until(async () => (await Hub.Catalogues.Find(exchange, null, Cancellation)) is not null, $"{number} is read");
        return (await Hub.Catalogues.Find(exchange, null, Cancellation))!;
    }
}
