using System.Diagnostics;
using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Observe;
using DistributorHub.Worker.Tests.Flow;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace DistributorHub.Worker.Tests.Observe;

/// <summary>What measures and spans say of a run, and what they cost it.</summary>
public sealed class TelemetryTests
{
    const int Rounds = 20_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exchange_has_a_span_for_each_stage_with_its_number()
    {
        var spans = new List<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Other tests run beside this one.
                if (span.TraceId == root.TraceId)
                    lock (spans)
                        spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var flow = await FlowFixture.Create();
        var exchange = (await flow.Send("a.edi", Orders.File("R1", Orders.Order("1"), Orders.Order("2")))).Exchange.Id;
        foreach (var stage in new[] { "exchange", "read", "load", "acknowledge", "finalise" })
            Assert.All(spans.Where(span => span.OperationName == stage), span => Assert.Equal(exchange, span.GetTagItem("hub.exchange")));
        Assert.Equal(["acknowledge", "exchange", "load", "read"], spans.Where(span => span.OperationName is not ("receive" or "finalise")).Select(span => span.OperationName).Order());
        Assert.Equal(2, spans.Count(span => span.OperationName == "receive"));
        var load = Assert.Single(spans, span => span.OperationName == "load");
        Assert.Equal(2L, load.GetTagItem("hub.times"));
        var run = Assert.Single(spans, span => span.OperationName == "exchange");
        Assert.Equal(run.SpanId, load.ParentSpanId);
        Assert.True(load.Duration <= run.Duration, $"{load.Duration} of {run.Duration}");
        Assert.Equal("Completed", run.GetTagItem("hub.state"));
    }

    [Fact]
    public async Task Measuring_costs_a_document_microseconds_and_a_segment_nothing()
    {
        using var meters = Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).Build();
        var exchange = new ExchangeRow { Partner = "nobody", Bytes = 1_000 };
        var end = new ExchangeEnd { State = ExchangeState.Completed };
        var document = new DocumentRow { State = DocumentState.Loaded };
        await Run(1_000);
        var (bytes, since) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        await Run(Rounds);
        var each = (Bytes: (GC.GetAllocatedBytesForCurrentThread() - bytes) / Rounds, Time: Stopwatch.GetElapsedTime(since) / Rounds);
        TestContext.Current.SendDiagnosticMessage($"One exchange of one document: {each.Time.TotalMicroseconds:0.0} µs and {each.Bytes} bytes.");
        // A transaction of the ledger takes milliseconds, and a slow machine is twenty times slower than usual.
        Assert.InRange(each.Bytes, 0, 2_000);
        Assert.InRange(each.Time.TotalMicroseconds, 0, 200);

        async Task Run(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                var run = new ExchangeRun(exchange, 1, new Dictionary<int, DocumentState>(), Poisoned: false);
                await run.Times.Load(() => Task.FromResult(document));
                await run.Times.Acknowledge(() => Task.CompletedTask);
                Telemetry.Ended(document);
                Telemetry.Ended(run, end, new Findings());
            }
        }
    }
}
