using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Web.Api;

/// <summary>
/// Posts with an <c>Idempotency-Key</c>: one that is sent again is answered as it was the first time, and nothing more is done. Keys are those of whoever
/// sends them.
/// </summary>
sealed class Repeats(Hub hub) : IEndpointFilter
{
    const string Header = "Idempotency-Key";

    sealed class Row
    {
        public string Fingerprint { get; init; } = "";
        public int? Status { get; init; }
        public string? Answer { get; init; }
        public string? Location { get; init; }
        public DateTimeOffset BegunAt { get; init; }
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var values))
            return await next(context);
        if (values is not [{ Length: > 0 and <= ApiLimits.TextMost } key])
            return ApiAnswer.Wrong($"{Header} takes one text of at most {ApiLimits.TextMost} characters.");
        var (actor, fingerprint) = (http.User.Actor(), Fingerprint(http.Request, context.Arguments));
        if (await Begin(actor, key, fingerprint, http.RequestAborted) is { } earlier)
            return earlier;
        try
        {
            var answer = (ApiAnswer)(await next(context))!;
            // A failure of ours may be over the next time.
            if (answer.Status >= StatusCodes.Status500InternalServerError)
                await Forget(actor, key);
            else
                await Keep(actor, key, answer);
            return answer;
        }
        catch
        {
            await Forget(actor, key);
            throw;
        }
    }

    /// <summary>What to answer instead of doing it; null when it is the first time.</summary>
    async Task<ApiAnswer?> Begin(string actor, string key, string fingerprint, CancellationToken cancellation)
    {
        var now = hub.Clock.GetUtcNow();
        await using var connection = await hub.Database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("delete from api_post where begun_at < @Before", new { Before = now - ApiLimits.Kept }, cancellationToken: cancellation));
        var isNew = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into api_post (actor, key, fingerprint, begun_at) values (@actor, @key, @fingerprint, @now)
            on conflict (actor, key) do update set begun_at = excluded.begun_at
                where api_post.status is null and api_post.begun_at < @Lost and api_post.fingerprint = excluded.fingerprint
            """,
            new { actor, key, fingerprint, now, Lost = now - ApiLimits.Lost }, cancellationToken: cancellation)) == 1;
        if (isNew)
            return null;
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "select fingerprint, status, answer, location, begun_at from api_post where actor = @actor and key = @key", new { actor, key }, cancellationToken: cancellation));
        if (row is { Status: { } status } && row.Fingerprint == fingerprint)
            return new(status, row.Answer!, row.Location);
        return row is not null && row.Fingerprint != fingerprint
            ? ApiAnswer.Problem(StatusCodes.Status422UnprocessableEntity, "The key stands for another request", $"This {Header} was sent with another request before. Nothing was done: send another key.")
            : ApiAnswer.Problem(StatusCodes.Status409Conflict, "The same request is under way", "Ask again in a moment, with the same key.");
    }

    async Task Keep(string actor, string key, ApiAnswer answer)
    {
        await using var connection = await hub.Database.Open(CancellationToken.None);
        await connection.ExecuteAsync(
            "update api_post set status = @Status, answer = @Json, location = @Location where actor = @actor and key = @key",
            new { actor, key, answer.Status, answer.Json, answer.Location });
    }

    async Task Forget(string actor, string key)
    {
        await using var connection = await hub.Database.Open(CancellationToken.None);
        await connection.ExecuteAsync("delete from api_post where actor = @actor and key = @key and status is null", new { actor, key });
    }

    static string Fingerprint(HttpRequest request, IList<object?> arguments) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{request.Method} {request.Path}{request.QueryString} {request.ContentLength} {JsonSerializer.Serialize(arguments.OfType<ApiOrder>().SingleOrDefault(), ApiAnswer.JsonOptions)}")));
}
