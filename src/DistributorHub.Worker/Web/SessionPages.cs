using DistributorHub.Worker.Web.Pages;

namespace DistributorHub.Worker.Web;

/// <summary>Who is signed in, for administrators, who may end a session.</summary>
static class SessionPages
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/sessions", (HttpContext context, Hub _) => Page(context, Said.Of(context.Request.Query["said"]), StatusCodes.Status200OK)).RequireAuthorization(Policies.Admin);
        app.MapPost("/sessions/{id}/end", End).RequireAuthorization(Policies.Admin);
    }

    static async Task<IResult> End(string id, HttpContext context, Hub hub) =>
        await hub.Sessions.End(id, context.User.Actor(), context.RequestAborted) is not null ? Results.Redirect("/sessions?said=session")
        : await Page(context, new("warn", "Nothing was done: that session has ended meanwhile. These last."), StatusCodes.Status409Conflict);

    static async Task<IResult> Page(HttpContext context, Said? said, int status) =>
        HubPages.Show<SessionsPage>(new { Own = await SignIn.CurrentSession(context), Said = said }, status);
}
