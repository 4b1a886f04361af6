using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace DistributorHub.Worker.Jobs;

/// <summary>
/// Jobs that come every few seconds for every partner are kept for a quarter of an hour in place of a day: what they did is in the ledger, and the job storage
/// should not grow with the number of polls.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SoonForgottenAttribute : JobFilterAttribute, IApplyStateFilter
{
    static readonly TimeSpan kept = TimeSpan.FromMinutes(15);

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = kept;

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // Nothing was done that would have to be undone.
    }
}
