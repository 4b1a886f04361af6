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
        app.MapHangfireDashboard(Path, new DashboardOptions
        {
            DashboardTitle = "DistributorHub",
            DisplayStorageConnectionString = false,
            // The default filter trusts whoever a proxy on this machine passes on.
            Authorization = [new DirectOnly()],
        });
        app.MapGet("/", () => Results.Redirect(Path));
        Endpoints.Map(app, hub);
    }

    sealed class DirectOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => Loopback.IsDirect(context.GetHttpContext());
    }
}
