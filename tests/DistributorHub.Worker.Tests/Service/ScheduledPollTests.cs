using Dapper;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Tests.Flow;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.Server;

namespace DistributorHub.Worker.Tests.Service;

public sealed class ScheduledPollTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poll_that_waited_while_another_was_made_is_left_out()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("orders.edi", Orders.File("R1", Orders.Order("4711")));
        using var storage = new InMemoryStorage();
        using var connection = storage.GetConnection();
        var jobs = new HubJobs(flow.Hub, new BackgroundJobClient(storage), storage);
        var start = flow.Clock.GetUtcNow();

        await Poll(start);
        Assert.Equal("Seen", await State());
        flow.Clock.Advance(flow.Partner.Source.Settle);
        await Poll(start.AddSeconds(-1));
        Assert.Equal("Seen", await State());
        await Poll(flow.Clock.GetUtcNow());
        Assert.Equal("Archived", await State());

        Task Poll(DateTimeOffset asked)
        {
            var job = new BackgroundJob("1", Job.FromExpression<HubJobs>(hubJobs => hubJobs.PollAsScheduled("nordlicht", null, CancellationToken.None)), asked.UtcDateTime);
            return jobs.PollAsScheduled("nordlicht", new PerformContext(storage, connection, job, new JobCancellationToken(canceled: false)), Cancellation);
        }

        async Task<string?> State()
        {
            await using var ledger = await flow.Hub.Database.Open(Cancellation);
            return await ledger.ExecuteScalarAsync<string>("select state from remote_file");
        }
    }
}
