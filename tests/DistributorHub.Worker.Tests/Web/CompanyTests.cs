using System.Net;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Tests.Web;

/// <summary>Sign-in with an account of the company, against an issuer that really issues.</summary>
public sealed class CompanyTests : IDisposable
{
    readonly string secret = Path.GetTempFileName();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whom_the_issuer_knows_is_signed_in_with_the_role_that_the_settings_give()
    {
        await using var issuer = await Issuer.Start();
        issuer.Person["preferred_username"] = "mira.sato";
        issuer.Person["roles"] = new[] { "edi-operators", "everybody" };
        await using var hub = await Start(issuer);
        using var browser = hub.Open();
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
        Assert.Contains("Sign in with company account", await (await browser.Get("/login")).Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("/hangfire", await SignIn(browser));
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire"));
        using var requeue = await browser.PostForm("/hangfire/jobs/failed/requeue", ("jobs[]", "1"));
        Assert.Equal(HttpStatusCode.NoContent, requeue.StatusCode);
        var entry = Assert.Single(await hub.Hub.Audit.List(new() { Most = 10 }, Cancellation));
        Assert.Equal(("mira.sato", "sign in", "company account mira.sato"), (entry.Actor, entry.Action, entry.Target));
        // An account of that name that is disabled ends the session.
        await hub.Hub.Accounts.Add("mira.sato", null, new(Role.Viewer, false), "test", Cancellation);
        await hub.Hub.Accounts.SetDisabled("mira.sato", true, "test", Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
    }

    [Fact]
    public async Task Who_has_no_role_there_is_told_which_one_is_missing()
    {
        await using var issuer = await Issuer.Start();
        issuer.Person["preferred_username"] = "mira.sato";
        issuer.Person["roles"] = new[] { "everybody" };
        await using var hub = await Start(issuer);
        using var browser = hub.Open();
        Assert.Equal("/hangfire", await SignIn(browser));
        using var refused = await browser.Get("/hangfire");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("mira.sato lacks the role Viewer", await refused.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_token_that_the_issuer_did_not_sign_lets_nobody_in()
    {
        await using var issuer = await Issuer.Start();
        issuer.Person["preferred_username"] = "mira.sato";
        issuer.Person["roles"] = new[] { "edi-operators" };
        issuer.Forges = true;
        await using var hub = await Start(issuer);
        using var browser = hub.Open();
        Assert.Null(await SignIn(browser));
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
        Assert.Equal("sign in refused", Assert.Single(await hub.Hub.Audit.List(new() { Most = 10 }, Cancellation)).Action);
    }

    async Task<WebHub> Start(Issuer issuer)
    {
        await File.WriteAllTextAsync(secret, Issuer.Secret + "\n", Cancellation);
        var hub = await WebHub.Start(access => access with
        {
            OpenIdConnect = new(issuer.Address, Issuer.Client, $"file:{secret}", "preferred_username", "roles"),
            RoleNames = [(nameof(Role.Operator), "edi-operators")],
        });
        // The issuer's cookies and tokens go by the real time.
        hub.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        return hub;
    }

    /// <summary>To the issuer and back; where the hub leads then, or null when it refuses.</summary>
    static async Task<string?> SignIn(Browser browser)
    {
        using var away = await browser.Get("/login/company?to=%2Fhangfire");
        using var there = await browser.Get(away.Headers.Location!.ToString());
        using var back = await browser.Get(there.Headers.Location!.ToString());
        return back.StatusCode == HttpStatusCode.Redirect ? back.Headers.Location!.ToString() : null;
    }

    public void Dispose() => File.Delete(secret);
}
