using Hangfire.Common;
using Hangfire.States;

namespace DistributorHub.Worker.Jobs;

/// <summary>Notes on a failed job who requeued it on the dashboard, so that the retry stands under that name.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RequeuedByAttribute : JobFilterAttribute, IElectStateFilter
{
    public const string Parameter = "RequeuedBy";

    // The dashboard requeues within the request; everywhere else there is none.
    static readonly HttpContextAccessor Request = new();

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is EnqueuedState && Request.HttpContext?.User.Identity is { IsAuthenticated: true, Name: { } person })
            context.Connection.SetJobParameter(context.BackgroundJob.Id, Parameter, SerializationHelper.Serialize(person));
    }
}
