using Microsoft.AspNetCore.Antiforgery;

namespace DistributorHub.Worker.Web;

/// <summary>What holds for every answer and every post, said in one place.</summary>
static class Guard
{
    /// <summary>What pages of ours may load: what comes from here.</summary>
    public const string Strict = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // Hangfire's pages carry style attributes.
    const string OfDashboard = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UseHeaders(WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Dashboard.Path) ? OfDashboard : Strict;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    });

    /// <summary>
    /// Refuses posts that do not come from a page of ours. A token of the HTTP interface is proof enough: no browser sends it by itself.
    /// </summary>
    public static void UseAntiforgery(WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.User.Identity?.AuthenticationType == SignIn.Token
            || await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
            await next(context);
        else
            await Refusals.Tell(context, StatusCodes.Status400BadRequest, "Nothing shows that a page of the hub sent this", context.Request.Path.StartsWithSegments(Refusals.ApiPath)
                ? "Nothing was done. A program sends a token ('hub token add' makes one), a page its antiforgery token."
                : "Its form carries no proof of that, or one of an earlier sign-in. Nothing was done: load the page again, and send it once more.");
    });
}
