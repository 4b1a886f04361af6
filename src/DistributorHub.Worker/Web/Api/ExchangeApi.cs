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
        Post("retry", Policies.Operator, "Runs a failed exchange again, from the archived bytes.", async (hub, id, actor, order, cancellation) => Asked.Of(order.Force
            ? await hub.Interventions.Force(id, actor, order.Reason ?? "", cancellation)
            : await hub.Interventions.Retry(id, actor, order.Reason, cancellation), runs: true));
        Post("cancel", Policies.Operator, "Ends the run of an exchange that waits or is worked on: nothing more of it is loaded.", async (hub, id, actor, order, cancellation) =>
            Asked.Of(await hub.Interventions.Cancel(id, actor, order.Reason ?? "", cancellation), runs: true));
        Post("ignore", Policies.Operator, "Takes a failed exchange off the list.", async (hub, id, actor, order, cancellation) =>
            Asked.Of(await hub.Interventions.Ignore(id, actor, order.Reason ?? "", cancellation), runs: false));
        Post("approve", Policies.Approver, "Approves what is held; with the last approval it is loaded.", async (hub, id, actor, order, cancellation) =>
            Asked.Of(await hub.Holds.Approve(id, actor, order.Reason!, order.Document, cancellation)));
        Post("reject", Policies.Approver, "Ends what is held: it is never loaded.", async (hub, id, actor, order, cancellation) =>
            Asked.Of(await hub.Holds.Reject(id, actor, order.Reason!, order.Document, cancellation)));

        void Post(string verb, string policy, string summary, Func<Hub, long, string, ApiOrder, CancellationToken, Task<Asked>> act) =>
            exchanges.MapPost($"/{{id:long}}/{verb}", (long id, ApiOrder order, HttpContext context, Hub hub, HubJobs jobs) =>
                Do(context, hub, jobs, id, order, act, verb))
                .RequireAuthorization(policy).AddEndpointFilter<Repeats>().WithSummary(summary).Produces<ApiDone>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<IResult> List(Hub hub, CancellationToken cancellation, string? partner = null, string? state = null, string? number = null, long? after = null, int limit = ApiLimits.PageUsual)
    {
        if (ApiRoutes.WrongLimit(limit) is { } wrong)
            return wrong;
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
        if (await hub.Archive.Removed(exchange.Sha256, cancellation) is { } removed)
            return ApiAnswer.Problem(StatusCodes.Status410Gone, "The bytes are no longer kept", removed, exchange.State.ToString());
        var bytes = await hub.Archive.Open(exchange.Sha256, cancellation);
        await hub.Audit.Add(context.User.Actor(), "read payload", Decisions.Target(id), null, cancellation);
        return Results.Stream(bytes, "application/octet-stream", Harmless.Text(exchange.File));
    }

    static async Task<ApiAnswer> Do(
        HttpContext context, Hub hub, HubJobs jobs, long id, ApiOrder order, Func<Hub, long, string, ApiOrder, CancellationToken, Task<Asked>> act, string verb)
    {
        var cancellation = context.RequestAborted;
        if (order.Reason is { Length: > ApiLimits.TextMost })
            return ApiAnswer.Wrong($"A reason has at most {ApiLimits.TextMost} characters.");
        if (string.IsNullOrWhiteSpace(order.Reason) && (verb != "retry" || order.Force))
            return ApiAnswer.Wrong("It needs a reason, which stands in the record.");
        if ((await hub.Queries.Show(id, cancellation))?.Exchange is not { } before)
            return NoSuch(id);
        if (HasChanged(context, before) is { } changed)
            return changed;
        if (verb is "retry" or "approve" && CannotRun(hub, before) is { } cannot)
            return cannot;
        var asked = await act(hub, id, context.User.Actor(), order, cancellation);
        if (!asked.Done)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", asked.Sentence, (asked.Found ?? before.State).ToString());
        if (asked.Runs)
            jobs.Enqueue(before.Partner, [(id, before.Bytes)]);
        return ApiAnswer.Of(StatusCodes.Status202Accepted, new ApiDone(id, (asked.Found ?? before.State).ToString(), asked.Sentence), $"{ApiRoutes.Path}/exchanges/{id}");
    }

    /// <summary>What came of an order.</summary>
    /// <param name="Done">False when nothing was done.</param>
    /// <param name="Found">The state the exchange was met in, when it is known.</param>
    /// <param name="Sentence">What happens now, or why nothing does.</param>
    /// <param name="Runs">True when the exchange is due to be read.</param>
    readonly record struct Asked(bool Done, ExchangeState? Found, string Sentence, bool Runs)
    {
        public static Asked Of(Intervention done, bool runs) => new(done.Done, done.Found, done.Sentence, runs);

        public static Asked Of(DecisionAnswer decided) => new(decided.IsTaken, null, decided.Sentence, decided.Effect == DecisionEffect.Released);
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
