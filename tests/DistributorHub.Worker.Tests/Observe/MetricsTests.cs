using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Service;
using YamlDotNet.RepresentationModel;

namespace DistributorHub.Worker.Tests.Observe;

/// <summary>The measures of the real program, and the files in <c>deploy/</c> that ask for them.</summary>
public sealed partial class MetricsTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("distributorhub-metrics-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_samples_make_is_measured_and_every_query_of_the_deployment_files_finds_its_measures()
    {
        await using var hub = HubProcess.Start(Settings());
        using var browser = new HttpClient { BaseAddress = hub.Address };
        var text = "";
        await hub.Until(
            async () => Series(text = await Read(browser)).Where(line => line.Name == "hub_exchanges_total").Sum(line => line.Value) == 5 && text.Contains("hub_partner_silence_seconds", StringComparison.Ordinal)
                && text.Contains("stage=\"finalise\"", StringComparison.Ordinal),
            "the samples are measured", Cancellation);
        var series = Series(text);
        Assert.Equal(4, Sum("hub_exchanges_total", "state=\"Completed\""));
        Assert.Equal(1, Sum("hub_exchanges_total", "state=\"Failed\""));
        Assert.Equal(6, Sum("hub_documents_total", "state=\"Loaded\""));
        Assert.Equal(1, Sum("hub_findings_total", "code=\"MAP2105\""));
        Assert.Equal(5, Sum("hub_stage_duration_seconds_count", "stage=\"read\""));
        Assert.Equal(await EmbeddedHub.Query(Path.Combine(data, "hub.db"), "select sum(bytes) from exchange"), Sum("hub_read_bytes_total", "").ToString(System.Globalization.CultureInfo.InvariantCulture));

        var names = series.Select(line => line.Name).ToHashSet(StringComparer.Ordinal);
        var queries = Queries().ToList();
        Assert.True(queries.Count > 25, $"{queries.Count} queries");
        foreach (var query in queries)
        {
            var asked = Measure().Matches(query).Select(match => match.Value).Distinct().ToList();
            Assert.NotEmpty(asked);
            Assert.All(asked, name => Assert.True(names.Contains(name), $"No measure '{name}': {query}"));
            foreach (Match selector in Selector().Matches(query))
                foreach (Match label in Label().Matches(selector.Groups["labels"].Value))
                    // Prometheus adds the job itself.
                    if (label.Groups["label"].Value is not ("job" or "instance"))
                        Assert.True(series.Exists(line => line.Name == selector.Groups["name"].Value && line.Labels.Contains($"{label.Groups["label"].Value}=\"", StringComparison.Ordinal)), $"{label.Value}: {query}");
        }

        double Sum(string name, string label) => series.Where(line => line.Name == name && line.Labels.Contains(label, StringComparison.Ordinal)).Sum(line => line.Value);
    }

    [Fact]
    public void A_query_for_a_measure_that_does_not_exist_would_be_noticed() =>
        Assert.Equal(["hub_exchanges_total", "hub_nonsense"], Measure().Matches("sum by (state) (rate(hub_exchanges_total{job=~\"$job\"}[5m])) / hub_nonsense").Select(match => match.Value));

    [Fact]
    public async Task Measures_are_for_this_machine_unless_a_token_is_shown()
    {
        var settings = Settings();
        settings["Hub__Metrics__Token"] = "env:HUB_TEST_METRICS";
        settings["HUB_TEST_METRICS"] = "let-me-in";
        await using var hub = HubProcess.Start(settings);
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => (await Read(browser)).Length > 0, "it answers", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await PassedOn(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PassedOn("Bearer let-me-in-too"));
        Assert.Equal(HttpStatusCode.OK, await PassedOn("Bearer let-me-in"));

        // As through a proxy: from elsewhere.
        async Task<HttpStatusCode> PassedOn(string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            if (authorization is not null)
                request.Headers.Add("Authorization", authorization);
            using var answer = await browser.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Spans_and_measures_go_to_a_collector_when_one_is_named()
    {
        await using var collector = await HttpReceiver.Start(Cancellation);
        var settings = Settings();
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_BSP_SCHEDULE_DELAY"] = "500";
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await using var hub = HubProcess.Start(settings);
        string[] stages = ["receive", "exchange", "read", "load", "acknowledge", "finalise", "hub.exchange"];
        await hub.Until(() => Task.FromResult(stages.All(stage => Sent("/v1/traces", stage)) && Sent("/v1/metrics", "hub.exchanges")), "everything is sent", Cancellation);

        bool Sent(string path, string text) => collector.Requests.Any(request => request.Path == path && request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
    }

    static async Task<string> Read(HttpClient browser)
    {
        try
        {
            return await browser.GetStringAsync("/metrics", Cancellation);
        }
        catch (HttpRequestException)
        {
            // Not started yet.
            return "";
        }
    }

    static List<(string Name, string Labels, double Value)> Series(string text) =>
    [
        .. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => Line().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups["name"].Value, match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture))),
    ];

    static IEnumerable<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("deploy", "grafana-dashboard.json")));
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
                yield return target.GetProperty("expr").GetString()!;
        var rules = new YamlStream();
        rules.Load(new StringReader(File.ReadAllText(Repository.PathTo("deploy", "prometheus-rules.yaml"))));
        foreach (var group in (YamlSequenceNode)rules.Documents[0].RootNode["groups"])
            foreach (var rule in (YamlSequenceNode)group["rules"])
                yield return ((YamlScalarNode)rule["expr"]).Value!;
    }

    Dictionary<string, string> Settings() => new() { ["Hub__Data"] = data };

    public void Dispose() => EmbeddedHub.Delete(data);

    [GeneratedRegex(@"\b(hub|dotnet)_[a-z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Measure();

    [GeneratedRegex(@"(?<name>(hub|dotnet)_[a-z_]+)\{(?<labels>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>[a-z_]+)(=~|!~|!=|=)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Line();
}
