using System.Net;
using System.Text.RegularExpressions;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Tests.Flow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DistributorHub.Worker.Tests.Web;

/// <summary>The whole service on a port of its own, as the program starts it, with a clock that stands still.</summary>
sealed class WebHub : IAsyncDisposable
{
    public const string Password = "a long enough word";
    readonly FlowFixture flow;
    readonly WebApplication app;

    WebHub(FlowFixture flow, WebApplication app)
    {
        (this.flow, this.app) = (flow, app);
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    public Hub Hub => flow.Hub;

    public FlowFixture Flow => flow;

    public FakeTimeProvider Clock => flow.Clock;

    public IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<WebHub> Start(Func<AccessSettings, AccessSettings>? access = null, string? hub = null)
    {
        var fixture = await FlowFixture.Create(hub, change: settings =>
        {
            PollOnlyAtStart(settings.Mappings);
            return settings with { Address = new("http://127.0.0.1:0"), Access = access?.Invoke(settings.Access) ?? settings.Access };
        });
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Hangfire keeps the last host's for the whole process, also when that host is gone.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        var service = await HubHost.Build(builder, fixture.Hub, Cancellation);
        await service.StartAsync(Cancellation);
        // What is polled at the start would meet the files of the tests otherwise.
        while ((await fixture.Hub.PartnerStates.List(Cancellation)).Count < fixture.Hub.Partners.Live.Count())
            await Task.Delay(20, Cancellation);
        return new(fixture, service);
    }

    // Only the tests' own polls find their files.
    static void PollOnlyAtStart(string mappings)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(mappings, "partners"), "partner.yaml", SearchOption.AllDirectories))
            File.WriteAllText(file, File.ReadAllText(file).Replace("schedule: '* * * * *'", "schedule: '0 0 29 2 *'", StringComparison.Ordinal));
    }

    /// <summary>A browser that keeps cookies and follows nothing.</summary>
    public Browser Open() => new(Address, new());

    /// <summary>Another browser with copies of the cookies that one has now.</summary>
    public Browser Open(Browser copied) => new(Address, copied.Cookies(Address));

    /// <summary>An account, and a browser that is signed in with it.</summary>
    public async Task<Browser> SignedIn(Role role, bool approver = false, string? name = null)
    {
        name ??= $"{role}{(approver ? "-approver" : "")}".ToLowerInvariant();
        await Hub.Accounts.Add(name, Password, new(role, approver), "test", Cancellation);
        var browser = Open();
        Assert.Equal(HttpStatusCode.Redirect, await browser.SignIn(name, Password));
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await flow.DisposeAsync();
    }
}

/// <summary>What a person's browser does.</summary>
sealed partial class Browser(Uri address, CookieContainer cookies) : IDisposable
{
    readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = address };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Headers of every request.</summary>
    public System.Net.Http.Headers.HttpRequestHeaders Headers => client.DefaultRequestHeaders;

    public CookieContainer Cookies(Uri of)
    {
        var copies = new CookieContainer();
        copies.Add(of, cookies.GetCookies(of));
        return copies;
    }

    public Task<HttpResponseMessage> Get(string path) => client.GetAsync(path, Cancellation);

    public async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await Get(path);
        return answer.StatusCode;
    }

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => client.SendAsync(request, Cancellation);

    public Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancellation);

    /// <summary>Posts a form with the proof that it is the hub's own, as the sign-in page carries it.</summary>
    public async Task<HttpResponseMessage> PostForm(string path, params (string Name, string Value)[] fields) =>
        await Post(path, [.. fields, ("__RequestVerificationToken", await FormToken())]);

    public async Task<string> FormToken()
    {
        using var page = await Get("/login");
        return WebUtility.HtmlDecode(TokenForm().Match(await page.Content.ReadAsStringAsync(Cancellation)).Groups["token"].Value);
    }

    public async Task<HttpStatusCode> SignIn(string name, string password)
    {
        using var answer = await PostForm("/login", ("name", name), ("password", password));
        return answer.StatusCode;
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TokenForm();
}
