using Dapper;
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
        app.MapGet("/health/live", () => "live");
        app.MapGet("/health/ready", async (CancellationToken cancellation) =>
            await Answers(hub.Database, cancellation) && await Answers(hub.SellerDatabase, cancellation)
                ? Results.Text("ready")
                : Results.Text("a database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    static async Task<bool> Answers(Database database, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Open(cancellation);
            return await connection.ExecuteScalarAsync<int>(new CommandDefinition("select 1", cancellationToken: cancellation)) == 1;
        }
        catch (System.Data.Common.DbException)
        {
            return false;
        }
    }

    sealed class DirectOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => Loopback.IsDirect(context.GetHttpContext());
    }
}
