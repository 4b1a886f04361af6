using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace DistributorHub.Worker.Web;

/// <summary>What somebody is told who may not do something: pages lead to the sign-in, or name the right that is missing; programs get RFC 9457.</summary>
sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    public const string ApiPath = "/api";
    readonly AuthorizationMiddlewareResultHandler standard = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            await next(context);
        else if (authorizeResult.Challenged && context.Request.Path.StartsWithSegments(ApiPath))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Tell(context, StatusCodes.Status401Unauthorized, "Nobody has signed in", "Send a token that is not expired and not revoked: 'Authorization: Bearer …' ('hub token add' makes one).");
        }
        else if (authorizeResult.Challenged)
            await standard.HandleAsync(next, context, policy, authorizeResult);
        else
        {
            var missing = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<RightRequirement>().FirstOrDefault()?.Name ?? "a right";
            await Tell(context, StatusCodes.Status403Forbidden, "That is not yours to do",
                $"{context.User.Identity?.Name} lacks {missing}, and nothing was done. Whoever looks after the hub can give it: 'hub user role', or the groups of the company account.");
        }
    }

    /// <summary>Answers with a problem: as JSON to programs, as a small page to people.</summary>
    public static async Task Tell(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        if (context.Request.Path.StartsWithSegments(ApiPath))
        {
            await Results.Problem(detail, statusCode: status, title: title).ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Html(title)} · DistributorHub</title><link rel="stylesheet" href="/ui/hub.css"></head>
            <body><main class="page" id="main"><div class="narrow stack"><div><h1>{Html(title)}</h1><p class="sub">{Html(detail)}</p></div><p><a class="btn main" href="/">Overview</a></p></div></main></body>
            </html>
            """, context.RequestAborted);

        static string Html(string text) => WebUtility.HtmlEncode(text);
    }
}
