using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Web;

/// <summary>Dry runs and what is done to many, by the HTTP interface.</summary>
public sealed class ReplayApiTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_is_begun_read_and_applied()
    {
        await using var hub = await WebHub.Start();
        var loaded = (await hub.Flow.Send("one.edi", Orders.File("R1", Orders.Order("4711")))).Exchange.Id;
        await Means(hub, "PCE: BX");
        using var api = await Client(hub, Role.Operator);
        string place;
        using (var begun = await api.PostAsJsonAsync("/api/v1/replays", new { exchange = loaded }, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
            place = begun.Headers.Location!.ToString();
            Assert.Equal($"id={loaded}", (await begun.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("selection").GetString());
        }
        var shown = await Until(api, place, run => run.GetProperty("replay").GetProperty("ended").ValueKind != JsonValueKind.Null);
        Assert.Equal(1, shown.GetProperty("outcomes").GetProperty("Different").GetInt32());
        var row = shown.GetProperty("exchanges")[0].GetProperty("documents")[0].GetProperty("rows")[0];
        Assert.Equal(("order_lines", "Changed"), (row.GetProperty("table").GetString(), row.GetProperty("kind").GetString()));
        Assert.Equal("""{"column":"uom","before":"EA","after":"BX"}""", row.GetProperty("columns")[0].GetRawText());
        Assert.Contains("needs a reason", (await Problem(await api.PostAsJsonAsync($"{place}/apply", new { }, Cancellation), HttpStatusCode.BadRequest)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using (var applied = await api.PostAsJsonAsync($"{place}/apply", new { reason = "they are boxes" }, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Accepted, applied.StatusCode);
            Assert.Equal(loaded, (await applied.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("queued")[0].GetInt64());
        }
        await Until(api, place, run => run.GetProperty("exchanges")[0].GetProperty("applied").GetString() == "Succeeded");
        Assert.Equal("BX BX", Assert.Single(await ReplayFlowTests.Units(hub.Flow)));
        Assert.Contains("was applied before", (await Problem(await api.PostAsJsonAsync($"{place}/apply", new { reason = "again" }, Cancellation), HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await api.GetFromJsonAsync<JsonElement>("/api/v1/replays", Cancellation)).GetArrayLength());

        using var viewer = await Client(hub, Role.Viewer, "viewer");
        using var refused = await viewer.GetAsync(place, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (var wrong in new object[] { new { }, new { exchange = 1, filter = "state=failed" }, new { exchange = 1, map = "newest" }, new { filter = "colour=red" } })
            await Problem(await api.PostAsJsonAsync("/api/v1/replays", wrong, Cancellation), HttpStatusCode.BadRequest);
        Assert.Contains("There is no exchange #99", (await Problem(await api.PostAsJsonAsync("/api/v1/replays", new { exchange = 99 }, Cancellation), HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Problem(await api.GetAsync("/api/v1/replays/99", Cancellation), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Many_are_previewed_and_done_up_to_what_was_shown()
    {
        await using var hub = await WebHub.Start();
        for (var i = 1; i <= 2; i++)
            await hub.Flow.Send($"{i}.edi", Orders.File($"R{i}", Orders.Order($"{i}", unit: "KRT")));
        using var api = await Client(hub, Role.Operator);
        var preview = await api.GetFromJsonAsync<JsonElement>("/api/v1/bulk?verb=replay&filter=state%3Dfailed", Cancellation);
        Assert.Equal((2, 2), (preview.GetProperty("met").GetInt32(), preview.GetProperty("ready").GetInt32()));
        Assert.Equal(2, preview.GetProperty("states").GetProperty("Failed").GetInt32());
        var later = (await hub.Flow.Send("3.edi", Orders.File("R3", Orders.Order("3", unit: "KRT")))).Exchange.Id;
        await Means(hub, "KRT: CT");
        var order = new { verb = "replay", filter = "state=failed", upTo = preview.GetProperty("upTo").GetInt64(), reason = "cartons" };
        using (var done = await api.PostAsJsonAsync("/api/v1/bulk", order, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Accepted, done.StatusCode);
            Assert.Equal(2, (await done.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("queued").GetArrayLength());
        }
        await Until(api, "/api/v1/bulk?verb=replay&filter=state%3Dcompleted", list => list.GetProperty("met").GetInt32() == 2);
        Assert.Equal(ExchangeState.Failed, (await hub.Hub.Queries.Show(later, Cancellation))!.Exchange.State);
        Assert.Contains("No exchange is met", (await Problem(await api.PostAsJsonAsync("/api/v1/bulk", order, Cancellation), HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        foreach (var wrong in new object[] { new { order.verb, order.filter, order.reason }, new { verb = "delete", order.filter, order.upTo, order.reason }, new { order.verb, order.filter, order.upTo }, new { verb = "retry", order.filter, order.upTo, order.reason, map = "current" } })
            await Problem(await api.PostAsJsonAsync("/api/v1/bulk", wrong, Cancellation), HttpStatusCode.BadRequest);
    }

    static async Task Means(WebHub hub, string units)
    {
        Directory.CreateDirectory(hub.Flow.MappingPath("partners/nordlicht/codes"));
        await File.WriteAllTextAsync(hub.Flow.MappingPath("partners/nordlicht/codes/uom.yaml"), $"hub: codes/1\nid: uom\nmap: {{ {units} }}\n", Cancellation);
    }

    static async Task<JsonElement> Until(HttpClient api, string path, Func<JsonElement, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var shown = await api.GetFromJsonAsync<JsonElement>(path, limit.Token);
            if (condition(shown))
                return shown;
            await Task.Delay(100, limit.Token);
        }
    }

    static async Task<HttpClient> Client(WebHub hub, Role role, string name = "test") => new()
    {
        BaseAddress = hub.Address,
        DefaultRequestHeaders = { Authorization = new("Bearer", (await hub.Hub.Tokens.Add(name, new(role, false), TimeSpan.FromDays(30), "test", Cancellation)).Text) },
    };

    static async Task<JsonElement> Problem(HttpResponseMessage answer, HttpStatusCode expected)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
            return JsonDocument.Parse(text).RootElement;
        }
    }
}
