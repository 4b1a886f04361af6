using Polly;
using Polly.Retry;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// Repeats what reads (connect, list, look, download) when the network stumbled. What writes is not repeated here: its caller knows
/// whether it may be. Longer outages are the business of the next poll.
/// </summary>
static class SourceRetry
{
    const int RepetitionsMax = 2;

    public static ResiliencePipeline Build(TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SourceException>(e => e is { Fault: SourceFault.Unreachable, TimedOut: false }),
            MaxRetryAttempts = RepetitionsMax,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();
}
