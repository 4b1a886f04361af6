using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>Where people sign in and out.</summary>
static class LoginPage
{
    public static void Map(WebApplication app)
    {
        app.MapGet(SignIn.Path, (HttpContext context, Hub hub, IAntiforgery antiforgery) => Page(context, hub, antiforgery, null, null, context.Request.Query["to"]))
            .AllowAnonymous();
        app.MapPost(SignIn.Path, Post).AllowAnonymous().RequireRateLimiting(SignIn.Limit);
        app.MapGet(SignIn.CompanyPath, (string? to, Hub hub) => hub.Settings.Access.OpenIdConnect is null
            ? Results.NotFound()
            : Results.Challenge(new() { RedirectUri = IsOurs(to) ? to : "/" }, [Company.Scheme])).AllowAnonymous();
        app.MapPost("/logout", async (HttpContext context, Hub hub) =>
        {
            await SignIn.End(context, hub);
            return Results.Redirect(SignIn.Path);
        }).AllowAnonymous();
    }

    static async Task<IResult> Post(HttpContext context, Hub hub, IAntiforgery antiforgery)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string name = form["name"].ToString(), to = form["to"].ToString();
        if (await hub.Accounts.SignIn(name, form["password"].ToString(), SignIn.From(context), context.RequestAborted) is { } account)
        {
            await SignIn.Begin(context, account);
            return Results.LocalRedirect(IsOurs(to) ? to : "/");
        }
        var trouble = $"User name or password is wrong. After {Accounts.FailuresMax} wrong passwords an account is paused for {Accounts.Lockout.TotalMinutes:0} minutes.";
        return Page(context, hub, antiforgery, trouble, name, to);
    }

    static RazorComponentResult<Login> Page(HttpContext context, Hub hub, IAntiforgery antiforgery, string? trouble, string? name, string? to)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        context.Response.Headers.CacheControl = "no-store";
        return new(new Dictionary<string, object?>
        {
            [nameof(Login.HasIssuer)] = hub.Settings.Access.OpenIdConnect is not null,
            [nameof(Login.FormField)] = tokens.FormFieldName,
            [nameof(Login.FormToken)] = tokens.RequestToken,
            [nameof(Login.Trouble)] = trouble,
            [nameof(Login.Name)] = name,
            [nameof(Login.To)] = IsOurs(to) ? to : null,
        })
        { StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized };
    }

    // Nobody is sent elsewhere by a link to the sign-in.
    static bool IsOurs(string? to) => to is ['/', ..] && to is not ['/', '/' or '\\', ..] && !to.Any(char.IsControl);
}
