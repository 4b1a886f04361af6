using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>Failed jobs on the dashboard do not pile up.</summary>
public sealed class FailedJobTests(PostgresFixture postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_old_or_stands_for_no_exchange_leaves_the_dashboard_and_the_rest_stays(bool onPostgres)
    {
        await using var flow = onPostgres ? await FlowFixture.Create(await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync()) : await FlowFixture.Create();
        // Jobs carry the time of the machine.
        flow.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        var storage = await HangfireSetup.OpenStorage(flow.Hub, Cancellation);
        var jobs = new BackgroundJobClient(storage);
        var failed = new FailedExchanges(flow.Hub, jobs, storage);
        await flow.Send("cartons.edi", Orders.File("1", Orders.Order("one", unit: "KRT")));
        await failed.Reconcile(Cancellation);
        var shown = Assert.Single(await flow.Hub.Queries.Represented(Cancellation)).Job!;
        var stray = jobs.Create(Job.FromExpression<HubJobs>(hubJobs => hubJobs.Failed("nordlicht", "x.edi", 99, "gone", CancellationToken.None)),
            new FailedState(new ExchangeFailedException("gone")));
        string? StateOf(string id)
        {
            using var connection = storage.GetConnection();
            return connection.GetStateData(id)?.Name;
        }

        Assert.Equal(0, await failed.Prune(Cancellation));
        flow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await failed.Prune(Cancellation));
        Assert.Equal((DeletedState.StateName, FailedState.StateName), (StateOf(stray), StateOf(shown)));
        flow.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1, await failed.Prune(Cancellation));
        Assert.Equal(DeletedState.StateName, StateOf(shown));
        // The ledger still knows it, and a restart does not bring it back.
        await failed.Recall(Cancellation);
        await failed.Reconcile(Cancellation);
        Assert.Equal(DeletedState.StateName, StateOf(shown));
    }
}
