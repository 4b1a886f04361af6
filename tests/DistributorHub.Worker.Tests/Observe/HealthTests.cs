using System.Net;
using Dapper;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Service;

namespace DistributorHub.Worker.Tests.Observe;

public sealed class HealthTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("distributorhub-health-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_is_ready_with_its_database_only_and_says_what_is_wrong()
    {
        var programs = PostgresServer.FindPrograms();
        Machine.Needs(programs is not null, "PostgreSQL's server programs are not installed (Debian package postgresql).");
        await using var server = await PostgresServer.Start(programs!, durable: false);
        var database = await server.NewDatabase(Cancellation);
        await using var hub = HubProcess.Start(Settings(("ConnectionStrings__Hub", database), ("ConnectionStrings__Seller", database)));
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => (await Ready(browser)).Code == HttpStatusCode.OK, "it is ready", Cancellation);

        await server.Stop();
        await hub.Until(async () => (await Ready(browser)).Code == HttpStatusCode.ServiceUnavailable, "it is not ready", Cancellation);
        var (_, body) = await Ready(browser);
        Assert.Contains("The hub database does not answer.", body);
        Assert.Contains("The seller's database does not answer.", body);
        Assert.Contains("The storage of the jobs does not answer.", body);
        // The process itself is well, and is not to be started anew.
        Assert.Equal("live", await browser.GetStringAsync("/health/live", Cancellation));
        // Who is not at this machine is not told names of hosts.
        var (_, passedOn) = await Ready(browser, "X-Forwarded-For");
        Assert.Contains("The hub database does not answer.", passedOn);
        Assert.DoesNotContain("127.0.0.1", passedOn);
        await hub.Until(async () => (await browser.GetStringAsync("/metrics", Cancellation)).Contains("hub_ready{otel_scope_name=\"DistributorHub\"} 0", StringComparison.Ordinal), "the measure says so", Cancellation);

        await server.Start();
        await hub.Until(async () => (await Ready(browser)).Code == HttpStatusCode.OK, "it is ready again", Cancellation);
        await hub.Until(async () => (await browser.GetStringAsync("/metrics", Cancellation)).Contains("hub_ready{otel_scope_name=\"DistributorHub\"} 1", StringComparison.Ordinal), "the measure says so", Cancellation);
    }

    [Fact]
    public async Task A_database_without_this_programs_schema_is_not_ready()
    {
        await using var hub = HubProcess.Start(Settings());
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => (await Ready(browser)).Code == HttpStatusCode.OK, "it is ready", Cancellation);
        using (var database = new Database($"Data Source={Path.Combine(root, "data", "hub.db")}"))
        await using (var connection = await database.Open(Cancellation))
            await connection.ExecuteAsync("delete from migration where name = '005-stated-number.sql'");
        var (code, body) = await Ready(browser);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Equal("The hub database has an older schema than this program: run 'hub migrate'. 005-stated-number.sql", body);
    }

    [Fact]
    public async Task A_spool_without_room_for_a_download_is_not_ready()
    {
        await using var hub = HubProcess.Start(Settings(("Hub__Health__SpaceLeast", "999999999 GB")));
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => (await Ready(browser)).Body.Contains("The disk of the spool is nearly full.", StringComparison.Ordinal), "it says so", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Ready(browser)).Code);
    }

    [Fact]
    public async Task The_verb_asks_the_service_and_answers_by_its_exit_code()
    {
        var settings = Settings();
        await using var hub = HubProcess.Start(settings);
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => (await Ready(browser)).Code == HttpStatusCode.OK, "it is ready", Cancellation);
        settings["Hub__Address"] = hub.Address.ToString();
        await using (var ask = HubProcess.Start(settings, "health"))
        {
            Assert.Equal(0, await ask.Exit(Cancellation));
            Assert.Equal("ready", ask.Output);
        }
        Assert.Equal(0, await hub.Stop(Cancellation));
        await using var again = HubProcess.Start(settings, "health");
        Assert.Equal(3, await again.Exit(Cancellation));
        Assert.Contains($"No service answers at {hub.Address}", again.Output);
    }

    static async Task<(HttpStatusCode Code, string Body)> Ready(HttpClient browser, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        if (header is not null)
            request.Headers.Add(header, "192.0.2.1");
        try
        {
            using var answer = await browser.SendAsync(request, Cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
        catch (HttpRequestException)
        {
            // Not started yet.
            return (default, "");
        }
    }

    Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["Hub__Data"] = Path.Combine(root, "data"), ["Hub__Mappings"] = Repository.PathTo("mappings") };
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }

    public void Dispose() => EmbeddedHub.Delete(root);
}
