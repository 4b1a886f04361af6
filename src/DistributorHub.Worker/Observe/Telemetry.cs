using System.Diagnostics;
using System.Diagnostics.Metrics;
using DistributorHub.Edi;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Observe;

/// <summary>
/// All measures and traces of the hub, in one place: names and units are here, <c>deploy/README.md</c> says what each means. They are taken per poll,
/// document and exchange, never per segment, and cost nothing measurable while nobody listens. Labels are few: states, codes, stages, partners.
/// </summary>
static class Telemetry
{
    /// <summary>Name of the meter and of the source of activities.</summary>
    public const string Name = "DistributorHub";

    static readonly ActivitySource source = new(Name);
    static readonly Meter meter = new(Name);

    static readonly Counter<long> exchanges = meter.CreateCounter<long>("hub.exchanges", description: "Exchanges that ended, by state and partner.");
    static readonly Counter<long> documents = meter.CreateCounter<long>("hub.documents", description: "Documents that were read or written, by what became of them.");
    static readonly Counter<long> findings = meter.CreateCounter<long>("hub.findings", description: "Findings in files, by code.");
    static readonly Counter<long> read = meter.CreateCounter<long>("hub.read", "By", "Bytes of the files that were read.");
    static readonly Counter<long> polls = meter.CreateCounter<long>("hub.polls", description: "Polls, by partner and outcome.");
    static readonly Counter<long> leasesLost = meter.CreateCounter<long>("hub.leases.lost", description: "Exchanges that another worker took over while this one had them.");
    static readonly Counter<long> notices = meter.CreateCounter<long>("hub.notices", description: "Alert messages, by channel and outcome.");
    static readonly Histogram<double> stages = meter.CreateHistogram<double>(
        "hub.stage.duration", "s", "Time an exchange, a poll or an effect spends in a stage.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800] });

    static volatile LedgerSample? sample;
    static volatile bool ready;

    static Telemetry()
    {
        meter.CreateObservableGauge("hub.ready", () => ready ? 1 : 0, description: "1 when the hub can work, 0 when a database, the job storage or the disk does not let it.");
        Gauge("hub.exchanges.open", "Exchanges that have not ended.", now => now.OpenExchanges);
        Gauge("hub.exchanges.due", "Exchanges that are due and have no worker: the queue.", now => now.DueExchanges);
        Gauge("hub.exchanges.oldest", "Age of the oldest exchange that has not ended.", now => Age(now, now.OldestExchange), "s");
        Gauge("hub.outbox.length", "Effects outside the databases that are not done.", now => now.OutboxLength);
        Gauge("hub.outbox.oldest", "Age of the oldest of them.", now => Age(now, now.OldestEffect), "s");
        Gauge("hub.jobs.queued", "Hangfire jobs that wait.", now => now.QueuedJobs);
        Gauge("hub.workers", "Services that run on this hub database.", now => now.Workers);
        meter.CreateObservableGauge("hub.partner.silence", () => Each(now => now.LastFiles.Select(partner =>
            new Measurement<double>(Age(now, partner.Value), Tag("partner", partner.Key)))), "s", "Time since a live partner's last file.");
        meter.CreateObservableGauge("hub.alerts.open", () => Each(now => now.OpenAlerts.Select(level =>
            new Measurement<double>(level.Value, Tag("level", level.Key)))), description: "Open alerts, by level.");
    }

    /// <summary>Whether the hub can work, and what the ledger showed; null when it could not be asked, and then there are no values of it.</summary>
    public static void Sampled(bool isReady, LedgerSample? now) => (ready, sample) = (isReady, now);

    /// <summary>Lets every counter start at nothing, so that the first failure is an increase.</summary>
    public static void Begin()
    {
        foreach (var state in Enum.GetNames<ExchangeState>().Where(name => Transitions.IsEnded(Enum.Parse<ExchangeState>(name))))
            exchanges.Add(0, Tag("state", state), Tag("partner", ""));
        foreach (var state in Enum.GetNames<DocumentState>())
            documents.Add(0, Tag("state", state));
        foreach (var channel in new[] { "webhook", "mail", "contacts" })
            foreach (var outcome in new[] { "sent", "failed" })
                Notice(channel, outcome, 0);
        leasesLost.Add(0);
        read.Add(0);
    }

    /// <summary>A poll of a partner, as a span and in the counts.</summary>
    public static async Task<PollResult> Poll(string partner, Func<Task<PollResult>> poll)
    {
        using var span = Start("receive", partner);
        var since = Stopwatch.GetTimestamp();
        var result = await poll();
        if (result.Busy)
            return result;
        var outcome = result.Failure?.Fault.ToString() ?? (result.Listed == 0 ? "Empty" : "Ok");
        polls.Add(1, Tag("partner", partner), Tag("outcome", outcome));
        stages.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, Tag("stage", "receive"));
        span?.SetTag("hub.outcome", outcome).SetTag("hub.received", result.Exchanges.Count);
        return result;
    }

    /// <summary>One effect of an exchange outside the databases.</summary>
    public static async Task<T> Finalise<T>(string partner, long exchange, string effect, Func<Task<T>> deliver)
    {
        using var span = Start("finalise", partner, exchange)?.SetTag("hub.effect", effect);
        var since = Stopwatch.GetTimestamp();
        var result = await deliver();
        stages.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, Tag("stage", "finalise"));
        return result;
    }

    /// <summary>The span of a run; null while nobody traces.</summary>
    public static Activity? Run(ExchangeRun run) => Start("exchange", run.Exchange.Partner, run.Exchange.Id);

    public static void Ended(DocumentRow document) => documents.Add(1, Tag("state", document.State.ToString()));

    /// <summary>An exchange that ended: counts, durations of its stages, and their spans.</summary>
    public static void Ended(ExchangeRun run, ExchangeEnd end, Findings found)
    {
        var span = Activity.Current is { Source.Name: Name } current ? current : null;
        exchanges.Add(1, Tag("state", end.State.ToString()), Tag("partner", run.Exchange.Partner));
        read.Add(run.Exchange.Bytes);
        if (findings.Enabled && found.Count > 0)
        {
            foreach (var code in found.Kept.GroupBy(finding => finding.Code, StringComparer.Ordinal))
                findings.Add(code.Count(), Tag("code", code.Key));
            if (found.Count > found.Kept.Count)
                findings.Add(found.Count - found.Kept.Count, Tag("code", "more"));
        }
        foreach (var (stage, times) in run.Times.Ended())
        {
            stages.Record(times.Busy.TotalSeconds, Tag("stage", stage));
            if (span is not null)
                Trace(span, stage, times);
        }
        span?.SetTag("hub.state", end.State.ToString()).SetTag("hub.findings", found.Count);
    }

    public static void LeaseLost() => leasesLost.Add(1);

    /// <param name="channel">webhook, mail or contacts.</param>
    /// <param name="outcome">sent or failed.</param>
    /// <param name="count">How many.</param>
    public static void Notice(string channel, string outcome, int count = 1) => notices.Add(count, Tag("channel", channel), Tag("outcome", outcome));

    // The stages of a file overlap: messages stream through them. Each has one span from its first to its last moment, which says how long it was busy.
    static void Trace(Activity run, string stage, StageTimes.Stage times)
    {
        using var span = source.StartActivity(stage, ActivityKind.Internal, run.Context, startTime: new DateTimeOffset(run.StartTimeUtc + times.From));
        span?.SetTag("hub.exchange", run.GetTagItem("hub.exchange")).SetTag("hub.busy_seconds", times.Busy.TotalSeconds).SetTag("hub.times", times.Count)
            .SetEndTime(run.StartTimeUtc + times.To);
    }

    static Activity? Start(string name, string partner, long? exchange = null)
    {
        var span = source.StartActivity(name)?.SetTag("hub.partner", partner);
        return exchange is null ? span : span?.SetTag("hub.exchange", exchange);
    }

    static void Gauge(string name, string description, Func<LedgerSample, double> value, string? unit = null) =>
        meter.CreateObservableGauge(name, () => Each(now => [new Measurement<double>(value(now))]), unit, description);

    static IEnumerable<Measurement<double>> Each(Func<LedgerSample, IEnumerable<Measurement<double>>> values) => sample is { } now ? values(now) : [];

    static double Age(LedgerSample now, DateTimeOffset? since) => since is null ? 0 : (now.At - since.Value).TotalSeconds;

    static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
