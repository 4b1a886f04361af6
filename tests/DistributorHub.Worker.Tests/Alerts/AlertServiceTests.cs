using DistributorHub.Worker.Alerts;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Service;

namespace DistributorHub.Worker.Tests.Alerts;

/// <summary>The real program tells its alerts, also when it is killed.</summary>
public sealed class AlertServiceTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("distributorhub-alert-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_again_and_again_it_tells_the_failed_sample_once()
    {
        await using var webhook = await HttpReceiver.Start(Cancellation);
        var settings = Settings(webhook);
        // The receiver is away while the exchange fails, and the program is killed before anybody is told.
        webhook.Status = 503;
        await using (var hub = HubProcess.Start(settings))
        {
            await hub.Until(() => Task.FromResult(webhook.Requests.Count > 0), "it tries to tell", Cancellation);
            await hub.Kill();
        }
        // Killed as soon as the exchange's own alert is there, and in between.
        for (var round = 0; round < 3; round++)
        {
            await using var hub = HubProcess.Start(settings);
            var tries = webhook.Requests.Count;
            await hub.Until(() => Task.FromResult(webhook.Requests.Count > tries || hub.Output.Contains("Pages:", StringComparison.Ordinal)), "it runs", Cancellation);
            await hub.Kill();
        }
        webhook.Status = 200;
        var before = webhook.Requests.Count;
        await using (var hub = HubProcess.Start(settings))
        {
            // It tells while it still starts, and a start that is stopped has failed.
            await hub.Until(() => Task.FromResult(hub.Output.Contains("Pages:", StringComparison.Ordinal)), "it has started", Cancellation);
            await hub.Until(async () => webhook.Requests.Count > before && await Query("select count(*) from outbox where kind = 'Notify' and done_at is null") == "0", "it has told", Cancellation);
            Assert.Equal(0, await hub.Stop(Cancellation));
        }
        Assert.Equal(before + 1, webhook.Requests.Count);
        // Every try was the same message, so that a receiver who took it before the kill knows it.
        Assert.Single(webhook.Requests.Select(request => request.Headers["X-Hub-Delivery"]).Distinct());
        Assert.Equal(AlertKind.ExchangeFailed, Assert.Single(Digest.FromJson(webhook.Requests[^1].Body).Alerts).Kind);

        await using (var again = HubProcess.Start(settings))
        {
            await again.Until(() => Task.FromResult(again.Output.Contains("Pages:", StringComparison.Ordinal)), "it runs again", Cancellation);
            var seen = await Query("select max(seen_at) from worker");
            // Two of its rounds.
            for (var round = 0; round < 2; round++)
            {
                await again.Until(async () => await Query("select max(seen_at) from worker") is { Length: > 0 } now && now != seen, "it looks", Cancellation);
                seen = await Query("select max(seen_at) from worker");
            }
            Assert.Equal(0, await again.Stop(Cancellation));
        }
        Assert.Equal(before + 1, webhook.Requests.Count);
        // A service that stops is not missed.
        Assert.Equal("0", await Query("select count(*) from worker"));
    }

    [Fact]
    public async Task A_run_once_tells_as_well_and_the_verbs_list_and_try()
    {
        await using var webhook = await HttpReceiver.Start(Cancellation);
        var settings = Settings(webhook);
        await using (var run = HubProcess.Start(settings, "run", "--once"))
            Assert.Equal(1, await run.Exit(Cancellation));
        var told = Assert.Single(webhook.Requests);
        Assert.Equal("nordlicht", Digest.FromJson(told.Body).Partner);
        await using (var list = HubProcess.Start(settings, "alert", "list"))
        {
            Assert.Equal(1, await list.Exit(Cancellation));
            Assert.Matches(@"Warn +nordlicht +.* Exchange #\d+ failed: one error\. +MAP2105", list.Output);
        }
        await using (var list = HubProcess.Start(settings, "alert", "list", "--partner", "prairie"))
        {
            Assert.Equal(0, await list.Exit(Cancellation));
            Assert.Equal("No alert is open.", list.Output);
        }
        await using (var test = HubProcess.Start(settings, "alert", "test", "--partner", "nordlicht"))
        {
            Assert.Equal(0, await test.Exit(Cancellation));
            Assert.Equal("webhook   sent", test.Output);
        }
        Assert.True(Digest.FromJson(webhook.Requests[1].Body).Test);
        webhook.Status = 404;
        await using (var test = HubProcess.Start(settings, "alert", "test"))
        {
            Assert.Equal(3, await test.Exit(Cancellation));
            Assert.Equal("webhook   The webhook answered 404.", test.Output);
        }
        settings.Remove("Hub__Alerts__Webhook__Url");
        await using (var test = HubProcess.Start(settings, "alert", "test"))
        {
            Assert.Equal(2, await test.Exit(Cancellation));
            Assert.Contains("Nobody is told of alerts", test.Output);
        }
    }

    Dictionary<string, string> Settings(HttpReceiver webhook) => new()
    {
        ["Hub__Data"] = data,
        ["Hub__Alerts__Webhook__Url"] = webhook.Address.ToString(),
    };

    Task<string> Query(string sql) => EmbeddedHub.Query(Path.Combine(data, "hub.db"), sql);

    public void Dispose() => EmbeddedHub.Delete(data);
}
