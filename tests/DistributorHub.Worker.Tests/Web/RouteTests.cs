using System.Net;
using System.Text.RegularExpressions;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace DistributorHub.Worker.Tests.Web;

public sealed class RouteTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_says_who_may_use_it()
    {
        await using var hub = await WebHub.Start();
        var routes = hub.Routes.ToList();
        Assert.True(routes.Count > 5);
        var silent = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null
            && !route.Metadata.OfType<IAuthorizeData>().Any(data => data.Policy is not null)).Select(route => route.DisplayName);
        Assert.Empty(silent);
        string[] open = ["/login", "/login/company", "/logout", "/health/live", "/health/ready", "/metrics"];
        var anonymous = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => route.RoutePattern.RawText!);
        Assert.DoesNotContain(anonymous, path => !open.Contains(path) && !path.StartsWith("/ui/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_answer_keeps_foreign_scripts_and_frames_out()
    {
        await using var hub = await WebHub.Start();
        using var browser = hub.Open();
        foreach (var path in new[] { "/login", "/hangfire", "/health/live", "/nowhere" })
        {
            using var answer = await browser.Get(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Equal(path == "/hangfire", policy.Contains("unsafe-inline", StringComparison.Ordinal));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
                Assert.All(cookies, cookie => Assert.Contains("path=/;", cookie));
        }
    }

    [Fact]
    public async Task A_post_without_the_proof_of_a_page_of_ours_is_refused_everywhere()
    {
        await using var hub = await WebHub.Start();
        using var browser = hub.Open();
        // Somebody at this machine may do everything, so that nothing else can be what refuses it.
        var posts = hub.Routes.Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(Concrete)
            .Append("/hangfire/jobs/failed/requeue").ToList();
        Assert.Contains("/logout", posts);
        foreach (var path in posts)
        {
            using var answer = await browser.Post(path, ("reason", "x"));
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
        }
        // A token of somebody else's page is none.
        using var other = await hub.SignedIn(Role.Admin);
        using var foreign = await browser.Post("/logout", ("__RequestVerificationToken", await other.FormToken()));
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Theory]
    [InlineData(nameof(Role.Viewer), HttpStatusCode.Unauthorized)]
    [InlineData(nameof(Role.Operator), HttpStatusCode.NoContent)]
    public async Task Who_may_only_look_sees_the_dashboard_and_does_nothing_there(string role, HttpStatusCode expected)
    {
        await using var hub = await WebHub.Start();
        using var browser = await hub.SignedIn(Enum.Parse<Role>(role));
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire/jobs/failed"));
        using var answer = await browser.PostForm("/hangfire/jobs/failed/requeue", ("jobs[]", "1"));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Every_route_of_the_interface_lets_in_who_has_its_role_and_nobody_else()
    {
        var expected = new Dictionary<string, Role?>
        {
            ["GET /api/openapi.json"] = Role.Viewer,
            ["GET /api/v1/exchanges"] = Role.Viewer,
            ["GET /api/v1/exchanges/1"] = Role.Viewer,
            ["GET /api/v1/exchanges/1/findings"] = Role.Viewer,
            ["GET /api/v1/exchanges/1/raw"] = Role.Operator,
            ["GET /api/v1/catalogues"] = Role.Viewer,
            ["GET /api/v1/catalogues/1"] = Role.Viewer,
            ["POST /api/v1/catalogues/1/rollback"] = null,
            ["POST /api/v1/exchanges/1/retry"] = Role.Operator,
            ["POST /api/v1/exchanges/1/ignore"] = Role.Operator,
            ["POST /api/v1/exchanges/1/cancel"] = Role.Operator,
            // For whoever may approve, whatever the role.
            ["POST /api/v1/exchanges/1/approve"] = null,
            ["POST /api/v1/exchanges/1/reject"] = null,
            ["GET /api/v1/replays"] = Role.Operator,
            ["POST /api/v1/replays"] = Role.Operator,
            ["GET /api/v1/replays/1"] = Role.Operator,
            ["POST /api/v1/replays/1/apply"] = Role.Operator,
            ["GET /api/v1/bulk"] = Role.Operator,
            ["POST /api/v1/bulk"] = Role.Operator,
            ["GET /api/v1/partners"] = Role.Viewer,
            ["GET /api/v1/partners/x"] = Role.Viewer,
            ["POST /api/v1/partners/x/poll"] = Role.Operator,
            ["POST /api/v1/partners/x/pause"] = Role.Operator,
            ["POST /api/v1/partners/x/resume"] = Role.Operator,
            ["POST /api/v1/partners/x/files"] = Role.Operator,
            ["GET /api/v1/acknowledgements"] = Role.Viewer,
            ["GET /api/v1/audit"] = Role.Operator,
        };
        await using var hub = await WebHub.Start();
        var routes = hub.Routes.Where(route => route.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Concrete(route)}"));
        Assert.Equal(expected.Keys.Order(), routes.Order());
        using var nobody = Client(null);
        foreach (var route in expected.Keys)
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(nobody, route));
        foreach (var role in Enum.GetValues<Role>())
            foreach (var approver in new[] { false, true })
            {
                using var api = Client((await hub.Hub.Tokens.Add("t", new(role, approver), TimeSpan.FromDays(1), "test", Cancellation)).Text);
                foreach (var (route, needed) in expected)
                    Assert.True(await Status(api, route) == HttpStatusCode.Forbidden == (needed is null ? !approver : role < needed), $"{route} as {role}, {approver}");
            }

        HttpClient Client(string? token) => new() { BaseAddress = hub.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token ?? "hub_no_token") } };

        static async Task<HttpStatusCode> Status(HttpClient api, string route)
        {
            var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
            using var request = new HttpRequestMessage(new(method), path);
            if (method == "POST")
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await api.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Every_page_and_every_action_on_it_lets_in_who_has_its_role_and_nobody_else()
    {
        var expected = new Dictionary<string, Role?>
        {
            ["GET /"] = Role.Viewer,
            ["GET /exchanges"] = Role.Viewer,
            ["GET /exchanges/1"] = Role.Viewer,
            ["GET /exchanges/1/status"] = Role.Viewer,
            ["GET /exchanges/1/state"] = Role.Viewer,
            ["GET /exchanges/1/file"] = Role.Operator,
            ["POST /exchanges/1/retry"] = Role.Operator,
            // For whoever may approve, whatever the role.
            ["POST /exchanges/1/approve"] = null,
            ["GET /exchanges/bulk"] = Role.Operator,
            ["POST /exchanges/bulk"] = Role.Operator,
            ["POST /replays"] = Role.Operator,
            ["GET /replays/1"] = Role.Operator,
            ["GET /replays/1/progress"] = Role.Operator,
            ["POST /replays/1/apply"] = Role.Operator,
            ["GET /approvals"] = Role.Viewer,
            ["POST /approvals/delegate"] = null,
            ["POST /approvals/delegations/1/revoke"] = null,
            ["GET /catalogues"] = Role.Viewer,
            ["GET /catalogues/1"] = Role.Viewer,
            ["POST /catalogues/1/approve"] = null,
            ["GET /sent"] = Role.Viewer,
            ["POST /sent/1/review"] = Role.Operator,
            ["GET /partners"] = Role.Viewer,
            ["GET /partners/x"] = Role.Viewer,
            ["POST /partners/x/poll"] = Role.Operator,
            ["POST /partners/x/check"] = Role.Operator,
            ["POST /partners/x/tell"] = Role.Operator,
            ["POST /partners/x/pause"] = Role.Operator,
            ["GET /mappings"] = Role.Engineer,
            ["GET /mappings/x/x"] = Role.Engineer,
            ["POST /mappings/x/x"] = Role.Engineer,
            ["GET /mappings/x/x/draft"] = Role.Engineer,
            ["POST /mappings/x/x/draft"] = Role.Engineer,
            ["POST /mappings/x/x/test"] = Role.Engineer,
            ["POST /mappings/x/x/discard"] = Role.Engineer,
            ["POST /mappings/x/x/live"] = Role.Engineer,
            ["GET /audit"] = Role.Viewer,
            ["GET /sessions"] = Role.Admin,
            ["POST /sessions/x/end"] = Role.Admin,
        };
        await using var hub = await WebHub.Start();
        // The dashboard, which takes every method, has tests of its own.
        var routes = hub.Routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null && route.Metadata.GetMetadata<HttpMethodMetadata>() is not null && !route.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Concrete(route)}"));
        Assert.Equal(expected.Keys.Order(), routes.Order());
        foreach (var role in Enum.GetValues<Role>())
            foreach (var approver in new[] { false, true })
            {
                using var browser = await hub.SignedIn(role, approver);
                foreach (var (route, needed) in expected)
                {
                    var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
                    using var answer = method == "GET" ? await browser.Get(path) : await browser.PostForm(path, ("reason", "x"));
                    Assert.True(answer.StatusCode == HttpStatusCode.Forbidden == (needed is null ? !approver : role < needed), $"{route} as {role}, {approver}: {answer.StatusCode}");
                    Assert.True((int)answer.StatusCode < 500, $"{route} as {role}: {answer.StatusCode}");
                }
            }
    }

    /// <summary>A path of a route: some number or name in it, and of several words the first.</summary>
    static string Concrete(RouteEndpoint route) => Regex.Replace(
        "/" + route.RoutePattern.RawText!.Trim('/').Replace("{id:long}", "1", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal).Replace("{owner}/{map}", "x/x", StringComparison.Ordinal),
        @"\{\w+:regex\(\^\((?<first>\w+).*?\)\$\)\}", "${first}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    [Fact]
    public void A_role_includes_those_before_it_and_approving_is_beside_them()
    {
        Assert.False(Person.Of("x", "mira", null).Has(Role.Viewer));
        foreach (var role in Enum.GetValues<Role>())
        {
            var person = Person.Of("x", "mira", new(role, Approver: false));
            Assert.Equal(Enum.GetValues<Role>().Where(other => other <= role), Enum.GetValues<Role>().Where(person.Has));
            Assert.False(person.Approves());
        }
        Assert.True(Person.Of("x", "mira", new(Role.Viewer, Approver: true)).Approves());
    }
}
