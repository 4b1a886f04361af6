using DistributorHub.Worker.Access;
using DistributorHub.Worker.Observe;
using Hangfire;
using Hangfire.Dashboard;

namespace DistributorHub.Worker.Web;

/// <summary>What the service answers over HTTP.</summary>
static class Dashboard
{
    public const string Path = "/hangfire";

    public static void Map(WebApplication app, Hub hub)
    {
        // Nobody who may only look can requeue or delete there.
        app.MapHangfireDashboard(Path, new DashboardOptions
        {
            DashboardTitle = "DistributorHub",
            DisplayStorageConnectionString = false,
            AppPath = "/",
            // The route's policy decides; the default filter would trust whoever a proxy on this machine passes on.
            Authorization = [],
            IsReadOnlyFunc = context => !context.GetHttpContext().User.Has(Role.Operator),
        }).RequireAuthorization(Policies.Viewer);
        Endpoints.Map(app, hub);
    }
}
