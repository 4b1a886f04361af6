using System.Net;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Tests.Web;

public sealed class ProxyTests
{
    const string Header = "X-Remote-User";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxy_that_is_not_listed_signs_nobody_in()
    {
        await using var unset = await WebHub.Start(access => access with { Loopback = false });
        Assert.Equal(HttpStatusCode.Redirect, await Status(unset, (Header, "mira")));
        await using var other = await WebHub.Start(access => access with { ProxyHeader = Header, Proxies = [IPAddress.Parse("10.0.0.5")] });
        await other.Hub.Accounts.Add("mira", null, new(Role.Operator, false), "test", Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, await Status(other, (Header, "mira")));
    }

    [Fact]
    public async Task Whom_a_listed_proxy_names_has_the_role_of_the_account_of_that_name()
    {
        await using var hub = await WebHub.Start(access => access with { ProxyHeader = Header, Proxies = [IPAddress.Loopback] });
        await hub.Hub.Accounts.Add("mira", null, new(Role.Viewer, false), "test", Cancellation);
        Assert.Equal(HttpStatusCode.OK, await Status(hub, (Header, "Mira"), ("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(hub, (Header, "somebody")));
        // Nobody is this machine's administrator any more, and two names are none.
        Assert.Equal(HttpStatusCode.Redirect, await Status(hub));
        Assert.Equal(HttpStatusCode.Redirect, await Status(hub, (Header, "mira"), (Header, "root")));
        await hub.Hub.Accounts.SetDisabled("mira", true, "test", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, await Status(hub, (Header, "mira")));
    }

    [Fact]
    public async Task The_groups_that_a_listed_proxy_tells_are_roles_as_the_settings_say()
    {
        await using var hub = await WebHub.Start(access => access with
        {
            ProxyHeader = Header,
            ProxyRoles = "X-Remote-Groups",
            Proxies = [IPAddress.Loopback],
            RoleNames = [(nameof(Role.Viewer), "staff"), (nameof(Role.Operator), "edi"), (AccessSettings.Approver, "sales")],
        });
        Assert.Equal(HttpStatusCode.OK, await Status(hub, (Header, "mira"), ("X-Remote-Groups", "staff, sales")));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(hub, (Header, "mira"), ("X-Remote-Groups", "Viewer")));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(hub, (Header, "mira")));
        Assert.Equal(new Rights(Role.Operator, true), hub.Hub.Settings.Access.RightsOf(["sales", "edi", "staff"]));
        Assert.Null(hub.Hub.Settings.Access.RightsOf(["sales"]));
    }

    [Fact]
    public async Task Behind_a_listed_proxy_with_https_cookies_and_answers_are_for_https()
    {
        await using var hub = await WebHub.Start(access => access with { Proxies = [IPAddress.Loopback] });
        await hub.Hub.Accounts.Add("mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        using var browser = hub.Open();
        browser.Headers.Add("X-Forwarded-Proto", "https");
        browser.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var page = await browser.Get("/login");
        Assert.Equal("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        Assert.All(page.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie));
        using var plain = hub.Open();
        using var unsafely = await plain.Get("/login");
        Assert.False(unsafely.Headers.Contains("Strict-Transport-Security"));
    }

    static async Task<HttpStatusCode> Status(WebHub hub, params (string Name, string Value)[] headers)
    {
        using var browser = hub.Open();
        foreach (var (name, value) in headers)
            browser.Headers.Add(name, value);
        return await browser.Status("/hangfire");
    }
}
