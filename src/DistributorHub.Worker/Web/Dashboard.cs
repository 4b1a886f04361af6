using Dapper;
using DistributorHub.Worker.Access;
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
            // The route's policy decides; the default filter would trust whoever a proxy on this machine passes on.
            Authorization = [],
            IsReadOnlyFunc = context => !context.GetHttpContext().User.Has(Role.Operator),
        }).RequireAuthorization(Policies.Viewer);
        app.MapGet("/", () => Results.Redirect(Path)).RequireAuthorization(Policies.Viewer);
        app.MapGet("/health/live", () => "live").AllowAnonymous();
        app.MapGet("/health/ready", async (CancellationToken cancellation) =>
            await Answers(hub.Database, cancellation) && await Answers(hub.SellerDatabase, cancellation)
                ? Results.Text("ready")
                : Results.Text("a database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
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
}
