using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace DistributorHub.Worker.Web.Api;

/// <summary>What a post is answered with. It can be kept, and given again.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Json">Body.</param>
/// <param name="Location">Where the thing is that was made, or null.</param>
sealed record ApiAnswer(int Status, string Json, string? Location = null) : IResult
{
    public static ApiAnswer Of<T>(int status, T body, string? location = null) => new(status, JsonSerializer.Serialize(body, JsonOptions), location);

    /// <summary>RFC 9457.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="title">What kind of thing went wrong.</param>
    /// <param name="detail">What was found, and what to do.</param>
    /// <param name="state">The state the thing was found in, or null.</param>
    public static ApiAnswer Problem(int status, string title, string detail, string? state = null)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" };
        if (state is not null)
            problem.Extensions["state"] = state;
        return Of(status, problem);
    }

    public static ApiAnswer NotFound(string what) => Problem(StatusCodes.Status404NotFound, "There is no such thing", what);

    public static ApiAnswer Wrong(string what) => Problem(StatusCodes.Status400BadRequest, "The request cannot be understood", what);

    public static JsonSerializerOptions JsonOptions => Cli.Json.Options;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = Status < StatusCodes.Status400BadRequest ? "application/json; charset=utf-8" : "application/problem+json; charset=utf-8";
        if (Location is not null)
            httpContext.Response.Headers.Location = Location;
        await httpContext.Response.WriteAsync(Json, httpContext.RequestAborted);
    }
}
