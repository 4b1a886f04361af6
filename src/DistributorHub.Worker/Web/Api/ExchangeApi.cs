using DistributorHub.Worker.Access;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web.Api;

/// <summary><c>/api/v1/exchanges</c>: find one, see why, put it right; by the same services as the command line.</summary>
static class ExchangeApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var exchanges = api.MapGroup("/exchanges").WithTags("Exchanges");
        exchanges.MapGet("", List).RequireAuthorization(Policies.Viewer).WithSummary("Lists exchanges, the newest first.").Produces<ApiPage<ApiExchange>>();
        exchanges.MapGet("/{id:long}", Show).RequireAuthorization(Policies.Viewer).WithSummary("Shows everything about one exchange. Its ETag goes with If-Match of what is done to it.")
            .Produces<ApiExchangeDetails>();
        exchanges.MapGet("/{id:long}/findings", Findings).RequireAuthorization(Policies.Viewer)
            .WithSummary("Lists the findings of the last run; what was found in the file is shown to operators.").Produces<IReadOnlyList<ApiFinding>>();
        exchanges.MapGet("/{id:long}/raw", Raw).RequireAuthorization(Policies.Operator).WithSummary("The bytes as they were received. Who read them stands in the audit.");
        Post("retry", Policies.Operator, "Runs a failed exchange again, from the archived bytes.", (hub, id, actor, order, cancellation) => order.Force
            ? hub.Interventions.Force(id, actor, order.Reason ?? "", cancellation)
            : hub.Interventions.Retry(id, actor, order.Reason, cancellation));
        Post("ignore", Policies.Operator, "Takes a failed exchange off the list.", (hub, id, actor, order, cancellation) =>
            hub.Interventions.Ignore(id, actor, order.Reason ?? "", cancellation));

        void Post(string verb, string policy, string summary, Func<Hub, long, string, ApiOrder, CancellationToken, Task<Intervention>> act) =>
            exchanges.MapPost($"/{{id:long}}/{verb}", (long id, ApiOrder order, HttpContext context, Hub hub, HubJobs jobs) =>
                Do(context, hub, jobs, id, order, act, runs: verb != "ignore"))
                .RequireAuthorization(policy).AddEndpointFilter<Repeats>().WithSummary(summary).Produces<ApiDone>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<IResult> List(Hub hub, CancellationToken cancellation, string? partner = null, string? state = null, string? number = null, long? after = null, int limit = ApiLimits.PageUsual)
    {
        if (limit is < 1 or > ApiLimits.PageMost)
            return ApiAnswer.Wrong($"limit is {limit}; expected a whole number from 1 to {ApiLimits.PageMost}.");
        if (state is not null && !Enum.GetNames<ExchangeState>().Contains(state, StringComparer.OrdinalIgnoreCase))
            return ApiAnswer.Wrong($"There is no state '{state}'. There are: {string.Join(", ", Enum.GetNames<ExchangeState>())}.");
        var found = await hub.Queries.List(new()
        {
            Partner = partner,
            State = state is null ? null : Enum.Parse<ExchangeState>(state, ignoreCase: true),
            Number = number,
            Before = after,
            // One more tells whether there are more.
            Most = limit + 1,
        }, cancellation);
        var items = found.Take(limit).Select(summary => ApiExchange.Of(summary.Exchange, summary.Documents)).ToList();
        return Results.Ok(new ApiPage<ApiExchange>(items, found.Count > limit ? items[^1].Id : null));
    }

    static async Task<IResult> Show(long id, HttpContext context, Hub hub, CancellationToken cancellation)
    {
        if (await hub.Queries.Show(id, cancellation) is not { } details)
            return NoSuch(id);
        context.Response.Headers.ETag = Tag(details.Exchange);
        return Results.Ok(ApiExchangeDetails.Of(details));
    }

    static async Task<IResult> Findings(long id, HttpContext context, Hub hub, CancellationToken cancellation) =>
        await hub.Queries.Show(id, cancellation) is { } details
            ? Results.Ok(details.ToFindings().Select(finding => ApiFinding.Of(finding, payload: context.User.Has(Role.Operator))).ToList())
            : NoSuch(id);

    static async Task<IResult> Raw(long id, HttpContext context, Hub hub, CancellationToken cancellation)
    {
        if ((await hub.Queries.Show(id, cancellation))?.Exchange is not { } exchange)
            return NoSuch(id);
        var bytes = await hub.Archive.Open(exchange.Sha256, cancellation);
        await hub.Audit.Add(context.User.Actor(), "read payload", Decisions.Target(id), null, cancellation);
        return Results.Stream(bytes, "application/octet-stream", Harmless.Text(exchange.File));
    }

    static async Task<ApiAnswer> Do(
        HttpContext context, Hub hub, HubJobs jobs, long id, ApiOrder order, Func<Hub, long, string, ApiOrder, CancellationToken, Task<Intervention>> act, bool runs)
    {
        var cancellation = context.RequestAborted;
        if (order.Reason is { Length: > ApiLimits.TextMost })
            return ApiAnswer.Wrong($"A reason has at most {ApiLimits.TextMost} characters.");
        if ((await hub.Queries.Show(id, cancellation))?.Exchange is not { } before)
            return NoSuch(id);
        if (HasChanged(context, before) is { } changed)
            return changed;
        if (runs && CannotRun(hub, before) is { } cannot)
            return cannot;
        var asked = await act(hub, id, context.User.Actor(), order, cancellation);
        if (!asked.Done)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", asked.Sentence, asked.Found?.ToString());
        if (runs)
            jobs.Enqueue(before.Partner, [(id, before.Bytes)]);
        return ApiAnswer.Of(StatusCodes.Status202Accepted, new ApiDone(id, asked.Found?.ToString(), asked.Sentence), $"{ApiRoutes.Path}/exchanges/{id}");
    }

    /// <summary>What is answered when the exchange is no longer as the caller saw it; null when it is, or the caller does not say.</summary>
    static ApiAnswer? HasChanged(HttpContext context, ExchangeRow now) =>
        context.Request.Headers.IfMatch is [{ } seen] && seen != "*" && seen != Tag(now)
            ? ApiAnswer.Problem(StatusCodes.Status412PreconditionFailed, "It has changed meanwhile", $"Exchange #{now.Id} is {now.State} now, since {now.EndedAt ?? now.CreatedAt:u}. Nothing was done: look again.", now.State.ToString())
            : null;

    static ApiAnswer? CannotRun(Hub hub, ExchangeRow exchange) =>
        hub.WhyNotRun(exchange.Partner) is { } why ? ApiAnswer.Problem(StatusCodes.Status409Conflict, "It could only fail", $"{why} Nothing was tried: mend that first.", exchange.State.ToString()) : null;

    static string Tag(ExchangeRow exchange) => $"\"{exchange.Id}-{exchange.Fence}-{exchange.State}\"";

    static ApiAnswer NoSuch(long id) => ApiAnswer.NotFound($"There is no exchange #{id}.");
}
