using System.Net;
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
        }
    }

    [Fact]
    public async Task A_post_without_the_proof_of_a_page_of_ours_is_refused_everywhere()
    {
        await using var hub = await WebHub.Start();
        using var browser = hub.Open();
        // Somebody at this machine may do everything, so that nothing else can be what refuses it.
        var posts = hub.Routes.Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(route => route.RoutePattern.RawText!.Replace("{id:long}", "1", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal))
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
