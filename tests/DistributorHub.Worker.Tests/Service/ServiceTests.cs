using System.Net;

namespace DistributorHub.Worker.Tests.Service;

public sealed class ServiceTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("distributorhub-service-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_loads_the_samples_and_the_second_loads_nothing_again()
    {
        string first;
        await using (var hub = HubProcess.Start(Settings))
        {
            await hub.Until(() => Ended(5), "five sample files are done", Cancellation);
            // Lines are written behind the work's back.
            await hub.Until(() => Task.FromResult(hub.Output.Contains("  Failed, ", StringComparison.Ordinal)), "it has said so", Cancellation);
            Assert.Matches(@"nordlicht  orders-4500017201\.edi  #\d+  ORDERS 4500017201  loaded: orders 1, .*order_lines 3", hub.Output);
            Assert.Matches(@"nordlicht  orders-4500017203-broken\.edi  #\d+  ORDERS 4500017203  failed: .*KRT", hub.Output);
            Assert.Contains($"Pages: {hub.Address}", hub.Output);
            first = await Rows();
            Assert.Equal(0, await hub.Stop(Cancellation));
        }
        await using var again = HubProcess.Start(Settings);
        await again.Until(() => Task.FromResult(again.Output.Contains("Pages:", StringComparison.Ordinal)), "it runs", Cancellation);
        await again.Until(async () => await Query("select count(*) from partner_state where outcome = 'Empty'") == "2", "both partners are polled", Cancellation);
        Assert.Equal(first, await Rows());
        Assert.DoesNotContain("loaded:", again.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sample files copied")]
    [InlineData("DistributorHub 0.")]
    public async Task A_service_that_is_stopped_while_it_starts_has_not_failed(string said)
    {
        for (var delay = 0; delay <= 400; delay += 200)
        {
            await using var hub = HubProcess.Start(Settings);
            await hub.Until(async () => said.Length == 0 ? await hub.TakesStops() : hub.Output.Contains(said, StringComparison.Ordinal), "it gets that far", Cancellation);
            await Task.Delay(delay, Cancellation);
            var code = await hub.Stop(Cancellation);
            Assert.True(code == 0, $"Exit code {code} after {delay} ms:\n{hub.Output}");
            Assert.DoesNotContain("Exception", hub.Output, StringComparison.Ordinal);
            Directory.Delete(data, recursive: true);
            Directory.CreateDirectory(data);
        }
        // What a stop in the middle left is no obstacle.
        await using var after = HubProcess.Start(Settings);
        await after.Until(() => Ended(5), "five sample files are done", Cancellation);
    }

    [Fact]
    public async Task Run_once_ends_with_a_summary_and_says_by_its_exit_code_that_a_file_failed()
    {
        await using (var hub = HubProcess.Start(Settings, "run", "--once"))
        {
            Assert.Equal(1, await hub.Exit(Cancellation));
            Assert.Contains("4 file(s) completed, 1 failed", hub.Output);
        }
        var rows = await Rows();
        await using var again = HubProcess.Start(Settings, "run", "--once");
        Assert.Equal(0, await again.Exit(Cancellation));
        Assert.Equal(rows, await Rows());
    }

    [Fact]
    public async Task A_failed_exchange_is_retried_from_the_dashboard()
    {
        await using var hub = HubProcess.Start(Settings);
        using var browser = new HttpClient { BaseAddress = hub.Address };
        var page = "";
        await hub.Until(async () => (page = await Failed(browser)).Contains("orders-4500017203-broken.edi / #", StringComparison.Ordinal), "the job is shown", Cancellation);
        var id = await Query("select id from exchange where state = 'Failed'");
        Assert.Contains($"#{id} / MAP", page);
        var job = await Query($"select job from exchange where id = {id}");

        using (var forged = await browser.PostAsync(EmbeddedHub.RequeuePath, EmbeddedHub.Jobs(job), Cancellation))
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await EmbeddedHub.Requeue(browser, job));
        await hub.Until(
            async () => await Query($"select group_concat(kind || ' ' || actor || ' ' || state, ', ') from attempt where exchange_id = {id}")
                == $"First hub Failed, Replay {Environment.UserName} Failed",
            "the ledger has the repetition", Cancellation);
        await hub.Until(async () => (await Failed(browser)).Contains($"#{id} / ", StringComparison.Ordinal), "it is shown as failed again", Cancellation);
    }

    [Fact]
    public async Task A_failed_exchange_is_shown_again_after_a_restart()
    {
        await using (var hub = HubProcess.Start(Settings))
        {
            await hub.Until(async () => await Query("select count(job) from exchange") == "1", "the failed one has a job", Cancellation);
            await hub.Kill();
        }
        await using var again = HubProcess.Start(Settings);
        using var browser = new HttpClient { BaseAddress = again.Address };
        await again.Until(
            async () => again.Output.Contains("Pages:", StringComparison.Ordinal)
                && (await Failed(browser)).Contains("orders-4500017203-broken.edi / #", StringComparison.Ordinal),
            "the job is shown", Cancellation);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Host", "hub.example")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Host", "hub.example")]
    public async Task The_dashboard_is_closed_for_what_a_proxy_passes_on(string header, string value)
    {
        await using var hub = HubProcess.Start(Settings);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Address };
        await hub.Until(() => Task.FromResult(hub.Output.Contains("Pages:", StringComparison.Ordinal)), "it runs", Cancellation);
        Assert.Equal(HttpStatusCode.OK, await Get("/hangfire", null));
        Assert.Equal(HttpStatusCode.Redirect, await Get("/hangfire", header));
        Assert.Equal(HttpStatusCode.Redirect, await Get("/hangfire/jobs/failed", header));
        Assert.Equal(HttpStatusCode.OK, await Get("/health/ready", header));

        async Task<HttpStatusCode> Get(string path, string? forwarding)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (forwarding is not null)
                request.Headers.TryAddWithoutValidation(forwarding, value);
            using var answer = await browser.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("Hub__Address", "localhost")]
    [InlineData("Hub__Workers", "many")]
    [InlineData("Hub__Mappings", "/nowhere")]
    [InlineData("Hub__Adress", "http://127.0.0.1:5080")]
    [InlineData("ConnectionStrings__Hub", "Host=nowhere")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string name, string value)
    {
        var settings = new Dictionary<string, string>(Settings) { [name] = value };
        await using var hub = HubProcess.Start(settings, "run", "--once");
        Assert.Equal(2, await hub.Exit(Cancellation));
        Assert.Contains(name.Replace("__", ":", StringComparison.Ordinal), hub.Output);
        Assert.DoesNotContain("   at ", hub.Output);
    }

    Dictionary<string, string> Settings => new() { ["Hub__Data"] = data };

    static async Task<string> Failed(HttpClient browser)
    {
        try
        {
            return await browser.GetStringAsync("/hangfire/jobs/failed", Cancellation);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return "";
        }
    }

    async Task<bool> Ended(int files) => await Query("select count(*) from exchange where ended_at is not null") == $"{files}";

    async Task<string> Query(string sql) => await Query("hub.db", sql);

    async Task<string> Rows() => await Query("seller.db", """
        select group_concat(name || ' ' || n) from (
            select 'inbox' as name, count(*) as n from hub_inbox union all
            select 'orders', count(*) from sales_purchase_order union all
            select 'lines', count(*) from sales_purchase_order_line union all
            select 'items', count(*) from pim_supplier_item)
        """);

    Task<string> Query(string file, string sql) => EmbeddedHub.Query(Path.Combine(data, file), sql);

    public void Dispose() => EmbeddedHub.Delete(data);
}
