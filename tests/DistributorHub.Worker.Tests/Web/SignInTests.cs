using System.Net;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Tests.Web;

public sealed class SignInTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_at_this_machine_is_its_administrator_until_there_is_an_account()
    {
        await using var hub = await WebHub.Start();
        using var browser = hub.Open();
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire"));
        using var passedOn = hub.Open();
        passedOn.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using (var refused = await passedOn.Get("/hangfire"))
        {
            Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
            Assert.Equal("/login", refused.Headers.Location!.AbsolutePath);
        }
        await hub.Hub.Accounts.Add("mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
    }

    [Fact]
    public async Task The_exemption_of_this_machine_can_be_closed()
    {
        await using var hub = await WebHub.Start(access => access with { Loopback = false });
        using var browser = hub.Open();
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/health/live"));
    }

    [Fact]
    public async Task Who_signs_in_comes_to_the_page_that_was_asked_for_and_out_again()
    {
        await using var hub = await WebHub.Start();
        await hub.Hub.Accounts.Add("Mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        using var browser = hub.Open();
        using (var refused = await browser.Get("/hangfire/jobs/failed"))
            Assert.Equal("/login?to=%2Fhangfire%2Fjobs%2Ffailed", refused.Headers.Location!.PathAndQuery);
        using (var answer = await browser.PostForm("/login", ("name", "MIRA"), ("password", WebHub.Password), ("to", "/hangfire/jobs/failed")))
            Assert.Equal("/hangfire/jobs/failed", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire/jobs/failed"));
        using (var left = await browser.PostForm("/logout"))
            Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
    }

    [Theory]
    [InlineData("//hub.example/")]
    [InlineData("/\\hub.example/")]
    [InlineData("https://hub.example/")]
    [InlineData("hub.example")]
    public async Task A_link_to_the_sign_in_leads_nowhere_else(string to)
    {
        await using var hub = await WebHub.Start();
        await hub.Hub.Accounts.Add("mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        using var browser = hub.Open();
        using var answer = await browser.PostForm("/login", ("name", "mira"), ("password", WebHub.Password), ("to", to));
        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Five_wrong_passwords_pause_an_account_for_a_quarter_of_an_hour()
    {
        await using var hub = await WebHub.Start();
        await hub.Hub.Accounts.Add("mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        using var browser = hub.Open();
        for (var i = 0; i < Accounts.FailuresMax; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await browser.SignIn("mira", "another word than that"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.SignIn("mira", WebHub.Password));
        hub.Clock.Advance(Accounts.Lockout - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.SignIn("mira", WebHub.Password));
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Redirect, await browser.SignIn("mira", WebHub.Password));
        var audit = await hub.Hub.Audit.List(new() { Most = 100 }, Cancellation);
        Assert.Equal(
            ["add account", .. Enumerable.Repeat("sign in refused", 5), "lock account", "sign in refused", "sign in refused", "sign in"],
            audit.Reverse().Select(entry => entry.Action));
        Assert.Equal(("hub", "account mira"), (audit[3].Actor, audit[3].Target));
        Assert.Contains("from 127.0.0.1", audit[0].Reason);
    }

    [Fact]
    public async Task A_name_that_is_none_is_answered_as_a_wrong_password_is_and_is_not_written_down()
    {
        await using var hub = await WebHub.Start();
        await hub.Hub.Accounts.Add("mira", WebHub.Password, new(Role.Viewer, false), "test", Cancellation);
        using var browser = hub.Open();
        using var wrong = await browser.PostForm("/login", ("name", "mira"), ("password", "another word than that"));
        using var nobody = await browser.PostForm("/login", ("name", "my-password-by-mistake"), ("password", "another word than that"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (wrong.StatusCode, nobody.StatusCode));
        Assert.Equal(await Trouble(wrong), await Trouble(nobody));
        Assert.DoesNotContain(await hub.Hub.Audit.List(new() { Most = 100 }, Cancellation), entry => $"{entry}".Contains("my-password", StringComparison.Ordinal));

        static async Task<string> Trouble(HttpResponseMessage answer) =>
            (await answer.Content.ReadAsStringAsync(Cancellation)).Split("id=\"trouble\">")[1].Split("</p>")[0];
    }

    [Fact]
    public async Task Too_many_tries_from_one_address_are_refused_whatever_the_names()
    {
        await using var hub = await WebHub.Start();
        using var browser = hub.Open();
        var token = await browser.FormToken();
        var seen = new List<HttpStatusCode>();
        // A minute may begin in between, and lets as many through again.
        for (var i = 0; i < 70 && seen.LastOrDefault() != HttpStatusCode.TooManyRequests; i++)
            using (var answer = await browser.Post("/login", ("name", $"n{i}"), ("password", "x"), ("__RequestVerificationToken", token)))
                seen.Add(answer.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, seen[^1]);
        Assert.InRange(seen.Count(status => status == HttpStatusCode.Unauthorized), 30, 60);
    }

    [Fact]
    public async Task Sessions_end_at_once_when_the_account_is_disabled_or_removed_or_its_password_or_role_is_another()
    {
        await using var hub = await WebHub.Start();
        var accounts = hub.Hub.Accounts;
        Func<string, Task<bool>>[] changes =
        [
            name => accounts.SetDisabled(name, true, "test", Cancellation),
            name => accounts.SetPassword(name, "yet another word", "test", Cancellation),
            name => accounts.SetRights(name, new(Role.Viewer, false), "test", Cancellation),
            name => accounts.Remove(name, "test", Cancellation),
        ];
        foreach (var (change, index) in changes.Select((change, index) => (change, index)))
        {
            using var browser = await hub.SignedIn(Role.Operator, name: $"person{index}");
            using var other = await hub.SignedIn(Role.Operator, name: $"other{index}");
            Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire"));
            Assert.True(await change($"PERSON{index}"));
            Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
            Assert.Equal(HttpStatusCode.OK, await other.Status("/hangfire"));
        }
        using var disabled = hub.Open();
        Assert.Equal(HttpStatusCode.Unauthorized, await disabled.SignIn("person0", WebHub.Password));
    }

    [Fact]
    public async Task Who_signs_out_leaves_no_cookie_that_is_worth_anything_and_other_browsers_alone()
    {
        await using var hub = await WebHub.Start();
        using var browser = await hub.SignedIn(Role.Viewer, name: "mira");
        using var elsewhere = await hub.SignedIn(Role.Viewer, name: "mira");
        using var thief = hub.Open(browser);
        Assert.Equal(HttpStatusCode.OK, await thief.Status("/hangfire"));
        using (var left = await browser.PostForm("/logout"))
            Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await thief.Status("/hangfire"));
        Assert.Equal(HttpStatusCode.OK, await elsewhere.Status("/hangfire"));
        Assert.Single(await hub.Hub.Sessions.List(Cancellation));
        // Signing in again in the same browser does not make a second one.
        Assert.Equal(HttpStatusCode.Redirect, await elsewhere.SignIn("mira", WebHub.Password));
        Assert.Single(await hub.Hub.Sessions.List(Cancellation));
    }

    [Fact]
    public async Task An_administrator_sees_who_is_signed_in_and_ends_a_session()
    {
        await using var hub = await WebHub.Start();
        using var admin = await hub.SignedIn(Role.Admin, name: "chief");
        using var browser = await hub.SignedIn(Role.Operator, name: "mira");
        using (var answer = await admin.Get("/sessions"))
        {
            var page = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("2 people signed in", page, StringComparison.Ordinal);
            Assert.Contains("this session", page, StringComparison.Ordinal);
        }
        var session = Assert.Single(await hub.Hub.Sessions.List(Cancellation), session => session.Name == "mira");
        Assert.Equal("127.0.0.1", session.FromAddress);
        using (var refused = await browser.PostForm($"/sessions/{session.Id}/end"))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var ended = await admin.PostForm($"/sessions/{session.Id}/end"))
            Assert.Equal("/sessions?said=session", ended.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, await browser.Status("/hangfire"));
        Assert.Equal(HttpStatusCode.OK, await admin.Status("/hangfire"));
        using (var again = await admin.PostForm($"/sessions/{session.Id}/end"))
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var entry = (await hub.Hub.Audit.List(new() { Most = 1 }, Cancellation))[0];
        Assert.Equal(("chief", "end session", "account mira"), (entry.Actor, entry.Action, entry.Target));
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_without_use_and_after_a_day_in_any_case()
    {
        await using var hub = await WebHub.Start();
        using var idle = await hub.SignedIn(Role.Viewer, name: "idle");
        using var busy = await hub.SignedIn(Role.Viewer, name: "busy");
        for (var hours = 0; hours < 20; hours += 5)
        {
            hub.Clock.Advance(TimeSpan.FromHours(5));
            Assert.Equal(HttpStatusCode.OK, await busy.Status("/hangfire"));
        }
        Assert.Equal(HttpStatusCode.Redirect, await idle.Status("/hangfire"));
        hub.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(HttpStatusCode.Redirect, await busy.Status("/hangfire"));
    }
}
