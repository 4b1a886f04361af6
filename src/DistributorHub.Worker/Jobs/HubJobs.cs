using DistributorHub.Worker.Ledger;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;

namespace DistributorHub.Worker.Jobs;

/// <summary>A failed exchange, as its job on the dashboard shows it.</summary>
sealed class ExchangeFailedException(string cause) : Exception(cause);

/// <summary>
/// What Hangfire starts. Hangfire only triggers: a job that is lost, repeated or doubled changes nothing, because the ledger decides
/// what there is to do. Failures of files and of the world are the ledger's too, so Hangfire's own retries are off.
/// </summary>
sealed class HubJobs(Hub hub, IBackgroundJobClient jobs, JobStorage storage)
{
    /// <summary>Who retried, when a job was requeued and nobody is known to have done it.</summary>
    public const string DashboardActor = "dashboard";

    /// <summary>
    /// A poll by the partner's schedule. One that waited for a worker while another was made has nothing more to find; on a busy day such polls would pile up
    /// before the work that the others brought.
    /// </summary>
    [JobDisplayName("{0} / poll by schedule")]
    [SoonForgotten]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task PollAsScheduled(string partner, PerformContext? context, CancellationToken cancellation)
    {
        if (context is null || !await hub.PartnerStates.PolledSince(partner, new(context.BackgroundJob.CreatedAt, TimeSpan.Zero), cancellation))
            await Poll(partner, cancellation);
    }

    [JobDisplayName("{0} / poll")]
    [SoonForgotten]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Poll(string partner, CancellationToken cancellation)
    {
        if (await hub.PartnerStates.PausedReason(partner, cancellation) is null)
            await PollNow(partner, cancellation);
    }

    /// <summary>A poll that a person asks for: it is made also when polling waits for a person.</summary>
    [JobDisplayName("{0} / poll, asked for")]
    [SoonForgotten]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task PollNow(string partner, CancellationToken cancellation)
    {
        if (hub.Mappings.Refresh().Live.FirstOrDefault(live => live.Id == partner) is not { } definition)
            return;
        // They have no size yet, and are small.
        Enqueue(partner, [.. (await hub.Flow.Collect(definition, cancellation)).Exchanges.Select(id => (id, 0L))]);
        var result = await hub.Flow.Receive(definition, cancellation);
        Enqueue(partner, result.Exchanges);
        // Found out by this poll only, so that the looks at the end of their grace do not multiply.
        if (result.Incomplete.Where(file => file.IsNew).Max(file => (DateTimeOffset?)file.TakenAt) is { } taken)
            jobs.Schedule<HubJobs>(hubJobs => hubJobs.Poll(partner, CancellationToken.None), taken);
        if (result.More)
            jobs.Enqueue<HubJobs>(hubJobs => hubJobs.Poll(partner, CancellationToken.None));
        else if (result.Unsettled > 0)
            jobs.Schedule<HubJobs>(hubJobs => hubJobs.Poll(partner, CancellationToken.None), definition.Source.Settle);
    }

    [JobDisplayName("{0} / {1}")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Process(string partner, string title, long[] exchanges, CancellationToken cancellation)
    {
        hub.Mappings.Refresh();
        await hub.Flow.Process(exchanges, cancellation);
        await Deliver(partner, cancellation);
    }

    [JobDisplayName("{0} / deliver")]
    [SoonForgotten]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Deliver(string partner, CancellationToken cancellation)
    {
        if (hub.Partners.Find(partner) is { } definition)
            await hub.Flow.Finalise(definition, cancellation);
    }

    /// <summary>Stands for a failed exchange, in state Failed. Requeued, it is the retry.</summary>
    [JobDisplayName("{0} / {1} / #{2} / {3}")]
    [AutomaticRetry(Attempts = 0, LogEvents = false)]
    [RequeuedBy]
    public async Task Failed(string partner, string file, long exchange, string cause, CancellationToken cancellation)
    {
        var job = (await hub.Queries.Show(exchange, cancellation))?.Exchange.Job;
        await hub.Interventions.Again(exchange, RequeuedBy(job) ?? DashboardActor, "requeued on the dashboard", cancellation);
        await Process(partner, file, [exchange], cancellation);
        if (await hub.Queries.Show(exchange, cancellation) is { Exchange: var now } && Transitions.IsFailed(now.State))
            throw new ExchangeFailedException(now.Cause ?? now.State.ToString());
    }

    string? RequeuedBy(string? job)
    {
        using var connection = storage.GetConnection();
        return job is null ? null : SerializationHelper.Deserialize<string>(connection.GetJobParameter(job, RequeuedByAttribute.Parameter));
    }

    /// <summary>Starts jobs for exchanges of one partner.</summary>
    public void Enqueue(string partner, IReadOnlyList<(long Id, long Bytes)> exchanges)
    {
        foreach (var batch in Batches(exchanges))
        {
            var ids = batch.Select(exchange => exchange.Id).ToArray();
            var title = ids.Length == 1 ? $"#{ids[0]}" : $"{ids.Length} files, #{ids[0]} to #{ids[^1]}";
            jobs.Enqueue<HubJobs>(hubJobs => hubJobs.Process(partner, title, ids, CancellationToken.None));
        }
    }

    /// <summary>Small files share a job, in the order of their arrival; a large one has its own.</summary>
    IEnumerable<IReadOnlyList<(long Id, long Bytes)>> Batches(IReadOnlyList<(long Id, long Bytes)> exchanges)
    {
        var batch = new List<(long, long)>();
        long bytes = 0;
        foreach (var exchange in exchanges)
        {
            if (batch.Count > 0 && (batch.Count == hub.Settings.BatchFiles || bytes + exchange.Bytes > hub.Settings.BatchBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
            batch.Add(exchange);
            bytes += exchange.Bytes;
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
