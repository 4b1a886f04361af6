using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Web;

public sealed class ApiTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exchange_is_found_shown_and_retried_and_every_refusal_says_the_state_that_was_found()
    {
        await using var hub = await WebHub.Start();
        var failed = await Failed(hub);
        using var api = await Client(hub, Role.Operator);
        var list = await Json(api, $"/api/v1/exchanges?state=failed&partner=nordlicht&limit=1");
        Assert.Equal(failed, list.GetProperty("items")[0].GetProperty("id").GetInt64());
        Assert.Equal("Failed", list.GetProperty("items")[0].GetProperty("state").GetString());
        var findings = await Json(api, $"/api/v1/exchanges/{failed}/findings");
        Assert.Contains(findings.EnumerateArray(), finding => finding.GetProperty("found").GetString() == "KRT");
        using (var answer = await Order(api, failed, "ignore", new { reason = "it was a test" }))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using (var again = await Order(api, failed, "ignore", new { reason = "once more" }))
        {
            var problem = await Problem(again, HttpStatusCode.Conflict);
            Assert.Equal("Ignored", problem.GetProperty("state").GetString());
            Assert.Contains($"Exchange #{failed} is Ignored", problem.GetProperty("detail").GetString());
        }
        using (var over = await Order(api, failed, "cancel", new { reason = "too late" }))
            Assert.Contains("its run is over", (await Problem(over, HttpStatusCode.Conflict)).GetProperty("detail").GetString());
        using (var retried = await Order(api, failed, "retry", new { reason = "now it is right" }))
        {
            Assert.Equal(HttpStatusCode.Accepted, retried.StatusCode);
            Assert.Equal($"/api/v1/exchanges/{failed}", retried.Headers.Location!.ToString());
        }
        var decisions = (await Json(api, $"/api/v1/exchanges/{failed}")).GetProperty("decisions").EnumerateArray().ToList();
        Assert.Equal(["ignore", "retry"], decisions.Select(decision => decision.GetProperty("action").GetString()!));
        Assert.All(decisions, decision => Assert.Equal("token test", decision.GetProperty("actor").GetString()));
    }

    [Fact]
    public async Task Pages_of_a_list_follow_one_another_and_no_item_is_missed()
    {
        await using var hub = await WebHub.Start();
        for (var i = 0; i < 5; i++)
            await hub.Flow.Send($"o{i}.edi", Orders.File($"R{i}", Orders.Order($"PO{i}")));
        using var api = await Client(hub, Role.Viewer);
        var seen = new List<long>();
        for (long? after = 0; after is not null;)
        {
            var page = await Json(api, $"/api/v1/exchanges?limit=2{(after > 0 ? $"&after={after}" : "")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            after = page.GetProperty("after").ValueKind == JsonValueKind.Null ? null : page.GetProperty("after").GetInt64();
        }
        Assert.True(seen.Count >= 5);
        Assert.Equal(seen.Distinct().OrderDescending(), seen);
    }

    [Fact]
    public async Task Payload_is_for_operators_and_who_read_it_stands_in_the_audit()
    {
        await using var hub = await WebHub.Start();
        var failed = await Failed(hub);
        using var viewer = await Client(hub, Role.Viewer);
        using (var refused = await viewer.GetAsync($"/api/v1/exchanges/{failed}/raw", Cancellation))
            Assert.Contains("lacks the role Operator", (await Problem(refused, HttpStatusCode.Forbidden)).GetProperty("detail").GetString());
        Assert.All((await Json(viewer, $"/api/v1/exchanges/{failed}/findings")).EnumerateArray(), finding =>
        {
            Assert.Equal(JsonValueKind.Null, finding.GetProperty("found").ValueKind);
            Assert.Equal(JsonValueKind.Null, finding.GetProperty("message").ValueKind);
        });
        using var api = await Client(hub, Role.Operator, "reader");
        Assert.Contains("KRT", await api.GetStringAsync($"/api/v1/exchanges/{failed}/raw", Cancellation));
        var audit = await Json(api, $"/api/v1/audit?target=exchange%20{failed}");
        Assert.Equal(("token reader", "read payload"), (audit.GetProperty("items")[0].GetProperty("actor").GetString(), audit.GetProperty("items")[0].GetProperty("action").GetString()));
    }

    [Fact]
    public async Task An_order_by_who_saw_an_older_state_is_refused_with_the_state_it_is_in()
    {
        await using var hub = await WebHub.Start();
        var failed = await Failed(hub);
        using var api = await Client(hub, Role.Operator);
        using var shown = await api.GetAsync($"/api/v1/exchanges/{failed}", Cancellation);
        var tag = shown.Headers.ETag!;
        await hub.Hub.Interventions.Ignore(failed, "somebody else", "not ours", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/exchanges/{failed}/retry") { Content = JsonContent.Create(new { reason = "x" }) };
        request.Headers.IfMatch.Add(tag);
        using var answer = await api.SendAsync(request, Cancellation);
        Assert.Equal("Ignored", (await Problem(answer, HttpStatusCode.PreconditionFailed)).GetProperty("state").GetString());
        Assert.Equal(ExchangeState.Ignored, (await hub.Hub.Queries.Show(failed, Cancellation))!.Exchange.State);
    }

    [Fact]
    public async Task A_post_that_is_sent_again_with_its_key_does_nothing_more_and_is_answered_alike()
    {
        await using var hub = await WebHub.Start();
        var failed = await Failed(hub);
        using var api = await Client(hub, Role.Operator);
        api.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        using var first = await Order(api, failed, "ignore", new { reason = "it was a test" });
        using var second = await Order(api, failed, "ignore", new { reason = "it was a test" });
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Single((await hub.Hub.Queries.Show(failed, Cancellation))!.Decisions);
        using var another = await Order(api, failed, "ignore", new { reason = "another request" });
        await Problem(another, HttpStatusCode.UnprocessableEntity);
        // The keys of others are not ours.
        using var other = await Client(hub, Role.Operator, "other");
        other.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        using var theirs = await Order(other, failed, "ignore", new { reason = "it was a test" });
        await Problem(theirs, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_token_that_is_unknown_expired_or_revoked_lets_nobody_in()
    {
        await using var hub = await WebHub.Start();
        var (revoked, text) = await hub.Hub.Tokens.Add("old", new(Role.Admin, false), TimeSpan.FromDays(30), "test", Cancellation);
        using var api = Client(hub, text);
        Assert.Equal(HttpStatusCode.OK, await Status("/api/v1/exchanges"));
        await hub.Hub.Tokens.Revoke(revoked.Id, "test", Cancellation);
        using (var answer = await api.GetAsync("/api/v1/exchanges", Cancellation))
        {
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            await Problem(answer, HttpStatusCode.Unauthorized);
        }
        using var expiring = await Client(hub, Role.Viewer);
        hub.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        using (var answer = await expiring.GetAsync("/api/v1/exchanges", Cancellation))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        using (var answer = await expiring.GetAsync("/api/v1/exchanges", Cancellation))
            await Problem(answer, HttpStatusCode.Unauthorized);
        // Also at this machine, where nobody would need one.
        using var wrong = Client(hub, text[..^1] + (text[^1] == '0' ? '1' : '0'));
        using (var answer = await wrong.GetAsync("/api/v1/exchanges", Cancellation))
            await Problem(answer, HttpStatusCode.Unauthorized);
        Assert.DoesNotContain(await hub.Hub.Tokens.List(Cancellation), token => text.Contains(token.Hash, StringComparison.Ordinal));

        async Task<HttpStatusCode> Status(string path)
        {
            using var answer = await api.GetAsync(path, Cancellation);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/exchanges/999999", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/partners/nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/exchanges?state=Odd", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/exchanges?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/exchanges?limit=many", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_answered_is_told_as_a_problem(string path, HttpStatusCode expected)
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Viewer);
        using var answer = await api.GetAsync(path, Cancellation);
        await Problem(answer, expected);
    }

    [Fact]
    public async Task A_request_that_is_no_json_is_told_as_a_problem()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Operator);
        using var answer = await api.PostAsync("/api/v1/exchanges/1/retry", new StringContent("{", MediaTypeHeaderValue.Parse("application/json")), Cancellation);
        await Problem(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_description_names_every_route_of_the_interface()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Viewer);
        var paths = (await Json(api, "/api/openapi.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        var routes = hub.Routes.Select(route => "/" + route.RoutePattern.RawText!.Trim('/').Replace(":long", "", StringComparison.Ordinal))
            .Where(path => path.StartsWith("/api/v1/", StringComparison.Ordinal)).Distinct();
        Assert.Equal(routes.Order(), paths.Order());
    }

    [Fact]
    public async Task A_file_that_is_handed_in_is_archived_and_read_as_one_that_was_fetched()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Operator);
        using var answer = await Upload(api, "nordlicht", "handed-in.edi", Orders.File("R1", Orders.Order("PO-HANDED")));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var place = answer.Headers.Location!.ToString();
        JsonElement shown;
        do
            shown = (await Json(api, place)).GetProperty("exchange");
        while (shown.GetProperty("state").GetString() is "Received" or "Processing");
        Assert.Equal("Completed", shown.GetProperty("state").GetString());
        Assert.Contains("PO-HANDED", await hub.Flow.OrderNumbers());
        Assert.Contains("PO-HANDED", await api.GetStringAsync($"{place}/raw", Cancellation));
        // Nothing of the partner's is moved for it.
        Assert.DoesNotContain(await hub.Hub.Outbox.Take("nordlicht", 10, documents: true, Cancellation), row => row.Kind == OutboxKind.FinalizeRemote);
        using var nobody = await Upload(api, "nobody", "a.edi", [1]);
        await Problem(nobody, HttpStatusCode.NotFound);
        using var folder = await Upload(api, "nordlicht", "../a.edi", [1]);
        await Problem(folder, HttpStatusCode.BadRequest);
        using var empty = await Upload(api, "nordlicht", "a.edi", []);
        await Problem(empty, HttpStatusCode.BadRequest);

        static Task<HttpResponseMessage> Upload(HttpClient api, string partner, string name, byte[] bytes) =>
            api.PostAsync($"/api/v1/partners/{partner}/files?name={Uri.EscapeDataString(name)}", new ByteArrayContent(bytes), Cancellation);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_as_too_large()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Operator);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/partners/nordlicht/files?name=large.edi") { Content = new ByteArrayContent(new byte[Worker.Web.Api.ApiLimits.UploadBytesMost + 1]) };
        // Who asks first is answered before all of it is sent into a closed connection.
        request.Headers.ExpectContinue = true;
        using var large = await api.SendAsync(request, Cancellation);
        await Problem(large, HttpStatusCode.RequestEntityTooLarge);
        Assert.Empty(await hub.Hub.Queries.List(new(), Cancellation));
    }

    [Fact]
    public async Task A_partner_is_paused_once_and_goes_on()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Operator);
        using (var silent = await Ask("pause", null))
            await Problem(silent, HttpStatusCode.BadRequest);
        using (var paused = await Ask("pause", "they move"))
            Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        Assert.Equal("they move", (await hub.Hub.Pauses.Of("nordlicht", Cancellation))!.Reason);
        using (var twice = await Ask("pause", "twice"))
            Assert.Contains("by token test since", await twice.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using (var resumed = await Ask("resume", "they have moved"))
            Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        using (var running = await Ask("resume", "again"))
            await Problem(running, HttpStatusCode.Conflict);
        using var nobody = await api.PostAsJsonAsync("/api/v1/partners/nobody/pause", new { reason = "x" }, Cancellation);
        await Problem(nobody, HttpStatusCode.NotFound);

        Task<HttpResponseMessage> Ask(string verb, string? reason) => api.PostAsJsonAsync($"/api/v1/partners/nordlicht/{verb}", new { reason }, Cancellation);
    }

    [Fact]
    public async Task A_poll_that_is_asked_for_is_made()
    {
        await using var hub = await WebHub.Start();
        using var api = await Client(hub, Role.Operator);
        using (var answer = await api.PostAsync("/api/v1/partners/nordlicht/poll", null, Cancellation))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains(await hub.Hub.Audit.List(new() { Most = 10 }, Cancellation), entry => entry is { Action: "poll", Target: "partner nordlicht", Actor: "token test" });
        var partner = await Json(api, "/api/v1/partners/nordlicht");
        Assert.Equal("Live", partner.GetProperty("state").GetString());
    }

    static async Task<long> Failed(WebHub hub)
    {
        var details = await hub.Flow.Send("orders-broken.edi", Orders.File("R100", Orders.Order("PO100", unit: "KRT")));
        Assert.Equal(ExchangeState.Failed, details.Exchange.State);
        return details.Exchange.Id;
    }

    static async Task<HttpClient> Client(WebHub hub, Role role, string name = "test") =>
        Client(hub, (await hub.Hub.Tokens.Add(name, new(role, false), TimeSpan.FromDays(30), "test", Cancellation)).Text);

    static HttpClient Client(WebHub hub, string token) =>
        new() { BaseAddress = hub.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };

    static Task<HttpResponseMessage> Order(HttpClient api, long exchange, string verb, object order) =>
        api.PostAsJsonAsync($"/api/v1/exchanges/{exchange}/{verb}", order, Cancellation);

    static async Task<JsonElement> Json(HttpClient api, string path) => await api.GetFromJsonAsync<JsonElement>(path, Cancellation);

    static async Task<JsonElement> Problem(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem;
    }
}
